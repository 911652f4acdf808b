import Core
import Fonts

/// Lines of text in a box, to be laid over the picture.
struct StatusPanel: Hashable {
    let width: Int
    let height: Int
    /// Dots as AARRGGBBh.
    let pixels: [UInt32]

    private static let margin = 8
    private static let paper: UInt32 = 0xD000_0020
    private static let ink: UInt32 = 0xFFFF_FFFF

    /// - Parameters:
    ///   - scale: how many dots of the window a dot of a character takes each way, at least 1.
    ///   - limit: the largest width in dots; longer lines are cut.
    init(_ lines: [String], scale: Int, limit: Int) {
        let font = Font.cp437x16
        let columns = max(1, (limit / scale - 2 * StatusPanel.margin) / Font.width)
        let codes = lines.map { line in
            Array((CodePage.cp437.bytes(line, replacement: UInt8(ascii: "?")) ?? []).prefix(columns))
        }
        let small = (
            width: (codes.map(\.count).max() ?? 0) * Font.width + 2 * StatusPanel.margin,
            height: codes.count * font.height + 2 * StatusPanel.margin
        )
        (width, height) = (small.width * scale, small.height * scale)
        var pixels = [UInt32](repeating: StatusPanel.paper, count: width * height)
        for (row, line) in codes.enumerated() {
            for (column, code) in line.enumerated() {
                for y in 0..<font.height * scale {
                    let dots = font.row(y / scale, of: code)
                    let top = (StatusPanel.margin + row * font.height) * scale + y
                    let left = (StatusPanel.margin + column * Font.width) * scale
                    for x in 0..<Font.width * scale where dots << UInt8(x / scale) & 0x80 != 0 {
                        pixels[top * width + left + x] = StatusPanel.ink
                    }
                }
            }
        }
        self.pixels = pixels
    }
}
