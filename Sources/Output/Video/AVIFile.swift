import Glibc

/// A file of the Audio Video Interleave format with one stream of ZMBV pictures.
///
/// The header is brought up to date at every key frame, so that a file whose writer was killed still opens; only the
/// index at its end is missing then. The header has room for the stream of a sound track.
///
/// Source: [AVI]; [OPENDML] for the video properties.
final class AVIFile {
    /// What a file is about.
    struct Format: Hashable {
        var width: Int
        var height: Int
        /// Frames a second as a ratio, each 1 to 2,147,483,647.
        var rate: Int
        var scale: Int
        /// The shape of the whole picture.
        var aspect: (width: Int, height: Int)

        static func == (a: Format, b: Format) -> Bool {
            (a.width, a.height, a.rate, a.scale) == (b.width, b.height, b.rate, b.scale) && a.aspect == b.aspect
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(width)
            hasher.combine(height)
        }
    }

    /// Players of the format's first version stop at 1 GB.
    static let sizeLimit = 1_000_000_000
    static let frameLimit = 1_000_000

    let path: String
    private let format: Format
    private let descriptor: Int32
    private var position: Int
    private(set) var frameCount = 0
    private var largestFrame = 0
    private var index: [UInt8] = []
    /// What went wrong; nothing is written after it.
    private(set) var failure: String?

    /// - Returns: nil with errno set if the file cannot be made.
    init?(path: String, format: Format) {
        (self.path, self.format) = (path, format)
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { return nil }
        position = 0
        let header = header(indexSize: nil)
        write(header, at: 0)
        position = header.count
    }

    /// Whether another frame of `size` bytes has to go to another file.
    func isFull(for size: Int) -> Bool {
        frameCount >= AVIFile.frameLimit || position + size + index.count + 64 > AVIFile.sizeLimit
    }

    func append(_ frame: [UInt8], isKey: Bool) {
        guard failure == nil else { return }
        var chunk = RIFFBytes()
        chunk.tag("00dc")
        chunk.word(frame.count)
        chunk.bytes += frame
        // Chunks begin at even places.
        if frame.count % 2 == 1 { chunk.bytes.append(0) }
        write(chunk.bytes, at: position)
        var entry = RIFFBytes()
        entry.tag("00dc")
        entry.word(isKey ? 0x10 : 0)
        // Counted from the word `movi`.
        entry.word(position - AVIFile.headerSize + 4)
        entry.word(frame.count)
        index += entry.bytes
        position += chunk.bytes.count
        frameCount += 1
        largestFrame = max(largestFrame, frame.count)
        if isKey { write(header(indexSize: nil), at: 0) }
    }

    /// Writes the index and closes the file. Returns what went wrong, or nil.
    func close() -> String? {
        var end = RIFFBytes()
        end.tag("idx1")
        end.word(index.count)
        end.bytes += index
        write(end.bytes, at: position)
        write(header(indexSize: end.bytes.count), at: 0)
        if Glibc.close(descriptor) != 0, failure == nil { failure = String(cString: strerror(errno)) }
        return failure.map { "\(path): \($0)" }
    }

    private func write(_ bytes: [UInt8], at place: Int) {
        guard failure == nil else { return }
        bytes.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let count = pwrite(
                    descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(place + done))
                if count > 0 {
                    done += count
                } else if !(count < 0 && errno == EINTR) {
                    failure = count < 0 ? String(cString: strerror(errno)) : "cannot be written"
                    return
                }
            }
        }
    }

    // MARK: Header

    private static let headerSize = 4_096

    /// Everything before the first frame, always `headerSize` bytes.
    private func header(indexSize: Int?) -> [UInt8] {
        let end = max(position, AVIFile.headerSize)
        var riff = RIFFBytes()
        riff.tag("RIFF")
        riff.word(end - 8 + (indexSize ?? 0))
        riff.tag("AVI ")
        riff.list("hdrl") {
            $0.chunk("avih") { mainHeader(&$0) }
            $0.list("strl") {
                $0.chunk("strh") { streamHeader(&$0) }
                $0.chunk("strf") { bitmapHeader(&$0) }
                $0.chunk("vprp") { videoProperties(&$0) }
            }
            // Here goes the list of the sound track.
        }
        let room = AVIFile.headerSize - 12 - riff.bytes.count - 8
        riff.chunk("JUNK") { $0.zeros(room) }
        riff.tag("LIST")
        riff.word(end - AVIFile.headerSize + 4)
        riff.tag("movi")
        return riff.bytes
    }

    private func mainHeader(_ out: inout RIFFBytes) {
        out.word(Int((Double(format.scale) / Double(format.rate) * 1e6).rounded()))  // microseconds a frame
        out.word(0)  // bytes a second: not known
        out.word(0)  // padding
        out.word(0x10)  // has an index
        out.word(frameCount)
        out.word(0)  // initial frames
        out.word(1)  // streams
        out.word(largestFrame)
        out.word(format.width)
        out.word(format.height)
        out.zeros(16)
    }

    private func streamHeader(_ out: inout RIFFBytes) {
        out.tag("vids")
        out.tag("ZMBV")
        out.zeros(12)  // flags, priority, language, initial frames
        out.word(format.scale)
        out.word(format.rate)
        out.word(0)  // start
        out.word(frameCount)
        out.word(largestFrame)
        out.word(-1)  // quality: the codec's
        out.word(0)  // samples differ in size
        out.half(0)
        out.half(0)
        out.half(format.width)
        out.half(format.height)
    }

    private func bitmapHeader(_ out: inout RIFFBytes) {
        out.word(40)
        out.word(format.width)
        out.word(format.height)
        out.half(1)  // planes
        out.half(24)
        out.tag("ZMBV")
        out.word(format.width * format.height * 4)
        out.zeros(16)
    }

    private func videoProperties(_ out: inout RIFFBytes) {
        out.word(0)  // format: unknown
        out.word(0)  // standard: unknown
        out.word(Int((Double(format.rate) / Double(format.scale)).rounded()))  // refresh rate
        out.word(format.width)
        out.word(format.height)
        out.half(format.aspect.height)
        out.half(format.aspect.width)
        out.word(format.width)
        out.word(format.height)
        out.word(1)  // fields a frame
        // The one field: all of the picture.
        out.word(format.height)
        out.word(format.width)
        out.word(format.height)
        out.word(format.width)
        out.zeros(16)
    }
}

/// Bytes of a RIFF file, low byte first.
struct RIFFBytes {
    var bytes: [UInt8] = []

    mutating func tag(_ text: StaticString) { text.withUTF8Buffer { bytes += $0 } }

    mutating func word(_ value: Int) {
        let value = UInt32(truncatingIfNeeded: value)
        for shift in stride(from: UInt32(0), to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    mutating func half(_ value: Int) {
        bytes.append(UInt8(truncatingIfNeeded: value))
        bytes.append(UInt8(truncatingIfNeeded: value >> 8))
    }

    mutating func zeros(_ count: Int) { bytes += [UInt8](repeating: 0, count: count) }

    mutating func chunk(_ name: StaticString, _ fill: (inout RIFFBytes) -> Void) {
        var inner = RIFFBytes()
        fill(&inner)
        tag(name)
        word(inner.bytes.count)
        bytes += inner.bytes
    }

    mutating func list(_ name: StaticString, _ fill: (inout RIFFBytes) -> Void) {
        chunk("LIST") {
            $0.tag(name)
            fill(&$0)
        }
    }
}
