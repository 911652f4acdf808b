import Chips
import Core
import Fonts

/// IBM's Color/Graphics Monitor Adapter: 16 KB of memory, an RGBI and a composite output.
///
/// Characters are 8 dots of 14.318 MHz in 80-column text, else 16; the two clocks divide the same count of dots.
///
/// Source: [PCTR] IBM Color/Graphics Monitor Adapter; [CGASIGNAL] for the composite output.
/// Assumption: with 80 columns the composite burst is sent as in other modes; on the card its timing is off.
final class CGACard: CRTCCard, VideoMemoryClient {
    let raster = CRTCRaster(
        crtc: Motorola6845(chunkID: ChunkID("CRTC"), registers: CGACard.registers),
        clock: ClockRatio(hertz: 315_000_000, over: 22), dotsPerCharacter: 8, timing: .color,
        memorySize: CGACard.size)
    private let memory: GuestMemory
    private let painting: ColorPainting
    private let decoder: CompositeDecoder?
    private let isSnowing: Bool
    private var mode: ColorMode = [.has80Columns, .video, .blink]
    /// 3D9h: bits 0-3 border, background or colour of 640 dots; bit 4 bright palette, bit 5 palette.
    private var color: UInt8 = 0x30
    private var isLightPenLatched = false
    /// The byte that the processor moves while the next character is fetched.
    private var snow: UInt8?

    static let registers: [UInt8] = [
        0x71, 0x50, 0x5A, 0x0A, 0x1F, 0x06, 0x19, 0x1C, 0x02, 0x07, 0x06, 0x07,
    ]
    private static let base = 0xB_8000
    private static let size = 0x4000

    init(memory: GuestMemory, settings: CRTCAdapter.Settings) {
        self.memory = memory
        painting = ColorPainting(settings.fonts.x8)
        decoder =
            settings.composite == .none
            ? nil : CompositeDecoder(isNewCard: settings.composite == .newCard, hueDegrees: settings.hueDegrees)
        isSnowing = settings.isSnowing
        raster.connect(self, showsBorder: settings.showsBorder)
        _ = VideoWindow(
            memory: memory, client: self, addresses: 0xB_C000..<0xC_0000, base: CGACard.base, mask: CGACard.size - 1)
        guard settings.catchesEachWrite || isSnowing else { return }
        _ = VideoWindow(
            memory: memory, client: self, addresses: 0xB_8000..<0xB_C000, base: CGACard.base, mask: CGACard.size - 1,
            flags: isSnowing ? .device : .deviceWrite)
    }

    var grid: CharacterGrid? {
        guard !mode.contains(.graphics) else { return nil }
        return CharacterGrid(
            memoryBase: CGACard.base, memorySize: CGACard.size, crtc: crtc, isBlinkEnabled: mode.contains(.blink),
            isEnabled: mode.contains(.video))
    }

    // MARK: Ports

    func readPort(_ port: UInt16, at now: Tick) -> UInt8 {
        access(port, at: now)
        return peekPort(port, at: now)
    }

