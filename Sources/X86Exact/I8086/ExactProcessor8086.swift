import Core
import X86

/// The clock-exact engine of the 8086 and the 8088.
///
/// It runs the processor as two units that go clock by clock: the bus interface unit with its prefetch queue (`tick`),
/// and the execution unit, whose microcode routines are written as Swift functions that call `tick` between two
/// microcode lines. A routine never waits on anything but the bus, so an instruction runs to its end in one call; the
/// state between two instructions is the architectural state, the queue, and the bus cycle that is in progress.
///
/// Every memory, port and acknowledge access happens at its T3 (the last wait state, if there are any) and carries the
/// tick at which that clock begins. Code that changes itself takes effect when the bytes have not been fetched yet: the
/// queue holds 6 bytes on an 8086, 4 on an 8088. Code is fetched through devices where pages are routed to them.
///
/// The class holds constants and pointers only; all that changes lies behind the pointers, so that the clock loop makes
/// no exclusivity checks.
///
/// Source: [UCODE86] the microcode, for what each line does and how many there are; [XTCE] and [MARTYPC] for the order of
/// events in a clock; [SST86] for the clock-by-clock behaviour of an 8086, which this engine reproduces.
///
/// Not implemented: RESET takes no time; the idle clocks of a hold in minimum mode (`requestBus` is the maximum-mode
/// scheme of the PC, which inserts wait states); the handshake by which an 8087 asks for the bus (see `escape`).
public final class ExactProcessor8086: ClockTracingEngine {
    public let model: ProcessorModel
    public let clockPeriod: Tick
    public let memory: GuestMemory
    let bus: BusLink
    /// Its BUSY output is the TEST pin. Without one, WAIT goes on at once.
    let coprocessor: (any Coprocessor)?

    let state: UnsafeMutablePointer<CPUState>
    let work: UnsafeMutablePointer<Work8086>
    /// The registers by number: see `Slot8086`.
    let words: UnsafeMutablePointer<UInt16>
    let bytes: UnsafeMutablePointer<UInt8>
    let ram: UnsafeMutablePointer<UInt8>
    let pageFlags: UnsafeMutablePointer<UInt8>
    /// Wait states of each 4 KB page of memory, and behind them those of each group of 32 ports.
    let waits: UnsafeMutablePointer<UInt8>
    let decode: UnsafeMutablePointer<Decode8086>
    let traceBox: UnsafeMutablePointer<ClockTrace?>
    let isWideBus: Bool
    let queueSize: Int
    /// The greatest number of bytes in the queue that leaves room for a fetch.
    let fetchRoom: Int

    /// Keeps alive what `Work8086.slots` points to.
    private var sharedMemory: SharedMemory?

    /// Stands for the wait states of memory that is shared.
    static let sharedWaits: UInt8 = 0xFF
    static let portWaitsStart = 256
    static let waitsCount = portWaitsStart + 0x1_0000 / 32

    /// `model` is `i8086` or `i8088`. `memory` and `bus` must live at least as long as the processor; the caller connects
    /// it to `memory` as its time source.
    public init(
        model: ProcessorModel, clockPeriod: Tick, memory: GuestMemory, bus: any ProcessorBus,
        coprocessor: (any Coprocessor)? = nil
    ) {
        precondition(clockPeriod.count > 0, "a processor clock takes time")
        precondition(model.isOriginal, "the exact 8086 engine is an 8086 or an 8088")
        self.model = model
        self.clockPeriod = clockPeriod
        self.memory = memory
        self.bus = .to(bus)
        self.coprocessor = coprocessor
        state = .allocate(capacity: 1)
        state.initialize(to: CPUState())
        work = .allocate(capacity: 1)
        work.initialize(to: Work8086())
        words = UnsafeMutableRawPointer(state).assumingMemoryBound(to: UInt16.self)
        bytes = UnsafeMutableRawPointer(state).assumingMemoryBound(to: UInt8.self)
        ram = memory.base
        pageFlags = memory.pageFlags
        waits = .allocate(capacity: Self.waitsCount)
        waits.initialize(repeating: 0, count: Self.waitsCount)
        decode = Decode8086.table()
        traceBox = .allocate(capacity: 1)
        traceBox.initialize(to: nil)
        isWideBus = model == .i8086
        queueSize = model == .i8086 ? 6 : 4
        fetchRoom = model == .i8086 ? 4 : 3
        work.pointee.period = clockPeriod.count
        reset()
    }

    deinit {
        state.deallocate()
        work.deallocate()
        waits.deallocate()
        decode.deallocate()
        traceBox.deinitialize(count: 1)
        traceBox.deallocate()
    }

    // MARK: ProcessorEngine

