import Core

/// A file of registers written, to be played on such chips again.
///
/// What a format has no place for is left out. Times do not go back.
public protocol RegisterFile: SoundRegisterListener {
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
