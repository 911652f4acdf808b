import CSound

/// A device of ALSA, by any name that ALSA knows: `default`, `hw:0`, `null`, `file:/tmp/a.wav,wav`.
final class ALSAPlayback {
    private let pcm: OpaquePointer

    /// - Parameter latency: microseconds in the device's buffer.
    init(device: String, rate: Int, latency: Int) throws(AudioDeviceError) {
        var reason: UnsafePointer<CChar>?
        guard let pcm = ochenta_pcm_open(device, UInt32(clamping: rate), UInt32(clamping: latency), &reason) else {
            let text = reason.map { String(cString: $0) } ?? ""
            throw AudioDeviceError("alsa:\(device) cannot be opened: \(text)")
        }
        self.pcm = pcm
    }

    /// Plays frames, and waits while the buffer is full. Returns why the device plays no more, or nil.
    func write(_ frames: UnsafeBufferPointer<Int16>) -> String? {
        guard let start = frames.baseAddress else { return nil }
        let result = ochenta_pcm_write(pcm, start, frames.count / 2)
        return result < 0 ? String(cString: ochenta_alsa_error(result)) : nil
    }

    /// Plays what is in the buffer, and gives the device back.
    func close() { ochenta_pcm_close(pcm) }
}
