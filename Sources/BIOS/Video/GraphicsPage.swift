import Core
import X86

/// One page of a graphics mode on an EGA or a VGA, as the data area describes it.
///
/// Planes are written as a BIOS writes them: through the registers, which are left as the mode has them.
struct GraphicsPage: GraphicsScreen {
    enum Layout {
        case planar
        /// One byte a pixel.
        case bytes
    }

    let layout: Layout
    /// Of a mode with more than 64 KB.
    private let window: BankWindow?
    /// Bytes of a line.
    private let pitch: Int
    let memory: GuestMemory
    let context: ServiceContext
    let columns: Int
    let rows: Int
    let height: Int
    let offset: Int
    /// An EGA with 64 KB: even bytes are in planes 0 and 2, odd ones in 1 and 3, so that a colour is in bits 0 and 2.
    private let hasPairs: Bool

    init?(_ page: UInt8, _ call: BIOSCall) {
        let data = call.data
        let mode = data[.videoMode] & 0x7F
        let extended = call.service.configuration.hasVideoExtension ? ExtendedMode(data) : nil
        switch (mode, extended?.layout) {
        case (0x0D...0x12, _), (_, .planar): layout = .planar
        case (0x13, _), (_, .packed): layout = .bytes
        default: return nil
        }
        let display = extended == nil ? nil : DisplayInterface(context: call.context)
        window = display.map { BankWindow($0) }
        memory = call.memory
        context = call.context
        columns = min(max(Int(data[.columns]), 1), 132)
        rows = Int(data[.lastRow]) + 1
        height = min(max(Int(data[.characterHeight]), 1), 32)
        hasPairs = (0x0F...0x10).contains(mode) && call.service.configuration.hasTwoPlanes(data)
        let dots = display.map { Int($0[.virtualWidth]) } ?? columns * 8
        if case .bytes = layout { pitch = dots } else { pitch = dots / 8 }
        if case .bytes = layout { offset = 0 } else { offset = Int(data[.pageSize]) * Int(page & 7) }
    }

    /// The byte at `index` of line `line`; the window is where it can be seen.
    private func address(line: Int, _ index: Int) -> UInt32 {
        let place = offset &+ line &* pitch &+ index
        window?.move(to: UInt16(truncatingIfNeeded: place >> 16 & 15))
        return 0xA_0000 + UInt32(truncatingIfNeeded: place & 0xFFFF)
    }

    private func graphics(_ register: UInt8, _ value: UInt8) {
        context.out(0x3CE, register)
        context.out(0x3CF, value)
    }

    private func planes(_ color: UInt8) -> UInt8 { hasPairs ? (color & 0b0101) * 3 : color & 0x0F }

    /// The graphics controller's mode register, with a write mode.
    private func setMode(_ number: UInt8) { graphics(5, hasPairs ? 0x10 | number : number) }

    // MARK: Pixels

    /// AH=0Ch and 0Dh work on these.
    subscript(x: Int, y: Int) -> UInt8 {
        get { pixel(x, y) }
        nonmutating set { setPixel(x, y, newValue) }
    }

    var hasExclusiveColors: Bool {
        if case .bytes = layout { false } else { true }
    }

    var hasOnePage: Bool { !hasExclusiveColors }

    private func setPixel(_ x: Int, _ y: Int, _ color: UInt8) {
        switch layout {
        case .bytes: memory.write8(address(line: y, x), color)
        case .planar:
            setUp(exclusive: false)
            merge(address(line: y, x >> 3), bits: 0x80 >> UInt8(x & 7), color)
            restore()
        }
    }

    private func pixel(_ x: Int, _ y: Int) -> UInt8 {
        switch layout {
        case .bytes: return memory.read8(address(line: y, x))
        case .planar:
            let color = [UInt8](hasPairs ? [0, 2] : [0, 1, 2, 3]).reduce(UInt8(0)) { color, plane in
                graphics(4, plane)
                return color | (memory.read8(address(line: y, x >> 3)) >> UInt8(7 - x & 7) & 1) << plane
            }
            graphics(4, 0)
            return hasPairs ? color * 3 : color
        }
    }

    // MARK: Planes

    /// Write mode 2: a byte is a colour for all pixels that the mask lets through.
    private func setUp(exclusive: Bool) {
        setMode(2)
        graphics(3, exclusive ? 0x18 : 0)
    }

