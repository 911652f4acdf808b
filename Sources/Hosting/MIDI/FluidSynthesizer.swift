import CSound
import Core
import Glibc

/// FluidSynth as a source of sound: what the machine sends on its MIDI port, played with a sound font.
///
/// It is played in emulated time, when the mixer draws, so that a run sounds the same every time. A message acts at its own
/// frame, or up to 63 frames later, as FluidSynth makes frames by 64. Its notes are not part of a saved state.
public final class FluidSynthesizer: SampledSource, MIDIOutput {
    private let library: ochenta_fluidsynth
    private let settings: OpaquePointer
    private let synth: OpaquePointer
    private var parser = MIDIMessageParser()
    /// Messages that have not been played yet.
    private var waiting: [(frame: Int64, message: MIDIMessage)] = []
    /// Frames so far.
    private var position: Int64 = 0

    /// Frames a second.
    public static let rate = 48_000
    /// Frames that are made up for at most. When nobody listens, older messages act without sound.
    private static let frameLimit = Int64(rate)

    /// Where distributions put a sound font.
    private static let soundFonts = [
        "/usr/share/sounds/sf2/default-GM.sf2", "/usr/share/sounds/sf2/FluidR3_GM.sf2",
        "/usr/share/sounds/sf2/TimGM6mb.sf2", "/usr/share/soundfonts/default.sf2",
        "/usr/share/soundfonts/FluidR3_GM.sf2",
    ]

    /// - Parameter soundFont: a file; nil for the one that is installed.
    /// - Throws: a line that says what is missing.
    public init(soundFont: String?) throws(HostingError) {
        let file = soundFont ?? FluidSynthesizer.soundFonts.first { access($0, R_OK) == 0 }
        guard let file else {
            throw HostingError(
                "FluidSynth needs a sound font (Debian: timgm6mb-soundfont), or midi.device=fluidsynth:FILE")
        }
        guard access(file, R_OK) == 0 else { throw HostingError("\(file): \(String(cString: strerror(errno)))") }
        var reason: UnsafePointer<CChar>?
        guard let table = ochenta_fluidsynth_load(&reason) else {
            let text = reason.map { String(cString: $0) } ?? ""
            throw HostingError("MIDI through FluidSynth needs its library (Debian: libfluidsynth3): \(text)")
        }
        library = table.pointee
        guard let settings = library.new_settings() else { throw HostingError("FluidSynth has no memory") }
        _ = library.settings_setnum(settings, "synth.sample-rate", Double(FluidSynthesizer.rate))
        _ = library.settings_setint(settings, "synth.threadsafe-api", 0)
        guard let synth = library.new_synth(settings) else {
            library.delete_settings(settings)
            throw HostingError("FluidSynth cannot begin")
        }
        (self.settings, self.synth) = (settings, synth)
        guard library.synth_sfload(synth, file, 1) >= 0 else {
            throw HostingError("\(file): not a sound font that FluidSynth can read")
        }
    }

    deinit {
        library.delete_synth(synth)
        library.delete_settings(settings)
    }

    public var soundName: String { "midi" }
    public let sampleRate = ClockRatio(hertz: Int64(FluidSynthesizer.rate))

    public func sendMIDI(_ byte: UInt8, at now: Tick) {
        guard let message = parser.take(byte, at: now) else { return }
        let frame = sampleRate.cycles(at: max(now, .zero))
        let old = waiting.prefix { frame - $0.frame > FluidSynthesizer.frameLimit }
        for entry in old { play(entry.message) }
        waiting.removeFirst(old.count)
        waiting.append((frame, message))
    }

    public func generate(into frames: UnsafeMutableBufferPointer<Int16>, until now: Tick) -> Int {
        let end = sampleRate.cycles(at: max(now, .zero))
        if end - position > FluidSynthesizer.frameLimit { position = end - FluidSynthesizer.frameLimit }
        var (count, played) = (0, 0)
        while position < end, count < frames.count / 2 {
            while played < waiting.count, waiting[played].frame <= position {
                play(waiting[played].message)
                played += 1
            }
            let next = played < waiting.count ? min(waiting[played].frame, end) : end
            let room = min(Int(next - position), frames.count / 2 - count, 1 << 16)
            make(room, into: UnsafeMutableBufferPointer(rebasing: frames[(count * 2)...]))
            position += Int64(room)
            count += room
        }
        waiting.removeFirst(played)
        return count
    }

    private func make(_ count: Int, into frames: UnsafeMutableBufferPointer<Int16>) {
        guard let start = frames.baseAddress, count > 0 else { return }
        if library.synth_write_s16(synth, Int32(count), start, 0, 2, start, 1, 2) != 0 {
            start.update(repeating: 0, count: count * 2)
        }
    }

    private func play(_ message: MIDIMessage) {
        let bytes = message.bytes
        let channel = Int32(message.status & 0x0F)
        func data(_ index: Int) -> Int32 { index < bytes.count ? Int32(bytes[index]) : 0 }
        // What a synthesizer does not know, it does not do: results are of no interest.
        switch message.status {
        case 0x80...0x8F: _ = library.synth_noteoff(synth, channel, data(1))
        case 0x90...0x9F: _ = library.synth_noteon(synth, channel, data(1), data(2))
        case 0xA0...0xAF: _ = library.synth_key_pressure(synth, channel, data(1), data(2))
        case 0xB0...0xBF: _ = library.synth_cc(synth, channel, data(1), data(2))
        case 0xC0...0xCF: _ = library.synth_program_change(synth, channel, data(1))
        case 0xD0...0xDF: _ = library.synth_channel_pressure(synth, channel, data(1))
        case 0xE0...0xEF: _ = library.synth_pitch_bend(synth, channel, data(1) | data(2) << 7)
        case 0xF0:
            // Without the bytes around it.
            let content = bytes.dropFirst().dropLast().map { CChar(bitPattern: $0) }
            guard !content.isEmpty else { return }
            _ = library.synth_sysex(synth, content, Int32(content.count), nil, nil, nil, 0)
        case 0xFF: _ = library.synth_system_reset(synth)
        default: break
        }
    }
}
