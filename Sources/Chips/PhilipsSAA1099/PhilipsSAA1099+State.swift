import Core

extension PhilipsSAA1099 {
    struct State: StateValue {
        var address: UInt8 = 0
        var registers = [UInt8](repeating: 0, count: 32)
        /// Units of two clocks that are done.
        var time: Int64 = 0
        /// When each tone (0-5) and noise counter (6-7) runs out.
        var due = [Int64](repeating: 1, count: 8)
        /// Bits 0-5: the tones' flip-flops.
        var outputs: UInt8 = 0
        var noises: [UInt32] = [1, 1]
        /// Steps of the envelopes since they began, 0-63; the second half repeats.
        var phases: [UInt8] = [0, 0]

        var isOn: Bool { registers[0x1C] & 1 != 0 }
        var isRunning: Bool { registers[0x1C] & 3 == 1 }
        func isExternal(_ index: Int) -> Bool { registers[0x18 + index] & 0b0010_0000 != 0 }
        private func isEnvelopeOn(_ index: Int) -> Bool { registers[0x18 + index] & 0x80 != 0 }

        /// Units between edges of a tone, or shifts of a noise.
        func period(_ index: Int) -> Int64 {
            if index >= 6 { return 128 << Int64(min(noiseRate(index - 6), 2)) }
            let octave = registers[0x10 + index / 2] >> (index & 1 == 0 ? 0 : 4) & 7
            return Int64(511 - Int(registers[0x08 + index])) << Int64(7 - octave)
        }

        private func noiseRate(_ index: Int) -> UInt8 { registers[0x16] >> UInt8(4 * index) & 3 }

        // MARK: Time

        mutating func stand(until target: Int64) {
            for index in 0..<8 { due[index] &+= target &- time }
            time = target
        }

        mutating func overflow(_ index: Int) {
            due[index] &+= period(index)
            if index >= 6 {
                if noiseRate(index - 6) != 3 { shift(index - 6) }
                return
            }
            outputs ^= 1 << UInt8(index)
            // Tones 0 and 3 can move the noises, 1 and 4 the envelopes.
            let group = index / 3
            if index % 3 == 0 && noiseRate(group) == 3 { shift(group) }
            if index % 3 == 1 && isEnvelopeOn(group) && !isExternal(group) { stepEnvelope(group) }
        }

        /// Lets the units up to `target` pass at once. What overflows do adds up whatever their order.
        mutating func leap(to target: Int64) {
            for index in 0..<8 where due[index] <= target {
                let count = (target &- due[index]) / period(index) &+ 1
                due[index] &+= count &* period(index)
                if index >= 6 {
                    if noiseRate(index - 6) != 3 { shift(index - 6, count: count) }
                    continue
                }
                if count & 1 != 0 { outputs ^= 1 << UInt8(index) }
                let group = index / 3
                if index % 3 == 0 && noiseRate(group) == 3 { shift(group, count: count) }
                guard index % 3 == 1 && isEnvelopeOn(group) && !isExternal(group) else { continue }
                // An envelope is in its second half after 64 steps, which repeats after 32.
                for _ in 0..<(count < 96 ? count : 64 &+ count % 32) { stepEnvelope(group) }
            }
            time = target
        }

        private mutating func shift(_ index: Int, count: Int64) {
            // The register comes back after 2^18 - 1 shifts.
            for _ in 0..<count % (1 << 18 - 1) { shift(index) }
        }

        private mutating func shift(_ index: Int) {
            let bit = (noises[index] >> 17 ^ noises[index] >> 10) & 1
            noises[index] = (noises[index] << 1 | bit) & 0x3_FFFF
        }

        mutating func stepEnvelope(_ index: Int) {
            let step: UInt8 = registers[0x18 + index] & 0b0001_0000 == 0 ? 1 : 2
            phases[index] &+= step
            if phases[index] >= 64 { phases[index] = 32 }
        }

        // MARK: Registers

        mutating func write(_ value: UInt8) {
            let register = Int(address)
            registers[register] = value
            if register == 0x18 || register == 0x19 { phases[register - 0x18] = 0 }
            if register == 0x1C && value & 2 != 0 {
                outputs = 0
                for index in 0..<8 { due[index] = time &+ period(index) }
            }
        }

        // MARK: Sound

        /// What the mixer of a channel lets through: 0, 1 or 2.
        func output(_ channel: Int) -> Int32 {
            let bit = UInt8(1) << UInt8(channel)
            let isNoiseHigh = noises[channel / 3] & 1 != 0
            let isToneHigh = outputs & bit != 0
            // A channel that an envelope drives is heard as its amplitude.
            switch (registers[0x14] & bit != 0, registers[0x15] & bit != 0) {
            case (false, false): return channel % 3 == 2 && isEnvelopeOn(channel / 3) ? 2 : 0
            case (true, false): return isToneHigh ? 2 : 0
            case (false, true): return isNoiseHigh ? 2 : 0
            case (true, true): return isToneHigh ? (isNoiseHigh ? 1 : 2) : 0
            }
        }

        /// 0 to 240: amplitude times 16, or times the envelope for channels 2 and 5.
        func amplitude(_ channel: Int, isRight: Bool) -> Int32 {
            let amplitude = Int32(registers[channel] >> (isRight ? 4 : 0) & 15)
            let group = channel / 3
            guard channel % 3 == 2, isEnvelopeOn(group) else { return amplitude * 16 }
            let level = envelope(group)
            let isInverted = isRight && registers[0x18 + group] & 1 != 0
            return (amplitude & 14) * Int32(isInverted ? 15 - level : level)
        }

        /// 0-15, by the shape and the step.
        func envelope(_ index: Int) -> UInt8 {
            let control = registers[0x18 + index]
            let phase = phases[index]
            let ramp = phase & 15
            let isFirst = phase < 16
            let level: UInt8 =
                switch control >> 1 & 7 {
                case 0: 0
                case 1: 15
                case 2: isFirst ? 15 - ramp : 0
                case 3: 15 - ramp
                case 4: phase >= 32 ? 0 : isFirst ? ramp : 15 - ramp
                case 5: phase & 16 == 0 ? ramp : 15 - ramp
                case 6: isFirst ? ramp : 0
                default: ramp
                }
            return control & 0b0001_0000 == 0 ? level : level & 14
        }

        mutating func transfer(_ coder: StateCoder) {
            coder.field("address", &address)
            for index in registers.indices { coder.field("register \(index)", &registers[index]) }
            coder.field("time", &time)
            for index in due.indices { coder.field("due \(index)", &due[index]) }
            coder.field("outputs", &outputs)
            for index in 0..<2 { coder.field("noise \(index)", &noises[index]) }
            for index in 0..<2 { coder.field("phase \(index)", &phases[index]) }
            let isPossible =
                address < 32 && (0...1 << 50).contains(time) && outputs < 64
                && due.allSatisfy { $0 > time && $0 <= time + 1 << 17 } && noises.allSatisfy { $0 < 1 << 18 }
                && phases.allSatisfy { $0 < 64 }
            if !isPossible {
                coder.fail("registers out of range")
                self = State()
            }
        }
    }
}
