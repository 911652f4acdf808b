import Core
import Fonts

/// The picture of a text screen, for machines whose adapter draws none.
enum TextPicture {
    /// Draws every cell with `font`, and the cursor as a line at the bottom of its cell, both without blinking.
    static func frame(of screen: TextScreen, font: Font) -> Frame? {
        let (width, height) = (screen.columns * Font.width, screen.rows * font.height)
        guard (1...Frame.largestSide).contains(width), (1...Frame.largestSide).contains(height) else { return nil }
        let colors = TextPalette.rgb.map { UInt32($0.red) << 16 | UInt32($0.green) << 8 | UInt32($0.blue) }
        let cursor = screen.cursor
        var pixels = [UInt32](repeating: 0, count: width * height)
        for row in 0..<screen.rows {
            for column in 0..<screen.columns {
                let cell = screen.cells[row * screen.columns + column]
                let ink = colors[Int(cell.attribute & 0x0F)]
                let paper = colors[Int(cell.attribute >> 4 & (screen.isBlinkEnabled ? 0x07 : 0x0F))]
                for line in 0..<font.height {
                    var dots = font.row(line, of: cell.character)
                    if let cursor, cursor == (column, row), line >= font.height - 2 { dots = 0xFF }
                    let start = (row * font.height + line) * width + column * Font.width
                    for x in 0..<Font.width { pixels[start + x] = dots << UInt8(x) & 0x80 != 0 ? ink : paper }
                }
            }
        }
        // The screen of a text mode has the shape 4:3, whatever its columns and rows.
        return Frame(
            width: width, height: height, pixels: pixels, dotAspect: Frame.Aspect(4 * height, 3 * width),
            time: screen.time)
    }
}
