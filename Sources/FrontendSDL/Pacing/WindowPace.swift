import Hosting

/// The speed that the user has chosen, in steps.
struct WindowPace: Hashable, Sendable {
    /// Percent of real time.
    private(set) var percent: Double
    /// As fast as possible while the program runs.
    private(set) var isFull: Bool

    private static let steps: [Double] = [5, 10, 25, 50, 75, 100, 125, 150, 200, 300, 500, 1_000]

    init(_ pacing: Pacing) {
        percent = pacing.factor * 100
        isFull = pacing.rule != .always
    }

    var pacing: Pacing { isFull ? Pacing(rule: .whileWaiting) : Pacing(rule: .always, factor: percent / 100) }

    var text: String { isFull ? "full speed" : WindowPace.text(percent: percent) }

    static func text(percent: Double) -> String { "\(Int(percent.rounded())) %" }

    /// The next lower or higher step; full speed is left by either.
    mutating func step(up isFaster: Bool) {
        defer { isFull = false }
        if isFull { return }
        let next =
            isFaster
            ? WindowPace.steps.first { $0 > percent + 0.5 } : WindowPace.steps.last { $0 < percent - 0.5 }
        percent = next ?? percent
    }

    mutating func toggleFull() { isFull.toggle() }
}
