/// How fast the machine runs, by the stamps of its frames.
struct SpeedMeter {
    /// Emulated nanoseconds in 100 of the host, over the last second or more in which frames came.
    private(set) var percent: Double?
    private var start: (emulated: Double, host: Int64)?

    /// The shortest time of a measurement, in nanoseconds of the host.
    private static let span: Int64 = 1_000_000_000

    /// Notes a frame. Returns true if there is a new value.
    mutating func add(emulated: Double, host: Int64) -> Bool {
        guard let start, emulated >= start.emulated else {
            start = (emulated, host)
            return false
        }
        guard host - start.host >= SpeedMeter.span else { return false }
        percent = (emulated - start.emulated) / Double(host - start.host) * 100
        self.start = (emulated, host)
        return true
    }
}
