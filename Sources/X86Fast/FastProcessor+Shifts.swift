import X86

/// Shifts and rotates, in closed form. Flags are those of the last of the single steps that the chips make.
///
/// Source: undefined flags as measured by SingleStepTests/8086 and /80286: OF is that of the last step; AF of SHL is the
/// half carry of the last addition of the value to itself; SHR and SAR clear AF on an 8086 and set it on an 80286.
extension FastProcessor {
    @inline(__always) func chargeShift(_ d: inout Decoder, _ count: UInt8) {
        d.budget &-= Int(isOriginal ? count : count & 0x1F) &* tables.shiftBit.pointee
    }

    @inline(__always) func chargeGroup(_ d: inout Decoder, _ group: InstructionClocks.Group, _ modRM: UInt8) {
        let entry = group.rawValue &* 8 &+ Int(modRM >> 3 & 7)
        d.budget &-= Int(modRM >= 0xC0 ? tables.group[entry] : tables.groupMemory[entry])
    }

    /// SHR of a register by one, in line.
    @inline(__always) func shiftRight16(_ a: UInt16) -> UInt16 {
        let a = UInt32(a)
        work.pointee.result = Int32(bitPattern: a >> 1)
        work.pointee.carries = (a & 1) << 31 | ((a ^ a >> 15) & 1) << 30 | shiftAuxiliary
        return UInt16(truncatingIfNeeded: a >> 1)
    }

    @inline(never) func shiftByte(_ target: Place, _ modRM: UInt8, count: UInt8) {
        let value = read8(target)
        let count = isOriginal ? count : count & 0x1F
        let result = count == 0 ? value : UInt8(truncatingIfNeeded: shift(modRM, UInt32(value), Int(count), width: 8))
        write8(target, result)
    }

    @inline(never) func shiftWord(_ target: Place, _ modRM: UInt8, count: UInt8) throws(ProcessorFault) {
        let value = try read16(target)
        let count = isOriginal ? count : count & 0x1F
        let result =
            count == 0 ? value : UInt16(truncatingIfNeeded: shift(modRM, UInt32(value), Int(count), width: 16))
        try write16(target, result)
    }

    /// `count` is 1 to 255, `width` 8 or 16. Bits of the result above the width are undefined.
    @inline(__always) private func shift(_ modRM: UInt8, _ a: UInt32, _ count: Int, width: Int) -> UInt32 {
        let top = width &- 1
        let mask: UInt32 = 1 &<< UInt32(width) &- 1
        switch modRM >> 3 & 7 {
        case 0:
            let n = count & top
            let r = (a &<< UInt32(n) | a &>> UInt32(width &- n)) & mask
            let carry = r & 1 != 0
            setCarry(carry, overflow: carry != bit(r, top))
            return r
        case 1:
            let n = count & top
            let r = (a &>> UInt32(n) | a &<< UInt32(width &- n)) & mask
            setCarry(bit(r, top), overflow: bit(r, top) != bit(r, top &- 1))
            return r
        case 2:
            // Rotating through carry is rotating a value of one bit more.
            let n = count % (width &+ 1)
            let wide = UInt64(a) | UInt64(carryBit) << UInt64(width)
            let r = UInt32(truncatingIfNeeded: (wide << UInt64(n)) | (wide >> UInt64(width &+ 1 &- n)))
            setCarry(bit(r, width), overflow: bit(r, width) != bit(r, top))
            return r
        case 3:
            let n = count % (width &+ 1)
            let wide = UInt64(a) | UInt64(carryBit) << UInt64(width)
            let r = UInt32(truncatingIfNeeded: (wide >> UInt64(n)) | (wide << UInt64(width &+ 1 &- n)))
            setCarry(bit(r, width), overflow: bit(r, top) != bit(r, top &- 1))
            return r
        case 4: return shiftLeft(a, count, width)
        case 5:
            let r = count < width ? a &>> UInt32(count) : 0
            let carry = count <= width && bit(a, count &- 1)
            let overflow = count == 1 && bit(a, top)
            setFlags(result: signed(r, width), carry: carry, overflow: overflow, auxiliary: !isOriginal)
            return r
        case 6:
            if !isOriginal { return shiftLeft(a, count, width) }
            // SETMO, SETMOC: all bits set.
            setFlags(result: -1, carry: false, overflow: false, auxiliary: false)
            return mask
        default:
            let wide = signed(a, width)
            let r = wide >> Int32(min(count, 31))
            let carry = wide >> Int32(min(count &- 1, 31)) & 1 != 0
            setFlags(result: r, carry: carry, overflow: false, auxiliary: !isOriginal)
            return UInt32(bitPattern: r)
        }
    }

    @inline(__always) private func shiftLeft(_ a: UInt32, _ count: Int, _ width: Int) -> UInt32 {
        let r = count < width ? a &<< UInt32(count) : 0
        let carry = count <= width && bit(a, width &- count)
        let auxiliary = count <= 4 && bit(a, 4 &- count)
        let result = signed(r, width)
        setFlags(result: result, carry: carry, overflow: carry != (result < 0), auxiliary: auxiliary)
        return r
    }

    @inline(__always) private func bit(_ value: UInt32, _ index: Int) -> Bool { value &>> UInt32(index) & 1 != 0 }

    @inline(__always) private func signed(_ value: UInt32, _ width: Int) -> Int32 {
        width == 8 ? Int32(Int8(truncatingIfNeeded: value)) : Int32(Int16(truncatingIfNeeded: value))
    }
}
