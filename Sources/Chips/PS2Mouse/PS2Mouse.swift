import Core

/// IBM PS/2 mouse (type 0, three bytes a report) with its own microcontroller.
///
/// - In a PC: on the auxiliary port of an 8042.
/// - Clock: its own; reports come at the sample rate through `sampleSlot`, the self-test ends through `testSlot`.
/// - Ports: none. Lines: `byteReady`.
/// - Source: IBM PS/2 Hardware Interface Technical Reference, "Mouse": modes, commands, reports, the table of the 2:1
///   scaling; [PS2MOUSE] what a command does to a report that is being sent, FCh after a second wrong byte.
/// - Assumption: a count of the host is a count at 4 counts/mm, the resolution after a reset. Movement beyond 255 counts
///   in one sample goes into the next report, so the overflow bits stay clear. The self-test takes 500 ms.
/// - Not implemented: wheels and more than three buttons: the sequences of sample rates that switch them on change the
///   rate only, and the type stays 0.
public final class PS2Mouse: MouseDevice, SerialPeripheral, EventClient, StateChunk {
    public let byteReady = Line()
    private let sampleSlot: EventSlot
    private let testSlot: EventSlot
    var state = State()

    private static let selfTestTime = Tick.milliseconds(500)

    enum Answer {
        static let acknowledge: UInt8 = 0xFA
        static let testPassed: UInt8 = 0xAA
        static let error: UInt8 = 0xFC
        static let resend: UInt8 = 0xFE
        static let type: UInt8 = 0x00
    }

    /// - Parameters:
    ///   - sampleSlot: the next report of the stream mode.
    ///   - testSlot: the end of a self-test.
    public init(sampleSlot: EventSlot, testSlot: EventSlot) {
        self.sampleSlot = sampleSlot
        self.testSlot = testSlot
        sampleSlot.connect(self)
        testSlot.connect(self)
    }

    // MARK: The hand

    public func move(dx: Int16, dy: Int16, at now: Tick) {
        // Counts at 8 to the mm, so that every resolution is a whole part of them.
        state.movement.add(dx: Int32(dx) * 2, dy: -Int32(dy) * 2)
        sampleSoon(at: now)
    }

    public func setButtons(_ buttons: UInt8, at now: Tick) {
        state.buttons = buttons & 0b111
        sampleSoon(at: now)
    }

    // MARK: Reports

    private var samplePeriod: Tick { Tick(Tick.perSecond / Int64(max(state.rate, 1))) }

    private var isStreaming: Bool { !state.isRemote && !state.isWrapping && state.isReporting && !testSlot.isArmed }

    /// Whether the next report would say anything new.
    private var hasNews: Bool { state.buttons != state.reportedButtons || state.hasMovement }

    private func sampleSoon(at now: Tick) {
        guard isStreaming, hasNews, !sampleSlot.isArmed else { return }
        sampleSlot.arm(at: max(now, state.lastSample + samplePeriod))
    }

    public func eventDue(_ slot: EventSlot, at now: Tick) {
        if slot === testSlot {
            state.output = [Answer.testPassed, Answer.type]
        } else if isStreaming, hasNews {
            state.lastSample = now
            // A report that is not yet taken keeps the next one waiting.
            if state.output.isEmpty { sendReport(isScaled: state.isScaled) }
            sampleSoon(at: now)
        }
        updateLine(at: now)
    }

    private func sendReport(isScaled: Bool) {
        let (x, y) = state.takeMovement()
        state.reportedButtons = state.buttons
        let report = PS2Mouse.report(
            buttons: state.buttons, x: isScaled ? PS2Mouse.scaled(x) : x, y: isScaled ? PS2Mouse.scaled(y) : y)
        state.output += report
        state.lastSent = report
    }

    /// Three bytes: buttons and signs, then the low bytes of `x` and `y`, each -255...255.
    static func report(buttons: UInt8, x: Int32, y: Int32) -> [UInt8] {
        let signs: UInt8 = (x < 0 ? 0b0001_0000 : 0) | (y < 0 ? 0b0010_0000 : 0)
        return [
            0b0000_1000 | buttons & 0b111 | signs, UInt8(truncatingIfNeeded: x), UInt8(truncatingIfNeeded: y),
        ]
    }

