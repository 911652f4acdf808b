import Core

extension GravisGF1 {
    /// The volume of a voice, and how it moves.
    ///
    /// A volume is a floating-point number: four bits of exponent, eight of mantissa. A ramp adds to it as if it were a
    /// number of 12 bits, and so goes up or down by about the same part of itself. It wraps around like a position.
    struct Ramp: StateValue {
        private static let mask: UInt16 = 0xFFF

        /// Bits 0-6 of register 0Dh.
        var control = Control.stopped
        /// Bit 7.
        var isPending = false
        var rate: UInt8 = 0
        /// The upper eight bits of the limits.
        var start: UInt8 = 0
        var end: UInt8 = 0
        /// 0 to FFFh.
        var volume: UInt16 = 0

        private var low: UInt16 { UInt16(start) << 4 }
        private var high: UInt16 { UInt16(end) << 4 }
        private var increment: UInt16 { UInt16(rate & 0x3F) }
        private var isDown: Bool { control.contains(.down) }
        private var isAtLimit: Bool { isDown ? volume <= low : volume >= high }
        var isRunning: Bool { control.isDisjoint(with: [.stopped, .stop]) }
        /// Frames from one step to the next: 1, 8, 64 or 512.
        private var interval: Int64 { 1 << Int64(3 * (rate >> 6)) }

        /// The factor for samples, in 1/2^24.
        var gain: Int32 { (256 + Int32(volume & 0xFF)) << Int32(volume >> 8) }

        /// Frames until the next step is done, from frame number `frame` on, at least 1.
        func framesToStep(at frame: Int64) -> Int {
            isRunning ? Int(interval &- frame & (interval &- 1)) : .max
        }

        /// Frames until the next that may make an interrupt pending; nil: none does.
        func framesToInterrupt(at frame: Int64) -> Int? {
            guard !isPending, isRunning, control.contains(.interrupts) else { return nil }
            var steps = 1
            if !isAtLimit {
                guard increment != 0 else { return nil }
                let distance = isDown ? volume &- low : high &- volume
                steps = Int((distance &+ increment &- 1) / increment)
            }
            return framesToStep(at: frame) + (steps - 1) * Int(interval)
        }

        /// Lets `count` frames pass, at most `framesToStep`.
        mutating func move(_ count: Int, at frame: Int64) {
            if isRunning && (frame &+ Int64(count)) & (interval &- 1) == 0 { takeStep() }
        }

        mutating func skip(_ count: Int, at frame: Int64) {
            var done = 0
            while done < count {
                let span = min(count - done, framesToStep(at: frame &+ Int64(done)))
                move(span, at: frame &+ Int64(done))
                done += span
            }
        }

        private mutating func takeStep() {
            volume = (isDown ? volume &- increment : volume &+ increment) & Ramp.mask
            guard isAtLimit else { return }
            if control.contains(.interrupts) { isPending = true }
            let excess = isDown ? low &- volume : volume &- high
            if control.contains(.loops) {
                if control.contains(.bothWays) { control.formSymmetricDifference(.down) }
                volume = (isDown ? high &- excess : low &+ excess) & Ramp.mask
            } else {
                control.insert(.stopped)
                volume = isDown ? low : high
            }
        }

        // MARK: State

        mutating func transfer(_ coder: StateCoder) {
            coder.field("control", &control)
            coder.field("isPending", &isPending)
            coder.field("rate", &rate)
            coder.field("start", &start)
            coder.field("end", &end)
            coder.field("volume", &volume)
            volume &= Ramp.mask
        }
    }
}
