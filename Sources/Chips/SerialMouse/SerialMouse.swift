import Core

/// A serial mouse: Microsoft's with two buttons, or Mouse Systems' with three.
///
/// - In a PC: on the cable of a serial port, which feeds it from DTR and RTS.
/// - Clock: 1,200 baud; characters of 9 bits (Microsoft) or 10 (Mouse Systems) leave through `slot`.
/// - Ports, lines: none of its own.
/// - Source: [SERMOUSE] the packets and the letter M after power-on.
/// - Assumption: the letter M begins 14 ms after RTS and DTR are both on. A packet begins as soon as there is something to
///   report and the one before has left.
/// - Not implemented: the 4-byte packets of three-button mice with Microsoft's protocol; plug-and-play identification.
public final class SerialMouse: MouseDevice, SerialLineDevice, EventClient, StateChunk {
    public enum Dialect: Sendable {
        /// Three characters of 7 bits.
        case microsoft
        /// Five characters of 8 bits; the movement while the first half is sent is in the second.
        case mouseSystems
    }

    private let kind: Dialect
    private let slot: EventSlot
    private weak var receiver: (any SerialReceiver)?
    private var state = State()

    private static let wakeTime = Tick.milliseconds(14)
    /// Movement in one packet's signed byte.
    fileprivate static let range: ClosedRange<Int32> = -127...127

    struct State: StateValue {
        var movement = MouseMovement()
        var buttons: UInt8 = 0
        var reportedButtons: UInt8 = 0
        /// Characters of the present packet; the first is on the line.
        var output: [UInt8] = []
        var isPowered = false
        /// The second half of a Mouse Systems packet is still to be made.
        var hasSecondHalf = false

        mutating func transfer(_ coder: StateCoder) {
            coder.field("movement", &movement)
            coder.field("buttons", &buttons)
            coder.field("reportedButtons", &reportedButtons)
            coder.field("output", &output, limit: 8)
            coder.field("isPowered", &isPowered)
            coder.field("hasSecondHalf", &hasSecondHalf)
        }

        mutating func takeMovement() -> (x: Int32, y: Int32) {
            let x = min(max(movement.x, SerialMouse.range.lowerBound), SerialMouse.range.upperBound)
            let y = min(max(movement.y, SerialMouse.range.lowerBound), SerialMouse.range.upperBound)
            movement.add(dx: -x, dy: -y)
            return (x, y)
        }
    }

    /// - Parameter slot: the end of the character on the line.
    public init(_ kind: Dialect = .microsoft, slot: EventSlot) {
        self.kind = kind
        self.slot = slot
        slot.connect(self)
    }

    /// 1,200 baud.
    private var format: SerialFormat {
        SerialFormat(bitTime: Tick(Tick.perSecond / 1_200), dataBits: kind == .microsoft ? 7 : 8)
    }

    // MARK: The hand

    public func move(dx: Int16, dy: Int16, at now: Tick) {
        guard state.isPowered else { return }
        state.movement.add(dx: Int32(dx), dy: Int32(dy))
        beginPacket(at: now)
    }

    public func setButtons(_ buttons: UInt8, at now: Tick) {
        state.buttons = buttons & 0b111
        beginPacket(at: now)
    }

    // MARK: The cable

    public func connect(to receiver: any SerialReceiver) { self.receiver = receiver }

    /// The mouse does not listen.
    public func receive(_ character: UInt8, as format: SerialFormat, at now: Tick) {}

    public func setModemOutputs(dtr: Bool, rts: Bool, at now: Tick) {
        let isPowered = dtr && rts
        guard isPowered != state.isPowered else { return }
        state.isPowered = isPowered
        state.output = []
        state.hasSecondHalf = false
        state.movement = MouseMovement()
        state.reportedButtons = 0
        slot.disarm()
        guard isPowered, kind == .microsoft else { return }
        state.output = [UInt8(ascii: "M")]
        slot.arm(at: now + SerialMouse.wakeTime + format.characterTime)
    }

    // MARK: Packets

    private var knownButtons: UInt8 { state.buttons & (kind == .microsoft ? 0b011 : 0b111) }

    private func beginPacket(at now: Tick) {
        let hasNews = state.movement != MouseMovement() || knownButtons != state.reportedButtons
        guard state.isPowered, state.output.isEmpty, hasNews else { return }
        state.reportedButtons = knownButtons
        let (x, y) = state.takeMovement()
        switch kind {
        case .microsoft: state.output = SerialMouse.microsoftPacket(buttons: knownButtons, x: x, y: y)
        case .mouseSystems:
            // Buttons that are down are zeros: left, middle, right.
            let up = ~knownButtons
            let order = (up & 1) << 2 | (up & 4) >> 1 | (up & 2) >> 1
            state.output = [0b1000_0000 | order, UInt8(truncatingIfNeeded: x), UInt8(truncatingIfNeeded: -y)]
            state.hasSecondHalf = true
        }
        slot.arm(at: now + format.characterTime)
    }

    /// Bit 6 marks the first character; it holds the buttons and the high bits of Y and X.
    static func microsoftPacket(buttons: UInt8, x: Int32, y: Int32) -> [UInt8] {
        let (x, y) = (UInt8(truncatingIfNeeded: x), UInt8(truncatingIfNeeded: y))
        let keys = (buttons & 1) << 5 | (buttons & 2) << 3
        return [0b0100_0000 | keys | (y >> 6) << 2 | x >> 6, x & 0x3F, y & 0x3F]
    }

    public func eventDue(_ slot: EventSlot, at now: Tick) {
        guard !state.output.isEmpty else { return }
        let character = state.output.removeFirst()
        if state.output.isEmpty, state.hasSecondHalf {
            state.hasSecondHalf = false
            let (x, y) = state.takeMovement()
            state.output = [UInt8(truncatingIfNeeded: x), UInt8(truncatingIfNeeded: -y)]
        }
        if !state.output.isEmpty { slot.arm(at: now + format.characterTime) }
        receiver?.receive(character, as: format, at: now)
        beginPacket(at: now)
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("MSER") }
    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) { state.transfer(coder) }

    public func stateDidRestore() {}
}
