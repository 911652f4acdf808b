import Core
import Fonts

/// A font file of the Linux console (PSF 1 or 2), or a plain dump of a character generator.
///
/// Only glyphs 8 dots wide and 1 to 32 rows high are taken. A file may be compressed with gzip. Every length in the file
/// is held against the bytes that are there.
///
/// Source: [PSF] headers and Unicode tables.
struct ScreenFontFile: Sendable {
    /// Rows a glyph, 1 to 32.
    let height: Int
    /// Glyphs in the file, 1 to 65,536.
    let count: Int
    private let bitmaps: [UInt8]
    /// The first glyph of each character; empty without a Unicode table. Sequences of characters are left out.
    private(set) var glyphs: [Unicode.Scalar: Int] = [:]

    /// The largest file, and the largest contents of a compressed one, in bytes.
    static let sizeLimit = 1 << 21

    /// Throws a sentence without the file's name.
    init(_ file: [UInt8]) throws(HostingError) {
        var bytes = file
        if Gzip.isCompressed(file) {
            guard let contents = Gzip.contents(of: file, limit: ScreenFontFile.sizeLimit) else {
                throw HostingError("the compressed data are damaged, cut off or too large")
            }
            bytes = contents
        }
        if bytes.starts(with: [0x36, 0x04]) {
            self = try ScreenFontFile(psf1: bytes)
        } else if bytes.starts(with: [0x72, 0xB5, 0x4A, 0x86]) {
            self = try ScreenFontFile(psf2: bytes)
        } else {
            self = try ScreenFontFile(dump: bytes)
        }
    }

    /// The rows of glyph `index`; nil if there is none.
    func rows(at index: Int) -> [UInt8]? {
        (0..<count).contains(index) ? Array(bitmaps[index * height..<(index + 1) * height]) : nil
    }

    func rows(of scalar: Unicode.Scalar) -> [UInt8]? { glyphs[scalar].flatMap(rows(at:)) }

    // MARK: Forms

    private init(dump bytes: [UInt8]) throws(HostingError) {
        guard bytes.count > 0, bytes.count % 256 == 0, (1...32).contains(bytes.count / 256) else {
            throw HostingError(
                "no font: neither a PSF file nor 256 characters of 8 dots across (2048, 3584 or 4096 bytes)")
        }
        height = bytes.count / 256
        count = 256
        bitmaps = bytes
    }

    private init(psf1 bytes: [UInt8]) throws(HostingError) {
        guard bytes.count >= 4 else { throw ScreenFontFile.cutOff }
        let mode = bytes[2]
        height = Int(bytes[3])
        count = mode & 0x01 != 0 ? 512 : 256
        bitmaps = try ScreenFontFile.bitmaps(bytes, at: 4, count: count, height: height)
        guard mode & 0x06 != 0 else { return }
        // 16-bit characters; FFFEh begins a sequence, FFFFh ends the glyph's list.
        var index = 0
        var isSequence = false
        var position = 4 + bitmaps.count
        while position + 1 < bytes.count && index < count {
            let value = UInt16(bytes[position]) | UInt16(bytes[position + 1]) << 8
            position += 2
            switch value {
            case 0xFFFF: (index, isSequence) = (index + 1, false)
            case 0xFFFE: isSequence = true
            default: if !isSequence { add(UInt32(value), index) }
            }
        }
    }

    private init(psf2 bytes: [UInt8]) throws(HostingError) {
        guard bytes.count >= 32 else { throw ScreenFontFile.cutOff }
        func word(_ offset: Int) -> UInt32 {
            (0..<4).reduce(0) { $0 | UInt32(bytes[offset + $1]) << (8 * UInt32($1)) }
        }
        let headerSize = word(8)
        let (flags, glyphCount, glyphSize) = (word(12), word(16), word(20))
        guard word(28) == 8, word(24) == glyphSize else {
            throw HostingError("its characters are not 8 dots across")
        }
        guard headerSize >= 32, headerSize <= bytes.count, (1...65_536).contains(glyphCount), glyphSize <= 32 else {
            throw HostingError("no font: its header makes no sense")
        }
        height = Int(glyphSize)
        count = Int(glyphCount)
        bitmaps = try ScreenFontFile.bitmaps(bytes, at: Int(headerSize), count: count, height: height)
        guard flags & 1 != 0 else { return }
        // UTF-8; FEh begins a sequence, FFh ends the glyph's list.
        var index = 0
        var isSequence = false
        var position = Int(headerSize) + bitmaps.count
        var text: [UInt8] = []
        while position < bytes.count && index < count {
            let byte = bytes[position]
            position += 1
            guard byte >= 0xFE else {
                if !isSequence { text.append(byte) }
                continue
            }
            for scalar in String(decoding: text, as: UTF8.self).unicodeScalars { add(scalar.value, index) }
            text.removeAll(keepingCapacity: true)
            isSequence = byte == 0xFE
            if byte == 0xFF { index += 1 }
        }
    }

    private static let cutOff = HostingError("the font is cut off")

    private static func bitmaps(
        _ bytes: [UInt8], at start: Int, count: Int, height: Int
    ) throws(HostingError) -> [UInt8] {
        guard (1...32).contains(height) else { throw HostingError("its characters are not 1 to 32 rows high") }
        guard bytes.count - start >= count * height else { throw cutOff }
        return Array(bytes[start..<start + count * height])
    }

    private mutating func add(_ value: UInt32, _ index: Int) {
        guard let scalar = Unicode.Scalar(value), scalar != "\u{FFFD}", glyphs[scalar] == nil else { return }
        glyphs[scalar] = index
    }
}
