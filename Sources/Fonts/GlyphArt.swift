/// Reads the pictures of characters in this target's sources.
///
/// A sheet holds one picture after the other: a line with the key in hex and the character's name, then one line a row,
/// `#` for a dot and `.` for none, eight of them. Empty lines are for the eye.
///
///     C4 box drawings light horizontal
///     ........
///     ########
enum GlyphArt {
    /// Calls `take` with every row of `sheet`: the key, the row counted from the top, and the dots, the leftmost in bit 7.
    @inline(__always)
    static func read(_ sheet: StaticString, _ take: (_ key: UInt32, _ row: Int, _ dots: UInt8) -> Void) {
        sheet.withUTF8Buffer { text in
            var key: UInt32 = 0
            var row = 0
            var position = 0
            while position < text.count {
                let first = text[position]
                if first == UInt8(ascii: "#") || first == UInt8(ascii: ".") {
                    var dots: UInt8 = 0
                    while position < text.count, text[position] != newline {
                        dots = dots &<< 1 | (text[position] == UInt8(ascii: "#") ? 1 : 0)
                        position += 1
                    }
                    take(key, row, dots)
                    row += 1
                } else if first != newline {
                    key = 0
                    row = 0
                    while position < text.count, let digit = hexDigit(text[position]) {
                        key = key &<< 4 | digit
                        position += 1
                    }
                    while position < text.count, text[position] != newline { position += 1 }
                }
                position += 1
            }
        }
    }

    private static let newline = UInt8(ascii: "\n")

    @inline(__always)
    private static func hexDigit(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte &- UInt8(ascii: "0"))
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte &- UInt8(ascii: "A") &+ 10)
        default: nil
        }
    }

    /// The rows of a font of 256 characters, from sheets with keys 00 to FF.
    static func font(_ sheets: [StaticString], height: Int) -> [UInt8] {
        var rows = [UInt8](repeating: 0, count: 256 * height)
        rows.withUnsafeMutableBufferPointer { rows in
            for sheet in sheets {
                read(sheet) { key, row, dots in
                    if key < 256 && row < height { rows[Int(key) &* height &+ row] = dots }
                }
            }
        }
        return rows
    }

    /// The rows of characters by Unicode scalar.
    static func glyphs(_ sheets: [StaticString], height: Int) -> [Unicode.Scalar: [UInt8]] {
        var glyphs: [Unicode.Scalar: [UInt8]] = [:]
        for sheet in sheets {
            read(sheet) { key, row, dots in
                guard let scalar = Unicode.Scalar(key), row < height else { return }
                glyphs[scalar, default: [UInt8](repeating: 0, count: height)][row] = dots
            }
        }
        return glyphs
    }
}
