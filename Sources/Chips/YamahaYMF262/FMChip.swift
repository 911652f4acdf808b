import Core

extension FM {
    /// What both chips are around the synthesizer: registers by time, timers, and the samples that wait to be drawn.
    ///
    /// The synthesizer is caught up when a register that it has is written and when samples are drawn. Samples that
    /// nobody draws wait, up to `capacity`; older ones are given up.
    final class Chip: EventClient {
        /// Stereo frames that wait at most: 82 ms.
        static let capacity = 4_096
        /// Longer than anything in a machine: 22 minutes without anybody looking at the chip. Samples beyond are not
        /// made. The limit is for states that lie.
        private static let longestGap: Int64 = 1 << 26

        let synthesizer: Synthesizer
        private let rate: ClockRatio
        private let interrupt: Line
        private let slot: EventSlot?
        /// Frames that have been made and not drawn, oldest first.
        private let waiting: UnsafeMutablePointer<Int16>
        private var waitingCount = 0
        private var timers = Timers()
        /// Samples made since power-on.
        private var samplesMade: Int64 = 0
        /// OPL2: timer 1 presses all keys.
        private var isComposite = false
        private var areKeysPressed = false

        init(_ variant: Synthesizer.Variant, rate: ClockRatio, interrupt: Line, slot: EventSlot?) {
            synthesizer = Synthesizer(variant)
            self.rate = rate
            self.interrupt = interrupt
            self.slot = slot
            waiting = .allocate(capacity: 2 * Chip.capacity)
            waiting.initialize(repeating: 0, count: 2 * Chip.capacity)
            slot?.connect(self)
        }

        deinit { waiting.deallocate() }

        /// Samples whose time is before `now`.
        private func sample(at now: Tick) -> Int64 { now.count > 0 ? rate.cycles(at: now) : 0 }

        // MARK: Time

        /// Whether samples are made up to `now`, give or take a second.
        func isCaughtUp(at now: Tick) -> Bool { abs(sample(at: now) &- samplesMade) < 50_000 }

        /// Brings everything to `now`. One step or many give the same.
        func advance(to now: Tick) {
            let target = sample(at: now)
            makeSamples(before: target)
            advanceTimers(to: target, at: now)
        }

        private func advanceTimers(to target: Int64, at now: Tick) {
            timers.advance(to: target)
            settle(at: now)
        }

        private func settle(at now: Tick) {
            interrupt.set(timers.status != 0, at: now)
            guard let slot else { return }
            guard let rise = timers.nextRise else { return slot.disarm() }
            let time = rate.time(ofCycle: rise)
            if slot.deadline != time { slot.arm(at: time) }
        }

        func eventDue(_ slot: EventSlot, at now: Tick) {
            let target = sample(at: now)
            if isComposite { makeSamples(before: target) }
            advanceTimers(to: target, at: now)
        }

        /// Makes the samples before number `target` and puts them with those that wait.
        private func makeSamples(before target: Int64) {
            if target &- samplesMade > Chip.longestGap { samplesMade = target &- Chip.longestGap }
            while true {
                pressKeysIfDue()
                guard samplesMade < target else { return }
                let next = isComposite ? timers.first.nextOverflowSample ?? target : target
                makeRun(areKeysPressed ? 1 : min(target, next) &- samplesMade)
                if areKeysPressed {
                    synthesizer.setCompositeKeys(false)
                    areKeysPressed = false
                }
            }
        }

        /// Composite keys go down with an overflow of timer 1, for one sample.
        private func pressKeysIfDue() {
            guard isComposite, let next = timers.first.nextOverflowSample, next <= samplesMade else { return }
            timers.first.advance(to: samplesMade)
            synthesizer.setCompositeKeys(true)
            areKeysPressed = true
        }

        private func makeRun(_ count: Int64) {
            samplesMade &+= count
            var count = count
            if count > Int64(Chip.capacity) {
                synthesizer.skip(count &- Int64(Chip.capacity))
                count = Int64(Chip.capacity)
            }
            let length = Int(count)
            let surplus = waitingCount &+ length &- Chip.capacity
            if surplus > 0 { drop(surplus) }
            synthesizer.generate(waiting + 2 &* waitingCount, count: length)
            waitingCount &+= length
        }

        /// Gives up the oldest frames.
        private func drop(_ count: Int) {
            let kept = waitingCount &- count
            waiting.update(from: waiting + 2 &* count, count: 2 &* kept)
            waitingCount = kept
        }

        // MARK: Sound

        /// Hands out the frames made before `now`, oldest first, as far as `frames` has room.
        /// - Returns: the number of frames.
        func draw(into frames: UnsafeMutableBufferPointer<Int16>, until now: Tick) -> Int {
            advance(to: now)
            let count = min(waitingCount, frames.count / 2)
            guard count > 0, let base = frames.baseAddress else { return 0 }
            base.update(from: waiting, count: 2 &* count)
            drop(count)
            return count
        }

        // MARK: Registers

        /// Writes register 000h-1FFh.
        func write(_ register: Int, _ value: UInt8, at now: Tick) {
            let target = sample(at: now)
            let isTimer = (0x02...0x04).contains(register)
            if !isTimer || isComposite { makeSamples(before: target) }
            advanceTimers(to: target, at: now)
            switch register {
            case 0x02: timers.first.preset = value
            case 0x03: timers.second.preset = value
            case 0x04: timers.control(value, at: target)
            default:
                if register == 0x08 && synthesizer.variant == .opl2 { isComposite = value & 0b1000_0000 != 0 }
                synthesizer.write(register, value)
            }
            settle(at: now)
        }

        /// Bits 7-5 of the status at `now`.
        func status(at now: Tick) -> UInt8 {
            var timers = timers
            timers.advance(to: sample(at: now))
            return timers.status
        }

        /// The reset pin.
        func reset(at now: Tick) {
            advance(to: now)
            synthesizer.reset()
            timers = Timers()
            (isComposite, areKeysPressed) = (false, false)
            settle(at: now)
        }

        // MARK: State

        func transfer(_ coder: StateCoder) {
            coder.field("samplesMade", &samplesMade)
            coder.field("isComposite", &isComposite)
            coder.field("areKeysPressed", &areKeysPressed)
            coder.group("timers") { timers.transfer(coder) }
            coder.group("synthesizer") { synthesizer.transfer(coder) }
            if samplesMade < 0 {
                coder.fail("samples out of range")
                samplesMade = 0
            }
            // Samples that wait are of interest to a listener only.
            if coder.direction == .load { waitingCount = 0 }
        }

        func stateDidRestore() {
            synthesizer.refresh()
            interrupt.restore(timers.status != 0)
        }
    }
}
