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

/// One call of INT 21h (or of a related entry) that is being served.
///
/// A function reads and writes `registers`. If it returns anything but `.done` or `.transfer`, it runs again from its
/// start when the wait or the guest call is over, and finds its place by `progress` and the guest's `answer`.
final class Call {
    var registers: CallRegisters
    var progress: CallProgress
    /// The processor's registers after a `.guest` call has come back; nil after a wait and on the first run.
    var answer: CallRegisters?
    /// Whether the guest came back by RETF, which leaves the flags on the stack (INT 23h handlers do).
    var returnedFar = false
    let context: ServiceContext
    /// Where the caller's registers are on the caller's stack.
    let frame: FarPointer
    /// What the keyboard said when it was asked in the guest just before this run: nil when it was not asked, then
    /// nil inside when it had no key.
    var polledKey: UInt16??
    /// AX of a port service (INT 14h, INT 17h) that the guest has performed just before this run.
    var portAnswer: UInt16?
    /// The place of an error of a volume or device, for INT 24h. File functions set it before they throw.
    var fault = Fault()

    init(
        _ registers: CallRegisters, progress: CallProgress = CallProgress(), answer: CallRegisters? = nil,
        frame: FarPointer, in context: ServiceContext
    ) {
        self.registers = registers
        self.frame = frame
        self.progress = progress
        self.answer = answer
        self.context = context
    }

    var memory: GuestMemory { context.memory }

    /// CS of the caller.
    var callerSegment: UInt16 { memory.read16(frame + 20) }
    /// The address behind the caller's INT instruction.
    var returnAddress: FarPointer { memory.readPointer(frame + 18) }
}

/// What INT 24h tells of an error.
struct Fault {
    /// 0 is A; nil is the drive that was used last in the call.
    var drive: UInt8?
    var isWrite = false
    /// The character device that failed; nil for a drive.
    var device: CharacterDevice?
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
    /// As `guestInterrupt`, but on the caller's own stack, as INT 23h and 24h are.
    case callerInterrupt(UInt8, CallRegisters)
    /// Ctrl-C was pressed: print it, perform INT 23h, and begin the call again or end the process.
    case controlC
    /// Perform a far call in the guest with these registers, then run the function again with `answer`.
    case guestCall(FarPointer, CallRegisters)
    /// The function has set up the processor itself (EXEC, termination): go on at CS:IP.
    case transfer
    /// The first program has ended.
    case exit(UInt8)
}
