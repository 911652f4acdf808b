/// What `--audio` says: where the sound goes.
public enum AudioOutput: Hashable, Sendable {
    case none
    /// The host's sound device.
    case device
    /// A device of ALSA, by its name.
    case alsa(String)
    /// A file of this name; nothing is heard.
    case file(String)

    /// Whether it can be heard.
    public var isDevice: Bool {
        switch self {
        case .device, .alsa: true
        case .none, .file: false
        }
    }

    /// Reads `none`, `device`, `alsa:NAME`, or a name that ends in .wav or .flac. Nil if it is none of these.
    public init?(_ text: String) {
        let lower = text.lowercased()
        switch lower {
        case "none": self = .none
        case "device": self = .device
        case _ where lower.hasPrefix("alsa:") && text.utf8.count > 5: self = .alsa(String(text.dropFirst(5)))
        case _ where lower.hasSuffix(".wav") || lower.hasSuffix(".flac"): self = .file(text)
        default: return nil
        }
    }
}

extension AudioPlayer {
    /// A player for a device of the host; nil if `output` is none.
    /// - Parameters:
    ///   - rate: frames a second of the machine's sound.
    ///   - latency: milliseconds from the machine to the device's output, 10 to 500.
    ///   - log: says a line to the user.
    public convenience init?(_ output: AudioOutput, rate: Int, latency: Int, log: @escaping (String) -> Void) {
        switch output {
        case .none, .file: return nil
        case .device:
            self.init(rate: rate, latency: latency, log: log) { feed, format throws(AudioDeviceError) in
                try SDLAudioDevice(feed, format)
            }
        case .alsa(let name):
            self.init(rate: rate, latency: latency, log: log) { feed, format throws(AudioDeviceError) in
                try ALSAAudioDevice(device: name, feed, format)
            }
        }
    }

    /// Where SDL has a window: begins with its part for sound, on the window's thread. What is wrong is said later, when
    /// there is something to be heard.
    public static func prepare(_ output: AudioOutput) {
        guard output == .device else { return }
        do throws(AudioDeviceError) { try SDLAudioDevice.begin() } catch {}
    }

    /// How often the device found too few frames so far.
    public var underruns: Int { feed.underruns }
}
