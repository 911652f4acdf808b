/// The sample loops of single operators.
extension FM.Synthesizer {
    /// The phases at which a waveform is negative: those whose bits under `mask` are `match`.
    private struct Sign {
        var mask: UInt32
        var match: UInt32

        init(waveform: UInt8) {
            switch waveform {
            case 0, 6, 7: (mask, match) = (0x200, 0x200)
            case 4: (mask, match) = (0x300, 0x100)
            default: (mask, match) = (0, 1)
            }
        }

        var isNeverNegative: Bool { mask == 0 }

        /// What a waveform gives that is too faint to hear: the chip complements negative halves, so -1 or 0.
        func sample(at place: UInt32) -> Int32 { place & mask == match ? -1 : 0 }
    }

    /// From here on (in 1/256 octaves) only the sign of a waveform is left.
    private static let silentAttenuation: UInt32 = 12 << 8
    private static let phaseMask: UInt32 = 1 << 19 - 1

    /// Where an operator's place in its waveform comes from.
    private enum Source {
        case phase
        case feedback(shift: Int32)
        case modulated(by: UnsafeMutablePointer<Int32>)
        /// The rhythm section makes the sample later.
        case trace
    }

    /// Runs operator `slot` over the block, as its connection says.
    func run(_ slot: Int) {
        let modulator = operators[slot].modulator
        if Int(modulator) == slot {
            let feedback = channels[FM.channel(ofOperator: slot)].feedback
            walk(slot, feedback == 0 ? .phase : .feedback(shift: 9 &- Int32(feedback)))
        } else if Int(modulator) < slot, block.pointee.silentOperators &>> UInt64(modulator) & 1 == 0 {
            walk(slot, .modulated(by: samples + Int(modulator) &* FM.longestBlock))
        } else {
            walk(slot, .phase)
        }
    }

    /// Runs the envelope and the phase of operator `slot`, and writes both down for `playRhythm`.
    func trace(_ slot: Int) { walk(slot, .trace) }

    private func steps(_ slot: Int) -> UInt64 {
        if operators[slot].envelope.isUnsettled { return .max }
        if operators[slot].envelope.rate.isStanding { return 0 }
        scheduleIfNeeded()
        return block.pointee.schedule.steps(operators[slot].envelope.rate)
    }

    private func scheduleIfNeeded() {
        guard !block.pointee.isScheduled else { return }
        var clock = shared.pointee.clock
        block.pointee.schedule = FM.EnvelopeSchedule(&clock, count: block.pointee.count)
        block.pointee.isScheduled = true
    }

    /// Goes over the block from one step of the envelope to the next.
    private func walk(_ slot: Int, _ source: Source) {
        let current = operators + slot
        let oscillator = shared.pointee.oscillator
        let increment = current.pointee.increment(
            channels[FM.channel(ofOperator: slot)], oscillator, at: oscillator.vibratoPosition)
        let tremolo = current.pointee.hasTremolo ? UInt32(oscillator.tremolo) : 0
        let count = block.pointee.count
        var index = 0
        while index < count {
            let steps = steps(slot)
            let rest = steps &>> UInt64(truncatingIfNeeded: index)
            let end = rest == 0 ? count : min(count, index &+ rest.trailingZeroBitCount &+ 1)
            let level = UInt32(current.pointee.envelope.level)
            let attenuation = (level &+ current.pointee.fixedAttenuation &+ tremolo) &<< 3
            if index == 0 && end == count && isSilent(slot, source, attenuation, increment) {
                block.pointee.silentOperators |= 1 &<< UInt64(slot)
                leap(slot, increment)
            } else {
                play(slot, source, index, end, attenuation, increment)
            }
            index = end
            if steps &>> UInt64(truncatingIfNeeded: end &- 1) & 1 != 0 { step(slot, at: end &- 1, increment) }
        }
    }

    private func step(_ slot: Int, at index: Int, _ increment: UInt32) {
        let current = operators + slot
        if !current.pointee.envelope.rate.isStanding { scheduleIfNeeded() }
        let shift = block.pointee.schedule.shift(current.pointee.envelope.rate, at: index)
        let sustainLevel = current.pointee.sustainLevel
        if current.pointee.envelope.step(shift: shift, sustainLevel: sustainLevel) {
            current.pointee.phase = increment & FM.Synthesizer.phaseMask
        }
        current.pointee.envelope.refresh(current.pointee.settings)
    }

