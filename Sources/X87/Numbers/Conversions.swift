/// Integers and packed decimals.
extension Extended {
    init(_ integer: Int64) { self.init(isNegative: integer < 0, magnitude: integer.magnitude) }

    /// An integer of 64 bits, exactly.
    init(isNegative: Bool, magnitude: UInt64) {
        let zeros = magnitude.leadingZeroBitCount
        guard zeros < 64 else {
            self = .zero(isNegative: isNegative)
            return
        }
        self.init(
            isNegative: isNegative, exponent: Extended.bias + 63 - zeros, significand: magnitude << UInt64(zeros))
    }

    /// A packed decimal: 18 digits in nine bytes, and the sign in bit 7 of the tenth. Digits above 9 count what they
    /// are worth.
    init(decimal low: UInt64, _ high: UInt16) {
        var magnitude: UInt64 = 0
        for digit in 0..<18 {
            let bits = digit < 2 ? UInt64(high) >> UInt64(4 - 4 * digit) : low >> UInt64(68 - 4 * digit)
            magnitude = magnitude &* 10 &+ bits & 15
        }
        self.init(isNegative: high & 0x8000 != 0, magnitude: magnitude)
    }
}

extension Context {
    /// An integer of `bits` bits, rounded; the least integer stands for everything that is none.
    ///
    /// Source: [80287PRM] tables 1-9 and 1-17: denormals and unnormals are invalid.
    mutating func storeInteger(_ a: Extended, bits: Int) -> UInt64? {
        let indefinite = UInt64(1) << UInt64(bits - 1)
        func refuse(_ context: inout Context) -> UInt64? { context.raise(.invalid) ? indefinite : nil }
        if a.isZero { return 0 }
        guard a.hasIntegerBit, !a.isSpecial, a.exponent != 0 else { return refuse(&self) }
        let fractionBits = Extended.bias + 63 - a.exponent
        guard fractionBits >= 0 else { return refuse(&self) }
        let (magnitude, isExact) = integer(a.significand, fractionBits: fractionBits, isNegative: a.isNegative)
        let limit = a.isNegative ? indefinite : indefinite - 1
        guard magnitude <= limit else { return refuse(&self) }
        if !isExact { raise(.precision) }
        return a.isNegative ? 0 &- magnitude : magnitude
    }

    /// A packed decimal. What is no integer is rounded by adding one half and chopping, whatever the rounding control
    /// says, and without an exception.
    ///
    /// Source: [80287PRM] FBSTP.
    mutating func storeDecimal(_ a: Extended) -> (low: UInt64, high: UInt16)? {
        func refuse(_ context: inout Context) -> (low: UInt64, high: UInt16)? {
            context.raise(.invalid) ? (0xC000_0000_0000_0000, 0xFFFF) : nil
        }
        if a.isZero { return (0, a.isNegative ? 0x8000 : 0) }
        guard a.hasIntegerBit, !a.isSpecial, a.exponent != 0 else { return refuse(&self) }
        let fractionBits = Extended.bias + 63 - a.exponent
        guard fractionBits >= 0 else { return refuse(&self) }
        let halves = (UInt128(a.significand) << 1) >> UInt128(min(fractionBits, 127))
        var rest = UInt64(truncatingIfNeeded: (halves + 1) >> 1)
        guard rest <= 999_999_999_999_999_999 else { return refuse(&self) }
        var low: UInt64 = 0
        for digit in 0..<16 {
            low |= (rest % 10) << UInt64(4 * digit)
            rest /= 10
        }
        let high = UInt16(rest % 10 | (rest / 10) << 4)
        return (low, high | (a.isNegative ? 0x8000 : 0))
    }
}

/// A real format of memory: 32 or 64 bits, with a hidden integer bit.
struct RealFormat: Sendable {
    /// Bits of the fraction.
    let fractionBits: Int
    let exponentBits: Int

    static let short = RealFormat(fractionBits: 23, exponentBits: 8)
    static let long = RealFormat(fractionBits: 52, exponentBits: 11)

    private var bias: Int { 1 << (exponentBits - 1) - 1 }
    private var specialExponent: Int { 1 << exponentBits - 1 }
    private var fractionMask: UInt64 { 1 << UInt64(fractionBits) - 1 }
    /// What a fraction is shifted by to stand in a significand.
    private var alignment: UInt64 { UInt64(63 - fractionBits) }

