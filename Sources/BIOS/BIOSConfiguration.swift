import Core
import Fonts

/// The machines whose BIOS differs for programs.
public enum MachineKind: UInt8, CaseIterable, Sendable {
    /// IBM 5150: no hard disk, no clock, 83-key keyboard.
    case pc
    /// IBM 5160: as the PC, with a hard disk.
    case xt
    /// IBM 5170 and compatibles: RTC, second interrupt controller, 8042, enhanced keyboard.
    case at
}

/// The video adapters that the BIOS can program.
public enum VideoKind: UInt8, CaseIterable, Sendable {
    case mda, hercules, cga, tandy, pcjr, ega, vga

    /// A 6845 with a monochrome monitor at 3B4h; else the ports are at 3D4h.
    var isMonochrome: Bool { self == .mda || self == .hercules }
    /// The graphics of the CGA, and the registers by which they are set.
    var hasColorGraphics: Bool { self == .cga || self == .tandy || self == .pcjr }
    /// Also the modes 8, 9 and 0Ah.
    var hasSixteenColors: Bool { self == .tandy || self == .pcjr }
}

/// The mouse that the machine has.
public enum MouseConnection: UInt8, CaseIterable, Sendable {
    case none
    /// On the auxiliary port of the 8042, IRQ 12.
    case ps2
    /// A Microsoft mouse at COM1, IRQ 4.
    case serial
}

/// What is fixed about the machine that the BIOS finds at power-on.
public struct BIOSConfiguration: Sendable {
    public var machine: MachineKind
    public var video: VideoKind
    /// An EGA has the MDA's monitor.
    public var hasMonochromeEGA = false
    /// Conventional memory in KB, 16 to 640.
    public var conventionalKilobytes: Int
    /// Memory above 1 MB in KB, 0 to 15,360.
    public var extendedKilobytes: Int
    /// Floppy drives that the equipment word reports, 0 to 4.
    public var floppyCount: Int
    /// With a mouse there is its driver, INT 33h.
    public var mouse: MouseConnection
    /// A plug for joysticks, port 201h.
    public var hasGamePort = false
    /// An 8087 or 80287.
    public var hasCoprocessor = false
    /// Base ports of the serial ports, at most four.
    public var serialPorts: [UInt16] = []
    /// Base ports of the parallel ports, at most three.
    public var parallelPorts: [UInt16] = [0x378]
    /// The VGA has 1 MB and a display interface: there is a VESA BIOS extension.
    public var hasVideoExtension = false
    /// A Tandy 1000's PSSJ at C0h with DMA channel 1 and IRQ 7: INT 1Ah AH=80h to 84h play samples.
    public var hasSoundConverter = false
    public var layout: KeyboardLayout = .unitedStates
    /// The characters in the ROM.
    public var fonts: FontSet = .cp437
    /// Ticks of one processor clock: what the services' costs are counted in.
    public var processorClock: Tick

    public init(
        machine: MachineKind = .at, video: VideoKind = .vga, conventionalKilobytes: Int = 640,
        extendedKilobytes: Int = 0, floppyCount: Int = 0, mouse: MouseConnection = .none, processorClock: Tick? = nil
    ) {
        self.machine = machine
        self.video = video
        self.conventionalKilobytes = conventionalKilobytes
        self.extendedKilobytes = extendedKilobytes
        self.floppyCount = floppyCount
        self.mouse = mouse
        self.processorClock = processorClock ?? (machine == .at ? Tick(210) : ClockPeriod.ibmPC)
    }

    var isAT: Bool { machine == .at }
    /// An MDA's monitor is on whatever adapter there is.
    var isMonochrome: Bool { video.isMonochrome || video == .ega && hasMonochromeEGA }
    /// An EGA with 64 KB, by bits 5 and 6 of 0040:0087: its modes 0Fh and 10h have two planes.
    func hasTwoPlanes(_ data: BIOSDataArea) -> Bool { video == .ega && data[.videoInfo] & 0x60 == 0 }
    /// An EGA or a VGA.
    var hasPlanarVideo: Bool { video == .ega || video == .vga }
}