    public var registers: Registers { Registers(state) }

    public var instructionCount: UInt64 { state.pointee.instructionCount }

    /// The present; in the middle of an instruction, the start of the clock that is being run.
    public var now: Tick { Tick(work.pointee.now) }

    public var fixedInstructionClocks: Int? {
        get { work.pointee.fixedClocks == 0 ? nil : Int(work.pointee.fixedClocks) }
        set {
            let clocks = Int64(min(max(newValue ?? 0, 0), 255))
            work.pointee.fixedClocks = clocks
            work.pointee.period = clocks == 0 ? clockPeriod.count : 0
            coprocessor?.takesTime = clocks == 0
        }
    }

    public func reset() {
        state.pointee.reset(model)
        restart()
    }

    /// Empties the queue and begins to fetch at CS:IP, with no bus cycle in progress.
    func restart() {
        let w = work
        w.pointee.busState = .idle
        w.pointee.nextState = .idle
        w.pointee.cycle = .passive
        w.pointee.lastCycle = .passive
        w.pointee.isFetchStale = false
        w.pointee.isLocked = false
        w.pointee.waitStates = 0
        w.pointee.isStepping = false
        w.pointee.isWaiting = false
        clearPrefixes()
        refetch()
    }

    /// Empties the queue and fetches at CS:IP, for a service that has set them. A fetch in progress is in vain.
    func refetch() {
        let w = work
        w.pointee.isFetchStale = w.pointee.isFetching
        w.pointee.queue = 0
        w.pointee.queueCount = 0
        w.pointee.fetchPointer = state.pointee.ip
        w.pointee.hold = 0
        w.pointee.isFlushing = false
        settle()
    }

    /// The queue goes with the present CS:IP.
    func settle() {
        work.pointee.expectedCS = state.pointee.cs
        work.pointee.expectedIP = state.pointee.ip
    }

    /// Moves time forward by whole clocks, so that the clock keeps its phase.
    public func skip(to time: Tick) {
        let w = work
        let ticks = time.count &- w.pointee.now
        guard ticks > 0 else { return }
        let period = clockPeriod.count
        let clocks = (ticks &- 1) / period &+ 1
        w.pointee.now &+= clocks &* period
        passRefreshes()
        state.pointee.now = Tick(w.pointee.now)
    }

    // MARK: ClockTracingEngine

    public var trace: ClockTrace? {
        get { traceBox.pointee }
        set {
            traceBox.pointee = newValue
            work.pointee.isTracing = newValue != nil
            work.pointee.queueOperation = 0
        }
    }

    public var prefetchQueue: [UInt8] {
        (0..<work.pointee.queueCount).map { UInt8(truncatingIfNeeded: work.pointee.queue >> UInt64(8 * $0)) }
    }

    public func loadPrefetchQueue(_ bytes: [UInt8]) {
        restart()
        let w = work
        for byte in bytes.prefix(queueSize) { pushQueue(UInt32(byte)) }
        w.pointee.fetchPointer = state.pointee.ip &+ UInt16(w.pointee.queueCount)
        if w.pointee.queueCount > fetchRoom { w.pointee.hold = Hold8086.full }
    }

    // MARK: Wait states

    /// Memory in `addresses` (a multiple of 4 KB, below 1 MB) takes `count` wait states an access.
    public func setMemoryWaitStates(_ count: UInt8, in addresses: Range<Int>) {
        precondition(
            addresses.lowerBound % GuestMemory.pageSize == 0 && addresses.count % GuestMemory.pageSize == 0
                && addresses.lowerBound >= 0 && addresses.upperBound <= 0x10_0000, "wait states go by pages below 1 MB")
        for page in addresses.lowerBound / GuestMemory.pageSize..<addresses.upperBound / GuestMemory.pageSize {
            waits[page] = count
        }
    }

    /// Memory in `addresses` (as above) is shared: each access waits until `shared` says that it is over. One `shared` is
    /// in force.
    public func setSharedMemory(_ shared: SharedMemory, in addresses: Range<Int>) {
        setMemoryWaitStates(Self.sharedWaits, in: addresses)
        sharedMemory = shared
        work.pointee.slots = shared.slots
    }

    /// Ports in `ports` (a multiple of 32) take `count` wait states an access.
    public func setPortWaitStates(_ count: UInt8, in ports: Range<Int> = 0..<0x1_0000) {
        precondition(
            ports.lowerBound % 32 == 0 && ports.count % 32 == 0 && ports.lowerBound >= 0
                && ports.upperBound <= 0x1_0000,
            "wait states go by groups of 32 ports")
        for group in ports.lowerBound / 32..<ports.upperBound / 32 { waits[Self.portWaitsStart + group] = count }
    }
}
