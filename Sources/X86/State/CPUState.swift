import Core

/// Bits of the FLAGS register.
public enum Flag {
    /// The flags that arithmetic sets.
    public static let arithmetic: UInt16 = carry | parity | auxiliary | zero | sign | overflow
    public static let control: UInt16 = trap | interrupt | direction
    public static let carry: UInt16 = 0x0001
    public static let parity: UInt16 = 0x0004
    public static let auxiliary: UInt16 = 0x0010
    public static let zero: UInt16 = 0x0040
    public static let sign: UInt16 = 0x0080
    public static let trap: UInt16 = 0x0100
    public static let interrupt: UInt16 = 0x0200
    public static let direction: UInt16 = 0x0400
    public static let overflow: UInt16 = 0x0800
}

/// The state of a processor between two instructions, as one flat block that both engines work on in place.
///
/// The order of the first 13 words is fixed: an engine reaches them by number (general registers in the order of the
/// instruction set, a word that is always zero, segment registers in the order ES CS SS DS).
public struct CPUState {
    public var ax: UInt16 = 0
    public var cx: UInt16 = 0
    public var dx: UInt16 = 0
    public var bx: UInt16 = 0
    public var sp: UInt16 = 0
    public var bp: UInt16 = 0
    public var si: UInt16 = 0
    public var di: UInt16 = 0
    /// The index register of addressing forms that have none.
    public var zero: UInt16 = 0
    public var es: UInt16 = 0
    public var cs: UInt16 = 0xFFFF
    public var ss: UInt16 = 0
    public var ds: UInt16 = 0
    public var ip: UInt16 = 0
    /// FLAGS as of the last instruction, complete whenever an engine is not running.
    public var flags: UInt16 = 0x0002
    /// An interrupt shadow: the next instruction runs before interrupts are looked at (after MOV SS, POP SS, STI).
    public var isShadowed = false
    /// The shadow holds back NMI and the single-step trap as well (after MOV SS, POP SS).
    public var isShadowDeep = false
    /// A single-step trap is due at this boundary: the last instruction began with TF set.
    public var isTrapPending = false
    /// CS:IP is at a repeated string instruction that was suspended between two repeats. Going on costs no new start.
    public var isRepeating = false
    /// The suspended instruction as it was decoded, for it may have written over its own bytes: opcode, prefix, number
    /// of the source's segment register, IP behind it. All zero when none is suspended.
    public var repeatedOpcode: UInt8 = 0
    public var repeatedPrefix: UInt8 = 0
    public var repeatedSegment: UInt8 = 0
    public var repeatedEnd: UInt16 = 0
    /// An interrupt or fault could not be entered (80286). A reset ends it, or an NMI that can be entered.
    public var isShutDown = false
    /// HLT has been executed and nothing has ended it yet.
    public var isHalted = false
    /// The machine status word of the 80286.
    public var msw: UInt16 = 0xFFF0
    /// Base and limit of the interrupt table and the global descriptor table (80286).
    public var idtBase: UInt32 = 0
    public var idtLimit: UInt16 = 0x03FF
    public var gdtBase: UInt32 = 0
    public var gdtLimit: UInt16 = 0xFFFF
    /// What LOADALL has loaded beside the segment registers (80286).
    public var caches = DescriptorCaches()
    /// A program has asked for protected mode, which is not provided (80286).
    public var hasRequestedProtectedMode = false
    /// CS:IP of the first such request, or just behind it.
    public var requestSegment: UInt16 = 0
    public var requestOffset: UInt16 = 0
    /// Instructions executed since power-on; the repeats of a string instruction count as one.
    public var instructionCount: UInt64 = 0
    /// Level of the INTR pin.
    public var isInterruptRequested = false
    /// The ERROR# pin of an 80286 is asserted. An AT leaves it alone and makes IRQ 13 of the coprocessor's errors.
    public var isErrorAsserted = false
    /// An NMI edge that has not been served.
    public var isNMIPending = false
    /// The present, at an instruction boundary.
    public var now = Tick.zero

