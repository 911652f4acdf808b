import Core

/// The game control adapter: four one-shots that time the resistance of the joysticks' axes, and four buttons.
///
/// - In a PC: port 201h, and by incomplete decoding 200h to 207h. A card of its own, or part of a sound card.
/// - A write starts the one-shots. Bits 0-3 read 1 while they run: 24.2 us + 0.011 us for each ohm, 0 to 100 kOhm. An
///   axis without a joystick never ends. Bits 4-7 read 0 while the buttons are pressed.
/// - Lines, interrupts: none. The bits are functions of the time of the read.
/// - Source: [PCTR] IBM Game Control Adapter.
/// - Assumption: a stick that moves while its one-shot runs changes the next run, not this one. The error is below a
///   millisecond of motion.
/// - Not implemented: the supply of power to other devices at the plug (MIDI is a matter of the sound card).
public final class GamePort: PortDevice, StateChunk {
    /// Ohms of an axis at its far end.
    public static let greatestResistance = 100_000

    public let chunkID: ChunkID
    /// Ohms; negative: nothing is plugged in.
    private var resistances = [Int32](repeating: -1, count: 4)
    /// When each one-shot ends.
    private var ends = [Tick](repeating: .zero, count: 4)
    /// Bits 0-3.
    private var pressed: UInt8 = 0

    public init(chunkID: ChunkID = ChunkID("GAME")) { self.chunkID = chunkID }

    public func attach(to ports: PortMap) { ports.attach(self, at: 0x200...0x207) }

    /// The position of axis 0-3 (A X, A Y, B X, B Y), 0 to 100,000 ohms; nil: unplugged.
    public func setAxis(_ axis: Int, ohms: Int?, at now: Tick) {
        guard resistances.indices.contains(axis) else { return }
        resistances[axis] = ohms.map { Int32(min(max($0, 0), GamePort.greatestResistance)) } ?? -1
        // Plugging in ends a run that had no end; pulling out makes one.
        if resistances[axis] < 0 { ends[axis] = .never } else if ends[axis] == .never { ends[axis] = now }
    }

    /// Button 0-3 (A1, A2, B1, B2).
    public func setButton(_ button: Int, isPressed: Bool, at now: Tick) {
        guard (0..<4).contains(button) else { return }
        pressed = isPressed ? pressed | 1 << UInt8(button) : pressed & ~(1 << UInt8(button))
    }

    /// The ohms of an axis at a place in 65,536 parts.
    public static func ohms(position: UInt16) -> Int { Int(position) * greatestResistance / 65_535 }

    /// How long the one-shot of an axis runs.
    public static func duration(ohms: Int) -> Tick {
        // 24.2 us and 0.011 us are 60,984 and 27.72 ticks.
        Tick(60_984 + Int64(min(max(ohms, 0), greatestResistance)) * 2_772 / 100)
    }

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 { peekPort(port, at: now) }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        var value = ~pressed << 4
        for axis in 0..<4 where now < ends[axis] { value |= 1 << UInt8(axis) }
        return value
    }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        for axis in 0..<4 {
            // A one-shot that runs is not started again. Source: 558 timers.
            if now < ends[axis] { continue }
            let ohms = Int(resistances[axis])
            ends[axis] = ohms < 0 ? .never : now + GamePort.duration(ohms: ohms)
        }
    }

    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) {
        for axis in 0..<4 {
            coder.field("resistance \(axis)", &resistances[axis])
            coder.field("end \(axis)", &ends[axis])
        }
        coder.field("pressed", &pressed)
        pressed &= 15
    }

    public func stateDidRestore() {}
}
