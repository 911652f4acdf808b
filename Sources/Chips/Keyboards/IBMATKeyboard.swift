import Core

/// IBM AT enhanced keyboard with 101 keys (type 1), with its own microcontroller.
///
/// - In a PC: on the cable to the 8042 of an AT.
/// - Clock: its own; repeats and the self-test use `typematicSlot` and `testSlot`.
/// - Ports: none. Lines: `byteReady`.
/// - Source: IBM PS/2 Hardware Interface Technical Reference, "Keyboard (101/102-key)": commands EDh-FFh, typematic
///   rate, NumLock and Shift states of the navigation keys.
/// - Assumption: the power-on self-test is over when the machine starts. The self-test on command takes 300 ms, the
///   shortest that the reference gives.
/// - Not implemented: scan code set 3 and its commands F7h-FDh, which are answered with Resend as an unknown command.
public final class IBMATKeyboard: KeyboardDevice, EventClient, StateChunk {
    public let byteReady = Line()
    private let typematicSlot: EventSlot
    private let testSlot: EventSlot
    private var state = State()

    /// Codes held before the keyboard overruns.
    private static let bufferSize = 16
    private static let selfTestTime = Tick.milliseconds(300)

    private enum Answer {
        static let echo: UInt8 = 0xEE
        static let testPassed: UInt8 = 0xAA
        static let acknowledge: UInt8 = 0xFA
        static let resend: UInt8 = 0xFE
    }

    struct State: StateValue {
        /// Scan codes that wait for the controller.
        var buffer: [UInt8] = []
        /// Answers to commands; they go before scan codes.
        var answers: [UInt8] = []
        var lastSent: UInt8 = 0
        var keys = KeyMatrix()
        var lights: UInt8 = 0
        var scanCodeSet: UInt8 = 2
        var isScanning = true
        /// The command that waits for its second byte, or 0.
        var pendingCommand: UInt8 = 0
        /// Bits 6-5 delay, 4-0 rate, as in command F3h.
        var typematic: UInt8 = 0x2B