    public init() {}

    /// What RESET does. Time, the count of instructions and the INTR pin go on.
    public mutating func reset(_ model: ProcessorModel) {
        var fresh = CPUState()
        fresh.now = now
        fresh.instructionCount = instructionCount
        fresh.isInterruptRequested = isInterruptRequested
        fresh.isErrorAsserted = isErrorAsserted
        fresh.flags = model.fixedFlags
        if model == .i80286 { (fresh.cs, fresh.ip) = (0xF000, 0xFFF0) }
        self = fresh
    }

    /// An interrupt or fault cannot be entered.
    ///
    /// Source: [80286DS] shutdown: vector 8 or 13 beyond the limit of the table, or a push around the end of the stack
    /// segment with an odd SP.
    public mutating func shutDown() {
        isShutDown = true
        (isTrapPending, isShadowed, isShadowDeep) = (false, false, false)
    }

    /// An NMI ends the shutdown if it can be entered.
    ///
    /// Source: [80286DS] shutdown: a limit of the table of at least 000Fh, and SP greater than 0005h.
    public mutating func leaveShutdown() {
        if isNMIPending && idtLimit >= 0x000F && sp > 0x0005 { isShutDown = false }
    }

    /// Whether vector 8 takes the place of one that lies beyond the limit of the interrupt table.
    ///
    /// Source: [80286DS] real address mode addressing interrupts, shutdown.
    public static func isReplaceable(_ vector: UInt8) -> Bool { vector != 8 && vector != 13 }

    /// Notes a request for protected mode by the instruction at or before CS:`ip`.
    public mutating func noteProtectedMode(at ip: UInt16) {
        guard !hasRequestedProtectedMode else { return }
        (hasRequestedProtectedMode, requestSegment, requestOffset) = (true, cs, ip)
    }

    /// Names every field once; the time and the pins included.
    public mutating func transfer(_ coder: StateCoder) {
        coder.field("ax", &ax)
        coder.field("cx", &cx)
        coder.field("dx", &dx)
        coder.field("bx", &bx)
        coder.field("sp", &sp)
        coder.field("bp", &bp)
        coder.field("si", &si)
        coder.field("di", &di)
        coder.field("es", &es)
        coder.field("cs", &cs)
        coder.field("ss", &ss)
        coder.field("ds", &ds)
        coder.field("ip", &ip)
        coder.field("flags", &flags)
        coder.field("isShadowed", &isShadowed)
        coder.field("isShadowDeep", &isShadowDeep)
        coder.field("isTrapPending", &isTrapPending)
        coder.field("isRepeating", &isRepeating)
        coder.field("repeatedOpcode", &repeatedOpcode)
        coder.field("repeatedPrefix", &repeatedPrefix)
        coder.field("repeatedSegment", &repeatedSegment)
        coder.field("repeatedEnd", &repeatedEnd)
        if repeatedSegment > 12 { coder.fail("there is no segment register \(repeatedSegment)") }
        coder.field("isShutDown", &isShutDown)
        coder.field("isHalted", &isHalted)
        coder.field("msw", &msw)
        coder.field("idtBase", &idtBase)
        coder.field("idtLimit", &idtLimit)
        coder.field("gdtBase", &gdtBase)
        coder.field("gdtLimit", &gdtLimit)
        coder.group("caches") { caches.transfer(coder) }
        coder.field("hasRequestedProtectedMode", &hasRequestedProtectedMode)
        coder.field("requestSegment", &requestSegment)
        coder.field("requestOffset", &requestOffset)
        coder.field("instructionCount", &instructionCount)
        coder.field("isInterruptRequested", &isInterruptRequested)
        coder.field("isErrorAsserted", &isErrorAsserted)
        coder.field("isNMIPending", &isNMIPending)
        coder.field("now", &now)
    }
}

