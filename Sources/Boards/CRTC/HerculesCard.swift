import Chips
import Core
import Fonts

/// Hercules Graphics Card: the text of the MDA, and 720 by 348 dots in two pages of 32 KB.
///
/// The configuration switch 3BFh allows graphics (bit 0) and the upper page (bit 1); off, as at power-on, the bits of
/// 3B8h that ask for them do nothing, and no memory answers at B8000h.
///
/// The Hercules Graphics Card Plus has loadable characters besides (`RAMFont`), and says 001 in bits 4 to 6 of its status.
///
/// Source: [HERCULES]; [VGADOC] HERCULES.TXT for the status of the Plus.
final class HerculesCard: CRTCCard, VideoMemoryClient {
    private var painting: MonochromePainting
    let raster = MonochromePainting.makeRaster(memorySize: 2 * HerculesCard.pageSize)
    /// Of the Plus.
    private let isPlus: Bool
    private var ramFont = RAMFont()
    private let memory: GuestMemory
    private let upperPage: VideoWindow
    private var configuration: Configuration = []

    /// 3BFh.
    private struct Configuration: OptionSet {
        let rawValue: UInt8
        static let graphics = Configuration(rawValue: 0b01)
        static let upperPage = Configuration(rawValue: 0b10)
    }

    private static let base = 0xB_0000
    private static let pageSize = 0x8000
    private static let textSize = 0x1000
    private static let graphicsDots = 16

    init(isPlus: Bool, memory: GuestMemory, settings: CRTCAdapter.Settings) {
        (self.isPlus, self.memory) = (isPlus, memory)
        painting = MonochromePainting(settings, base: HerculesCard.base)
        upperPage = VideoWindow(
            memory: memory, client: nil, addresses: 0xB_8000..<0xC_0000, base: 0xB_8000,
            mask: HerculesCard.pageSize - 1)
        catchesEachWrite = settings.catchesEachWrite
        raster.connect(self, showsBorder: settings.showsBorder)
        memory.fill(0xB_8000..<0xC_0000, with: 0)
        if catchesEachWrite {
            _ = VideoWindow(
                memory: memory, client: self, addresses: 0xB_0000..<0xB_8000, base: HerculesCard.base,
                mask: HerculesCard.pageSize - 1, flags: .deviceWrite)
        }
        routeUpperPage()
    }

    private let catchesEachWrite: Bool

    /// Plain memory while the page is there, in fast profiles.
    private func routeUpperPage() {
        let addresses = 0xB_8000..<0xC_0000
        guard configuration.contains(.upperPage) else {
            upperPage.show(base: 0xB_8000, mask: HerculesCard.pageSize - 1, isOpen: false)
            return memory.route(addresses, flags: .device, device: upperPage)
        }
        if catchesEachWrite {
            _ = VideoWindow(
                memory: memory, client: self, addresses: addresses, base: 0xB_8000, mask: HerculesCard.pageSize - 1,
                flags: .deviceWrite)
        } else {
            memory.route(addresses, flags: [])
        }
    }

    /// Dots of a character, as the registers say.
    private var registerDots: Int {
        configuration.contains(.graphics) && painting.mode.contains(.graphics)
            ? HerculesCard.graphicsDots : ramFont.dotsPerCharacter
    }

    /// The character clock is in force before anything is drawn with it.
    private var isGraphics: Bool { raster.dotsPerCharacter == HerculesCard.graphicsDots }

    /// The address that is shown in graphics.
    private var pageBase: Int {
        let isSecond = configuration.contains(.upperPage) && painting.mode.contains(.secondPage)
        return HerculesCard.base + (isSecond ? HerculesCard.pageSize : 0)
    }

    var grid: CharacterGrid? {
        guard !isGraphics else { return nil }
        var grid = painting.grid(crtc, memorySize: isPlus ? 2 * (RAMFont.textMask + 1) : HerculesCard.textSize)
        if ramFont.isLarge { grid.attribute = { [mode = painting.mode] in RAMFont.monochrome($0, mode) } }
        return grid
    }