    private func merge(_ place: UInt32, bits: UInt8, _ color: UInt8) {
        graphics(8, bits)
        _ = memory.read8(place)
        memory.write8(place, planes(color))
    }

    private func restore() {
        graphics(8, 0xFF)
        setMode(0)
        graphics(3, 0)
    }

    // MARK: Characters

    /// The font's bytes of `character`.
    private func glyph(_ character: UInt8) -> [UInt8] {
        memory.readBytes(memory.vector(0x43) + Int(character) * height, height)
    }

    /// Bit 7 of `color` draws with exclusive or. In 256 colours it is part of the colour.
    func draw(_ character: UInt8, color: UInt8, background: UInt8, at position: TextPosition) {
        // Beyond the last column it goes on in the next line of pixels.
        let column = position.column
        let isExclusive = color & 0x80 != 0
        let top = position.row &* height
        if case .planar = layout { setUp(exclusive: isExclusive) }
        for (index, bits) in glyph(character).enumerated() {
            let line = top &+ index
            switch layout {
            case .planar:
                let place = address(line: line, column)
                merge(place, bits: bits, color)
                if !isExclusive { merge(place, bits: ~bits, 0) }
            case .bytes:
                for dot in 0..<8 {
                    let isSet = bits >> UInt8(7 - dot) & 1 != 0
                    memory.write8(address(line: line, column * 8 + dot), isSet ? color : background)
                }
            }
        }
        if case .planar = layout { restore() }
    }

    /// AH=08h: the character whose picture stands there; 0 if none does.
    func character(at position: TextPosition) -> UInt8 {
        let top = position.row &* height
        let seen: [UInt8]
        switch layout {
        case .planar: seen = colored(position, top: top)
        case .bytes:
            seen = (0..<height).map { index in
                (0..<8).reduce(UInt8(0)) { bits, dot in
                    let isSet = pixel(position.column * 8 + dot, top &+ index) != 0
                    return bits << 1 | (isSet ? 1 : 0)
                }
            }
        }
        return (UInt8(0)...255).first { glyph($0) == seen } ?? 0
    }

    /// The bytes of a cell with the pixels that are not black in the planes that the mode cares about: by read mode 1, with
    /// colour 0 to compare with.
    private func colored(_ position: TextPosition, top: Int) -> [UInt8] {
        setMode(8)
        let bytes = (0..<height).map { index in
            let place = address(line: top &+ index, position.column)
            // Planes 0 and 2, or 1 and 3.
            if hasPairs { graphics(7, 5 << UInt8(place & 1)) }
            return ~memory.read8(place)
        }
        if hasPairs { graphics(7, 0x0F) }
        setMode(0)
        return bytes
    }

    // MARK: Scrolling

    /// Scrolls a window of characters, corners included, by `lines` rows; 0 clears it. Returns the bytes that moved.
    func scroll(by lines: Int, up isUp: Bool, from first: TextPosition, to last: TextPosition, fill: UInt8) -> Int {
        let (bottom, right) = (min(last.row, rows - 1), min(last.column, columns - 1))
        guard first.row <= bottom, first.column <= right else { return 0 }
        let perCharacter: Int
        switch layout {
        case .planar: perCharacter = 1
        case .bytes: perCharacter = 8
        }
        let (start, width) = (first.column * perCharacter, (right - first.column + 1) * perCharacter)
        let (top, total) = (first.row * height, (bottom - first.row + 1) * height)
        let shift = lines == 0 ? total : min(lines * height, total)
        if case .planar = layout { setMode(1) }
        for step in 0..<total - shift {
            let target = isUp ? top + step : top + total - 1 - step
            let source = isUp ? target + shift : target - shift
            for index in start..<start + width {
                let byte = memory.read8(address(line: source, index))
                memory.write8(address(line: target, index), byte)
            }
        }
        clear(lines: isUp ? top + total - shift..<top + total : top..<top + shift, start..<start + width, fill)
        return total * width
    }

    private func clear(lines: Range<Int>, _ bytes: Range<Int>, _ color: UInt8) {
        let value: UInt8
        switch layout {
        case .bytes: value = color
        case .planar:
            setUp(exclusive: false)
            // With pairs IBM's BIOS takes the colour as the mask of planes, as it is.
            value = hasPairs ? color & 0x0F : planes(color)
        }
        for line in lines {
            for index in bytes { memory.write8(address(line: line, index), value) }
        }
        if case .planar = layout { restore() }
    }
}
