import X86

/// The microcode routines. Each begins in the clock of its first line and ends in the clock in which the loader may take
/// the next opcode: that of its last line, or of the line before it where the microcode announces its end (NX).
///
/// Source: [UCODE86].
extension ExactProcessor8086 {
    // MARK: Operands

    @inline(__always) var flags: UInt16 {
        get { state.pointee.flags }
        set { state.pointee.flags = newValue }
    }

    @inline(__always) func setArithmeticFlags(_ value: UInt16) {
        flags = flags & ~Flag.arithmetic | value
    }

    @inline(__always) func register(_ number: UInt8, _ isWord: Bool) -> UInt16 {
        isWord ? words[Int(number & 7)] : UInt16(bytes[Slot8086.byte(number)])
    }

    @inline(__always) func setRegister(_ number: UInt8, _ value: UInt16, _ isWord: Bool) {
        if isWord {
            words[Int(number & 7)] = value
        } else {
            bytes[Slot8086.byte(number)] = UInt8(truncatingIfNeeded: value)
        }
    }

    @inline(__always) var isMemoryOperand: Bool { work.pointee.modRM < 0xC0 }

    /// The ModRM operand, which has been loaded if it is in memory.
    @inline(__always) func operand(_ isWord: Bool) -> UInt16 {
        isMemoryOperand ? work.pointee.operand : register(work.pointee.modRM, isWord)
    }

    /// Writes the ModRM operand in memory, which ends the instruction.
    @inline(__always) func writeOperand(_ value: UInt16, _ isWord: Bool) {
        write(work.pointee.operandSlot, work.pointee.indirect, value, isWord)
    }

    @inline(__always) func setAccumulator(_ value: UInt16, _ isWord: Bool) { setRegister(0, value, isWord) }

    @inline(__always) var dataSlot: Int {
        work.pointee.overrideSlot != 0 ? work.pointee.overrideSlot : Slot8086.ds
    }

    @inline(__always) func castShadow() {
        state.pointee.isShadowed = true
        state.pointee.isShadowDeep = true
    }

    // MARK: Routines

    func execute(_ routine: Routine8086, _ isWord: Bool) {
        let w = work
        let opcode = w.pointee.opcode
        switch routine {
        case .moveRM: moveRM(opcode, isWord)
        case .moveFromSegment:
            let value = words[Slot8086.es &+ Int(w.pointee.modRM >> 3 & 3)]
            if !isMemoryOperand { return setRegister(w.pointee.modRM, value, true) }
            tick()
            writeOperand(value, true)
        case .moveToSegment:
            words[Slot8086.es &+ Int(w.pointee.modRM >> 3 & 3)] = operand(true)
            castShadow()
        case .moveAccumulatorFromDirect:
            let offset = nextWord()
            setAccumulator(read(dataSlot, offset, isWord), isWord)
            w.pointee.indirect = offset
        case .moveDirectFromAccumulator:
            let offset = nextWord()
            tick()
            w.pointee.indirect = offset
            write(dataSlot, offset, register(0, isWord), isWord)
        case .moveRegisterImmediate: setRegister(opcode, immediate(isByte: !isWord), isWord)
        case .moveMemoryImmediate:
            let value = immediate(isByte: !isWord)
            if !isMemoryOperand { return setRegister(w.pointee.modRM, value, isWord) }
            tick()
            writeOperand(value, isWord)
        case .loadAddress: setRegister(w.pointee.modRM >> 3, w.pointee.indirect, true)
        case .loadFarPointer: loadFarPointer(opcode)
        case .exchange: exchange(isWord)
        case .exchangeAX:
            tick()
            let number = Int(opcode & 7)
            let value = words[number]
            words[number] = words[Slot8086.ax]
            words[Slot8086.ax] = value
        case .translate:
            ticks(3)
            let offset = words[Slot8086.bx] &+ UInt16(bytes[Slot8086.al])
            bytes[Slot8086.al] = UInt8(truncatingIfNeeded: read(dataSlot, offset, false))
            w.pointee.indirect = offset
        case .arithmeticRM: arithmeticRM(opcode, isWord)
        case .arithmeticAccumulator:
            let value = immediate(isByte: !isWord) & (isWord ? 0xFFFF : 0xFF)
            let result = ALU8086.operate(opcode >> 3, register(0, isWord), value, carry: flags, isWord)
            setArithmeticFlags(result.flags)
            if opcode & 0x38 != 0x38 { setAccumulator(result.value, isWord) }
        case .arithmeticImmediate: arithmeticImmediate(opcode, isWord)
        case .test:
            tick()
            let value = operand(isWord) & register(w.pointee.modRM >> 3, isWord)
            setArithmeticFlags(ALU8086.logic(UInt32(value), isWord).flags)
        case .testAccumulator:
            let value = immediate(isByte: !isWord) & register(0, isWord)
            setArithmeticFlags(ALU8086.logic(UInt32(value), isWord).flags)
        case .incrementRegister:
            let number = Int(opcode & 7)
            words[number] = step(words[number], isDown: opcode & 8 != 0, true)
        case .unary: unary(isWord)
        case .step: stepOrTransfer(isWord)
        case .shiftOne:
            let result = ALU8086.shift(w.pointee.modRM >> 3, operand(isWord), flags: flags, isWord)
            setArithmeticFlags(result.flags)
            if !isMemoryOperand { return setRegister(w.pointee.modRM, result.value, isWord) }
            ticks(2)
            writeOperand(result.value, isWord)
        case .shiftCL: shiftCL(isWord)
        case .pushRegister:
            ticks(3)
            let number = Int(opcode & 7)
            // SP has been lowered when it is read.
            pushLast(number == Slot8086.sp ? words[Slot8086.sp] &- 2 : words[number])
        case .pushSegment:
            ticks(3)
            pushLast(words[Slot8086.es &+ Int(opcode >> 3 & 3)])
        case .pushFlags:
            ticks(3)
            pushLast(flags)
        case .popRegister:
            let value = pop()
            words[Int(opcode & 7)] = value
        case .popSegment:
            words[Slot8086.es &+ Int(opcode >> 3 & 3)] = pop()
            castShadow()
        case .popFlags:
            let value = pop()
            // The loader may take the next opcode, and looks at interrupts, in the clock before FLAGS are written.
            let isLate = flags & Flag.interrupt == 0 && value & Flag.interrupt != 0 && w.pointee.queueCount > 0
            flags = model.normalizedFlags(value)
            if isLate { state.pointee.isShadowed = true }
        case .popMemory:
            let offset = w.pointee.indirect
            tick()
            let value = pop()
            tick()
            w.pointee.indirect = offset
            if !isMemoryOperand { return setRegister(w.pointee.modRM, value, true) }
            ticks(2)
            writeOperand(value, true)
        default: executeMore(routine, isWord)
        }
    }

