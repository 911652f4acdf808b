import Core
import X86
import X86Exact

/// An 80286 with memory and a bus that remembers, for running a few bytes of code clock by clock.
final class TestProcessor80286: ProcessorBus {
    struct Access: Equatable {
        var port: UInt16
        var value: UInt16
        var clock: Int64
    }

    let memory = GuestMemory(extendedKilobytes: 64)
    private(set) var accesses: [Access] = []
    var deadline = Tick.never
    /// What ports read as.
    var portValue: UInt16 = 0xFFFF
    /// The vector that the interrupt controller gives; the request ends with the acknowledgement.
    var vector: UInt8 = 0x20
    private(set) var acknowledgements = 0
    /// Called after each port access, as by a device.
    var onAccess: ((TestProcessor80286) -> Void)?
    let trace = ClockTrace(capacity: 4_096)
    private var engine: ExactProcessor80286?

    static let clockPeriod = Tick(10)

    /// Code is at 1000:0100, the stack at 2000:0100, data at 3000 (DS) and 4000 (ES). Every vector n points to
    /// 5000:n*10h, where a HLT stands.
    init(coprocessor: (any Coprocessor)? = nil, _ code: [UInt8]) {
        let engine = ExactProcessor80286(
            clockPeriod: Self.clockPeriod, memory: memory, bus: self, coprocessor: coprocessor)
        memory.connect(engine)
        self.engine = engine
        engine.trace = trace
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

    var cpu: ExactProcessor80286 {
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
    var clock: Int64 { cpu.now.count / Self.clockPeriod.count }

    /// Runs one instruction; a repeated one, one repeat.
    @discardableResult
    func step() -> StopReason {
        deadline = cpu.now + Tick(1)
        return cpu.run()
    }

    /// Runs until HLT (or whatever ends the run), at most about `clocks` clocks.
    @discardableResult
    func run(clocks: Int64 = 100_000) -> StopReason {
        deadline = cpu.now + Self.clockPeriod * clocks
        return cpu.run()
    }

    /// A word on the stack.
    func stack(_ index: UInt16) -> UInt16 { memory.read16(FarPointer(r.ss, r.sp &+ 2 &* index)) }

    /// A letter for each clock from the first bus cycle on: F fetch, R and W memory, I and O ports, A acknowledge, H
    /// halt, c Tc, dot idle.
    var line: String {
        let letters: [UInt8: Character] = [0: "A", 4: "H", 5: "R", 6: "W", 9: "I", 10: "O", 13: "F"]
        return String(
            trace.records.drop { $0.state == 0 }.map { record in
                record.state == 0 ? "." : record.state == 2 ? "c" : letters[record.status] ?? "?"
            })
    }

    // MARK: ProcessorBus

    func readPort8(_ port: UInt16, at now: Tick) -> UInt8 { UInt8(truncatingIfNeeded: readPort16(port, at: now)) }

    func readPort16(_ port: UInt16, at now: Tick) -> UInt16 {
        note(port, portValue, now)
        return portValue
    }

    func writePort8(_ port: UInt16, _ value: UInt8, at now: Tick) { note(port, UInt16(value), now) }
    func writePort16(_ port: UInt16, _ value: UInt16, at now: Tick) { note(port, value, now) }

    private func note(_ port: UInt16, _ value: UInt16, _ now: Tick) {
        accesses.append(Access(port: port, value: value, clock: now.count / Self.clockPeriod.count))
        onAccess?(self)
    }

    func acknowledgeInterrupt(at now: Tick) -> UInt8 {
        acknowledgements += 1
        state.isInterruptRequested = false
        return vector
    }
}
