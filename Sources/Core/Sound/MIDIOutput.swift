/// Takes the bytes of a MIDI cable: a synthesizer, a sequencer, a file.
public protocol MIDIOutput: AnyObject {
    /// A byte goes out at `at`.
    func midi(_ byte: UInt8, at: Tick)
}