    /// What is not in the first switch, so that neither function is too long.
    @inline(__always) private func executeMore(_ routine: Routine8086, _ isWord: Bool) {
        let w = work
        let opcode = w.pointee.opcode
        switch routine {
        case .signExtendByte:
            words[Slot8086.ax] = UInt16(bitPattern: Int16(Int8(bitPattern: bytes[Slot8086.al])))
        case .signExtendWord:
            ticks(3)
            let isNegative = words[Slot8086.ax] & 0x8000 != 0
            if isNegative { tick() }
            words[Slot8086.dx] = isNegative ? 0xFFFF : 0
        case .decimalAdjust:
            ticks(2)
            let result = ALU8086.adjustDecimal(bytes[Slot8086.al], flags: flags, isSubtraction: opcode & 8 != 0)
            bytes[Slot8086.al] = UInt8(truncatingIfNeeded: result.value)
            setArithmeticFlags(result.flags)
        case .asciiAdjust: asciiAdjust(isSubtraction: opcode & 8 != 0)
        case .asciiAfterMultiply: asciiAfterMultiply()
        case .asciiBeforeDivide: asciiBeforeDivide()
        case .salc:
            tick()
            let isCarry = flags & Flag.carry != 0
            if isCarry { tick() }
            bytes[Slot8086.al] = isCarry ? 0xFF : 0
        case .storeAH:
            ticks(2)
            let mask: UInt16 = 0x00D5
            flags = flags & ~mask | UInt16(bytes[Slot8086.ah]) & mask
        case .loadAH: bytes[Slot8086.ah] = UInt8(truncatingIfNeeded: flags)
        case .wait: wait()
        case .inImmediate:
            let port = UInt16(nextByte())
            ticks(2)
            input(port, isWord)
        case .inDX: input(words[Slot8086.dx], isWord)
        case .outImmediate:
            let port = UInt16(nextByte())
            ticks(3)
            output(port, isWord)
        case .outDX:
            tick()
            output(words[Slot8086.dx], isWord)
        case .move: move(isWord)
        case .compare: compare(isWord)
        case .store: store(isWord)
        default: transfer(routine, opcode)
        }
    }

    // MARK: Moves

    @inline(__always) private func moveRM(_ opcode: UInt8, _ isWord: Bool) {
        let w = work
        if opcode & 2 != 0 { return setRegister(w.pointee.modRM >> 3, operand(isWord), isWord) }
        let value = register(w.pointee.modRM >> 3, isWord)
        if !isMemoryOperand { return setRegister(w.pointee.modRM, value, isWord) }
        ticks(2)
        writeOperand(value, isWord)
    }

    private func exchange(_ isWord: Bool) {
        let w = work
        let value = operand(isWord)
        let other = register(w.pointee.modRM >> 3, isWord)
        ticks(2)
        setRegister(w.pointee.modRM >> 3, value, isWord)
        if !isMemoryOperand { return setRegister(w.pointee.modRM, other, isWord) }
        ticks(2)
        writeOperand(other, isWord)
    }

