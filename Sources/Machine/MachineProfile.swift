import Core
import X86

/// The generation of IBM PC that a machine belongs to: what is on its main board.
public enum MachineFamily: String, CaseIterable, Sendable {
    /// 8253, 8255 with DIP switches, one 8259A, no clock chip.
    case pc
    case xt
    /// 8254, 8042, two 8259A, MC146818, A20 gate.
    case at
}

/// The display adapter.
public enum VideoKind: String, CaseIterable, Sendable {
    case mda, hercules
    case herculesPlus = "hercules-plus"
    case cga, tandy, pcjr, ega, vga
}

/// The mouse, and how it is connected.
public enum MouseKind: String, CaseIterable, Sendable {
    case none
    /// On the keyboard controller of the AT family, IRQ 12.
    case ps2
    /// At COM1, IRQ 4.
    case serial
}

/// How the processor is emulated.
public enum EngineKind: String, CaseIterable, Sendable {
    /// Instruction by instruction, with the clocks of the manual's tables.
    case fast
    /// Clock by clock, with the bus and the prefetch queue: 8088 and 8086.
    case exact
}

/// A kind of machine, as `conf/machines/*.toml` describes it.
public struct MachineProfile: Sendable {
    public var name = "vga286"
    /// One line for `ochenta machines`.
    public var summary = "286 at 12 MHz, VGA, 640 KB and 15 MB extended memory"
    public var family = MachineFamily.at
    public var model = ProcessorModel.i80286
    /// `exact` is for the 8088, the 8086 and the 80286; an 80186 is run by the fast engine.
    public var engine = EngineKind.fast
    /// Ticks of one processor clock.
    public var clockPeriod = Tick(210)
    public var video = VideoKind.vga
    public var monitor = MonitorProfile()
    /// Whether a CGA of an exact machine shows snow in 80-column text.
    public var hasSnow = false
    /// The memory of an EGA: 64, 128 or 256 KB.
    public var egaKilobytes = 256
    /// A VGA with 1 MB and a VESA BIOS extension.
    public var hasVideoExtension = false
    /// Base memory, 64 to 640 KB.
    public var conventionalKilobytes = 640
    /// Memory above 1 MB, 0 to 15,360 KB; only on the AT family.
    public var extendedKilobytes = 15_360
    /// An 8087 beside an 8086, 8088 or 80186, an 80287 beside an 80286.
    public var hasCoprocessor = false
    public var sound = SoundConfiguration()
    /// Nil: as the family has it, a PS/2 mouse on the AT, a serial one on the PC and XT.
    public var mouse: MouseKind?
    /// A plug for joysticks, port 201h. Nil: as what makes the sound has it.
    public var gamePort: Bool?

    public init() {}

    /// Whether there is a plug for joysticks.
    public var hasGamePort: Bool { gamePort ?? sound.hasGamePort(family: family) }

    /// The mouse that the machine gets. Only an AT has a place for a PS/2 mouse.
    var connectedMouse: MouseKind {
        switch mouse {
        case .none?: .none
        case .serial?: .serial
        default: family == .at ? .ps2 : .serial
        }
    }
}
