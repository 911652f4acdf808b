import Chips
import Core
import Fonts

/// IBM's Monochrome Display Adapter, its display part: text of 80 by 25 in cells of 9 by 14 dots, with 4 KB.
///
/// Source: [PCTR] IBM Monochrome Display and Printer Adapter.
final class MDACard: CRTCCard {
    private var painting: MonochromePainting
    let raster = MonochromePainting.makeRaster(memorySize: MDACard.size)
    private let memory: GuestMemory
    private static let base = 0xB_0000
    private static let size = 0x1000

    init(memory: GuestMemory, settings: CRTCAdapter.Settings) {
        self.memory = memory
        painting = MonochromePainting(settings, base: MDACard.base)
        raster.connect(self, showsBorder: settings.showsBorder)
        // The card decodes no address lines between 4 KB and 32 KB.
        _ = VideoWindow(
            memory: memory, client: self, addresses: 0xB_1000..<0xB_8000, base: MDACard.base, mask: MDACard.size - 1)
        guard settings.catchesEachWrite else { return }
        _ = VideoWindow(
            memory: memory, client: self, addresses: 0xB_0000..<0xB_1000, base: MDACard.base, mask: MDACard.size - 1,
            flags: .deviceWrite)
    }

    var grid: CharacterGrid? { painting.grid(crtc) }

    // MARK: Ports

    func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        switch port & 15 {
        case 0...7: crtc.peekPort(port, at: now)
        case 10: 0b1111_0000 | signals(at: now)
        default: 0xFF
        }
    }

    func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        switch port & 15 {
        case 0...7: writeCRTC(port, value, at: now)
        case 8: setMode(MonochromeMode(rawValue: value), at: now)
        default: break
        }
    }

    private func setMode(_ mode: MonochromeMode, at now: Tick) {
        guard mode != painting.mode else { return }
        raster.willChange(at: now)
        painting.mode = mode
    }

    // MARK: Picture

    let borderDot: UInt8 = 0
    let dotsPerPixel = 1
    let blinkMask = 0b1_1000
    var displayedMemory: UnsafeRawBufferPointer { memory.block(MDACard.base, MDACard.size) }

    func paint(_ span: Motorola6845.Span, into dots: UnsafeMutablePointer<UInt8>) {
        guard let base = memory.physical.baseAddress else { return }
        painting.paintText(span, base + MDACard.base, into: dots)
    }

    func convert(_ dots: UnsafePointer<UInt8>, x: Int, count: Int, into pixels: UnsafeMutablePointer<UInt32>) {
        painting.convert(dots, count: count, into: pixels)
    }

    // MARK: State

    func transfer(_ coder: StateCoder) {
        raster.transfer(coder)
        coder.field("mode", &painting.mode)
    }

    func stateDidRestore() { raster.stateDidRestore(dotsPerCharacter: MonochromePainting.dotsPerCharacter) }
}

/// 3B8h of the MDA and the Hercules card.
struct MonochromeMode: OptionSet {
    let rawValue: UInt8
    static let graphics = MonochromeMode(rawValue: 0b0000_0010)
    static let video = MonochromeMode(rawValue: 0b0000_1000)
    static let blink = MonochromeMode(rawValue: 0b0010_0000)
    static let secondPage = MonochromeMode(rawValue: 0b1000_0000)
}

/// What the MDA and the Hercules card have in common: text, and the monitor.
struct MonochromePainting {
    /// 3B8h.
    var mode: MonochromeMode = [.video, .blink]
    private let base: Int
    private let generator: CharacterGenerator
    private let colors: [UInt32]

    /// Brightness of a dot, as it is sent to the monitor.
    enum Level { static let dark: UInt8 = 0, normal: UInt8 = 1, bright: UInt8 = 2, dim: UInt8 = 3 }

    static let registers: [UInt8] = [
        0x61, 0x50, 0x52, 0x0F, 0x19, 0x06, 0x19, 0x19, 0x02, 0x0D, 0x0B, 0x0C,
    ]
    static let dotsPerCharacter = 9
    /// Text cells address 4 KB.
    static let textMask = 0x7FF
    private static let underlineRow = 12

    init(_ settings: CRTCAdapter.Settings, base: Int) {
        self.base = base
        generator = CharacterGenerator(settings.fonts.x14, rows: 16)
        let full: (UInt32, UInt32, UInt32) =
            switch settings.phosphor {
            case .green: (0x33, 0xFF, 0x33)
            case .amber: (0xFF, 0xB0, 0x00)
            case .white: (0xFF, 0xFF, 0xFF)
            }
        // Thirds of the full brightness.
        colors = [UInt32(0), 2, 3, 1].map { third in
            (full.0 * third / 3) << 16 | (full.1 * third / 3) << 8 | full.2 * third / 3
        }
    }