    private func loadFarPointer(_ opcode: UInt8) {
        let w = work
        let value = operand(true)
        ticks(2)
        let offset = w.pointee.indirect &+ 2
        w.pointee.indirect = offset
        let segment = read(isMemoryOperand ? w.pointee.operandSlot : dataSlot, offset, true)
        setRegister(w.pointee.modRM >> 3, value, true)
        words[opcode & 1 == 0 ? Slot8086.es : Slot8086.ds] = segment
    }

    private func input(_ port: UInt16, _ isWord: Bool) {
        let value = access(.readPort, Slot8086.zero, port, 0, isWord)
        work.pointee.indirect = port
        tick()
        setAccumulator(value, isWord)
    }

    private func output(_ port: UInt16, _ isWord: Bool) {
        work.pointee.indirect = port
        _ = access(.writePort, Slot8086.zero, port, register(0, isWord), isWord)
    }

    // MARK: Arithmetic

    @inline(__always) private func arithmeticRM(_ opcode: UInt8, _ isWord: Bool) {
        let w = work
        tick()
        let other = register(w.pointee.modRM >> 3, isWord)
        let value = operand(isWord)
        let toRegister = opcode & 2 != 0
        let result = ALU8086.operate(
            opcode >> 3, toRegister ? other : value, toRegister ? value : other, carry: flags, isWord)
        setArithmeticFlags(result.flags)
        if opcode & 0x38 == 0x38 { return }
        if toRegister { return setRegister(w.pointee.modRM >> 3, result.value, isWord) }
        if !isMemoryOperand { return setRegister(w.pointee.modRM, result.value, isWord) }
        ticks(2)
        writeOperand(result.value, isWord)
    }

    private func arithmeticImmediate(_ opcode: UInt8, _ isWord: Bool) {
        let w = work
        let value = immediate(isByte: opcode != 0x81)
        let operation = w.pointee.modRM >> 3 & 7
        let result = ALU8086.operate(
            operation, operand(isWord), isWord ? value : value & 0xFF, carry: flags, isWord)
        setArithmeticFlags(result.flags)
        if !isMemoryOperand {
            if operation != 7 { setRegister(w.pointee.modRM, result.value, isWord) }
            return
        }
        // The end is not announced when the operand is in memory, for CMP neither.
        tick()
        if operation == 7 { return }
        tick()
        writeOperand(result.value, isWord)
    }

    /// INC and DEC, which leave CF alone.
    @inline(__always) func step(_ value: UInt16, isDown: Bool, _ isWord: Bool) -> UInt16 {
        let result =
            isDown ? ALU8086.subtract(UInt32(value), 1, 0, isWord) : ALU8086.add(UInt32(value), 1, 0, isWord)
        setArithmeticFlags(result.flags & ~Flag.carry | flags & Flag.carry)
        return result.value
    }

    /// F6 and F7: TEST, NOT, NEG, MUL, IMUL, DIV, IDIV.
    private func unary(_ isWord: Bool) {
        let w = work
        let value = operand(isWord)
        switch w.pointee.modRM >> 3 & 7 {
        case 0, 1:
            let result = immediate(isByte: !isWord) & value
            setArithmeticFlags(ALU8086.logic(UInt32(result), isWord).flags)
            if isMemoryOperand { tick() }
        case 2: storeUnary(~value & (isWord ? 0xFFFF : 0xFF), isWord)
        case 3:
            let result = ALU8086.subtract(0, UInt32(value), 0, isWord)
            setArithmeticFlags(result.flags)
            storeUnary(result.value, isWord)
        case 4, 5: multiply(value, isWord)
        default: divide(value, isWord)
        }
    }

    @inline(__always) func storeUnary(_ value: UInt16, _ isWord: Bool) {
        if !isMemoryOperand { return setRegister(work.pointee.modRM, value, isWord) }
        ticks(2)
        writeOperand(value, isWord)
    }

    /// A pass of the loop takes 4 clocks, whether bits are left in the operand or not.
    private func shiftCL(_ isWord: Bool) {
        let w = work
        let operation = w.pointee.modRM >> 3
        var value = operand(isWord)
        ticks(6)
        for _ in 0..<bytes[Slot8086.cl] {
            let result = ALU8086.shift(operation, value, flags: flags, isWord)
            setArithmeticFlags(result.flags)
            value = result.value
            ticks(4)
        }
        if !isMemoryOperand { return setRegister(w.pointee.modRM, value, isWord) }
        tick()
        writeOperand(value, isWord)
    }

    // MARK: Decimal

    /// The addition to AH is a line of its own, jumped over when there is none; that costs the same.
    private func asciiAdjust(isSubtraction: Bool) {
        let result = ALU8086.adjustASCII(bytes[Slot8086.al], flags: flags, isSubtraction: isSubtraction)
        setArithmeticFlags(result.flags)
        bytes[Slot8086.al] = UInt8(truncatingIfNeeded: result.value)
        ticks(6)
        if result.flags & Flag.carry != 0 {
            bytes[Slot8086.ah] = isSubtraction ? bytes[Slot8086.ah] &- 1 : bytes[Slot8086.ah] &+ 1
        } else {
            tick()
        }
    }
}
