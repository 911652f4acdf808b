import Core

/// What a call of AX=0003h has found.
struct MousePoll: StateValue, Equatable {
    var x: UInt16 = 0
    var y: UInt16 = 0
    var buttons: UInt8 = 0xFF

    mutating func transfer(_ coder: StateCoder) {
        coder.field("x", &x)
        coder.field("y", &y)
        coder.field("buttons", &buttons)
    }
}

/// What the driver knows beside the settings: it is not saved by AX=0016h.
struct MouseRuntime: StateValue {
    /// Bit 0 left, bit 1 right, bit 2 middle.
    var buttons: UInt8 = 0
    /// Events for which no handler has been called yet.
    var pendingEvents = MouseEvents()
    /// A handler is running: the next call waits for its end.
    var isHandlerActive = false
    /// AX=001Fh.
    var isDisabled = false
    var lastReport = Tick.zero
    var lastPoll = MousePoll()
    /// Until when a program that has asked for the mouse counts as using it.
    var useEnd = Tick.zero
    var drawn = DrawnCursor()
    /// Characters of a serial mouse's present packet.
    var packet: [UInt8] = []

    mutating func transfer(_ coder: StateCoder) {
        coder.field("buttons", &buttons)
        coder.field("pendingEvents", &pendingEvents)
        coder.field("isHandlerActive", &isHandlerActive)
        coder.field("isDisabled", &isDisabled)
        coder.field("lastReport", &lastReport)
        coder.field("lastPoll", &lastPoll)
        coder.field("useEnd", &useEnd)
        coder.field("drawn", &drawn)
        coder.field("packet", &packet, limit: 3)
    }
}

/// The bits of a handler's call mask.
struct MouseEvents: OptionSet {
    let rawValue: UInt16
    static let movement = MouseEvents(rawValue: 0b0000_0001)
    /// Of an alternate handler: keys that must be down.
    static let shiftKey = MouseEvents(rawValue: 0b0010_0000)
    static let controlKey = MouseEvents(rawValue: 0b0100_0000)
    static let alternateKey = MouseEvents(rawValue: 0b1000_0000)
    static let keys: MouseEvents = [.shiftKey, .controlKey, .alternateKey]

    static func press(_ button: Int) -> MouseEvents { MouseEvents(rawValue: 0b10 << UInt16(button * 2)) }
    static func release(_ button: Int) -> MouseEvents { MouseEvents(rawValue: 0b100 << UInt16(button * 2)) }
}

/// What a mouse tells at once: right and down are positive.
struct MouseReport {
    var dx: Int
    var dy: Int
    var buttons: UInt8
}
