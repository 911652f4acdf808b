import Core
import Machine

/// A machine that can be listened to; see `PersonalComputer` for what each member does.
public protocol AudibleMachine: AnyObject {
    @discardableResult
    func startListening(rate: Int) -> Bool
    func stopListening()
    /// Nil if nobody listens.
    var audioRate: Int? { get }
    func takeAudio() -> AudioBlock?
    func takeAudioToPresent() -> AudioBlock?
    var soundVolumes: SoundVolumes { get set }
    func connectSynthesizer(_ source: (any SampledSource)?)
    func connectMIDI(_ output: (any MIDIOutput)?)
    func connectSoundRegisters(_ listener: (any SoundRegisterListener)?)
}

extension PersonalComputer: AudibleMachine {}
