/// The transcendental instructions, computed to more than a hundred bits and rounded once, so that they are within
/// 0.5001 units of the last place.
///
/// The chips check no operands: the manual demands normal numbers in a range and leaves the rest undefined. Here the
/// rest is the function's true value where there is one, unnormals are normalised, and NaNs and infinities are
/// invalid, as the manual's table of infinities has it.
///
/// Source: [80287PRM] transcendental instructions; tables 1-9 and 1-12.
extension Context {
    /// F2XM1: 2^x - 1. Documented for 0 <= x <= 0.5.
    mutating func exponential(_ x: Extended) -> Extended? {
        if let end = propagate(x) { return end }
        if x.isSpecial { return invalid() }
        if x.isAnyZero { return .zero(isNegative: x.isNegative) }
        let argument = Wide(x)
        if argument.exponent >= 14 {
            return x.isNegative
                ? finish(-Wide.one, isInexact: true)
                : round(
                    Unrounded(isNegative: false, exponent: 1 << 16, significand: 1 << 127 | 1), precision: 64)
        }
        let whole = argument.exponent >= 0 ? argument.nearestInteger : 0
        let fraction = argument - Wide(whole)
        let small = Series.exponentialLessOne(fraction * .ln2)
        if whole == 0 { return finish(small, isInexact: true) }
        let power = (small + .one).scaled(whole)
        return finish(power - .one, isInexact: !fraction.isZero || whole.magnitude > 126)
    }

    /// FYL2X: y * log2(x). Documented for 0 < x < infinity and finite y.
    mutating func logarithm(_ x: Extended, times y: Extended) -> Extended? {
        if let end = propagate(x, y) { return end }
        if x.isSpecial || y.isSpecial { return invalid() }
        if x.isAnyZero {
            if y.isAnyZero { return invalid() }
            return raise(.zeroDivide) ? .infinity(isNegative: !y.isNegative) : nil
        }
        if x.isNegative { return invalid() }
        return product(Context.logarithm(Wide(x)), y)
    }

    /// FYL2XP1: y * log2(1 + x). Documented for |x| < 1 - sqrt(2)/2.
    mutating func logarithmOfOnePlus(_ x: Extended, times y: Extended) -> Extended? {
        if let end = propagate(x, y) { return end }
        if x.isSpecial || y.isSpecial { return invalid() }
        if x.isAnyZero { return .zero(isNegative: x.isNegative != y.isNegative) }
        let argument = Wide(x)
        if argument.exponent < -2 || argument.exponent == -2 && !argument.isNegative {
            let logarithm = Series.inverseHyperbolicTangent(argument / (.two + argument))
            return product((logarithm.scaled(1) / .ln2, true), y)
        }
        let sum = Wide.one + argument
        if sum.isZero || sum.isNegative { return invalid() }
        return product(Context.logarithm(sum), y)
    }

    /// log2(x) for x > 0.
    private static func logarithm(_ x: Wide) -> (value: Wide, isInexact: Bool) {
        // The mantissa is brought near one: from 0.75 to 1.5.
        let isUpper = x.significand >> 126 == 3
        let mantissa = Wide(isNegative: false, exponent: isUpper ? -1 : 0, significand: x.significand)
        let whole = Wide(isUpper ? x.exponent + 1 : x.exponent)
        let difference = mantissa - .one
        if difference.isZero { return (whole, false) }
        let natural = Series.inverseHyperbolicTangent(difference / (mantissa + .one)).scaled(1)
        return (whole + natural / .ln2, true)
    }

    private mutating func product(_ logarithm: (value: Wide, isInexact: Bool), _ y: Extended) -> Extended? {
        if logarithm.value.isZero || y.isAnyZero {
            return .zero(isNegative: logarithm.value.isNegative != y.isNegative)
        }
        return finish(logarithm.value * Wide(y), isInexact: logarithm.isInexact)
    }

    /// FPATAN: the angle of the point (x, y). Documented for 0 < y < x < infinity.
    mutating func arcTangent(y: Extended, x: Extended) -> Extended? {
        if let end = propagate(y, x) { return end }
        if x.isSpecial || y.isSpecial { return invalid() }
        let (height, width) = (Wide(y).magnitude, Wide(x).magnitude)
        if height.isZero {
            guard x.isNegative else { return .zero(isNegative: y.isNegative) }
            return finish(sign(.pi, y.isNegative), isInexact: true)
        }
        var angle: Wide
        if width.isZero {
            angle = Wide.pi.scaled(-1)
        } else {
            let isSteep =
                height.exponent != width.exponent
                ? height.exponent > width.exponent : height.significand > width.significand
            angle = isSteep ? Wide.pi.scaled(-1) - arc(width / height) : arc(height / width)
            if x.isNegative { angle = .pi - angle }
        }
        return finish(sign(angle, y.isNegative), isInexact: true)
    }

    private func sign(_ value: Wide, _ isNegative: Bool) -> Wide { isNegative ? -value : value }

    /// The arc tangent from 0 to 1: the nearest quarter is taken off first.
    private func arc(_ tangent: Wide) -> Wide {
        let quarter = tangent.scaled(2).nearestInteger
        guard quarter > 0 else { return Series.arcTangent(tangent) }
        let center = Wide(quarter).scaled(-2)
        let rest = (tangent - center) / (.one + tangent * center)
        return Context.quarterArcs[min(quarter, 4)] + Series.arcTangent(rest)
    }

    /// The arc tangents of 0, 1/4, 1/2, 3/4 and 1.
    private static let quarterArcs: [Wide] =
        (0..<4).map { Series.arcTangent(Wide($0).scaled(-2)) } + [Wide.pi.scaled(-2)]

    /// FPTAN: two numbers whose quotient is the tangent. Documented for 0 <= x <= pi/4.
    ///
    /// Assumption: the second number is one. The chips give others for most angles; a program that relied on them
    /// would disprove it.
    mutating func tangent(_ x: Extended) -> (y: Extended, x: Extended)? {
        if let end = propagate(x) { return end.map { ($0, $0) } }
        if x.isSpecial { return invalid().map { ($0, $0) } }
        if x.isAnyZero { return (.zero(isNegative: x.isNegative), .one) }
        let angle = Wide(x)
        // Beyond 2^60 the angle has no meaning left.
        guard angle.exponent < 60 else { return (x, .one) }
        let eighths = angle.exponent >= -1 ? (angle / Wide.pi.scaled(-1)).nearestInteger : 0
        let rest = eighths == 0 ? angle : angle - Wide(eighths) * Wide.pi.scaled(-1)
        let (sine, cosine) = Series.sineAndCosine(rest)
        let quotient = eighths & 1 == 0 ? sine / cosine : -(cosine / sine)
        return (finish(quotient, isInexact: true), .one)
    }

    private mutating func finish(_ value: Wide, isInexact: Bool) -> Extended {
        value.isZero
            ? .zero(isNegative: value.isNegative) : round(value.unrounded(isInexact: isInexact), precision: 64)
    }
}
