/// The shape of instructions: prefixes, ModRM bytes, immediate operands.
public enum InstructionLength {
    /// Segment overrides, LOCK, REPNE, REP. (F1 is not counted: it is LOCK on an 8086 and without effect on an 80286.)
    public static func isPrefix(_ opcode: UInt8) -> Bool {
        switch opcode {
        case 0x26, 0x2E, 0x36, 0x3E, 0xF0, 0xF2, 0xF3: true
        default: false
        }
    }

    public static func hasModRM(_ opcode: UInt8) -> Bool {
        switch opcode {
        case 0x00...0x3F: opcode & 0x07 < 4 && opcode != 0x0F
        case 0x62, 0x63, 0x69, 0x6B, 0x80...0x8F, 0xC0, 0xC1, 0xC4...0xC7, 0xD0...0xD3, 0xD8...0xDF, 0xF6, 0xF7, 0xFE,
            0xFF:
            true
        default: false
        }
    }

    /// Bytes of immediate operands and direct addresses. TEST under F6 and F7 is not counted: see `length`.
    public static func immediateBytes(_ opcode: UInt8, isOriginal: Bool) -> Int {
        switch opcode {
        case 0x00...0x3F: [0, 0, 0, 0, 1, 2, 0, 0][Int(opcode & 7)]
        case 0x60...0x6F where isOriginal: 1
        case 0x6A, 0x6B, 0x70...0x7F, 0x80, 0x82, 0x83, 0xA8, 0xB0...0xB7, 0xC6, 0xCD, 0xD4, 0xD5, 0xE0...0xE7, 0xEB: 1
        case 0x68, 0x69, 0x81, 0xA0...0xA3, 0xA9, 0xB8...0xBF, 0xC2, 0xC7, 0xCA, 0xE8, 0xE9: 2
        case 0xC0, 0xC1: isOriginal ? (opcode == 0xC0 ? 2 : 0) : 1
        case 0xC8: isOriginal ? 2 : 3
        case 0x9A, 0xEA: 4
        default: 0
        }
    }

    /// The length of the 80186 or 80286 instruction whose bytes `byte` gives by index, prefixes included. Counting
    /// stops at `limit` prefixes, which no instruction that can run has.
    public static func length(limit: Int = 16, byte: (Int) -> UInt8) -> Int {
        var count = 0
        while count < limit, isPrefix(byte(count)) || byte(count) == 0xF1 { count += 1 }
        let opcode = byte(count)
        count += 1
        if opcode == 0x0F {
            let second = byte(count)
            count += 1
            return second <= 0x03 ? count + operandBytes(byte(count)) : count
        }
        guard hasModRM(opcode) else { return count + immediateBytes(opcode, isOriginal: false) }
        let modRM = byte(count)
        count += operandBytes(modRM) + immediateBytes(opcode, isOriginal: false)
        if modRM & 0x30 == 0 {
            if opcode == 0xF6 { count += 1 }
            if opcode == 0xF7 { count += 2 }
        }
        return count
    }

    /// The ModRM byte and its displacement.
    public static func operandBytes(_ modRM: UInt8) -> Int {
        switch modRM & 0xC0 {
        case 0x40: 2
        case 0x80: 3
        case 0x00 where modRM & 7 == 6: 3
        default: 1
        }
    }
}
