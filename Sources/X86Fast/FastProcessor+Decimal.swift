import X86

/// The decimal adjustments.
///
/// Source: Intel, The 8086 Family User's Manual (1979); undefined flags and the behaviour for inputs that are no sums of
/// decimal digits: measured by SingleStepTests/8086 and /80286.
extension FastProcessor {
    /// DAA and DAS: two adjustments by 6 and 60h. OF is that of adding (subtracting) the whole adjustment at once.
    func daa() { adjustDecimal(isSubtraction: false) }
    func das() { adjustDecimal(isSubtraction: true) }

    private func adjustDecimal(isSubtraction: Bool) {
        let al = bytes[Slot.al]
        let adjustsLow = al & 0x0F > 9 || isAuxiliary
        // With AF set, the 8086 compares with 9Fh: the low digit has been adjusted already.
        let limit: UInt8 = isOriginal && isAuxiliary ? 0x9F : 0x99
        let adjustsHigh = al > limit || isCarry
        let adjustment: UInt8 = (adjustsLow ? 0x06 : 0) &+ (adjustsHigh ? 0x60 : 0)
        let result = isSubtraction ? sub8(al, adjustment) : add8(al, adjustment)
        bytes[Slot.al] = result
        // The 80286 keeps the borrow of the low digit's adjustment.
        let borrows = is286 && isSubtraction && adjustsLow && al < 6
        setFlags(
            result: Int32(Int8(bitPattern: result)), carry: adjustsHigh || borrows, overflow: isOverflow,
            auxiliary: adjustsLow)
    }

    func aaa() { adjustASCII(isSubtraction: false) }
    func aas() { adjustASCII(isSubtraction: true) }

    /// AAA and AAS: SF, ZF, PF and OF are those of the addition to AL before its high digit is cleared.
    private func adjustASCII(isSubtraction: Bool) {
        let al = bytes[Slot.al]
        let adjusts = al & 0x0F > 9 || isAuxiliary
        let adjustment: UInt8 = adjusts ? 6 : 0
        let ax = words[Slot.ax]
        let result = isSubtraction ? sub8(al, adjustment) : add8(al, adjustment)
        if is286 {
            // The 80286 adjusts AX as a whole: AH also takes the carry of AL.
            let wide: UInt16 = adjusts ? 0x0106 : 0
            words[Slot.ax] = (isSubtraction ? ax &- wide : ax &+ wide) & 0xFF0F
        } else {
            bytes[Slot.al] = result & 0x0F
            if adjusts { bytes[Slot.ah] = isSubtraction ? bytes[Slot.ah] &- 1 : bytes[Slot.ah] &+ 1 }
        }
        setFlags(
            result: Int32(Int8(bitPattern: result)), carry: adjusts, overflow: isOverflow, auxiliary: adjusts)
    }

    /// Returns false for a divide error.
    func aam(_ divisor: UInt8) -> Bool {
        let al = bytes[Slot.al]
        guard divisor != 0 else {
            // The flags of a step of the division.
            if is286 { setOverflowFlags80286(UInt32(al), 0, 8) } else { logic8(0) }
            return false
        }
        bytes[Slot.ah] = al / divisor
        bytes[Slot.al] = logic8(al % divisor)
        return true
    }

    func aad(_ base: UInt8) {
        let product = bytes[Slot.ah] &* base
        bytes[Slot.al] = add8(bytes[Slot.al], product)
        bytes[Slot.ah] = 0
        // On an 80286, OF is a copy of CF.
        if is286 { setCarry(isCarry, overflow: isCarry) }
    }
}
