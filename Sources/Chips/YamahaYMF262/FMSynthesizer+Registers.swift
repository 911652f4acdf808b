/// Register writes.
extension FM.Synthesizer {
    /// Writes register `register` (000h-0FFh, and 100h-1FFh for the second bank). It takes effect with the next
    /// sample.
    ///
    /// - Source: [YM3812], [YMF262] register tables.
    func write(_ register: Int, _ value: UInt8) {
        let bank = register >> 8 & 1
        guard bank == 0 || variant == .opl3 else { return }
        let low = register & 0xFF
        switch low >> 5 {
        case 0: writeGlobal(low, bank: bank, value)
        case 1, 2, 3, 4, 7:
            guard let position = FM.Synthesizer.position(low & 0x1F) else { return }
            writeOperator(bank * FM.operatorsPerBank + position, group: low >> 5, value)
        default:
            if low == 0xBD { return bank == 0 ? writeRhythm(value) : () }
            guard low & 15 < FM.channelsPerBank else { return }
            let index = bank * FM.channelsPerBank + low & 15
            switch low >> 4 {
            case 0xA: writeFrequencyLow(index, value)
            case 0xB: writeFrequencyHigh(index, value)
            case 0xC: writeConnection(index, value)
            default: break
            }
        }
    }

    /// Which of the bank's operators an offset addresses: 0-5, 8-Dh and 10h-15h.
    private static func position(_ offset: Int) -> Int? {
        offset & 7 < 6 && offset < 0x18 ? offset >> 3 * 6 + offset & 7 : nil
    }

    private func writeGlobal(_ low: Int, bank: Int, _ value: UInt8) {
        switch (bank, low) {
        case (0, 0x01): shared.pointee.selectsWaveforms = value & 0b0010_0000 != 0
        case (0, 0x08): shared.pointee.selectsLowBit = value & 0b0100_0000 != 0
        case (1, 0x04): writeFourOperators(value)
        case (1, 0x05): shared.pointee.isNew = value & 1 != 0
        default: break
        }
    }

    // MARK: Operators

    private func writeOperator(_ slot: Int, group: Int, _ value: UInt8) {
        let current = operators + slot
        switch group {
        case 1:
            current.pointee.hasTremolo = value & 0x80 != 0
            current.pointee.hasVibrato = value & 0x40 != 0
            current.pointee.isSustained = value & 0x20 != 0
            current.pointee.scalesRate = value & 0x10 != 0
            current.pointee.multiple = value & 15
        case 2:
            current.pointee.keyScaleLevel = value >> 6
            current.pointee.totalLevel = value & 0x3F
        case 3:
            current.pointee.attack = value >> 4
            current.pointee.decay = value & 15
        case 4:
            current.pointee.sustainLevel = value >> 4 == 15 ? 31 : value >> 4
            current.pointee.release = value & 15
        default: writeWaveform(slot, value)
        }
        refreshOperator(slot)
    }

    private func writeWaveform(_ slot: Int, _ value: UInt8) {
        switch variant {
        case .opl2:
            // Without the enable bit the register keeps its value, and the operator goes on with it.
            if shared.pointee.selectsWaveforms { operators[slot].waveform = value & 3 }
        case .opl3: operators[slot].waveform = value & (shared.pointee.isNew ? 7 : 3)
        }
    }

    // MARK: Channels

    private func writeFrequencyLow(_ index: Int, _ value: UInt8) {
        setFrequency(index, block: nil) { $0 & 0x300 | UInt16(value) }
    }

    private func writeFrequencyHigh(_ index: Int, _ value: UInt8) {
        setFrequency(index, block: value >> 2 & 7) { $0 & 0xFF | UInt16(value & 3) << 8 }
        setKey(index, value & 0b0010_0000 != 0)
    }

    /// Of four operators, the second half takes its frequency from writes to the first; a new low byte alone leaves it
    /// its own octave.
    private func setFrequency(_ index: Int, block: UInt8?, _ change: (UInt16) -> UInt16) {
        let isNew = shared.pointee.isNew
        if isNew && channels[index].kind == .fourOperatorsSecond { return }
        let frequency = change(channels[index].frequency)
        let bit = frequency >> (shared.pointee.selectsLowBit ? 8 : 9) & 1
        let keyScale = (block ?? channels[index].block) << 1 | UInt8(bit)
        let isPair = isNew && channels[index].kind == .fourOperatorsFirst && index + 3 < channelCount
        for target in isPair ? [index, index + 3] : [index] {
            channels[target].frequency = frequency
            if let block { channels[target].block = block }
            channels[target].keyScale = keyScale
            let first = FM.firstOperator(ofChannel: target)
            refreshOperator(first)
            refreshOperator(first + 3)
        }
    }

    private func setKey(_ index: Int, _ isDown: Bool) {
        let kind = shared.pointee.isNew ? channels[index].kind : .twoOperators
        let first = FM.firstOperator(ofChannel: index)
        switch kind {
        case .fourOperatorsSecond: break
        case .fourOperatorsFirst: for part in 0..<4 { setKey(ofOperator: first + 3 * part, .note, isDown) }
        case .twoOperators, .drum: for part in 0..<2 { setKey(ofOperator: first + 3 * part, .note, isDown) }
        }
    }

