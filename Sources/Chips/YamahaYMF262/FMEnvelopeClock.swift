extension FM {
    /// The counter that paces all envelopes.
    ///
    /// It counts every second sample. A slow rate steps when the count ends in a certain number of zeros; `step`
    /// says how many, as the position of the lowest one bit, counted from 1.
    ///
    /// - Source: [OPL3DIE] envelope counter.
    struct EnvelopeClock {
        private static let longest: UInt64 = 1 << 36 - 1

        var count: UInt64 = 0
        /// Whether this is a sample at which slow rates may step.
        var isStepping = false
        /// 1 to 13, or 0 if the count ends in 13 zeros or more.
        var step: UInt8 = 0
        /// The low two bits of the count when `step` was taken from it.
        var low: UInt8 = 0
        /// The count has just wrapped: it counts the next sample too.
        var hasWrapped = false

        /// One sample.
        mutating func advance() {
            if isStepping {
                let zeros = count.trailingZeroBitCount
                step = zeros > 12 ? 0 : UInt8(truncatingIfNeeded: zeros &+ 1)
                low = UInt8(truncatingIfNeeded: count & 3)
            }
            if isStepping || hasWrapped {
                hasWrapped = count == EnvelopeClock.longest
                count = hasWrapped ? 0 : count &+ 1
            }
            isStepping.toggle()
        }

        /// `samples` samples, without counting them one by one.
        mutating func advance(by samples: Int64) {
            var left = samples
            while left > 4 {
                if hasWrapped {
                    advance()
                    left &-= 1
                    continue
                }
                // An even number of samples that does not reach the wrap.
                let room = Int64(EnvelopeClock.longest &- count)
                let pairs = min((left &- 3) >> 1, room)
                count &+= UInt64(pairs)
                left &-= pairs << 1
                // Around the wrap, and for `step` and `low`, by single samples.
                for _ in 0..<2 {
                    advance()
                    left &-= 1
                }
            }
            while left > 0 {
                advance()
                left &-= 1
            }
        }
    }

    /// The envelope clock over one block: at which of up to 64 samples a rate steps.
    struct EnvelopeSchedule {
        /// The samples at which `isStepping` holds.
        private(set) var stepping: UInt64 = 0
        /// The samples at which the clock steps with each value of `step`; 14 and 15 never.
        private var samples = InlineArray<16, UInt64>(repeating: 0)
        private var low0: UInt64 = 0
        private var low1: UInt64 = 0

        /// Follows `clock` over `count` samples.
        init(_ clock: inout EnvelopeClock, count: Int) {
            for index in 0..<count {
                let bit: UInt64 = 1 &<< UInt64(index)
                if clock.isStepping {
                    stepping |= bit
                    samples[Int(clock.step & 15)] |= bit
                }
                if clock.low & 1 != 0 { low0 |= bit }
                if clock.low & 2 != 0 { low1 |= bit }
                clock.advance()
            }
            samples[0] = 0
        }

        /// The samples at which an envelope with `rate` may move.
        func steps(_ rate: EnvelopeRate) -> UInt64 {
            guard !rate.isStanding else { return 0 }
            let group = rate.group
            guard group < 12 else { return .max }
            var mask = samples[(12 &- group) & 15]
            if rate.fraction & 2 != 0 { mask |= samples[(13 &- group) & 15] }
            if rate.fraction & 1 != 0 { mask |= samples[(14 &- group) & 15] }
            return mask
        }

        /// By how much it moves at sample `index`: 0 is not at all, each further step is twice as much.
        func shift(_ rate: EnvelopeRate, at index: Int) -> Int {
            guard !rate.isStanding else { return 0 }
            let group = rate.group
            let at = UInt64(truncatingIfNeeded: index)
            guard group >= 12 else { return Int(truncatingIfNeeded: steps(rate) &>> at & 1) }
            let phase = Int(truncatingIfNeeded: (low1 &>> at & 1) << 1 | low0 &>> at & 1)
            // Of four counts, `fraction` are faster.
            let isFaster =
                switch rate.fraction {
                case 0: false
                case 1: phase == 0
                case 2: phase & 1 == 0
                default: phase != 3
                }
            let shift = min(group &- 12 &+ (isFaster ? 1 : 0), 3)
            return shift == 0 ? Int(truncatingIfNeeded: stepping &>> at & 1) : shift
        }
    }
}
