import X86

/// Shifts, multiplication, division and decimal adjustment.
///
/// Measured: SingleStepTests/80286, clocks and undefined flags.
extension ExactProcessor80286 {
    /// C0, C1, D0 to D3. A shift by a count takes a clock a bit.
    func shift(_ opcode: UInt8, count: UInt32, isCounted: Bool) throws(ProcessorFault) {
        let isWord = opcode & 1 != 0
        let value = try operand(isWord: isWord, isLast: false)
        let extra = isCounted ? 3 &+ Int(count) : 0
        guard count > 0 else {
            spend(isRegisterForm ? 5 : 1)
            return
        }
        let result = Arithmetic80286.shift(&flags, regField, value, count, isWord ? 16 : 8)
        if isRegisterForm {
            spend(extra)
            try store(result, isWord: isWord)
        } else {
            try store(result, isWord: isWord, clocks: isCounted ? 2 &+ Int(count) : 1)
        }
    }

    // MARK: F6 and F7

    func unary(_ opcode: UInt8) throws(ProcessorFault) {
        let isWord = opcode & 1 != 0
        let width: UInt32 = isWord ? 16 : 8
        let value = try operand(isWord: isWord, isLast: regField != 2 && regField != 3)
        switch regField {
        case 0, 1:
            Arithmetic80286.logic(&flags, value & UInt32(immediate), width)
            spend(isRegisterForm ? 3 : 1)
        case 2: try store(~value, isWord: isWord)
        case 3: try store(Arithmetic80286.subtract(&flags, 0, value, 0, width), isWord: isWord)
        case 4, 5:
            // 13 and 21 clocks with a register, 17 and 25 with memory.
            spend((isWord ? 21 : 13) &- (isRegisterForm ? 0 : 1))
            multiply(value, isWord: isWord, isSigned: regField == 5)
        case 6:
            // 14 and 22 clocks, 17 and 25 with memory.
            try divide(value, isWord: isWord, clocks: (isWord ? 22 : 14) &- (isRegisterForm ? 0 : 2))
        default:
            // 17 and 25 clocks, 20 and 28 with memory.
            try divideSigned(value, isWord: isWord, clocks: (isWord ? 25 : 17) &- (isRegisterForm ? 0 : 2))
        }
    }

    private func multiply(_ value: UInt32, isWord: Bool, isSigned: Bool) {
        let accumulator = register(0, isWord: isWord)
        let product: UInt32
        if isWord {
            product =
                isSigned
                ? UInt32(
                    bitPattern: Int32(Int16(truncatingIfNeeded: accumulator)) &* Int32(Int16(truncatingIfNeeded: value))
                )
                : accumulator &* value
            words[Slot80286.dx] = UInt16(truncatingIfNeeded: product >> 16)
        } else {
            product =
                isSigned
                ? UInt32(
                    bitPattern: Int32(Int8(truncatingIfNeeded: accumulator)) &* Int32(Int8(truncatingIfNeeded: value)))
                : accumulator &* value
        }
        words[Slot80286.ax] = UInt16(truncatingIfNeeded: product)
        let width: UInt32 = isWord ? 16 : 8
        let mask: UInt32 = isWord ? 0xFFFF : 0xFF
        Arithmetic80286.setProduct(
            &flags, high: product >> width & mask, low: product & mask, width: width, isSigned: isSigned)
    }

    func multiplyImmediate() throws(ProcessorFault) {
        let value = try operand(isWord: true)
        // 21 clocks with a register, 24 with memory.
        spend(isRegisterForm ? 21 : 19)
        let product = UInt32(
            bitPattern: Int32(Int16(truncatingIfNeeded: value)) &* Int32(Int16(bitPattern: immediate)))
        words[Int(regField)] = UInt16(truncatingIfNeeded: product)
        Arithmetic80286.setProduct(
            &flags, high: product >> 16, low: product & 0xFFFF, width: 16, isSigned: true)
    }

    // MARK: Division