        mutating func transfer(_ coder: StateCoder) {
            coder.field("buffer", &buffer, limit: 64)
            coder.field("answers", &answers, limit: 64)
            coder.field("lastSent", &lastSent)
            coder.field("keys", &keys)
            coder.field("lights", &lights)
            coder.field("scanCodeSet", &scanCodeSet)
            coder.field("isScanning", &isScanning)
            coder.field("pendingCommand", &pendingCommand)
            coder.field("typematic", &typematic)
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

    public var lights: UInt8 { state.lights }

    // MARK: Cable

    public func takeByte(at now: Tick) -> UInt8? {
        let byte: UInt8
        if !state.answers.isEmpty {
            byte = state.answers.removeFirst()
        } else if !state.buffer.isEmpty {
            byte = state.buffer.removeFirst()
        } else {
            return nil
        }
        if byte != Answer.resend { state.lastSent = byte }
        updateLine(at: now)
        return byte
    }

    private func updateLine(at now: Tick) { byteReady.set(hasByte, at: now) }
    private var hasByte: Bool { !state.answers.isEmpty || !state.buffer.isEmpty }

    private func answer(_ bytes: UInt8...) { state.answers = state.answers.suffix(16) + bytes }

    /// Adds the bytes of one key; when they do not fit, the overrun code takes their place.
    private func send(_ bytes: [UInt8]) {
        if state.buffer.count + bytes.count <= IBMATKeyboard.bufferSize {
            state.buffer += bytes
        } else if state.buffer.count <= IBMATKeyboard.bufferSize {
            let overrun: UInt8 = state.scanCodeSet == 1 ? 0xFF : 0x00
            if state.buffer.last != overrun { state.buffer.append(overrun) }
        }
    }

    // MARK: Keys

    public func key(_ code: UInt16, isDown: Bool, at now: Tick) {
        let isKey = [0, 0xE0, 0xE1].contains(code >> 8) && ScanCodes.set2(UInt8(code & 0xFF)) != 0 && code & 0x80 == 0
        guard isKey, state.keys.set(code, isDown: isDown) else { return }
        if isDown {
            state.keys.repeating = code == KeyCode.pause ? 0 : code
            typematicSlot.arm(at: now + typematicDelay)
        }
        if state.keys.repeating == 0 { typematicSlot.disarm() }
        guard state.isScanning else { return }
        for stroke in strokes(code, isDown: isDown) { send(stroke.bytes(set: state.scanCodeSet)) }
        updateLine(at: now)
    }

    public func eventDue(_ slot: EventSlot, at now: Tick) {
        if slot === testSlot {
            answer(Answer.testPassed)
            state.isScanning = true
        } else if state.keys.repeating != 0 {
            if state.isScanning {
                // Only the key itself repeats; a pretended Shift stays as it is.
                if let stroke = strokes(state.keys.repeating, isDown: true).last {
                    send(stroke.bytes(set: state.scanCodeSet))
                }
            }
            typematicSlot.arm(at: now + typematicPeriod)
        }
        updateLine(at: now)
    }

    /// 250 ms to 1 s.
    private var typematicDelay: Tick { .milliseconds(250 * (Int64(state.typematic >> 5 & 3) + 1)) }

    /// (8 + A) * 2^B / 240 s, with A in bits 2-0 and B in bits 4-3.
    private var typematicPeriod: Tick {
        Tick((8 + Int64(state.typematic & 7)) << Int64(state.typematic >> 3 & 3) * (Tick.perSecond / 240))
    }

    /// The makes and breaks that a key sends in the present state of Shift, Ctrl, Alt and Num Lock.
    private func strokes(_ code: UInt16, isDown: Bool) -> [KeyStroke] {
        let key = KeyStroke(code, isBreak: !isDown)
        let isControl = state.keys.isDown(KeyCode.leftControl) || state.keys.isDown(KeyCode.rightControl)
        let isAlt = state.keys.isDown(KeyCode.leftAlt) || state.keys.isDown(KeyCode.rightAlt)
        switch code {
        case KeyCode.pause:
            guard isDown else { return [] }
            if isControl {
                return [
                    KeyStroke(KeyCode.controlBreak, isBreak: false), KeyStroke(KeyCode.controlBreak, isBreak: true),
                ]
            }
            return [
                KeyStroke(0xE11D, isBreak: false), KeyStroke(0x45, isBreak: false),
                KeyStroke(0xE11D, isBreak: true), KeyStroke(0x45, isBreak: true),
            ]
        case KeyCode.printScreen:
            if isAlt { return [KeyStroke(0x54, isBreak: !isDown)] }
            return isControl || !shifts.isEmpty ? [key] : around(key, [0xE02A], pressesShift: true)
        case KeyCode.keypadSlash:
            return around(key, shifts, pressesShift: false)
        case _ where KeyCode.navigation.contains(code):
            let isNumLock = state.lights & 0b010 != 0
            if isNumLock { return shifts.isEmpty ? around(key, [0xE02A], pressesShift: true) : [key] }
            return around(key, shifts, pressesShift: false)
        default: return [key]
        }
    }

    /// The Shift keys that are down, as the extended codes that pretend to move them.
    private var shifts: [UInt16] {
        [KeyCode.leftShift, KeyCode.rightShift].filter { state.keys.isDown($0) }.map { 0xE000 | $0 }
    }

    /// A make of `key` after, or a break of it before, pretended moves of Shift.
    private func around(_ key: KeyStroke, _ shifts: [UInt16], pressesShift: Bool) -> [KeyStroke] {
        let moves = shifts.map { KeyStroke($0, isBreak: key.isBreak == pressesShift) }
        return key.isBreak ? [key] + moves : moves + [key]
    }

    // MARK: Commands

    public func receive(_ byte: UInt8, at now: Tick) {
        testSlot.disarm()
        if state.pendingCommand != 0 && byte < 0x80 {
            finishCommand(byte)
        } else {
            state.pendingCommand = 0
            begin(command: byte, at: now)
        }
        updateLine(at: now)
    }

    private func begin(command: UInt8, at now: Tick) {
        switch command {
        case 0xED, 0xF0, 0xF3:
            state.pendingCommand = command
            answer(Answer.acknowledge)
        case 0xEE: answer(Answer.echo)
        case 0xF2: answer(Answer.acknowledge, 0xAB, 0x83)
        case 0xF4:
            state.buffer = []
            state.isScanning = true
            answer(Answer.acknowledge)
        case 0xF5, 0xF6:
            setDefaults()
            state.isScanning = command == 0xF6
            answer(Answer.acknowledge)
        case 0xFE: answer(state.lastSent)
        case 0xFF:
            setDefaults()
            state.answers = []
            state.lights = 0
            state.isScanning = false
            answer(Answer.acknowledge)
            testSlot.arm(at: now + IBMATKeyboard.selfTestTime)
        default: answer(Answer.resend)
        }
    }

    private func setDefaults() {
        state.buffer = []
        state.scanCodeSet = 2
        state.typematic = 0x2B
        state.keys.repeating = 0
        typematicSlot.disarm()
    }

    private func finishCommand(_ byte: UInt8) {
        let command = state.pendingCommand
        state.pendingCommand = 0
        switch (command, byte) {
        case (0xED, _): state.lights = byte & 0b111
        case (0xF3, _): state.typematic = byte
        case (0xF0, 0):
            answer(Answer.acknowledge, state.scanCodeSet)
            return
        case (0xF0, 1), (0xF0, 2):
            state.buffer = []
            state.scanCodeSet = byte
        default:
            answer(Answer.resend)
            return
        }
        answer(Answer.acknowledge)
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("KBAT") }
    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) { state.transfer(coder) }

    public func stateDidRestore() { byteReady.restore(hasByte) }
}
