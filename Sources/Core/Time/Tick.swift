/// A point in emulated time, or a duration, as a count of master ticks since power-on.
///
/// One tick is 1/2,520,000,000 s, so that 14.31818 MHz (315/22 MHz), the PC's processor clocks and the
/// timer's 1.193182 MHz are whole numbers of ticks. `Int64` lasts a century.
///
/// Arithmetic wraps: time is compared and added on paths that guest data reaches.
public struct Tick: Hashable, Comparable, Sendable {
    /// Master ticks.
    public var count: Int64

    @inlinable public init(_ count: Int64) { self.count = count }

    /// Ticks in one second.
    public static let perSecond: Int64 = 2_520_000_000
    public static let zero = Tick(0)
    /// A deadline that never comes.
    public static let never = Tick(.max)

    @inlinable public static func < (a: Tick, b: Tick) -> Bool { a.count < b.count }
    @inlinable public static func + (a: Tick, b: Tick) -> Tick { Tick(a.count &+ b.count) }
    @inlinable public static func - (a: Tick, b: Tick) -> Tick { Tick(a.count &- b.count) }
    @inlinable public static func * (a: Tick, n: Int64) -> Tick { Tick(a.count &* n) }
    @inlinable public static func += (a: inout Tick, b: Tick) { a.count &+= b.count }
    @inlinable public static func -= (a: inout Tick, b: Tick) { a.count &-= b.count }

    @inlinable public static func seconds(_ n: Int64) -> Tick { Tick(n &* perSecond) }
    @inlinable public static func milliseconds(_ n: Int64) -> Tick { Tick(n &* (perSecond / 1_000)) }
    @inlinable public static func microseconds(_ n: Int64) -> Tick { Tick(n &* (perSecond / 1_000_000)) }
}

extension Tick: CustomStringConvertible {
    /// Seconds with microsecond resolution, as in `1.500000 s`.
    public var description: String {
        let micros = count / (Tick.perSecond / 1_000_000)
        let fraction = String(abs(micros % 1_000_000))
        let sign = micros < 0 && micros > -1_000_000 ? "-" : ""
        return "\(sign)\(micros / 1_000_000)." + String(repeating: "0", count: 6 - fraction.count) + fraction + " s"
    }
}

/// Durations in ticks of the clocks that a PC is built from.
public enum ClockPeriod {
    /// The 14.31818 MHz crystal (315/22 MHz).
    public static let crystal = Tick(176)
    /// The 8253 input, crystal / 12 = 1.193182 MHz.
    public static let timer = Tick(2_112)
    /// The IBM PC's processor, crystal / 3 = 4.772727 MHz.
    public static let ibmPC = Tick(528)
}
