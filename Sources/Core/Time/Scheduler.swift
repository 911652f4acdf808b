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
    /// `.never` while disarmed.
    public private(set) var deadline: Tick = .never
    fileprivate unowned let scheduler: Scheduler
    fileprivate weak var client: (any EventClient)?

    fileprivate init(index: Int, name: String, scheduler: Scheduler) {
        self.index = index
        self.name = name
        self.scheduler = scheduler
    }

    public var isArmed: Bool { deadline != .never }

    /// Whoever is told. Set once, by the device that was given the slot.
    public func connect(_ client: any EventClient) { self.client = client }

    /// Asks for `eventDue` at `time`. A time in the past is due at once.
    public func arm(at time: Tick) {
        deadline = time
        scheduler.deadlinesChanged()
    }

    public func disarm() {
        guard deadline != .never else { return }
        deadline = .never
        scheduler.deadlinesChanged()
    }

    fileprivate func fire(at time: Tick) {
        deadline = .never
        client?.eventDue(self, at: time)
    }

    fileprivate func transferDeadline(_ coder: StateCoder) { coder.field("deadline", &deadline) }
}

/// The future of one machine: the deadlines of its slots, earliest first, ties in slot order.
///
/// The main loop asks for `nextDeadline`, runs the processor until then, calls `deliver(through:)`, and repeats.
/// A machine has about a dozen slots, so the earliest is found by looking at all of them when one changes.
public final class Scheduler: StateChunk {
    private var slots: [EventSlot] = []
    /// The earliest armed deadline, `.never` if there is none.
    public private(set) var nextDeadline: Tick = .never

    public init() {}

    /// A new slot, after all earlier ones in the order of ties.
    public func makeSlot(_ name: String) -> EventSlot {
        let slot = EventSlot(index: slots.count, name: name, scheduler: self)
        slots.append(slot)
        return slot
    }

    /// Delivers every event with a deadline at or before `now`, in time order, events armed meanwhile included.
    public func deliver(through now: Tick) {
        while nextDeadline <= now, let slot = slots.min(by: { $0.deadline < $1.deadline }), slot.deadline <= now {
            let deadline = slot.deadline
            slot.fire(at: deadline)
            deadlinesChanged()
        }
    }

    fileprivate func deadlinesChanged() {
        var earliest = Tick.never
        for slot in slots where slot.deadline < earliest { earliest = slot.deadline }
        nextDeadline = earliest
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("SCHD") }
    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) {
        for slot in slots { coder.group(slot.name) { slot.transferDeadline(coder) } }
    }

    public func stateDidRestore() { deadlinesChanged() }
}
