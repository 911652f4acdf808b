import CSound
import Core

/// The machine's MIDI port as a port of ALSA's sequencer.
///
/// The machine runs ahead of the host's time in slices; messages are handed over with their distance from one another,
/// so that they sound as evenly as they were sent.
public final class HostMIDIPort: MIDIOutput {
    private let port: OpaquePointer
    private let clock: any HostClock
    private let log: (String) -> Void
    private var parser = MIDIMessageParser()
    private var schedule = MIDISchedule()
    private var isUseless = false

    /// Opens the port.
    /// - Parameters:
    ///   - client: the name or number of a client to connect to, such as `128:0`; nil leaves that to the user.
    ///   - log: says a line to the user.
    public init(client: String?, clock: any HostClock = SystemClock(), log: @escaping (String) -> Void)
        throws(HostingError)
    {
        ochenta_alsa_silence()
        var reason: UnsafePointer<CChar>?
        guard let port = ochenta_midi_open("Ochenta", client, &reason) else {
            let text = reason.map { String(cString: $0) } ?? ""
            throw HostingError("the ALSA sequencer port\(client.map { " to \($0)" } ?? "") cannot be opened: \(text)")
        }
        (self.port, self.clock, self.log) = (port, clock, log)
    }

    deinit { ochenta_midi_close(port) }

    public func sendMIDI(_ byte: UInt8, at now: Tick) {
        guard let message = parser.take(byte, at: now), !isUseless else { return }
        let delay = schedule.delay(of: message.time, now: clock.now)
        let result = ochenta_midi_send(port, message.bytes, message.bytes.count, delay)
        guard result < 0 else { return }
        isUseless = true
        log("the MIDI port is gone: \(String(cString: ochenta_alsa_error(Int(result))))")
    }
}

/// Relates the emulated times of messages to the host's clock.
struct MIDISchedule {
    /// What of the two clocks belongs together: messages are played so much after the host's time of the first one.
    private var anchor: (host: Int64, emulated: Tick)?

    /// Nanoseconds between a message and its sound when the machine is in time, and the most that is accepted.
    static let latency: Int64 = 15_000_000
    static let longestDelay: Int64 = 60_000_000

    /// Nanoseconds from `now` until the message of `time` is to be played, 0 to `longestDelay`. When the machine has fallen
    /// behind, has stood still or runs at another speed, the clocks are related anew.
    mutating func delay(of time: Tick, now: Int64) -> Int64 {
        if let anchor {
            let seconds = Double((time - anchor.emulated).count) / Double(Tick.perSecond)
            // A century at most, so that it fits.
            let due = anchor.host &+ Int64(min(max(seconds, -4e9), 4e9) * 1e9)
            let delay = due &- now
            if (0...MIDISchedule.longestDelay).contains(delay) { return delay }
        }
        anchor = (now + MIDISchedule.latency, time)
        return MIDISchedule.latency
    }
}
