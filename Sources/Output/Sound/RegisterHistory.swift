import Core

/// What the registers of all sound chips hold, so that a recording that begins amid a piece can begin with them.
///
/// It tells the recordings that are under way of what is written.
public final class RegisterHistory: SoundRegisterListener {
    /// The last value of each register of a chip, in the order in which a chip wants them.
    private var values: [SoundChip: [Int: UInt8]] = [:]
    /// The register that the last byte for the SN76489 chose.
    private var latched: UInt8 = 0
    private var listeners: [any SoundRegisterListener] = []

    public init() {}

    /// Tells `listener` what the registers hold, as of `now`, and from then on of every write.
    public func add(_ listener: any SoundRegisterListener, at now: Tick) {
        for chip in SoundChip.allCases {
            let registers = values[chip] ?? [:]
            for register in registers.keys.sorted(by: {
                RegisterHistory.rank($0, chip) < RegisterHistory.rank($1, chip)
            }) {
                listener.soundRegisterDidChange(
                    chip == .sn76489 ? 0 : register, to: registers[register] ?? 0, of: chip, at: now)
            }
        }
        listeners.append(listener)
    }

    public func remove(_ listener: any SoundRegisterListener) { listeners.removeAll { $0 === listener } }

    public func soundRegisterDidChange(_ register: Int, to value: UInt8, of chip: SoundChip, at now: Tick) {
        var place = register
        if chip == .sn76489 {
            // Bytes with bit 7 choose a register; the others are the upper half of a tone.
            if value & 0x80 != 0 { latched = value >> 4 & 7 }
            place = Int(latched) * 2 + (value & 0x80 != 0 ? 0 : 1)
        }
        values[chip, default: [:]][place] = value
        for listener in listeners {
            listener.soundRegisterDidChange(register, to: value, of: chip, at: now)
        }
    }

    /// The modes of an OPL3 decide what its other registers are; the keys come after all that they play. The SAA1099 is
    /// switched on last.
    private static func rank(_ register: Int, _ chip: SoundChip) -> Int {
        switch (chip, register) {
        case (.opl3, 0x105): -2
        case (.opl3, 0x104): -1
        case (.opl2, 0xB0...0xBD), (.secondOPL2, 0xB0...0xBD), (.opl3, 0xB0...0xBD), (.opl3, 0x1B0...0x1B8):
            register + 0x1000
        case (.saa1099, 0x1C), (.secondSAA1099, 0x1C): 0x1000
        default: register
        }
    }
}
