import Core

/// Roland MPU-401: a MIDI interface with a sequencer of eight tracks (intelligent mode) or without it (UART mode).
///
/// - In a PC: MPU-IPC card, ports 330h and 331h, IRQ 2 (9 on an AT).
/// - Ports, from the base: 0 data; 1 status (read): bit 7 clear while a byte waits to be read, bit 6 clear while one can
///   be written; 1 command (write).
/// - Lines: `interrupt` is asserted while a byte waits; each read lets it fall.
/// - Clock: a tick of the sequencer comes `tempo * timebase` times a minute. `slot` is armed for it only while something
///   counts ticks: play, recording, or the clock to the host.
/// - Source: [MPU401] sections 3 to 7; [MPU401ROM]; [RBIL] port 0330h.
/// - Assumption: MIDI bytes leave at once; the port is always ready for a write; the first tick comes a whole tick after
///   what needs it.
/// - Not implemented: MIDI IN and TAPE IN, so that recording yields times only and nothing comes to a program that waits
///   for outer clocks; TAPE OUT, DIN sync, the metronome's sound, MIDI clocks (F8h) to MIDI OUT. The 320 us
///   of a MIDI byte.
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
        if state.isRequestNext {
            state.isRequestNext = false
            beginAnswer(value)
        }
        askNext(at: now)
        interrupt.set(!state.queue.isEmpty, at: now)
        return value
    }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        port == base ? state.queue.first ?? state.lastRead : state.queue.isEmpty ? 0b1011_1111 : 0b0011_1111
    }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        if port == base {
            takeData(value, at: now)
        } else if value == 0xFF {
            reset(at: now)
        } else if !state.isUART {
            // In UART mode only the reset is a command.
            takeCommand(value, at: now)
        }
    }

    /// Puts bytes where the host reads, all or none.
    func tell(_ bytes: UInt8..., at now: Tick) {
        guard state.queue.count + bytes.count <= MPU401.queueLimit else { return }
        state.queue += bytes
        interrupt.set(true, at: now)
    }

    func send(_ byte: UInt8, at now: Tick) { output?.sendMIDI(byte, at: now) }

    private func reset(at now: Tick) {
        let wasUART = state.isUART
        send(0xFC, at: now)
        state = State()
        slot.disarm()
        interrupt.set(false, at: now)
        // Leaving UART mode is not acknowledged.
        if !wasUART { tell(MPU401.acknowledge, at: now) }
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("MPU4") }
    public var chunkVersion: UInt16 { 2 }
    public func transfer(_ coder: StateCoder) { state.transfer(coder) }
    public func stateDidRestore() { interrupt.restore(!state.queue.isEmpty) }
}
