import X86

/// NOT, NEG, MUL, IMUL, DIV and IDIV under F6 and F7.
extension FastProcessor {
    /// `next` is the address behind the instruction; the address to go on at is returned.
    @inline(never) func unaryByte(
        _ target: Place, _ modRM: UInt8, repeatPrefix: UInt8, next: UInt16
    ) throws(ProcessorFault) -> UInt16 {
        let value = read8(target)
        switch modRM >> 3 & 7 {
        case 2: write8(target, ~value)
        case 3: write8(target, sub8(0, value))
        case 4:
            let product = UInt16(bytes[Slot.al]) &* UInt16(value)
            keepProduct(product, isNegated: isOriginal && repeatPrefix != 0, isSigned: false)
        case 5:
            let product = Int16(Int8(bitPattern: bytes[Slot.al])) &* Int16(Int8(bitPattern: value))
            keepProduct(UInt16(bitPattern: product), isNegated: isOriginal && repeatPrefix != 0, isSigned: true)
        default:
            let isSigned = modRM & 0x08 != 0
            let dividend = UInt32(words[Slot.ax])
            guard
                let (quotient, remainder) = divide(
                    dividend, UInt32(value), width: 8, isSigned: isSigned, isNegated: repeatPrefix != 0)
            else { return try divideError(next: next) }
            bytes[Slot.al] = UInt8(truncatingIfNeeded: quotient)
            bytes[Slot.ah] = UInt8(truncatingIfNeeded: remainder)
        }
        return next
    }

    @inline(never) func unaryWord(
        _ target: Place, _ modRM: UInt8, repeatPrefix: UInt8, next: UInt16
    ) throws(ProcessorFault) -> UInt16 {
        let value = try read16(target)
        switch modRM >> 3 & 7 {
        case 2: try write16(target, ~value)
        case 3: try write16(target, sub16(0, value))
        case 4:
            let product = UInt32(words[Slot.ax]) &* UInt32(value)
            keepProduct(product, isNegated: isOriginal && repeatPrefix != 0, isSigned: false)
        case 5:
            let product = Int32(Int16(bitPattern: words[Slot.ax])) &* Int32(Int16(bitPattern: value))
            keepProduct(UInt32(bitPattern: product), isNegated: isOriginal && repeatPrefix != 0, isSigned: true)
        default:
            let isSigned = modRM & 0x08 != 0
            let dividend = UInt32(words[Slot.dx]) << 16 | UInt32(words[Slot.ax])
            guard
                let (quotient, remainder) = divide(
                    dividend, UInt32(value), width: 16, isSigned: isSigned, isNegated: repeatPrefix != 0)
            else { return try divideError(next: next) }
            words[Slot.ax] = UInt16(truncatingIfNeeded: quotient)
            words[Slot.dx] = UInt16(truncatingIfNeeded: remainder)
        }
        return next
    }

    // MARK: Multiplication

    private func keepProduct(_ product: UInt16, isNegated: Bool, isSigned: Bool) {
        let product = isNegated ? 0 &- product : product
        words[Slot.ax] = product
        setProductFlags(high: UInt32(product >> 8), low: UInt32(product & 0xFF), width: 8, isSigned: isSigned)
    }

    private func keepProduct(_ product: UInt32, isNegated: Bool, isSigned: Bool) {
        let product = isNegated ? 0 &- product : product
        words[Slot.ax] = UInt16(truncatingIfNeeded: product)
        words[Slot.dx] = UInt16(truncatingIfNeeded: product >> 16)
        setProductFlags(high: product >> 16, low: product & 0xFFFF, width: 16, isSigned: isSigned)
    }