    // MARK: Silence

    /// Whether the operator gives nothing but zeros over a block through which its envelope stays as it is.
    private func isSilent(_ slot: Int, _ source: Source, _ attenuation: UInt32, _ increment: UInt32) -> Bool {
        guard skipsSilence, attenuation >= FM.Synthesizer.silentAttenuation else { return false }
        let sign = Sign(waveform: operators[slot].waveform)
        switch source {
        case .trace: return false
        case .phase, .feedback, .modulated: if sign.isNeverNegative { return true }
        }
        // Otherwise only if it stands still at a place that is not negative.
        guard increment & FM.Synthesizer.phaseMask == 0 else { return false }
        if case .modulated = source { return false }
        if case .feedback = source, operators[slot].output | operators[slot].previousOutput != 0 { return false }
        return sign.sample(at: operators[slot].phase &>> 9) == 0
    }

    /// The phase after a block of zeros.
    private func leap(_ slot: Int, _ increment: UInt32) {
        let count = block.pointee.count
        let phase = operators[slot].phase &+ increment &* UInt32(truncatingIfNeeded: count)
        operators[slot].phase = phase & FM.Synthesizer.phaseMask
        operators[slot].previousOutput = count > 1 ? 0 : operators[slot].output
        operators[slot].output = 0
    }

    // MARK: Sound

    /// The sample for a table entry and an attenuation. Shifts of 12 and more leave nothing.
    @inline(__always)
    private func amplitude(_ entry: UInt16, _ attenuation: UInt32) -> Int32 {
        let total = UInt64(entry & 0x1FFF) &+ UInt64(attenuation)
        let magnitude = UInt64(exponents[Int(total & 0xFF)]) &>> (total &>> 8)
        return Int32(truncatingIfNeeded: magnitude) ^ Int32(Int16(bitPattern: entry) &>> 15)
    }

    /// The sample of operator `slot` at `place` of its waveform.
    @inline(__always)
    func sample(_ slot: Int, at place: UInt32, _ attenuation: UInt32) -> Int32 {
        amplitude(waveforms[Int(operators[slot].waveform & 7) &* 1_024 &+ Int(place & 1_023)], attenuation)
    }

    private func play(
        _ slot: Int, _ source: Source, _ start: Int, _ end: Int, _ attenuation: UInt32, _ increment: UInt32
    ) {
        let output = samples + slot &* FM.longestBlock
        let wave = waveforms + Int(operators[slot].waveform & 7) &* 1_024
        let isFaint = skipsSilence && attenuation >= FM.Synthesizer.silentAttenuation
        switch source {
        case .phase where isFaint: playFaint(slot, nil, start, end, increment)
        case .modulated(let modulator) where isFaint: playFaint(slot, modulator, start, end, increment)
        case .feedback(let shift) where isFaint: return playFaintFeedback(slot, shift, start, end, increment)
        case .phase:
            var phase = operators[slot].phase
            for index in start..<end {
                output[index] = amplitude(wave[Int(phase &>> 9 & 1_023)], attenuation)
                phase &+= increment
            }
        case .modulated(let modulator):
            var phase = operators[slot].phase
            for index in start..<end {
                let place = phase &>> 9 &+ UInt32(bitPattern: modulator[index])
                output[index] = amplitude(wave[Int(place & 1_023)], attenuation)
                phase &+= increment
            }
        case .feedback(let shift):
            return playFeedback(slot, shift, start, end, attenuation, increment)
        case .trace:
            for index in start..<end {
                let phase = operators[slot].phase &+ increment &* UInt32(truncatingIfNeeded: index &- start)
                places[slot &* FM.longestBlock &+ index] = phase &>> 9 & 1_023
                attenuations[slot &* FM.longestBlock &+ index] = attenuation
            }
        }
        advancePhase(slot, increment, end &- start)
        if case .trace = source { return }
        keepOutputs(slot, start, end)
    }

    private func advancePhase(_ slot: Int, _ increment: UInt32, _ count: Int) {
        let phase = operators[slot].phase &+ increment &* UInt32(truncatingIfNeeded: count)
        operators[slot].phase = phase & FM.Synthesizer.phaseMask
    }

    /// Writes down the last two samples of `start..<end`.
    func keepOutputs(_ slot: Int, _ start: Int, _ end: Int) {
        let output = samples + slot &* FM.longestBlock
        operators[slot].previousOutput = end &- start > 1 ? output[end &- 2] : operators[slot].output
        operators[slot].output = output[end &- 1]
    }