    private func pattern(_ isNegative: Bool, _ exponent: Int, _ fraction: UInt64) -> UInt64 {
        (isNegative ? 1 << UInt64(fractionBits + exponentBits) : 0)
            | UInt64(truncatingIfNeeded: exponent & specialExponent) << UInt64(fractionBits) | fraction & fractionMask
    }

    /// Whether a pattern is a denormal, so that its load raises the denormal exception.
    func isDenormal(_ bits: UInt64) -> Bool {
        bits & fractionMask != 0 && Int(bits >> UInt64(fractionBits)) & specialExponent == 0
    }

    /// A number from memory. A denormal becomes an unnormal with the format's least exponent.
    func load(_ bits: UInt64) -> Extended {
        let isNegative = bits >> UInt64(fractionBits + exponentBits) & 1 != 0
        let exponent = Int(bits >> UInt64(fractionBits)) & specialExponent
        let fraction = (bits & fractionMask) << alignment
        if exponent == 0 {
            if fraction == 0 { return .zero(isNegative: isNegative) }
            return Extended(isNegative: isNegative, exponent: Extended.bias - bias + 1, significand: fraction)
        }
        let wide = exponent == specialExponent ? Extended.specialExponent : exponent + Extended.bias - bias
        return Extended(isNegative: isNegative, exponent: wide, significand: fraction | Extended.integerBit)
    }

    /// A number for memory, rounded. What is tagged special (infinity, NaN, denormal) is chopped instead, exponent and
    /// significand, so that it stays what it is.
    ///
    /// An unnormal is invalid while its exponent is in the range of the format. Assumption: at the least exponent it
    /// underflows instead, so that a denormal that has been loaded can be stored again; a chip that refuses it would
    /// disprove that.
    ///
    /// Source: [80287PRM] FST; tables 1-9, 1-11 and 1-17.
    /// - Returns: nil if an exception that is not masked keeps the store from being done.
    func store(_ a: Extended, _ context: inout Context) -> UInt64? {
        if a.isZero { return pattern(a.isNegative, 0, 0) }
        if a.isSpecial || a.exponent == 0 {
            return pattern(a.isNegative, a.isSpecial ? specialExponent : 0, a.significand >> alignment)
        }
        let exponent = a.exponent - Extended.bias + bias
        if exponent < 1 || exponent == 1 && !a.hasIntegerBit { return storeSmall(a, exponent, &context) }
        if !a.hasIntegerBit {
            guard context.raise(.invalid) else { return nil }
            return pattern(true, specialExponent, 1 << UInt64(fractionBits - 1))
        }
        var value = Unrounded(
            isNegative: a.isNegative, exponent: exponent, significand: UInt128(a.significand) << 64)
        let isExact = context.roundSignificand(&value, precision: fractionBits + 1)
        if value.exponent >= specialExponent { return storeLarge(value, isExact, &context) }
        if !isExact { context.raise(.precision) }
        return pattern(
            value.isNegative, value.exponent, UInt64(truncatingIfNeeded: value.significand >> 64) >> alignment)
    }

    private func storeLarge(_ value: Unrounded, _ isExact: Bool, _ context: inout Context) -> UInt64? {
        guard context.raise(.overflow) else { return nil }
        context.raise(.precision)
        let isInfinite =
            switch context.rounding {
            case .nearest, .chop: true
            case .up: !value.isNegative
            case .down: value.isNegative
            }
        return isInfinite
            ? pattern(value.isNegative, specialExponent, 0)
            : pattern(value.isNegative, specialExponent - 1, fractionMask)
    }

    private func storeSmall(_ a: Extended, _ exponent: Int, _ context: inout Context) -> UInt64? {
        guard context.raise(.underflow) else { return nil }
        var value = Unrounded(
            isNegative: a.isNegative, exponent: 0,
            significand: (UInt128(a.significand) << 64).shiftedRightJamming(1 - exponent))
        if !context.roundSignificand(&value, precision: fractionBits + 1) { context.raise(.precision) }
        let significand = UInt64(truncatingIfNeeded: value.significand >> 64)
        // Rounding may have come up to the smallest normal number.
        return pattern(a.isNegative, significand & Extended.integerBit == 0 ? 0 : 1, significand >> alignment)
    }
}
