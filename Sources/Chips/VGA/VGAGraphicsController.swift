import Core

/// The graphics controller of the EGA and the VGA: what happens to bytes between processor and planes, the memory
/// window, and the shift registers' arrangement.
///
/// Source: [IBM VGA] "Graphics controller registers".
public struct VGAGraphicsController: StateValue {
    public var index: UInt8 = 0
    /// Set/reset, enable set/reset, colour compare, rotate and function, read map, mode, miscellaneous, colour don't
    /// care, bit mask. As the BIOS leaves them in mode 3.
    private var registers: [UInt8] = [0x00, 0x00, 0x00, 0x00, 0x00, 0x10, 0x0E, 0x00, 0xFF]

    public init() {}

    /// Register `number`; those that do not exist read 0.
    public subscript(_ number: Int) -> UInt8 { registers.indices.contains(number) ? registers[number] : 0 }

    public var data: UInt8 { self[Int(index)] }

    /// Writes the register that the index names. False if it does not exist or already has the value.
    public mutating func write(_ value: UInt8) -> Bool {
        let number = Int(index)
        guard registers.indices.contains(number), registers[number] != value else { return false }
        registers[number] = value
        return true
    }

    public var isGraphics: Bool { registers[6] & 0b0001 != 0 }
    /// Address bit 0 chooses the plane and does not reach the memory.
    public var isChained: Bool { registers[6] & 0b0010 != 0 }
    /// Two bits a pixel, as the CGA has them.
    public var isInterleaved: Bool { registers[5] & 0b0010_0000 != 0 }
    /// Eight bits a pixel.
    public var isPacked: Bool { registers[5] & 0b0100_0000 != 0 }
    public var isOddEvenRead: Bool { registers[5] & 0b0001_0000 != 0 }

    /// Where the processor sees the memory.
    public var window: Range<Int> {
        switch registers[6] >> 2 & 3 {
        case 0: 0xA_0000..<0xC_0000
        case 1: 0xA_0000..<0xB_0000
        case 2: 0xB_0000..<0xB_8000
        default: 0xB_8000..<0xC_0000
        }
    }

    /// Bytes pass through unchanged: write mode 0 and read mode 0 without rotation, function, set/reset and mask.
    public var isNeutral: Bool {
        registers[1] & 0x0F == 0 && registers[3] & 0x1F == 0 && registers[5] & 0b1011 == 0 && registers[8] == 0xFF
    }

    public mutating func transfer(_ coder: StateCoder) {
        coder.field("index", &index)
        registers.withUnsafeMutableBytes { coder.memory("registers", $0) }
    }
}
