/// Converts master ticks to the cycles of a clock whose period is not a whole number of ticks.
///
/// The clock runs at `numerator / denominator` Hz. Positions are computed from counts, never accumulated from
/// rounded steps, so nothing drifts.
public struct ClockRatio: Hashable, Sendable {
    /// Cycles of this clock in `ticksPerPeriod` ticks.
    public let cyclesPerPeriod: Int64
    /// Ticks in which the clock makes exactly `cyclesPerPeriod` cycles.
    public let ticksPerPeriod: Int64

    /// A clock of `numerator / denominator` Hz. Both must be positive.
    public init(hertz numerator: Int64, over denominator: Int64 = 1) {
        precondition(numerator > 0 && denominator > 0, "a clock frequency is positive")
        let ticks = Tick.perSecond * denominator
        let divisor = ClockRatio.greatestCommonDivisor(numerator, ticks)
        cyclesPerPeriod = numerator / divisor
        ticksPerPeriod = ticks / divisor
    }

    /// Whole cycles completed at `time`. `time` is not negative.
    @inlinable public func cycles(at time: Tick) -> Int64 {
        let (periods, rest) = time.count.quotientAndRemainder(dividingBy: ticksPerPeriod)
        return periods &* cyclesPerPeriod &+ scale(rest, by: cyclesPerPeriod, over: ticksPerPeriod)
    }

    /// The first tick at which `cycles` cycles are complete.
    @inlinable public func time(ofCycle cycles: Int64) -> Tick {
        let (periods, rest) = cycles.quotientAndRemainder(dividingBy: cyclesPerPeriod)
        let whole = scale(rest, by: ticksPerPeriod, over: cyclesPerPeriod)
        let exact = rest.multipliedFullWidth(by: ticksPerPeriod)
        let back = whole.multipliedFullWidth(by: cyclesPerPeriod)
        let isExact = exact.high == back.high && exact.low == back.low
        return Tick(periods &* ticksPerPeriod &+ whole &+ (isExact ? 0 : 1))
    }

    /// `value * factor / divisor` rounded down, in 128 bits. `0 <= value < divisor`, so the result fits.
    @usableFromInline func scale(_ value: Int64, by factor: Int64, over divisor: Int64) -> Int64 {
        divisor.dividingFullWidth(value.multipliedFullWidth(by: factor)).quotient
    }

    private static func greatestCommonDivisor(_ a: Int64, _ b: Int64) -> Int64 {
        var (a, b) = (a, b)
        while b != 0 { (a, b) = (b, a % b) }
        return a
    }
}
