import CZlib
import Core
import Output

/// Sends pictures by kitty's graphics protocol. The terminal scales them.
///
/// A picture is sent under the one of two numbers that is not shown, and the other is deleted after it, so that no moment
/// is without a picture.
///
/// Source: kitty, "Terminal graphics protocol".
struct KittyRenderer: PictureRenderer {
    /// Most bytes of one piece of encoded data.
    private static let chunk = 4_096
    /// Any numbers that others hardly use.
    private static let numbers = [80_861, 80_862]

    private let grid: TerminalGrid
    private var layout: PictureLayout?
    private var shown: Int?

    init(grid: TerminalGrid) { self.grid = grid }

    mutating func render(_ frame: Frame) -> [UInt8] {
        let picture = frame.reduced
        let layout = PictureLayout(picture, in: grid)
        var rgb: [UInt8] = []
        rgb.reserveCapacity(picture.pixels.count * 3)
        for color in picture.pixels {
            rgb.append(UInt8(truncatingIfNeeded: color >> 16))
            rgb.append(UInt8(truncatingIfNeeded: color >> 8))
            rgb.append(UInt8(truncatingIfNeeded: color))
        }
        guard let data = KittyRenderer.compressed(rgb) else { return [] }
        let number = shown == KittyRenderer.numbers[0] ? KittyRenderer.numbers[1] : KittyRenderer.numbers[0]
        var out: [UInt8] = []
        // The update is shown at once where the terminal knows how (mode 2026).
        out.text("\u{1B}[?2026h\u{1B}[\(layout.row + 1);\(layout.column + 1)H")
        let encoded = Base64.encode(data)
        var start = 0
        while start < encoded.count {
            let end = min(start + KittyRenderer.chunk, encoded.count)
            let more = end < encoded.count ? 1 : 0
            if start == 0 {
                out.text(
                    "\u{1B}_Ga=T,f=24,o=z,s=\(picture.width),v=\(picture.height),i=\(number),p=1,"
                        + "c=\(layout.columns),r=\(layout.rows),C=1,q=2,m=\(more);")
            } else {
                out.text("\u{1B}_Gm=\(more),q=2;")
            }
            out += encoded[start..<end]
            out.text("\u{1B}\\")
            start = end
        }
        if let shown { out.text(KittyRenderer.deletion(shown)) }
        out.text("\u{1B}[?2026l")
        (self.layout, shown) = (layout, number)
        return out
    }

    mutating func end() -> [UInt8] {
        defer { shown = nil }
        return Array((shown.map(KittyRenderer.deletion) ?? "").utf8)
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
