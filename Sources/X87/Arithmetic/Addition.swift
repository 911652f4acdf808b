extension Context {
    /// `a` + `b`.
    ///
    /// Source: [80287PRM] tables 1-9 to 1-12 for zeros, unnormals and infinities.
    mutating func add(_ a: Extended, _ b: Extended) -> Extended? {
        if let end = examine(a, b) { return end }
        return sum(a, b)
    }

    /// `a` - `b`.
    mutating func subtract(_ a: Extended, _ b: Extended) -> Extended? {
        if let end = examine(a, b) { return end }
        return sum(a, b.negated)
    }

    private mutating func sum(_ a: Extended, _ b: Extended) -> Extended? {
        if a.isSpecial || b.isSpecial {
            guard a.isSpecial && b.isSpecial else { return a.isSpecial ? a : b }
            return isAffine && a.isNegative == b.isNegative ? a : invalid()
        }
        if a.isZero && b.isZero {
            return .zero(isNegative: a.isNegative == b.isNegative ? a.isNegative : rounding == .down)
        }
        let (x, y) = (a.normalized, b.normalized)
        let isFirst = magnitude(x, isAtLeast: y)
        let big = isFirst ? a : b
        let small = isFirst ? b : a
        // The operand with the larger absolute value says whether the result is normalised.
        guard big.hasIntegerBit else { return unnormalSum(big, small) }
        let (major, minor) = isFirst ? (x, y) : (y, x)
        let high = UInt128(major.significand) << 63
        let low = (UInt128(minor.significand) << 63).shiftedRightJamming(major.exponent - minor.exponent)
        let isSum = a.isNegative == b.isNegative
        let total = isSum ? high + low : high - low
        if total == 0 { return .zero(isNegative: rounding == .down) }
        let shift = total.leadingZeroBitCount
        return round(
            Unrounded(
                isNegative: big.isNegative, exponent: major.exponent + 1 - shift,
                significand: total << UInt128(shift)))
    }

    private func magnitude(
        _ x: (significand: UInt64, exponent: Int), isAtLeast y: (significand: UInt64, exponent: Int)
    ) -> Bool {
        if x.significand == 0 || y.significand == 0 { return y.significand == 0 }
        return x.exponent != y.exponent ? x.exponent > y.exponent : x.significand >= y.significand
    }

    /// The sum when the larger operand is unnormal: it keeps the larger of the exponents.
    ///
    /// Assumption: the manual says only that the sum is not normalised.
    private mutating func unnormalSum(_ a: Extended, _ b: Extended) -> Extended? {
        let exponent = max(a.effectiveExponent, b.effectiveExponent)
        func aligned(_ value: Extended) -> UInt128 {
            (UInt128(value.significand) << 63).shiftedRightJamming(exponent - value.effectiveExponent)
        }
        let (x, y) = (aligned(a), aligned(b))
        let isSum = a.isNegative == b.isNegative
        var isNegative = a.isNegative
        var total: UInt128
        if isSum {
            total = x + y
        } else if x >= y {
            total = x - y
        } else {
            total = y - x
            isNegative = b.isNegative
        }
        if total == 0 && !isSum { isNegative = rounding == .down }
        let carries = total >> 127 != 0
        if !carries { total <<= 1 }
        return round(
            Unrounded(isNegative: isNegative, exponent: exponent + (carries ? 1 : 0), significand: total))
    }
}
