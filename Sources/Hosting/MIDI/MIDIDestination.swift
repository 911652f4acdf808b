/// What the setting `midi.device` says: where the machine's MIDI port leads.
public enum MIDIDestination: Hashable, Sendable {
    case none
    /// A port of ALSA's sequencer, connected to a client if one is named.
    case alsa(client: String?)
    /// FluidSynth, with a sound font or the one that is installed.
    case fluidsynth(soundFont: String?)
    /// A Standard MIDI File.
    case file(String)

    /// Reads `none`, `alsa`, `alsa:CLIENT`, `fluidsynth`, `fluidsynth:FILE.sf2`, or a name that ends in .mid. Nil if it is
    /// none of these.
    public init?(_ text: String) {
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        let argument = parts.count == 2 ? String(parts[1]) : nil
        switch parts[0].lowercased() {
        case "none" where argument == nil: self = .none
        case "alsa" where argument != "": self = .alsa(client: argument)
        case "fluidsynth" where argument != "": self = .fluidsynth(soundFont: argument)
        case _ where text.lowercased().hasSuffix(".mid"): self = .file(text)
        default: return nil
        }
    }
}
