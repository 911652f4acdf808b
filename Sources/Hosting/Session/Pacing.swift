import Core

/// How emulated time relates to the host's.
public struct Pacing: Hashable, Sendable {
    /// What `--speed` says.
    public enum Speed: Hashable, Sendable {
        case real
        case max
        /// Real time at this many percent, 1 to 10,000.
        case percent(Double)
        /// Real time; the processor's clock in MHz, 0.1 to 2,520.
        case megahertz(Double)
        /// Real time; each instruction takes the same time, so many a millisecond, 1 to 1,000,000.
        case instructionsPerMillisecond(Int)

        /// Reads `real`, `max`, `50%`, `8mhz` or `3000cpms`. Nil if it is none of these or out of range.
        public init?(_ text: String) {
            let lower = text.lowercased()
            func number(_ suffix: String, _ range: ClosedRange<Double>) -> Double? {
                guard lower.hasSuffix(suffix) else { return nil }
                let digits = lower.dropLast(suffix.count)
                guard digits.allSatisfy({ $0.isASCII && ($0.isNumber || $0 == ".") }) else { return nil }
                return Double(digits).flatMap { range.contains($0) ? $0 : nil }
            }
            if lower == "real" {
                self = .real
            } else if lower == "max" {
                self = .max
            } else if let value = number("%", 1...10_000) {
                self = .percent(value)
            } else if let value = number("mhz", 0.1...2_520) {
                self = .megahertz(value)
            } else if let value = number("cpms", 1...1_000_000) {
                self = .instructionsPerMillisecond(Int(value))
            } else {
                return nil
            }
        }
    }

    /// When emulated time is held back to the host's.
    public enum Rule: Hashable, Sendable {
        case always
        /// Only while the program waits.
        case whileWaiting
        /// Waits are skipped, except when nothing but waiting has happened for a long time.
        case never
    }

    public var rule: Rule
    /// Emulated seconds for each second of the host.
    public var factor: Double

    public init(rule: Rule, factor: Double = 1) {
        self.rule = rule
        self.factor = factor
    }

    /// Whether what is heard now belongs to now, so that it can be played.
    public var isLive: Bool { rule == .always && factor == 1 }

    /// Emulated time that may pass in waiting alone before `never` becomes `whileWaiting`, so that a program that waits
    /// for what cannot come does not keep the host busy.
    static let longestSkippedWait = Tick.seconds(60)
}

/// Relates emulated time to the host's monotonic clock, and starts anew when the machine has fallen behind.
struct Pacemaker {
    private var factor: Double
    private var hostStart: Int64
    private var emulatedStart: Tick

    /// How far the machine may fall behind before the lost time is forgotten, in nanoseconds of the host.
    private static let tolerance: Int64 = 250_000_000

    init(factor: Double, host: Int64, emulated: Tick) {
        self.factor = factor
        hostStart = host
        emulatedStart = emulated
    }

    /// When the host's clock should show for `emulated`, in nanoseconds.
    func hostTime(of emulated: Tick) -> Int64 {
        let seconds = Double((emulated - emulatedStart).count) / Double(Tick.perSecond) / factor
        return hostStart + Int64(min(max(seconds, 0), 1e9) * 1e9)
    }

    /// The emulated time that belongs to the host's `nanoseconds`.
    func emulatedTime(of nanoseconds: Int64) -> Tick {
        let seconds = Double(max(nanoseconds - hostStart, 0)) / 1e9 * factor
        return emulatedStart + Tick(Int64(min(seconds, 1e9) * Double(Tick.perSecond)))
    }

    /// Starts anew at `emulated` if that is overdue at `host` by more than the tolerance.
    mutating func forgetLostTime(host: Int64, emulated: Tick) {
        if host - hostTime(of: emulated) > Pacemaker.tolerance { restart(host: host, emulated: emulated) }
    }

    mutating func restart(host: Int64, emulated: Tick) {
        hostStart = host
        emulatedStart = emulated
    }
}
