import Core

/// Brings the sources of a machine together to stereo frames at one rate.
///
/// - Steps become band-limited steps, samples are resampled by the same windowed sinc, both at their exact times
///   (`ImpulseKernel`); then come the source's filters (`OutputFilter`), the sum, and 16 bits (`SoftClip`).
/// - What comes out is a function of the machine's run, of the volumes, and of when the listening began. How often and
///   in what portions the mixer draws changes no sample.
/// - A source that is silent, or stays at one level, costs nothing but being asked.
/// - Frames come out 64 frames after their time, which `AudioBlock.time` takes into account.
final class Mixer: SoundGainListener {
    /// Frames a second that a mixer can give.
    static let rates = 8_000...96_000
    /// Half of the longest kernel, in frames.
    static let delay: Int64 = 64
    /// Where filters are looked at. A machine that is listened to draws at these times at least.
    static let period = Tick.milliseconds(5)
    private static let blockFrames: Int64 = 512

    let rate: Int
    private(set) var volumes: SoundVolumes
    private let inputs: [MixerInput]
    private let clock: ClockRatio
    private let block: UnsafeMutablePointer<Double>
    private let output: FrameQueue
    /// Up to when the mixer has drawn.
    private var drawn: Tick
    private var nextFrame: Int64
    /// What comes out first is from before the listening began.
    private var framesToLeaveOut = Mixer.delay

    /// - Parameter now: where listening begins.
    init(rate: Int, paths: [SoundPath], volumes: SoundVolumes, at now: Tick) {
        precondition(Mixer.rates.contains(rate), "a mixer's rate is 8,000 to 96,000")
        self.rate = rate
        self.volumes = volumes
        clock = ClockRatio(hertz: Int64(rate))
        drawn = now
        let first = clock.cycles(at: now)
        nextFrame = first
        let kernel = ImpulseKernel()
        inputs = paths.map {
            MixerInput(
                $0, rate: rate, stepKernel: kernel, firstFrame: first, volume: volumes.percent(of: $0.part), at: now)
        }
        block = .allocate(capacity: 2 * Int(Mixer.blockFrames))
        block.initialize(repeating: 0, count: 2 * Int(Mixer.blockFrames))
        output = FrameQueue(rate: rate)
    }

    deinit {
        block.deallocate()
        for input in inputs { input.end() }
    }

    /// Where the mixer wants to draw next, if the machine comes there.
    var nextDraw: Tick { Tick((drawn.count / Mixer.period.count &+ 1) &* Mixer.period.count) }

    /// Makes the frames before `now`.
    func draw(until now: Tick) {
        while drawn < now {
            let grid = nextDraw
            let end = min(now, grid, clock.time(ofCycle: nextFrame &+ Mixer.blockFrames))
            for input in inputs { input.pull(until: end) }
            drawn = end
            mix(Int(clock.cycles(at: end) &- nextFrame))
            guard end == grid else { continue }
            for input in inputs { input.lookAtFilter(isFiltering: volumes.isFiltering) }
        }
    }

    private func mix(_ count: Int) {
        guard count > 0 else { return }
        for input in inputs { input.mix(into: block, count: count) }
        nextFrame &+= Int64(count)
        var first = 0
        if framesToLeaveOut > 0 {
            first = min(count, Int(framesToLeaveOut))
            framesToLeaveOut &-= Int64(first)
        }
        output.append(block + 2 &* first, count: count &- first)
        block.update(repeating: 0, count: 2 &* count)
    }

    func gainWillChange(at now: Tick) { draw(until: now) }

    /// From `now` on the volumes are these.
    func setVolumes(_ volumes: SoundVolumes, at now: Tick) {
        draw(until: now)
        self.volumes = volumes
        for input in inputs { input.volume = volumes.percent(of: input.path.part) }
    }

    /// What has been made since the last call; nil: nothing. Frames that nobody takes for four seconds are lost.
    func take() -> AudioBlock? {
        let count = output.count
        guard count > 0 else { return nil }
        let first = nextFrame &- Mixer.delay &- Int64(count)
        return AudioBlock(rate: rate, samples: output.take(), time: clock.time(ofCycle: first))
    }
}

/// From the mixer's sum to 16 bits: as it is up to -1.4 dB, then bent, so that it never jumps and reaches the end of the
/// range only where it is infinitely loud.
enum SoftClip {
    private static let knee = 28_000.0
    private static let room = 32_767.0 - knee

    @inline(__always)
    static func apply(_ value: Double) -> Int16 {
        let size = abs(value)
        if size <= knee { return Int16(value.rounded()) }
        let excess = (size - knee) / room
        let bent = knee + room * (excess / (1 + excess))
        return Int16((value < 0 ? -bent : bent).rounded())
    }
}

/// Frames that wait to be taken, as 16-bit samples.
final class FrameQueue {
    private static let seconds = 4
    private let samples: UnsafeMutablePointer<Int16>
    private let capacity: Int
    private var first = 0
    /// Frames that wait.
    private(set) var count = 0

    init(rate: Int) {
        capacity = rate * FrameQueue.seconds
        samples = .allocate(capacity: 2 * capacity)
        samples.initialize(repeating: 0, count: 2 * capacity)
    }

    deinit { samples.deallocate() }

    func append(_ frames: UnsafeMutablePointer<Double>, count added: Int) {
        var slot = (first &+ count) % capacity
        for frame in 0..<added {
            samples[2 &* slot] = SoftClip.apply(frames[2 &* frame])
            samples[2 &* slot &+ 1] = SoftClip.apply(frames[2 &* frame &+ 1])
            slot &+= 1
            if slot == capacity { slot = 0 }
        }
        count &+= added
        if count > capacity {
            first = slot
            count = capacity
        }
    }

    func take() -> [Int16] {
        let taken = [Int16](unsafeUninitializedCapacity: 2 * count) { buffer, length in
            guard let base = buffer.baseAddress else { return }
            let head = min(count, capacity - first)
            base.initialize(from: samples + 2 * first, count: 2 * head)
            (base + 2 * head).initialize(from: samples, count: 2 * (count - head))
            length = 2 * count
        }
        (first, count) = (0, 0)
        return taken
    }
}