    /// 2:1 scaling of one report's counts.
    static func scaled(_ counts: Int32) -> Int32 {
        let size: Int32 =
            switch abs(counts) {
            case 0: 0
            case 1, 2: 1
            case 3: 3
            case 4: 6
            case 5: 9
            default: min(abs(counts) * 2, 255)
            }
        return counts < 0 ? -size : size
    }

    // MARK: Cable

    public func takeByte(at now: Tick) -> UInt8? {
        guard !state.output.isEmpty else { return nil }
        let byte = state.output.removeFirst()
        updateLine(at: now)
        sampleSoon(at: now)
        return byte
    }

    private func updateLine(at now: Tick) { byteReady.set(!state.output.isEmpty, at: now) }

    /// An answer of a command: it can be asked for again.
    private func answer(_ bytes: UInt8...) {
        state.output = bytes
        if bytes != [Answer.resend] && bytes != [Answer.error] { state.lastSent = bytes }
    }

    // MARK: Commands

    public func receive(_ byte: UInt8, at now: Tick) {
        // A command ends whatever is being sent.
        testSlot.disarm()
        state.output = []
        if state.isWrapping && byte != 0xEC && byte != 0xFF {
            answer(byte)
        } else if state.pendingCommand != 0 && byte < 0xE6 {
            finish(command: state.pendingCommand, byte)
        } else {
            state.pendingCommand = 0
            execute(command: byte, at: now)
        }
        updateLine(at: now)
        if !isStreaming { sampleSlot.disarm() }
        sampleSoon(at: now)
    }

    private func execute(command: UInt8, at now: Tick) {
        let wasWrong = state.wasWrong
        state.wasWrong = false
        switch command {
        case 0xE6, 0xE7: accept { $0.isScaled = command == 0xE7 }
        case 0xE8, 0xF3: accept { $0.pendingCommand = command }
        case 0xE9: answer(Answer.acknowledge, status, state.resolution, state.rate)
        case 0xEA: accept { $0.isRemote = false }
        case 0xEB:
            state.output = [Answer.acknowledge]
            sendReport(isScaled: false)
            state.lastSent = [Answer.acknowledge] + state.lastSent
        case 0xEC: accept { $0.isWrapping = false }
        case 0xEE: accept { $0.isWrapping = true }
        case 0xF0: accept { $0.isRemote = true }
        case 0xF2: answer(Answer.acknowledge, Answer.type)
        case 0xF4: accept { $0.isReporting = true }
        case 0xF5: accept { $0.isReporting = false }
        case 0xF6:
            state.setDefaults()
            answer(Answer.acknowledge)
        case 0xFE: state.output = state.lastSent
        case 0xFF:
            state.setDefaults()
            answer(Answer.acknowledge)
            testSlot.arm(at: now + PS2Mouse.selfTestTime)
        default: refuse(again: wasWrong)
        }
    }

    private func accept(_ change: (inout State) -> Void) {
        change(&state)
        state.dropMovement()
        answer(Answer.acknowledge)
    }

    private func refuse(again: Bool) {
        answer(again ? Answer.error : Answer.resend)
        state.wasWrong = !again
    }

    private func finish(command: UInt8, _ value: UInt8) {
        let isKnown = command == 0xE8 ? value <= 3 : [10, 20, 40, 60, 80, 100, 200].contains(value)
        guard isKnown else {
            let wasWrong = state.wasWrong
            if wasWrong { state.pendingCommand = 0 }
            return refuse(again: wasWrong)
        }
        state.wasWrong = false
        state.pendingCommand = 0
        accept { if command == 0xE8 { $0.resolution = value } else { $0.rate = value } }
    }

    /// The first byte of the answer to E9h. The buttons are in another order here.
    private var status: UInt8 {
        var status: UInt8 = 0
        if state.isRemote { status |= 0b0100_0000 }
        if state.isReporting { status |= 0b0010_0000 }
        if state.isScaled { status |= 0b0001_0000 }
        if state.buttons & 0b001 != 0 { status |= 0b0000_0100 }
        if state.buttons & 0b100 != 0 { status |= 0b0000_0010 }
        if state.buttons & 0b010 != 0 { status |= 0b0000_0001 }
        return status
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("MPS2") }
    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) { state.transfer(coder) }

    public func stateDidRestore() { byteReady.restore(!state.output.isEmpty) }
}
