/// Told when a line changes its level.
public protocol LineListener: AnyObject {
    /// `line` is the number given to `Line.connect`.
    func lineDidChange(_ line: Int, isAsserted: Bool, at now: Tick)
}

/// One wire from one output to one input: an interrupt request, a DMA request, a timer gate.
///
/// The level says asserted or not, whatever the electrical sense. The source sets levels and does not look at who
/// listens. A restored machine sets the levels again from `stateDidRestore()` of the sources, so a line itself
/// keeps no state that a snapshot needs.
public final class Line {
    public private(set) var isAsserted = false
    private weak var listener: (any LineListener)?
    private var number = 0

    public init() {}

    /// Connects the input end: `listener` is told with `number` at each change.
    public func connect(to listener: any LineListener, as number: Int) {
        self.listener = listener
        self.number = number
    }

    /// Sets the level. The listener hears of changes only.
    public func set(_ level: Bool, at now: Tick) {
        guard level != isAsserted else { return }
        isAsserted = level
        listener?.lineDidChange(number, isAsserted: level, at: now)
    }

    /// Sets the level without telling the listener, whose own state is restored by itself.
    public func restore(_ level: Bool) { isAsserted = level }
}
