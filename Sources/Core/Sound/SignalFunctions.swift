/// What filters are made of, by series, so that it is the same on every host.
public enum SignalFunctions {
    /// sin(pi x).
    public static func sinePi(_ x: Double) -> Double {
        // To -0.5...0.5, where the series is short.
        let turns = (x / 2).rounded()
        var x = x - 2 * turns
        if x > 0.5 { x = 1 - x } else if x < -0.5 { x = -1 - x }
        let angle = x * Double.pi
        var (term, sum) = (angle, angle)
        for n in 1...12 {
            term *= -angle * angle / Double(2 * n * (2 * n + 1))
            sum += term
        }
        return sum
    }

    /// tan(pi x) for 0 <= x < 0.5.
    public static func tangentPi(_ x: Double) -> Double { sinePi(x) / sinePi(x + 0.5) }

    /// sin(pi x) / (pi x).
    public static func sinc(_ x: Double) -> Double { abs(x) < 1e-9 ? 1 : sinePi(x) / (Double.pi * x) }

    /// The Kaiser window at `x`, -1 to 1; 0 outside.
    public static func kaiser(_ x: Double, beta: Double) -> Double {
        abs(x) >= 1 ? 0 : besselI0(beta * (1 - x * x).squareRoot()) / besselI0(beta)
    }

    private static func besselI0(_ x: Double) -> Double {
        var (term, sum) = (1.0, 1.0)
        for n in 1...40 {
            let factor = x / 2 / Double(n)
            term *= factor * factor
            sum += term
        }
        return sum
    }
}
