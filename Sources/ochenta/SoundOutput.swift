import Automation
import Core
import Hosting
import Machine
import Output

/// Where a machine's sound and MIDI go: a device, recordings, a film.
struct SoundOutput {
    let player: AudioPlayer?
    let recorder: SoundRecorder
    let film: VideoRecorder?
    private let log: SessionLog
    private let synthesizer: FluidSynthesizer?
    private let rate: Int
    private let recordsSound: Bool
    private let recordsRegisters: Bool

    /// Opens what is to be recorded from the beginning.
    /// - Throws: a line about a file that cannot be made.
    init(_ plan: LaunchRequest, _ options: RunOptions, _ script: Script?, _ log: SessionLog) throws(HostingError) {
        self.log = log
        rate = plan.audioRate
        player = AudioPlayer(plan.audio, rate: rate, latency: plan.audioLatency) { line in
            log.log(plan.isAudioExplicit ? .warning : .info, line)
        }
        SoundOutput.warn(of: plan, log)
        let midi = SoundOutput.midi(plan.midi, log)
        synthesizer = midi as? FluidSynthesizer
        recorder = SoundRecorder(
            rate: rate, noise: plan.machine.profile.sound.board == .pcjr ? .texas : .ncr, midiOutput: midi)
        film = options.videoFile.map { [rate] in VideoRecorder(path: $0, soundRate: rate) }
        var files = options.recordings.map { ("--record", $0) }
        if case .file(let path) = plan.audio { files.append(("--audio", path)) }
        if case .file(let path) = plan.midi { files.append(("midi.device", path)) }
        for (option, path) in files {
            if let message = recorder.begin(path, isOfScript: false, at: .zero) {
                throw HostingError("\(option) \(message)")
            }
        }
        let kinds = (files.map(\.1) + (script?.recordings ?? [])).compactMap { RecordingKind($0) }
        recordsSound = kinds.contains(.sound)
        recordsRegisters = kinds.contains(.registers)
    }

    /// Says what was asked for and cannot be heard.
    private static func warn(of plan: LaunchRequest, _ log: SessionLog) {
        let profile = plan.machine.profile
        if plan.isAudioExplicit, plan.audio.isDevice, !plan.session.pacing.isLive {
            log.log(.warning, "nothing is played at this speed; --speed real plays, and --record FILE.wav records")
        }
        if plan.midi != .none, !profile.sound.hasMIDIPort(family: profile.family) {
            log.log(.warning, "nothing is sent by MIDI: this machine has no port for it; sound.mpu401=true adds one")
        }
    }

    /// What MIDI goes to beside recordings. What cannot be opened is said, and the machine runs without it.
    private static func midi(_ destination: MIDIDestination, _ log: SessionLog) -> (any MIDIOutput)? {
        do throws(HostingError) {
            switch destination {
            case .none, .file: return nil
            case .alsa(let client): return try HostMIDIPort(client: client) { log.log(.warning, $0) }
            case .fluidsynth(let soundFont): return try FluidSynthesizer(soundFont: soundFont)
            }
        } catch {
            log.log(.warning, "no MIDI: \(error.message)")
            return nil
        }
    }

    /// Everybody who hears the machine.
    var listeners: [any SoundListener] {
        let all: [(any SoundListener)?] = [film, recorder, player]
        return all.compactMap { $0 }
    }

    /// Connects everything to a machine, which makes no sound if nobody listens.
    func connect(to machine: any AudibleMachine) {
        machine.connectMIDI(recorder)
        if recordsRegisters { machine.connectSoundRegisters(recorder.registers) }
        if let synthesizer { machine.connectSynthesizer(synthesizer) }
        if player != nil || film != nil || recordsSound { machine.startListening(rate: rate) }
    }

    /// Completes all files. Returns a warning, if something is to be said.
    func finish(at now: Tick) throws(HostingError) -> String? {
        if let player { log.log(.debug, "the sound device found too few frames \(player.underruns) times") }
        let message = recorder.finish(at: now)
        let warning = try film?.finish()
        if let message { throw HostingError(message, status: ExitStatus.ownFailure) }
        return warning
    }
}
