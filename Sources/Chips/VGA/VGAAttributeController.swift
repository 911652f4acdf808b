import Core

/// The attribute controller of the EGA and the VGA: from pixels and attributes to colour numbers.
///
/// Index and data share one port; a flip-flop, reset by reading status register 1, tells them apart.
///
/// Source: [IBM VGA] "Attribute controller registers".
public struct VGAAttributeController: StateValue {
    /// Bit 5 connects the palette with the screen; off, the processor may load it.
    public private(set) var index: UInt8 = 0x20
    public private(set) var expectsData = false
    /// 16 palette registers, mode, overscan, plane enable, pixel panning, colour select.
    private var registers: [UInt8] = [
        0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x14, 0x07, 0x38, 0x39, 0x3A, 0x3B, 0x3C, 0x3D, 0x3E, 0x3F,
        0x0C, 0x00, 0x0F, 0x08, 0x00,
    ]

    public init() {}

    /// Register `number`; those that do not exist read 0.
    public subscript(_ number: Int) -> UInt8 { registers.indices.contains(number) ? registers[number] : 0 }

    public var data: UInt8 { self[Int(index & 31)] }
    public mutating func resetFlipFlop() { expectsData = false }

    /// True when `write` of `value` would change what is displayed.
    public func changesPicture(_ value: UInt8) -> Bool {
        if !expectsData { return (value ^ index) & 0x20 != 0 }
        let number = Int(index & 31)
        return registers.indices.contains(number) && registers[number] != value
    }

    public mutating func write(_ value: UInt8) {
        defer { expectsData.toggle() }
        guard expectsData else { return index = value & 0x3F }
        let number = Int(index & 31)
        if number >= 16 {
            if number < registers.count { registers[number] = value }
        } else if index & 0x20 == 0 {
            registers[number] = value & 0x3F
        }
    }

    public var isPaletteShown: Bool { index & 0x20 != 0 }
    public var isMonochrome: Bool { registers[16] & 0b0000_0010 != 0 }
    /// The ninth dot of characters C0h-DFh repeats the eighth.
    public var extendsLines: Bool { registers[16] & 0b0000_0100 != 0 }
    public var isBlinking: Bool { registers[16] & 0b0000_1000 != 0 }
    /// Below a split of the screen there is no panning.
    public var pansUpperPartOnly: Bool { registers[16] & 0b0010_0000 != 0 }
    /// Two nibbles make one pixel of eight bits.
    public var hasWidePixels: Bool { registers[16] & 0b0100_0000 != 0 }
    public var overscan: UInt8 { registers[17] }
    public var panning: Int { Int(registers[19] & 15) }

    /// Whether pixels of graphics modes blink, as in mode 0Fh. Then bit 3 changes with the blinking of characters: of all
    /// pixels if plane 3 is off, otherwise of those that have the bit; the others show 1 there.
    ///
    /// Source: [IBM VGA] mode control register, bit 3; [IBM EGA] the four attributes of mode 0Fh and its palette, in which
    /// entries 4 and 0Ch are video and black, and the pairs 1 and 9, 5 and 0Dh equal; [86BOX] pull request 3845, from what
    /// Lotus 1-2-3 and QBASIC show, for plane 3.
    /// Assumption: which of both colours comes first. A film of a real board would tell.
    public var hasBlinkingPixels: Bool { registers[16] & 0b0000_1001 == 0b0000_1001 }

    /// The number in the DAC (VGA) or on the monitor's lines (EGA) of a pixel of four bits.
    /// - Parameter isBlinkPhase: pixels that blink have their other colour.
    public func color(_ pixel: Int, isBlinkPhase: Bool = false) -> UInt8 {
        let planes = Int(registers[18] & 15)
        var number = pixel & planes
        if hasBlinkingPixels { number = number & 7 | (isBlinkPhase || planes & 8 & ~pixel != 0 ? 8 : 0) }
        let entry = registers[number]
        let select = registers[20]
        let bits54 = registers[16] & 0x80 != 0 ? select << 4 & 0x30 : entry & 0x30
        return entry & 0x0F | bits54 | select << 4 & 0xC0
    }

    public mutating func transfer(_ coder: StateCoder) {
        coder.field("index", &index)
        coder.field("expectsData", &expectsData)
        registers.withUnsafeMutableBytes { coder.memory("registers", $0) }
    }
}
