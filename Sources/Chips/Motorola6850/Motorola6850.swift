import Core

/// Motorola MC6850 (ACIA): a serial interface, as MIDI ports have it.
///
/// - In a PC: the MIDI port of the Gravis UltraSound, whose GF1 has one inside.
/// - Clock: 31,250 bits a second, ten bits a byte.
/// - Ports, by address bit 0: 0 control (write), status (read); 1 data.
/// - Lines: `interrupt` is asserted while an interrupt that the control register allows is pending.
/// - Source: [GUSSDK] 2.2 to 2.4, which lists what is left of the control register.
/// - Assumption: it works without a reset, as the card's does after power-on.
/// - Not implemented: other rates and forms of a byte, modem lines, framing and parity errors, which cannot occur.
public final class Motorola6850: EventClient, StateChunk {
    static let byteTime = Tick.microseconds(320)

    /// Where the bytes that are sent go.
    public weak var output: (any MIDIOutput)?
    /// Whether they come back to the receiver. Part of the owner's state.
    public var isLoopedBack = false
    private let interrupt: Line
    private let slot: EventSlot
    private var state = State()

    /// - Parameter slot: for the end of a byte.
    public init(interrupt: Line, slot: EventSlot) {
        self.interrupt = interrupt
        self.slot = slot
        slot.connect(self)
    }

    // MARK: Ports

    public func read(_ port: UInt16, at now: Tick) -> UInt8 {
        let value = peek(port)
        if port & 1 != 0 {
            (state.isReceived, state.isOverrun) = (false, false)
            settle(at: now)
        }
        return value
    }

    public func peek(_ port: UInt16) -> UInt8 { port & 1 == 0 ? status : state.received }

    public func write(_ port: UInt16, _ value: UInt8, at now: Tick) {
        if port & 1 == 0 {
            writeControl(value)
        } else if !state.isReset {
            if state.isSending {
                (state.waiting, state.isWaiting) = (value, true)
            } else {
                send(value, at: now)
            }
        }
        settle(at: now)
    }

    private func writeControl(_ value: UInt8) {
        state.control = value
        guard state.isReset else { return }
        (state.isReceived, state.isOverrun, state.isWaiting, state.isSending) = (false, false, false, false)
        slot.disarm()
    }

    private var status: UInt8 {
        (state.isReceived ? 0b0000_0001 : 0) | (canTake ? 0b0000_0010 : 0) | (state.isOverrun ? 0b0010_0000 : 0)
            | (isInterrupting ? 0b1000_0000 : 0)
    }

    private var canTake: Bool { !state.isWaiting && !state.isReset }

    // MARK: Interrupts

    /// Bits 0 and 1 of the card's interrupt status.
    public var isTransmitInterrupt: Bool { state.control & 0b0110_0000 == 0b0010_0000 && canTake }
    public var isReceiveInterrupt: Bool {
        state.control & 0b1000_0000 != 0 && (state.isReceived || state.isOverrun)
    }

    private var isInterrupting: Bool { isTransmitInterrupt || isReceiveInterrupt }

    private func settle(at now: Tick) { interrupt.set(isInterrupting, at: now) }

    // MARK: Bytes

    private func send(_ byte: UInt8, at now: Tick) {
        (state.sending, state.isSending) = (byte, true)
        slot.arm(at: now + Motorola6850.byteTime)
        output?.sendMIDI(byte, at: now)
    }

    public func eventDue(_ slot: EventSlot, at now: Tick) {
        guard state.isSending else { return }
        state.isSending = false
        if isLoopedBack { take(state.sending) }
        if state.isWaiting {
            state.isWaiting = false
            send(state.waiting, at: now)
        }
        settle(at: now)
    }

    /// A byte has arrived. One that nobody has read meanwhile stays, and the new one is lost.
    private func take(_ byte: UInt8) {
        if state.isReceived { return state.isOverrun = true }
        (state.received, state.isReceived) = (byte, true)
    }

    // MARK: State

    private struct State {
        var control: UInt8 = 0
        var sending: UInt8 = 0
        var isSending = false
        var waiting: UInt8 = 0
        var isWaiting = false
        var received: UInt8 = 0
        var isReceived = false
        var isOverrun = false

        /// Bits 0 and 1 hold the chip in its reset.
        var isReset: Bool { control & 0b0000_0011 == 0b0000_0011 }
    }

    public var chunkID: ChunkID { ChunkID("ACIA") }
    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) {
        coder.field("control", &state.control)
        coder.field("sending", &state.sending)
        coder.field("isSending", &state.isSending)
        coder.field("waiting", &state.waiting)
        coder.field("isWaiting", &state.isWaiting)
        coder.field("received", &state.received)
        coder.field("isReceived", &state.isReceived)
        coder.field("isOverrun", &state.isOverrun)
    }

    public func stateDidRestore() { interrupt.restore(isInterrupting) }
}
