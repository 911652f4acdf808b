import Core

/// The sequencer of the EGA and the VGA: dot clock, planes that are written, fonts, how memory is addressed.
///
/// Source: [IBM VGA] "Sequencer registers"; [IBM EGA] "Sequencer registers".
public struct VGASequencer: StateValue {
    public var index: UInt8 = 0
    /// Reset, clocking mode, map mask, character map select, memory mode.
    private var registers: [UInt8]

    public init() { self.init(isEGA: false) }

    /// As the BIOS leaves the adapter in mode 3: the EGA has characters of eight dots.
    public init(isEGA: Bool) { registers = isEGA ? [0x03, 0x01, 0x03, 0x00, 0x03] : [0x03, 0x00, 0x03, 0x00, 0x02] }

    /// Register `number`; those that do not exist read 0.
    public subscript(_ number: Int) -> UInt8 { registers.indices.contains(number) ? registers[number] : 0 }

    /// What the data port gives.
    public var data: UInt8 { self[Int(index)] }

    /// Writes the register that the index names. False if it does not exist or already has the value.
    public mutating func write(_ value: UInt8) -> Bool {
        let number = Int(index)
        guard registers.indices.contains(number), registers[number] != value else { return false }
        registers[number] = value
        return true
    }

    /// One of the two resets holds the sequencer: nothing is displayed.
    public var isReset: Bool { registers[0] & 3 != 3 }
    public var hasEightDots: Bool { registers[1] & 0b0000_0001 != 0 }
    public var isClockHalved: Bool { registers[1] & 0b0000_1000 != 0 }
    public var isScreenOff: Bool { registers[1] & 0b0010_0000 != 0 }
    public var mapMask: UInt8 { registers[2] & 0x0F }
    /// Off, even addresses reach planes 0 and 2 and odd ones 1 and 3.
    public var isSequential: Bool { registers[4] & 0b0000_0100 != 0 }
    public var isChain4: Bool { registers[4] & 0b0000_1000 != 0 }
    /// Off, an EGA uses the first 64 KB only.
    public var hasExtendedMemory: Bool { registers[4] & 0b0000_0010 != 0 }

    /// Characters for which one load of the shift registers lasts, 1, 2 or 4: then the planes follow each other.
    public func charactersPerLoad(isEGA: Bool) -> Int {
        if !isEGA, registers[1] & 0b0001_0000 != 0 { return 4 }
        return registers[1] & 0b0000_0100 != 0 ? 2 : 1
    }

    /// Offsets in plane 2 of the fonts for attribute bit 3 off and on.
    public func fontOffsets(isEGA: Bool) -> (off: Int, on: Int) {
        let select = Int(registers[3])
        if isEGA { return ((select & 3) * 0x4000, (select >> 2 & 3) * 0x4000) }
        let off = (select & 3) * 0x4000 + (select >> 4 & 1) * 0x2000
        let on = (select >> 2 & 3) * 0x4000 + (select >> 5 & 1) * 0x2000
        return (off, on)
    }

    public mutating func transfer(_ coder: StateCoder) {
        coder.field("index", &index)
        registers.withUnsafeMutableBytes { coder.memory("registers", $0) }
    }
}
