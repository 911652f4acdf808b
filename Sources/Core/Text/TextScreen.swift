/// What a text mode shows: for the terminal, scripts, the clipboard and screen readers.
public struct TextScreen: Hashable, Sendable {
    /// A character code with its attribute (bits 0-3 foreground, 4-6 background, 7 blink or bright background).
    public struct Cell: Hashable, Sendable {
        public var character: UInt8
        public var attribute: UInt8

        public init(character: UInt8, attribute: UInt8) {
            self.character = character
            self.attribute = attribute
        }
    }

    public var columns: Int
    public var rows: Int
    /// Row by row, `columns * rows` cells.
    public var cells: [Cell]
    /// Nil when the cursor is off or outside the screen.
    public var cursor: (column: Int, row: Int)? {
        get { cursorPosition.map { ($0 % columns, $0 / columns) } }
        set { cursorPosition = newValue.map { $0.row * columns + $0.column } }
    }
    private var cursorPosition: Int?
    /// Whether attribute bit 7 blinks; otherwise it is a bright background.
    public var isBlinkEnabled = true
    /// What the character codes mean.
    public var codePage = CodePage.cp437
    /// The emulated time of the picture.
    public var time: Tick

    public init(columns: Int, rows: Int, cells: [Cell], time: Tick) {
        precondition(cells.count == columns * rows, "a text screen has columns * rows cells")
        self.columns = columns
        self.rows = rows
        self.cells = cells
        self.time = time
    }

    /// The characters of a row in Unicode, trailing blanks removed.
    public func line(_ row: Int) -> String {
        var text = String.UnicodeScalarView()
        for cell in cells[row * columns..<(row + 1) * columns] {
            text.append(cell.character == 0 ? " " : codePage.scalars[Int(cell.character)])
        }
        while let last = text.last, last == " " || last == "\u{A0}" { text.removeLast() }
        return String(text)
    }

    /// All rows, each without trailing blanks, joined by newlines.
    public func text() -> String { (0..<rows).map { line($0) }.joined(separator: "\n") }
}
