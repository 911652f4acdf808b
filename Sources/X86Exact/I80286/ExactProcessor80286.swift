import Core
import X86

/// The clock-exact engine of the 80286 in real mode.
///
/// Three units work side by side, a clock at a time, as in the chip:
///
/// * the bus unit runs bus cycles of two clocks (Ts and Tc, and wait states), puts the address of the next cycle on the
///   pins while the present one is ending, and fills a prefetch queue of six bytes with words;
/// * the instruction unit takes a byte a clock from that queue and makes decoded instructions of it, up to three;
/// * the execution unit runs instructions: it waits for a decoded one, spends clocks, and asks for bus cycles. A write is
///   posted: the unit goes on as soon as the cycle has begun.
///
/// The execution unit is written as ordinary code that lets clocks pass (`spend`, `access`), so that the time of an
/// instruction is what its steps and the bus make of it. `run` stops between instructions, and between two repeats of a
/// string instruction; the state of all units at such a moment is saved.
///
/// Where it sits in a PC: behind an 82288 bus controller. HOLD is the AT's refresh, READY# fixed numbers of wait states or
/// the word of a memory that is shared.
///
/// Source: [80286HRM] the units and the bus; [80286PRM] appendix B. Measured: SingleStepTests/80286, the figures of clocks
/// in this folder (see docs/accuracy-80286.md).
///
/// Not implemented: protected mode (see `FastProcessor`: the same holds here); HOLD by others than the refresh.
public final class ExactProcessor80286: ClockTracingEngine {
    public let model = ProcessorModel.i80286
    public let clockPeriod: Tick
    public let memory: GuestMemory
    let bus: BusLink
    let coprocessor: (any Coprocessor)?

    let state: UnsafeMutablePointer<CPUState>
    let pipe: UnsafeMutablePointer<Pipeline80286>
    /// A ring of eight: the instruction that is being executed, up to three decoded ones, and the one that is being
    /// decoded.
    let decoded: UnsafeMutablePointer<Decoded80286>
    /// The registers by number: see `Slot80286`.
    let words: UnsafeMutablePointer<UInt16>
    let bytes: UnsafeMutablePointer<UInt8>
    let ram: UnsafeMutablePointer<UInt8>
    let pageFlags: UnsafeMutablePointer<UInt8>
    /// `Shape80286` of each opcode.
    let shapes: UnsafeMutablePointer<UInt16>
    let operations: UnsafeMutablePointer<Operation80286>
    /// The registers before the present instruction, while LOADALL's segments are in force.
    let saved: UnsafeMutablePointer<CPUState>
    let tracePlace: UnsafeMutablePointer<ClockTrace?>
    let period: Int64
    let sharing: UnsafeMutablePointer<Sharing>
    /// Keeps alive what `Sharing.slots` points to.
    private var sharedMemory: SharedMemory?
    private let storage: UnsafeMutableRawPointer

    /// Slots of the ring of decoded instructions.
    static let ringSize: UInt8 = 8

    /// `memory` and `bus` must live at least as long as the processor; the caller connects it to `memory` as its
    /// time source.
    public init(
        clockPeriod: Tick, memory: GuestMemory, bus: any ProcessorBus, coprocessor: (any Coprocessor)? = nil
    ) {
        precondition(clockPeriod.count > 0, "a processor clock takes time")
        self.clockPeriod = clockPeriod
        self.memory = memory
        self.bus = .to(bus)
        self.coprocessor = coprocessor
        period = clockPeriod.count
        storage = .allocate(byteCount: 1_536, alignment: 64)
        state = storage.initializeMemory(as: CPUState.self, repeating: CPUState(), count: 1)
        pipe = (storage + 256).initializeMemory(as: Pipeline80286.self, repeating: Pipeline80286(), count: 1)
        decoded = (storage + 512).initializeMemory(as: Decoded80286.self, repeating: Decoded80286(), count: 8)
        shapes = (storage + 768).initializeMemory(as: UInt16.self, repeating: 0, count: 256)
        operations = (storage + 1_280).initializeMemory(as: Operation80286.self, repeating: .none, count: 256)
        tracePlace = .allocate(capacity: 1)
        tracePlace.initialize(to: nil)
        saved = .allocate(capacity: 1)
        saved.initialize(to: CPUState())
        sharing = .allocate(capacity: 1)
        sharing.initialize(to: Sharing())
        words = UnsafeMutableRawPointer(state).assumingMemoryBound(to: UInt16.self)
        bytes = UnsafeMutableRawPointer(state).assumingMemoryBound(to: UInt8.self)
        ram = memory.base
        pageFlags = memory.pageFlags
        precondition(
            MemoryLayout<CPUState>.size <= 256 && MemoryLayout<Pipeline80286>.size <= 256
                && MemoryLayout<Decoded80286>.stride * 8 <= 256, "the units fit in the state block")
        for opcode in 0..<256 {
            shapes[opcode] = Shape80286.of(UInt8(opcode))
            operations[opcode] = Operation80286.of(UInt8(opcode))
        }
        state.pointee.reset(model)
        fixedInstructionClocks = nil
        empty()
    }

