/// What the units of an 80286 hold beside the registers: bus unit, instruction unit, execution unit.
///
/// All of it can be saved between two instructions.
struct Pipeline80286 {
    // MARK: Time

    /// The number of the clock that comes next.
    var clock: UInt64 = 0
    /// Ticks that a clock takes: none while instructions take a fixed time.
    var clockLength: Int64 = 0
    /// Ticks at which clock 0 would have begun.
    var clockBase: Int64 = 0

    /// Ticks at which the next clock begins.
    var now: Int64 {
        get { clockBase &+ Int64(bitPattern: clock) &* clockLength }
        set { clockBase = newValue &- Int64(bitPattern: clock) &* clockLength }
    }

    // MARK: Bus unit

    /// The state of the bus in the last clock.
    var state = BusState80286.idle
    /// Tc states to be added to the present bus cycle.
    var waits: UInt8 = 0
    /// The bus cycle that is on the bus in Ts and Tc.
    var cycle = BusCycle80286()
    /// The bus cycle whose address is on the address lines already; it begins with the next clock.
    var next = BusCycle80286()
    /// What the execution unit asks for, or the second half of it.
    var request = BusCycle80286()
    /// The last word or byte that was read.
    var data: UInt16 = 0
    /// Execution unit reads that have not been completed: 0 when `data` is valid.
    var reads: UInt8 = 0
    /// The bus has been given to `request`; it is cleared by the execution unit.
    var isAccepted = false
    /// A fetch was decided on in the last clock.
    var isFetchWanted = false
    /// The instruction is locked: LOCK# is active in its data cycles, except those of a single or last access.
    var isLocked = false
    /// LOCK# has been active in the present instruction; then the first half of a split last access has it too.
    var isLockHeld = false

    // MARK: Prefetch queue

    // Whole words, the two counts apart: a load wider than the store before it would have to wait.

    var queueCount: UInt64 = 0
    /// Up to six bytes, the oldest lowest.
    var queue: UInt64 = 0
    /// Bytes in the queue and those that fetches under way will bring; `segmentEnd` is added where nothing more can be
    /// fetched.
    var level: UInt64 = 0
    static var segmentEnd: UInt64 { 0x40 }
    /// Offset of the next fetch; 10000h when the segment ends.
    var fetchOffset: UInt32 = 0
    /// Base of the code segment.
    var codeBase: UInt32 = 0
    /// The clock from which on nothing is fetched: a transfer or HLT has been decoded.
    var fetchEnd: UInt64 = .max
    /// Fetches that were under way when the queue was emptied; their bytes are dropped.
    var droppedFetches: UInt8 = 0

    // MARK: Instruction unit

    var phase = DecodePhase80286.opcode
    /// Bytes of displacement and immediate operands that are still to come.
    var displacementBytes: UInt8 = 0
    var immediateBytes: UInt8 = 0
    /// The shift at which the next byte goes into the field that is being collected.
    var fieldShift: UInt8 = 0
    /// Why no byte is taken, if not 0: the bits below.
    var hold: UInt8 = 0
    /// For one clock, in which a byte is extended to a word.
    static var holdsForExtension: UInt8 { 0x01 }
    /// Until the execution unit takes one of three decoded instructions.
    static var holdsForRoom: UInt8 { 0x40 }
    /// Until the queue is emptied: a transfer or HLT has been decoded.
    static var holdsForTransfer: UInt8 { 0x80 }
    /// Decoded instructions, and the slot of the oldest one.
    var decodedCount: UInt8 = 0
    var decodedHead: UInt8 = 0
    /// The slot of the instruction that is being executed.
    var executing: UInt8 = 7

    // MARK: Execution unit

    /// The queue holds what follows this CS:IP; anything else empties it.
    var nextCS: UInt16 = 0
    var nextIP: UInt16 = 0
    /// IP at the beginning of the present instruction.
    var start: UInt16 = 0
    /// The present instruction has violated a segment that LOADALL has loaded.
    var hasViolation = false
    /// Handlers entered; tells whether an instruction has entered one.
    var entries: UInt64 = 0
    /// The present instruction waits for the coprocessor, and begins again where the next run begins.
    var isWaiting = false
    /// Bus deadline, as it was when somebody looked last.
    var deadline: Int64 = 0
    var isLookNeeded = false
    /// Clocks of every instruction, 0 for those of the model.
    var fixedClocks: Int64 = 0
    /// The clock from which on somebody else has the bus, or wants it; `.max` while nobody does.
    var holdClock: UInt64 = .max
    /// Wait states of memory and ports.
    var memoryWaits: UInt8 = 0
    var portWaits: UInt8 = 0
    /// A bus of eight bits is there: some cycles have other wait states.
    var hasNarrowBus = false
    var narrowBus = NarrowBus80286(memory: 0..<0, waits: 0)
    var isTracing = false
}

