import Core
import X86
import X86Fast

/// A processor with memory and a bus that remembers, for running a few bytes of code.
final class TestProcessor: ProcessorBus {
    struct Access: Equatable {
        var port: UInt16
        var value: UInt16
        var time: Tick
    }

    let memory: GuestMemory
    private(set) var accesses: [Access] = []
    var deadline = Tick.never
    /// What ports read as.
    var portValue: UInt16 = 0xFFFF
    /// The vector that the interrupt controller gives; the request ends with the acknowledgement.
    var vector: UInt8 = 0x20
    private(set) var acknowledgements: [Tick] = []
    /// Called after each port access, as by a device.
    var onAccess: ((TestProcessor) -> Void)?
    private var engine: FastProcessor?

    /// One clock takes 10 ticks. Code is at 1000:0100, the stack at 2000:0100, data at 3000 (DS) and 4000 (ES). Every
    /// vector n points to 5000:n*10h, where a HLT stands.
    init(
        _ model: ProcessorModel, extendedKilobytes: Int = 0, coprocessor: (any Coprocessor)? = nil, _ code: [UInt8]
    ) {
        memory = GuestMemory(extendedKilobytes: extendedKilobytes)
        let engine = FastProcessor(
            model: model, clockPeriod: Tick(10), memory: memory, bus: self, coprocessor: coprocessor)
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

    var cpu: FastProcessor {
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

    /// Runs one instruction; a repeated one, one repeat.
    @discardableResult
    func step() -> StopReason {
        deadline = cpu.now + Tick(1)
        return cpu.run()
    }

    /// Runs until HLT (or whatever ends the run), at most about `clocks` clocks.
    @discardableResult
    func run(clocks: Int64 = 100_000) -> StopReason {
        deadline = cpu.now + Tick(10 * clocks)
        return cpu.run()
    }

    /// A word on the stack.
    func stack(_ index: UInt16) -> UInt16 { memory.read16(FarPointer(r.ss, r.sp &+ 2 &* index)) }

    // MARK: ProcessorBus

    func readPort8(_ port: UInt16, at now: Tick) -> UInt8 { UInt8(truncatingIfNeeded: readPort16(port, at: now)) }

    func readPort16(_ port: UInt16, at now: Tick) -> UInt16 {
        accesses.append(Access(port: port, value: portValue, time: now))
        onAccess?(self)
        return portValue
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
