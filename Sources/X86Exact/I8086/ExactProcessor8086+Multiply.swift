import X86

/// Multiplication and division: the loops of the microcode, line by line, for their clocks and their flags.
///
/// `high` and `low` are the temporary registers A and C, which hold a product or a dividend; B holds the factor or the
/// divisor. The carry goes from rotation to rotation, as in the chip's ALU.
///
/// Source: [UCODE86] the routines CORX, CORD, NEGATE, PREIMUL, IMULCOF, MULCOF, PREIDIV, POSTIDIV, AAM and AAD.
extension ExactProcessor8086 {
    @inline(__always) private func topBit(_ isWord: Bool) -> UInt32 { isWord ? 0x8000 : 0x80 }

    // MARK: Multiplication

    func multiply(_ value: UInt16, _ isWord: Bool) {
        let w = work
        let mask = ALU8086.mask(isWord)
        let isSigned = w.pointee.modRM & 0x08 != 0
        var factor = UInt32(value)
        var low = UInt32(register(0, isWord))
        // A repeat prefix and a negative product share a flag in the microcode.
        var negates = w.pointee.repeatPrefix != 0
        ticks(2)
        if isSigned {
            ticks(3)
            let isNegative = low & topBit(isWord) != 0
            if isNegative {
                low = (0 &- low) & mask
                negates.toggle()
                ticks(2)
            }
            tick()
            negateFactor(&factor, &negates, isWord)
        }
        ticks(2)
        var (high, product) = multiplyLoop(factor, low, isWord)
        tick()
        if negates {
            tick()
            negate(&high, &product, isWord)
            negateFactor(&factor, &negates, isWord)
        }
        tick()
        finishProduct(high, product, isSigned: isSigned, isWord)
    }

    /// CORX: one addition for each bit that is set, and a rotation for each bit.
    private func multiplyLoop(_ factor: UInt32, _ value: UInt32, _ isWord: Bool) -> (high: UInt32, low: UInt32) {
        let bits = isWord ? 16 : 8
        let product = factor &* value
        ticks(2)
        var left = value
        for bit in 0..<bits {
            ticks(left & 1 != 0 ? 6 : 5)
            left >>= 1
            if bit != bits - 1 { tick() }
        }
        ticks(2)
        let mask = ALU8086.mask(isWord)
        return (product >> UInt32(bits) & mask, product & mask)
    }

    /// The end of MUL and IMUL. CF and OF say that the high half matters. The flags are those of the high half passed
    /// through (MUL), or with the sign of the low half added to it (IMUL).
    private func finishProduct(_ high: UInt32, _ low: UInt32, isSigned: Bool, _ isWord: Bool) {
        let sign: UInt32 = isSigned && low & topBit(isWord) != 0 ? 1 : 0
        let sum = ALU8086.add(high, 0, sign, isWord)
        let isWide = sum.value != 0
        // IMUL: jump, three lines; MUL: two lines, jump, two lines, jump. Then the decision, which takes three or four.
        ticks(isSigned ? 4 : 6)
        ticks(isWide ? 3 : 4)
        let kept = sum.flags & ~(Flag.carry | Flag.overflow)
        setArithmeticFlags(kept | (isWide ? Flag.carry | Flag.overflow : 0))
        if isSigned { ticks(2) }
        if isWord {
            words[Slot8086.ax] = UInt16(truncatingIfNeeded: low)
            words[Slot8086.dx] = UInt16(truncatingIfNeeded: high)
        } else {
            words[Slot8086.ax] = UInt16(truncatingIfNeeded: high << 8 | low)
        }
    }

    // MARK: Negation

    /// NEGATE: the double-width value in `high` and `low`. The clock of the next part has begun.
    @inline(__always) private func negate(_ high: inout UInt32, _ low: inout UInt32, _ isWord: Bool) {
        let mask = ALU8086.mask(isWord)
        high = (low == 0 ? 0 &- high : ~high) & mask
        low = (0 &- low) & mask
        ticks(5)
    }

    /// The absolute value of B; a negative one changes the sign of the result. With the return from the routine.
    @inline(__always) private func negateFactor(_ factor: inout UInt32, _ negates: inout Bool, _ isWord: Bool) {
        if factor & topBit(isWord) != 0 {
            factor = (0 &- factor) & ALU8086.mask(isWord)
            negates.toggle()
            ticks(5)
        } else {
            ticks(6)
        }
    }

    // MARK: Division

