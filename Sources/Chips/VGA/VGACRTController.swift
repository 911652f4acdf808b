import Core

/// The CRT controller of the EGA and the VGA: 25 registers; `VGARaster` says what they mean for the beam.
///
/// Source: [IBM VGA] "CRT controller registers"; [IBM EGA] "CRT controller registers".
public struct VGACRTController: StateValue {
    public var index: UInt8 = 0
    private var registers: [UInt8]
    /// EGA: the address that the light pen saw.
    public var lightPen: UInt16 = 0

    /// As the BIOS leaves the VGA in mode 3.
    public init() { self.init(isEGA: false) }

    /// As the BIOS leaves the adapter in mode 3: 400 lines on the VGA, 350 on the EGA.
    public init(isEGA: Bool) {
        registers =
            isEGA
            ? [
                0x5B, 0x4F, 0x53, 0x37, 0x51, 0x5B, 0x6C, 0x1F, 0x00, 0x0D, 0x0B, 0x0C, 0, 0, 0, 0,
                0x5E, 0x2B, 0x5D, 0x28, 0x0F, 0x5E, 0x0A, 0xA3, 0xFF,
            ]
            : [
                0x5F, 0x4F, 0x50, 0x82, 0x55, 0x81, 0xBF, 0x1F, 0x00, 0x4F, 0x0D, 0x0E, 0, 0, 0, 0,
                0x9C, 0x8E, 0x8F, 0x28, 0x1F, 0x96, 0xB9, 0xA3, 0xFF,
            ]
    }

    /// Register `number`; those that do not exist read 0.
    public subscript(_ number: Int) -> UInt8 { registers.indices.contains(number) ? registers[number] : 0 }

    /// The value that a write of `value` leaves in the register of the index; nil if there is none. On the VGA bit 7 of
    /// register 11h protects registers 0-7, but for the line compare bit in register 7.
    public func value(writing value: UInt8, isEGA: Bool) -> UInt8? {
        let number = Int(index)
        guard registers.indices.contains(number) else { return nil }
        guard !isEGA, number < 8, registers[0x11] & 0x80 != 0 else { return value }
        return number == 7 ? registers[7] & ~0x10 | value & 0x10 : registers[number]
    }

    public mutating func set(_ number: Int, _ value: UInt8) {
        if registers.indices.contains(number) { registers[number] = value }
    }

    /// The registers of the cursor do not move the beam.
    public static func isCursorRegister(_ number: Int) -> Bool { [0x0A, 0x0B, 0x0E, 0x0F].contains(number) }

    public var cursorLocation: Int { Int(registers[0x0E]) << 8 | Int(registers[0x0F]) }
    public var isCursorOff: Bool { registers[0x0A] & 0x20 != 0 }
    public var cursorFirstLine: Int { Int(registers[0x0A] & 31) }
    public var cursorLastLine: Int { Int(registers[0x0B] & 31) }
    public var cursorSkew: Int { Int(registers[0x0B] >> 5 & 3) }
    public var underline: Int { Int(registers[0x14] & 31) }

    /// Bit 4 of register 11h lets a retrace be noted, bit 5 off lets it interrupt.
    public var notesRetrace: Bool { registers[0x11] & 0x10 != 0 }
    public var isInterruptEnabled: Bool { registers[0x11] & 0x20 == 0 }

    public mutating func transfer(_ coder: StateCoder) {
        coder.field("index", &index)
        registers.withUnsafeMutableBytes { coder.memory("registers", $0) }
        coder.field("lightPen", &lightPen)
    }
}