    func setKey(ofOperator slot: Int, _ key: FM.Envelope.Keys, _ isDown: Bool) {
        guard slot < operatorCount else { return }
        if isDown {
            operators[slot].envelope.keys.insert(key)
        } else {
            operators[slot].envelope.keys.remove(key)
        }
        refreshOperator(slot)
    }

    /// Holds all keys down, or lets them go: speech synthesis by composite sine waves.
    func setCompositeKeys(_ areDown: Bool) {
        for slot in 0..<operatorCount { setKey(ofOperator: slot, .composite, areDown) }
    }

    private func writeConnection(_ index: Int, _ value: UInt8) {
        channels[index].feedback = value >> 1 & 7
        channels[index].isParallel = value & 1 != 0
        updateConnection(index)
        let isStereo = shared.pointee.isNew
        channels[index].isLeft = !isStereo || value & 0b0001_0000 != 0
        channels[index].isRight = !isStereo || value & 0b0010_0000 != 0
        refreshWeights()
    }

    private func writeRhythm(_ value: UInt8) {
        shared.pointee.oscillator.isTremoloDeep = value & 0x80 != 0
        shared.pointee.oscillator.isVibratoDeep = value & 0x40 != 0
        let rhythm = Rhythm(rawValue: value & 0x3F)
        shared.pointee.rhythm = rhythm
        let isOn = rhythm.contains(.isOn)
        for index in 6...8 {
            channels[index].kind = isOn ? .drum : .twoOperators
            connect(index)
        }
        let keys: [(slot: Int, part: Rhythm)] = [
            (12, .bassDrum), (15, .bassDrum), (13, .hiHat), (16, .snareDrum), (14, .tomTom), (17, .cymbal),
        ]
        for key in keys { setKey(ofOperator: key.slot, .drum, isOn && rhythm.contains(key.part)) }
        refreshWeights()
    }

    /// Register 104h: bits 0-5 join channels 0-2 and 9-11 with those three further.
    private func writeFourOperators(_ value: UInt8) {
        for bit in 0..<6 {
            let index = bit < 3 ? bit : bit + 6
            let isJoined = value >> UInt8(bit) & 1 != 0
            channels[index].kind = isJoined ? .fourOperatorsFirst : .twoOperators
            channels[index + 3].kind = isJoined ? .fourOperatorsSecond : .twoOperators
            updateConnection(index)
            if !isJoined { updateConnection(index + 3) }
        }
        refreshWeights()
    }

    // MARK: Connections

    /// Connects channel `index`, or the four operators it is part of.
    private func updateConnection(_ index: Int) {
        switch shared.pointee.isNew ? channels[index].kind : .twoOperators {
        case .fourOperatorsFirst: connectFour(index)
        case .fourOperatorsSecond: connectFour(index - 3)
        case .twoOperators, .drum: connect(index)
        }
    }

    /// Connects the operators of channel `index` as its kind says, four operators apart.
    func connect(_ index: Int) {
        let first = FM.firstOperator(ofChannel: index)
        let second = first + 3
        let isDrum = channels[index].kind == .drum
        if isDrum && index > 6 {
            operators[first].modulator = FM.Operator.none
            operators[second].modulator = FM.Operator.none
            channels[index].setOutputs(first, first, second, second)
            return
        }
        operators[first].modulator = UInt8(first)
        operators[second].modulator = channels[index].isParallel ? FM.Operator.none : UInt8(first)
        if isDrum {
            channels[index].setOutputs(second, second)
        } else if channels[index].isParallel {
            channels[index].setOutputs(first, second)
        } else {
            channels[index].setOutputs(second)
        }
    }

    /// Connects channel `index` and the one three further. All that is heard goes through the second.
    /// - Source: [YMF262] connection of four operators.
    private func connectFour(_ index: Int) {
        let first = FM.firstOperator(ofChannel: index)
        let (second, third, fourth) = (first + 3, first + 6, first + 9)
        let chain = { (slot: Int, isConnected: Bool) in isConnected ? UInt8(slot) : FM.Operator.none }
        let (isFirstParallel, isSecondParallel) = (channels[index].isParallel, channels[index + 3].isParallel)
        operators[first].modulator = UInt8(first)
        operators[second].modulator = chain(first, !isFirstParallel)
        operators[third].modulator = chain(second, isFirstParallel || !isSecondParallel)
        operators[fourth].modulator = chain(third, !(isFirstParallel && isSecondParallel))
        channels[index].outputs = [FM.Operator.none, FM.Operator.none, FM.Operator.none, FM.Operator.none]
        switch (isFirstParallel, isSecondParallel) {
        case (false, false): channels[index + 3].setOutputs(fourth)
        case (false, true): channels[index + 3].setOutputs(second, fourth)
        case (true, false): channels[index + 3].setOutputs(first, fourth)
        case (true, true): channels[index + 3].setOutputs(first, third, fourth)
        }
    }
}
