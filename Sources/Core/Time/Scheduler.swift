/// Something that wants to be told when its time has come.
public protocol EventClient: AnyObject {
    /// The deadline of `slot` is reached. The slot is already disarmed; arm it again for the next event.
    /// - Parameter now: the deadline that was armed, not a later time at which it was noticed.
    func eventDue(_ slot: EventSlot, at now: Tick)
}

/// One future event of one device: armed or not, with a deadline.
///
/// A device arms its slot for its next externally visible change only. Arming an earlier deadline shortens the
/// processor's run. Slots are made by `Scheduler.makeSlot` while a machine is wired, never later.
public final class EventSlot {
    /// Position in the machine's slot order, which breaks ties between equal deadlines.
    public let index: Int
    /// For traces and printed state.
    public let name: String
    fileprivate let table: DeadlineTable
    fileprivate weak var client: (any EventClient)?

    fileprivate init(index: Int, name: String, table: DeadlineTable) {
        self.index = index
        self.name = name
        self.table = table
    }

    /// `.never` while disarmed.
    public var deadline: Tick { table.times[index] }

    public var isArmed: Bool { deadline != .never }

    /// Whoever is told. Set once, by the device that was given the slot.
    public func connect(_ client: any EventClient) { self.client = client }

    /// Asks for `eventDue` at `time`. A time in the past is due at once.
    public func arm(at time: Tick) { table.set(index, time) }

    public func disarm() { table.set(index, .never) }

    fileprivate func fire(at time: Tick) {
        disarm()
        client?.eventDue(self, at: time)
    }

    fileprivate func transferDeadline(_ coder: StateCoder) { coder.field("deadline", &table.times[index]) }
}

/// The deadlines of all slots in the order of the slots, and the earliest of them. Looked at several times for each event,
/// so it is bare memory.
private final class DeadlineTable {
    static let limit = 255

    let times: UnsafeMutablePointer<Tick>
    let earliest: UnsafeMutablePointer<Tick>
    /// How many slots there are.
    let slots: UnsafeMutablePointer<Int>

    init() {
        times = .allocate(capacity: DeadlineTable.limit)
        times.initialize(repeating: .never, count: DeadlineTable.limit)
        earliest = .allocate(capacity: 1)
        earliest.initialize(to: .never)
        slots = .allocate(capacity: 1)
        slots.initialize(to: 0)
    }

    deinit {
        times.deallocate()
        earliest.deallocate()
        slots.deallocate()
    }

    func set(_ index: Int, _ time: Tick) {
        let before = times[index]
        times[index] = time
        if time <= earliest.pointee {
            earliest.pointee = time
        } else if before == earliest.pointee {
            findEarliest()
        }
    }

    func findEarliest() {
        var earliest = Tick.never
        for index in 0..<slots.pointee where times[index] < earliest { earliest = times[index] }
        self.earliest.pointee = earliest
    }

    /// The first slot with the earliest deadline; nil if none is armed.
    var first: Int? {
        let earliest = earliest.pointee
        guard earliest != .never else { return nil }
        for index in 0..<slots.pointee where times[index] == earliest { return index }
        return nil
    }
}

/// The future of one machine: the deadlines of its slots, earliest first, ties in slot order.
///
/// The main loop asks for `nextDeadline`, runs the processor until then, calls `deliver(through:)`, and repeats.
/// A machine has about a dozen slots, so the earliest is found by looking at all of them when it goes.
public final class Scheduler: StateChunk {
    private var slots: [EventSlot] = []
    private let table = DeadlineTable()

    public init() {}

    /// The earliest armed deadline, `.never` if there is none.
    public var nextDeadline: Tick { table.earliest.pointee }

    /// A new slot, after all earlier ones in the order of ties.
    public func makeSlot(_ name: String) -> EventSlot {
        precondition(slots.count < DeadlineTable.limit, "a machine has at most 255 event slots")
        let slot = EventSlot(index: slots.count, name: name, table: table)
        slots.append(slot)
        table.slots.pointee = slots.count
        return slot
    }

    /// Delivers every event with a deadline at or before `now`, in time order, events armed meanwhile included.
    public func deliver(through now: Tick) {
        while nextDeadline <= now, let index = table.first {
            slots[index].fire(at: nextDeadline)
        }
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("SCHD") }
    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) {
        for slot in slots { coder.group(slot.name) { slot.transferDeadline(coder) } }
    }

    public func stateDidRestore() { table.findEarliest() }
}