    // MARK: Ports

    /// Bit 7 of the status is 0 in the vertical sync pulse.
    func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        switch port & 15 {
        case 0...7: crtc.peekPort(port, at: now)
        case 10:
            signals(at: now) | (raster.peek(at: now).isVerticalSync ? 0 : 0b1000_0000) | (isPlus ? 0b0001_0000 : 0)
        default: 0xFF
        }
    }

    func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        // The odd ones of the first eight.
        if isPlus, port & 0b1001 == 1, RAMFont.registers.contains(crtc.index) { return setRAMFont(value, at: now) }
        switch port & 15 {
        case 0...7: writeCRTC(port, value, at: now)
        case 8: change(at: now) { painting.mode = MonochromeMode(rawValue: value) }
        case 15:
            change(at: now) { configuration = Configuration(rawValue: value & 0b11) }
            routeUpperPage()
        default: break
        }
    }

    private func setRAMFont(_ value: UInt8, at now: Tick) {
        var new = ramFont
        new.set(crtc.index, value)
        if new != ramFont { change(at: now) { ramFont = new } }
    }

    private func change(at now: Tick, _ body: () -> Void) {
        raster.willChange(at: now)
        body()
        if registerDots != raster.dotsPerCharacter { raster.setDotsPerCharacter(registerDots, isAligned: false) }
    }

    // MARK: Picture

    let borderDot: UInt8 = 0
    let dotsPerPixel = 1
    var blinkMask: Int { isGraphics ? 0 : 0b1_1000 }
    var displayedMemory: UnsafeRawBufferPointer {
        if isGraphics { return memory.block(pageBase, HerculesCard.pageSize) }
        return memory.block(HerculesCard.base, isPlus ? 2 * HerculesCard.pageSize : HerculesCard.textSize)
    }

    func paint(_ span: Motorola6845.Span, into dots: UnsafeMutablePointer<UInt8>) {
        guard let base = memory.physical.baseAddress else { return }
        if isGraphics {
            paintGraphics(span, base + pageBase, into: dots)
        } else if isPlus {
            let memory = UnsafePointer(base + HerculesCard.base)
            ramFont.paint(span, memory, painting, width: raster.dotsPerCharacter, into: dots)
        } else {
            painting.paintText(span, base + HerculesCard.base, into: dots)
        }
    }

    /// Two bytes a character; row address bits 0 and 1 choose one of four banks of 8 KB.
    private func paintGraphics(
        _ span: Motorola6845.Span, _ page: UnsafePointer<UInt8>, into dots: UnsafeMutablePointer<UInt8>
    ) {
        guard painting.mode.contains(.video) else {
            return dots.update(repeating: 0, count: span.count &* HerculesCard.graphicsDots)
        }
        let bank = page + (span.scanLine & 3) &* 0x2000
        let level = MonochromePainting.Level.normal
        for index in 0..<span.count {
            let offset = ((span.address &+ index) & 0xFFF) &* 2
            let place = dots + index &* HerculesCard.graphicsDots
            DotPatterns.store(DotPatterns.blend(DotPatterns.mask(bank[offset]), level, 0), place)
            DotPatterns.store(DotPatterns.blend(DotPatterns.mask(bank[offset &+ 1]), level, 0), place + 8)
        }
    }

    func convert(_ dots: UnsafePointer<UInt8>, x: Int, count: Int, into pixels: UnsafeMutablePointer<UInt32>) {
        painting.convert(dots, count: count, into: pixels)
    }

    // MARK: State

    func transfer(_ coder: StateCoder) {
        raster.transfer(coder)
        coder.field("mode", &painting.mode)
        coder.field("configuration", &configuration)
        if isPlus { coder.field("ramFont", &ramFont) }
    }

    func stateDidRestore() {
        routeUpperPage()
        raster.stateDidRestore(dotsPerCharacter: registerDots)
    }
}
