/// What FPREM leaves beside the remainder.
struct PartialQuotient: Sendable {
    /// The reduction is not complete: FPREM must be executed again.
    var isIncomplete = false
    /// The low bits of the quotient, and how many bits of it were computed.
    var bits: UInt64 = 0
    var count = 0
}

extension Context {
    /// FPREM: what is left of `a` after multiples of `b` have been subtracted, with the sign of `a`. At most 64 bits of
    /// the quotient are computed at once.
    ///
    /// Source: [80287PRM] FPREM; tables 1-9 to 1-12.
    mutating func partialRemainder(_ a: Extended, _ b: Extended) -> (value: Extended, quotient: PartialQuotient)? {
        if let end = examine(a, b) { return end.map { ($0, PartialQuotient()) } }
        if a.isSpecial || b.isAnyZero || !b.isSpecial && (!b.hasIntegerBit || b.exponent == 0) {
            return invalid().map { ($0, PartialQuotient()) }
        }
        // Zero and the infinite modulus leave the dividend, and the quotient is zero.
        if a.isZero || b.isSpecial { return (a, PartialQuotient(count: 1)) }
        let dividend = a.normalized
        if dividend.significand == 0 { return (.zero(isNegative: a.isNegative), PartialQuotient(count: 1)) }
        let distance = dividend.exponent - b.exponent
        guard distance >= 0 else {
            return (smallResult(a.isNegative, dividend.exponent, dividend.significand), PartialQuotient(count: 1))
        }
        let shift = min(distance, 63)
        let (quotient, rest) = (UInt128(dividend.significand) << UInt128(shift))
            .quotientAndRemainder(dividingBy: UInt128(b.significand))
        let partial = PartialQuotient(
            isIncomplete: distance > 63, bits: UInt64(truncatingIfNeeded: quotient), count: shift + 1)
        let remainder = UInt64(truncatingIfNeeded: rest)
        if remainder == 0 {
            return (.zero(isNegative: a.isNegative), PartialQuotient(bits: partial.bits, count: partial.count))
        }
        let zeros = remainder.leadingZeroBitCount
        let exponent = b.exponent + distance - shift - zeros
        return (smallResult(a.isNegative, exponent, remainder << UInt64(zeros)), partial)
    }

    /// An exact result that may be too small for a normal number.
    private mutating func smallResult(_ isNegative: Bool, _ exponent: Int, _ significand: UInt64) -> Extended {
        round(
            Unrounded(isNegative: isNegative, exponent: exponent, significand: UInt128(significand) << 64),
            precision: 64)
    }

    /// FRNDINT. Denormals and unnormals are normalised first.
    mutating func roundToInteger(_ a: Extended) -> Extended? {
        if let end = propagate(a) { return end }
        if a.isSpecial || a.isZero { return a }
        let number = a.normalized
        if number.significand == 0 { return .zero(isNegative: a.isNegative) }
        let fractionBits = Extended.bias + 63 - number.exponent
        guard fractionBits > 0 else {
            return Extended(isNegative: a.isNegative, exponent: number.exponent, significand: number.significand)
        }
        let (magnitude, isExact) = integer(number.significand, fractionBits: fractionBits, isNegative: a.isNegative)
        if !isExact { raise(.precision) }
        return Extended(isNegative: a.isNegative, magnitude: magnitude)
    }

    /// The integer that a significand with so many bits behind the point is rounded to.
    func integer(_ significand: UInt64, fractionBits: Int, isNegative: Bool) -> (magnitude: UInt64, isExact: Bool) {
        let scaled = (UInt128(significand) << 64).shiftedRightJamming(fractionBits)
        let whole = UInt64(truncatingIfNeeded: scaled >> 64)
        let rest = UInt64(truncatingIfNeeded: scaled)
        guard rest != 0 else { return (whole, true) }
        let half = Extended.integerBit
        let isUp =
            switch rounding {
            case .nearest: rest > half || rest == half && whole & 1 != 0
            case .down: isNegative
            case .up: !isNegative
            case .chop: false
            }
        return (isUp ? whole &+ 1 : whole, false)
    }

    /// FSCALE: `a` times two to the power of `b`, chopped to an integer.
    ///
    /// The manual leaves the result open when `b` is a fraction or out of the range of 16 bits. Here a fraction chops to
    /// zero, and a power that is out of range acts as a very large one.
    ///
    /// Source: [80287PRM] FSCALE; table 1-12 for infinities.
    mutating func scale(_ a: Extended, by b: Extended) -> Extended? {
        if let end = propagate(a, b) { return end }
        if b.isSpecial { return a.isZero ? a : invalid() }
        if a.isSpecial || a.isZero { return a }
        let power = b.choppedPower
        let value = Unrounded(
            isNegative: a.isNegative, exponent: a.effectiveExponent + power,
            significand: UInt128(a.significand) << 64)
        guard a.exponent == 0 else { return round(value, precision: 64) }
        if power == 0 { return a }
        // A denormal that is scaled up is normalised as far as its new exponent allows.
        let shift = max(0, min(a.significand.leadingZeroBitCount, value.exponent - 1))
        return round(
            Unrounded(
                isNegative: a.isNegative, exponent: value.exponent - shift,
                significand: value.significand << UInt128(shift)), precision: 64)
    }

    /// FXTRACT: the exponent and the significand as numbers. Two zeros for a zero.
    ///
    /// Assumption: a denormal has the exponent of the least normal number; the manual does not say.
    mutating func extract(_ a: Extended) -> (exponent: Extended, significand: Extended)? {
        if let end = propagate(a) { return end.map { ($0, $0) } }
        if a.isSpecial { return invalid().map { ($0, $0) } }
        if a.isZero { return (a, a) }
        let exponent = a.effectiveExponent - Extended.bias
        return (
            Extended(Int64(exponent)),
            Extended(isNegative: a.isNegative, exponent: Extended.bias, significand: a.significand)
        )
    }
}

extension Extended {
    /// The value chopped to an integer, limited to what moves any exponent out of range.
    var choppedPower: Int {
        let number = normalized
        let bits = number.exponent - Extended.bias
        guard number.significand != 0, bits >= 0 else { return 0 }
        let magnitude = bits > 16 ? 1 << 17 : Int(number.significand >> UInt64(63 - bits))
        return isNegative ? -magnitude : magnitude
    }
}
