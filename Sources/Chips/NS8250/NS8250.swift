import Core

/// National Semiconductor INS8250 or NS16450 asynchronous communications element, wired as on IBM's adapter.
///
/// - In a PC: COM1 at 3F8h with IRQ 4, COM2 at 2F8h with IRQ 3. Eight ports; the low three address lines count.
/// - Clock: 1.8432 MHz; a bit lasts 16 times the divisor.
/// - Lines: `interrupt`, which the adapter connects only while OUT2 is on. The far end of the cable is a
///   `SerialLineDevice`; the modem's lines come in by `setModemInputs`.
/// - Source: [8250] register descriptions, interrupt identification, loopback; [PCTR] Asynchronous Communications Adapter.
/// - Assumption: a character goes from the holding to the shift register at once when that is empty. Divisor 0 counts as
///   65,536. A character of another bit time than the receiver's, by more than 1/20, arrives as 00h with a framing
///   error; one with another number of bits as the receiver cuts it, with the idle line behind it. Parity is always right.
/// - Not implemented: sending a break to the cable. In loopback it is received.
public final class NS8250: PortDevice, SerialReceiver, EventClient, StateChunk {
    public enum Variant: Sendable {
        /// Without the scratch register.
        case ins8250
        case ns16450
    }

    public let interrupt: Line
    private let variant: Variant
    private weak var device: (any SerialLineDevice)?
    private let slot: EventSlot
    public let chunkID: ChunkID
    var state = State()

    /// Ticks of a bit with divisor 1: 16 periods of 1.8432 MHz.
    private static let unitBit: Int64 = 21_875

    /// - Parameters:
    ///   - slot: the end of a character that is being sent.
    ///   - device: at the far end of the cable; nil for none.
    public init(
        variant: Variant = .ins8250, slot: EventSlot, interrupt: Line, device: (any SerialLineDevice)? = nil,
        chunkID: ChunkID = ChunkID("COM1")
    ) {
        self.variant = variant
        self.slot = slot
        self.interrupt = interrupt
        self.device = device
        self.chunkID = chunkID
        slot.connect(self)
        device?.connect(to: self)
    }

    // MARK: The line

    /// What the present registers mean for a character.
    public var format: SerialFormat {
        let bits = Int(state.lcr.rawValue & 0b11) + 5
        let stop = state.lcr.contains(.twoStopBits) ? (bits == 5 ? 3 : 4) : 2
        let divisor = state.divisor == 0 ? 65_536 : Int64(state.divisor)
        return SerialFormat(
            bitTime: Tick(NS8250.unitBit * divisor), dataBits: bits, hasParity: state.lcr.contains(.parity),
            halfStopBits: stop)
    }

    private var dataMask: UInt8 { 0xFF >> (3 - state.lcr.rawValue & 0b11) }

    public func receive(_ character: UInt8, as sent: SerialFormat, at now: Tick) {
        guard !state.mcr.contains(.loop) else { return }
        let own = format
        var errors: LineStatus = []
        var byte = character
        if abs(sent.bitTime.count - own.bitTime.count) > own.bitTime.count / 20 {
            (byte, errors) = (0, .framingError)
        } else if own.dataBits > sent.dataBits {
            // The stop bit and the idle line read as ones.
            byte |= 0xFF << UInt8(truncatingIfNeeded: sent.dataBits)
        } else if own.dataBits < sent.dataBits, character >> UInt8(truncatingIfNeeded: own.dataBits) & 1 == 0 {
            errors = .framingError
        }
        take(byte & dataMask, errors, at: now)
    }

    private func take(_ byte: UInt8, _ errors: LineStatus, at now: Tick) {
        if state.lsr.contains(.dataReady) { state.lsr.insert(.overrun) }
        state.rbr = byte
        state.lsr.formUnion(errors.union(.dataReady))
        updateInterrupt(at: now)
    }

    /// The modem's lines: bit 4 Clear to Send, 5 Data Set Ready, 6 Ring Indicator, 7 Carrier Detect.
    public func setModemInputs(_ lines: UInt8, at now: Tick) {
        state.modemInputs = lines & 0xF0
        modemMayHaveChanged(at: now)
    }

    /// The lines as the chip sees them: in loopback its own outputs.
    private var modemLines: UInt8 {
        guard state.mcr.contains(.loop) else { return state.modemInputs }
        var lines: UInt8 = 0
        if state.mcr.contains(.rts) { lines |= 0b0001_0000 }
        if state.mcr.contains(.dtr) { lines |= 0b0010_0000 }
        if state.mcr.contains(.out1) { lines |= 0b0100_0000 }
        if state.mcr.contains(.out2) { lines |= 0b1000_0000 }
        return lines
    }

