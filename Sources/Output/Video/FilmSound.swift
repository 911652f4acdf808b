import Core

/// Sound that waits for the frames of a film to which it belongs.
struct FilmSound {
    /// Frames a second.
    let rate: Int
    private let clock: ClockRatio
    private var samples: [Int16] = []
    /// The place of the first waiting frame, counted from time zero.
    private var first: Int64 = 0

    /// Seconds that may wait while no picture comes.
    private static let limit = 10

    /// - Parameter rate: above 0.
    init(rate: Int) {
        self.rate = rate
        clock = ClockRatio(hertz: Int64(rate))
    }

    /// The frame of sound that begins at `time`, or is the next.
    func position(of time: Tick) -> Int64 { clock.cycles(at: max(time, .zero)) }

    mutating func add(_ block: AudioBlock) {
        guard block.rate == rate else { return }
        // The mixer's times are whole ticks before its frames: half a frame decides.
        let place = position(of: block.time + Tick(Tick.perSecond / Int64(rate) / 2))
        // Another place than the next one, by more than rounding: something was not drawn.
        if abs(place - first - Int64(samples.count / 2)) > 1 { (samples, first) = ([], place) }
        samples += block.samples
        let excess = samples.count / 2 - rate * FilmSound.limit
        if excess > 0 { drop(excess) }
    }

    private mutating func drop(_ frames: Int) {
        samples.removeFirst(frames * 2)
        first += Int64(frames)
    }

    /// Takes the sound from place `from` to `to`, as far as it is there, with silence for what is missing before it.
    mutating func take(from: Int64, to: Int64) -> [Int16] {
        guard to > from else { return [] }
        let old = min(max(from - first, 0), Int64(samples.count / 2))
        drop(Int(old))
        // Nothing to come before that: what is missing is filled up when there is something.
        guard !samples.isEmpty, first < to else { return [] }
        let limit = Int64(rate * FilmSound.limit)
        let missing = Int(min(max(first - from, 0), limit))
        let count = missing == limit ? 0 : min(Int(to - max(first, from)), samples.count / 2)
        let result = [Int16](repeating: 0, count: missing * 2) + samples[..<(count * 2)]
        drop(count)
        return result
    }
}
