/// The line-drawing characters and blocks of code page 437 as shapes, so that they join whatever the font.
///
/// A cell is 8 by 16 units. Shapes are SVG path data.
enum BoxDrawing {
    static let width = 8
    static let height = 16

    /// The number of lines (0, 1 or 2) that leave a cell's centre to the left, right, top and bottom.
    private static let arms: [Unicode.Scalar: (left: Int, right: Int, up: Int, down: Int)] = [
        "│": (0, 0, 1, 1), "┤": (1, 0, 1, 1), "╡": (2, 0, 1, 1), "╢": (1, 0, 2, 2), "╖": (1, 0, 0, 2),
        "╕": (2, 0, 0, 1), "╣": (2, 0, 2, 2), "║": (0, 0, 2, 2), "╗": (2, 0, 0, 2), "╝": (2, 0, 2, 0),
        "╜": (1, 0, 2, 0), "╛": (2, 0, 1, 0), "┐": (1, 0, 0, 1), "└": (0, 1, 1, 0), "┴": (1, 1, 1, 0),
        "┬": (1, 1, 0, 1), "├": (0, 1, 1, 1), "─": (1, 1, 0, 0), "┼": (1, 1, 1, 1), "╞": (0, 2, 1, 1),
        "╟": (0, 1, 2, 2), "╚": (0, 2, 2, 0), "╔": (0, 2, 0, 2), "╩": (2, 2, 2, 0), "╦": (2, 2, 0, 2),
        "╠": (0, 2, 2, 2), "═": (2, 2, 0, 0), "╬": (2, 2, 2, 2), "╧": (2, 2, 1, 0), "╨": (1, 1, 2, 0),
        "╤": (2, 2, 0, 1), "╥": (1, 1, 0, 2), "╙": (0, 1, 2, 0), "╘": (0, 2, 1, 0), "╒": (0, 2, 0, 1),
        "╓": (0, 1, 0, 2), "╫": (1, 1, 2, 2), "╪": (2, 2, 1, 1), "┘": (1, 0, 1, 0), "┌": (0, 1, 0, 1),
    ]

    /// Half the distance between the strokes of a double line.
    private static let gap = 1.5

    /// The strokes of a line-drawing character in the cell at (`x`, `y`); nil for another character.
    static func strokes(_ scalar: Unicode.Scalar, x: Int, y: Int) -> String? {
        guard let arm = arms[scalar] else { return nil }
        let (centreX, centreY) = (Double(x) + 4, Double(y) + 8)
        var path = ""
        // Horizontal arms end where the upright lines on their side are, and the other way round.
        for offset in offsets(arm.left) {
            let end = centreX + reach(offset, before: arm.up, after: arm.down, opposite: arm.right, towards: 1)
            path += "M\(x) \(centreY + offset)H\(end)"
        }
        for offset in offsets(arm.right) {
            let end = centreX + reach(offset, before: arm.up, after: arm.down, opposite: arm.left, towards: -1)
            path += "M\(x + width) \(centreY + offset)H\(end)"
        }
        for offset in offsets(arm.up) {
            let end = centreY + reach(offset, before: arm.left, after: arm.right, opposite: arm.down, towards: 1)
            path += "M\(centreX + offset) \(y)V\(end)"
        }
        for offset in offsets(arm.down) {
            let end = centreY + reach(offset, before: arm.left, after: arm.right, opposite: arm.up, towards: -1)
            path += "M\(centreX + offset) \(y + height)V\(end)"
        }
        return path
    }

    private static func offsets(_ lines: Int) -> [Double] {
        switch lines {
        case 0: []
        case 1: [0]
        default: [-gap, gap]
        }
    }

    /// How far beyond the centre (in the direction `towards`) a stroke goes: to the near upright line where one leaves
    /// on its side, to the far one round a corner, to the centre where the same line goes on.
    private static func reach(
        _ offset: Double, before: Int, after: Int, opposite: Int, towards direction: Double
    ) -> Double {
        let side = offset < 0 ? before : offset > 0 ? after : max(before, after)
        let other = offset < 0 ? after : offset > 0 ? before : max(before, after)
        if side == 2 && offset != 0 { return -direction * gap }
        if opposite > 0 { return side == 2 ? -direction * gap : 0 }
        if offset == 0 && side == 2 { return direction * gap }
        return other == 2 ? direction * gap : 0
    }

    /// The filled part of a block character; nil for another character.
    static func block(_ scalar: Unicode.Scalar, x: Int, y: Int) -> (path: String, opacity: String)? {
        switch scalar {
        case "█": ("M\(x) \(y)h8v16h-8z", "1")
        case "▄": ("M\(x) \(y + 8)h8v8h-8z", "1")
        case "▀": ("M\(x) \(y)h8v8h-8z", "1")
        case "▌": ("M\(x) \(y)h4v16h-4z", "1")
        case "▐": ("M\(x + 4) \(y)h4v16h-4z", "1")
        case "■": ("M\(x + 1) \(y + 4)h6v8h-6z", "1")
        case "░": ("M\(x) \(y)h8v16h-8z", "0.25")
        case "▒": ("M\(x) \(y)h8v16h-8z", "0.5")
        case "▓": ("M\(x) \(y)h8v16h-8z", "0.75")
        default: nil
        }
    }
}
