import Core

/// Intelligent mode: time, tracks and what the host writes for them.
extension MPU401 {
    private static let conductor = 8

    // MARK: Time

    func startPlaying(at now: Tick) {
        state.isPlaying = true
        state.hostCounter = 0
        state.remainder = 0
        for index in 0..<9 {
            let isActive = index == MPU401.conductor ? state.hasConductor : state.activeTracks >> UInt8(index) & 1 != 0
            state.tracks[index].isRunning = isActive
            if isActive && state.tracks[index].event.isEmpty { state.requests |= 1 << UInt16(index) }
        }
        askNext(at: now)
        armTick(at: now)
    }

    /// 60 s / (tempo * timebase), the relative tempo being a part of 64. The remainder is carried on.
    private func armTick(at now: Tick) {
        let rate = Int64(max(state.tempo, 8)) * Int64(max(state.timebase, 48)) * Int64(max(state.relativeTempo, 1))
        let minute = Tick.perSecond * 60 * 64 &+ state.remainder
        state.remainder = minute % rate
        slot.arm(at: now + Tick(minute / rate))
    }

    public func eventDue(_ slot: EventSlot, at now: Tick) {
        guard state.isPlaying else { return }
        armTick(at: now)
        if state.clocksHost {
            state.hostCounter &+= 4
            if state.hostCounter >= Int32(max(state.hostInterval, 4)) {
                state.hostCounter &-= Int32(max(state.hostInterval, 4))
                tell(0xFD, at: now)
            }
        }
        for index in 0..<9 where state.tracks[index].isRunning && state.requests >> UInt16(index) & 1 == 0 {
            if state.tracks[index].counter > 0 { state.tracks[index].counter &-= 1 }
            if state.tracks[index].counter == 0 { play(index, at: now) }
        }
        askNext(at: now)
    }

    /// The event of a track is due: it goes out, and the next is asked for.
    private func play(_ index: Int, at now: Tick) {
        let event = state.tracks[index].event
        state.tracks[index].event.removeAll(keepingCapacity: true)
        if event.first == 0xFC {
            state.tracks[index].isRunning = false
            if !state.tracks.contains(where: \.isRunning) {
                state.isPlaying = false
                slot.disarm()
                tell(0xFC, at: now)
            }
            return
        }
        if event.first != 0xF9 { for byte in event { send(byte, at: now) } }
        state.requests |= 1 << UInt16(index)
    }

    /// Asks for the data of one track at a time: F0h-F7h, or F9h for the conductor.
    private func askNext(at now: Tick) {
        guard state.expected == .nothing, state.requests != 0 else { return }
        let index = state.requests.trailingZeroBitCount
        state.asked = UInt8(index)
        state.expected = .timing
        tell(index == MPU401.conductor ? 0xF9 : 0xF0 | UInt8(index), at: now)
    }

    // MARK: Data

    func takeData(_ value: UInt8, at now: Tick) {
        switch state.expected {
        case .nothing: break
        case .parameter:
            setParameter(value)
            state.expected = .nothing
        case .timing: takeTiming(value)
        case .event: takeEvent(value)
        case .direct: takeDirect(value, at: now)
        }
        if state.isPlaying { askNext(at: now) }
    }

    private func setParameter(_ value: UInt8) {
        switch state.parameter {
        case 0xE0: state.tempo = value
        case 0xE1: state.relativeTempo = value
        case 0xE7: state.hostInterval = value
        case 0xEC: state.activeTracks = value
        default: break
        }
    }

    /// A time of 0 to 239 ticks before the event, or F8h: 240 ticks without one.
    private func takeTiming(_ value: UInt8) {
        let index = Int(min(state.asked, 8))
        if value >= 0xF0 {
            state.tracks[index].counter = 240
            finish(index, with: [])
        } else {
            state.tracks[index].counter = value
            state.message.removeAll(keepingCapacity: true)
            state.expected = .event
        }
    }

    /// A MIDI message, with running status, or a mark: F8h nothing, F9h the end of a measure, FCh of the track.
    private func takeEvent(_ value: UInt8) {
        let index = Int(min(state.asked, 8))
        if state.message.isEmpty {
            if index == MPU401.conductor || value >= 0xF0 {
                return finish(index, with: value == 0xFC ? [0xFC] : [0xF9])
            }
            if value >= 0x80 {
                state.tracks[index].status = value
                return state.message.append(value)
            }
            // Running status: the first data byte.
            state.message.append(state.tracks[index].status)
        }
        state.message.append(value)
        if state.message.count >= MPU401.length(of: state.message[0]) { finish(index, with: state.message) }
    }

    private func finish(_ index: Int, with event: [UInt8]) {
        state.tracks[index].event = event
        state.requests &= ~(1 << UInt16(index))
        state.message.removeAll(keepingCapacity: true)
        state.expected = .nothing
    }

    /// After D0h-D7h or DFh: one message that goes out at once; an exclusive one lasts until F7h.
    private func takeDirect(_ value: UInt8, at now: Tick) {
        send(value, at: now)
        if state.message.isEmpty && value < 0x80 { return state.expected = .nothing }
        if state.message.first == 0xF0 {
            if value == 0xF7 { state.expected = .nothing }
        } else {
            state.message.append(value)
            if value != 0xF0 && state.message.count >= MPU401.length(of: state.message[0]) { state.expected = .nothing }
        }
        // A request that was under way is asked again.
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
