/// Finds by how much the emulated clock and that of the sound device differ, from how many frames wait between them.
///
/// A proportional and integral controller on the smoothed fill: damped so that it does not swing, and slow enough that its
/// changes of pitch are not heard. With a difference of 0.3 % the fill strays by 5 ms and is back after some 15 s.
struct DriftControl {
    /// The largest correction; what is asked for is under 0.5 %.
    static let limit = 0.0045

    /// Frames that are to wait, on average, when a block comes.
    let target: Double
    private let rate: Double
    private var smoothed: Double?
    private var integral = 0.0

    /// Per second of error, and per second and second.
    private static let proportional = 0.5
    private static let integralGain = 0.0625
    /// Seconds in which jitter is smoothed.
    private static let smoothing = 0.3

    init(target: Double, rate: Double) { (self.target, self.rate) = (target, rate) }

    /// What to add to the rate of the frames that are made, as a part of it: negative when too many wait.
    private(set) var correction = 0.0

    /// Takes how many frames wait when `frames` more have been played.
    mutating func update(fill: Double, frames: Int) {
        let time = Double(frames) / rate
        let before = smoothed ?? target
        let now = before + (fill - before) * min(time / DriftControl.smoothing, 1)
        smoothed = now
        // Seconds of sound that are missing.
        let error = (target - now) / rate
        let next = integral + error * DriftControl.integralGain * time
        let wanted = error * DriftControl.proportional + next
        correction = min(max(wanted, -DriftControl.limit), DriftControl.limit)
        // At the limit the integral does not grow further.
        if wanted == correction || abs(next) < abs(integral) { integral = next }
    }

    /// The fill begins anew; what is known of the clocks stays.
    mutating func restart() { smoothed = nil }
}