    private func modemMayHaveChanged(at now: Tick) {
        let (old, new) = (state.msr & 0xF0, modemLines)
        // Ring Indicator counts at its end only.
        let changed = (old ^ new) & 0b1011_0000 | old & ~new & 0b0100_0000
        state.msr = new | state.msr & 0x0F | changed >> 4
        updateInterrupt(at: now)
    }

    // MARK: Sending

    private func send(_ byte: UInt8, at now: Tick) {
        state.isTransmitInterrupt = false
        state.thr = byte
        state.lsr.remove([.holdingEmpty, .transmitterEmpty])
        if !slot.isArmed { startCharacter(at: now) }
        updateInterrupt(at: now)
    }

    private func startCharacter(at now: Tick) {
        state.tsr = state.thr & dataMask
        state.lsr.insert(.holdingEmpty)
        state.isTransmitInterrupt = true
        slot.arm(at: now + format.characterTime)
    }

    public func eventDue(_ slot: EventSlot, at now: Tick) {
        let byte = state.tsr
        let isLoop = state.mcr.contains(.loop)
        if state.lsr.contains(.holdingEmpty) {
            state.lsr.insert(.transmitterEmpty)
        } else {
            startCharacter(at: now)
        }
        if isLoop {
            let isBreak = state.lcr.contains(.breakControl)
            take(isBreak ? 0 : byte, isBreak ? [.breakReceived, .framingError] : [], at: now)
        } else {
            device?.receive(byte, as: format, at: now)
        }
        updateInterrupt(at: now)
    }

    // MARK: Interrupts

    /// The cause with the highest priority, as IIR bits 2-1; nil if there is none.
    private var cause: UInt8? {
        if state.ier & 0b0100 != 0, !state.lsr.isDisjoint(with: .errors) { return 0b110 }
        if state.ier & 0b0001 != 0, state.lsr.contains(.dataReady) { return 0b100 }
        if state.ier & 0b0010 != 0, state.isTransmitInterrupt { return 0b010 }
        if state.ier & 0b1000 != 0, state.msr & 0x0F != 0 { return 0b000 }
        return nil
    }

    /// In loopback the outputs of the modem control register are off, OUT2 among them.
    private var isInterrupting: Bool { cause != nil && state.mcr.contains(.out2) && !state.mcr.contains(.loop) }

    private func updateInterrupt(at now: Tick) { interrupt.set(isInterrupting, at: now) }

    // MARK: Ports

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 {
        let value = peekPort(port, at: now)
        switch port & 7 {
        case 0 where !state.lcr.contains(.divisorAccess): state.lsr.remove(.dataReady)
        case 2: if value == 0b010 { state.isTransmitInterrupt = false }
        case 5: state.lsr.subtract(.errors)
        case 6: state.msr &= 0xF0
        default: return value
        }
        updateInterrupt(at: now)
        return value
    }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        let isDivisor = state.lcr.contains(.divisorAccess)
        switch port & 7 {
        case 0: return isDivisor ? UInt8(truncatingIfNeeded: state.divisor) : state.rbr
        case 1: return isDivisor ? UInt8(state.divisor >> 8) : state.ier
        case 2: return cause ?? 0b001
        case 3: return state.lcr.rawValue
        case 4: return state.mcr.rawValue
        case 5: return state.lsr.rawValue
        case 6: return state.msr
        default: return variant == .ns16450 ? state.scratch : 0xFF
        }
    }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        let isDivisor = state.lcr.contains(.divisorAccess)
        switch port & 7 {
        case 0 where isDivisor: state.divisor = state.divisor & 0xFF00 | UInt16(value)
        case 0: return send(value, at: now)
        case 1 where isDivisor: state.divisor = state.divisor & 0x00FF | UInt16(value) << 8
        case 1:
            // Enabling the interrupt of an empty holding register raises it.
            if value & ~state.ier & 0b0010 != 0, state.lsr.contains(.holdingEmpty) { state.isTransmitInterrupt = true }
            state.ier = value & 0x0F
        case 3: state.lcr = LineControl(rawValue: value)
        case 4: setModemControl(ModemControl(rawValue: value & 0x1F), at: now)
        case 5:
            // For tests of the interrupts: the receiver's bits can be written.
            state.lsr = LineStatus(rawValue: state.lsr.rawValue & 0b0110_0000 | value & 0b0001_1111)
        case 6: state.msr = state.msr & 0xF0 | value & 0x0F
        case 7: state.scratch = value
        default: break
        }
        updateInterrupt(at: now)
    }

    private func setModemControl(_ control: ModemControl, at now: Tick) {
        state.mcr = control
        modemMayHaveChanged(at: now)
        let isLoop = control.contains(.loop)
        device?.setModemOutputs(dtr: control.contains(.dtr) && !isLoop, rts: control.contains(.rts) && !isLoop, at: now)
    }

    // MARK: State

    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) { state.transfer(coder) }

    public func stateDidRestore() { interrupt.restore(isInterrupting) }
}
