import CSDL2
import CSound

/// The host's sound device by way of SDL, which pulls frames on a thread of its own.
final class SDLAudioDevice: AudioDevice {
    private let sdl: ochenta_sdl
    private let device: SDL_AudioDeviceID
    private let feed: Unmanaged<AudioFeed>

    init(_ feed: AudioFeed, _ format: AudioFormat) throws(AudioDeviceError) {
        sdl = try SDLAudioDevice.begin()
        self.feed = .passRetained(feed)
        var spec = SDL_AudioSpec()
        spec.freq = Int32(clamping: format.rate)
        spec.format = SDL_AudioFormat(AUDIO_S16LSB)
        spec.channels = 2
        spec.samples = UInt16(clamping: format.period)
        spec.userdata = self.feed.toOpaque()
        spec.callback = { feed, bytes, count in
            guard let feed, let bytes else { return }
            let samples = UnsafeMutableRawPointer(bytes).assumingMemoryBound(to: Int16.self)
            Unmanaged<AudioFeed>.fromOpaque(feed).takeUnretainedValue().pull(
                into: UnsafeMutableBufferPointer(start: samples, count: Int(count) / 2))
        }
        device = sdl.OpenAudioDevice(nil, 0, &spec, nil, 0)
        guard device != 0 else {
            let reason = sdl.GetError().map { String(cString: $0) } ?? ""
            self.feed.release()
            sdl.QuitSubSystem(SDL_INIT_AUDIO)
            throw AudioDeviceError("no sound device can be opened: \(reason)")
        }
        sdl.PauseAudioDevice(device, 0)
    }

    /// Loads SDL and its part for sound. Where SDL has a window, its thread calls this once before any other does.
    @discardableResult
    static func begin() throws(AudioDeviceError) -> ochenta_sdl {
        ochenta_alsa_silence()
        var reason: UnsafePointer<CChar>?
        guard let table = ochenta_sdl_load(&reason) else {
            let text = reason.map { String(cString: $0) } ?? ""
            throw AudioDeviceError("a sound device needs SDL 2 (Debian: libsdl2-2.0-0): \(text)")
        }
        let sdl = table.pointee
        sdl.SetMainReady()
        _ = sdl.SetHint(SDL_HINT_NO_SIGNAL_HANDLERS, "1")
        guard sdl.InitSubSystem(SDL_INIT_AUDIO) == 0 else {
            let text = sdl.GetError().map { String(cString: $0) } ?? ""
            throw AudioDeviceError("no sound device can be opened: \(text)")
        }
        return sdl
    }

    var failure: String? {
        sdl.GetAudioDeviceStatus(device) == SDL_AUDIO_STOPPED ? "it has been taken away" : nil
    }

    func close() {
        // Waits for a pull that goes on.
        sdl.CloseAudioDevice(device)
        feed.release()
        sdl.QuitSubSystem(SDL_INIT_AUDIO)
    }
}
