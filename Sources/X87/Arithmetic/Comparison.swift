/// How two numbers compare, as condition codes C3, C2 and C0.
enum Ordering: UInt16, Sendable {
    case greater = 0
    case less = 0x0100
    case equal = 0x4000
    case notComparable = 0x4500
}

extension Context {
    /// FCOM. Denormals and unnormals are normalised for it; pseudo zeros are zeros.
    ///
    /// Source: [80287PRM] tables 1-9, 1-12 and 1-17. In the projective closure infinity compares with infinity only.
    /// - Returns: nil if an exception that is not masked ends the instruction.
    mutating func compare(_ a: Extended, _ b: Extended) -> Ordering? {
        if a.isDenormal || b.isDenormal {
            guard raise(.denormal) else { return nil }
        }
        if a.isNaN || b.isNaN { return raise(.invalid) ? .notComparable : nil }
        if !isAffine && (a.isSpecial || b.isSpecial) {
            if a.isSpecial && b.isSpecial { return .equal }
            return raise(.invalid) ? .notComparable : nil
        }
        return Context.order(a, b)
    }

    /// FTST.
    mutating func compareWithZero(_ a: Extended) -> Ordering? { compare(a, .zero) }

    private static func order(_ a: Extended, _ b: Extended) -> Ordering {
        if a.isAnyZero && b.isAnyZero { return .equal }
        if a.isAnyZero { return b.isNegative ? .greater : .less }
        if b.isAnyZero || a.isNegative != b.isNegative { return a.isNegative ? .less : .greater }
        let (x, y) = (a.normalized, b.normalized)
        if x == y { return .equal }
        let isLarger = x.exponent != y.exponent ? x.exponent > y.exponent : x.significand > y.significand
        return isLarger != a.isNegative ? .greater : .less
    }
}
