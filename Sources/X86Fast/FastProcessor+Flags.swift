import X86

/// Flags are kept as the last result and its carries, and made when somebody looks.
extension FastProcessor {
    @inline(__always) var isCarry: Bool { Int32(bitPattern: work.pointee.carries) < 0 }
    @inline(__always) var carryBit: UInt32 { work.pointee.carries >> 31 }
    @inline(__always) var isZero: Bool { work.pointee.result == 0 }
    @inline(__always) var isAuxiliary: Bool { work.pointee.carries & 8 != 0 }
    @inline(__always) var isSign: Bool {
        Int32(bitPattern: UInt32(bitPattern: work.pointee.result) ^ (work.pointee.carries << 31)) < 0
    }
    @inline(__always) var isOverflow: Bool {
        Int32(bitPattern: work.pointee.carries ^ (work.pointee.carries << 1)) < 0
    }
    @inline(__always) var isParity: Bool {
        let carries = work.pointee.carries
        return tables.oddParity[Int(UInt8(truncatingIfNeeded: work.pointee.result))] ^ UInt8(carries >> 8 & 1) == 0
    }

    /// FLAGS, complete.
    var flags: UInt16 {
        var value = state.pointee.flags & ~Flag.arithmetic
        if isCarry { value |= Flag.carry }
        if isParity { value |= Flag.parity }
        if isAuxiliary { value |= Flag.auxiliary }
        if isZero { value |= Flag.zero }
        if isSign { value |= Flag.sign }
        if isOverflow { value |= Flag.overflow }
        return value
    }

    /// Takes all of FLAGS; `value` is normalized.
    func loadFlags(_ value: UInt16) {
        state.pointee.flags = value
        setArithmeticFlags(value)
    }

    /// Takes the six arithmetic flags of `value`.
    func setArithmeticFlags(_ value: UInt16) {
        let isZero = value & Flag.zero != 0
        work.pointee.result = isZero ? 0 : 1
        // The results 0 and 1 are positive; 0 has even parity, 1 odd.
        let flipsParity = (value & Flag.parity != 0) != isZero
        let carry: UInt32 = value & Flag.carry != 0 ? 1 : 0
        let overflow: UInt32 = value & Flag.overflow != 0 ? 1 : 0
        work.pointee.carries =
            carry << 31 | (carry ^ overflow) << 30 | (flipsParity ? 0x100 : 0) | UInt32(value & Flag.auxiliary) >> 1
            | (value & Flag.sign != 0 ? 1 : 0)
    }

    /// Changes CF and OF only.
    @inline(__always) func setCarry(_ carry: Bool, overflow: Bool) {
        let c: UInt32 = carry ? 0x8000_0000 : 0
        let o: UInt32 = carry != overflow ? 0x4000_0000 : 0
        work.pointee.carries = work.pointee.carries & 0x3FFF_FFFF | c | o
    }

    /// Changes CF only.
    @inline(__always) func setCarry(_ carry: Bool) { setCarry(carry, overflow: isOverflow) }

    /// Sets SF, ZF and PF from a result, and the three others as given.
    func setFlags(result: Int32, carry: Bool, overflow: Bool, auxiliary: Bool) {
        work.pointee.result = result
        work.pointee.carries = auxiliary ? 8 : 0
        setCarry(carry, overflow: overflow)
    }

    /// The condition of the jumps 70-7F, by the low four bits of the opcode.
    @inline(__always) func isBelowOrEqual() -> Bool { isCarry || isZero }
    @inline(__always) func isLess() -> Bool { isSign != isOverflow }
    @inline(__always) func isLessOrEqual() -> Bool { isZero || isLess() }
}
