/// The elementary functions by series, after the argument has been made small. Each stops when a term no longer counts.
enum Series {
    /// A term below this fraction of the sum does not count.
    private static let precision = 124
    /// No series below takes more terms.
    private static let limit = 160

    /// e^x - 1 for |x| < 1.
    static func exponentialLessOne(_ x: Wide) -> Wide {
        var term = x
        var sum = x
        for n in 2..<limit where !term.isZero {
            term = (term * x).divided(by: n)
            if isNegligible(term, beside: sum) { break }
            sum = sum + term
        }
        return sum
    }

    /// Half the natural logarithm of (1 + s) / (1 - s), the inverse hyperbolic tangent, for |s| < 0.5.
    static func inverseHyperbolicTangent(_ s: Wide) -> Wide { oddPowers(s, alternating: false) }

    /// The arc tangent for |s| < 0.8; the smaller, the faster.
    static func arcTangent(_ s: Wide) -> Wide { oddPowers(s, alternating: true) }

    private static func oddPowers(_ s: Wide, alternating: Bool) -> Wide {
        let square = alternating ? -(s * s) : s * s
        var power = s
        var sum = s
        for n in 1..<limit where !power.isZero {
            power = power * square
            let term = power.divided(by: 2 * n + 1)
            if isNegligible(term, beside: sum) { break }
            sum = sum + term
        }
        return sum
    }

    /// Sine and cosine for |x| < 1.
    static func sineAndCosine(_ x: Wide) -> (sine: Wide, cosine: Wide) {
        let square = -(x * x)
        var (sine, cosine) = (x, Wide.one)
        var (sineTerm, cosineTerm) = (x, Wide.one)
        for n in 1..<limit {
            cosineTerm = (cosineTerm * square).divided(by: (2 * n - 1) * (2 * n))
            sineTerm = (sineTerm * square).divided(by: 2 * n * (2 * n + 1))
            if isNegligible(cosineTerm, beside: cosine) { break }
            cosine = cosine + cosineTerm
            sine = sine + sineTerm
        }
        return (sine, cosine)
    }

    private static func isNegligible(_ term: Wide, beside sum: Wide) -> Bool {
        term.isZero || term.exponent < sum.exponent - precision
    }
}
