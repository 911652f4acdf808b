import Core
import X86

@testable import ProcessorSuites

/// An engine that does what a list says, an entry for each instruction, and shows the clocks that the list gives it.
final class ScriptedEngine: ClockTracingEngine {
    struct Step {
        var registers: [UInt16]
        var writes: [CapturedState.Byte] = []
        var records: [ClockRecord] = []
        /// Clocks that are shown before the first record.
        var lead: [ClockRecord] = []
        /// The next instruction's first byte is still to be fetched.
        var leavesQueueEmpty = false

        /// What the chip did in `test`.
        init(_ test: CapturedTest, _ model: ProcessorModel) {
            registers = test.final.registers
            registers[13] = model.normalizedFlags(registers[13])
            writes = test.final.memory
            records = (0..<test.clocks.count).map { test.clocks.record($0, model) }
        }
    }

    let model: ProcessorModel
    private let memory: GuestMemory
    private unowned let bus: any ProcessorBus
    private let state = UnsafeMutablePointer<CPUState>.allocate(capacity: 1)
    private var steps: ArraySlice<Step>
    var trace: ClockTrace?
    private(set) var prefetchQueue: [UInt8] = []
    /// What was loaded last.
    private(set) var loadedQueue: [UInt8]?
    var fixedInstructionClocks: Int?
    var now = Tick.zero

    init(_ model: ProcessorModel, _ memory: GuestMemory, _ bus: any ProcessorBus, _ steps: [Step]) {
        self.model = model
        self.memory = memory
        self.bus = bus
        self.steps = steps[...]
        state.initialize(to: CPUState())
    }

    deinit { state.deallocate() }

    /// A `SuiteEngine` of this kind, for a run with one job.
    static func engine(_ steps: [Step]) -> SuiteEngine {
        SuiteEngine(name: "scripted", highestLevel: .bus) { ScriptedEngine($0, $1, $2, steps) }
    }

    var clockPeriod: Tick { Tick(2) }
    var registers: Registers { Registers(state) }
    var instructionCount: UInt64 { state.pointee.instructionCount }

    func reset() {
        state.pointee.reset(model)
        prefetchQueue = [0xEE]
    }

    func loadPrefetchQueue(_ bytes: [UInt8]) { (prefetchQueue, loadedQueue) = (bytes, bytes) }

    func run() -> StopReason {
        guard !state.pointee.isHalted, let step = steps.popFirst() else { return .halted }
        for byte in step.writes { memory.write8(byte.address, byte.value) }
        let r = registers
        let all = step.registers
        (r.ax, r.bx, r.cx, r.dx, r.cs, r.ss, r.ds, r.es) = (
            all[0], all[1], all[2], all[3], all[4], all[5], all[6], all[7]
        )
        (r.sp, r.bp, r.si, r.di, r.ip, r.flags) = (all[8], all[9], all[10], all[11], all[12], all[13])
        for record in step.lead + step.records { trace?.append(record) }
        now += clockPeriod * Int64(step.records.count)
        state.pointee.instructionCount += 1
        if step.leavesQueueEmpty { prefetchQueue = [] } else if prefetchQueue.isEmpty { prefetchQueue = [0x90] }
        state.pointee.isHalted = model == .i80286
        return model == .i80286 ? .halted : .deadline
    }

    func skip(to time: Tick) { now = max(now, time) }
    var chunkID: ChunkID { ChunkID("TEST") }
    var chunkVersion: UInt16 { 1 }
    func transfer(_ coder: StateCoder) { state.pointee.transfer(coder) }
    func stateDidRestore() {}
}
