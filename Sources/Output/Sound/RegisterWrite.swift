import Core

/// A register of a sound chip that was written, as captures take it.
public struct RegisterWrite: Hashable, Sendable {
    public enum Chip: Hashable, Sendable {
        /// One of the two YM3812 of a card, 0 or 1.
        case opl2(Int)
        case opl3
        case sn76489
        /// One of the two SAA1099 of a Game Blaster, 0 or 1.
        case saa1099(Int)
    }

    public var chip: Chip
    /// Bit 8 is the second half of an OPL3's registers. Nothing for an SN76489, whose bytes name their registers.
    public var register: UInt16
    public var value: UInt8
    public var time: Tick

    public init(chip: Chip, register: UInt16, value: UInt8, time: Tick) {
        (self.chip, self.register, self.value, self.time) = (chip, register, value, time)
    }
}

/// A file of registers written, to be played on such chips again.
public protocol RegisterFile: AnyObject {
    /// Adds a write; what the format has no place for is left out. Times do not go back.
    func add(_ write: RegisterWrite)
    /// Completes the file with the time up to `now`. Returns a line about what went wrong, or nil.
    func finish(at now: Tick) -> String?
}

/// Time in units of a file's format, counted from its first event.
struct FileClock {
    private let clock: ClockRatio
    private var start: Tick?
    /// Units that are in the file already.
    private var done: Int64 = 0

    /// - Parameter rate: units a second.
    init(rate: Int64) { clock = ClockRatio(hertz: rate) }

    /// Units from the last call to `time`; 0 at the first. Places are counted from the first, so that no rounding adds
    /// up.
    mutating func units(to time: Tick) -> Int64 {
        let start = start ?? time
        self.start = start
        let place = clock.cycles(at: max(time - start, .zero))
        defer { done = max(done, place) }
        return max(place - done, 0)
    }

    /// Units so far.
    var total: Int64 { done }
}
