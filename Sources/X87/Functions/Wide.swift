/// A number with 128 bits of significand, for the inside of the transcendental functions: each operation is good to
/// about 2^-125 of its result, which leaves 60 bits to spare behind a temporary real.
struct Wide: Sendable {
    var isNegative: Bool
    /// The exponent of the significand's highest bit, not biased.
    var exponent: Int
    /// Bit 127 is set, or the number is zero.
    var significand: UInt128

    static let zero = Wide(isNegative: false, exponent: 0, significand: 0)
    static let one = Wide(1)
    static let ln2 = Wide(
        isNegative: false, exponent: -1, significand: 0xB172_17F7_D1CF_79AB_C9E3_B398_03F2_F6AF)
    static let pi = Wide(
        isNegative: false, exponent: 1, significand: 0xC90F_DAA2_2168_C234_C4C6_628B_80DC_1CD1)
    static let two = Wide(2)

    init(isNegative: Bool, exponent: Int, significand: UInt128) {
        self.isNegative = isNegative
        self.exponent = exponent
        self.significand = significand
    }

    /// Normalises what is given.
    init(isNegative: Bool, exponent: Int, unnormalized: UInt128) {
        let zeros = unnormalized.leadingZeroBitCount
        self.isNegative = isNegative
        self.exponent = zeros == 128 ? 0 : exponent - zeros
        significand = zeros == 128 ? 0 : unnormalized << UInt128(zeros)
    }

    init(_ integer: Int) {
        self.init(isNegative: integer < 0, exponent: 127, unnormalized: UInt128(integer.magnitude))
    }

    /// A finite number.
    init(_ value: Extended) {
        self.init(
            isNegative: value.isNegative, exponent: value.effectiveExponent - Extended.bias,
            unnormalized: UInt128(value.significand) << 64)
    }

    var isZero: Bool { significand == 0 }

    var magnitude: Wide { Wide(isNegative: false, exponent: exponent, significand: significand) }

    /// Times two to the power of `power`.
    func scaled(_ power: Int) -> Wide {
        Wide(isNegative: isNegative, exponent: isZero ? 0 : exponent + power, significand: significand)
    }

    static prefix func - (a: Wide) -> Wide {
        Wide(isNegative: !a.isNegative, exponent: a.exponent, significand: a.significand)
    }

    static func * (a: Wide, b: Wide) -> Wide {
        let product = a.significand.multipliedFullWidth(by: b.significand)
        let isLong = product.high >> 127 != 0
        let bits = isLong ? product.high : product.high << 1 | product.low >> 127
        return Wide(
            isNegative: a.isNegative != b.isNegative,
            exponent: bits == 0 ? 0 : a.exponent + b.exponent + (isLong ? 1 : 0), significand: bits)
    }

    static func + (a: Wide, b: Wide) -> Wide {
        if a.isZero { return b }
        if b.isZero { return a }
        let isFirst = a.exponent != b.exponent ? a.exponent > b.exponent : a.significand >= b.significand
        let (big, small) = isFirst ? (a, b) : (b, a)
        let shift = big.exponent - small.exponent
        // A bit is kept free for the carry.
        let high = big.significand >> 1
        let low = shift > 126 ? 0 : small.significand >> UInt128(shift + 1)
        return Wide(
            isNegative: big.isNegative, exponent: big.exponent + 1,
            unnormalized: a.isNegative == b.isNegative ? high + low : high - low)
    }

    static func - (a: Wide, b: Wide) -> Wide { a + -b }

    static func / (a: Wide, b: Wide) -> Wide {
        guard !a.isZero, !b.isZero else { return .zero }
        let isLess = a.significand < b.significand
        var rest = isLess ? a.significand : a.significand - b.significand
        var quotient: UInt128 = isLess ? 0 : 1
        for _ in 0..<(isLess ? 128 : 127) {
            let carries = rest >> 127 != 0
            rest <<= 1
            quotient <<= 1
            if carries || rest >= b.significand {
                rest = rest &- b.significand
                quotient |= 1
            }
        }
        return Wide(
            isNegative: a.isNegative != b.isNegative, exponent: a.exponent - b.exponent - (isLess ? 1 : 0),
            significand: quotient)
    }

    /// Divided by a small integer.
    func divided(by divisor: Int) -> Wide {
        Wide(
            isNegative: isNegative, exponent: exponent,
            unnormalized: significand / UInt128(max(divisor, 1)))
    }

    /// The nearest integer, if the number is of ordinary size.
    var nearestInteger: Int {
        guard exponent >= -1, exponent < 61, !isZero else { return 0 }
        let doubled = Int(truncatingIfNeeded: significand >> UInt128(126 - exponent))
        let value = (doubled + 1) / 2
        return isNegative ? -value : value
    }

    /// For rounding; `isInexact` marks that the true result goes on behind the bits.
    func unrounded(isInexact: Bool) -> Unrounded {
        Unrounded(
            isNegative: isNegative, exponent: exponent + Extended.bias, significand: significand | (isInexact ? 1 : 0))
    }
}
