import Core

extension GravisGF1 {
    /// One of the two timers: it counts up from its register and is due when it passes FFh, again and again.
    struct Timer: StateValue {
        /// Register 46h or 47h.
        var count: UInt8 = 0
        var isRunning = false
        /// The flag that programs for the AdLib read stays down.
        var isMasked = false
        /// That flag.
        var hasExpired = false
        /// Register 45h.
        var hasInterrupt = false
        var isPending = false
        var due = Tick.never

        private func period(_ unit: Tick) -> Tick { unit * (256 - Int64(count)) }

        /// Writes to the AdLib's register 04h.
        mutating func control(isStarted: Bool, isMasked: Bool, unit: Tick, at now: Tick) {
            if isStarted && !isRunning { due = now + period(unit) }
            if !isStarted { due = .never }
            (isRunning, self.isMasked) = (isStarted, isMasked)
        }

        mutating func setInterrupt(_ isEnabled: Bool) {
            hasInterrupt = isEnabled
            if !isEnabled { isPending = false }
        }

        mutating func advance(to now: Tick, unit: Tick) {
            guard due <= now else { return }
            let period = period(unit)
            due += period * ((now - due).count / period.count + 1)
            if !isMasked { hasExpired = true }
            if hasInterrupt { isPending = true }
        }

        /// When its interrupt comes; `.never` if it is pending or there is none.
        var nextInterrupt: Tick { hasInterrupt && !isPending ? due : .never }

        mutating func transfer(_ coder: StateCoder) {
            coder.field("count", &count)
            coder.field("isRunning", &isRunning)
            coder.field("isMasked", &isMasked)
            coder.field("hasExpired", &hasExpired)
            coder.field("hasInterrupt", &hasInterrupt)
            coder.field("isPending", &isPending)
            coder.field("due", &due)
            if isRunning != (due != .never) || due < .zero {
                coder.fail("timer out of range")
                (isRunning, due) = (false, .never)
            }
        }
    }
}
