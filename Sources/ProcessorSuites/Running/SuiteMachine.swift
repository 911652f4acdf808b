import Core
import X86

/// Memory, a bus where nobody answers, and the processor under test.
final class SuiteMachine: ProcessorBus, MemoryDevice {
    let memory: GuestMemory
    /// All memory by physical address.
    private let physical: UnsafeMutableBufferPointer<UInt8>
    let model: ProcessorModel
    var deadline = Tick.zero
    /// Addresses of written bytes that the test does not list, while writes are logged.
    private(set) var strays: [UInt32] = []
    /// Whether the test lists an address below 1 MB.
    private var isListed = [Bool](repeating: false, count: 0x10_0000)
    private var engine: (any ProcessorEngine)?
    private let trace = ClockTrace(capacity: SuiteLimit.clocks)

    /// What memory holds that a test does not list. What an 8086 fetches behind its instruction is NOP in all tests.
    private let filler: UInt8
    static let nop: UInt8 = 0x90

    /// Nil if the maker has no such engine.
    init?(_ model: ProcessorModel, _ engine: SuiteEngine) {
        self.model = model
        filler = model == .i80286 ? 0 : SuiteMachine.nop
        memory = GuestMemory(extendedKilobytes: model == .i80286 ? 64 : 0)
        physical = memory.physical
        memory.setA20(true)
        guard let engine = engine.make(model, memory, self) else { return nil }
        memory.connect(engine)
        self.engine = engine
        memory.fill(memory.physical.indices, with: filler)
    }

    /// Unties the memory from this device, so that both can go.
    func close() { isLogging = false }

    /// Whether all memory below 1 MB goes through this device, so that writes are logged and the engine's slow paths
    /// are used. What is above cannot be routed and is compared as a whole.
    var isLogging = false {
        didSet {
            guard isLogging != oldValue else { return }
            if isLogging {
                memory.route(0..<0x10_0000, flags: .device, device: self)
            } else {
                memory.route(0..<0x10_0000, flags: [])
            }
        }
    }

    func readMemory(_ address: UInt32, at now: Tick) -> UInt8 { physical[Int(address)] }

    func writeMemory(_ address: UInt32, _ value: UInt8, at now: Tick) {
        if !isListed[Int(address)] { strays.append(address) }
        physical[Int(address)] = value
    }

    func readPort8(_ port: UInt16, at now: Tick) -> UInt8 { 0xFF }
    func readPort16(_ port: UInt16, at now: Tick) -> UInt16 { 0xFFFF }
    func writePort8(_ port: UInt16, _ value: UInt8, at now: Tick) {}
    func writePort16(_ port: UInt16, _ value: UInt16, at now: Tick) {}
    func acknowledgeInterrupt(at now: Tick) -> UInt8 { 0xFF }

    // MARK: Running

    /// What a test left behind.
    struct Result {
        var state = CapturedState()
        /// The clocks that the engine showed, from the one that reads the first byte of the instruction.
        var records: ArraySlice<ClockRecord> = []
        /// The number of clocks, also if not all were kept.
        var clockCount = 0
    }

    /// Whether the engine shows its clocks.
    var hasClocks: Bool { engine is any ClockTracingEngine }

    /// Runs the instruction of `test`: one on an 8086, all up to the HLT on an 80286.
    func run(_ test: CapturedTest, fixedClocks: Int?, isTracing: Bool) -> Result {
        guard let engine else { return Result() }
        engine.reset()
        engine.fixedInstructionClocks = fixedClocks
        for byte in test.initial.memory { poke(byte.address, byte.value) }
        list(test, true)
        load(test.initial, engine.registers)
        strays.removeAll(keepingCapacity: true)
        if let engine = engine as? any ClockTracingEngine {
            return trace(engine, test, isTracing: isTracing)
        }
        let state = engine.registers.state
        // A fault, an interrupt and the HLT behind it make three steps; a repeated instruction counts as one.
        for _ in 0..<(model == .i80286 ? 3 : 1) where !state.pointee.isHalted { step(engine) }
        return Result(state: save(engine.registers))
    }

    private func step(_ engine: any ProcessorEngine) {
        for _ in 0..<0x2_0000 {
            deadline = engine.now + Tick(1)
            _ = engine.run()
            if !engine.registers.state.pointee.isRepeating { return }
        }
    }

