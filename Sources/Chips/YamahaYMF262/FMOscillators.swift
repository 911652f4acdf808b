import Core

extension FM {
    /// The low-frequency oscillator for tremolo (3.7 Hz) and vibrato (6.1 Hz), which all operators share.
    ///
    /// - Source: [YMF262] AM and vibrato depth and frequency; [OPL3DIE] their steps.
    struct LowFrequencyOscillator {
        /// Samples, modulo 1,024.
        var count: UInt16 = 0
        /// 0 to 209: a triangle that moves every 64 samples.
        var tremoloPosition: UInt8 = 0
        /// The attenuation of the next sample, in units of 0.1875 dB.
        var tremolo: UInt8 = 0
        /// 0 to 7: it moves every 1,024 samples.
        var vibratoPosition: UInt8 = 0
        /// 4.8 dB instead of 1 dB.
        var isTremoloDeep = false
        /// 14 cents instead of 7.
        var isVibratoDeep = false

        private static let tremoloSteps: UInt8 = 210

        private var currentTremolo: UInt8 {
            let rising = min(tremoloPosition, LowFrequencyOscillator.tremoloSteps &- tremoloPosition)
            return isTremoloDeep ? rising >> 2 : rising >> 4
        }

        /// How long tremolo and vibrato stay as they are, in samples, 1 to 64.
        var samplesUntilChange: Int {
            // A new depth shows from the second sample on.
            currentTremolo == tremolo ? FM.longestBlock &- Int(count & 63) : 1
        }

        /// Any number of samples.
        mutating func advance(by samples: Int64) {
            guard samples > 0 else { return }
            let total = Int64(count) &+ samples
            let tremoloSteps = Int64(tremoloPosition) &+ total >> 6 &- Int64(count) >> 6
            tremoloPosition = UInt8(truncatingIfNeeded: tremoloSteps % Int64(LowFrequencyOscillator.tremoloSteps))
            vibratoPosition = UInt8(truncatingIfNeeded: (Int64(vibratoPosition) &+ total >> 10) & 7)
            count = UInt16(truncatingIfNeeded: total & 1_023)
            tremolo = currentTremolo
        }

        /// What vibrato adds to the 10-bit frequency number `number` at position `position`.
        func vibrato(of number: UInt32, at position: UInt8) -> Int32 {
            var depth = Int32(truncatingIfNeeded: number >> 7)
            if position & 3 == 0 { return 0 }
            if position & 1 != 0 { depth &>>= 1 }
            if !isVibratoDeep { depth &>>= 1 }
            return position & 4 != 0 ? 0 &- depth : depth
        }

        mutating func transfer(_ coder: StateCoder) {
            coder.field("count", &count)
            coder.field("tremoloPosition", &tremoloPosition)
            coder.field("tremolo", &tremolo)
            coder.field("vibratoPosition", &vibratoPosition)
            coder.field("isTremoloDeep", &isTremoloDeep)
            coder.field("isVibratoDeep", &isVibratoDeep)
            if count > 1_023 || tremoloPosition > 209 || vibratoPosition > 7 || tremolo > 26 {
                coder.fail("oscillator out of range")
                self = LowFrequencyOscillator()
            }
        }
    }

    /// The noise of the rhythm section: a shift register of 23 bits with the polynomial x^23 + x^14 + 1, which moves
    /// once for each operator.
    ///
    /// - Source: [OPL3DIE] noise generator; [OPL3RHYTHM] measured output of the chip.
    struct NoiseGenerator {
        /// Never 0.
        var register: UInt32 = 1

        static let width = 23
        /// 2^23 - 1 steps bring the register back.
        private static let period: Int64 = 1 << 23 - 1

        /// Up to nine steps: the fed-back bits do not depend on each other.
        private mutating func shift(by steps: UInt32) {
            let feedback = (register &>> 14 ^ register) & (1 &<< steps &- 1)
            register = register &>> steps | feedback &<< (23 &- steps)
        }

        /// The steps of one sample: 18 or 36.
        mutating func advance(operators: Int) {
            for _ in 0..<(operators / 9) { shift(by: 9) }
        }

        /// Any number of steps.
        mutating func advance(by steps: Int64) {
            var left = steps % NoiseGenerator.period
            // The register after 2^n steps is a linear function of the register: `columns` holds it for n = 0, 1, 2 ...
            var columns = InlineArray<23, UInt32> { column in
                var single = NoiseGenerator(register: 1 &<< UInt32(truncatingIfNeeded: column))
                single.shift(by: 1)
                return single.register
            }
            while left > 0 {
                if left & 1 != 0 { register = NoiseGenerator.apply(columns, to: register) }
                left >>= 1
                columns = InlineArray<23, UInt32> { NoiseGenerator.apply(columns, to: columns[$0]) }
            }
        }

        private static func apply(_ columns: InlineArray<23, UInt32>, to vector: UInt32) -> UInt32 {
            var result: UInt32 = 0
            for column in 0..<width where vector &>> UInt32(truncatingIfNeeded: column) & 1 != 0 {
                result ^= columns[column]
            }
            return result
        }

        mutating func transfer(_ coder: StateCoder) {
            coder.field("register", &register)
            if register == 0 || register >> 23 != 0 {
                coder.fail("noise out of range")
                register = 1
            }
        }
    }
}
