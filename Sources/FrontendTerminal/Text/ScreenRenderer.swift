import Core

/// How many colours a terminal shows.
public enum ColorDepth: Sendable {
    case basic16, indexed256, truecolor

    /// Judges by the environment variables COLORTERM and TERM.
    init(colorTerm: String?, term: String?) {
        if colorTerm == "truecolor" || colorTerm == "24bit" {
            self = .truecolor
        } else if let term, term == "linux" || term.hasPrefix("vt") || term == "ansi" || term == "cygwin" {
            self = .basic16
        } else {
            self = .indexed256
        }
    }
}

/// Draws text screens by ANSI sequences, and only what has changed since the one before.
///
/// A terminal that is smaller shows the part in which the cursor is.
struct ScreenRenderer: Sendable {
    private let depth: ColorDepth
    private var size: (columns: Int, rows: Int)
    /// What the terminal shows, by its own rows and columns; nil where that is not known.
    private var shown: [TextScreen.Cell?]
    private var shownCursor: (column: Int, row: Int)?
    private var isCursorShown = false
    private var origin = (column: 0, row: 0)
    /// The size of the screen that is shown.
    private var extent = (columns: 0, rows: 0)
    private var pen: UInt8?
    private var isPenBlinking = false
    /// Where the terminal's cursor is; nil when that is not certain.
    private var position: (column: Int, row: Int)?

    init(columns: Int, rows: Int, depth: ColorDepth) {
        self.depth = depth
        size = (max(columns, 1), max(rows, 1))
        shown = []
        invalidate()
    }

    /// Everything has to be drawn again.
    private mutating func invalidate() {
        shown = Array(repeating: nil, count: size.columns * size.rows)
        (pen, position, shownCursor, isCursorShown) = (nil, nil, nil, false)
    }

    /// The terminal has another size now.
    mutating func resize(columns: Int, rows: Int) {
        size = (max(columns, 1), max(rows, 1))
        invalidate()
    }

    /// The bytes that make the terminal show `screen`. Empty if it does already.
    mutating func render(_ screen: TextScreen) -> [UInt8] {
        var out = Output()
        if extent != (screen.columns, screen.rows) {
            extent = (screen.columns, screen.rows)
            invalidate()
        }
        let isFirst = shown.allSatisfy { $0 == nil }
        scroll(to: screen)
        if isFirst {
            out.text("\u{1B}[0m\u{1B}[?25l\u{1B}[2J")
        }
        let rows = min(size.rows, screen.rows - origin.row)
        let columns = min(size.columns, screen.columns - origin.column)
        for row in 0..<max(rows, 0) {
            let source = (row + origin.row) * screen.columns + origin.column
            for column in 0..<max(columns, 0) {
                let cell = screen.cells[source + column]
                guard shown[row * size.columns + column] != cell else { continue }
                if isCursorShown {
                    out.text("\u{1B}[?25l")
                    isCursorShown = false
                }
                draw(cell, column, row, blinks: screen.isBlinkEnabled, screen.codePage, &out)
            }
        }
        placeCursor(screen, &out)
        return out.bytes
    }

    /// The place in the machine's picture of a cell of the terminal; nil beside the screen.
    func place(column: Int, row: Int) -> (x: UInt16, y: UInt16)? {
        guard column < size.columns, row < size.rows,
            let x = TerminalMouse.part(column + origin.column, of: extent.columns),
            let y = TerminalMouse.part(row + origin.row, of: extent.rows)
        else { return nil }
        return (x, y)
    }

    /// Keeps the cursor in view when the terminal is smaller than the screen.
    private mutating func scroll(to screen: TextScreen) {
        func start(_ old: Int, _ cursor: Int?, _ visible: Int, _ total: Int) -> Int {
            guard total > visible else { return 0 }
            var start = min(old, total - visible)
            if let cursor { start = max(min(start, cursor), cursor - visible + 1) }
            return start
        }
        let column = start(origin.column, screen.cursor?.column, size.columns, screen.columns)
        let row = start(origin.row, screen.cursor?.row, size.rows, screen.rows)
        origin = (column, row)
    }

