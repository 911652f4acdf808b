import Core

extension Intel8254 {
    /// One counter, as of clock number `cycle`. Time moves by `leap`, which is exact for any number of clocks.
    struct Counter: StateValue {
        enum Mode: UInt8 {
            case interruptOnTerminalCount, oneShot, rateGenerator, squareWave, softwareStrobe, hardwareStrobe
        }
        enum Access: UInt8 { case low = 1, high, both }
        /// `idle`: no count was loaded since the control word. `strobe`: OUT is low for its one clock.
        enum Phase: UInt8 { case idle, counting, strobe, expired }

        var cycle: Int64 = 0
        var mode = Mode.interruptOnTerminalCount
        var access = Access.both
        var isBCD = false
        var phase = Phase.idle
        /// The count register (CR), 1 to `modulus`.
        var reload: Int32 = 0x1_0000
        /// The count of the running period or half period.
        var period: Int32 = 0x1_0000
        /// The counting element (CE), 0 to `modulus`, which reads as 0. In mode 3 it follows from `elapsed`.
        var value: Int32 = 0
        /// Mode 3: clocks since the half period began.
        var elapsed: Int32 = 0
        var isHighHalf = true
        /// CR goes to CE at the next clock.
        var isLoadPending = false
        /// A count was written since the control word.
        var hasCount = false
        /// The status bit: CR holds a count that CE has not taken yet.
        var isNull = true
        var gate = true
        var output = false
        /// How often OUT has risen in modes 2 and 3.
        var rises: Int64 = 0

        var expectsHighWrite = false
        var lowWritten: UInt8 = 0
        var expectsHighRead = false
        var isCountLatched = false
        var latchedCount: UInt16 = 0
        var isStatusLatched = false
        var latchedStatus: UInt8 = 0

        init() {}
        init(gate: Bool) { self.gate = gate }

        /// Clock numbers whose time is a tick, with room to count on.
        private static let cycles: ClosedRange<Int64> = 0...(1 << 51)

        var modulus: Int32 { isBCD ? 10_000 : 0x1_0000 }

        /// Clocks of one period while a periodic mode runs.
        var runningPeriod: Int64? {
            guard phase != .idle, gate, mode == .rateGenerator || mode == .squareWave else { return nil }
            return Int64(period)
        }

        // MARK: Time

        /// Lets the clocks up to number `target` pass.
        mutating func leap(to target: Int64) {
            var clocks = target &- cycle
            guard clocks > 0 else { return }
            cycle = target
            if isLoadPending {
                load()
                clocks -= 1
            }
            guard clocks > 0, phase != .idle else { return }
            switch mode {
            case .interruptOnTerminalCount:
                // The first byte of a two-byte count stops the counting.
                if gate && !expectsHighWrite { countDown(clocks) }
            case .oneShot, .hardwareStrobe: countDown(clocks)
            case .softwareStrobe:
                if gate {
                    countDown(clocks)
                } else if phase == .strobe {
                    endStrobe()
                }
            case .rateGenerator: if gate { divide(clocks) }
            case .squareWave: if gate { wave(clocks) }
            }
        }

        /// CR goes to CE.
        private mutating func load() {
            isLoadPending = false
            isNull = false
            period = reload
            value = reload
            phase = .counting
            switch mode {
            case .interruptOnTerminalCount: break
            case .oneShot: output = false
            case .rateGenerator: output = value != 1 || !gate
            case .squareWave: (elapsed, isHighHalf, output) = (0, true, true)
            case .softwareStrobe, .hardwareStrobe: output = true
            }
        }

        private mutating func endStrobe() {
            phase = .expired
            output = true
        }

        private mutating func countDown(_ clocks: Int64) {
            if phase == .strobe { endStrobe() }
            if phase == .counting {
                guard clocks >= Int64(value) else { return value -= Int32(clocks) }
                let isStrobe = mode == .softwareStrobe || mode == .hardwareStrobe
                if isStrobe && clocks == Int64(value) {
                    (value, phase, output) = (0, .strobe, false)
                    return
                }
                phase = .expired
                output = true
            }
            let rest = (Int64(value) &- clocks) % Int64(modulus)
            value = Int32(truncatingIfNeeded: rest < 0 ? rest + Int64(modulus) : rest)
        }

