import Core
import X86

/// The registers with which a program called INT 21h, and with which it goes on.
struct CallRegisters: Hashable, StateValue {
    var ax: UInt16 = 0
    var bx: UInt16 = 0
    var cx: UInt16 = 0
    var dx: UInt16 = 0
    var si: UInt16 = 0
    var di: UInt16 = 0
    var bp: UInt16 = 0
    var ds: UInt16 = 0
    var es: UInt16 = 0
    var flags: UInt16 = 0

    init() {}

    init(_ cpu: Registers) {
        (ax, bx, cx, dx) = (cpu.ax, cpu.bx, cpu.cx, cpu.dx)
        (si, di, bp, ds, es, flags) = (cpu.si, cpu.di, cpu.bp, cpu.ds, cpu.es, cpu.flags)
    }

    /// Loads all but the flags into the processor.
    func load(into cpu: Registers) {
        (cpu.ax, cpu.bx, cpu.cx, cpu.dx) = (ax, bx, cx, dx)
        (cpu.si, cpu.di, cpu.bp, cpu.ds, cpu.es) = (si, di, bp, ds, es)
    }

    var al: UInt8 {
        get { UInt8(truncatingIfNeeded: ax) }
        set { ax = ax & 0xFF00 | UInt16(newValue) }
    }
    var ah: UInt8 {
        get { UInt8(ax >> 8) }
        set { ax = ax & 0x00FF | UInt16(newValue) << 8 }
    }
    var bl: UInt8 {
        get { UInt8(truncatingIfNeeded: bx) }
        set { bx = bx & 0xFF00 | UInt16(newValue) }
    }
    var bh: UInt8 {
        get { UInt8(bx >> 8) }
        set { bx = bx & 0x00FF | UInt16(newValue) << 8 }
    }
    var cl: UInt8 {
        get { UInt8(truncatingIfNeeded: cx) }
        set { cx = cx & 0xFF00 | UInt16(newValue) }
    }
    var ch: UInt8 {
        get { UInt8(cx >> 8) }
        set { cx = cx & 0x00FF | UInt16(newValue) << 8 }
    }
    var dl: UInt8 {
        get { UInt8(truncatingIfNeeded: dx) }
        set { dx = dx & 0xFF00 | UInt16(newValue) }
    }
    var dh: UInt8 {
        get { UInt8(dx >> 8) }
        set { dx = dx & 0x00FF | UInt16(newValue) << 8 }
    }

    var dsdx: FarPointer { FarPointer(ds, dx) }
    var dssi: FarPointer { FarPointer(ds, si) }
    var esdi: FarPointer { FarPointer(es, di) }
    var esbx: FarPointer { FarPointer(es, bx) }

    var carry: Bool {
        get { flags & Flag.carry != 0 }
        set { flags = newValue ? flags | Flag.carry : flags & ~Flag.carry }
    }
    var zero: Bool {
        get { flags & Flag.zero != 0 }
        set { flags = newValue ? flags | Flag.zero : flags & ~Flag.zero }
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("ax", &ax)
        coder.field("bx", &bx)
        coder.field("cx", &cx)
        coder.field("dx", &dx)
        coder.field("si", &si)
        coder.field("di", &di)
        coder.field("bp", &bp)
        coder.field("ds", &ds)
        coder.field("es", &es)
        coder.field("flags", &flags)
    }
}

/// How far a function has come that had to wait or to call guest code. Each function gives the fields its own meaning.
struct CallProgress: StateValue {
    /// 0 when the function runs for the first time.
    var phase: UInt8 = 0
    var index: UInt32 = 0
    var words: [UInt16] = []
    var bytes: [UInt8] = []

    init() {}

    mutating func transfer(_ coder: StateCoder) {
        coder.field("phase", &phase)
        coder.field("index", &index)
        coder.array("words", &words, limit: 64)
        coder.field("bytes", &bytes, limit: 0x1_0000)
    }
}

/// One call of INT 21h (or of a related entry) that is being served.
///
/// A function reads and writes `registers`. If it returns anything but `.done` or `.transfer`, it runs again from its
/// start when the wait or the guest call is over, and finds its place by `progress` and the guest's `answer`.
final class Call {
    var registers: CallRegisters
    var progress: CallProgress
    /// The processor's registers after a `.guest` call has come back; nil after a wait and on the first run.
    let answer: CallRegisters?
    let context: ServiceContext

    init(
        _ registers: CallRegisters, progress: CallProgress = CallProgress(), answer: CallRegisters? = nil,
        in context: ServiceContext
    ) {
        self.registers = registers
        self.progress = progress
        self.answer = answer
        self.context = context
    }

    var memory: GuestMemory { context.memory }
}

/// What a function does next.
enum CallResult {
    /// Return to the caller with `registers`.
    case done
    /// Wait for an interrupt, then run the function again.
    case wait
    /// As `wait`, but perform INT 28h first: a console wait, in which resident programs may work.
    case idle
    /// The host's standard input is needed; then run the function again.
    case hostInput
    /// Perform an interrupt in the guest with these registers, then run the function again with `answer`.
    case guestInterrupt(UInt8, CallRegisters)
    /// Perform a far call in the guest with these registers, then run the function again with `answer`.
    case guestCall(FarPointer, CallRegisters)
    /// The function has set up the processor itself (EXEC, termination): go on at CS:IP.
    case transfer
    /// The first program has ended.
    case exit(UInt8)
}
