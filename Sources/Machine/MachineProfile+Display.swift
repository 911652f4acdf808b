import Boards
import Core
import Fonts
import X86Exact

extension MachineProfile {
    /// The adapter that the profile names. Memory has been laid out: mirrors and windows are routed here.
    /// - Parameter interrupt: IRQ 2, for the vertical interrupt of the EGA and the VGA.
    func makeDisplayAdapter(
        _ memory: GuestMemory, fonts: FontSet, interrupt: Line, _ scheduler: Scheduler
    ) -> any DisplayAdapter {
        func planar(_ variant: VGAVariant) -> VGAAdapter {
            VGAAdapter(
                variant: variant, memory: memory, seesEveryAccess: engine == .exact, showsBorder: monitor.showsBorder,
                interrupt: interrupt, slot: scheduler.makeSlot("vertical retrace"))
        }
        let kind: CRTCAdapter.Kind
        switch video {
        case .mda: kind = .mda
        case .hercules: kind = .hercules
        case .herculesPlus: kind = .herculesPlus
        case .cga: kind = .cga
        case .tandy: kind = .tandy
        case .pcjr: kind = .pcjr
        case .ega: return planar(.ega(EGAFitting(kilobytes: egaKilobytes, monitor: monitor.ega)))
        case .vga: return planar(hasVideoExtension ? .superVGA : .vga)
        }
        var settings = CRTCAdapter.Settings()
        settings.fonts = fonts
        settings.catchesEachWrite = engine == .exact
        settings.showsBorder = monitor.showsBorder
        settings.phosphor = monitor.phosphor
        settings.composite = monitor.composite
        settings.hueDegrees = monitor.hueDegrees
        settings.isSnowing = hasSnow && engine == .exact
        settings.systemMemoryBase = video.isInSystemMemory ? videoMemoryBase : 0
        return CRTCAdapter(kind: kind, memory: memory, settings: settings)
    }

    /// The PCjr shows its first 128 KB, the Tandy 1000 the last 128 KB of what it has.
    private var videoMemoryBase: Int {
        video == .pcjr ? 0 : max(conventionalKilobytes - 128, 0) * 1_024
    }

    /// Memory below 1 MB that is left for programs, in KB.
    ///
    /// Assumption: 32 KB are kept for the picture, as the modes of 32 KB need. IBM's and Tandy's BIOS keep 16 KB and leave
    /// it to the program to find the others.
    public var programKilobytes: Int {
        video.isInSystemMemory ? max(conventionalKilobytes - 32, 32) : conventionalKilobytes
    }
}

extension MachineProfile {
    /// Where the processor of a PC or XT waits for the display: windows of cards, and the system memory that the PCjr and
    /// the Tandy 1000 show.
    var sharedMemory: [Range<Int>] {
        let window = 0xB_8000..<0xC_0000
        func page(_ address: Int) -> Int { address & ~(GuestMemory.pageSize - 1) }
        return switch video {
        case .mda: [0xB_0000..<0xB_8000]
        case .hercules, .herculesPlus: [0xB_0000..<0xC_0000]
        case .cga: [window]
        case .ega, .vga: [0xA_0000..<0xC_0000]
        case .tandy, .pcjr:
            [
                page(videoMemoryBase)..<page(min(videoMemoryBase + 0x2_0000, conventionalKilobytes * 1_024)), window,
            ]
        }
    }
}

extension VideoKind {
    var isMonochrome: Bool { [.mda, .hercules, .herculesPlus].contains(self) }
    /// The picture is in the machine's own memory.
    var isInSystemMemory: Bool { self == .tandy || self == .pcjr }
}

/// The monitor, and to which output of the adapter it is connected.
public struct MonitorProfile: Hashable, Sendable {
    /// Of a monochrome monitor.
    public var phosphor = CRTCAdapter.Phosphor.green
    /// Of a CGA.
    public var composite = CRTCAdapter.Composite.none
    /// Of a composite monitor.
    public var hueDegrees = 0
    /// Of an EGA.
    public var ega = EGAFitting.Monitor.enhancedColor
    /// Whether pictures have the border.
    public var showsBorder = false

    public init() {}
}

extension NarrowBus80286 {
    /// The AT's slots of eight bits, with the display adapter in one: six clocks a byte up to 8 MHz. A faster machine's
    /// slots keep to 8 MHz.
    static func slots(clockPeriod: Tick) -> NarrowBus80286 {
        let cycle = 6 * (Tick.perSecond / 8_000_000)
        let clocks = max(6, (cycle + clockPeriod.count - 1) / clockPeriod.count)
        return NarrowBus80286(memory: 0xA_0000..<0xE_0000, waits: UInt8(clamping: clocks - 2))
    }
}
