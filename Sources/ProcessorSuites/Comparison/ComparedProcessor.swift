import Core
import X86

/// One of two processors that run side by side: memory and ports of its own, and a list of what it wrote.
///
/// All memory below 1 MB goes through this device, so that its writes are seen; those to the addresses above go straight
/// to memory (on an 8086, to where they wrap). Ports answer with numbers that depend on
/// the port and the instruction alone, so two engines with different timing read the same.
final class ComparedProcessor: ProcessorBus, MemoryDevice {
    /// A byte that went out, to memory or to a port.
    struct Write: Hashable {
        var isPort: Bool
        var address: UInt32
        var value: UInt8
    }

    let memory: GuestMemory
    private(set) var deadline = Tick.zero
    /// What the present instruction has written, oldest first.
    private(set) var writes: [Write] = []
    /// Every address of memory that was written since the last `restore`.
    var touched: Set<UInt32> = []
    /// The vector that the next acknowledgement answers with; the request ends with it.
    var vector: UInt8 = 0
    private var lastCS: UInt16 = 0
    private var stepCount: UInt64 = 0
    private var made: (any ProcessorEngine)?

    /// Nil if `engine` has no `model`.
    init?(_ model: ProcessorModel, _ engine: SuiteEngine) {
        memory = GuestMemory(extendedKilobytes: model == .i80286 ? 192 : 0)
        memory.setA20(true)
        guard let made = engine.make(model, memory, self) else { return nil }
        memory.connect(made)
        self.made = made
        memory.route(0..<0x10_0000, flags: .device, device: self)
    }

    /// Unties the memory from this device, so that both can go.
    func close() { memory.route(0..<0x10_0000, flags: []) }

    var engine: any ProcessorEngine {
        guard let made else { preconditionFailure("the engine lives as long as its memory") }
        return made
    }

    var registers: Registers { engine.registers }

    // MARK: Running

    /// How a step ended.
    enum Step: Hashable { case instruction, interrupt, halted, shutDown, serviceTrap, endless }

    /// Whether an interrupt or a trap is about to be entered. It belongs to the step of the instruction before it: an engine may
    /// end a suspended repeat with the interrupt or in a run of its own.
    private var isInterruptReady: Bool {
        let s = registers.state.pointee
        return s.isTrapPending || s.isNMIPending && !s.isShadowDeep
            || s.isInterruptRequested && s.flags & Flag.interrupt != 0 && !s.isShadowed
    }

    /// Enters what is due, an interrupt or a trap; if nothing is, runs one instruction, all its repeats included.
    func step() -> Step {
        writes.removeAll(keepingCapacity: true)
        stepCount += 1
        let (before, place) = (engine.instructionCount, registers.codePointer)
        // A repeat is a run of its own; no instruction has more than 65,536, and a few runs go to interrupts.
        for _ in 0..<0x1_1000 {
            deadline = engine.now + Tick(1)
            switch engine.run() {
            case .halted: return .halted
            case .shutdown: return .shutDown
            case .serviceTrap: return .serviceTrap
            case .deadline:
                if registers.state.pointee.isRepeating { continue }
                if engine.instructionCount == before {
                    if registers.codePointer != place { return .interrupt }
                } else if !isInterruptReady {
                    return .instruction
                }
            }
        }
        return .endless
    }

    /// Gives an engine's queue the bytes of `other`, if the last instruction has written where the engine may have fetched,
    /// or has changed CS alone (POP CS). A write of this engine may still be on its way.
    func refillQueue(from other: ComparedProcessor) {
        defer { lastCS = registers.cs }
        let writes = writes + other.writes
        guard !writes.isEmpty || registers.cs != lastCS, let engine = engine as? any ClockTracingEngine else { return }
        let state = engine.registers.state.pointee
        let start = state.address(10, 0)
        let isNear = writes.contains { write in
            !write.isPort && UInt16(truncatingIfNeeded: write.address &- start) &- state.ip < ComparedProcessor.reach
        }
        if isNear || state.cs != lastCS { engine.loadPrefetchQueue((0..<4).map(other.codeByte)) }
    }

    /// Bytes behind CS:IP that an engine may have fetched, with a margin for a fetch in progress.
    private static let reach: UInt16 = 24

    /// The byte `offset` bytes behind CS:IP.
    func codeByte(_ offset: UInt16) -> UInt8 {
        memory.readBus(registers.state.pointee.address(10, registers.ip &+ offset))
    }

    // MARK: Memory

    /// Changes a byte that `restore` puts back.
    func poke(_ address: Int, _ value: UInt8) {
        touched.insert(UInt32(address & 0xF_FFFF))
        memory.physical[address & 0xF_FFFF] = value
    }

    func readMemory(_ address: UInt32, at now: Tick) -> UInt8 { memory.physical[Int(address)] }

    func writeMemory(_ address: UInt32, _ value: UInt8, at now: Tick) {
        writes.append(Write(isPort: false, address: address, value: value))
        touched.insert(address)
        memory.physical[Int(address)] = value
    }

    /// Puts back the contents of `image` wherever something was written, and above 1 MB.
    func restore(_ image: [UInt8]) {
        for address in touched { memory.physical[Int(address)] = image[Int(address)] }
        touched.removeAll(keepingCapacity: true)
        for address in 0x10_0000..<memory.physical.count { memory.physical[address] = 0 }
    }

    // MARK: Ports

    private func portByte(_ port: UInt16) -> UInt8 {
        let mixed = (UInt64(port) << 32 ^ stepCount) &* 0x9E37_79B9_7F4A_7C15
        return UInt8(truncatingIfNeeded: mixed >> 40)
    }

    func readPort8(_ port: UInt16, at now: Tick) -> UInt8 { portByte(port) }

    func readPort16(_ port: UInt16, at now: Tick) -> UInt16 {
        UInt16(portByte(port)) | UInt16(portByte(port &+ 1)) << 8
    }

    /// Ports by which an 80286 hands an ESC instruction to its coprocessor. An engine without clocks leaves that out.
    private static let coprocessorPorts: ClosedRange<UInt16> = 0xF8...0xFF

    func writePort8(_ port: UInt16, _ value: UInt8, at now: Tick) {
        if ComparedProcessor.coprocessorPorts.contains(port) { return }
        writes.append(Write(isPort: true, address: UInt32(port), value: value))
    }

    func writePort16(_ port: UInt16, _ value: UInt16, at now: Tick) {
        writePort8(port, UInt8(truncatingIfNeeded: value), at: now)
        writePort8(port &+ 1, UInt8(value >> 8), at: now)
    }

    func acknowledgeInterrupt(at now: Tick) -> UInt8 {
        registers.state.pointee.isInterruptRequested = false
        return vector
    }
}
