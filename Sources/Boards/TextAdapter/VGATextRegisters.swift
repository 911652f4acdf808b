import Core

/// The registers of the VGA, all kept and readable, and what a text mode takes from them.
final class VGATextRegisters: TextRegisters {
    private var state = State()

    struct State: StateValue {
        var crtcIndex: UInt8 = 0
        var crtc = Setting.crtc
        var sequencerIndex: UInt8 = 0
        var sequencer = Setting.sequencer
        var graphicsIndex: UInt8 = 0
        var graphics = Setting.graphics
        /// Bit 5 lets the palette reach the screen.
        var attributeIndex: UInt8 = 0x20
        var attributes = Setting.attributes
        /// The flip-flop of 3C0h.
        var expectsAttributeData = false
        var miscellaneous = Setting.miscellaneous
        var feature: UInt8 = 0
        var isEnabled: UInt8 = 1
        var dac = VGAPalette()

        mutating func transfer(_ coder: StateCoder) {
            coder.field("crtcIndex", &crtcIndex)
            crtc.withUnsafeMutableBytes { coder.memory("crtc", $0) }
            coder.field("sequencerIndex", &sequencerIndex)
            sequencer.withUnsafeMutableBytes { coder.memory("sequencer", $0) }
            coder.field("graphicsIndex", &graphicsIndex)
            graphics.withUnsafeMutableBytes { coder.memory("graphics", $0) }
            coder.field("attributeIndex", &attributeIndex)
            attributes.withUnsafeMutableBytes { coder.memory("attributes", $0) }
            coder.field("expectsAttributeData", &expectsAttributeData)
            coder.field("miscellaneous", &miscellaneous)
            coder.field("feature", &feature)
            coder.field("isEnabled", &isEnabled)
            coder.field("dac", &dac)
        }
    }

    /// Mode 03h with 400 lines, as IBM's BIOS sets it.
    enum Setting {
        static let miscellaneous: UInt8 = 0x67
        static let sequencer: [UInt8] = [0x03, 0x00, 0x03, 0x00, 0x02]
        static let crtc: [UInt8] = [
            0x5F, 0x4F, 0x50, 0x82, 0x55, 0x81, 0xBF, 0x1F, 0x00, 0x4F, 0x0D, 0x0E, 0x00, 0x00, 0x00, 0x00,
            0x9C, 0x8E, 0x8F, 0x28, 0x1F, 0x96, 0xB9, 0xA3, 0xFF,
        ]
        static let graphics: [UInt8] = [0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x0E, 0x00, 0xFF]
        static let attributes: [UInt8] = [
            0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x14, 0x07, 0x38, 0x39, 0x3A, 0x3B, 0x3C, 0x3D, 0x3E, 0x3F,
            0x0C, 0x00, 0x0F, 0x08, 0x00,
        ]
    }

    // MARK: Layout

    private func crtc(_ index: Int) -> Int { Int(state.crtc[index]) }
    private func crtcBit(_ index: Int, _ bit: Int) -> Int { Int(state.crtc[index]) >> bit & 1 }

    private var rowHeight: Int { (crtc(9) & 31) + 1 }
    /// Scan lines of one line of dots.
    private var lineRepeat: Int { crtcBit(9, 7) + 1 }
    private var displayedLines: Int { (crtc(0x12) | crtcBit(7, 1) << 8 | crtcBit(7, 6) << 9) + 1 }

    var layout: TextLayout? {
        let isGraphics = state.graphics[6] & 1 != 0 || state.attributes[0x10] & 1 != 0
        if isGraphics { return nil }
        let height = rowHeight * lineRepeat
        let lineCompare = crtc(0x18) | crtcBit(7, 4) << 8 | crtcBit(9, 6) << 9
        let isCursorShown = crtcBit(0x0A, 5) == 0 && crtc(0x0A) & 31 <= crtc(0x0B) & 31 && crtc(0x0A) & 31 < rowHeight
        return TextLayout(
            memoryBase: memoryBase, memorySize: 0x8000, columns: crtc(1) + 1, rows: displayedLines / height,
            start: crtc(0x0C) << 8 | crtc(0x0D), pitch: crtc(0x13) * 2,
            splitRow: lineCompare < displayedLines ? (lineCompare + 1) / height : Int.max,
            cursorCell: isCursorShown ? crtc(0x0E) << 8 | crtc(0x0F) : nil,
            isBlinkEnabled: state.attributes[0x10] & 0b1000 != 0,
            isEnabled: state.attributeIndex & 0x20 != 0 && state.sequencer[1] & 0x20 == 0)
    }

