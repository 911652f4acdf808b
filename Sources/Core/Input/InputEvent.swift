/// Something from outside the machine. It has no effect until its time comes.
public enum InputEvent: Hashable, Sendable {
    /// A key of the keyboard, as the PC's scan code (set 1, break bit clear). Extended keys carry E0h in the high byte.
    case key(UInt16, isDown: Bool)
    /// The mouse moved by counts; right and down are positive.
    case mouseMove(dx: Int16, dy: Int16)
    /// Bit 0 left, bit 1 right, bit 2 middle: the buttons that are down now.
    case mouseButtons(UInt8)
    /// The host's pointer is at this place of the picture, in 65,536 parts of its width and height.
    case mousePosition(x: UInt16, y: UInt16)
    /// An axis of the joysticks, 0 to 3 (A across, A down, B across, B down), is at this place, in 65,536 parts from left to
    /// right or from top to bottom. Nil: no joystick is plugged in there.
    case joystickAxis(UInt8, position: UInt16?)
    /// A button of the joysticks, 0 to 3 (A 1, A 2, B 1, B 2).
    case joystickButton(UInt8, isDown: Bool)
}

/// An event with the emulated time at which it enters the machine.
public struct StampedInput: Hashable, Sendable {
    public var time: Tick
    public var event: InputEvent

    public init(time: Tick, event: InputEvent) {
        self.time = time
        self.event = event
    }
}

extension StampedInput: StateValue {
    public init() { self.init(time: .zero, event: .mouseButtons(0)) }

    public mutating func transfer(_ coder: StateCoder) {
        var kind: UInt8 = 0
        var (a, b): (UInt16, UInt16) = (0, 0)
        switch event {
        case .key(let code, let isDown): (kind, a, b) = (0, code, isDown ? 1 : 0)
        case .mouseMove(let dx, let dy): (kind, a, b) = (1, UInt16(bitPattern: dx), UInt16(bitPattern: dy))
        case .mouseButtons(let mask): (kind, a) = (2, UInt16(mask))
        case .mousePosition(let x, let y): (kind, a, b) = (3, x, y)
        case .joystickAxis(let axis, let position?): (kind, a, b) = (4, UInt16(axis), position)
        case .joystickAxis(let axis, nil): (kind, a) = (5, UInt16(axis))
        case .joystickButton(let button, let isDown): (kind, a, b) = (6, UInt16(button), isDown ? 1 : 0)
        }
        coder.field("time", &time)
        coder.field("kind", &kind)
        coder.field("a", &a)
        coder.field("b", &b)
        switch kind {
        case 0: event = .key(a, isDown: b != 0)
        case 1: event = .mouseMove(dx: Int16(bitPattern: a), dy: Int16(bitPattern: b))
        case 2: event = .mouseButtons(UInt8(truncatingIfNeeded: a))
        case 3: event = .mousePosition(x: a, y: b)
        case 4: event = .joystickAxis(UInt8(truncatingIfNeeded: a), position: b)
        case 5: event = .joystickAxis(UInt8(truncatingIfNeeded: a), position: nil)
        case 6: event = .joystickButton(UInt8(truncatingIfNeeded: a), isDown: b != 0)
        default: coder.fail("unknown input event kind \(kind)")
        }
    }
}

/// Takes input events when they are due.
public protocol InputSink: AnyObject {
    func receive(_ event: InputEvent, at now: Tick)
}

/// Everything that comes from outside, in the order of its stamps; the one way into a running machine.
public final class InputQueue: StateChunk, EventClient {
    private var pending: [StampedInput] = []
    private let slot: EventSlot
    private weak var sink: (any InputSink)?

    /// Most events that may wait; later ones are refused, so that a runaway source cannot fill the memory.
    public static let limit = 65_536

    public init(slot: EventSlot) {
        self.slot = slot
        slot.connect(self)
    }

    public func connect(_ sink: any InputSink) { self.sink = sink }

    public var isEmpty: Bool { pending.isEmpty }

    /// Adds an event. Equal stamps keep the order in which they were added. Returns false if the queue is full.
    @discardableResult
    public func push(_ event: InputEvent, at time: Tick) -> Bool {
        guard pending.count < InputQueue.limit else { return false }
        let position = pending.lastIndex { $0.time <= time }.map { $0 + 1 } ?? 0
        pending.insert(StampedInput(time: time, event: event), at: position)
        slot.arm(at: pending[0].time)
        return true
    }

    public func eventDue(_ slot: EventSlot, at now: Tick) {
        while let first = pending.first, first.time <= now {
            pending.removeFirst()
            sink?.receive(first.event, at: first.time)
        }
        if let first = pending.first { slot.arm(at: first.time) }
    }

    public var chunkID: ChunkID { ChunkID("INPT") }
    public var chunkVersion: UInt16 { 2 }
    public func transfer(_ coder: StateCoder) { coder.array("pending", &pending, limit: InputQueue.limit) }
    public func stateDidRestore() {}
}
