import Chips
import Core

/// The registers of the MDA and the CGA: a 6845, a mode register, a status register.
final class CRTCTextRegisters: TextRegisters {
    private let crtc: Motorola6845
    private let isMonochrome: Bool
    private var mode: Mode
    /// 3D9h: border, background or palette. Kept; text does not show it.
    private var color: UInt8 = 0x30
    private var isLightPenLatched = false

    /// 3B8h and 3D8h.
    struct Mode: OptionSet {
        let rawValue: UInt8
        static let has80Columns = Mode(rawValue: 0b0000_0001)
        static let graphics = Mode(rawValue: 0b0000_0010)
        static let video = Mode(rawValue: 0b0000_1000)
        static let blink = Mode(rawValue: 0b0010_0000)
    }

    /// MDA: nine dots of 16.257 MHz.
    private static let monochromeClock = ClockRatio(hertz: 16_257_000, over: 9)
    private static let monochromeSetting: [UInt8] = [
        0x61, 0x50, 0x52, 0x0F, 0x19, 0x06, 0x19, 0x19, 0x02, 0x0D, 0x0B, 0x0C,
    ]
    private static let colorSetting: [UInt8] = [
        0x71, 0x50, 0x5A, 0x0A, 0x1F, 0x06, 0x19, 0x1C, 0x02, 0x07, 0x06, 0x07,
    ]

    init(isMonochrome: Bool) {
        self.isMonochrome = isMonochrome
        let setting = isMonochrome ? CRTCTextRegisters.monochromeSetting : CRTCTextRegisters.colorSetting
        crtc = Motorola6845(chunkID: ChunkID("CRTC"), registers: setting)
        mode = [.has80Columns, .video, .blink]
    }

    var layout: TextLayout? {
        if !isMonochrome && mode.contains(.graphics) { return nil }
        return TextLayout(
            memoryBase: isMonochrome ? 0xB_0000 : 0xB_8000, memorySize: isMonochrome ? 0x1000 : 0x4000,
            columns: crtc.columns, rows: crtc.rows, start: crtc.startAddress, pitch: crtc.columns,
            cursorCell: crtc.isCursorShown ? crtc.cursorAddress : nil, isBlinkEnabled: mode.contains(.blink),
            isEnabled: mode.contains(.video))
    }

    // MARK: Ports

    func readPort(_ port: UInt16, at now: Tick) -> UInt8 { peekPort(port, at: now) }

    func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        switch port & 15 {
        case 0...7: crtc.peekPort(port, at: now)
        case 10: isMonochrome ? monochromeStatus(at: now) : colorStatus(at: now)
        default: 0xFF
        }
    }

    func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        switch port & 15 {
        case 0...7: crtc.writePort(port, value, at: now)
        case 8: mode = Mode(rawValue: value)
        case 9: color = value
        case 11: isLightPenLatched = false
        case 12: isLightPenLatched = true
        default: break
        }
    }

    /// Bit 0 horizontal sync, bit 3 the video signal. Bits 4-7 read 1.
    ///
    /// Assumption: the dots are not drawn here, so inside the displayed area every other character counts as lit; a
    /// program that waits for either level finds it.
    private func monochromeStatus(at now: Tick) -> UInt8 {
        let characters = CRTCTextRegisters.monochromeClock.cycles(at: now)
        let position = crtc.position(after: characters)
        let isLit = position.isDisplayed && characters & 1 != 0
        return 0b1111_0000 | (isLit ? 0b1000 : 0) | (position.isHorizontalSync ? 1 : 0)
    }

    /// Bit 0 not displaying, 1 light pen latched, 2 light pen switch open, 3 vertical sync. Bits 4-7 read 1.
    private func colorStatus(at now: Tick) -> UInt8 {
        // Eight dots of the crystal at 80 columns, else sixteen.
        let period = ClockPeriod.crystal * (mode.contains(.has80Columns) ? 8 : 16)
        let position = crtc.position(after: now.count / period.count)
        return 0b1111_0100 | (position.isDisplayed ? 0 : 1) | (isLightPenLatched ? 0b10 : 0)
            | (position.isVerticalSync ? 0b1000 : 0)
    }

    func transfer(_ coder: StateCoder) {
        coder.group("crtc") { crtc.transfer(coder) }
        coder.field("mode", &mode)
        coder.field("color", &color)
        coder.field("isLightPenLatched", &isLightPenLatched)
    }
}
