import Core
import X86

/// The fast engine: an interpreter of 8088, 8086, 80186 and 80286 instructions in real mode.
///
/// It works at the level of instructions. A port or device access carries the time at which its instruction began (a
/// repeated string instruction: the time of the repeat), so everything due before it has been delivered. The prefetch
/// queue is not modelled: code that changes itself takes effect at once. Code is fetched from the storage of the
/// memory view, also where reads go to a device.
///
/// The class holds constants and pointers only; all that changes lies behind the pointers, so that the loop makes no
/// exclusivity checks.
///
/// Source: Intel, The 8086 Family User's Manual (1979); 80286 Programmer's Reference Manual (1987). Undefined flags
/// and undocumented opcodes: measured by SingleStepTests/8086 and SingleStepTests/80286.
///
/// Not implemented: protected mode of the 80286 (a program that asks for it goes on in real mode, and
/// `CPUState.hasRequestedProtectedMode` says so); on an 8086, the operands that LEA, LES, LDS and far indirect transfers with a register operand take
/// from an internal register.
public final class FastProcessor: ProcessorEngine {
    public let model: ProcessorModel
    public let clockPeriod: Tick
    public let memory: GuestMemory
    let bus: BusLink
    /// An 8087 or 80287, if there is one.
    let coprocessor: (any Coprocessor)?
    let hasCoprocessor: Bool

    let state: UnsafeMutablePointer<CPUState>
    let work: UnsafeMutablePointer<Work>
    /// The registers by number: see `Slot`.
    let words: UnsafeMutablePointer<UInt16>
    let bytes: UnsafeMutablePointer<UInt8>
    /// The memory view and its page flags.
    let ram: UnsafeMutablePointer<UInt8>
    let pageFlags: UnsafeMutablePointer<UInt8>
    let tables: Tables
    /// The registers before the present instruction, and its code, while LOADALL's segments are in force.
    let saved: UnsafeMutablePointer<CPUState>
    let window: UnsafeMutablePointer<UInt8>
    /// What CS * 16 is added to for the address of code: `ram`, or an address that leads to `window`.
    let codeOrigin: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>>
    let is286: Bool
    let isOriginal: Bool
    let hasSegmentLimits: Bool
    /// AF after a shift to the right, as a bit of `Work.carries`.
    let shiftAuxiliary: UInt32
    /// An instruction that starts above this offset may run over the end of its segment and is measured first.
    let lastCheckedStart: Int

    /// `memory` and `bus` must live at least as long as the processor; the caller connects it to `memory` as its
    /// time source.
    public init(
        model: ProcessorModel, clockPeriod: Tick, memory: GuestMemory, bus: any ProcessorBus,
        coprocessor: (any Coprocessor)? = nil
    ) {
        precondition(clockPeriod.count > 0, "a processor clock takes time")
        self.coprocessor = coprocessor
        hasCoprocessor = coprocessor != nil
        self.model = model
        self.clockPeriod = clockPeriod
        self.memory = memory
        self.bus = .to(bus)
        state = .allocate(capacity: 1)
        state.initialize(to: CPUState())
        state.pointee.reset(model)
        work = .allocate(capacity: 1)
        work.initialize(to: Work())
        words = UnsafeMutableRawPointer(state).assumingMemoryBound(to: UInt16.self)
        bytes = UnsafeMutableRawPointer(state).assumingMemoryBound(to: UInt8.self)
        ram = memory.base
        saved = .allocate(capacity: 1)
        saved.initialize(to: CPUState())
        window = .allocate(capacity: FastProcessor.windowSize)
        window.initialize(repeating: 0, count: FastProcessor.windowSize)
        codeOrigin = .allocate(capacity: 1)
        codeOrigin.initialize(to: memory.base)
        pageFlags = memory.pageFlags
        tables = Tables(InstructionClocks(model))
        is286 = model == .i80286
        isOriginal = model.isOriginal
        shiftAuxiliary = model.isOriginal ? 0 : 8
        hasSegmentLimits = model == .i80286
        lastCheckedStart = model == .i80286 ? 0xFFF5 : 0x1_0000
    }

    deinit {
        state.deallocate()
        work.deallocate()
        saved.deallocate()
        window.deallocate()
        codeOrigin.deallocate()
        tables.deallocate()
    }

    // MARK: ProcessorEngine

    public var registers: Registers { Registers(state) }

    public var instructionCount: UInt64 { state.pointee.instructionCount }

    public var fixedInstructionClocks: Int? {
        get { tables.fixedClocks.pointee }
        set {
            tables.fixedClocks.pointee = newValue
            coprocessor?.takesTime = newValue == nil
            tables.fill(newValue.map { InstructionClocks(fixed: $0) } ?? InstructionClocks(model))
        }
    }

    /// The present; in the middle of an instruction, the time at which it began.
    public var now: Tick { Tick(work.pointee.end &- Int64(work.pointee.startBudget) &* clockPeriod.count) }

    public func reset() {
        state.pointee.reset(model)
        work.pointee.shadowAt = .max
        cachesDidChange()
    }

    /// Moves time forward by whole clocks, so that the clock keeps its phase.
    public func skip(to time: Tick) {
        let begin = now
        guard time > begin else { return }
        let clocks = (time.count &- begin.count &- 1) / clockPeriod.count &+ 1
        state.pointee.now = begin + Tick(clocks &* clockPeriod.count)
        rest()
    }

    public func run() -> StopReason {
        loadFlags(model.normalizedFlags(state.pointee.flags))
        work.pointee.executed = state.pointee.instructionCount
        work.pointee.shadowAt = state.pointee.isShadowed ? work.pointee.executed : .max
        work.pointee.isShadowDeep = state.pointee.isShadowDeep
        work.pointee.isStepping = false
        work.pointee.isTranslating = false
        work.pointee.hasViolation = false
        if state.pointee.caches.areLoaded { state.pointee.dropStaleCaches() }
        if state.pointee.caches.areLoaded != memory.isTranslated { cachesDidChange() }
        let reason = execute()
        state.pointee.flags = flags
        state.pointee.instructionCount = work.pointee.executed
        rest()
        return reason
    }

    /// Makes `now` the time of the state.
    func rest() {
        work.pointee.end = state.pointee.now.count
        work.pointee.budget = 0
        work.pointee.startBudget = 0
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("CPUF") }
    public var chunkVersion: UInt16 { 4 }

    public func transfer(_ coder: StateCoder) {
        state.pointee.transfer(coder)
        var clocks = Int64(fixedInstructionClocks ?? 0)
        coder.field("fixedInstructionClocks", &clocks)
        if coder.direction == .load && coder.failure == nil {
            guard (0...255).contains(clocks) else { return coder.fail("\(clocks) clocks an instruction") }
            fixedInstructionClocks = clocks == 0 ? nil : Int(clocks)
        }
    }

    public func stateDidRestore() {
        state.pointee.flags = model.normalizedFlags(state.pointee.flags)
        cachesDidChange()
        rest()
    }
}

/// Words of `CPUState` by number.
enum Slot {
    static let ax = 0
    static let cx = 1
    static let dx = 2
    static let bx = 3
    static let sp = 4
    static let bp = 5
    static let si = 6
    static let di = 7
    static let zero = 8
    static let es = 9
    static let cs = 10
    static let ss = 11
    static let ds = 12
    /// Bytes: AL is byte 0, AH byte 1.
    static let al = 0
    static let ah = 1
    static let cl = 2
}
