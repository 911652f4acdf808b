import Core

/// State, and time that passes unheard.
extension FM.Synthesizer {
    func transfer(_ coder: StateCoder) {
        settleNoise()
        for slot in 0..<operatorCount {
            coder.group("operator \(slot)") { operators[slot].transfer(coder, slot: slot) }
        }
        for index in 0..<channelCount {
            coder.group("channel \(index)") { channels[index].transfer(coder, index: index, slots: operatorCount) }
        }
        coder.group("clock") { shared.pointee.clock.transfer(coder) }
        coder.group("oscillator") { shared.pointee.oscillator.transfer(coder) }
        coder.group("noise") { shared.pointee.noise.transfer(coder) }
        coder.field("rhythm", &shared.pointee.rhythm)
        coder.field("cymbal", &shared.pointee.cymbal)
        coder.field("nextRight", &shared.pointee.nextRight)
        coder.field("isNew", &shared.pointee.isNew)
        coder.field("selectsLowBit", &shared.pointee.selectsLowBit)
        coder.field("selectsWaveforms", &shared.pointee.selectsWaveforms)
        // 36 operators at their loudest, some of them heard four times.
        let sums: ClosedRange<Int32> = -(1 << 20)...1 << 20
        if shared.pointee.cymbal > 1_023 || !sums.contains(shared.pointee.nextRight) {
            coder.fail("output out of range")
            (shared.pointee.cymbal, shared.pointee.nextRight) = (0, 0)
        }
        if coder.direction == .load { refresh() }
    }

    /// Whether no envelope will move before a register is written, all being at silence.
    var isQuiet: Bool {
        for slot in 0..<operatorCount {
            let envelope = operators[slot].envelope
            if envelope.level != FM.Envelope.silence || envelope.isUnsettled || !envelope.rate.isStanding {
                return false
            }
        }
        return true
    }

    /// Lets `count` samples pass that nobody will hear. A quiet chip leaps over them.
    func skip(_ count: Int64) {
        var left = count
        if skipsSilence && left > Int64(FM.longestBlock) && isQuiet {
            // The last samples are made, because operators remember two of them, and the outputs one more.
            let leap = left &- 8
            for slot in 0..<operatorCount { leapQuietly(slot, leap) }
            shared.pointee.oscillator.advance(by: leap)
            shared.pointee.clock.advance(by: leap)
            shared.pointee.noiseDebt &+= leap &* Int64(operatorCount)
            left = 8
        }
        while left > 0 {
            let length = min(Int(min(left, 64)), shared.pointee.oscillator.samplesUntilChange)
            makeBlock(length)
            left &-= Int64(length)
        }
    }
}

extension FM.EnvelopeClock {
    mutating func transfer(_ coder: StateCoder) {
        coder.field("count", &count)
        coder.field("isStepping", &isStepping)
        coder.field("step", &step)
        coder.field("low", &low)
        coder.field("hasWrapped", &hasWrapped)
        if count >= 1 << 36 || step > 13 || low > 3 {
            coder.fail("envelope clock out of range")
            self = FM.EnvelopeClock()
        }
    }
}