    private func divide(_ divisor: UInt32, isWord: Bool, clocks: Int) throws(ProcessorFault) {
        let width: UInt32 = isWord ? 16 : 8
        let dividend =
            isWord ? UInt32(words[Slot80286.dx]) << 16 | UInt32(words[Slot80286.ax]) : UInt32(words[Slot80286.ax])
        spend(clocks)
        guard let (quotient, remainder) = Division80286.divide(&flags, dividend, divisor, width) else {
            throw .divideError
        }
        setRegister(0, quotient, isWord: isWord)
        setRegister(isWord ? 2 : 4, remainder, isWord: isWord)
    }

    private func divideSigned(_ divisor: UInt32, isWord: Bool, clocks: Int) throws(ProcessorFault) {
        let width: UInt32 = isWord ? 16 : 8
        let dividend =
            isWord ? UInt32(words[Slot80286.dx]) << 16 | UInt32(words[Slot80286.ax]) : UInt32(words[Slot80286.ax])
        spend(clocks)
        guard let (quotient, remainder) = Division80286.divideSigned(&flags, dividend, divisor, width) else {
            spend(2)
            throw .divideError
        }
        setRegister(0, quotient, isWord: isWord)
        setRegister(isWord ? 2 : 4, remainder, isWord: isWord)
    }

    // MARK: Decimal

    /// DAA, DAS, AAA, AAS.
    func adjust(_ opcode: UInt8) {
        let isSubtraction = opcode & 8 != 0
        let al = bytes[Slot80286.al]
        let adjustsLow = al & 0x0F > 9 || flags & Flag.auxiliary != 0
        var carry = adjustsLow
        var adjustment: UInt32 = adjustsLow ? 6 : 0
        if opcode < 0x30 {
            let adjustsHigh = al > 0x99 || flags & Flag.carry != 0
            if adjustsHigh { adjustment += 0x60 }
            // The borrow of the low digit's adjustment is kept.
            carry = adjustsHigh || isSubtraction && adjustsLow && al < 6
        }
        // OF is that of the whole adjustment at once; SF, ZF and PF of AL before AAA and AAS clear its high digit.
        let result =
            isSubtraction
            ? Arithmetic80286.subtract(&flags, UInt32(al), adjustment, 0, 8)
            : Arithmetic80286.add(&flags, UInt32(al), adjustment, 0, 8)
        if opcode < 0x30 {
            bytes[Slot80286.al] = UInt8(truncatingIfNeeded: result)
        } else {
            // AX is adjusted as a whole: AH also takes the carry of AL.
            let wide: UInt16 = adjustsLow ? 0x0106 : 0
            words[Slot80286.ax] = (isSubtraction ? words[Slot80286.ax] &- wide : words[Slot80286.ax] &+ wide) & 0xFF0F
        }
        flags =
            flags & ~(Flag.carry | Flag.auxiliary) | (carry ? Flag.carry : 0) | (adjustsLow ? Flag.auxiliary : 0)
        spend(3)
    }

    /// AAM: 16 clocks. By 0 it is a divide error.
    func adjustAfterMultiplication() throws(ProcessorFault) {
        let divisor = UInt32(immediate)
        let al = UInt32(bytes[Slot80286.al])
        spend(15)
        guard divisor != 0 else {
            Division80286.setOverflow(&flags, al, 0, 8)
            throw .divideError
        }
        spend(1)
        bytes[Slot80286.ah] = UInt8(truncatingIfNeeded: al / divisor)
        bytes[Slot80286.al] = UInt8(truncatingIfNeeded: Arithmetic80286.logic(&flags, al % divisor, 8))
    }

    func adjustBeforeDivision() {
        let product = UInt32(bytes[Slot80286.ah] &* UInt8(truncatingIfNeeded: immediate))
        bytes[Slot80286.al] = UInt8(
            truncatingIfNeeded: Arithmetic80286.add(&flags, UInt32(bytes[Slot80286.al]), product, 0, 8))
        bytes[Slot80286.ah] = 0
        // OF is a copy of CF.
        flags = flags & ~Flag.overflow | (flags & Flag.carry) << 11
        spend(14)
    }
}
