import Chips
import Core

/// What a text mode shows, as characters.
extension VGAAdapter {
    public func textScreen(at now: Tick) -> TextScreen? {
        if isExtended || state.graphics.isGraphics || state.attributes[0x10] & 1 != 0 { return nil }
        let columns = raster.displayedColumns
        let height = (raster.lastScan + 1) * (raster.isDoubled ? 2 : 1)
        let rows = min(raster.displayedLines, raster.lines) / height
        guard columns > 0, rows > 0 else { return nil }
        let isEnabled =
            state.attributes.isPaletteShown && !state.sequencer.isScreenOff && !state.sequencer.isReset
        synchronise()
        var cells: [TextScreen.Cell] = []
        cells.reserveCapacity(columns * rows)
        for row in 0..<rows {
            for column in 0..<columns {
                cells.append(
                    isEnabled ? cell(firstCell(of: row, height) + column) : .init(character: 0x20, attribute: 0))
            }
        }
        var screen = TextScreen(columns: columns, rows: rows, cells: cells, time: now)
        screen.isBlinkEnabled = state.attributes.isBlinking
        if isEnabled { screen.cursor = cursor(columns, rows, height) }
        return screen
    }

    private func firstCell(of row: Int, _ height: Int) -> Int {
        let isSplit = raster.lineCompare < raster.displayedLines
        let splitRow = isSplit ? (raster.lineCompare + 1) / height : Int.max
        return row < splitRow ? raster.start + row * raster.pitch : (row - splitRow) * raster.pitch
    }

    private func cell(_ counter: Int) -> TextScreen.Cell {
        let word = planes.words[raster.offset(of: counter & 0xFFFF, scan: 0) & planes.offsetMask]
        return TextScreen.Cell(
            character: UInt8(truncatingIfNeeded: word), attribute: UInt8(truncatingIfNeeded: word >> 8))
    }

    private func cursor(_ columns: Int, _ rows: Int, _ height: Int) -> (column: Int, row: Int)? {
        let crtc = state.crtc
        let isShown =
            isEGA
            ? crtc.cursorFirstLine <= raster.lastScan
            : !crtc.isCursorOff && crtc.cursorFirstLine <= crtc.cursorLastLine
                && crtc.cursorFirstLine <= raster.lastScan
        guard isShown else { return nil }
        for row in 0..<rows {
            let column = crtc.cursorLocation - firstCell(of: row, height)
            if (0..<columns).contains(column) { return (column, row) }
        }
        return nil
    }
}
