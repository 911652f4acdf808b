import Chips
import Core

/// A source on its way into the mixer.
struct SoundPath {
    let part: SoundPart
    let source: any SoundSource
    /// The gain that the hardware sets.
    var gain: () -> StereoGain = { .unity }
    /// The edge of the low-pass filter behind the source, in hertz; nil: none.
    var filterHertz: () -> Int? = { nil }
}

/// One source of a mixer: takes what it makes, at its own rate, and gives frames at the mixer's rate.
final class MixerInput {
    /// Frames in the ring: a block, and the reach of the longest kernel.
    private static let ringFrames: Int64 = 2_048
    private static let mask = ringFrames - 1
    private static let scratchFrames = 1_024
    /// Bits of a gain.
    private static let gainBits = 12

    let path: SoundPath
    private let steps: (any StepSource)?
    private let samples: (any SampledSource)?
    private let kernel: ImpulseKernel
    /// Positions of the kernel by time.
    private let positions: ClockRatio
    private let ring: UnsafeMutablePointer<Int64>
    private let scratch: UnsafeMutableBufferPointer<Int16>
    /// Frames that impulses are behind their time, less half a kernel.
    private let lead: Int64
    /// Half a frame for steps: the sum of an impulse's taps is half way up half a frame before its middle.
    private let shift: Int64
    private let rate: Int

    /// Volume of the user, in percent.
    var volume = 100
    private var gain: (left: Int64, right: Int64) = (0, 0)
    /// The last level of a source of steps, with its gain.
    private var level: (left: Int64, right: Int64) = (0, 0)
    /// The sum of all impulses so far, for a source of steps.
    private var sum: (left: Int64, right: Int64) = (0, 0)
    /// Up to when the source has been asked.
    private var pulledUntil: Tick
    /// The number of the next frame of a sampled source.
    private var nextSample: Int64 = 0
    /// The next frame to come out, and the one from which on there is something to hear (`.max`: nothing yet).
    private var nextFrame: Int64
    private var firstActive = Int64.max
    /// Behind the last frame that an impulse reaches.
    private var reach = Int64.min
    private var lowPass: OutputFilter.LowPass
    private let coupling: OutputFilter.Coupling
    private var left = OutputFilter()
    private var right = OutputFilter()

    init(_ path: SoundPath, rate: Int, stepKernel: ImpulseKernel, firstFrame: Int64, volume: Int, at now: Tick) {
        self.path = path
        self.rate = rate
        self.volume = volume
        steps = path.source as? any StepSource
        samples = path.source as? any SampledSource
        kernel = samples.map { MixerInput.kernel(from: $0.sampleRate, to: rate) } ?? stepKernel
        positions = ClockRatio(hertz: Int64(rate) << ImpulseKernel.positionBits)
        ring = .allocate(capacity: 2 * Int(MixerInput.ringFrames))
        ring.initialize(repeating: 0, count: 2 * Int(MixerInput.ringFrames))
        scratch = .allocate(capacity: 2 * MixerInput.scratchFrames)
        scratch.initialize(repeating: 0)
        lead = Mixer.delay - Int64(kernel.taps / 2 - 1)
        shift = steps == nil ? 0 : 1 << (ImpulseKernel.positionBits - 1)
        nextFrame = firstFrame
        pulledUntil = now
        coupling = OutputFilter.Coupling(rate: rate)
        lowPass = OutputFilter.LowPass(hertz: path.filterHertz(), rate: rate)
        begin(at: now)
    }

    deinit {
        ring.deallocate()
        scratch.deallocate()
    }

    /// The kernel that brings samples to `rate`. Its sum makes up for there being more or fewer samples than frames.
    private static func kernel(from source: ClockRatio, to rate: Int) -> ImpulseKernel {
        let ratio =
            Double(rate) * Double(source.ticksPerPeriod) / Double(source.cyclesPerPeriod) / Double(Tick.perSecond)
        return ImpulseKernel(band: min(1 / ratio, 1), sum: ratio)
    }

    /// Takes the source as it is; what it has been is not heard.
    private func begin(at now: Tick) {
        gain = wantedGain
        if let steps {
            steps.catchUpSound(to: now)
            steps.levels.isHeard = false
            steps.levels.isHeard = true
            level = (Int64(steps.levels.left) * gain.left, Int64(steps.levels.right) * gain.right)
            sum = (level.left << ImpulseKernel.scaleBits, level.right << ImpulseKernel.scaleBits)
        }
        if let samples {
            while samples.generate(into: scratch, until: now) > 0 {}
            nextSample = samples.sampleRate.cycles(at: now)
        }
        left.settle(at: MixerInput.value(sum.left))
        right.settle(at: MixerInput.value(sum.right))
    }

    /// The source is no longer heard.
    func end() { steps?.levels.isHeard = false }