        /// Mode 2.
        private mutating func divide(_ clocks: Int64) {
            if clocks < Int64(value) {
                value -= Int32(clocks)
            } else {
                let rest = clocks - Int64(value)
                period = reload
                isNull = false
                let (periods, clocksOfLast) = rest.quotientAndRemainder(dividingBy: Int64(period))
                value = period - Int32(clocksOfLast)
                if period > 1 { rises &+= periods &+ 1 }
            }
            output = value != 1
        }

        /// Mode 3.
        private mutating func wave(_ clocks: Int64) {
            let remaining = Int64(halfLength(isHighHalf) - elapsed)
            guard clocks >= remaining else { return elapsed += Int32(clocks) }
            period = reload
            isNull = false
            isHighHalf.toggle()
            if isHighHalf { rises &+= 1 }
            let length = Int64(halfLength(true) + halfLength(false))
            var (periods, rest) = (clocks - remaining).quotientAndRemainder(dividingBy: length)
            if rest >= Int64(halfLength(isHighHalf)) {
                rest -= Int64(halfLength(isHighHalf))
                isHighHalf.toggle()
                if isHighHalf { periods += 1 }
            }
            rises &+= periods
            elapsed = Int32(rest)
            output = isHighHalf
        }

        private func halfLength(_ isHigh: Bool) -> Int32 { max(1, isHigh ? (period + 1) / 2 : period / 2) }

        /// The number of the clock at which OUT changes next, or nil.
        func nextChange() -> Int64? {
            if isLoadPending {
                var loaded = self
                loaded.leap(to: cycle &+ 1)
                return loaded.output != output ? loaded.cycle : loaded.nextChange()
            }
            switch (mode, phase) {
            case (_, .idle): return nil
            case (.rateGenerator, _):
                guard gate else { return nil }
                if value > 1 { return cycle &+ Int64(value) &- 1 }
                return reload == 1 ? nil : cycle &+ 1
            case (.squareWave, _): return gate ? after(halfLength(isHighHalf) - elapsed) : nil
            case (_, .strobe): return cycle &+ 1
            case (_, .expired): return nil
            case (.interruptOnTerminalCount, .counting):
                return gate && !expectsHighWrite ? after(value) : nil
            case (.softwareStrobe, .counting): return gate ? after(value) : nil
            case (_, .counting): return after(value)
            }
        }

        /// A count of a state that lies may be used up already.
        private func after(_ clocks: Int32) -> Int64 { cycle &+ max(1, Int64(clocks)) }

        // MARK: Gate

        mutating func setGate(_ level: Bool) {
            guard level != gate else { return }
            gate = level
            let isPeriodic = mode == .rateGenerator || mode == .squareWave
            if level {
                let isTriggered = isPeriodic || mode == .oneShot || mode == .hardwareStrobe
                if isTriggered && hasCount { isLoadPending = true }
            } else if isPeriodic {
                output = true
            }
        }

        // MARK: Programming

        mutating func control(_ word: UInt8, variant: Variant) {
            value = Int32(count(variant: variant))
            phase = .idle
            access = Access(rawValue: word >> 4 & 3) ?? .both
            // Modes 2 and 3 have don't-care bits: 6 and 7 are the same.
            mode = Mode(rawValue: word >> 1 & 7) ?? Mode(rawValue: word >> 1 & 3) ?? .rateGenerator
            isBCD = word & 1 != 0
            // What is left of the old count must be one of the new base.
            value %= modulus
            (reload, period, elapsed) = (modulus, modulus, 0)
            output = mode != .interruptOnTerminalCount
            isNull = true
            hasCount = false
            isLoadPending = false
            expectsHighWrite = false
            expectsHighRead = false
            isCountLatched = false
            isStatusLatched = false
        }

        mutating func write(_ byte: UInt8) {
            switch access {
            case .low: setCount(UInt16(byte))
            case .high: setCount(UInt16(byte) << 8)
            case .both:
                expectsHighWrite.toggle()
                if expectsHighWrite {
                    lowWritten = byte
                    if mode == .interruptOnTerminalCount { output = false }
                } else {
                    setCount(UInt16(lowWritten) | UInt16(byte) << 8)
                }
            }
        }

