import Core

/// Hands the movement and the buttons of the host's mouse to the machine, in their order, and keeps the changes of the
/// buttons so far apart that a slow mouse and a program that looks now and then see each: a terminal may tell the press and
/// the release of a click at once.
///
/// It is host-side equipment: it is not part of the machine's state.
public struct MouseHand: Sendable {
    /// The shortest click, and the shortest time between two: a serial mouse needs 25 ms for a report.
    public static let buttonTime = Tick.milliseconds(50)
    /// Events that may wait; more are dropped, but for the release of all buttons.
    public static let limit = 256

    private var waiting: [InputEvent] = []
    private var nextChange = Tick.zero
    /// When the next event is due; nil when none waits.
    public private(set) var nextTime: Tick?

    public init() {}

    /// Adds a movement, a place or buttons after what waits. Call `act` then.
    public mutating func add(_ event: InputEvent, at now: Tick) {
        // A place that nobody has been told yet is out of date.
        if case .mousePosition = event, case .mousePosition? = waiting.last { waiting.removeLast() }
        guard waiting.count < MouseHand.limit || event == .mouseButtons(0) else { return }
        waiting.append(event)
        if nextTime == nil { nextTime = now }
    }

    /// Does what is due at `now`.
    public mutating func act(at now: Tick, push: (InputEvent) -> Void) {
        guard let due = nextTime, due <= now else { return }
        var done = 0
        for event in waiting {
            if case .mouseButtons = event {
                guard nextChange <= now else { break }
                nextChange = now + MouseHand.buttonTime
            }
            push(event)
            done += 1
        }
        waiting.removeFirst(done)
        nextTime = waiting.isEmpty ? nil : nextChange
    }
}
