import Core

/// Roland MPU-401: a MIDI interface with a sequencer of eight tracks (intelligent mode) or without it (UART mode).
///
/// - In a PC: MPU-IPC card, ports 330h and 331h, IRQ 2 (9 on an AT).
/// - Ports, from the base: 0 data; 1 status (read): bit 7 clear while a byte waits to be read, bit 6 clear while one can
///   be written; 1 command (write).
/// - Lines: `interrupt` is asserted while a byte waits; each read lets it fall.
/// - Clock: in play, a tick of the sequencer comes `tempo * timebase` times a minute; `slot` is armed for it only then.
/// - Source: [MPU401] host commands, track data, data requests; [RBIL] port 0330h.
/// - Assumption: MIDI bytes leave at once; the port is always ready for a write. The relative tempo is a part of 64.
/// - Not implemented: MIDI input, so that recording records nothing; FSK and MIDI clocks as a source of time, metronome,
///   reference tables, channel filters, tempo graduation: their commands are taken and acknowledged. STOP sends no note
///   offs. The 320 us of a MIDI byte.
public final class MPU401: PortDevice, EventClient, StateChunk {
    static let acknowledge: UInt8 = 0xFE
    /// Bytes that wait for the host at most.
    static let queueLimit = 64

    public let interrupt: Line
    /// Where the MIDI OUT cable leads.
    public weak var output: (any MIDIOutput)?
    private let base: UInt16
    let slot: EventSlot
    var state = State()

    public init(base: UInt16 = 0x330, interrupt: Line, slot: EventSlot) {
        self.base = base
        self.interrupt = interrupt
        self.slot = slot
        slot.connect(self)
    }

    public func attach(to ports: PortMap) { ports.attach(self, at: base...(base &+ 1)) }

    // MARK: Ports

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 {
        let value = peekPort(port, at: now)
        guard port == base, !state.queue.isEmpty else { return value }
        state.lastRead = state.queue.removeFirst()
        interrupt.set(false, at: now)
        interrupt.set(!state.queue.isEmpty, at: now)
        return value
    }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        port == base ? state.queue.first ?? state.lastRead : state.queue.isEmpty ? 0b1011_1111 : 0b0011_1111
    }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        if port != base {
            command(value, at: now)
        } else if state.isUART {
            send(value, at: now)
        } else {
            takeData(value, at: now)
        }
    }

    /// Puts a byte where the host reads.
    func tell(_ byte: UInt8, at now: Tick) {
        guard state.queue.count < MPU401.queueLimit else { return }
        state.queue.append(byte)
        interrupt.set(true, at: now)
    }

    func send(_ byte: UInt8, at now: Tick) { output?.sendMIDI(byte, at: now) }

    // MARK: Commands

    private func command(_ value: UInt8, at now: Tick) {
        if value == 0xFF { return reset(at: now) }
        // In UART mode only the reset is a command.
        guard !state.isUART else { return }
        if value == 0x3F {
            stopClock()
            state.queue.removeAll()
            state.isUART = true
        }
        tell(MPU401.acknowledge, at: now)
        switch value {
        case 0x00...0x2F: transport(value, at: now)
        case 0x8E, 0x8F: state.hasConductor = value & 1 != 0
        case 0x94, 0x95: state.clocksHost = value & 1 != 0
        case 0xA0...0xA7: tell(state.tracks[Int(value & 7)].counter, at: now)
        // The record counter stands still: there is no input.
        case 0xAB: tell(0, at: now)
        case 0xAC: tell(0x15, at: now)
        case 0xAD: tell(0x01, at: now)
        case 0xAF: tell(state.tempo, at: now)
        case 0xB1: state.relativeTempo = 0x40
        case 0xB8: for index in 0..<9 { state.tracks[index].clear() }
        case 0xB9: for index in 0..<9 { state.tracks[index].clear() }
        case 0xC2...0xC8: state.timebase = (value & 15) * 24
        case 0xD0...0xD7:
            state.expected = .direct
            state.message.removeAll()
        case 0xDF:
            state.expected = .direct
            state.message.removeAll()
        case 0xE0...0xEF: (state.expected, state.parameter) = (.parameter, value)
        default: break
        }
    }

    private func reset(at now: Tick) {
        let wasUART = state.isUART
        stopClock()
        state = State()
        interrupt.set(false, at: now)
        // Leaving UART mode is not acknowledged.
        if !wasUART { tell(MPU401.acknowledge, at: now) }
    }

    /// Commands 00h-2Fh: MIDI (bits 0-1), play (2-3) and record (4-5), each 1 stop, 2 start, 3 continue.
    private func transport(_ value: UInt8, at now: Tick) {
        switch value & 3 {
        case 1: send(0xFC, at: now)
        case 2: send(0xFA, at: now)
        case 3: send(0xFB, at: now)
        default: break
        }
        switch value >> 2 & 3 {
        case 1: stopClock()
        case 2, 3: startPlaying(at: now)
        default: break
        }
    }

    private func stopClock() {
        state.isPlaying = false
        state.requests = 0
        state.expected = .nothing
        slot.disarm()
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("MPU4") }
    public var chunkVersion: UInt16 { 1 }
    public func transfer(_ coder: StateCoder) { state.transfer(coder) }
    public func stateDidRestore() { interrupt.restore(!state.queue.isEmpty) }
}