    deinit {
        tracePlace.deinitialize(count: 1)
        tracePlace.deallocate()
        saved.deallocate()
        sharing.deallocate()
        storage.deallocate()
    }

    // MARK: ProcessorEngine

    public var registers: Registers { Registers(state) }

    public var instructionCount: UInt64 { state.pointee.instructionCount }

    /// The beginning of the present clock.
    public var now: Tick { Tick(pipe.pointee.now) }

    public var fixedInstructionClocks: Int? {
        get { pipe.pointee.fixedClocks == 0 ? nil : Int(pipe.pointee.fixedClocks) }
        set {
            let now = pipe.pointee.now
            pipe.pointee.fixedClocks = Int64(min(max(newValue ?? 0, 0), 255))
            pipe.pointee.clockLength = pipe.pointee.fixedClocks == 0 ? period : 0
            pipe.pointee.now = now
            coprocessor?.takesTime = pipe.pointee.fixedClocks == 0
            planRefresh()
        }
    }

    /// Wait states of every memory and every port cycle, 0 to 15. They are part of the wiring, not of the state.
    public var waitStates: (memory: Int, port: Int) {
        get { (Int(pipe.pointee.memoryWaits), Int(pipe.pointee.portWaits)) }
        set {
            pipe.pointee.memoryWaits = UInt8(min(max(newValue.memory, 0), 15))
            pipe.pointee.portWaits = UInt8(min(max(newValue.port, 0), 15))
        }
    }

    /// Memory at `addresses`, on the bus of eight bits, is shared: each byte waits until `shared` says that it is over, too.
    public func setSharedMemory(_ shared: SharedMemory, in addresses: Range<UInt32>) {
        sharedMemory = shared
        (sharing.pointee.slots, sharing.pointee.addresses) = (shared.slots, addresses)
    }

    /// The slots of eight bits, if there are any. Part of the wiring, too.
    public var narrowBus: NarrowBus80286? {
        get { pipe.pointee.hasNarrowBus ? pipe.pointee.narrowBus : nil }
        set {
            pipe.pointee.hasNarrowBus = newValue != nil
            if let newValue { pipe.pointee.narrowBus = newValue }
        }
    }

    public func reset() {
        state.pointee.now = Tick(pipe.pointee.now)
        state.pointee.reset(model)
        quiet()
        empty()
    }

    /// Moves time forward by whole clocks, so that the clock keeps its phase.
    public func skip(to time: Tick) {
        let begin = pipe.pointee.now
        guard time.count > begin else { return }
        let clocks = (time.count &- begin &- 1) / period &+ 1
        // The bus cycle that is under way ends, and then nothing moves: prefetching stops with HLT.
        spend(Int(min(clocks, 64)))
        pipe.pointee.clock &+= UInt64(min(max(clocks &- 64, 0), Int64(1) << 40))
        pipe.pointee.now = begin &+ clocks &* period
        state.pointee.now = Tick(pipe.pointee.now)
        passRefreshes()
    }

    // MARK: ClockTracingEngine

    public var trace: ClockTrace? {
        get { tracePlace.pointee }
        set {
            tracePlace.pointee = newValue
            pipe.pointee.isTracing = newValue != nil
        }
    }

    public var prefetchQueue: [UInt8] {
        (0..<Int(pipe.pointee.queueCount)).map { UInt8(truncatingIfNeeded: pipe.pointee.queue >> UInt64(8 * $0)) }
    }

    public func loadPrefetchQueue(_ bytes: [UInt8]) {
        empty()
        for byte in bytes.prefix(6) where pipe.pointee.fetchOffset < 0x1_0000 {
            pipe.pointee.queue |= UInt64(byte) << (8 * pipe.pointee.queueCount)
            pipe.pointee.queueCount += 1
            pipe.pointee.level += 1
            pipe.pointee.fetchOffset += 1
        }
        if pipe.pointee.fetchOffset >= 0x1_0000 { pipe.pointee.level |= Pipeline80286.segmentEnd }
    }
}

/// Words of `CPUState` by number.
enum Slot80286 {
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
