import Core

/// The notes that tracks have turned on: one that is struck again ends first, one that is off is not turned off, and the
/// last of its channel is followed by "all notes off".
///
/// A channel with a reference table, of which there are four, knows which tracks hold a note: it ends with the last of them.
extension MPU401 {
    /// A channel reference table, on or off.
    struct NoteTable: StateValue {
        var channel: UInt8 = 0
        var isOn = true

        mutating func transfer(_ coder: StateCoder) {
            coder.field("channel", &channel)
            coder.field("isOn", &isOn)
        }
    }

    /// Sends a channel's message of a track to MIDI OUT.
    func transmit(_ message: [UInt8], track: Int, at now: Tick) {
        guard message.count >= 2, case let (kind, channel) = (message[0] & 0xF0, message[0] & 15) else { return }
        if message.count == 3 {
            let isOn = kind == 0x90 && message[2] > 0
            if isOn || kind == 0x80 || kind == 0x90 {
                return note(isOn, message, place: Int(channel) << 7 | Int(message[1] & 0x7F), track: track, at: now)
            }
        }
        for byte in message { send(byte, at: now) }
    }

    private func note(_ isOn: Bool, _ message: [UInt8], place: Int, track: Int, at now: Tick) {
        let holders = state.notes[place]
        if isOn {
            if holders != 0 { sendNoteOff(place, at: now) }
            state.notes[place] = holders | 1 << UInt8(track & 7)
        } else {
            guard holders != 0 else { return }
            state.notes[place] = isWatched(UInt8(place >> 7)) ? holders & ~(1 << UInt8(track & 7)) : 0
            guard state.notes[place] == 0 else { return }
        }
        for byte in message { send(byte, at: now) }
        if !isOn { sendAllNotesOff(UInt8(place >> 7), at: now) }
    }

    /// Turns off what the tracks have turned on, channel by channel from the highest note down.
    func silence(at now: Tick) {
        for channel: UInt8 in 0..<16 {
            let places = Int(channel) << 7..<(Int(channel) + 1) << 7
            for place in places.reversed() where state.notes[place] != 0 {
                state.notes[place] = 0
                sendNoteOff(place, at: now)
                sendAllNotesOff(channel, at: now)
            }
        }
    }

    private func isWatched(_ channel: UInt8) -> Bool {
        state.tables.contains { $0.isOn && $0.channel == channel }
    }

    private func sendNoteOff(_ place: Int, at now: Tick) {
        send(0x90 | UInt8(place >> 7), at: now)
        send(UInt8(place & 0x7F), at: now)
        send(0, at: now)
    }

    /// If no note of the channel is left.
    private func sendAllNotesOff(_ channel: UInt8, at now: Tick) {
        let places = Int(channel) << 7..<(Int(channel) + 1) << 7
        guard !state.switches.contains(.noAllNotesOff), state.notes[places].allSatisfy({ $0 == 0 }) else { return }
        for byte in [0xB0 | channel, 0x7B, 0] { send(byte, at: now) }
    }
}
