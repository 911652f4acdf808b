import X86

/// Arithmetic of the 8086: pure functions of operands and flags. `isWord` false means bytes; operands have no bits above
/// their width, and results have none either.
enum ALU8086 {
    struct Result {
        var value: UInt16
        /// The arithmetic flags; no others.
        var flags: UInt16
    }

    @inline(__always) static func mask(_ isWord: Bool) -> UInt32 { isWord ? 0xFFFF : 0xFF }

    /// SF, ZF and PF of `value`, which has no bits above its width.
    @inline(__always) static func signZeroParity(_ value: UInt32, _ isWord: Bool) -> UInt16 {
        let sign = UInt16(truncatingIfNeeded: (isWord ? value >> 8 : value) & 0x80)
        let nibble = (value ^ value >> 4) & 0x0F
        let parity: UInt16 = 0x9669 >> UInt16(truncatingIfNeeded: nibble) & 1
        return sign | (value == 0 ? Flag.zero : 0) | parity << 2
    }

    @inline(__always) static func add(_ a: UInt32, _ b: UInt32, _ carry: UInt32, _ isWord: Bool) -> Result {
        let sum = a &+ b &+ carry
        let value = sum & mask(isWord)
        return Result(
            value: UInt16(truncatingIfNeeded: value),
            flags: flags(
                sum, value, auxiliary: a ^ b ^ sum, overflow: (sum ^ a) & (sum ^ b), isWord))
    }

    @inline(__always) static func subtract(_ a: UInt32, _ b: UInt32, _ borrow: UInt32, _ isWord: Bool) -> Result {
        let difference = a &- b &- borrow
        let value = difference & mask(isWord)
        return Result(
            value: UInt16(truncatingIfNeeded: value),
            flags: flags(
                difference, value, auxiliary: a ^ b ^ difference, overflow: (a ^ b) & (difference ^ a), isWord))
    }

    /// CF is the bit of `wide` above the width, AF bit 4 of `auxiliary`, OF the top bit of `overflow`.
    @inline(__always) private static func flags(
        _ wide: UInt32, _ value: UInt32, auxiliary: UInt32, overflow: UInt32, _ isWord: Bool
    ) -> UInt16 {
        let carry = wide >> (isWord ? 16 : 8) & 1
        let over = overflow >> (isWord ? 15 : 7) & 1
        return signZeroParity(value, isWord) | UInt16(truncatingIfNeeded: carry | auxiliary & 0x10 | over << 11)
    }

    /// AND, OR and XOR clear CF, OF and, undocumented, AF.
    @inline(__always) static func logic(_ value: UInt32, _ isWord: Bool) -> Result {
        Result(value: UInt16(truncatingIfNeeded: value), flags: signZeroParity(value, isWord))
    }

    /// The operation in bits 3 to 5 of an opcode or ModRM byte: ADD OR ADC SBB AND SUB XOR CMP.
    @inline(__always) static func operate(
        _ operation: UInt8, _ a: UInt16, _ b: UInt16, carry: UInt16, _ isWord: Bool
    ) -> Result {
        let (a, b) = (UInt32(a), UInt32(b))
        switch operation & 7 {
        case 0: return add(a, b, 0, isWord)
        case 1: return logic(a | b, isWord)
        case 2: return add(a, b, UInt32(carry & 1), isWord)
        case 3: return subtract(a, b, UInt32(carry & 1), isWord)
        case 4: return logic(a & b, isWord)
        case 6: return logic(a ^ b, isWord)
        default: return subtract(a, b, 0, isWord)
        }
    }

    /// One step of the rotation or shift in bits 3 to 5 of a ModRM byte: ROL ROR RCL RCR SHL SHR SETMO SAR.
    ///
    /// The microcode shifts by one bit a pass, and every pass sets the flags, so the flags of a shift by CL are those of
    /// the last one. Rotations change CF and OF only. OF is the change of the top bit in that pass. SHL is an addition of
    /// the value to itself, so its AF is the half carry; the others clear AF.
    ///
    /// Source: [UCODE86] the operations of the ALU; [SST86] D0 to D3.
    @inline(__always) static func shift(_ operation: UInt8, _ a: UInt16, flags: UInt16, _ isWord: Bool) -> Result {
        let top: UInt32 = isWord ? 0x8000 : 0x80
        let a = UInt32(a)
        let value: UInt32
        let carry: UInt32
        switch operation & 7 {
        case 0: (value, carry) = (a << 1 & mask(isWord) | (a & top != 0 ? 1 : 0), a & top)
        case 1: (value, carry) = (a >> 1 | (a & 1 != 0 ? top : 0), a & 1)
        case 2: (value, carry) = (a << 1 & mask(isWord) | UInt32(flags & 1), a & top)
        case 3: (value, carry) = (a >> 1 | (flags & 1 != 0 ? top : 0), a & 1)
        case 4: return add(a, a, 0, isWord)
        case 5: (value, carry) = (a >> 1, a & 1)
        case 6: return Result(value: UInt16(truncatingIfNeeded: mask(isWord)), flags: Flag.sign | Flag.parity)
        default: (value, carry) = (a >> 1 | a & top, a & 1)
        }
        let changed: UInt16 = (carry != 0 ? Flag.carry : 0) | ((value ^ a) & top != 0 ? Flag.overflow : 0)
        let kept =
            operation & 4 == 0
            ? flags & (Flag.sign | Flag.zero | Flag.auxiliary | Flag.parity) : signZeroParity(value, isWord)
        return Result(value: UInt16(truncatingIfNeeded: value), flags: changed | kept)
    }

    /// DAA and DAS. The decision looks at the value before the adjustment, and with AF set compares with 9Fh, because
    /// the low digit will be adjusted in any case. OF is that of adding (subtracting) the whole adjustment at once.
    static func adjustDecimal(_ al: UInt8, flags: UInt16, isSubtraction: Bool) -> Result {
        let adjustsLow = al & 0x0F > 9 || flags & Flag.auxiliary != 0
        let limit: UInt8 = flags & Flag.auxiliary != 0 ? 0x9F : 0x99
        let adjustsHigh = al > limit || flags & Flag.carry != 0
        let adjustment: UInt32 = (adjustsLow ? 0x06 : 0) &+ (adjustsHigh ? 0x60 : 0)
        let result =
            isSubtraction ? subtract(UInt32(al), adjustment, 0, false) : add(UInt32(al), adjustment, 0, false)
        let kept = result.flags & ~(Flag.carry | Flag.auxiliary)
        return Result(
            value: result.value,
            flags: kept | (adjustsHigh ? Flag.carry : 0) | (adjustsLow ? Flag.auxiliary : 0))
    }

    /// AAA and AAS of AL: SF, ZF, PF and OF are those of the addition before the high digit is cleared. `value` is AL;
    /// CF in the flags says that AH moves by one.
    static func adjustASCII(_ al: UInt8, flags: UInt16, isSubtraction: Bool) -> Result {
        let adjusts = al & 0x0F > 9 || flags & Flag.auxiliary != 0
        let adjustment: UInt32 = adjusts ? 6 : 0
        let result =
            isSubtraction ? subtract(UInt32(al), adjustment, 0, false) : add(UInt32(al), adjustment, 0, false)
        let kept = result.flags & ~(Flag.carry | Flag.auxiliary)
        return Result(value: result.value & 0x0F, flags: kept | (adjusts ? Flag.carry | Flag.auxiliary : 0))
    }
}
