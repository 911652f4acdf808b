import CZlib
import Core
import Output

/// Sends pictures by kitty's graphics protocol. The terminal scales them.
///
/// The picture is cut into bands of whole rows of the terminal, each an image of its own, and only bands that have changed
/// are sent. To send an image again under its number would first delete what it shows; so a band is sent under the one
/// of its two numbers that is not shown, and the other is deleted after it: no moment is without a picture.
///
/// Source: [KITTY] control data reference, deleting images.
struct KittyRenderer: PictureRenderer {
    /// Most bytes of one piece of encoded data.
    private static let chunk = 4_096
    /// The first of the numbers, two for a band: any that others hardly use.
    private static let firstNumber = 80_861

    /// What the terminal shows of a band.
    private struct Shown {
        var number: Int
        var pixels: [UInt32]
    }

    private let grid: TerminalGrid
    private var layout: PictureLayout?
    private var size = (width: 0, height: 0)
    private var bands: [PictureBand] = []
    /// As many as there are bands.
    private var shown: [Shown?] = []

    init(grid: TerminalGrid) { self.grid = grid }

    mutating func render(_ frame: Frame) -> [UInt8] {
        let picture = frame.reduced
        let layout = PictureLayout(picture, in: grid)
        var out: [UInt8] = []
        if layout != self.layout || size != (picture.width, picture.height) {
            out = end()
            (self.layout, size) = (layout, (picture.width, picture.height))
            bands = layout.bands(lines: picture.height)
            shown = [Shown?](repeating: nil, count: bands.count)
        }
        for index in bands.indices {
            let lines = bands[index].lines
            let pixels = picture.pixels[lines.lowerBound * picture.width..<lines.upperBound * picture.width]
            if let old = shown[index], pixels.elementsEqual(old.pixels) { continue }
            send(pixels, band: index, layout: layout, to: &out)
        }
        guard !out.isEmpty else { return [] }
        // The update is shown at once where the terminal knows how (mode 2026).
        return Array("\u{1B}[?2026h".utf8) + out + Array("\u{1B}[?2026l".utf8)
    }

    private mutating func send(
        _ pixels: ArraySlice<UInt32>, band index: Int, layout: PictureLayout, to out: inout [UInt8]
    ) {
        var rgb: [UInt8] = []
        rgb.reserveCapacity(pixels.count * 3)
        for color in pixels {
            rgb.append(UInt8(truncatingIfNeeded: color >> 16))
            rgb.append(UInt8(truncatingIfNeeded: color >> 8))
            rgb.append(UInt8(truncatingIfNeeded: color))
        }
        guard let data = KittyRenderer.compressed(rgb) else { return }
        let band = bands[index]
        let old = shown[index]?.number
        var number = KittyRenderer.firstNumber + index * 2
        if old == number { number += 1 }
        out.text("\u{1B}[\(layout.row + band.rows.lowerBound + 1);\(layout.column + 1)H")
        let encoded = Base64.encode(data)
        var start = 0
        while start < encoded.count {
            let end = min(start + KittyRenderer.chunk, encoded.count)
            let more = end < encoded.count ? 1 : 0
            if start == 0 {
                out.text(
                    "\u{1B}_Ga=T,f=24,o=z,s=\(size.width),v=\(band.lines.count),i=\(number),p=1,"
                        + "c=\(layout.columns),r=\(band.rows.count),C=1,q=2,m=\(more);")
            } else {
                out.text("\u{1B}_Gm=\(more),q=2;")
            }
            out += encoded[start..<end]
            out.text("\u{1B}\\")
            start = end
        }
        if let old { out.text(KittyRenderer.deletion(old)) }
        shown[index] = Shown(number: number, pixels: Array(pixels))
    }

    mutating func end() -> [UInt8] {
        let numbers = shown.compactMap { $0?.number }
        (layout, bands, shown) = (nil, [], [])
        return numbers.flatMap { KittyRenderer.deletion($0).utf8 }
    }

    private static func deletion(_ number: Int) -> String { "\u{1B}_Ga=d,d=I,i=\(number),q=2\u{1B}\\" }

    private static func compressed(_ bytes: [UInt8]) -> [UInt8]? {
        var size = compressBound(uLong(bytes.count))
        var status = Z_OK
        let data = [UInt8](unsafeUninitializedCapacity: Int(size)) { target, count in
            // Level 1: the terminal is near.
            status = compress2(target.baseAddress, &size, bytes, uLong(bytes.count), 1)
            count = status == Z_OK ? Int(size) : 0
        }
        return status == Z_OK ? data : nil
    }
}

/// Base64 of RFC 4648.
enum Base64 {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let count = min(bytes.count - start, 3)
            var word: UInt32 = 0
            for index in 0..<3 { word = word << 8 | (index < count ? UInt32(bytes[start + index]) : 0) }
            for digit in 0..<4 {
                text.append(digit > count ? UInt8(ascii: "=") : digits[Int(word >> UInt32(18 - digit * 6) & 63)])
            }
        }
        return text
    }
}
