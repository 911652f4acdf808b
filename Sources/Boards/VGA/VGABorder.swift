import Chips
import Core

/// The border that an EGA or VGA shows around its display area: where the display has ended and blanking has not begun, and
/// likewise in front of it. Characters and lines.
///
/// Source: [IBM VGA] blanking and overscan: eight dots at the sides, seven or eight lines, which is a character and a line
/// more behind the display than the registers say, and one less in front. [86BOX] issue 5699 for the EGA: three characters
/// less on the right.
/// Assumption: a monitor shows 32 dots and 16 lines of it at most.
struct VGABorderSize: Equatable {
    private(set) var left = 0
    private(set) var top = 0
    private(set) var right = 0
    private(set) var bottom = 0

    private static let mostDots = 32
    private static let mostLines = 16

    /// None.
    init() {}

    init(_ crtc: VGACRTController, _ raster: VGARaster, isEGA: Bool, characterWidth: Int) {
        func register(_ number: Int) -> Int { Int(crtc[number]) }
        /// The place from `start` on whose low bits are those of `end`.
        func place(from start: Int, to end: Int, bits: Int) -> Int { start + (end - start) & (1 << bits - 1) }
        let most = max(VGABorderSize.mostDots / characterWidth, 1)
        let start = register(2)
        if isEGA {
            let blank = place(from: start, to: register(3), bits: 5) - start
            let whole = raster.columns - blank - raster.displayedColumns
            right = start - raster.displayedColumns - 2
            left = whole - max(right, 0)
        } else {
            let end = place(from: start, to: register(3) & 31 | (register(5) >> 7) << 5, bits: 6)
            right = start - raster.displayedColumns + 1
            left = raster.columns - end - 1
        }
        (left, right) = (min(max(left, 0), most), min(max(right, 0), most))

        let scale = register(0x17) >> 2 & 1 + 1
        let high = (register(7) >> 3 & 1) << 8 | (isEGA ? 0 : (register(9) >> 5 & 1) << 9)
        let line = register(0x15) | high
        let end = place(from: line, to: register(0x16), bits: isEGA ? 5 : 8)
        let more = isEGA ? 0 : 1
        bottom = (line + more) * scale - raster.displayedLines
        top = raster.lines - (end + more) * scale
        (top, bottom) = (min(max(top, 0), VGABorderSize.mostLines), min(max(bottom, 0), VGABorderSize.mostLines))
        // A raster that ends before is all that there is.
        right = min(right, max(raster.columns - raster.displayedColumns - left, 0))
        bottom = min(bottom, max(raster.lines - raster.displayedLines - top, 0))
    }

    /// Lines for whole pixels of `lines` lines.
    func wholePixels(of lines: Int) -> VGABorderSize {
        var size = self
        (size.top, size.bottom) = (top - top % lines, bottom - bottom % lines)
        return size
    }
}

/// The colours that the beam has sent beside the display area, one for each character clock. No part of the state.
final class VGABorder {
    private static let columns = 260
    private let colors: UnsafeMutablePointer<UInt32>
    /// Lines below which something is drawn in the present frame.
    private var height = 0

    init() {
        colors = .allocate(capacity: VGABorder.columns * VGARaster.lineLimit)
        colors.initialize(repeating: 0, count: VGABorder.columns * VGARaster.lineLimit)
    }

    deinit { colors.deallocate() }

    /// Nothing is drawn yet of a new frame.
    func beginFrame() {
        colors.update(repeating: 0, count: VGABorder.columns * height)
        height = 0
    }

    /// The beam passes `count` character clocks of its line; `color` is the border's.
    func paint(_ beam: VGABeam, count: Int, _ raster: VGARaster, color: UInt32) {
        let isDisplayedLine = beam.line < raster.displayedLines
        let first = isDisplayedLine ? max(beam.column, raster.displayedColumns) : beam.column
        let end = min(beam.column &+ count, VGABorder.columns)
        guard first < end, beam.line >= 0, beam.line < VGARaster.lineLimit else { return }
        height = max(height, beam.line &+ 1)
        (colors + beam.line &* VGABorder.columns + first).update(repeating: color, count: end &- first)
    }

    /// One line of a frame with its border.
    /// - Parameters:
    ///   - line: of the raster; from -`size.top` on.
    ///   - display: copies the line's display area.
    func copy(
        line: Int, _ size: VGABorderSize, _ raster: VGARaster, columns: Int, dots: Int,
        to target: UnsafeMutablePointer<UInt32>, display: (UnsafeMutablePointer<UInt32>) -> Void
    ) {
        let row = line < 0 ? line + raster.lines : line
        // What is left of a line is the end of the one before.
        let before = row == 0 ? raster.lines - 1 : row - 1
        var place = target
        func add(_ line: Int, _ columns: Range<Int>) {
            for column in columns {
                let isThere = (0..<VGARaster.lineLimit).contains(line) && (0..<VGABorder.columns).contains(column)
                let color = isThere ? colors[line * VGABorder.columns + column] : 0
                place.initialize(repeating: color, count: dots)
                place += dots
            }
        }
        add(before, raster.columns - size.left..<raster.columns)
        if line >= 0, line < raster.displayedLines {
            display(place)
            place += columns * dots
        } else {
            add(row, 0..<columns)
        }
        add(row, raster.displayedColumns..<raster.displayedColumns + size.right)
    }
}