/// The registers of a processor that is not inside `run`, by name. A reference: copies see the same processor.
public struct Registers {
    public let state: UnsafeMutablePointer<CPUState>

    public init(_ state: UnsafeMutablePointer<CPUState>) { self.state = state }

    public var ax: UInt16 {
        get { state.pointee.ax }
        nonmutating set { state.pointee.ax = newValue }
    }
    public var bx: UInt16 {
        get { state.pointee.bx }
        nonmutating set { state.pointee.bx = newValue }
    }
    public var cx: UInt16 {
        get { state.pointee.cx }
        nonmutating set { state.pointee.cx = newValue }
    }
    public var dx: UInt16 {
        get { state.pointee.dx }
        nonmutating set { state.pointee.dx = newValue }
    }
    public var sp: UInt16 {
        get { state.pointee.sp }
        nonmutating set { state.pointee.sp = newValue }
    }
    public var bp: UInt16 {
        get { state.pointee.bp }
        nonmutating set { state.pointee.bp = newValue }
    }
    public var si: UInt16 {
        get { state.pointee.si }
        nonmutating set { state.pointee.si = newValue }
    }
    public var di: UInt16 {
        get { state.pointee.di }
        nonmutating set { state.pointee.di = newValue }
    }
    public var es: UInt16 {
        get { state.pointee.es }
        nonmutating set { state.pointee.es = newValue }
    }
    public var cs: UInt16 {
        get { state.pointee.cs }
        nonmutating set { state.pointee.cs = newValue }
    }
    public var ss: UInt16 {
        get { state.pointee.ss }
        nonmutating set { state.pointee.ss = newValue }
    }
    public var ds: UInt16 {
        get { state.pointee.ds }
        nonmutating set { state.pointee.ds = newValue }
    }
    public var ip: UInt16 {
        get { state.pointee.ip }
        nonmutating set { state.pointee.ip = newValue }
    }
    public var flags: UInt16 {
        get { state.pointee.flags }
        nonmutating set { state.pointee.flags = newValue }
    }

    public var al: UInt8 {
        get { low(ax) }
        nonmutating set { ax = ax & 0xFF00 | UInt16(newValue) }
    }
    public var ah: UInt8 {
        get { high(ax) }
        nonmutating set { ax = ax & 0x00FF | UInt16(newValue) << 8 }
    }
    public var bl: UInt8 {
        get { low(bx) }
        nonmutating set { bx = bx & 0xFF00 | UInt16(newValue) }
    }
    public var bh: UInt8 {
        get { high(bx) }
        nonmutating set { bx = bx & 0x00FF | UInt16(newValue) << 8 }
    }
    public var cl: UInt8 {
        get { low(cx) }
        nonmutating set { cx = cx & 0xFF00 | UInt16(newValue) }
    }
    public var ch: UInt8 {
        get { high(cx) }
        nonmutating set { cx = cx & 0x00FF | UInt16(newValue) << 8 }
    }
    public var dl: UInt8 {
        get { low(dx) }
        nonmutating set { dx = dx & 0xFF00 | UInt16(newValue) }
    }
    public var dh: UInt8 {
        get { high(dx) }
        nonmutating set { dx = dx & 0x00FF | UInt16(newValue) << 8 }
    }

    /// CS:IP.
    public var codePointer: FarPointer {
        get { FarPointer(cs, ip) }
        nonmutating set { (cs, ip) = (newValue.segment, newValue.offset) }
    }
    public var stackPointer: FarPointer {
        get { FarPointer(ss, sp) }
        nonmutating set { (ss, sp) = (newValue.segment, newValue.offset) }
    }

    private func low(_ word: UInt16) -> UInt8 { UInt8(truncatingIfNeeded: word) }
    private func high(_ word: UInt16) -> UInt8 { UInt8(truncatingIfNeeded: word >> 8) }
}
