/// Where a device's MIDI port leads: a synthesizer, a file, a port of the host.
public protocol MIDIOutput: AnyObject {
    /// A byte whose transmission starts at `now`. It takes 320 us on the wire; the next one does not come earlier.
    func sendMIDI(_ byte: UInt8, at now: Tick)
}
