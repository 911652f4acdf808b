import Core
/// A clock of a bus cycle.
enum BusState8086: UInt8 {
    case idle, t1, t2, t3, wait, t4
}

/// The kind of a bus cycle, numbered as the suites number S0 to S2.
enum BusCycle8086: UInt8 {
    case acknowledge, readPort, writePort, readMemory, writeMemory, halt, fetch, passive
}

/// What the bus interface unit and the execution unit hold beside the architectural registers.
///
/// Between two instructions it is part of the machine's state, except for what is marked as belonging to a run.
struct Work8086 {
    // MARK: Time

    /// The start of the present clock, in ticks.
    var now: Int64 = 0
    /// Ticks that a clock takes: 0 while every instruction takes a fixed time.
    var period: Int64 = 1
    /// Clocks that every instruction takes, 0 for those of the processor.
    var fixedClocks: Int64 = 0
    /// When the run must end. Of a run.
    var deadline: Int64 = 0

    // MARK: Bus cycle

    var busState = BusState8086.idle
    /// What the next clock is, as far as the cycle in progress says.
    var nextState = BusState8086.idle
    /// The cycle that is wanted or, up to T3, in progress.
    var cycle = BusCycle8086.passive
    /// The last cycle that came to its T4.
    var lastCycle = BusCycle8086.passive
    /// Whether the cycle transfers a whole word (8086, even address).
    var isWide = false
    /// The cycle in progress is the second of an interrupt acknowledgement.
    var isSecondAcknowledge = false
    /// Wait states that are left.
    var waitStates: UInt8 = 0
    var address: UInt32 = 0
    var data: UInt16 = 0
    /// S3 and S4 of the cycle.
    var segment: UInt8 = 2
    /// The level of BHE#.
    var isBHEHigh = true
    /// When the last cycle came to its T4.
    var lastT4: Int64 = -1_000_000
    /// Waking from HLT takes a clock more.
    var wakesLate = false
    /// HALT is shown in the next clock. Of a run.
    var isHaltShown = false
    /// LOCK#: a locked instruction, or an interrupt acknowledgement.
    var isLocked = false

    /// What the execution unit has asked for: the cycle's values from its T1 on.
    var wantedAddress: UInt32 = 0
    var wantedData: UInt16 = 0
    var wantedSegment: UInt8 = 2
    var wantedIsWide = false

    // MARK: Prefetching

    /// The prefetch queue, oldest byte lowest.
    var queue: UInt64 = 0
    var queueCount = 0
    /// What the last fetch has brought, and how many bytes of it belong into the queue.
    var fetched: UInt16 = 0
    var fetchedCount: UInt8 = 0
    /// The offset of the next fetch.
    var fetchPointer: UInt16 = 0
    /// Why no fetch may start: see `Hold8086`. Zero: it may.
    var hold: UInt8 = 0
    /// FLUSH has been executed in this clock: fetching goes on in the next one.
    var isFlushing = false
    /// The fetch in progress is for an address that is out of date.
    var isFetchStale = false
    /// CS:IP as the queue goes with them. Different values in the state mean that a service has set them.
    var expectedCS: UInt16 = 0
    var expectedIP: UInt16 = 0

    // MARK: Execution unit

    /// The internal address register, the operand register and one of the temporary registers, for the instructions
    /// that use them without having loaded them.
    var indirect: UInt16 = 0
    var operand: UInt16 = 0
    var temporaryB: UInt16 = 0
    /// The segment register of the ModRM operand.
    var operandSlot = 12
    var modRM: UInt8 = 0
    var opcode: UInt8 = 0
    /// The segment register of a prefix, 0 for none.
    var overrideSlot = 0
    /// F2, F3 or 0.
    var repeatPrefix: UInt8 = 0
    /// Prefixes of the instruction so far.
    var prefixCount = 0
    /// IP of the first byte of the instruction, prefixes included.
    var startIP: UInt16 = 0
    /// TF was set when the instruction began.
    var isStepping = false
    /// The run has ended in a WAIT that waits for the coprocessor.
    var isWaiting = false

    // MARK: Direct memory access

    /// When the next request comes, 0 while one is being served (every clock is looked at).
    var nextRequest = Int64.max
    /// Ticks between requests for memory refresh; 0: none.
    var refreshPeriod: Int64 = 0
    /// When the next refresh request is due.
    var nextRefresh = Int64.max
    /// 0: no transfer. Otherwise the clock of the transfer: see `stepTransfer`.
    var transferClock: UInt16 = 0
    /// Clocks of the transfer that is being served or waited for.
    var transferLength: UInt16 = 0
    /// Transfers that wait behind it, by number of clocks: from `requestBus`.
    var waitingTransfer: UInt16 = 0
    /// When pages with `sharedWaits` are free.
    var slots: UnsafeMutablePointer<MemorySlots>?
    /// READY is low because somebody else has the bus.
    var isBusTaken = false

    /// A fetch has been made whose bytes are not in the queue yet.
    var isFetchArriving: Bool { (busState == .t4 || nextState == .t4) && lastCycle == .fetch }

    /// A fetch has begun whose bytes are not in the queue yet.
    var isFetching: Bool {
        let isBusy = busState == .t1 || busState == .t2 || busState == .t3 || busState == .wait
        return isFetchArriving || isBusy && nextState != .t4 && cycle == .fetch
    }

    // MARK: Trace, of a run

    var isTracing = false
    var queueOperation: UInt8 = 0
    var queueByte: UInt8 = 0
}

/// Bits of `Work8086.hold`.
enum Hold8086 {
    /// The microcode has suspended fetching.
    static let suspended: UInt8 = 1
    /// The execution unit wants the bus.
    static let requested: UInt8 = 2
    /// The queue is full, or was when it was last looked at.
    static let full: UInt8 = 4
}
