import Core

extension TexasSN76489 {
    struct State: StateValue {
        /// The register of the last latch byte, 0-7: tone, attenuation, tone ...; 6 is the noise.
        var register: UInt8 = 0
        var numbers: [UInt16] = [0, 0, 0]
        var attenuations: [UInt8] = [15, 15, 15, 15]
        /// Bit 2: white; bits 1-0: 512, 1,024, 2,048 clocks a shift, or the third tone.
        var noiseControl: UInt8 = 0
        /// Steps of 16 clocks that are done.
        var step: Int64 = 0
        /// The steps at which the counters run out.
        var toggles: [Int64] = [1, 1, 1, 1]
        /// Bits 0-2: the tones' flip-flops.
        var outputs: UInt8 = 0
        var noise = Noise(.texas)
        var readyTime = Tick.zero
        /// Shifts of a silent noise that have not been made; none when saved.
        var shiftsOwed: Int64 = 0

        var isWhite: Bool { noiseControl & 4 != 0 }
        var isNoiseOnTone: Bool { noiseControl & 3 == 3 }
        /// Steps between edges.
        func period(_ channel: Int) -> Int64 { numbers[channel] == 0 ? 1_024 : Int64(numbers[channel]) }
        /// Steps between shifts by the noise's own counter.
        var noisePeriod: Int64 { 32 << Int64(noiseControl & 3) }

        mutating func transfer(_ coder: StateCoder) {
            coder.field("register", &register)
            for index in 0..<3 { coder.field("number \(index)", &numbers[index]) }
            for index in 0..<4 { coder.field("attenuation \(index)", &attenuations[index]) }
            coder.field("noiseControl", &noiseControl)
            coder.field("step", &step)
            for index in 0..<4 { coder.field("toggle \(index)", &toggles[index]) }
            coder.field("outputs", &outputs)
            coder.field("shiftRegister", &noise.bits)
            coder.field("readyTime", &readyTime)
            let isPossible =
                register < 8 && noiseControl < 8 && outputs < 8 && noise.bits < 1 << 17
                && numbers.allSatisfy { $0 < 1_024 } && attenuations.allSatisfy { $0 < 16 }
                && (0...1 << 50).contains(step) && toggles.allSatisfy { $0 > step && $0 <= step + 1_024 }
            if !isPossible {
                coder.fail("registers out of range")
                self = State()
            }
        }
    }

    /// The shift register of the noise. The newest bit is on the left, bit 0 is the output.
    struct Noise {
        var bits: UInt32

        init(_ variant: Variant) { bits = variant == .texas ? 1 << 16 : 1 << 15 }

        var isHigh: Bool { bits & 1 != 0 }

        mutating func shift(_ variant: Variant, isWhite: Bool) {
            let new: UInt32
            if variant == .texas {
                // 15 bits, and two more behind them before the output.
                new = (bits >> 2 ^ (isWhite ? bits >> 3 : 0)) & 1
                bits = bits >> 1 | new << 16
            } else {
                // 15 bits and one more. White is an XNOR.
                new = (bits >> 1 ^ (isWhite ? ~(bits >> 5) : 0)) & 1
                bits = bits >> 1 | new << 15
            }
        }

        /// Many shifts. The register repeats itself after 15 of a periodic noise, 32,767 of a white one; the bits behind
        /// it follow after two.
        mutating func skip(_ count: Int64, _ variant: Variant, isWhite: Bool) {
            let length: Int64 = isWhite ? 32_767 : 15
            let short = count <= 2 ? count : 2 + (count - 2) % length
            guard short > 0 else { return }
            for _ in 0..<short { shift(variant, isWhite: isWhite) }
        }
    }
}