    /// Flags after a multiplication. CF and OF say that the high half matters.
    ///
    /// The 8086's microcode ends with the addition of the low half's sign to the high half (IMUL) or with the high half
    /// passed through (MUL), and SF, ZF, PF and AF are of that.
    ///
    /// On an 80286, SF, ZF and PF are of the high half itself, and AF is set.
    ///
    /// Source: measured by SingleStepTests/8086 and /80286; the microcode routines IMULCOF and MULCOF.
    func setProductFlags(high: UInt32, low: UInt32, width: UInt32, isSigned: Bool) {
        let sign = isSigned ? low >> (width - 1) & 1 : 0
        let sum = signed(high &+ sign, width)
        let isWide = sum != 0
        if isOriginal {
            let auxiliary = (high & 0x0F) &+ sign > 0x0F
            setFlags(result: sum, carry: isWide, overflow: isWide, auxiliary: auxiliary)
        } else {
            setFlags(result: signed(high, width), carry: isWide, overflow: isWide, auxiliary: true)
        }
    }

    private func signed(_ value: UInt32, _ width: UInt32) -> Int32 {
        width == 8 ? Int32(Int8(truncatingIfNeeded: value)) : Int32(Int16(truncatingIfNeeded: value))
    }

    // MARK: Division

    /// Quotient and remainder, or nil for a divide error. `width` is that of the divisor.
    private func divide(
        _ dividend: UInt32, _ divisor: UInt32, width: UInt32, isSigned: Bool, isNegated: Bool
    ) -> (UInt32, UInt32)? {
        isOriginal
            ? divideAs8086(dividend, divisor, width: width, isSigned: isSigned, isNegated: isNegated)
            : divideAs80286(dividend, divisor, width: width, isSigned: isSigned)
    }

    /// Division as the 8086's microcode does it, so that the flags come out right: a restoring division of absolute
    /// values, one subtraction a bit, and the flags of the last subtraction that was looked at. A repeat prefix sets the
    /// microcode's sign flag, so that it negates the quotient of IDIV.
    ///
    /// Source: measured by SingleStepTests/8086; the microcode routines CORD, PREIDIV and POSTIDIV.
    private func divideAs8086(
        _ dividend: UInt32, _ divisor: UInt32, width: UInt32, isSigned: Bool, isNegated: Bool
    ) -> (UInt32, UInt32)? {
        let mask: UInt32 = 1 &<< width &- 1
        let top: UInt32 = 1 &<< (width &- 1)
        var dividend = dividend & (width == 8 ? 0xFFFF : .max)
        var divisor = divisor
        var negates = isNegated
        let isDividendNegative = isSigned && dividend >> (2 &* width &- 1) & 1 != 0
        if isSigned {
            if isDividendNegative {
                dividend = 0 &- dividend
                negates.toggle()
            }
            if divisor & top != 0 {
                divisor = (0 &- divisor) & mask
                negates.toggle()
            }
        }
        var high = dividend >> width & mask
        var low = dividend & mask
        subtractForDivision(high, divisor, width)
        guard isCarry else { return nil }
        // The quotient is collected inverted: a borrow shifts a 1 in.
        var shiftedIn: UInt32 = 1
        for _ in 0..<width {
            let shifted = low << 1 | shiftedIn
            low = shifted & mask
            let widened = high << 1 | shifted >> width & 1
            high = widened & mask
            if widened > mask {
                high = (high &- divisor) & mask
                shiftedIn = 0
            } else {
                subtractForDivision(high, divisor, width)
                shiftedIn = carryBit
                if shiftedIn == 0 { high = (high &- divisor) & mask }
            }
        }
        let inverted = (low << 1 | shiftedIn) & mask
        setCarry(inverted & top != 0)
        let quotient = ~inverted & mask
        guard isSigned else { return (quotient, high) }
        // A quotient with its top bit set does not fit, 80h and 8000h included.
        guard isCarry else { return nil }
        let remainder = isDividendNegative ? 0 &- high : high
        setCarry(false, overflow: false)
        return (negates ? 0 &- quotient : quotient, remainder)
    }