    func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        switch port & 15 {
        case 0...7: crtc.peekPort(port, at: now)
        case 10: ColorStatus.value(raster.peek(at: now), isLightPenLatched: isLightPenLatched)
        default: 0xFF
        }
    }

    func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        access(port, at: now)
        switch port & 15 {
        case 0...7: writeCRTC(port, value, at: now)
        case 8: setMode(ColorMode(rawValue: value), at: now)
        case 9 where value != color:
            raster.willChange(at: now)
            color = value
        default: break
        }
    }

    /// 3DBh clears the light pen latch, 3DCh sets it, by reading or writing.
    private func access(_ port: UInt16, at now: Tick) {
        switch port & 15 {
        case 10: raster.sync(to: now)
        case 11: isLightPenLatched = false
        case 12 where !isLightPenLatched:
            isLightPenLatched = true
            raster.sync(to: now)
            crtc.strobeLightPen()
        default: break
        }
    }

    private func setMode(_ value: ColorMode, at now: Tick) {
        guard value != mode else { return }
        raster.willChange(at: now)
        mode = value
        let dots = mode.contains(.has80Columns) ? 8 : 16
        if dots != raster.dotsPerCharacter { raster.setDotsPerCharacter(dots, isAligned: true) }
    }

    // MARK: Snow

    func videoMemoryIsAccessed(_ byte: UInt8, at now: Tick) {
        guard isSnowing, raster.isWatched, mode.contains(.has80Columns), !mode.contains(.graphics) else { return }
        raster.disturb(at: now)
        if raster.peek(at: now).isDisplayed { snow = byte }
    }

    // MARK: Picture

    /// The border is in the background's colour but with 640 dots, whose colour register is the foreground's.
    var borderDot: UInt8 {
        guard mode.contains(.video) else { return burstMark }
        return (mode.contains([.graphics, .fineDots]) ? 0 : color & 15) | burstMark
    }

    /// Bit 4 of a dot: the composite signal has no colour burst.
    private var burstMark: UInt8 { mode.contains(.isBlackAndWhite) ? CompositeDecoder.noBurst : 0 }

    var dotsPerPixel: Int { mode.contains(.has80Columns) || mode.contains([.graphics, .fineDots]) ? 1 : 2 }
    var blinkMask: Int { mode.contains(.graphics) ? 0 : 0b1_1000 }
    var displayedMemory: UnsafeRawBufferPointer { memory.block(CGACard.base, CGACard.size) }

    func paint(_ span: Motorola6845.Span, into dots: UnsafeMutablePointer<UInt8>) {
        guard let whole = memory.physical.baseAddress else { return }
        let base = UnsafePointer(whole + CGACard.base)
        let dotsPerCharacter = raster.dotsPerCharacter
        let mark = burstMark
        guard mode.contains(.video) else {
            return dots.update(repeating: mark, count: span.count &* dotsPerCharacter)
        }
        guard mode.contains(.graphics) else {
            painting.paintText(
                span, base, mask: 0x1FFF, dotsPerCharacter: dotsPerCharacter, isBlinkEnabled: mode.contains(.blink),
                mark: mark, into: dots)
            if let snow {
                paintSnow(snow, span, mark, into: dots)
                self.snow = nil
            }
            return
        }
        let bank = base + (span.scanLine & 1) &* 0x2000
        if mode.contains(.fineDots) {
            painting.paintBits(
                span, bank, dotsPerCharacter: dotsPerCharacter, foreground: color & 15 | mark, background: mark,
                into: dots)
        } else {
            painting.paintPairs(
                span, bank, dotsPerCharacter: dotsPerCharacter,
                colors: ColorPainting.palette(color, isBlackAndWhite: mode.contains(.isBlackAndWhite), mark: mark),
                into: dots)
        }
    }

    /// The processor's byte takes the place of character and attribute.
    private func paintSnow(
        _ byte: UInt8, _ span: Motorola6845.Span, _ mark: UInt8, into dots: UnsafeMutablePointer<UInt8>
    ) {
        var one = span
        (one.count, one.address, one.cursor) = (1, 0, -1)
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 2) { cell in
            cell.initialize(repeating: byte)
            guard let base = cell.baseAddress else { return }
            painting.paintText(
                one, base, mask: 0, dotsPerCharacter: raster.dotsPerCharacter, isBlinkEnabled: mode.contains(.blink),
                mark: mark, into: dots)
        }
    }

    func convert(_ dots: UnsafePointer<UInt8>, x: Int, count: Int, into pixels: UnsafeMutablePointer<UInt32>) {
        if let decoder {
            decoder.decode(dots, x: x, count: count, into: pixels)
        } else {
            painting.convert(dots, count: count, into: pixels)
        }
    }

    // MARK: State

    func transfer(_ coder: StateCoder) {
        raster.transfer(coder)
        coder.field("mode", &mode)
        coder.field("color", &color)
        coder.field("isLightPenLatched", &isLightPenLatched)
    }

    func stateDidRestore() {
        snow = nil
        raster.stateDidRestore(dotsPerCharacter: mode.contains(.has80Columns) ? 8 : 16)
    }
}

/// 3D8h.
struct ColorMode: OptionSet {
    let rawValue: UInt8
    static let has80Columns = ColorMode(rawValue: 0b0000_0001)
    static let graphics = ColorMode(rawValue: 0b0000_0010)
    static let isBlackAndWhite = ColorMode(rawValue: 0b0000_0100)
    static let video = ColorMode(rawValue: 0b0000_1000)
    /// 640 dots in graphics.
    static let fineDots = ColorMode(rawValue: 0b0001_0000)
    static let blink = ColorMode(rawValue: 0b0010_0000)
}

/// 3DAh.
enum ColorStatus {
    /// Bit 0 not displaying, 1 light pen latched, 2 light pen switch open, 3 vertical sync. Bits 4-7 read 1.
    static func value(_ beam: Motorola6845.Beam, isLightPenLatched: Bool) -> UInt8 {
        0b1111_0100 | (beam.isDisplayed ? 0 : 1) | (isLightPenLatched ? 0b10 : 0)
            | (beam.isVerticalSync ? 0b1000 : 0)
    }
}
