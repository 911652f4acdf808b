import X86

/// What the instruction unit must know of an opcode to decode it.
enum Shape80286 {
    static let hasModRM: UInt16 = 0b0000_0001
    static let isPrefix: UInt16 = 0b0000_0010
    /// One byte of immediate operand that is extended to a word, which takes a clock more.
    static let isExtended: UInt16 = 0b0000_0100
    /// Nothing that follows is decoded before it has run.
    static let stopsDecoding: UInt16 = 0b0000_1000
    /// Fetching ends two clocks after it has been decoded, until it has run.
    static let stopsFetching: UInt16 = 0b0001_0000
    /// The ModRM byte says more: an invalid form, a transfer, an immediate operand.
    static let hasForms: UInt16 = 0b0010_0000
    /// The number of immediate bytes, in the upper byte.
    static let immediateShift: UInt16 = 8

    /// Measured: SingleStepTests/80286.
    static func of(_ opcode: UInt8) -> UInt16 {
        var shape = UInt16(InstructionLength.immediateBytes(opcode, isOriginal: false)) << immediateShift
        if InstructionLength.hasModRM(opcode) { shape |= hasModRM }
        if InstructionLength.isPrefix(opcode) || opcode == 0xF1 { shape |= isPrefix }
        switch opcode {
        case 0x6A, 0x6B, 0x70...0x7F, 0x83, 0xE3: shape |= isExtended
        case 0xE0...0xE2: shape |= isExtended | stopsFetching
        case 0xCE: shape |= stopsFetching
        case 0xEB: shape |= isExtended | stopsDecoding | stopsFetching
        case 0x9A, 0xC2, 0xC3, 0xCA, 0xCB, 0xCC, 0xCD, 0xCF, 0xE8, 0xE9, 0xEA, 0xF4:
            shape |= stopsDecoding | stopsFetching
        case 0x62, 0x63, 0x8C...0x8F, 0xC4...0xC7, 0xF6, 0xF7, 0xFE, 0xFF: shape |= hasForms
        default: break
        }
        return shape
    }
}