    private mutating func draw(
        _ cell: TextScreen.Cell, _ column: Int, _ row: Int, blinks: Bool, _ codePage: CodePage, _ out: inout Output
    ) {
        if position.map({ $0 != (column, row) }) ?? true { out.text("\u{1B}[\(row + 1);\(column + 1)H") }
        if pen != cell.attribute || isPenBlinking != blinks {
            out.text(select(cell.attribute, blinks: blinks))
            (pen, isPenBlinking) = (cell.attribute, blinks)
        }
        let code = cell.character == 0 || cell.character == 0xFF ? 0x20 : cell.character
        out.scalar(codePage.scalars[Int(code)])
        shown[row * size.columns + column] = cell
        // After the last column, and after pictures that some fonts draw wide, the place is not certain.
        position = column + 1 < size.columns && code >= 0x20 ? (column + 1, row) : nil
    }

    private mutating func placeCursor(_ screen: TextScreen, _ out: inout Output) {
        var place = screen.cursor.map { (column: $0.column - origin.column, row: $0.row - origin.row) }
        if let at = place, at.column < 0 || at.row < 0 || at.column >= size.columns || at.row >= size.rows {
            place = nil
        }
        guard let place else {
            if isCursorShown { out.text("\u{1B}[?25l") }
            (isCursorShown, shownCursor) = (false, nil)
            return
        }
        let isThere = shownCursor.map { $0 == place } ?? false
        if !isThere || !isCursorShown || !out.bytes.isEmpty {
            out.text("\u{1B}[\(place.row + 1);\(place.column + 1)H")
            position = place
        }
        if !isCursorShown { out.text("\u{1B}[?25h") }
        (isCursorShown, shownCursor) = (true, place)
    }

    // MARK: Colours

    /// The nearest colours of xterm's 256.
    private static let indexed = [16, 19, 34, 37, 124, 127, 130, 248, 240, 63, 83, 87, 203, 207, 227, 231]
    /// The terminal's own 16 colours count red and blue the other way round.
    static let basic = [0, 4, 2, 6, 1, 5, 3, 7]

    /// Selects the colours of an attribute.
    private func select(_ attribute: UInt8, blinks: Bool) -> String {
        let foreground = Int(attribute & 15)
        let background = Int(attribute >> 4) & (blinks ? 7 : 15)
        let blink = blinks && attribute & 0x80 != 0 ? ";5" : ""
        switch depth {
        case .truecolor:
            let (f, b) = (TextPalette.rgb[foreground], TextPalette.rgb[background])
            return "\u{1B}[0\(blink);38;2;\(f.red);\(f.green);\(f.blue);48;2;\(b.red);\(b.green);\(b.blue)m"
        case .indexed256:
            let (f, b) = (ScreenRenderer.indexed[foreground], ScreenRenderer.indexed[background])
            return "\u{1B}[0\(blink);38;5;\(f);48;5;\(b)m"
        case .basic16:
            let f = ScreenRenderer.basic[foreground & 7] + (foreground > 7 ? 90 : 30)
            let b = ScreenRenderer.basic[background & 7] + (background > 7 ? 100 : 40)
            return "\u{1B}[0\(blink);\(f);\(b)m"
        }
    }

    private struct Output {
        var bytes: [UInt8] = []
        mutating func text(_ text: String) { bytes += text.utf8 }
        mutating func scalar(_ scalar: Unicode.Scalar) {
            if scalar.isASCII {
                bytes.append(UInt8(truncatingIfNeeded: scalar.value))
            } else {
                bytes += UTF8.encode(scalar).map(Array.init) ?? [UInt8(ascii: "?")]
            }
        }
    }
}