    private func trace(_ engine: any ClockTracingEngine, _ test: CapturedTest, isTracing: Bool) -> Result {
        engine.loadPrefetchQueue(model == .i80286 ? [] : test.initial.queue)
        trace.removeAll()
        engine.trace = isTracing ? trace : nil
        defer { engine.trace = nil }
        if model == .i80286 {
            // Four times what the chip took is enough for any engine worth comparing.
            let limit = Int64(test.clocks.count * 4 + 4_096) &* engine.clockPeriod.count
            deadline = engine.now + Tick(limit)
            while engine.now < deadline, case let reason = engine.run(), reason != .halted, reason != .shutdown {}
        } else {
            stepTracing(engine)
        }
        let records = captured(trace.records[...])
        // What is behind the end is not counted; clocks that were not kept are.
        let lost = trace.count - trace.records.count
        return Result(
            state: save(engine.registers), records: records, clockCount: records.count + lost)
    }

    /// Runs one instruction of an 8086, until the next one's first byte is in the queue.
    private func stepTracing(_ engine: any ClockTracingEngine) {
        let count = engine.instructionCount
        for _ in 0..<0x2_0000 {
            deadline = engine.now + Tick(1)
            let reason = engine.run()
            if reason == .halted || reason == .shutdown { return }
            let isDone = engine.instructionCount != count && !engine.registers.state.pointee.isRepeating
            if isDone && !engine.prefetchQueue.isEmpty { return }
        }
    }

    /// The part of a trace that the suites record: of an 8086 from the clock at which the first byte leaves the queue, of
    /// an 80286 from the first bus cycle to the one of the HLT.
    private func captured(_ records: ArraySlice<ClockRecord>) -> ArraySlice<ClockRecord> {
        guard model == .i80286 else { return records.drop { $0.queueOperation != .firstByte } }
        let records = records.drop { $0.state == 0 }
        let halt = records.firstIndex { $0.isAddressLatched && ClockText.status($0, model) == .halt }
        return halt.map { records[...$0] } ?? records
    }

    private func load(_ state: CapturedState, _ r: Registers) {
        (r.ax, r.bx, r.cx, r.dx) = (state[.ax], state[.bx], state[.cx], state[.dx])
        (r.cs, r.ss, r.ds, r.es) = (state[.cs], state[.ss], state[.ds], state[.es])
        (r.sp, r.bp, r.si, r.di) = (state[.sp], state[.bp], state[.si], state[.di])
        r.ip = state[.ip]
        r.flags = model.normalizedFlags(state[.flags])
    }

    private func save(_ r: Registers) -> CapturedState {
        var state = CapturedState()
        state.registers = [
            r.ax, r.bx, r.cx, r.dx, r.cs, r.ss, r.ds, r.es, r.sp, r.bp, r.si, r.di, r.ip, r.flags,
        ]
        return state
    }

    // MARK: Memory

    /// Address of a byte in `physical`, nil if the machine has none there.
    private func index(_ address: UInt32) -> Int? {
        Int(address) < physical.count ? Int(address) : nil
    }

    func peek(_ address: UInt32) -> UInt8 { index(address).map { physical[$0] } ?? 0 }
    func poke(_ address: UInt32, _ value: UInt8) { if let index = index(address) { physical[index] = value } }

    private func list(_ test: CapturedTest, _ value: Bool) {
        for byte in test.initial.memory where byte.address < 0x10_0000 { isListed[Int(byte.address)] = value }
        for byte in test.final.memory where byte.address < 0x10_0000 { isListed[Int(byte.address)] = value }
    }

    /// Clears what `test` lists and what was logged, and returns the address of a byte that is left over in the region
    /// that is not logged: the first 64 KB, to which an 8086 wraps, or the memory above 1 MB.
    func clear(_ test: CapturedTest) -> UInt32? {
        for byte in test.initial.memory { poke(byte.address, filler) }
        for byte in test.final.memory { poke(byte.address, filler) }
        for address in strays { poke(address, filler) }
        list(test, false)
        let clean = UInt64(filler) &* 0x0101_0101_0101_0101
        let start = memory.extendedSize > 0 ? 0x10_0000 : 0
        let words = UnsafeRawBufferPointer(physical)[start..<start + 0x1_0000]
        return UnsafeRawBufferPointer(rebasing: words).withMemoryRebound(to: UInt64.self) { region in
            // No branch in the loop: it runs over 64 KB after every test.
            var differences: UInt64 = 0
            for word in region { differences |= word ^ clean }
            guard differences != 0, let found = region.firstIndex(where: { $0 != clean }) else { return nil }
            memory.fill(start..<start + 0x1_0000, with: filler)
            return UInt32(start + found * 8)
        }
    }
}
