import Core

extension FM {
    /// The two timers, as functions of the number of samples made.
    ///
    /// Timer 1 counts every fourth sample (80.5 us), timer 2 every sixteenth (321.8 us). A timer counts up from its
    /// preset; when it runs over 255 it sets its flag and starts from the preset again.
    ///
    /// - Source: [YM3812], [YMF262] timers, status register.
    /// - Assumption: the counts of both are in step with the samples since power-on, so that the first period is up to
    ///   one count shorter; a mask clears its flag. A program that sees a flag after setting its mask, or measures
    ///   a first period that is whole, would disprove it.
    struct Timers {
        /// One of the two.
        struct Timer {
            /// Samples of one count.
            let samplesPerCount: Int64
            var preset: UInt8 = 0
            var isRunning = false
            var isMasked = false
            var hasOverflowed = false
            /// The count, numbered since power-on, at which it overflows next while it runs.
            var nextOverflow: Int64 = 0

            init(samplesPerCount: Int64) { self.samplesPerCount = samplesPerCount }

            private var period: Int64 { 256 &- Int64(preset) }
            /// The sample before which it overflows next.
            var nextOverflowSample: Int64? { isRunning ? nextOverflow &* samplesPerCount : nil }

            /// Lets the samples before number `sample` pass.
            mutating func advance(to sample: Int64) {
                guard isRunning else { return }
                let count = sample / samplesPerCount
                guard count >= nextOverflow else { return }
                nextOverflow &+= ((count &- nextOverflow) / period &+ 1) &* period
                if !isMasked { hasOverflowed = true }
            }

            mutating func control(isStarted: Bool, isMasked: Bool, at sample: Int64) {
                if isStarted && !isRunning { nextOverflow = sample / samplesPerCount &+ period }
                isRunning = isStarted
                self.isMasked = isMasked
                if isMasked { hasOverflowed = false }
            }

            mutating func transfer(_ coder: StateCoder) {
                coder.field("preset", &preset)
                coder.field("isRunning", &isRunning)
                coder.field("isMasked", &isMasked)
                coder.field("hasOverflowed", &hasOverflowed)
                coder.field("nextOverflow", &nextOverflow)
                // 45 years, whose ticks an Int64 holds.
                if !(0...1 << 42).contains(nextOverflow) {
                    coder.fail("timer out of range")
                    nextOverflow = 0
                }
            }
        }

        var first = Timer(samplesPerCount: 4)
        var second = Timer(samplesPerCount: 16)

        /// Bits 7-5 of the status: any flag, timer 1, timer 2.
        var status: UInt8 {
            let flags: UInt8 = (first.hasOverflowed ? 0b0100_0000 : 0) | (second.hasOverflowed ? 0b0010_0000 : 0)
            return flags == 0 ? 0 : flags | 0b1000_0000
        }

        mutating func advance(to sample: Int64) {
            first.advance(to: sample)
            second.advance(to: sample)
        }

        /// Register 04h.
        mutating func control(_ value: UInt8, at sample: Int64) {
            if value & 0b1000_0000 != 0 {
                // The reset bit: the others mean nothing then.
                (first.hasOverflowed, second.hasOverflowed) = (false, false)
                return
            }
            first.control(isStarted: value & 1 != 0, isMasked: value & 0b0100_0000 != 0, at: sample)
            second.control(isStarted: value & 2 != 0, isMasked: value & 0b0010_0000 != 0, at: sample)
        }

        /// The sample before which a flag may rise next.
        var nextRise: Int64? {
            [first, second].filter { !$0.isMasked && !$0.hasOverflowed }.compactMap(\.nextOverflowSample).min()
        }

        mutating func transfer(_ coder: StateCoder) {
            coder.group("timer 1") { first.transfer(coder) }
            coder.group("timer 2") { second.transfer(coder) }
        }
    }
}
