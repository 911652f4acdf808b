/// A counter's output as sound.
extension Intel8254.Counter {
    /// Periods up to this are above 24 kHz: nobody hears more of them than their mean.
    private static let longestUltrasonicPeriod: Int32 = 48
    /// More clocks than any listener keeps edges of.
    private static let longestMemory: Int64 = 1 << 21

    /// Whether OUT is a wave that nobody can hear, and will be until a register is written or the gate moves.
    var isUltrasonic: Bool {
        runningPeriod != nil && !isLoadPending && max(period, reload) <= Self.longestUltrasonicPeriod
    }

    /// The part of the time that OUT is high: its level, or the mean of an ultrasonic wave.
    var mean: (high: Int32, period: Int32) {
        guard isUltrasonic else { return (output ? 1 : 0, 1) }
        // A square wave of one clock lasts two.
        let length = mode == .squareWave ? max(reload, 2) : reload
        return (mode == .squareWave ? (length + 1) / 2 : length - 1, length)
    }

    /// Leaps over periods that are so long ago that no listener remembers them. The edges after them are the same.
    mutating func skipRepetitions(to target: Int64) {
        guard runningPeriod != nil, !isLoadPending, period == reload else { return }
        leap(to: target &- Self.longestMemory)
    }
}
