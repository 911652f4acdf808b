import Core

/// A terminal's grid of cells.
struct TerminalGrid: Hashable, Sendable {
    /// 1 to 1,000 each.
    let columns: Int
    let rows: Int
    /// Pixels of a cell; nil if the terminal does not say.
    let cell: PixelSize?

    struct PixelSize: Hashable, Sendable {
        var width: Int
        var height: Int

        /// Nil unless both are 1 to 256: what a terminal answers may be anything.
        init?(_ width: Int, _ height: Int) {
            let sides = 1...256
            guard sides.contains(width), sides.contains(height) else { return nil }
            (self.width, self.height) = (width, height)
        }

        /// What is assumed where the terminal does not say and pixels have to be counted.
        static let usual = PixelSize(usual: ())
        private init(usual: Void) { (width, height) = (10, 20) }
    }

    init(columns: Int, rows: Int, cell: PixelSize? = nil) {
        self.columns = min(max(columns, 1), 1_000)
        self.rows = min(max(rows, 1), 1_000)
        self.cell = cell
    }

    /// The shape of a cell, one by two where nothing is known.
    var shape: (width: Int, height: Int) { cell.map { ($0.width, $0.height) } ?? (1, 2) }
}

/// Where a picture lies in a terminal: whole cells, in the middle, as large as its shape allows.
struct PictureLayout: Hashable, Sendable {
    /// Counted from 0.
    var column: Int
    var row: Int
    var columns: Int
    var rows: Int

    init(_ frame: Frame, in grid: TerminalGrid) {
        let shape = grid.shape
        // An aspect that nobody can see counts as square.
        let sides = 1...1_000_000
        let aspect = frame.dotAspect
        let isUsable = sides.contains(aspect.width) && sides.contains(aspect.height)
        let width = Double(frame.width) * (isUsable ? Double(aspect.width) / Double(aspect.height) : 1)
        let (areaWidth, areaHeight) = (Double(grid.columns * shape.width), Double(grid.rows * shape.height))
        let scale = min(areaWidth / width, areaHeight / Double(frame.height))
        columns = min(max(Int((width * scale / Double(shape.width)).rounded()), 1), grid.columns)
        rows = min(max(Int((Double(frame.height) * scale / Double(shape.height)).rounded()), 1), grid.rows)
        (column, row) = ((grid.columns - columns) / 2, (grid.rows - rows) / 2)
    }
}

/// A part of a picture that can be placed by itself.
struct PictureBand: Hashable, Sendable {
    /// Rows of the terminal, from the picture's first.
    var rows: Range<Int>
    /// The lines of the picture that lie in them. Never none.
    var lines: Range<Int>
}

extension PictureLayout {
    /// Fewest lines of a band: where lines do not end with rows, a band is drawn up to a line too high or too low, and
    /// that must not show.
    private static let bandLines = 16

    /// A picture of so many lines in bands, from top to bottom.
    func bands(lines: Int) -> [PictureBand] {
        var height = max((PictureLayout.bandLines * rows + lines - 1) / lines, 1)
        // Bands somewhat higher may end with whole lines.
        var (unit, rest) = (rows, lines)
        while rest != 0 { (unit, rest) = (rest, unit % rest) }
        let whole = rows / unit
        if whole <= height * 4 { height = (height + whole - 1) / whole * whole }
        // The last one takes what is left.
        let count = max(rows / height, 1)
        return (0..<count).map { index in
            let (start, end) = (index * height, index == count - 1 ? rows : (index + 1) * height)
            return PictureBand(rows: start..<end, lines: start * lines / rows..<end * lines / rows)
        }
    }
}

/// Draws pictures in a terminal, and only what has changed since the one before.
protocol PictureRenderer {
    /// The bytes that make the terminal show `frame`. The screen is clear before the first one.
    mutating func render(_ frame: Frame) -> [UInt8]
    /// The bytes that take away what the clearing of the screen does not.
    mutating func end() -> [UInt8]
}

extension [UInt8] {
    mutating func text(_ text: String) { self += text.utf8 }
}
