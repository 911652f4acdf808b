import Chips
import Core
import Fonts

/// The video of the IBM PCjr and of the Tandy 1000: a 6845 and a gate array that show system memory.
///
/// Sixteen colours through a palette; 160 by 200 and 320 by 200 dots with 16 colours, 640 by 200 with 4, and the modes
/// of the CGA. The page register 3DFh says which 16 or 32 KB the beam shows and what the processor sees at B8000h: on the
/// Tandy 32 KB from an even page or the 16 KB of an odd one twice, on the PCjr always 16 KB.
///
/// - Tandy: mode at 3D8h and colour at 3D9h as on the CGA; the array's index at 3DAh, its data at 3DEh.
/// - PCjr: index and data of the array in turn at 3DAh; reading 3DAh makes the next write an index.
/// - Sources: [PCJRTR] BIOS listing of "video I/O"; [TANDY1000] pages 46 to 57.
/// - Assumption: the status port is the CGA's on both.
final class TandyCard: CRTCCard, VideoMemoryClient {
    let raster = CRTCRaster(
        crtc: Motorola6845(chunkID: ChunkID("CRTC"), registers: CGACard.registers),
        clock: ClockRatio(hertz: 315_000_000, over: 22), dotsPerCharacter: 8, timing: .color,
        memorySize: 2 * TandyCard.pageSize)
    private let isPCjr: Bool
    private let memory: GuestMemory
    /// Where page 0 is.
    private let memoryBase: Int
    private let painting: ColorPainting
    private let window: VideoWindow
    private var state: State
    /// What follows from the registers.
    private var format = TandyFormat()
    /// Palette and mask together: the dot of each colour number.
    private let palette: UnsafeMutablePointer<UInt8>

    static let pageSize = 0x4000

    struct State: StateValue {
        /// 3D8h and 3D9h of the Tandy.
        var mode: ColorMode = [.has80Columns, .video, .blink]
        var color: UInt8 = 0x30
        /// 3DFh: bits 0-2 the page that is shown, 3-5 the processor's, 6-7 how the row address selects banks.
        var page: UInt8 = 0x3F
        var arrayIndex: UInt8 = 0
        var expectsArrayData = false
        /// Registers 0-1Fh of the gate array; 10h-1Fh are the palette.
        var array = TandyCard.arrayRegisters
        var isLightPenLatched = false

        mutating func transfer(_ coder: StateCoder) {
            coder.field("mode", &mode)
            coder.field("color", &color)
            coder.field("page", &page)
            coder.field("arrayIndex", &arrayIndex)
            coder.field("expectsArrayData", &expectsArrayData)
            array.withUnsafeMutableBytes { coder.memory("array", $0) }
            coder.field("isLightPenLatched", &isLightPenLatched)
            arrayIndex &= 31
        }
    }

    /// 80-column text in color, all palette bits in use, each colour itself.
    private static let arrayRegisters: [UInt8] = {
        var registers = [UInt8](repeating: 0, count: 32)
        (registers[0], registers[1], registers[3]) = (0x09, 0x0F, 0x02)
        for color in 0..<16 { registers[16 + color] = UInt8(color) }
        return registers
    }()

    init(isPCjr: Bool, memory: GuestMemory, settings: CRTCAdapter.Settings) {
        (self.isPCjr, self.memory) = (isPCjr, memory)
        memoryBase = max(settings.systemMemoryBase, 0) & ~(TandyCard.pageSize - 1)
        painting = ColorPainting(settings.fonts.x8)
        state = State()
        // On the Tandy register 3 has other bits, none of them set for text.
        if !isPCjr { state.array[3] = 0 }
        palette = .allocate(capacity: 16)
        palette.initialize(repeating: 0, count: 16)
        window = VideoWindow(
            memory: memory, client: nil, addresses: 0xB_8000..<0xC_0000, base: memoryBase, mask: 0x3FFF)
        window.connect(self)
        raster.connect(self, showsBorder: settings.showsBorder)
        update()
    }

    deinit { palette.deallocate() }

    /// Rebuilds what follows from the registers.
    private func update() {
        format =
            isPCjr
            ? TandyFormat(pcjr: state.array[0], state.array[3], page: state.page)
            : TandyFormat(tandy: state.mode, state.array[3], page: state.page)
        for color in 0..<16 {
            palette[color] = state.array[16 + (color & Int(state.array[1] & 15))] & 15
        }
        let processorPage = Int(state.page >> 3 & 7)
        let isWide = !isPCjr && processorPage & 1 == 0
        window.show(base: memoryBase + processorPage * TandyCard.pageSize, mask: isWide ? 0x7FFF : 0x3FFF)
    }

    private var shownBase: Int {
        memoryBase + Int(state.page & (format.bankMask == 3 ? 6 : 7)) * TandyCard.pageSize
    }

    var grid: CharacterGrid? {
        guard format.kind == .text else { return nil }
        return CharacterGrid(
            memoryBase: shownBase, memorySize: TandyCard.pageSize, crtc: crtc, isBlinkEnabled: format.isBlinkEnabled,
            isEnabled: format.isVideoEnabled)
    }

    // MARK: Ports

    func readPort(_ port: UInt16, at now: Tick) -> UInt8 {
        if port & 15 == 10 { state.expectsArrayData = false }
        access(port, at: now)
        return peekPort(port, at: now)
    }

