/// What a processor shows on its pins during one clock.
///
/// The fields are those of a cycle record of the captured tests, so that a trace can be compared field by field.
///
/// Source: SingleStepTests/8086 and SingleStepTests/80286, the MOO format, chunk CYCL.
public struct ClockRecord: Hashable, Sendable {
    /// The commands of the 8288 bus controller.
    public struct Command: OptionSet, Hashable, Sendable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        public static let write = Command(rawValue: 0b001)
        /// 8086 only.
        public static let advancedWrite = Command(rawValue: 0b010)
        public static let read = Command(rawValue: 0b100)
    }

    /// What the execution unit did with the prefetch queue (QS0, QS1; not on an 80286).
    public enum QueueOperation: UInt8, Sendable {
        case none, firstByte, flushed, subsequentByte
    }

    /// Address latch enable: `bus` holds an address.
    public var isAddressLatched = false
    /// The level of BHE#: false says that the high byte of the data bus takes part.
    public var isBHEHigh = true
    /// The level of READY# (80286).
    public var isReadyHigh = false
    /// The level of LOCK# (80286).
    public var isLockHigh = true
    /// The 20 multiplexed lines (8086) or the 24 address lines (80286).
    public var bus: UInt32 = 0
    /// S3 and S4 (8086): 0 ES, 1 SS, 2 CS or none, 3 DS, 4 not valid.
    public var segment: UInt8 = 4
    public var memoryCommand: Command = []
    public var portCommand: Command = []
    public var data: UInt16 = 0
    /// S0 to S2 (8086: 7 is passive), or S0, S1, M/IO# and COD/INTA# (80286), as the suites number them.
    public var status: UInt8 = 7
    /// 8086: 0 Ti, 1 T1, 2 T2, 3 T3 or Tw, 4 T4. 80286: 0 Ti, 1 Ts, 2 Tc.
    public var state: UInt8 = 0
    public var queueOperation = QueueOperation.none
    /// The byte that left the queue, for `firstByte` and `subsequentByte`.
    public var queueByte: UInt8 = 0

    public init() {}
}

/// A bounded list of clocks for an engine to fill.
public final class ClockTrace {
    public private(set) var records: [ClockRecord] = []
    /// Clocks beyond this are counted, not kept.
    public let capacity: Int
    public private(set) var count = 0

    public init(capacity: Int) { self.capacity = capacity }

    public func append(_ record: ClockRecord) {
        count += 1
        if records.count < capacity { records.append(record) }
    }

    public func removeAll() {
        records.removeAll(keepingCapacity: true)
        count = 0
    }
}

/// An engine that works clock by clock and shows each.
public protocol ClockTracingEngine: ProcessorEngine {
    /// Where the clocks are recorded; nil, the default: nowhere.
    var trace: ClockTrace? { get set }
    /// The prefetch queue, oldest byte first.
    var prefetchQueue: [UInt8] { get }
    /// Fills the prefetch queue of a processor that is between two instructions: the next fetch is from IP plus the
    /// number of bytes. At most as many as the queue holds. The registers must have been set before.
    func loadPrefetchQueue(_ bytes: [UInt8])
}
