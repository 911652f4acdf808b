import Automation
import Core
import Hosting
import Output

/// Recordings of sound, registers and MIDI that are under way, and the way to the MIDI device past them.
final class SoundRecorder: SoundListener, MIDIOutput {
    private let rate: Int
    private let noise: VGMFile.Noise
    /// Where MIDI goes beside the recordings.
    private let midiOutput: (any MIDIOutput)?
    private var running: [Recording] = []
    /// To be connected to the machine, if registers are to be recorded at any time.
    let registers = RegisterHistory()

    private struct Recording {
        var path: String
        /// Whether `record off` ends it.
        var isOfScript: Bool
        var kind: Kind
    }

    private enum Kind {
        case sound(SoundRecording)
        case registers(any RegisterFile)
        case midi(StandardMIDIFile)
    }

    /// - Parameters:
    ///   - rate: frames of sound a second.
    ///   - noise: of the machine's sound generator.
    init(rate: Int, noise: VGMFile.Noise, midiOutput: (any MIDIOutput)?) {
        (self.rate, self.noise, self.midiOutput) = (rate, noise, midiOutput)
    }

    /// Begins to record to a file. Returns what was wrong, or nil.
    func begin(_ path: String, isOfScript: Bool, at now: Tick) -> String? {
        guard !running.contains(where: { $0.path == path }) else { return "\(path): is being recorded" }
        do throws(SoundFileError) {
            let kind: Kind
            switch RecordingKind(path) {
            case .registers:
                let isDRO = path.lowercased().hasSuffix(".dro")
                let file: any RegisterFile =
                    if isDRO { try DROFile(path: path) } else { try VGMFile(path: path, noise: noise) }
                registers.add(file, at: now)
                kind = .registers(file)
            case .midi: kind = .midi(try StandardMIDIFile(path: path))
            default: kind = .sound(try SoundRecording(path: path, rate: rate))
            }
            running.append(Recording(path: path, isOfScript: isOfScript, kind: kind))
            return nil
        } catch {
            return error.message
        }
    }

    /// Ends the recordings that a script began. Returns what was wrong with one of them, or nil.
    func endThoseOfScript(at now: Tick) -> String? {
        let ended = running.filter(\.isOfScript)
        running.removeAll(where: \.isOfScript)
        return ended.compactMap { end($0, at: now) }.first
    }

    /// Ends all recordings. Returns what was wrong with one of them, or nil.
    func finish(at now: Tick) -> String? {
        defer { running = [] }
        return running.compactMap { end($0, at: now) }.first
    }

    private func end(_ recording: Recording, at now: Tick) -> String? {
        switch recording.kind {
        case .sound(let file): return file.finish()
        case .registers(let file):
            registers.remove(file)
            return file.finish(at: now)
        case .midi(let file): return file.finish(at: now)
        }
    }

    func hear(_ block: AudioBlock, isLive: Bool) {
        for recording in running { if case .sound(let file) = recording.kind { file.add(block) } }
    }

    func sendMIDI(_ byte: UInt8, at now: Tick) {
        midiOutput?.sendMIDI(byte, at: now)
        for recording in running { if case .midi(let file) = recording.kind { file.sendMIDI(byte, at: now) } }
    }
}
