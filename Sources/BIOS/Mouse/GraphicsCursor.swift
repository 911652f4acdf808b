import Core

/// A cursor of masks in the memory of a graphics mode. What is there is ANDed with one mask and XORed with the other, in
/// every plane, so that the colour is the highest of 2, 4 or 16.
///
/// Source: [RBIL] INT 33h AX=0009h, table 03170.
struct GraphicsCursor {
    let layout: GraphicsLayout
    let call: BIOSCall
    /// What the driver knows of registers that cannot be read.
    let registers: RegisterMap

    /// Draws `shape` with its upper left corner at a pixel, cut off at the edges. Nil: nothing of it is visible.
    func draw(_ shape: MouseCursorShape, left: Int, top: Int, base: UInt16) -> DrawnCursor? {
        let (firstRow, endRow) = (max(top, 0), min(top + Int(shape.rows), layout.height))
        let (firstPixel, endPixel) = (max(left, 0), min(left + Int(shape.widthWords) * 16, layout.width))
        guard firstRow < endRow, firstPixel < endPixel, isLinear else { return nil }
        let (rows, pixels) = (firstRow..<endRow, firstPixel..<endPixel)
        let columns = layout.bytes(of: pixels)
        var drawn = DrawnCursor()
        drawn.kind = .graphics
        drawn.row = UInt16(rows.lowerBound)
        drawn.rowCount = UInt16(rows.count)
        drawn.column = UInt16(columns.lowerBound)
        drawn.columnCount = UInt16(columns.count)
        drawn.base = base
        drawn.start = UInt32(truncatingIfNeeded: layout.start ?? 0)
        drawn.pitch = UInt16(clamping: layout.bytesPerRow)
        let masks = rows.map { row in
            columns.map { maskBytes(shape, row: row - top, pixels: layout.pixels(inByte: $0), left: left) }
        }
        forEachPlane { window in
            for row in rows {
                for column in columns {
                    let place = window.place(row: row, column: column, base: base)
                    let mask = masks[row - rows.lowerBound][column - columns.lowerBound]
                    let before = call.memory.read8(place)
                    drawn.bytes.append(before)
                    call.memory.write8(place, before & mask.screen ^ mask.cursor)
                }
            }
        }
        return drawn
    }

    func restore(_ drawn: DrawnCursor) {
        let (rowCount, columnCount) = (Int(drawn.rowCount), Int(drawn.columnCount))
        guard drawn.bytes.count == rowCount * columnCount * layout.planes, isLinear,
            Int(drawn.row) + rowCount <= layout.height, Int(drawn.column) + columnCount <= layout.bytesPerRow,
            Int(drawn.start) == layout.start ?? 0, Int(drawn.pitch) == layout.bytesPerRow
        else { return }
        var position = 0
        forEachPlane { window in
            for row in 0..<rowCount {
                for column in 0..<columnCount {
                    let place = window.place(
                        row: Int(drawn.row) + row, column: Int(drawn.column) + column, base: drawn.base)
                    call.memory.write8(place, drawn.bytes[position])
                    position += 1
                }
            }
        }
    }

    /// The masks of the pixels in one byte; pixels beside the shape stay as they are.
    private func maskBytes(
        _ shape: MouseCursorShape, row: Int, pixels: Range<Int>, left: Int
    ) -> (screen: UInt8, cursor: UInt8) {
        var (screen, cursor): (UInt8, UInt8) = (0xFF, 0)
        let width = Int(shape.widthWords) * 16
        // All bits of a pixel; with 256 colours the highest of the first 16.
        let pixelBits: UInt8 = layout.bitsPerPixel == 8 ? 0xFF : (1 << UInt8(layout.bitsPerPixel)) - 1
        for (index, place) in pixels.enumerated() {
            let pixel = place - left
            guard (0..<width).contains(pixel) else { continue }
            let word = row * Int(shape.widthWords) + pixel / 16
            let bit = UInt16(0x8000) >> UInt16(pixel % 16)
            let shift = UInt8(8 - layout.bitsPerPixel * (index + 1))
            if shape.screenMask[word] & bit == 0 { screen &= ~(pixelBits << shift) }
            if shape.cursorMask[word] & bit != 0 { cursor |= layout.bitsPerPixel == 8 ? 0x0F : pixelBits << shift }
        }
        return (screen, cursor)
    }

    // MARK: Planes

    /// Whether the memory of mode 13h is as the BIOS sets it: programs unchain its planes, and then draw the cursor
    /// themselves. A register that cannot be read says nothing.
    private var isLinear: Bool {
        guard layout.bitsPerPixel == 8, layout.start == nil else { return true }
        let context = call.context
        let index = context.in(0x3C4)
        context.out(0x3C4, 4)
        let mode = context.in(0x3C5)
        context.out(0x3C4, index)
        return mode & 0b1000 != 0
    }

    /// Calls `body` once with each plane selected for reading and writing.
    private func forEachPlane(_ body: (CursorWindow) -> Void) {
        let window = CursorWindow(layout, call)
        guard layout.planes > 1 else { return window.open { body(window) } }
        PlaneAccess(call, registers: registers).forEachPlane { _ in window.open { body(window) } }
    }
}

/// Where the bytes of a layout are for the processor. In a mode with banks the program's bank and the index of the display
/// interface come back.
private struct CursorWindow {
    private let layout: GraphicsLayout
    private let display: DisplayInterface?
    private let banks: BankWindow?

    init(_ layout: GraphicsLayout, _ call: BIOSCall) {
        self.layout = layout
        display = layout.start == nil ? nil : DisplayInterface(context: call.context)
        banks = display.map { BankWindow($0) }
    }

    func open(_ body: () -> Void) {
        guard let display, let banks else { return body() }
        let index = display.context.in(DisplayInterface.indexPort)
        let bank = display[.bank]
        body()
        banks.move(to: bank)
        display.context.out(DisplayInterface.indexPort, index)
    }

    func place(row: Int, column: Int, base: UInt16) -> FarPointer {
        guard let banks else { return layout.place(row: row, column: column, base: base) }
        let (bank, place) = layout.bankedPlace(row: row, column: column)
        banks.move(to: bank)
        return place
    }
}
