import Core
import X86

/// Memory, a bus where nobody answers, and the processor under test.
final class SuiteMachine: ProcessorBus, MemoryDevice {
    let memory: GuestMemory
    var deadline = Tick.zero
    /// Addresses of written bytes, while writes are logged.
    var written: [UInt32] = []
    private var engine: (any ProcessorEngine)?

    init(_ model: ProcessorModel, make: SuiteRun.EngineMaker) {
        memory = GuestMemory(extendedKilobytes: model == .i80286 ? 64 : 0)
        memory.setA20(true)
        let engine = make(model, memory, self)
        memory.connect(engine)
        self.engine = engine
    }

    /// Whether all memory below 1 MB goes through this device, so that writes are logged and the engine's slow paths
    /// are used. What is above cannot be routed and is compared as a whole.
    var isLogging = false {
        didSet {
            if isLogging {
                memory.route(0..<0x10_0000, flags: .device, device: self)
            } else {
                memory.route(0..<0x10_0000, flags: [])
            }
        }
    }

    func readMemory(_ address: UInt32, at now: Tick) -> UInt8 { memory.physical[Int(address)] }

    func writeMemory(_ address: UInt32, _ value: UInt8, at now: Tick) {
        written.append(address)
        memory.physical[Int(address)] = value
    }

    func readPort8(_ port: UInt16, at now: Tick) -> UInt8 { 0xFF }
    func readPort16(_ port: UInt16, at now: Tick) -> UInt16 { 0xFFFF }
    func writePort8(_ port: UInt16, _ value: UInt8, at now: Tick) {}
    func writePort16(_ port: UInt16, _ value: UInt16, at now: Tick) {}
    func acknowledgeInterrupt(at now: Tick) -> UInt8 { 0xFF }

    // MARK: Running

    /// Runs the instruction of `test`: one on an 8086, all up to the HLT on an 80286.
    func run(_ test: MOOTest, model: ProcessorModel, fixedClocks: Int?) -> MOOState {
        guard let engine else { return MOOState() }
        engine.reset()
        engine.fixedInstructionClocks = fixedClocks
        for byte in test.initial.memory { poke(byte.address, byte.value) }
        load(test.initial, engine.registers, model)
        written.removeAll(keepingCapacity: true)
        let state = engine.registers.state
        // A fault, an interrupt and the HLT behind it make three steps; a repeated instruction counts as one.
        for _ in 0..<(model == .i80286 ? 3 : 1) where !state.pointee.isHalted { step(engine) }
        return save(engine.registers, test)
    }

    /// Runs `test` of the 80286 suite to its HLT in one go, and records the clocks.
    func runThrough(_ test: MOOTest, _ trace: ClockTrace) {
        guard let engine = engine as? any ClockTracingEngine else { return }
        engine.trace = trace
        engine.reset()
        for byte in test.initial.memory { poke(byte.address, byte.value) }
        load(test.initial, engine.registers, .i80286)
        deadline = engine.now + Tick(8_192)
        _ = engine.run()
    }

    private func step(_ engine: any ProcessorEngine) {
        for _ in 0..<0x2_0000 {
            deadline = engine.now + Tick(1)
            _ = engine.run()
            if !engine.registers.state.pointee.isRepeating { return }
        }
    }

    private func load(_ state: MOOState, _ r: Registers, _ model: ProcessorModel) {
        (r.ax, r.bx, r.cx, r.dx) = (state[.ax], state[.bx], state[.cx], state[.dx])
        (r.cs, r.ss, r.ds, r.es) = (state[.cs], state[.ss], state[.ds], state[.es])
        (r.sp, r.bp, r.si, r.di) = (state[.sp], state[.bp], state[.si], state[.di])
        r.ip = state[.ip]
        r.flags = model.normalizedFlags(state[.flags])
    }

    private func save(_ r: Registers, _ test: MOOTest) -> MOOState {
        var state = MOOState()
        state.registers = [
            r.ax, r.bx, r.cx, r.dx, r.cs, r.ss, r.ds, r.es, r.sp, r.bp, r.si, r.di, r.ip, r.flags,
        ]
        return state
    }

    // MARK: Memory

    /// Address of a byte in `physical`, nil if the machine has none there.
    private func index(_ address: UInt32) -> Int? {
        memory.physical.indices.contains(Int(address)) ? Int(address) : nil
    }

    func peek(_ address: UInt32) -> UInt8 { index(address).map { memory.physical[$0] } ?? 0 }
    func poke(_ address: UInt32, _ value: UInt8) { if let index = index(address) { memory.physical[index] = value } }

    /// Clears what `test` lists and what was logged, and returns the address of a byte that is left over in the region
    /// that is not logged: the first 64 KB, to which an 8086 wraps, or the memory above 1 MB.
    func clear(_ test: MOOTest) -> UInt32? {
        for byte in test.initial.memory { poke(byte.address, 0) }
        for byte in test.final.memory { poke(byte.address, 0) }
        for address in written { poke(address, 0) }
        let start = memory.extendedSize > 0 ? 0x10_0000 : 0
        let words = UnsafeRawBufferPointer(memory.physical)[start..<start + 0x1_0000]
        return UnsafeRawBufferPointer(rebasing: words).withMemoryRebound(to: UInt64.self) { region in
            guard let found = region.firstIndex(where: { $0 != 0 }) else { return nil }
            for index in start..<start + 0x1_0000 { memory.physical[index] = 0 }
            return UInt32(start + found * 8)
        }
    }
}
