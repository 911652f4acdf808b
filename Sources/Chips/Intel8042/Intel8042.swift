import Core

/// Intel 8042 with IBM's keyboard controller program, as in the AT and, with the auxiliary port, the PS/2.
///
/// - In a PC: ports 60h (data) and 64h (commands, status).
/// - Clock: its own, taken as fast; only the time of a byte on the cable shows (about 1 ms).
/// - Lines: `keyboardInterrupt` (IRQ 1), `auxiliaryInterrupt` (IRQ 12), `a20`, `reset` (a pulse, or held while bit 0
///   of the output port is 0). The peripherals' `byteReady` lines are lines 0 and 1 of this listener.
/// - Auxiliary port: give a mouse as `auxiliary`. Without one, commands for it are taken, its interface test passes,
///   and a byte sent to it times out: FEh with the time-out bit.
/// - Source: IBM PC/AT Technical Reference, "Keyboard controller"; IBM PS/2 Hardware Interface Technical Reference,
///   "Keyboard and auxiliary device controller".
/// - Assumption: commands take no time, so the input-buffer-full bit always reads 0. A20 starts closed and the
///   keyboard disabled, as a BIOS finds them.
/// - Not implemented: ACh (diagnostic dump) and C1h, C2h (polling the input port), which are ignored; passwords: A4h
///   says that none is installed.
public final class Intel8042: PortDevice, LineListener, EventClient, StateChunk {
    public let keyboardInterrupt: Line
    public let auxiliaryInterrupt: Line
    public let a20: Line
    public let reset: Line
    private let peripherals: [any SerialPeripheral]
    private let slot: EventSlot
    private let inputPort: UInt8
    var state = State()

    /// Eleven bits at about 11 kHz.
    private static let byteTime = Tick.milliseconds(1)

    /// - Parameters:
    ///   - keyboard: on the first port.
    ///   - auxiliary: on the second port; nil for none.
    ///   - slot: the arrival of a byte from a peripheral.
    ///   - isMonochrome: the display switch of the input port.
    public init(
        keyboard: any SerialPeripheral, auxiliary: (any SerialPeripheral)? = nil, slot: EventSlot,
        keyboardInterrupt: Line, auxiliaryInterrupt: Line, a20: Line, reset: Line, isMonochrome: Bool = false
    ) {
        peripherals = [keyboard] + (auxiliary.map { [$0] } ?? [])
        self.slot = slot
        self.keyboardInterrupt = keyboardInterrupt
        self.auxiliaryInterrupt = auxiliaryInterrupt
        self.a20 = a20
        self.reset = reset
        // Not locked, manufacturing jumper open, second bank of RAM enabled.
        inputPort = 0b1011_0000 | (isMonochrome ? 0b0100_0000 : 0)
        slot.connect(self)
        for (index, peripheral) in peripherals.enumerated() {
            peripheral.byteReady.connect(to: self, as: index)
        }
    }

    // MARK: Bytes from the peripherals

    public func lineDidChange(_ line: Int, isAsserted: Bool, at now: Tick) { beginReceiving(at: now) }

    /// The first peripheral that may send and has a byte.
    private var sender: Int? {
        peripherals.indices.first { index in
            let isDisabled = state.commandByte.contains(index == 0 ? .keyboardDisabled : .auxiliaryDisabled)
            return !isDisabled && peripherals[index].byteReady.isAsserted
        }
    }

    func beginReceiving(at now: Tick) {
        if !state.isOutputFull && !slot.isArmed && sender != nil { slot.arm(at: now + Intel8042.byteTime) }
    }

    public func eventDue(_ slot: EventSlot, at now: Tick) {
        guard !state.isOutputFull, let index = sender, let byte = peripherals[index].takeByte(at: now) else { return }
        if index == 1 {
            put(byte, isAuxiliary: true, at: now)
        } else if !state.commandByte.contains(.translates) {
            put(byte, at: now)
        } else if byte == 0xF0 {
            state.isBreakPending = true
        } else {
            put(ScanCodes.translated(byte) | (state.isBreakPending ? 0x80 : 0), at: now)
            state.isBreakPending = false
        }
        beginReceiving(at: now)
    }

    /// Fills the output buffer, over whatever is in it.
    func put(_ byte: UInt8, isAuxiliary: Bool = false, isTimeout: Bool = false, at now: Tick) {
        state.outputBuffer = byte
        state.isOutputFull = true
        state.isFromAuxiliary = isAuxiliary
        state.isTimeout = isTimeout
        updateLines(at: now)
    }

    func updateLines(at now: Tick) {
        keyboardInterrupt.set(isRequestingKeyboard, at: now)
        auxiliaryInterrupt.set(isRequestingAuxiliary, at: now)
        a20.set(state.outputPort.contains(.a20), at: now)
        reset.set(!state.outputPort.contains(.notReset), at: now)
    }

