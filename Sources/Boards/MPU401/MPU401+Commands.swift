import Core

/// Commands, which come from the host or from its conductor data.
extension MPU401 {
    func takeCommand(_ value: UInt8, at now: Tick) {
        if value == 0x3F { enterUART(at: now) }
        tell(MPU401.acknowledge, at: now)
        (state.expected, state.message) = (.nothing, [])
        switch value {
        case 0xD0...0xD7, 0xDF: (state.expected, state.command) = (.message, value)
        case 0xE0...0xEF: (state.expected, state.command) = (.parameter, value)
        default:
            perform(value, at: now)
            updateClock(at: now)
        }
        askNext(at: now)
    }

    /// Carries out a command without a parameter. Those of MIDI IN have nothing to act on.
    func perform(_ value: UInt8, at now: Tick) {
        switch value {
        case 0x00...0x2F: transport(value, at: now)
        case 0x30: state.switches.insert(.noAllNotesOff)
        case 0x32: state.switches.insert(.noRealTime)
        case 0x40...0x7F:
            state.tables[Int(value >> 4 & 3)] = NoteTable(channel: value & 15)
        case 0x80...0x82: state.switches.set(.outerClock, value != 0x80)
        case 0x83, 0x85: if !state.isRunning { clearTimes() }
        case 0x8C, 0x8D: state.switches.set(.noMeasureEnd, value == 0x8C)
        case 0x8E, 0x8F: state.switches.set(.conductor, value == 0x8F)
        case 0x94, 0x95: state.switches.set(.clockToHost, value == 0x95)
        case 0x98...0x9F: state.tables[Int(value >> 1 & 3)].isOn = value & 1 != 0
        case 0xA0...0xA7: tell(state.tracks[Int(value & 7)].counter, at: now)
        case 0xAB:
            tell(state.recordCounter, at: now)
            state.recordCounter = 0
        case 0xAC: tell(0x15, at: now)
        case 0xAD: tell(0x01, at: now)
        case 0xAF: tell(effectiveTempo, at: now)
        case 0xB1: setRelativeTempo(0x40)
        case 0xB8: clearPlayCounters()
        case 0xB9:
            silence(at: now)
            for index in 0..<MPU401.conductor { (state.tracks[index].counter, state.tracks[index].event) = (1, []) }
        case 0xBA: state.recordCounter = 0
        case 0xC2...0xC8: state.timebase = (value & 15) * 24
        default: break
        }
    }

    /// Commands E0h-EFh.
    func perform(_ command: UInt8, with parameter: UInt8) {
        switch command {
        case 0xE0: (state.tempo, state.glide) = (parameter, 0)
        case 0xE1: setRelativeTempo(parameter)
        case 0xE2: state.graduation = parameter
        case 0xE4: state.clocksPerBeep = parameter
        case 0xE6: state.beepsPerMeasure = parameter
        case 0xE7: if parameter > 0 { state.hostInterval = parameter }
        case 0xEC: state.activeTracks = parameter
        case 0xED: state.countedTracks = parameter
        default: break
        }
    }

    private func enterUART(at now: Tick) {
        state = State()
        state.isUART = true
        slot.disarm()
        interrupt.set(false, at: now)
    }

    // MARK: Start and stop

    /// Commands 00h-2Fh: MIDI (bits 0-1): 1 stop, 2 start, 3 continue; play (2-3) and record (4-5): 1 stop, 2 start.
    private func transport(_ value: UInt8, at now: Tick) {
        switch value & 3 {
        case 1:
            sendRealTime(0xFC, at: now)
            if state.isRunning { state.stoppedTimes = state.times }
            state.isRunning = false
        case 2:
            sendRealTime(0xFA, at: now)
            clearTimes()
            state.isRunning = true
        case 3:
            sendRealTime(0xFB, at: now)
            state.times = state.stoppedTimes
            state.isRunning = true
        default: break
        }
        switch value >> 2 & 3 {
        case 1: stopPlaying(at: now)
        case 2: state.isPlaying = true
        default: break
        }
        switch value >> 4 & 3 {
        case 1: stopRecording(at: now)
        case 2 where state.recording != .on: state.recording = .standby
        default: break
        }
        if state.recording == .standby && state.isRunning { startRecording(at: now) }
    }

    private func sendRealTime(_ byte: UInt8, at now: Tick) {
        if !state.switches.contains(.noRealTime) { send(byte, at: now) }
    }

    private func clearTimes() { (state.times, state.stoppedTimes) = (Times(), Times()) }

    /// Events and counters stay, for a start that continues; who waited for data will ask again.
    private func stopPlaying(at now: Tick) {
        for index in 0..<9 where state.isWaiting(index) {
            (state.tracks[index].counter, state.tracks[index].late) = (1, 0)
        }
        state.isPlaying = false
        state.requests &= ~State.trackRequests
        state.answer = .none
        silence(at: now)
    }

    /// In play the host is told how far the tracks of command EDh are from their next events.
    private func startRecording(at now: Tick) {
        (state.recording, state.recordCounter) = (.on, 0)
        for index in 0..<MPU401.conductor where state.isPlaying && state.countedTracks >> UInt8(index) & 1 != 0 {
            tell(state.tracks[index].counter, at: now)
        }
    }

    private func stopRecording(at now: Tick) {
        guard state.recording != .off else { return }
        state.recording = .off
        tell(state.recordCounter, 0xFC, at: now)
        state.recordCounter = 0
    }

    /// From here on the tracks of command ECh and the conductor of 8Fh are the active ones. They ask at the next tick.
    private func clearPlayCounters() {
        state.requests &= ~(State.trackRequests | State.allEnd)
        (state.answer, state.conducted) = (.none, 0)
        for index in 0..<9 {
            state.tracks[index] = Track()
            state.tracks[index].counter = 1
            state.tracks[index].isRunning =
                index == MPU401.conductor
                ? state.switches.contains(.conductor) : state.activeTracks >> UInt8(index) & 1 != 0
        }
        state.stoppedTimes = Times()
    }
}
