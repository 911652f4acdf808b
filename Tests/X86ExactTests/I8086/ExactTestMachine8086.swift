import Core
import X86
import X86Exact

/// An exact processor with memory and a bus that remembers, for running a few bytes of code.
final class ExactTestMachine8086: ProcessorBus {
    struct Access: Equatable {
        var port: UInt16
        var value: UInt16
        var time: Tick
    }

    /// Ticks of a clock.
    static let period: Int64 = 10
    let memory = GuestMemory()
    private(set) var accesses: [Access] = []
    var deadline = Tick.never
    /// The vector that the interrupt controller gives; the request ends with the acknowledgement.
    var vector: UInt8 = 0x20
    private(set) var acknowledgements: [Tick] = []
    /// Called after each port access, as by a device.
    var onAccess: ((ExactTestMachine8086) -> Void)?
    private var engine: ExactProcessor8086?

    /// Code is at 1000:0100, the stack at 2000:0100, data at 3000 (DS) and 4000 (ES). Every vector n points to
    /// 5000:n*10h, where a HLT stands.
    init(_ model: ProcessorModel, coprocessor: (any Coprocessor)? = nil, _ code: [UInt8]) {
        let engine = ExactProcessor8086(
            model: model, clockPeriod: Tick(Self.period), memory: memory, bus: self, coprocessor: coprocessor)
        memory.connect(engine)
        self.engine = engine
        memory.writeBytes(FarPointer(0x1000, 0x0100), code)
        for number in 0..<256 {
            memory.setVector(UInt8(number), FarPointer(0x5000, UInt16(number * 16)))
            memory.write8(FarPointer(0x5000, UInt16(number * 16)), 0xF4)
        }
        r.codePointer = FarPointer(0x1000, 0x0100)
        r.stackPointer = FarPointer(0x2000, 0x0100)
        r.ds = 0x3000
        r.es = 0x4000
    }

    convenience init(_ code: [UInt8]) { self.init(.i8086, code) }

    var cpu: ExactProcessor8086 {
        guard let engine else { preconditionFailure("the processor lives as long as its test") }
        return engine
    }
    var r: Registers { cpu.registers }
    var state: CPUState {
        get { r.state.pointee }
        set { r.state.pointee = newValue }
    }
    /// The vector whose handler is running, by CS:IP.
    var handler: Int? { r.cs == 0x5000 ? Int(r.ip) >> 4 : nil }
    /// Clocks since power-on.
    var clocks: Int64 { cpu.now.count / Self.period }

    /// Runs to the next boundary at which an instruction has been executed; of a repeated one, one repeat.
    @discardableResult
    func step() -> StopReason {
        let count = cpu.instructionCount
        let wasRepeating = state.isRepeating
        for _ in 0..<100 {
            deadline = cpu.now + Tick(1)
            let reason = cpu.run()
            if reason != .deadline || cpu.instructionCount != count || wasRepeating { return reason }
        }
        return .deadline
    }

    /// Runs until HLT (or whatever ends the run), at most about `clocks` clocks.
    @discardableResult
    func run(clocks: Int64 = 100_000) -> StopReason {
        deadline = cpu.now + Tick(Self.period * clocks)
        return cpu.run()
    }

    /// Runs with a trace and returns it.
    func traced(clocks: Int64 = 2_000) -> [ClockRecord] {
        let trace = ClockTrace(capacity: 10_000)
        cpu.trace = trace
        run(clocks: clocks)
        cpu.trace = nil
        return trace.records
    }

    /// A word on the stack.
    func stack(_ index: UInt16) -> UInt16 { memory.read16(FarPointer(r.ss, r.sp &+ 2 &* index)) }

    var savedState: [UInt8] {
        let coder = StateCoder.saving()
        cpu.transfer(coder)
        return coder.bytes
    }

    func restore(_ bytes: [UInt8]) -> Bool {
        let coder = StateCoder.loading(bytes)
        cpu.transfer(coder)
        guard coder.isComplete else { return false }
        cpu.stateDidRestore()
        return true
    }

    // MARK: ProcessorBus

    func readPort8(_ port: UInt16, at now: Tick) -> UInt8 { UInt8(truncatingIfNeeded: readPort16(port, at: now)) }

    func readPort16(_ port: UInt16, at now: Tick) -> UInt16 {
        accesses.append(Access(port: port, value: 0xFFFF, time: now))
        onAccess?(self)
        return 0xFFFF
    }

    func writePort8(_ port: UInt16, _ value: UInt8, at now: Tick) { writePort16(port, UInt16(value), at: now) }

    func writePort16(_ port: UInt16, _ value: UInt16, at now: Tick) {
        accesses.append(Access(port: port, value: value, time: now))
        onAccess?(self)
    }

    func acknowledgeInterrupt(at now: Tick) -> UInt8 {
        acknowledgements.append(now)
        state.isInterruptRequested = false
        return vector
    }
}

extension [ClockRecord] {
    /// Bus cycles that begin here, by their status.
    func cycles(_ status: UInt8) -> [ClockRecord] { filter { $0.isAddressLatched && $0.status == status } }
    /// Where the first cycle of a kind begins.
    func start(of status: UInt8) -> Int? { firstIndex { $0.isAddressLatched && $0.status == status } }
}

/// The status lines, as the suites number them.
enum BusStatus8086 {
    static let acknowledge: UInt8 = 0
    static let readMemory: UInt8 = 3
    static let writeMemory: UInt8 = 4
    static let halt: UInt8 = 5
    static let fetch: UInt8 = 6
}