    /// An operator that modulates itself with the mean of its last two samples.
    private func playFeedback(
        _ slot: Int, _ shift: Int32, _ start: Int, _ end: Int, _ attenuation: UInt32, _ increment: UInt32
    ) {
        let output = samples + slot &* FM.longestBlock
        let wave = waveforms + Int(operators[slot].waveform & 7) &* 1_024
        var phase = operators[slot].phase
        var last = operators[slot].output
        var sum = last &+ operators[slot].previousOutput
        for index in start..<end {
            let place = phase &>> 9 &+ UInt32(bitPattern: sum &>> shift)
            let next = amplitude(wave[Int(place & 1_023)], attenuation)
            output[index] = next
            sum = last &+ next
            last = next
            phase &+= increment
        }
        operators[slot].phase = phase & FM.Synthesizer.phaseMask
        operators[slot].previousOutput = sum &- last
        operators[slot].output = last
    }

    /// An operator of which only the sign is left.
    private func playFaint(
        _ slot: Int, _ modulator: UnsafeMutablePointer<Int32>?, _ start: Int, _ end: Int, _ increment: UInt32
    ) {
        let output = samples + slot &* FM.longestBlock
        let sign = Sign(waveform: operators[slot].waveform)
        var phase = operators[slot].phase
        if let modulator {
            for index in start..<end {
                output[index] = sign.sample(at: phase &>> 9 &+ UInt32(bitPattern: modulator[index]))
                phase &+= increment
            }
        } else {
            for index in start..<end {
                output[index] = sign.sample(at: phase &>> 9)
                phase &+= increment
            }
        }
    }

    /// An operator that modulates itself and of which only the sign is left.
    private func playFaintFeedback(_ slot: Int, _ shift: Int32, _ start: Int, _ end: Int, _ increment: UInt32) {
        let output = samples + slot &* FM.longestBlock
        let sign = Sign(waveform: operators[slot].waveform)
        var phase = operators[slot].phase
        var last = operators[slot].output
        var before = operators[slot].previousOutput
        for index in start..<end {
            let place = phase &>> 9 &+ UInt32(bitPattern: (last &+ before) &>> shift)
            (before, last) = (last, sign.sample(at: place))
            output[index] = last
            phase &+= increment
        }
        operators[slot].phase = phase & FM.Synthesizer.phaseMask
        (operators[slot].output, operators[slot].previousOutput) = (last, before)
    }
}

/// Silence that nobody hears.
extension FM.Synthesizer {
    /// The phase of a silent operator after `count` samples, in stretches in which the vibrato stays as it is.
    func leapQuietly(_ slot: Int, _ count: Int64) {
        let channel = channels[FM.channel(ofOperator: slot)]
        let oscillator = shared.pointee.oscillator
        let isFedBack = Int(operators[slot].modulator) == slot && channel.feedback != 0
        // What an operator with feedback gives where the sign changes depends on what it gave.
        let isFollowed = isFedBack && !Sign(waveform: operators[slot].waveform).isNeverNegative
        let place = operators[slot].phase &>> 9
        let outputs = operators[slot].output | operators[slot].previousOutput
        let isAwayFromEdges = place & 0xFF != 0 || place == 0 && outputs == 0
        let stretch: Int64 = 1_024
        var position = oscillator.vibratoPosition
        var left = count
        var length = operators[slot].hasVibrato ? min(left, stretch &- Int64(oscillator.count)) : left
        while left > 0 {
            let increment = operators[slot].increment(channel, oscillator, at: position)
            let isStanding = increment & FM.Synthesizer.phaseMask == 0 && isAwayFromEdges
            if isFollowed && !isStanding {
                follow(slot, 9 &- Int32(channel.feedback), increment, length)
            } else {
                let way = UInt32(truncatingIfNeeded: Int64(increment) &* length)
                operators[slot].phase = (operators[slot].phase &+ way) & FM.Synthesizer.phaseMask
            }
            left &-= length
            length = min(left, stretch)
            position = (position &+ 1) & 7
        }
    }

    private func follow(_ slot: Int, _ shift: Int32, _ increment: UInt32, _ count: Int64) {
        var left = count
        while left > 0 {
            let length = Int(min(left, Int64(FM.longestBlock)))
            playFaintFeedback(slot, shift, 0, length, increment)
            left &-= Int64(length)
        }
    }
}
