import Core

/// The cursor on the screen: what was drawn, and what was there before.
struct DrawnCursor: StateValue {
    enum Kind: UInt8 { case none, text, hardware, graphics }
    var kind = Kind.none
    /// The video mode in which it was drawn.
    var mode: UInt8 = 0
    /// Of a text cursor.
    var cell = FarPointer(0, 0)
    var before: UInt16 = 0
    var written: UInt16 = 0
    /// Of a graphics cursor: the rectangle in rows and bytes, and the page's offset.
    var row: UInt16 = 0
    var rowCount: UInt16 = 0
    var column: UInt16 = 0
    var columnCount: UInt16 = 0
    var base: UInt16 = 0
    /// Where the picture began in the memory, and the bytes of a line: a program may change both.
    var start: UInt32 = 0
    var pitch: UInt16 = 0
    /// Plane by plane, row by row.
    var bytes: [UInt8] = []

    /// 32 pixels of one byte each in 32 rows, or 5 bytes in 4 planes.
    static let byteLimit = 2_048

    mutating func transfer(_ coder: StateCoder) {
        coder.field("kind", &kind)
        coder.field("mode", &mode)
        coder.field("cell", &cell)
        coder.field("before", &before)
        coder.field("written", &written)
        coder.field("row", &row)
        coder.field("rowCount", &rowCount)
        coder.field("column", &column)
        coder.field("columnCount", &columnCount)
        coder.field("base", &base)
        coder.field("start", &start)
        coder.field("pitch", &pitch)
        coder.field("bytes", &bytes, limit: DrawnCursor.byteLimit)
    }
}

/// Drawing and taking away the cursor.
extension MouseService {
    var isShown: Bool { settings.visibility == 0 && !runtime.isDisabled }

    /// Takes the cursor from the screen, if it is there, and draws it where it belongs, if it is shown.
    func redraw(_ call: BIOSCall) {
        let screen = screen(call)
        erase(call)
        guard isShown, !isExcluded(screen) else { return }
        switch screen.kind {
        case .text: drawText(screen, call)
        case .graphics(let layout): drawGraphics(layout, screen, call)
        case .unknown: break
        }
    }

    /// Puts back what the cursor covers.
    func erase(_ call: BIOSCall) {
        let drawn = runtime.drawn
        runtime.drawn = DrawnCursor()
        let screen = screen(call)
        // In another mode what was there is gone.
        guard drawn.kind != .none, drawn.mode == screen.mode else { return }
        switch (drawn.kind, screen.kind) {
        case (.text, _):
            // A program that has written over the cursor keeps what it has written.
            if call.memory.read16(drawn.cell) == drawn.written { call.memory.write16(drawn.cell, drawn.before) }
        case (.hardware, _): writeCRTC(0x0A, 0x20, call)
        case (.graphics, .graphics(let layout)):
            GraphicsCursor(layout: layout, call: call, registers: registers).restore(drawn)
        default: break
        }
    }

    /// Whether the cursor would touch the region of AX=0010h.
    private func isExcluded(_ screen: MouseScreen) -> Bool {
        guard settings.hasExclusion else { return false }
        let area = settings.exclusion
        var (left, top) = (Int(settings.x), Int(settings.y))
        var (right, bottom) = (left, top)
        if case .graphics(let layout) = screen.kind {
            left -= Int(settings.shape.hotX) * layout.pointsPerPixel
            top -= Int(settings.shape.hotY)
            right = left + Int(settings.shape.widthWords) * 16 * layout.pointsPerPixel - 1
            bottom = top + Int(settings.shape.rows) - 1
        }
        return left <= Int(area.maxX) && right >= Int(area.minX) && top <= Int(area.maxY) && bottom >= Int(area.minY)
    }

    // MARK: Text

    private func drawText(_ screen: MouseScreen, _ call: BIOSCall) {
        let (column, row) = (Int(settings.x) / screen.cellWidth, Int(settings.y) / screen.cellHeight)
        let data = call.data
        let columns = Int(data[.columns])
        guard settings.x >= 0, settings.y >= 0, column < columns, row < screen.height / 8 else { return }
        let page = data[.pageSize] &* UInt16(settings.page)
        let index = UInt16(truncatingIfNeeded: row * columns + column)
        runtime.drawn.mode = screen.mode
        if settings.shape.isHardware {
            runtime.drawn.kind = .hardware
            writeCRTC(0x0A, UInt8(truncatingIfNeeded: settings.shape.textScreenMask), call)
            writeCRTC(0x0B, UInt8(truncatingIfNeeded: settings.shape.textCursorMask), call)
            let address = (page >> 1) &+ index
            writeCRTC(0x0E, UInt8(address >> 8), call)
            writeCRTC(0x0F, UInt8(truncatingIfNeeded: address), call)
            return
        }
        let segment: UInt16 = screen.mode == 0x07 ? 0xB000 : 0xB800
        let cell = FarPointer(segment, (page &+ index &* 2) & 0x7FFF)
        let before = call.memory.read16(cell)
        let written = before & settings.shape.textScreenMask ^ settings.shape.textCursorMask
        call.memory.write16(cell, written)
        runtime.drawn.kind = .text
        runtime.drawn.cell = cell
        runtime.drawn.before = before
        runtime.drawn.written = written
    }

    private func writeCRTC(_ register: UInt8, _ value: UInt8, _ call: BIOSCall) {
        let port = call.data[.videoPort]
        call.context.out(port, register)
        call.context.out(port &+ 1, value)
    }

    // MARK: Graphics

    private func drawGraphics(_ layout: GraphicsLayout, _ screen: MouseScreen, _ call: BIOSCall) {
        let left = Int(settings.x) / layout.pointsPerPixel - Int(settings.shape.hotX)
        let top = Int(settings.y) - Int(settings.shape.hotY)
        let base = layout.planes > 1 && layout.start == nil ? call.data[.pageSize] &* UInt16(settings.page) : 0
        let cursor = GraphicsCursor(layout: layout, call: call, registers: registers)
        guard var drawn = cursor.draw(settings.shape, left: left, top: top, base: base) else { return }
        drawn.mode = screen.mode
        runtime.drawn = drawn
        call.spend(clocks: 200 + drawn.bytes.count * 20)
    }
}