    /// Where the processor sees the text. While it is looking at A0000h to load a font, the text stays where it was.
    private var memoryBase: Int {
        switch state.graphics[6] >> 2 & 3 {
        case 0b10: 0xB_0000
        case 0b11: 0xB_8000
        default: isColor ? 0xB_8000 : 0xB_0000
        }
    }

    private var isColor: Bool { state.miscellaneous & 1 != 0 }

    // MARK: Timing

    /// Character clocks by dot clock (25.175 or 28.322 MHz), eight-dot characters, halved dot clock.
    private static let clocks: [ClockRatio] = (0..<8).map { setting in
        let hertz: Int64 = setting & 1 == 0 ? 25_175_000 : 28_322_000
        return ClockRatio(hertz: hertz, over: (setting & 2 == 0 ? 9 : 8) * (setting & 4 == 0 ? 1 : 2))
    }

    private var clock: ClockRatio {
        let isFast = state.miscellaneous >> 2 & 3 == 1
        let mode = state.sequencer[1]
        return VGATextRegisters.clocks[(isFast ? 1 : 0) | (mode & 1 != 0 ? 2 : 0) | (mode & 8 != 0 ? 4 : 0)]
    }

    /// Input status 1: bit 0 not displaying, bit 3 vertical retrace.
    private func status(at now: Tick) -> UInt8 {
        let perLine = Int64(crtc(0) + 5)
        let lines = Int64((crtc(6) | crtcBit(7, 0) << 8 | crtcBit(7, 5) << 9) + 2)
        let (line, column) = (clock.cycles(at: now) % (perLine * lines)).quotientAndRemainder(dividingBy: perLine)
        let isDisplayed = column <= Int64(crtc(1)) && line < Int64(displayedLines)
        let retraceStart = crtc(0x10) | crtcBit(7, 2) << 8 | crtcBit(7, 7) << 9
        // The end is the line whose low four bits match.
        let retraceLength = (crtc(0x11) - retraceStart - 1) & 15 + 1
        let isRetrace = (retraceStart..<retraceStart + retraceLength).contains(Int(line))
        return (isDisplayed ? 0 : 1) | (isRetrace ? 0b1000 : 0)
    }

    // MARK: Reading

    func readPort(_ port: UInt16, at now: Tick) -> UInt8 {
        let value = peekPort(port, at: now)
        switch port {
        case 0x3BA where !isColor, 0x3DA where isColor: state.expectsAttributeData = false
        case 0x3C9: state.dac.didRead()
        default: break
        }
        return value
    }