    static func makeRaster(memorySize: Int) -> CRTCRaster {
        CRTCRaster(
            crtc: Motorola6845(chunkID: ChunkID("CRTC"), registers: registers), clock: ClockRatio(hertz: 16_257_000),
            dotsPerCharacter: dotsPerCharacter, timing: .monochrome, memorySize: memorySize)
    }

    func grid(_ crtc: Motorola6845, memorySize: Int = 0x1000) -> CharacterGrid {
        CharacterGrid(
            memoryBase: base, memorySize: memorySize, crtc: crtc, isBlinkEnabled: mode.contains(.blink),
            isEnabled: mode.contains(.video))
    }

    /// Source: [PCTR] "Attribute byte": 00h and 70h of bits 0-2 and 4-6 are dark and reverse, all others are normal;
    /// colour 1 is underlined. Characters C0h-DFh continue into the ninth dot.
    /// - Parameters:
    ///   - font: sixteen rows a character; nil for the ROM's.
    ///   - width: dots of a character, 8 or 9.
    ///   - mask: which bits of a cell's number reach the memory.
    func paintText(
        _ span: Motorola6845.Span, _ memory: UnsafePointer<UInt8>, font: UnsafePointer<UInt8>? = nil,
        width: Int = MonochromePainting.dotsPerCharacter, mask: Int = MonochromePainting.textMask,
        into dots: UnsafeMutablePointer<UInt8>
    ) {
        guard mode.contains(.video) else {
            return dots.update(repeating: Level.dark, count: span.count &* width)
        }
        let row = span.scanLine & 15
        let isBlinkDark = mode.contains(.blink) && span.frames & 16 != 0
        let cursor = span.frames & 8 == 0 ? span.cursor : -1
        let font = font ?? generator.bytes
        for index in 0..<span.count {
            let cell = ((span.address &+ index) & mask) &* 2
            let (code, attribute) = (memory[cell], memory[cell &+ 1])
            var (foreground, background) = MonochromePainting.levels(attribute)
            if isBlinkDark, attribute & 0x80 != 0 { foreground = background }
            var bits = font[Int(code) &* 16 &+ row]
            var ninth = code & 0xE0 == 0xC0 ? bits & 1 : 0
            if row == MonochromePainting.underlineRow, attribute & 7 == 1 { (bits, ninth) = (0xFF, 1) }
            if index == cursor {
                (bits, ninth) = (0xFF, 1)
                if attribute & 0x77 == 0 { foreground = Level.normal }
            }
            let place = dots + index &* width
            DotPatterns.store(DotPatterns.blend(DotPatterns.mask(bits), foreground, background), place)
            if width == 9 { place[8] = ninth != 0 ? foreground : background }
        }
    }

    @inline(__always) private static func levels(_ attribute: UInt8) -> (UInt8, UInt8) {
        switch attribute & 0x77 {
        case 0x00: (Level.dark, Level.dark)
        case 0x70: (attribute & 8 != 0 ? Level.dim : Level.dark, Level.normal)
        default: (attribute & 8 != 0 ? Level.bright : Level.normal, Level.dark)
        }
    }

    func convert(_ dots: UnsafePointer<UInt8>, count: Int, into pixels: UnsafeMutablePointer<UInt32>) {
        colors.withUnsafeBufferPointer { colors in
            guard let colors = colors.baseAddress else { return }
            for index in 0..<count { (pixels + index).initialize(to: colors[Int(dots[index] & 3)]) }
        }
    }
}

extension CRTCCard {
    /// Bit 0 horizontal sync, bit 3 the video signal: the dot that is drawn now.
    func signals(at now: Tick) -> UInt8 {
        var (beam, dot) = raster.position(at: now)
        let sync: UInt8 = beam.isHorizontalSync ? 1 : 0
        guard beam.isDisplayed else { return sync }
        let span = crtc.step(&beam, limit: 1)
        let isLit = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: MonitorTiming.slack) { buffer in
            guard let base = buffer.baseAddress else { return false }
            base.initialize(repeating: 0, count: buffer.count)
            paint(span, into: base)
            return base[dot & 15] != 0
        }
        return sync | (isLit ? 0b1000 : 0)
    }
}

extension GuestMemory {
    /// Bytes of the machine's memory by physical address; none when they are not all there.
    func block(_ address: Int, _ count: Int) -> UnsafeRawBufferPointer {
        guard address >= 0, count >= 0, address <= physical.count, count <= physical.count - address else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(UnsafeBufferPointer(rebasing: physical[address..<address + count]))
    }
}

extension CRTCCard where Self: VideoMemoryClient {
    func videoMemoryWillChange(at now: Tick) { raster.memoryWillChange(at: now) }
    func videoMemoryIsAccessed(_ byte: UInt8, at now: Tick) {}
}

extension MDACard: VideoMemoryClient {}
