import Synchronization

/// A device of ALSA with a thread that supplies it.
final class ALSAAudioDevice: AudioDevice {
    private final class Shared: Sendable {
        let isClosing = Atomic<Bool>(false)
        let failure = Mutex<String?>(nil)
    }

    private let shared = Shared()
    private let thread: HostThread

    init(device: String, _ feed: AudioFeed, _ format: AudioFormat) throws(AudioDeviceError) {
        let microseconds = format.period * 2_000_000 / format.rate
        let playback = try ALSAPlayback(device: device, rate: format.rate, latency: microseconds)
        let shared = shared
        let thread = HostThread {
            let failure = ALSAAudioDevice.play(feed, on: playback, format, until: shared.isClosing)
            shared.failure.withLock { $0 = failure }
            playback.close()
        }
        guard let thread else {
            playback.close()
            throw AudioDeviceError("alsa:\(device): no thread for it")
        }
        self.thread = thread
    }

    var failure: String? { shared.failure.withLock { $0 } }

    func close() {
        shared.isClosing.store(true, ordering: .releasing)
        thread.join()
    }

    /// Returns why it ended, if nobody asked for it.
    private static func play(
        _ feed: AudioFeed, on playback: ALSAPlayback, _ format: AudioFormat, until isClosing: borrowing Atomic<Bool>
    ) -> String? {
        let samples = UnsafeMutableBufferPointer<Int16>.allocate(capacity: format.period * 2)
        samples.initialize(repeating: 0)
        defer { samples.deallocate() }
        let clock = SystemClock()
        var (start, frames) = (clock.now, 0)
        while !isClosing.load(ordering: .acquiring) {
            feed.pull(into: samples)
            if let failure = playback.write(UnsafeBufferPointer(samples)) { return failure }
            frames += format.period
            // Devices such as `null` and `file` take everything at once: no more than fits in a buffer is put ahead.
            let due = start + Int64(frames - format.period * 2) * 1_000_000_000 / Int64(format.rate)
            let now = clock.now
            if due > now {
                _ = clock.wait(for: [], until: due)
            } else if now - due > 100_000_000 {
                (start, frames) = (now, 0)
            }
        }
        return nil
    }
}
