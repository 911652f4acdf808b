/// An 80-bit temporary real, as it stands in a register of the chip: sign, 15 bits of exponent with bias 16,383, and a
/// significand of 64 bits whose integer bit is explicit.
///
/// Every pattern of bits is a value: what later chips refuse (unnormals, pseudo zeros) the 8087 and 80287 calculate with.
///
/// Source: [80287PRM] tables 1-12 to 1-15.
public struct Extended: Hashable, Sendable {
    /// Bit 15 is the sign, bits 0-14 the biased exponent.
    public var signExponent: UInt16
    public var significand: UInt64

    public init(signExponent: UInt16, significand: UInt64) {
        self.signExponent = signExponent
        self.significand = significand
    }

    init(isNegative: Bool, exponent: Int, significand: UInt64) {
        signExponent = UInt16(truncatingIfNeeded: exponent) & 0x7FFF | (isNegative ? 0x8000 : 0)
        self.significand = significand
    }

    /// What an exponent field adds to the exponent.
    static let bias = 16_383
    /// The exponent field of infinities and NaNs.
    static let specialExponent = 0x7FFF
    static let integerBit: UInt64 = 1 << 63

    public static let zero = Extended(signExponent: 0, significand: 0)
    public static let one = Extended(signExponent: 0x3FFF, significand: integerBit)
    /// The result of invalid operations.
    public static let indefinite = Extended(signExponent: 0xFFFF, significand: 0xC000_0000_0000_0000)

    static func zero(isNegative: Bool) -> Extended { Extended(isNegative: isNegative, exponent: 0, significand: 0) }

    static func infinity(isNegative: Bool) -> Extended {
        Extended(isNegative: isNegative, exponent: specialExponent, significand: integerBit)
    }

    public var isNegative: Bool { signExponent & 0x8000 != 0 }
    /// The exponent field, 0 to 7FFFh.
    var exponent: Int { Int(signExponent & 0x7FFF) }
    /// The exponent that the significand has: a denormal's is that of the smallest normal number.
    var effectiveExponent: Int { max(exponent, 1) }

    var negated: Extended { Extended(signExponent: signExponent ^ 0x8000, significand: significand) }

    // MARK: Kinds

    /// A zero with a zero exponent.
    var isZero: Bool { significand == 0 && exponent == 0 }
    var isSpecial: Bool { exponent == Extended.specialExponent }
    var isInfinity: Bool { isSpecial && significand == Extended.integerBit }
    /// Any significand but that of infinity; the integer bit is not looked at.
    var isNaN: Bool { isSpecial && significand != Extended.integerBit }
    /// A zero exponent and a significand that is not zero.
    var isDenormal: Bool { exponent == 0 && significand != 0 }
    /// The integer bit is clear in a number that is neither zero nor denormal; a pseudo zero is one too.
    var isUnnormal: Bool { exponent != 0 && !isSpecial && significand & Extended.integerBit == 0 }
    var isPseudoZero: Bool { isUnnormal && significand == 0 }
    var hasIntegerBit: Bool { significand & Extended.integerBit != 0 }
    /// A number of significand zero, true or pseudo.
    var isAnyZero: Bool { significand == 0 && !isSpecial }

    /// The number as a normalised significand and the exponent field that goes with it, which may be negative. Of a
    /// zero, the significand stays zero.
    var normalized: (significand: UInt64, exponent: Int) {
        let shift = significand.leadingZeroBitCount
        guard shift < 64 else { return (0, effectiveExponent) }
        return (significand << UInt64(shift), effectiveExponent - shift)
    }
}

/// What FXAM tells, and with it the tag of a register.
enum NumberKind: Sendable {
    case unnormal, notANumber, normal, infinity, zero, denormal

    init(_ value: Extended) {
        if value.isSpecial {
            self = value.isInfinity ? .infinity : .notANumber
        } else if value.exponent == 0 {
            self = value.significand == 0 ? .zero : .denormal
        } else {
            self = value.hasIntegerBit ? .normal : .unnormal
        }
    }
}
