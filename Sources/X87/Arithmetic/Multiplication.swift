extension Context {
    /// `a` * `b`.
    mutating func multiply(_ a: Extended, _ b: Extended) -> Extended? {
        if let end = examine(a, b) { return end }
        let isNegative = a.isNegative != b.isNegative
        if a.isSpecial || b.isSpecial {
            return a.isAnyZero || b.isAnyZero ? invalid() : .infinity(isNegative: isNegative)
        }
        if a.isZero || b.isZero { return .zero(isNegative: isNegative) }
        var product = UInt128(a.significand) * UInt128(b.significand)
        var exponent = a.effectiveExponent + b.effectiveExponent - Extended.bias + 1
        // Unnormals are not normalised: the product has as many leading zeros as both together.
        if product >> 127 == 0 {
            product <<= 1
            exponent -= 1
        }
        return round(Unrounded(isNegative: isNegative, exponent: exponent, significand: product))
    }

    /// `a` / `b`. A divisor that is denormal or unnormal is invalid.
    mutating func divide(_ a: Extended, _ b: Extended) -> Extended? {
        if let end = examine(a, b) { return end }
        let isNegative = a.isNegative != b.isNegative
        if a.isSpecial { return b.isSpecial ? invalid() : .infinity(isNegative: isNegative) }
        if b.isSpecial { return .zero(isNegative: isNegative) }
        if b.isZero {
            if a.isZero { return invalid() }
            return raise(.zeroDivide) ? .infinity(isNegative: isNegative) : nil
        }
        if !b.hasIntegerBit || b.exponent == 0 { return invalid() }
        if a.isZero { return .zero(isNegative: isNegative) }
        // The quotient of an unnormal is not normalised.
        let isLess = a.hasIntegerBit && a.significand < b.significand
        let divisor = UInt128(b.significand)
        let (high, rest) = (UInt128(a.significand) << (isLess ? 64 : 63)).quotientAndRemainder(dividingBy: divisor)
        let (low, lost) = (rest << 64).quotientAndRemainder(dividingBy: divisor)
        let exponent = a.effectiveExponent - b.exponent + Extended.bias - (isLess ? 1 : 0)
        return round(
            Unrounded(
                isNegative: isNegative, exponent: exponent, significand: high << 64 | low | (lost == 0 ? 0 : 1)))
    }

    /// The square root. Denormals and unnormals are invalid.
    mutating func squareRoot(_ a: Extended) -> Extended? {
        if let end = examine(a) { return end }
        if a.isZero { return a }
        if a.isInfinity { return isAffine && !a.isNegative ? a : invalid() }
        guard !a.isNegative && a.hasIntegerBit && a.exponent != 0 else { return invalid() }
        let isOdd = (a.exponent - Extended.bias) & 1 != 0
        let root = UInt128.squareRoot(UInt128(a.significand) << (isOdd ? 64 : 63))
        let exponent = (a.exponent - Extended.bias - (isOdd ? 1 : 0)) / 2 + Extended.bias
        // The remainder is above half a unit exactly if it is larger than the root.
        let half: UInt128 = root.remainder > root.floor ? 1 << 63 : 0
        let significand = root.floor << 64 | half | (root.remainder == 0 ? 0 : 1)
        return round(Unrounded(isNegative: false, exponent: exponent, significand: significand))
    }
}

extension UInt128 {
    /// The integer part of the square root, and what is left.
    static func squareRoot(_ value: UInt128) -> (floor: UInt128, remainder: UInt128) {
        var root: UInt128 = 0
        var rest: UInt128 = 0
        for pair in 0..<64 {
            // The remainder stays below 2^66.
            rest = rest << 2 | value >> UInt128(126 - 2 * pair) & 3
            let trial = root << 2 | 1
            root <<= 1
            if rest >= trial {
                rest -= trial
                root |= 1
            }
        }
        return (root, rest)
    }
}
