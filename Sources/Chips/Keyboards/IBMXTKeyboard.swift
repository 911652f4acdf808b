import Core

/// IBM PC/XT keyboard with 83 keys.
///
/// - In a PC: on the cable to the shift register behind the 8255 of a PC or XT. It only sends, in set 1.
/// - Clock: its own; `typematicSlot` and `testSlot`.
/// - Ports: none. Lines: `byteReady`.
/// - Source: IBM PC Technical Reference, "Keyboard": 16-code buffer with overrun code FFh, every key repeats at 10
///   characters a second after half a second, reset by a clock line held low for 20 ms.
/// - Keys that it does not have: the added navigation keys, Enter, slash, Ctrl and Alt of the 101-key keyboard press
///   the keys that older programs know in their place; PrtSc is Shift and keypad asterisk; Pause is Ctrl-NumLock,
///   and Ctrl with Pause is Ctrl-ScrollLock. F11 and F12 are not there.
/// - Assumption: the self-test after a reset takes 10 ms, within the time IBM's power-on test waits for it.
public final class IBMXTKeyboard: KeyboardDevice, EventClient, StateChunk {
    public let byteReady = Line()
    private let typematicSlot: EventSlot
    private let testSlot: EventSlot
    private var state = State()

    private static let bufferSize = 16
    private static let overrun: UInt8 = 0xFF
    private static let typematicDelay = Tick.milliseconds(500)
    private static let typematicPeriod = Tick.milliseconds(100)
    private static let selfTestTime = Tick.milliseconds(10)
    /// A clock line that is low for so long resets the keyboard. IBM's BIOS holds it for 20 ms.
    private static let resetTime = Tick.microseconds(12_500)

    struct State: StateValue {
        var buffer: [UInt8] = []
        var keys = KeyMatrix()
        /// When the computer pulled the clock low.
        var heldSince = Tick.never

        mutating func transfer(_ coder: StateCoder) {
            coder.field("buffer", &buffer, limit: 64)
            coder.field("keys", &keys)
            coder.field("heldSince", &heldSince)
        }
    }

    /// - Parameters:
    ///   - typematicSlot: the next repetition of a held key.
    ///   - testSlot: the end of a self-test.
    public init(typematicSlot: EventSlot, testSlot: EventSlot) {
        self.typematicSlot = typematicSlot
        self.testSlot = testSlot
        typematicSlot.connect(self)
        testSlot.connect(self)
    }

    /// This keyboard has no lights.
    public var lights: UInt8 { 0 }

    // MARK: Cable

    public func takeByte(at now: Tick) -> UInt8? {
        guard !state.buffer.isEmpty else { return nil }
        let byte = state.buffer.removeFirst()
        byteReady.set(!state.buffer.isEmpty, at: now)
        return byte
    }

    /// The cable has no way to send a byte to this keyboard.
    public func receive(_ byte: UInt8, at now: Tick) {}

    /// The computer holds the clock line low, or lets go.
    public func setClockHeld(_ isHeld: Bool, at now: Tick) {
        if isHeld {
            if state.heldSince == .never { state.heldSince = now }
            return
        }
        let isReset = state.heldSince != .never && now - state.heldSince >= IBMXTKeyboard.resetTime
        state.heldSince = .never
        guard isReset else { return }
        state.buffer = []
        state.keys.repeating = 0
        typematicSlot.disarm()
        byteReady.set(false, at: now)
        testSlot.arm(at: now + IBMXTKeyboard.selfTestTime)
    }

    private func send(_ bytes: [UInt8], at now: Tick) {
        if state.buffer.count + bytes.count <= IBMXTKeyboard.bufferSize {
            state.buffer += bytes
        } else if state.buffer.last != IBMXTKeyboard.overrun {
            state.buffer.append(IBMXTKeyboard.overrun)
        }
        byteReady.set(!state.buffer.isEmpty, at: now)
    }

    // MARK: Keys

    public func key(_ code: UInt16, isDown: Bool, at now: Tick) {
        guard code & 0x80 == 0, state.keys.set(code, isDown: isDown) else { return }
        let bytes = bytes(code, isDown: isDown)
        if isDown && bytes.count == 1 {
            state.keys.repeating = code
            typematicSlot.arm(at: now + IBMXTKeyboard.typematicDelay)
        } else if isDown {
            state.keys.repeating = 0
        }
        if state.keys.repeating == 0 { typematicSlot.disarm() }
        if !bytes.isEmpty { send(bytes, at: now) }
    }

    private func bytes(_ code: UInt16, isDown: Bool) -> [UInt8] {
        let low = UInt8(code & 0x7F)
        switch code {
        case KeyCode.pause:
            let isControl = state.keys.isDown(KeyCode.leftControl) || state.keys.isDown(KeyCode.rightControl)
            guard isDown else { return [] }
            return isControl ? [0x46, 0xC6] : [0x1D, 0x45, 0xC5, 0x9D]
        case KeyCode.printScreen: return isDown ? [0x2A, 0x37] : [0xB7, 0xAA]
        case 0x01...0x53, 0xE001...0xE053: return [isDown ? low : low | 0x80]
        default: return []
        }
    }

    public func eventDue(_ slot: EventSlot, at now: Tick) {
        if slot === testSlot { return send([0xAA], at: now) }
        guard state.keys.repeating != 0 else { return }
        send(bytes(state.keys.repeating, isDown: true), at: now)
        typematicSlot.arm(at: now + IBMXTKeyboard.typematicPeriod)
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("KBXT") }
    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) { state.transfer(coder) }

    public func stateDidRestore() { byteReady.restore(!state.buffer.isEmpty) }
}
