import Core

/// What a service trap does next. A service never runs the processor and never waits on the host's stack: whatever
/// must survive is in guest memory or in the service's state.
public enum ServiceOutcome: Hashable, Sendable {
    /// Go on with the stub's ending (IRET, RETF ...).
    case done
    /// STI, HLT, and the same trap again after an interrupt.
    case wait
    /// Perform `INT number` in the guest; its IRET comes back to `returnTo` (often the address of a trap).
    case callInterrupt(UInt8, returnTo: FarPointer)
    /// Perform a far call in the guest; its RETF comes back to `returnTo`.
    case callFar(FarPointer, returnTo: FarPointer)
    /// The handler has set every register it wants, CS:IP included: go on there.
    case resume
    /// The host's standard input is needed: stop emulated time until it has supplied something, then the same trap.
    case hostInput
    /// The first program has ended: leave the machine with this exit status.
    case exit(UInt8)
    /// The program cannot go on: end the machine for this reason, a sentence for people.
    case stop(String)
}

/// The service behind the trap numbers of one range: BIOS, DOS, the command interpreter.
public protocol Service: AnyObject {
    /// Handles trap `entry` of this service.
    func handle(_ entry: UInt8, in context: ServiceContext) -> ServiceOutcome
}

/// The number in a trap instruction: which service (high byte), which of its entries (low byte).
public struct TrapNumber: Hashable, Sendable {
    public var service: UInt8
    public var entry: UInt8

    public init(service: UInt8, entry: UInt8) {
        self.service = service
        self.entry = entry
    }

    public init(_ code: UInt16) {
        service = UInt8(code >> 8)
        entry = UInt8(truncatingIfNeeded: code)
    }

    public var code: UInt16 { UInt16(service) << 8 | UInt16(entry) }
}

/// What a service call tells of a program that asks again and again.
public enum Poll: Sendable {
    /// Nothing: the call did something.
    case none
    /// The call only looked at something that an event may change.
    case status
    /// The call looked for input, and there was none.
    case idle
}

/// What a service may touch: processor registers, memory, ports, the time.
public final class ServiceContext {
    public let cpu: Registers
    public let memory: GuestMemory
    public let ports: PortMap
    private unowned let timeSource: any TimeSource
    /// Where the trap that is being handled stands; IP is already behind it.
    public internal(set) var trapAddress = FarPointer(0, 0)
    /// What the present trap tells of a program that polls; read and cleared by the machine after each trap.
    public var poll = Poll.none
    /// Extra time that the service took, in ticks; added to emulated time and cleared by the machine after each trap.
    public var cost = Tick.zero

    public init(cpu: Registers, memory: GuestMemory, ports: PortMap, timeSource: any TimeSource) {
        self.cpu = cpu
        self.memory = memory
        self.ports = ports
        self.timeSource = timeSource
    }

    public var now: Tick { timeSource.now }

    /// Called by the machine before a handler.
    public func begin(trapAt address: FarPointer) { trapAddress = address }

    /// A status call found nothing to do (no key, no character). Programs that repeat it in a loop are put to sleep
    /// until the next event.
    public func idlePoll() { poll = .idle }

    /// A call only looked: at the time, at the shift keys. Programs that repeat it in a loop, and change nothing by it,
    /// are put to sleep until the next event.
    public func statusPoll() { if poll == .none { poll = .status } }

    // MARK: Ports, by byte

    public func `in`(_ port: UInt16) -> UInt8 { ports.read8(port, at: now) }
    public func out(_ port: UInt16, _ value: UInt8) { ports.write8(port, value, at: now) }

    // MARK: The caller of an INT, whose IP, CS and FLAGS are on the stack

    private var flagsSlot: FarPointer { FarPointer(cpu.ss, cpu.sp &+ 4) }

    /// The FLAGS that the stub's IRET will restore.
    public var callerFlags: UInt16 {
        get { memory.read16(flagsSlot) }
        set { memory.write16(flagsSlot, newValue) }
    }

    /// Carry flag of the caller: DOS and BIOS errors.
    public var callerCarry: Bool {
        get { callerFlags & 0x0001 != 0 }
        set { callerFlags = newValue ? callerFlags | 0x0001 : callerFlags & ~0x0001 }
    }

    /// Zero flag of the caller: INT 16h and INT 21h status calls.
    public var callerZero: Bool {
        get { callerFlags & 0x0040 != 0 }
        set { callerFlags = newValue ? callerFlags | 0x0040 : callerFlags & ~0x0040 }
    }

    // MARK: Stack

    public func push(_ value: UInt16) {
        cpu.sp = cpu.sp &- 2
        memory.write16(FarPointer(cpu.ss, cpu.sp), value)
    }

    public func pop() -> UInt16 {
        defer { cpu.sp = cpu.sp &+ 2 }
        return memory.read16(FarPointer(cpu.ss, cpu.sp))
    }
}
