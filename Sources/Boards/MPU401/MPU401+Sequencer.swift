import Core

/// Time: ticks, what counts them, and what is due.
extension MPU401 {
    /// The conductor's number among the tracks.
    static let conductor = 8
    /// Clocks that the host has not read, at most.
    static let clockLimit: UInt8 = 20

    /// The slot is armed while something counts. The phase of the ticks begins with the first that does.
    func updateClock(at now: Tick) {
        guard state.needsClock else { return slot.disarm() }
        if !slot.isArmed {
            state.remainder = 0
            armTick(at: now)
        }
    }

    /// The first tick after a start is the song's time 0.
    public func eventDue(_ slot: EventSlot, at now: Tick) {
        guard state.needsClock else { return }
        countClock()
        countForHost()
        if state.recording == .on { countRecord(at: now) } else if state.isPlaying { countMeasure(at: now) }
        for index in (0..<9).reversed() where state.isPlaying && state.tracks[index].isRunning {
            if state.isWaiting(index) {
                state.tracks[index].late &+= 1
            } else {
                if state.tracks[index].counter > 0 { state.tracks[index].counter &-= 1 }
                if state.tracks[index].counter == 0 { play(index, at: now) }
            }
        }
        askNext(at: now)
        // A command of the conductor may have changed the tempo.
        if state.needsClock { armTick(at: now) }
    }

    /// A clock each `hostInterval` quarter ticks. Those that the host has not read are kept.
    private func countForHost() {
        guard state.switches.contains(.clockToHost) else { return }
        if state.times.host <= 0 {
            state.times.host = max(state.times.host &+ Int32(state.hostInterval), 0)
            state.clocks = min(state.clocks &+ 1, MPU401.clockLimit)
            state.requests |= State.clock
        }
        state.times.host &-= 4
    }

    /// At 240 ticks the host is told that the counter overflows.
    private func countRecord(at now: Tick) {
        if state.recordCounter >= 240 {
            state.recordCounter = 0
            tell(0xF8, at: now)
        }
        countMeasure(at: now)
        state.recordCounter &+= 1
    }

    /// A measure is `beepsPerMeasure` times `clocksPerBeep` MIDI clocks, of which a beat has 24.
    private func countMeasure(at now: Tick) {
        let length = Int32(state.beepsPerMeasure) * Int32(state.clocksPerBeep) * Int32(state.timebase / 24)
        if state.times.measure >= max(length, 1) {
            state.times.measure = 0
            if state.recording == .on, !state.switches.contains(.noMeasureEnd), length > 0 {
                tell(state.recordCounter, 0xF9, at: now)
                state.recordCounter = 0
            }
        }
        state.times.measure &+= 1
    }

    /// What a track's event does, now; then the next is asked for.
    func play(_ index: Int, at now: Tick) {
        let event = state.tracks[index].event
        state.tracks[index].event.removeAll(keepingCapacity: true)
        state.requests |= State.request(of: index)
        switch event.first {
        case nil, 0xF8: break
        case 0xFC: end(index, at: now)
        case 0xF9: state.times.measure = 0
        case let command? where index == MPU401.conductor: conduct(command, event.last ?? 0, at: now)
        default: transmit(event, track: index, at: now)
        }
    }

    /// The conductor's commands are not acknowledged. The message of D0h-DFh comes with the answer to the next request.
    private func conduct(_ command: UInt8, _ parameter: UInt8, at now: Tick) {
        switch command {
        case 0xD0...0xD7, 0xDF: state.conducted = command
        case 0xE0...0xEF: perform(command, with: parameter)
        // UART mode and undefined commands have no place in a song.
        case 0x00...0x2F, 0x80...0xC8: perform(command, at: now)
        default: break
        }
    }

    /// When the last track ends, and the conductor has, the host is told and notes that are on are turned off. The sequencer
    /// goes on until it is stopped.
    private func end(_ index: Int, at now: Tick) {
        state.tracks[index].isRunning = false
        state.requests &= ~State.request(of: index)
        guard index != MPU401.conductor, !state.tracks.contains(where: \.isRunning) else { return }
        state.requests |= State.allEnd
        silence(at: now)
    }

    /// Tells the host one thing at a time, when it has read everything and owes nothing: F9h data for the conductor,
    /// F7h-F0h data for a track, FCh all tracks have ended, FDh clock.
    func askNext(at now: Tick) {
        guard state.requests != 0, state.queue.isEmpty, state.expected == .nothing, state.answer == .none else {
            return
        }
        let waiting = state.requests & State.trackRequests
        let bit = UInt8(waiting != 0 ? 15 - waiting.leadingZeroBitCount : state.requests.trailingZeroBitCount)
        state.isRequestNext = waiting != 0
        if state.requests & (1 << UInt16(bit)) == State.clock { state.clocks &-= min(state.clocks, 1) }
        if waiting == 0 && (bit != 13 || state.clocks == 0) { state.requests &= ~(1 << UInt16(bit)) }
        tell(0xF0 | bit, at: now)
    }
}
