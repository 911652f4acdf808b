import Core
import Output

/// Sends pictures as sixels, six lines of pixels at a time, with up to 256 colours.
///
/// Only the rows of cells in which something has changed are sent, each run of them as a picture of its own with all of
/// its pixels, which needs nothing of what terminals disagree about. The last row of the terminal stays free: a
/// picture there would scroll it.
///
/// Source: DEC, VT330/VT340 Programmer Reference Manual, volume 2, chapter 14.
struct SixelRenderer: PictureRenderer {
    /// Most pixels of a picture: terminals take no more thirty times a second.
    private static let pixelLimit = 1_200_000

    private let grid: TerminalGrid
    private let cell: TerminalGrid.PixelSize
    private var layout: PictureLayout?
    private var shown: [UInt32] = []

    init(grid: TerminalGrid) {
        let cell = grid.cell ?? .usual
        var (columns, rows) = (grid.columns, max(grid.rows - 1, 1))
        while columns * rows * cell.width * cell.height > SixelRenderer.pixelLimit, columns > 1, rows > 1 {
            (columns, rows) = (columns * 9 / 10, max(rows * 9 / 10, 1))
        }
        self.cell = cell
        self.grid = TerminalGrid(columns: columns, rows: rows, cell: cell)
    }

    mutating func render(_ frame: Frame) -> [UInt8] {
        var out: [UInt8] = []
        let picture = frame.reduced
        let layout = PictureLayout(picture, in: grid)
        let (width, height) = (layout.columns * cell.width, layout.rows * cell.height)
        let pixels = SixelRenderer.pixels(picture, width: width, height: height)
        if layout != self.layout {
            if self.layout != nil { out.text("\u{1B}[0m\u{1B}[2J") }
            (self.layout, shown) = (layout, [])
        }
        var start: Int?
        for row in 0...layout.rows {
            let hasChanged = row < layout.rows && rowDiffers(pixels, row, width: width)
            if hasChanged, start == nil { start = row }
            guard !hasChanged, let first = start else { continue }
            start = nil
            out.text("\u{1B}[\(layout.row + first + 1);\(layout.column + 1)H")
            let lines = first * cell.height * width..<row * cell.height * width
            SixelRenderer.encode(pixels[lines], width: width, &out)
        }
        shown = pixels
        return out
    }

    mutating func end() -> [UInt8] { [] }

    private func rowDiffers(_ pixels: [UInt32], _ row: Int, width: Int) -> Bool {
        guard shown.count == pixels.count else { return true }
        let lines = row * cell.height * width..<(row + 1) * cell.height * width
        return !pixels[lines].elementsEqual(shown[lines])
    }

    /// The picture in the terminal's pixels with at most 256 colours. Made larger, every pixel keeps its own colour;
    /// made smaller, they are averaged.
    private static func pixels(_ picture: Frame, width: Int, height: Int) -> [UInt32] {
        if width < picture.width || height < picture.height {
            let scaled = AreaScaler.scale(Picture(picture), width: width, height: height)
            return ColorReduction.reduce(scaled.pixels)
        }
        let source = ColorReduction.reduce(picture.pixels)
        let columns = (0..<width).map { $0 * picture.width / width }
        return [UInt32](unsafeUninitializedCapacity: width * height) { target, count in
            for y in 0..<height {
                let line = y * picture.height / height * picture.width
                for x in 0..<width { target[y * width + x] = source[line + columns[x]] }
            }
            count = width * height
        }
    }

    // MARK: Encoding

    /// One sixel picture of whole lines of pixels of at most 256 colours.
    static func encode(_ pixels: ArraySlice<UInt32>, width: Int, _ out: inout [UInt8]) {
        guard width > 0, let indexed = IndexedPixels(Array(pixels)) else { return }
        let height = pixels.count / width
        // Dots that are not drawn keep what is there; one to one dots; the size.
        out.text("\u{1B}P0;1;0q\"1;1;\(width);\(height)")
        for (number, color) in indexed.palette.enumerated() {
            func percent(_ shift: UInt32) -> UInt32 { ((color >> shift & 0xFF) * 100 + 127) / 255 }
            out.text("#\(number);2;\(percent(16));\(percent(8));\(percent(0))")
        }
        var masks = [UInt8](repeating: 0, count: indexed.palette.count * width)
        for top in stride(from: 0, to: height, by: 6) {
            var isUsed = [Bool](repeating: false, count: indexed.palette.count)
            for line in top..<min(top + 6, height) {
                let bit = UInt8(1) << UInt8(line - top)
                for x in 0..<width {
                    let number = Int(indexed.indices[line * width + x])
                    isUsed[number] = true
                    masks[number * width + x] |= bit
                }
            }
            var isFirst = true
            for number in isUsed.indices where isUsed[number] {
                out.text(isFirst ? "#\(number)" : "$#\(number)")
                isFirst = false
                writeRuns(&masks, number * width..<(number + 1) * width, &out)
            }
            out.append(UInt8(ascii: "-"))
        }
        out.text("\u{1B}\\")
    }

    /// One colour of a band, with runs of the same dots counted; clears the masks.
    private static func writeRuns(_ masks: inout [UInt8], _ range: Range<Int>, _ out: inout [UInt8]) {
        var place = range.lowerBound
        while place < range.upperBound {
            let mask = masks[place]
            var end = place
            while end < range.upperBound, masks[end] == mask {
                masks[end] = 0
                end += 1
            }
            // Nothing need be said of an empty end.
            if mask == 0, end == range.upperBound { return }
            let count = end - place
            let character = 0x3F + mask
            if count > 3 {
                out.text("!\(count)")
                out.append(character)
            } else {
                for _ in 0..<count { out.append(character) }
            }
            place = end
        }
    }
}
