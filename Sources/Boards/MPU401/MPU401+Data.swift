import Core

/// What the host writes at the data port.
extension MPU401 {
    /// The host has read a request: what it writes next is the answer, even if a command is under way.
    func beginAnswer(_ request: UInt8) {
        let bit = request & 15
        // A request that a stop or B8h has overtaken asks for nothing.
        guard state.requests >> UInt16(bit) & 1 != 0, state.isPlaying else { return }
        state.asked = bit == 9 ? UInt8(MPU401.conductor) : bit
        state.answer = bit == 9 && state.conducted != 0 ? .message : .timing
        state.event.removeAll(keepingCapacity: true)
    }

    func takeData(_ value: UInt8, at now: Tick) {
        if state.isUART { return send(value, at: now) }
        switch (state.answer, state.expected) {
        case (.timing, _): takeTiming(value, at: now)
        case (.event, _): takeEvent(value, at: now)
        case (.message, _):
            guard takeMessage(value, of: state.conducted, into: \.event, at: now) else { break }
            state.conducted = 0
            state.answer = .timing
            state.event.removeAll(keepingCapacity: true)
        case (.none, .parameter):
            state.expected = .nothing
            perform(state.command, with: value)
        case (.none, .message):
            if takeMessage(value, of: state.command, into: \.message, at: now) { state.expected = .nothing }
        case (.none, .nothing): break
        }
        askNext(at: now)
    }

    /// A time of 0 to 239 ticks before the event, or F8h: 240 ticks without one.
    private func takeTiming(_ value: UInt8, at now: Tick) {
        let index = Int(min(state.asked, 8))
        state.tracks[index].counter = min(value, 240)
        if value < 0xF0 { state.answer = .event } else { endAnswer(index, with: [], at: now) }
    }

    /// A MIDI message, with running status, a command of the conductor, or a mark: F8h nothing, F9h the end of a measure,
    /// FCh of the track.
    private func takeEvent(_ value: UInt8, at now: Tick) {
        let index = Int(min(state.asked, 8))
        if state.event.isEmpty && value >= 0xF0 {
            endAnswer(index, with: [value == 0xF9 || value == 0xFC ? value : 0xF8], at: now)
        } else if index == MPU401.conductor {
            state.event.append(value)
            if state.event.count >= 2 || !(0xE0...0xEF).contains(value) { endAnswer(index, with: state.event, at: now) }
        } else if collect(value, into: \.event, track: index) {
            endAnswer(index, with: state.event, at: now)
        }
    }

    /// The event's time counts from when the one before it was due, so that a late answer delays nothing that follows. What
    /// is due by now happens at once.
    private func endAnswer(_ index: Int, with event: [UInt8], at now: Tick) {
        state.tracks[index].event = event
        state.requests &= ~State.request(of: index)
        state.event.removeAll(keepingCapacity: true)
        state.answer = .none
        let (time, late) = (state.tracks[index].counter, state.tracks[index].late)
        if time > late {
            (state.tracks[index].counter, state.tracks[index].late) = (time &- late, 0)
        } else {
            (state.tracks[index].counter, state.tracks[index].late) = (0, late &- time)
            play(index, at: now)
            // The conductor may have turned the clock on.
            updateClock(at: now)
        }
    }

    /// A byte of a channel's message, with the running status of its track. Returns whether it is complete.
    private func collect(_ value: UInt8, into bytes: WritableKeyPath<State, [UInt8]>, track index: Int) -> Bool {
        if state[keyPath: bytes].isEmpty {
            if value >= 0x80 {
                state.tracks[index].status = value
            } else {
                state[keyPath: bytes].append(state.tracks[index].status)
            }
        }
        state[keyPath: bytes].append(value)
        return state[keyPath: bytes].count >= MPU401.length(of: state[keyPath: bytes][0])
    }

    /// After D0h-D7h a channel's message, after DFh a system message. Returns whether it has ended.
    private func takeMessage(
        _ value: UInt8, of command: UInt8, into bytes: WritableKeyPath<State, [UInt8]>, at now: Tick
    ) -> Bool {
        if command == 0xDF { return takeSystemMessage(value, into: bytes, at: now) }
        let track = Int(command & 7)
        if state[keyPath: bytes].isEmpty && value >= 0xF0 { return true }
        guard collect(value, into: bytes, track: track) else { return false }
        transmit(state[keyPath: bytes], track: track, at: now)
        return true
    }

    /// An exclusive message lasts until F7h or any other status.
    private func takeSystemMessage(_ value: UInt8, into bytes: WritableKeyPath<State, [UInt8]>, at now: Tick) -> Bool {
        guard let status = state[keyPath: bytes].first else {
            guard [0xF0, 0xF2, 0xF3, 0xF6].contains(value) else { return true }
            send(value, at: now)
            state[keyPath: bytes] = [value]
            return value == 0xF6
        }
        if status == 0xF0 {
            send(value, at: now)
            return value >= 0x80
        }
        send(value, at: now)
        state[keyPath: bytes].append(value)
        return state[keyPath: bytes].count >= MPU401.length(of: status)
    }

    /// Bytes of the message that begins with `status`.
    static func length(of status: UInt8) -> Int {
        switch status {
        case 0xC0...0xDF, 0xF1, 0xF3: 2
        case 0xF4...0xFF: 1
        default: 3
        }
    }
}