        private mutating func setCount(_ count: UInt16) {
            let number = isBCD ? Counter.decodeBCD(count) : Int32(count)
            reload = number == 0 ? modulus : number
            isNull = true
            switch mode {
            case .interruptOnTerminalCount:
                output = false
                isLoadPending = true
            case .softwareStrobe: isLoadPending = true
            case .rateGenerator, .squareWave: if !hasCount { isLoadPending = true }
            case .oneShot, .hardwareStrobe: break
            }
            hasCount = true
        }

        // MARK: Reading

        mutating func read(variant: Variant) -> UInt8 {
            if isStatusLatched {
                isStatusLatched = false
                return latchedStatus
            }
            let count = isCountLatched ? latchedCount : displayedCount(variant: variant)
            let readsHigh = access == .high || access == .both && expectsHighRead
            if access == .both { expectsHighRead.toggle() }
            if access != .both || readsHigh { isCountLatched = false }
            return UInt8(truncatingIfNeeded: readsHigh ? count >> 8 : count)
        }

        /// A second latch command before the count is read is ignored.
        mutating func latchCount(variant: Variant) {
            guard !isCountLatched else { return }
            latchedCount = displayedCount(variant: variant)
            isCountLatched = true
        }

        mutating func latchStatus() {
            guard !isStatusLatched else { return }
            latchedStatus =
                (output ? 0b1000_0000 : 0) | (isNull ? 0b0100_0000 : 0) | access.rawValue << 4 | mode.rawValue << 1
                | (isBCD ? 1 : 0)
            isStatusLatched = true
        }

        private func displayedCount(variant: Variant) -> UInt16 {
            let count = count(variant: variant)
            return isBCD ? Counter.encodeBCD(count) : UInt16(truncatingIfNeeded: count)
        }

        /// CE, 0 to `modulus` - 1.
        private func count(variant: Variant) -> Int {
            let number = mode == .squareWave && phase != .idle ? waveCount(variant: variant) : value
            return Int(number % modulus)
        }

        /// CE in mode 3, which steps by two. The 8254 takes odd counts less one; the 8253 makes the odd step first.
        private func waveCount(variant: Variant) -> Int32 {
            if period & 1 == 0 || variant == .i8254 { return max(0, (period & ~1) - 2 * elapsed) }
            if elapsed == 0 { return period }
            return max(0, isHighHalf ? period + 1 - 2 * elapsed : period - 1 - 2 * elapsed)
        }

        private static func decodeBCD(_ count: UInt16) -> Int32 {
            let number = stride(from: 12, through: 0, by: -4).reduce(Int32(0)) { $0 * 10 + Int32(count >> $1 & 15) }
            return number % 10_000
        }

        private static func encodeBCD(_ number: Int) -> UInt16 {
            let digits = (number / 1_000 % 10) << 12 | (number / 100 % 10) << 8 | (number / 10 % 10) << 4 | number % 10
            return UInt16(truncatingIfNeeded: digits)
        }

        // MARK: State

        mutating func transfer(_ coder: StateCoder) {
            coder.field("cycle", &cycle)
            coder.field("mode", &mode)
            coder.field("access", &access)
            coder.field("isBCD", &isBCD)
            coder.field("phase", &phase)
            coder.field("reload", &reload)
            coder.field("period", &period)
            coder.field("value", &value)
            coder.field("elapsed", &elapsed)
            coder.field("isHighHalf", &isHighHalf)
            coder.field("isLoadPending", &isLoadPending)
            coder.field("hasCount", &hasCount)
            coder.field("isNull", &isNull)
            coder.field("gate", &gate)
            coder.field("output", &output)
            coder.field("expectsHighWrite", &expectsHighWrite)
            coder.field("lowWritten", &lowWritten)
            coder.field("expectsHighRead", &expectsHighRead)
            coder.field("isCountLatched", &isCountLatched)
            coder.field("latchedCount", &latchedCount)
            coder.field("isStatusLatched", &isStatusLatched)
            coder.field("latchedStatus", &latchedStatus)
            coder.field("rises", &rises)
            let counts = 1...modulus
            let isPossible =
                counts.contains(reload) && counts.contains(period) && (0...modulus).contains(value)
                && (0...modulus).contains(elapsed) && Counter.cycles.contains(cycle)
            if !isPossible {
                coder.fail("counts out of range")
                self = Counter()
            }
        }
    }
}