/// Cards on a bus of eight bits: a word is a byte after the other.
///
/// Source: [ATSLOTS] a cycle of a slot of eight bits has four wait states on the AT, and a word takes two.
public struct NarrowBus80286: Sendable {
    /// Addresses of memory on it. All ports are on it, too, but those of the coprocessor, F8h to FFh.
    public var memory: Range<UInt32>
    /// Wait states of a byte, 0 to 100.
    public var waits: UInt8

    public init(memory: Range<UInt32>, waits: UInt8) {
        (self.memory, self.waits) = (memory, min(waits, 100))
    }

    /// Whether a cycle goes there.
    func contains(_ cycle: BusCycle80286) -> Bool {
        cycle.kind.isPort ? cycle.address & 0xFFF8 != 0xF8 : memory.contains(cycle.address)
    }
}

/// The states of the bus.
enum BusState80286: UInt8 {
    case idle, status, command
}

/// A bus cycle. Address and details lie in one word, so that a cycle moves on by plain copies.
struct BusCycle80286 {
    var kind = BusKind80286.none
    var data: UInt16 = 0
    /// The address in the upper half, the details below.
    private(set) var word: UInt64 = 0

    init() {}

    @inline(__always) init(
        _ kind: BusKind80286, size: UInt8, isLocked: Bool = false, rest: UInt8 = 0, passesOn: Bool = false,
        address: UInt32,
        data: UInt16 = 0
    ) {
        self.kind = kind
        self.data = data
        word =
            UInt64(size) | (isLocked ? Self.locked : 0) | UInt64(rest) << 9 | (passesOn ? Self.passing : 0)
            | UInt64(address) << 32
    }

    private static var locked: UInt64 { 1 << 8 }
    private static var passing: UInt64 { 1 << 10 }
    private static var high: UInt64 { 1 << 11 }

    /// How many bytes: 1, or 2 at an even address.
    @inline(__always) var size: UInt8 { UInt8(truncatingIfNeeded: word) }
    /// LOCK# is active.
    var isLocked: Bool {
        @inline(__always) get { word & Self.locked != 0 }
        set { word = newValue ? word | Self.locked : word & ~Self.locked }
    }
    /// Bytes of the same access that follow in a second cycle: 0 or 1.
    @inline(__always) var rest: UInt8 { UInt8(truncatingIfNeeded: word >> 9) & 1 }
    /// What is written is what was read last.
    @inline(__always) var passesOn: Bool { word & Self.passing != 0 }
    /// The second cycle of a split access, with the high byte of its word.
    @inline(__always) var isHighByte: Bool { word & Self.high != 0 }
    @inline(__always) var address: UInt32 { UInt32(truncatingIfNeeded: word >> 32) }

    /// The first cycle of a split access becomes the second one.
    mutating func becomeSecond() {
        word = ((word & ~(1 << 9) | Self.high) &+ (1 << 32)) & ~(0xFF << 56)
        data >>= 8
    }

    mutating func setWord(_ newValue: UInt64) { word = newValue }
}

/// The kinds of bus cycles; the raw value is the status as the captured tests number it.
///
/// Source: [80286HRM] bus cycle statuses.
enum BusKind80286: UInt8 {
    case acknowledge = 0
    case halt = 4
    case memoryRead = 5
    case memoryWrite = 6
    case portRead = 9
    case portWrite = 10
    case fetch = 13
    case none = 15

    @inline(__always) var isPort: Bool { rawValue & 0b1100 == 0b1000 }
    var isWrite: Bool { self == .memoryWrite || self == .portWrite }
}

/// What the instruction unit takes the next byte for.
enum DecodePhase80286: UInt8 {
    case opcode, second, modRM, displacement, immediate
}

/// An instruction that has been decoded.
struct Decoded80286 {
    var opcode: UInt8 = 0
    /// The second byte of a 0F instruction.
    var second: UInt8 = 0
    var modRM: UInt8 = 0
    /// REP (F3), REPNE (F2), or 0.
    var repeatPrefix: UInt8 = 0
    /// Slot80286 of the overriding segment, 0 for none.
    var segment: UInt8 = 0
    /// Bytes, prefixes included.
    var length: UInt8 = 0
    var isLocked = false
    /// A service trap: the immediate operand is its number.
    var hasTrapNumber = false
    /// The vector of a fault that was found while decoding, 0xFF for none.
    var fault: UInt8 = 0xFF
    /// Displacement, or the offset of a direct operand.
    var displacement: UInt16 = 0
    /// Up to four bytes of immediate operands, the first lowest.
    var immediate: UInt32 = 0
    /// The first clock in which the execution unit can work on it.
    var ready: UInt64 = 0
}
