import Core

/// The DSP's MIDI port: 31,250 bits a second. Source: [SBHPG] chapter 5; [SBDSP202] group 3.
extension CreativeDSP {
    /// Ten bits on the wire.
    static let midiByteTime = Tick.microseconds(320)

    /// 30h to 3Fh.
    func startMIDI(_ command: Command, at now: Tick) {
        if command.bit3 { return sendMIDI(lastArgument, at: now) }
        if command.bit2 && version.major >= 4 { setWarmMark(true) }
        state.midiMode = MIDIMode(rawValue: command.byte & 0b0111).union(.active)
        state.midiStart = now
    }

    /// In the UART modes each byte goes out. In the others any byte ends the mode and is lost, as is input that waits
    /// behind the mailbox.
    func takeInMIDIMode(_ byte: UInt8, at now: Tick) {
        state.busyUntil = now + version.machineCycle * 8
        if state.midiMode.contains(.uart) { return sendMIDI(byte, at: now) }
        state.midiMode = []
        if state.output.count > 1 { state.output.removeLast(state.output.count - 1) }
        if version.major >= 4 { setWarmMark(false) }
    }

    private func sendMIDI(_ byte: UInt8, at now: Tick) {
        state.midiReadyAt = now + CreativeDSP.midiByteTime
        midiOutput?.sendMIDI(byte, at: now)
    }

    /// A byte has arrived at the port at `now`. Outside of commands 30h to 37h it is lost, as it is while 64 bytes wait.
    public func receiveMIDI(_ byte: UInt8, at now: Tick) {
        advance(to: now)
        guard state.midiMode.contains(.active) else { return }
        let isFirst = state.output.isEmpty
        if state.midiMode.contains(.timeStamps) {
            // Milliseconds in three bytes, low byte first.
            let stamp = (now - state.midiStart).count / Tick.milliseconds(1).count
            for shift in [0, 8, 16] { send(UInt8(truncatingIfNeeded: stamp >> Int64(shift))) }
        }
        send(byte)
        if isFirst && state.midiMode.contains(.interrupts) { request(isWide: false, at: now) }
    }
}