    func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        switch port & 15 {
        case 0...7: crtc.peekPort(port, at: now)
        case 10: ColorStatus.value(raster.peek(at: now), isLightPenLatched: state.isLightPenLatched)
        default: 0xFF
        }
    }

    func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        access(port, at: now)
        switch port & 15 {
        case 0...7: writeCRTC(port, value, at: now)
        case 8 where !isPCjr: change(at: now) { state.mode = ColorMode(rawValue: value) }
        case 9 where !isPCjr: change(at: now) { state.color = value }
        case 10 where isPCjr && state.expectsArrayData:
            state.expectsArrayData = false
            writeArray(value, at: now)
        case 10:
            state.arrayIndex = value & 31
            state.expectsArrayData = true
        case 14 where !isPCjr: writeArray(value, at: now)
        case 15: change(at: now) { state.page = value }
        default: break
        }
    }

    private func writeArray(_ value: UInt8, at now: Tick) {
        guard state.array[Int(state.arrayIndex)] != value else { return }
        change(at: now) { state.array[Int(state.arrayIndex)] = value }
    }

    private func access(_ port: UInt16, at now: Tick) {
        switch port & 15 {
        case 10: raster.sync(to: now)
        case 11: state.isLightPenLatched = false
        case 12 where !state.isLightPenLatched:
            state.isLightPenLatched = true
            raster.sync(to: now)
            crtc.strobeLightPen()
        default: break
        }
    }

    private func change(at now: Tick, _ body: () -> Void) {
        raster.willChange(at: now)
        body()
        update()
        let dots = format.dotsPerCharacter
        if dots != raster.dotsPerCharacter { raster.setDotsPerCharacter(dots, isAligned: true) }
    }

    // MARK: Picture

    var borderDot: UInt8 {
        // Bit 2 of the Tandy's register 3 chooses the array's border over that of 3D9h.
        let hasOwnBorder = isPCjr || state.array[3] & 0b100 != 0
        return format.isVideoEnabled ? (hasOwnBorder ? state.array[2] : state.color) & 15 : 0
    }
    var dotsPerPixel: Int { format.dotsPerPixel }
    var blinkMask: Int { format.kind == .text ? 0b1_1000 : 0 }
    var displayedMemory: UnsafeRawBufferPointer {
        memory.block(shownBase, format.bankMask == 3 ? 2 * TandyCard.pageSize : TandyCard.pageSize)
    }

    func paint(_ span: Motorola6845.Span, into dots: UnsafeMutablePointer<UInt8>) {
        let block = displayedMemory
        guard format.isVideoEnabled, let start = block.baseAddress else {
            return dots.update(repeating: 0, count: span.count &* format.dotsPerCharacter)
        }
        let base = start.assumingMemoryBound(to: UInt8.self)
        guard format.kind != .text else {
            return painting.paintText(
                span, base, mask: 0x1FFF, dotsPerCharacter: format.dotsPerCharacter,
                isBlinkEnabled: format.isBlinkEnabled, mark: 0, palette: palette, into: dots)
        }
        let bank = base + (span.scanLine & format.bankMask) &* 0x2000
        switch format.kind {
        case .text: break
        case .bits:
            painting.paintBits(
                span, bank, dotsPerCharacter: format.dotsPerCharacter,
                foreground: palette[isPCjr ? 1 : Int(state.color & 15)], background: palette[0], into: dots)
        case .pairs:
            painting.paintPairs(
                span, bank, dotsPerCharacter: format.dotsPerCharacter, colors: pairColors, into: dots)
        case .planes: paintPlanes(span, bank, into: dots)
        case .nibbles: paintNibbles(span, bank, into: dots)
        }
    }

    /// The colours of two-bit pixels.
    private var pairColors: UInt32 {
        let numbers =
            isPCjr
            ? 0x0302_0100
            : ColorPainting.palette(
                state.color, isBlackAndWhite: state.mode.contains(.isBlackAndWhite), mark: 0)
        var colors: UInt32 = 0
        for pixel in 0..<4 {
            let number = Int(numbers >> UInt32(pixel * 8) & 15)
            colors |= UInt32(palette[number]) << UInt32(pixel * 8)
        }
        return colors
    }

    /// 640 dots in four colours: the even byte has bit 0 of eight dots, the odd byte bit 1.
    private func paintPlanes(
        _ span: Motorola6845.Span, _ bank: UnsafePointer<UInt8>, into dots: UnsafeMutablePointer<UInt8>
    ) {
        for index in 0..<span.count {
            let offset = ((span.address &+ index) & 0xFFF) &* 2
            let (low, high) = (DotPatterns.mask(bank[offset]), DotPatterns.mask(bank[offset &+ 1]))
            let clear = DotPatterns.blend(low, palette[1], palette[0])
            let set = DotPatterns.blend(low, palette[3], palette[2])
            DotPatterns.store((high & set) | (~high & clear), dots + index &* 8)
        }
    }

    /// Sixteen colours: four pixels in the two bytes of a character.
    private func paintNibbles(
        _ span: Motorola6845.Span, _ bank: UnsafePointer<UInt8>, into dots: UnsafeMutablePointer<UInt8>
    ) {
        let width = format.dotsPerCharacter / 4
        for index in 0..<span.count {
            let offset = ((span.address &+ index) & 0xFFF) &* 2
            let place = dots + index &* format.dotsPerCharacter
            for pixel in 0..<4 {
                let byte = bank[offset &+ pixel &>> 1]
                let dot = palette[Int(pixel & 1 == 0 ? byte &>> 4 : byte & 15)]
                for column in 0..<width { place[pixel &* width &+ column] = dot }
            }
        }
    }

    func convert(_ dots: UnsafePointer<UInt8>, x: Int, count: Int, into pixels: UnsafeMutablePointer<UInt32>) {
        painting.convert(dots, count: count, into: pixels)
    }

    // MARK: State

    func transfer(_ coder: StateCoder) {
        raster.transfer(coder)
        state.transfer(coder)
    }

    func stateDidRestore() {
        update()
        raster.stateDidRestore(dotsPerCharacter: format.dotsPerCharacter)
    }
}
