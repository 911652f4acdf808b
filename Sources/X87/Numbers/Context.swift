/// The settings that an operation works under, and the exceptions that it raises.
///
/// An operation that meets an exception which keeps it from being carried out (invalid, denormal, zero divide, not
/// masked) gives nil; the registers then stay as they are. Others give their result in any case.
struct Context: Sendable {
    var masks: Exceptions
    var rounding: Rounding
    /// Bits of significand of add, subtract, multiply, divide and square root; other operations take 64.
    var precision: Int
    var isAffine: Bool
    var raised: Exceptions = []

    init(_ control: ControlWord) {
        masks = control.masks
        rounding = control.rounding
        precision = control.precision
        isAffine = control.isAffine
    }

    /// Notes an exception.
    /// - Returns: whether it is masked.
    @discardableResult mutating func raise(_ exception: Exceptions) -> Bool {
        raised.formUnion(exception)
        return masks.isSuperset(of: exception)
    }

    /// An invalid operation: `response`, unless the exception is not masked.
    mutating func invalid(_ response: Extended = .indefinite) -> Extended? { raise(.invalid) ? response : nil }

    /// The exceptions of operands as such. The denormal exception has precedence over all others.
    ///
    /// Source: [80287PRM] table 1-17; [387DX].
    /// - Returns: nil to go on, otherwise the end of the operation.
    mutating func examine(_ a: Extended, _ b: Extended) -> Extended?? {
        if a.isDenormal || b.isDenormal {
            guard raise(.denormal) else { return .some(nil) }
        }
        return propagate(a, b)
    }

    /// Any NaN makes an operation invalid, and the response is the NaN with the larger significand.
    mutating func propagate(_ a: Extended, _ b: Extended) -> Extended?? {
        guard a.isNaN || b.isNaN else { return nil }
        let isFirst = a.isNaN && (!b.isNaN || a.significand >= b.significand)
        return .some(invalid(isFirst ? a : b))
    }

    mutating func examine(_ a: Extended) -> Extended?? {
        if a.isDenormal {
            guard raise(.denormal) else { return .some(nil) }
        }
        return propagate(a)
    }

    mutating func propagate(_ a: Extended) -> Extended?? { a.isNaN ? .some(invalid(a)) : nil }
}

/// A result before rounding: the significand has 128 bits, bit 127 having the weight of the integer bit, and lost bits
/// are gathered in bit 0. The exponent is biased and not limited.
struct Unrounded: Sendable {
    var isNegative: Bool
    var exponent: Int
    var significand: UInt128
}

extension Context {
    /// Rounds to the number of bits that precision control asks for.
    mutating func round(_ value: Unrounded) -> Extended { round(value, precision: precision) }

    /// Rounds to `precision` bits and brings the exponent into range, or answers overflow and underflow.
    ///
    /// Underflow is noted whenever the true result is too small, exact or not, as the 8087 and 80287 do it.
    ///
    /// Source: [80287PRM] tables 1-11 and 1-17.
    mutating func round(_ value: Unrounded, precision: Int) -> Extended {
        if value.exponent < 1 { return roundSmall(value, precision: precision) }
        var result = value
        let isExact = roundSignificand(&result, precision: precision)
        if result.exponent >= Extended.specialExponent { return overflow(result, isExact, precision) }
        if !isExact { raise(.precision) }
        return packed(result)
    }

    private func packed(_ value: Unrounded) -> Extended {
        Extended(
            isNegative: value.isNegative, exponent: value.exponent,
            significand: UInt64(truncatingIfNeeded: value.significand >> 64))
    }

    /// - Returns: whether nothing was lost.
    func roundSignificand(_ value: inout Unrounded, precision: Int) -> Bool {
        let dropped = 128 - precision
        let unit = UInt128(1) << UInt128(dropped)
        let rest = value.significand & (unit - 1)
        guard rest != 0 else { return true }
        value.significand &= ~(unit - 1)
        let isUp =
            switch rounding {
            case .nearest: rest > unit >> 1 || rest == unit >> 1 && value.significand & unit != 0
            case .down: value.isNegative
            case .up: !value.isNegative
            case .chop: false
            }
        if isUp {
            let (sum, carry) = value.significand.addingReportingOverflow(unit)
            value.significand = carry ? UInt128(1) << 127 : sum
            if carry { value.exponent += 1 }
        }
        return false
    }

    private mutating func overflow(_ value: Unrounded, _ isExact: Bool, _ precision: Int) -> Extended {
        let isMasked = raise(.overflow)
        guard isMasked else {
            if !isExact { raise(.precision) }
            var adjusted = value
            adjusted.exponent -= Context.exponentAdjustment
            guard adjusted.exponent < Extended.specialExponent else {
                return .infinity(isNegative: value.isNegative)
            }
            return packed(adjusted)
        }
        raise(.precision)
        let isAwayFromZero =
            switch rounding {
            case .nearest, .chop: true
            case .up: !value.isNegative
            case .down: value.isNegative
            }
        if isAwayFromZero { return .infinity(isNegative: value.isNegative) }
        // The largest number of the precision; an unnormal keeps its significand.
        let isNormal = value.significand >> 127 != 0
        return Extended(
            isNegative: value.isNegative, exponent: Extended.specialExponent - 1,
            significand: isNormal ? .max << UInt64(64 - precision) : UInt64(truncatingIfNeeded: value.significand >> 64)
        )
    }

    /// What the exponent is changed by when overflow or underflow is not masked.
    static let exponentAdjustment = 24_576

    private mutating func roundSmall(_ value: Unrounded, precision: Int) -> Extended {
        guard value.significand != 0 else { return .zero(isNegative: value.isNegative) }
        var result = value
        guard raise(.underflow) else {
            if !roundSignificand(&result, precision: precision) { raise(.precision) }
            result.exponent += Context.exponentAdjustment
            return result.exponent < 1 ? .zero(isNegative: value.isNegative) : packed(result)
        }
        result.significand = result.significand.shiftedRightJamming(1 - value.exponent)
        result.exponent = 0
        if !roundSignificand(&result, precision: precision) { raise(.precision) }
        // Rounding may have come up to the smallest normal number.
        if result.significand >> 127 != 0 { result.exponent = 1 }
        return packed(result)
    }
}

extension UInt128 {
    /// Shifts right; any bit that is lost is gathered in bit 0.
    func shiftedRightJamming(_ count: Int) -> UInt128 {
        guard count > 0 else { return self }
        guard count < 128 else { return self == 0 ? 0 : 1 }
        let lost = self & ((1 << UInt128(count)) - 1)
        return self >> UInt128(count) | (lost == 0 ? 0 : 1)
    }
}
