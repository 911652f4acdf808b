import Core

/// What a processor is connected to besides memory. Called only on slow paths: I/O and interrupts.
public protocol ProcessorBus: AnyObject {
    func readPort8(_ port: UInt16, at now: Tick) -> UInt8
    func readPort16(_ port: UInt16, at now: Tick) -> UInt16
    func writePort8(_ port: UInt16, _ value: UInt8, at now: Tick)
    func writePort16(_ port: UInt16, _ value: UInt16, at now: Tick)
    /// The interrupt acknowledge cycles: the vector number from the interrupt controller.
    func acknowledgeInterrupt(at now: Tick) -> UInt8
    /// The time at which the present run must end. Looked at again after each port or device access, which may have
    /// brought it nearer.
    var deadline: Tick { get }
}

/// Why an engine came back.
public enum StopReason: Hashable, Sendable {
    /// The bus's deadline is reached or passed by less than one instruction.
    case deadline
    /// HLT, and no interrupt is ready. Time has not moved beyond the HLT.
    case halted
    /// A service trap in the ROM; CS:IP is behind it.
    case serviceTrap(TrapNumber)
    /// The processor has shut down: an interrupt or fault could not be entered (80286). A reset ends it, and an NMI that
    /// can be entered.
    case shutdown
}

/// An x86 processor. Both engines, the fast and the exact one, work on the same `CPUState`.
public protocol ProcessorEngine: TimeSource, StateChunk {
    var model: ProcessorModel { get }
    /// The architectural state; complete whenever `run` is not on the stack.
    var registers: Registers { get }
    /// Ticks of one processor clock.
    var clockPeriod: Tick { get }
    /// Nil: instructions take the clocks of the model. Otherwise every instruction takes so many clocks.
    var fixedInstructionClocks: Int? { get set }
    /// Instructions executed since power-on, REP repeats not counted.
    var instructionCount: UInt64 { get }
    /// The RESET pin: registers as at power-on. The time goes on.
    func reset()
    /// Runs instructions until the bus's deadline, a halt or a trap. Delivers interrupts at instruction boundaries.
    func run() -> StopReason
    /// Moves the time of a halted or trapped processor forward, never back.
    func skip(to time: Tick)
}