    func divide(_ value: UInt16, _ isWord: Bool) {
        let w = work
        let isSigned = w.pointee.modRM & 0x08 != 0
        var divisor = UInt32(value)
        let upper = isWord ? UInt32(words[Slot8086.dx]) : UInt32(bytes[Slot8086.ah])
        var high = upper
        var low = UInt32(register(0, isWord))
        var negates = w.pointee.repeatPrefix != 0
        ticks(3)
        if isSigned {
            tick()
            ticks(2)
            if high & topBit(isWord) != 0 {
                // Entered one line on, at NEGATE.
                negate(&high, &low, isWord)
                negates.toggle()
            } else {
                tick()
            }
            negateFactor(&divisor, &negates, isWord)
        }
        ticks(2)
        guard let result = divideLoop(high, low, divisor, isWord) else { return divideError() }
        var remainder = result.remainder
        var quotient = ~result.inverted & ALU8086.mask(isWord)
        ticks(2)
        if isSigned {
            ticks(2)
            // A quotient with its top bit set does not fit, 80h and 8000h included.
            guard result.isCarry else { return divideError() }
            ticks(3)
            if upper & topBit(isWord) != 0 { remainder = (0 &- remainder) & ALU8086.mask(isWord) }
            ticks(1)
            ticks(2)
            if negates { quotient = (result.inverted &+ 1) & ALU8086.mask(isWord) }
            tick()
            flags &= ~(Flag.carry | Flag.overflow)
            ticks(2)
        }
        if isWord {
            words[Slot8086.ax] = UInt16(truncatingIfNeeded: quotient)
            words[Slot8086.dx] = UInt16(truncatingIfNeeded: remainder)
        } else {
            words[Slot8086.ax] = UInt16(truncatingIfNeeded: remainder << 8 | quotient)
        }
    }

    /// CORD: a restoring division, one subtraction a bit. The quotient is collected inverted, a borrow shifting a 1 in.
    /// The flags are those of the last subtraction that was looked at: a bit that is shifted out of the high half means
    /// that the divisor fits, and the flags stay as they are. nil, in the clock behind the question, for an overflow.
    private func divideLoop(
        _ dividendHigh: UInt32, _ dividendLow: UInt32, _ divisor: UInt32, _ isWord: Bool
    ) -> (inverted: UInt32, remainder: UInt32, isCarry: Bool)? {
        let mask = ALU8086.mask(isWord)
        let bits = isWord ? 16 : 8
        let top = topBit(isWord)
        var (high, low) = (dividendHigh, dividendLow)
        var result = ALU8086.subtract(high, divisor, 0, isWord)
        ticks(3)
        setArithmeticFlags(result.flags)
        guard result.flags & Flag.carry != 0 else { return nil }
        var shiftedIn: UInt32 = 1
        for bit in 0..<bits {
            let isLast = bit == bits - 1
            let carry: UInt32 = low & top != 0 ? 1 : 0
            low = (low << 1 | shiftedIn) & mask
            let isOut = high & top != 0
            high = (high << 1 | carry) & mask
            ticks(4)
            if isOut {
                high = (high &- divisor) & mask
                shiftedIn = 0
                ticks(3)
                ticks(isLast ? 2 : 1)
                continue
            }
            result = ALU8086.subtract(high, divisor, 0, isWord)
            setArithmeticFlags(result.flags)
            ticks(2)
            if result.flags & Flag.carry == 0 {
                high = UInt32(result.value)
                shiftedIn = 0
                ticks(2)
                ticks(isLast ? 2 : 1)
            } else {
                shiftedIn = 1
                ticks(isLast ? 1 : 2)
            }
        }
        let inverted = (low << 1 | shiftedIn) & mask
        let isCarry = inverted & top != 0
        flags = flags & ~Flag.carry | (isCarry ? Flag.carry : 0)
        ticks(4)
        return (inverted, high, isCarry)
    }

    /// The jump to INT0, and interrupt 0. The address pushed is that of the next instruction.
    private func divideError() {
        ticks(3)
        enterInterrupt(0)
    }

    // MARK: AAM, AAD

    func asciiAfterMultiply() {
        let divisor = UInt32(nextByte())
        ticks(4)
        guard let result = divideLoop(0, UInt32(bytes[Slot8086.al]), divisor, false) else { return divideError() }
        tick()
        bytes[Slot8086.ah] = UInt8(truncatingIfNeeded: ~result.inverted)
        bytes[Slot8086.al] = UInt8(truncatingIfNeeded: result.remainder)
        setArithmeticFlags(ALU8086.logic(result.remainder, false).flags)
    }

    func asciiBeforeDivide() {
        let base = UInt32(nextByte())
        ticks(3)
        let (_, product) = multiplyLoop(UInt32(bytes[Slot8086.ah]), base, false)
        let result = ALU8086.add(UInt32(bytes[Slot8086.al]), product, 0, false)
        ticks(3)
        bytes[Slot8086.al] = UInt8(truncatingIfNeeded: result.value)
        bytes[Slot8086.ah] = 0
        setArithmeticFlags(result.flags)
    }
}