    private var isRequestingKeyboard: Bool {
        state.isOutputFull && !state.isFromAuxiliary && state.commandByte.contains(.keyboardInterrupt)
    }
    private var isRequestingAuxiliary: Bool {
        state.isOutputFull && state.isFromAuxiliary && state.commandByte.contains(.auxiliaryInterrupt)
    }

    // MARK: Ports

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 {
        let value = peekPort(port, at: now)
        if port & 4 == 0 {
            state.isOutputFull = false
            state.isTimeout = false
            updateLines(at: now)
            beginReceiving(at: now)
        }
        return value
    }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        guard port & 4 != 0 else { return state.outputBuffer }
        var status: Status = [.notInhibited]
        if state.isOutputFull { status.insert(.outputFull) }
        if state.commandByte.contains(.systemFlag) { status.insert(.systemFlag) }
        if state.wasCommand { status.insert(.command) }
        if state.isOutputFull && state.isFromAuxiliary { status.insert(.auxiliaryFull) }
        if state.isTimeout { status.insert(.timeout) }
        return status.rawValue
    }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        state.wasCommand = port & 4 != 0
        if state.wasCommand {
            state.pendingCommand = 0
            execute(command: value, at: now)
        } else if state.pendingCommand != 0 {
            let command = state.pendingCommand
            state.pendingCommand = 0
            finish(command: command, value, at: now)
        } else {
            // Talking to the keyboard enables it.
            state.commandByte.remove(.keyboardDisabled)
            send(value, to: 0, at: now)
        }
        updateLines(at: now)
        beginReceiving(at: now)
    }

    private func send(_ byte: UInt8, to index: Int, at now: Tick) {
        guard index < peripherals.count else {
            return put(0xFE, isAuxiliary: true, isTimeout: true, at: now)
        }
        peripherals[index].receive(byte, at: now)
    }

    // MARK: Commands

    private func execute(command: UInt8, at now: Tick) {
        switch command {
        case 0x20: put(state.commandByte.rawValue, at: now)
        case 0x21...0x3F: put(state.ram[Int(command & 0x1F)], at: now)
        case 0x60...0x7F, 0xD1, 0xD2, 0xD3, 0xD4: state.pendingCommand = command
        case 0xA4: put(0xF1, at: now)
        case 0xA7: state.commandByte.insert(.auxiliaryDisabled)
        case 0xA8: state.commandByte.remove(.auxiliaryDisabled)
        case 0xA9, 0xAB: put(0x00, at: now)
        case 0xAA:
            state.commandByte.formUnion([.keyboardDisabled, .auxiliaryDisabled])
            put(0x55, at: now)
        case 0xAD: state.commandByte.insert(.keyboardDisabled)
        case 0xAE: state.commandByte.remove(.keyboardDisabled)
        case 0xC0: put(inputPort, at: now)
        case 0xD0: put(readOutputPort(), at: now)
        case 0xE0: put(readTestInputs(), at: now)
        case 0xF0...0xFF:
            // The named bits go low for about 6 us. Only the reset has an effect in so short a time.
            if command & 1 == 0 {
                reset.set(true, at: now)
                reset.set(false, at: now)
            }
        default: break
        }
    }

    private func finish(command: UInt8, _ value: UInt8, at now: Tick) {
        switch command {
        case 0x60: state.commandByte = CommandByte(rawValue: value)
        case 0x61...0x7F: state.ram[Int(command & 0x1F)] = value
        case 0xD1: state.outputPort = OutputPort(rawValue: value).intersection(.writable)
        case 0xD2: put(value, at: now)
        case 0xD3: put(value, isAuxiliary: true, at: now)
        case 0xD4:
            state.commandByte.remove(.auxiliaryDisabled)
            send(value, to: 1, at: now)
        default: break
        }
    }

    private func readOutputPort() -> UInt8 {
        var port = state.outputPort
        if isRequestingKeyboard { port.insert(.keyboardFull) }
        if isRequestingAuxiliary { port.insert(.auxiliaryFull) }
        if !state.commandByte.contains(.keyboardDisabled) { port.insert(.keyboardClock) }
        return port.union(.keyboardData).rawValue
    }

    /// Test inputs: bit 0 keyboard clock, bit 1 keyboard data. The lines rest high; a disabled clock is low.
    private func readTestInputs() -> UInt8 { state.commandByte.contains(.keyboardDisabled) ? 0b10 : 0b11 }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("8042") }
    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) { state.transfer(coder) }

    public func stateDidRestore() {
        keyboardInterrupt.restore(isRequestingKeyboard)
        auxiliaryInterrupt.restore(isRequestingAuxiliary)
        a20.restore(state.outputPort.contains(.a20))
        reset.restore(!state.outputPort.contains(.notReset))
    }
}