    func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        switch port {
        case 0x3C0: state.attributeIndex
        case 0x3C1: register(state.attributes, state.attributeIndex & 31)
        // Switch sense: a colour monitor.
        case 0x3C2: 0b0001_0000
        case 0x3C3: state.isEnabled
        case 0x3C4: state.sequencerIndex
        case 0x3C5: register(state.sequencer, state.sequencerIndex)
        case 0x3C6: state.dac.mask
        case 0x3C7: state.dac.isReading ? 0b11 : 0
        case 0x3C8: state.dac.address
        case 0x3C9: state.dac.component
        case 0x3CA: state.feature
        case 0x3CC: state.miscellaneous
        case 0x3CE: state.graphicsIndex
        case 0x3CF: register(state.graphics, state.graphicsIndex)
        case 0x3B0...0x3BB where !isColor, 0x3D0...0x3DB where isColor: peekMoved(port & 15, at: now)
        default: 0xFF
        }
    }

    /// The ports that are at 3Bxh or 3Dxh.
    private func peekMoved(_ port: UInt16, at now: Tick) -> UInt8 {
        switch port {
        case 4: state.crtcIndex
        case 5: register(state.crtc, state.crtcIndex)
        case 10: status(at: now)
        default: 0xFF
        }
    }

    private func register(_ registers: [UInt8], _ index: UInt8) -> UInt8 {
        registers.indices.contains(Int(index)) ? registers[Int(index)] : 0
    }

    // MARK: Writing

    func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        switch port {
        case 0x3C0: writeAttribute(value)
        case 0x3C2: state.miscellaneous = value
        case 0x3C3: state.isEnabled = value & 1
        case 0x3C4: state.sequencerIndex = value & 7
        case 0x3C5: set(&state.sequencer, state.sequencerIndex, value)
        case 0x3C6: state.dac.mask = value
        case 0x3C7: state.dac.beginReading(at: value)
        case 0x3C8: state.dac.beginWriting(at: value)
        case 0x3C9: state.dac.write(value)
        case 0x3CE: state.graphicsIndex = value & 15
        case 0x3CF: set(&state.graphics, state.graphicsIndex, value)
        case 0x3B4 where !isColor, 0x3D4 where isColor: state.crtcIndex = value & 63
        case 0x3B5 where !isColor, 0x3D5 where isColor: writeCRTC(value)
        case 0x3BA where !isColor, 0x3DA where isColor: state.feature = value
        default: break
        }
    }

    private func set(_ registers: inout [UInt8], _ index: UInt8, _ value: UInt8) {
        if registers.indices.contains(Int(index)) { registers[Int(index)] = value }
    }

    private func writeAttribute(_ value: UInt8) {
        if state.expectsAttributeData {
            let index = state.attributeIndex & 31
            // The palette can be loaded only while it is taken off the screen.
            if index >= 16 {
                set(&state.attributes, index, value)
            } else if state.attributeIndex & 0x20 == 0 {
                set(&state.attributes, index, value & 0x3F)
            }
        } else {
            state.attributeIndex = value & 0x3F
        }
        state.expectsAttributeData.toggle()
    }

    /// Bit 7 of register 11h protects registers 0-7, but for the line compare bit in register 7.
    private func writeCRTC(_ value: UInt8) {
        guard state.crtcIndex < 8, state.crtc[0x11] & 0x80 != 0 else {
            return set(&state.crtc, state.crtcIndex, value)
        }
        if state.crtcIndex == 7 { state.crtc[7] = state.crtc[7] & ~0x10 | value & 0x10 }
    }

    func transfer(_ coder: StateCoder) { state.transfer(coder) }
}

/// The VGA's DAC: 256 colours of three six-bit components.
///
/// Source: INMOS IMSG171 data sheet: a colour is read or written through a buffer, and the address moves on when the
/// buffer is filled or taken.
struct VGAPalette: StateValue {
    var mask: UInt8 = 0xFF
    private(set) var address: UInt8 = 0
    private(set) var isReading = false
    private var position: UInt8 = 0
    private var buffer: [UInt8] = [0, 0, 0]
    /// Red, green, blue of each colour, 0-63.
    private(set) var colors = VGAPalette.textColors

    /// The 64 colours of the EGA, which IBM's BIOS loads for text modes. Bits of a number: RGB at 1/3, RGB at 2/3.
    private static let textColors: [UInt8] = {
        var colors = [UInt8](repeating: 0, count: 768)
        for number in 0..<64 {
            for component in 0..<3 {
                let bright = number >> (2 - component) & 1
                let dim = number >> (5 - component) & 1
                colors[number * 3 + component] = UInt8(bright * 42 + dim * 21)
            }
        }
        return colors
    }()

    /// What the data port gives now.
    var component: UInt8 { buffer[Int(position % 3)] }

    mutating func beginReading(at index: UInt8) {
        address = index
        isReading = true
        position = 0
        fetch()
    }

    mutating func beginWriting(at index: UInt8) {
        address = index
        isReading = false
        position = 0
    }

    mutating func didRead() {
        position = (position + 1) % 3
        if position == 0 { fetch() }
    }

    mutating func write(_ value: UInt8) {
        buffer[Int(position % 3)] = value & 0x3F
        position = (position + 1) % 3
        guard position == 0 else { return }
        colors.replaceSubrange(Int(address) * 3..<Int(address) * 3 + 3, with: buffer)
        address = address &+ 1
    }

    private mutating func fetch() {
        buffer = Array(colors[Int(address) * 3..<Int(address) * 3 + 3])
        address = address &+ 1
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("mask", &mask)
        coder.field("address", &address)
        coder.field("isReading", &isReading)
        coder.field("position", &position)
        buffer.withUnsafeMutableBytes { coder.memory("buffer", $0) }
        colors.withUnsafeMutableBytes { coder.memory("colors", $0) }
        position %= 3
    }
}
