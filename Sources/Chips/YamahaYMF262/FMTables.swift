extension FM {
    /// The chip's two ROMs, and the waveforms that its logic makes of the first.
    ///
    /// All values are computed with additions, multiplications, divisions and square roots only, so that they are the
    /// same on every host.
    ///
    /// - Source: [OPLDECAP] log-sine ROM, exponential ROM.
    final class Tables {
        /// Eight waveforms of 1,024 phases: an attenuation in 1/256 octaves, and `negative` for a negative half wave.
        let waveforms: UnsafePointer<UInt16>
        /// 2^((255 - x) / 256) in 1/1024: the mantissa for the low byte of an attenuation, doubled.
        let exponents: UnsafePointer<UInt16>

        static let negative: UInt16 = 0x8000
        /// More than any table entry: no sound even without attenuation.
        private static let silence: UInt16 = 0x1000

        init() {
            let sine = Tables.logarithmicSine()
            let waves = UnsafeMutablePointer<UInt16>.allocate(capacity: 8 * 1_024)
            for index in 0..<(8 * 1_024) {
                waves[index] = Tables.entry(waveform: index >> 10, phase: index & 1_023, sine: sine)
            }
            let powers = UnsafeMutablePointer<UInt16>.allocate(capacity: 256)
            for (index, power) in Tables.powersOfTwo().enumerated() {
                powers[255 - index] = UInt16((power - 1) * 1_024 + 0.5) << 1 | 0x800
            }
            waveforms = UnsafePointer(waves)
            exponents = UnsafePointer(powers)
        }

        deinit {
            waveforms.deallocate()
            exponents.deallocate()
        }

        private static func entry(waveform: Int, phase: Int, sine: [UInt16]) -> UInt16 {
            let isSecondHalf = phase & 0x200 != 0
            let isFalling = phase & 0x100 != 0
            let quarter = sine[isFalling ? 255 - phase & 0xFF : phase & 0xFF]
            let sign = isSecondHalf ? negative : 0
            switch waveform {
            case 0: return quarter | sign
            case 1: return isSecondHalf ? silence : quarter
            case 2: return quarter
            case 3: return isFalling ? silence : quarter
            case 4, 5:
                if isSecondHalf { return silence }
                let value = sine[(phase & 0x80 != 0 ? ~phase : phase) << 1 & 0xFF]
                return waveform == 4 && isFalling ? value | negative : value
            case 6: return sign
            default:
                let ramp = isSecondHalf ? 0x1FF - phase & 0x1FF : phase & 0x1FF
                return UInt16(ramp << 3) | sign
            }
        }

        /// -log2(sin((x + 1/2) pi / 512)) in 1/256, for a quarter of a wave.
        private static func logarithmicSine() -> [UInt16] {
            (0..<256).map { index in
                let value = -256 * logarithm(sine((Double(index) + 0.5) * Double.pi / 512))
                return UInt16(value + 0.5)
            }
        }

        /// By its power series, for arguments up to pi/2.
        private static func sine(_ x: Double) -> Double {
            var term = x
            var sum = x
            for n in stride(from: 2.0, through: 26, by: 2) {
                term *= -x * x / (n * (n + 1))
                sum += term
            }
            return sum
        }

        /// The binary logarithm of a number in 0...1, digit by digit.
        private static func logarithm(_ number: Double) -> Double {
            var mantissa = number
            var result = 0.0
            while mantissa < 1 {
                mantissa *= 2
                result -= 1
            }
            var digit = 1.0
            for _ in 0..<24 {
                mantissa *= mantissa
                digit /= 2
                if mantissa >= 2 {
                    mantissa /= 2
                    result += digit
                }
            }
            return result
        }

        /// 2^(x / 256) for x = 0...255.
        private static func powersOfTwo() -> [Double] {
            var root = 2.0
            for _ in 0..<8 { root = root.squareRoot() }
            var power = 1.0
            return (0..<256).map { _ in
                defer { power *= root }
                return power
            }
        }
    }
}