    private func subtractForDivision(_ a: UInt32, _ b: UInt32, _ width: UInt32) {
        if width == 8 {
            sub8(UInt8(truncatingIfNeeded: a), UInt8(truncatingIfNeeded: b))
        } else {
            sub16(UInt16(truncatingIfNeeded: a), UInt16(truncatingIfNeeded: b))
        }
    }

    /// Division as the 80286 does it. The flags say how: DIV tries one subtraction a bit, and notices at the last bit
    /// but one that the quotient does not fit; IDIV divides absolute values to the end and then looks.
    ///
    /// Source: derived from SingleStepTests/80286, whose every test it reproduces.
    private func divideAs80286(
        _ dividend: UInt32, _ divisor: UInt32, width: UInt32, isSigned: Bool
    ) -> (UInt32, UInt32)? {
        if isSigned { return divideSignedAs80286(dividend, divisor, width: width) }
        guard divisor != 0, (dividend / divisor) >> width == 0 else {
            setOverflowFlags80286(dividend, divisor, width)
            return nil
        }
        let (quotient, remainder) = dividend.quotientAndRemainder(dividingBy: divisor)
        // The last step adds the divisor back, or would carry if it did.
        let carry = quotient & 1 == 0 || (remainder &+ divisor) >> width != 0
        setFlags(result: signed(remainder, width), carry: carry, overflow: carry, auxiliary: true)
        return (quotient, remainder)
    }

    /// The flags of DIV (and AAM) that ends in a divide error: those of the trial subtraction of the last bit but one.
    func setOverflowFlags80286(_ dividend: UInt32, _ divisor: UInt32, _ width: UInt32) {
        let mask: UInt64 = 1 << UInt64(width + 1) - 1
        let divisor = UInt64(divisor)
        var low = UInt64(dividend) << UInt64(32 - width)
        var high = (low >> 32 &- divisor) & mask
        for step in 0..<width - 1 {
            low = low << 1 & 0xFFFF_FFFF_FFFF
            high = (high << 1 | low >> 32 & 1) & mask
            if step < width - 2 && high >= divisor { high = (high &- divisor) & mask }
        }
        subtractForDivision(UInt32(truncatingIfNeeded: high), UInt32(truncatingIfNeeded: divisor), width)
    }

    private func divideSignedAs80286(
        _ dividend: UInt32, _ divisor: UInt32, width: UInt32
    ) -> (UInt32, UInt32)? {
        let numerator = width == 8 ? Int64(Int16(truncatingIfNeeded: dividend)) : Int64(Int32(bitPattern: dividend))
        let denominator = Int64(signed(divisor, width))
        let limit: Int64 = 1 << Int64(width - 1)
        let quotient = denominator == 0 ? limit : numerator / denominator
        let fits = quotient >= -limit && quotient < limit
        let remainder: UInt64
        if fits {
            remainder = (numerator % denominator).magnitude
        } else {
            // What is left after all bits, in a register of the divisor's width.
            let mask: UInt64 = 1 << UInt64(width) - 1
            var high = numerator.magnitude >> UInt64(width) & mask
            for bit in 1...UInt64(width) {
                high = (high << 1 | numerator.magnitude >> (UInt64(width) - bit) & 1) & mask
                if high >= denominator.magnitude { high -= denominator.magnitude }
            }
            remainder = high
        }
        // The last step subtracts the divisor for a look: a positive one borrows, the complement of a negative one
        // does not carry. Of an overflow the divisor itself can be left. Then the look finds nothing more, and that zero
        // stays; for a negative dividend it is negated as every remainder is, which clears the carry.
        let isDivisorLeft = remainder == denominator.magnitude
        let left = isDivisorLeft ? 0 : remainder
        let result = UInt32(truncatingIfNeeded: numerator < 0 ? 0 &- left : left)
        let carry =
            (remainder < denominator.magnitude) != (denominator < 0) && !(isDivisorLeft && numerator < 0)
        setFlags(result: signed(result, width), carry: carry, overflow: carry, auxiliary: true)
        return fits ? (UInt32(truncatingIfNeeded: quotient), result) : nil
    }
}