    // MARK: Taking

    private var wantedGain: (left: Int64, right: Int64) {
        let hardware = path.gain()
        func combined(_ side: Int32) -> Int64 { Int64(side) * Int64(volume) / (100 << (16 - MixerInput.gainBits)) }
        return (combined(hardware.left), combined(hardware.right))
    }

    /// Takes what the source has made before `now`.
    func pull(until now: Tick) {
        let wanted = wantedGain
        if wanted != gain { changeGain(to: wanted) }
        if let steps { pull(steps, until: now) }
        if let samples { pull(samples, until: now) }
        pulledUntil = max(pulledUntil, now)
    }

    /// A gain changes from the time on up to which the source has been asked.
    private func changeGain(to wanted: (left: Int64, right: Int64)) {
        gain = wanted
        guard let steps else { return }
        let base = steps.levels.base
        step(to: (Int64(base.left) &* gain.left, Int64(base.right) &* gain.right), at: pulledUntil)
    }

    private func pull(_ source: any StepSource, until now: Tick) {
        source.catchUpSound(to: now)
        let levels = source.levels
        while let change = levels.take(before: now) {
            step(to: (Int64(change.left) &* gain.left, Int64(change.right) &* gain.right), at: change.time)
        }
    }

    private func step(to new: (left: Int64, right: Int64), at time: Tick) {
        add(left: new.left &- level.left, right: new.right &- level.right, at: time)
        level = new
    }

    private func pull(_ source: any SampledSource, until now: Tick) {
        let end = source.sampleRate.cycles(at: now)
        while nextSample < end {
            let wanted = Int(min(end &- nextSample, Int64(MixerInput.scratchFrames)))
            let room = UnsafeMutableBufferPointer(rebasing: scratch[..<(2 * wanted)])
            let count = source.generate(into: room, until: now)
            // Samples that the source has given up are not heard.
            guard count > 0, let base = room.baseAddress else { return nextSample = end }
            for frame in 0..<count {
                let (left, right) = (Int64(base[2 &* frame]), Int64(base[2 &* frame &+ 1]))
                if left | right != 0 {
                    // A sample is there when its cycle is over.
                    let time = source.sampleRate.time(ofCycle: nextSample &+ Int64(frame) &+ 1)
                    add(left: left &* gain.left, right: right &* gain.right, at: time)
                }
            }
            nextSample &+= Int64(count)
        }
    }

    private func add(left: Int64, right: Int64, at time: Tick) {
        guard left | right != 0 else { return }
        let position = max(positions.cycles(at: max(time, .zero)), nextFrame << ImpulseKernel.positionBits) &+ shift
        let first = position >> ImpulseKernel.positionBits &+ lead
        kernel.add(left: left, right: right, to: ring, mask: MixerInput.mask, first: first, position: position)
        if firstActive == .max { firstActive = first }
        reach = first &+ Int64(kernel.taps)
    }

    // MARK: Giving

    private static func value(_ sum: Int64) -> Double {
        Double(sum) * (1 / Double(1 << (ImpulseKernel.scaleBits + gainBits)))
    }

    /// The filter's edge is looked at here only, so that it changes at the same frame however often the mixer draws.
    func lookAtFilter(isFiltering: Bool) {
        let hertz = isFiltering ? path.filterHertz() : nil
        if hertz != lowPass.hertz { lowPass = OutputFilter.LowPass(hertz: hertz, rate: rate) }
    }

    /// Adds the next `count` frames to `frames`, left first. A source that has come to rest gives none and costs nothing.
    func mix(into frames: UnsafeMutablePointer<Double>, count: Int) {
        defer { nextFrame &+= Int64(count) }
        guard firstActive < nextFrame &+ Int64(count) else { return }
        var (left, right, sum) = (self.left, self.right, self.sum)
        let isSummed = steps != nil
        var number = max(firstActive, nextFrame)
        let end = nextFrame &+ Int64(count)
        while number < end {
            let slot = ring + 2 &* Int(number & MixerInput.mask)
            sum = isSummed ? (sum.left &+ slot[0], sum.right &+ slot[1]) : (slot[0], slot[1])
            (slot[0], slot[1]) = (0, 0)
            let (inputLeft, inputRight) = (MixerInput.value(sum.left), MixerInput.value(sum.right))
            let target = frames + 2 &* Int(number &- nextFrame)
            target[0] += left.apply(inputLeft, lowPass, coupling)
            target[1] += right.apply(inputRight, lowPass, coupling)
            number &+= 1
            if number & 63 == 0, number >= reach, left.isSettled(inputLeft), right.isSettled(inputRight) {
                left.settle(at: inputLeft)
                right.settle(at: inputRight)
                firstActive = .max
                break
            }
        }
        (self.left, self.right, self.sum) = (left, right, sum)
    }
}
