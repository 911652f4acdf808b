import X86

/// The execution unit: what each instruction does, and in which clocks.
///
/// `spend` stands where the unit works without the bus; a comment gives the clocks of the whole instruction where the
/// code does not show them. Intel's figures hold for nearly all forms.
///
/// Source: [80286PRM] appendix B. Measured: SingleStepTests/80286.
extension ExactProcessor80286 {
    func execute() throws(ProcessorFault) {
        if instruction.pointee.fault != 0xFF {
            throw ProcessorFault(rawValue: instruction.pointee.fault) ?? .invalidOpcode
        }
        let opcode = instruction.pointee.opcode
        switch operations[Int(opcode)] {
        case .arithmetic: try arithmetic(opcode)
        case .pushSegment: try pushWord(words[Slot80286.es + Int(opcode >> 3)])
        case .popSegment:
            let value = try popWord()
            loadSegment(Slot80286.es + Int(opcode >> 3), value)
            if opcode == 0x17 { castShadow(isDeep: true) }
        case .system: try system()
        case .adjust: adjust(opcode)
        case .stepRegister:
            let value = register(opcode & 7, isWord: true)
            let result =
                opcode < 0x48
                ? Arithmetic80286.increment(&flags, value, 16) : Arithmetic80286.decrement(&flags, value, 16)
            setRegister(opcode & 7, result, isWord: true)
            spend(2)
        case .pushRegister: try pushWord(words[Int(opcode & 7)])
        case .popRegister:
            let value = try popWord()
            words[Int(opcode & 7)] = value
        case .pushAll: try pushAll()
        case .popAll: try popAll()
        case .bound: try bound()
        case .pushImmediate: try pushWord(immediate)
        case .multiplyImmediate: try multiplyImmediate()
        case .string: try string()
        case .jumpIf: jumpShort(if: condition(opcode), untaken: 3)
        case .arithmeticImmediate: try arithmeticImmediate(opcode)
        case .test: try test(opcode)
        case .exchange: try exchange(opcode)
        case .move: try move(opcode)
        case .moveSegment: try moveSegment(opcode)
        case .loadAddress:
            let offset = place.offset
            spend(addsThree ? 4 : 3)
            setRegister(regField, UInt32(offset), isWord: true)
        case .popOperand: try popOperand()
        case .exchangeAccumulator:
            let slot = Int(opcode & 7)
            (words[slot], words[Slot80286.ax]) = (words[Slot80286.ax], words[slot])
            spend(3)
        case .extendByte:
            words[Slot80286.ax] = UInt16(bitPattern: Int16(Int8(bitPattern: bytes[Slot80286.al])))
            spend(2)
        case .extendWord:
            words[Slot80286.dx] = words[Slot80286.ax] & 0x8000 != 0 ? 0xFFFF : 0
            spend(2)
        case .callFar:
            try callFar(UInt16(truncatingIfNeeded: instruction.pointee.immediate >> 16), immediate, clocks: 4)
        case .wait: try wait()
        case .pushFlags: try pushWord(flags)
        case .popFlags:
            let value = try popWord()
            spend(1)
            flags = model.normalizedFlags(value)
        case .storeFlags:
            flags = flags & ~0x00D5 | UInt16(bytes[Slot80286.ah]) & 0x00D5
            spend(2)
        case .loadFlags:
            bytes[Slot80286.ah] = UInt8(truncatingIfNeeded: flags)
            spend(2)
        case .moveDirect: try moveDirect(opcode)
        case .testImmediate:
            let isWord = opcode & 1 != 0
            Arithmetic80286.logic(&flags, register(0, isWord: isWord) & UInt32(immediate), isWord ? 16 : 8)
            spend(3)
        case .moveRegisterImmediate:
            setRegister(opcode & 7, UInt32(immediate), isWord: opcode >= 0xB8)
            spend(2)
        case .shiftByImmediate: try shift(opcode, count: UInt32(immediate) & 0x1F, isCounted: true)
        case .returnNear: try returnNear()
        case .loadFarES: try loadFarPointer(Slot80286.es)
        case .loadFarDS: try loadFarPointer(Slot80286.ds)
        case .moveImmediate: try moveImmediate(opcode)
        case .enter: try enter()
        case .leave: try leave()
        case .returnFar: try returnFar()
        case .breakpoint: try enterInterrupt(3, clocks: 5)
        case .interrupt: try enterInterrupt(UInt8(truncatingIfNeeded: immediate), clocks: 4)
        case .interruptOnOverflow:
            if flags & Flag.overflow != 0 {
                try enterInterrupt(4, clocks: 5)
            } else {
                spend(3)
            }
        case .returnFromInterrupt: try returnFromInterrupt()
        case .shiftByOne: try shift(opcode, count: 1, isCounted: false)
        case .shiftByCL: try shift(opcode, count: UInt32(bytes[Slot80286.cl]) & 0x1F, isCounted: true)
        case .adjustAfterMultiplication: try adjustAfterMultiplication()
        case .adjustBeforeDivision: adjustBeforeDivision()
        case .setFromCarry:
            let isCarry = flags & Flag.carry != 0
            bytes[Slot80286.al] = isCarry ? 0xFF : 0
            spend(isCarry ? 3 : 4)
        case .translate:
            spendAddress()
            let offset = words[Slot80286.bx] &+ UInt16(bytes[Slot80286.al])
            bytes[Slot80286.al] = UInt8(truncatingIfNeeded: try read(dataSegment, offset, isWord: false))
        case .escape: try escape()
        case .loop: loop(opcode)
        case .port: try port(opcode)
        case .callNear: try callNear(state.pointee.ip &+ immediate)
        case .jumpNear: jump(to: state.pointee.ip &+ immediate, clocks: 1)
        case .jumpFar:
            spend(5)
            loadSegment(Slot80286.cs, UInt16(truncatingIfNeeded: instruction.pointee.immediate >> 16))
            jump(to: immediate, clocks: 0)
        case .jumpShort: jumpShort(if: true, untaken: 0)
        case .halt:
            spend(ExactProcessor80286.addressClocks)
            access(.halt, 2, isWord: true)
            spend(1)
            state.pointee.isHalted = true
        case .complementCarry: setFlag(Flag.carry, flags & Flag.carry == 0)
        case .unary: try unary(opcode)
        case .clearCarry: setFlag(Flag.carry, false)
        case .setCarry: setFlag(Flag.carry, true)
        case .clearInterrupt:
            setFlag(Flag.interrupt, false)
            spend(1)
        case .setInterrupt:
            if flags & Flag.interrupt == 0 { castShadow(isDeep: false) }
            setFlag(Flag.interrupt, true)
        case .clearDirection: setFlag(Flag.direction, false)
        case .setDirection: setFlag(Flag.direction, true)
        case .stepOrTransfer: try stepOrTransfer(opcode)
        case .none: throw .invalidOpcode
        }
    }

    @inline(__always) var immediate: UInt16 { UInt16(truncatingIfNeeded: instruction.pointee.immediate) }

    private func setFlag(_ flag: UInt16, _ isSet: Bool) {
        flags = isSet ? flags | flag : flags & ~flag
        spend(2)
    }

    // MARK: Arithmetic

    /// 00 to 3D: register or memory with register, accumulator with immediate operand.
    private func arithmetic(_ opcode: UInt8) throws(ProcessorFault) {
        let isWord = opcode & 1 != 0
        let width: UInt32 = isWord ? 16 : 8
        let operation = opcode >> 3
        let isComparison = operation == 7
        if opcode & 4 != 0 {
            let result = Arithmetic80286.operate(
                &flags, operation, register(0, isWord: isWord), UInt32(immediate), width)
            if !isComparison { setRegister(0, result, isWord: isWord) }
            spend(3)
            return
        }
        if opcode & 2 != 0 {
            let value = try operand(isWord: isWord)
            let result = Arithmetic80286.operate(
                &flags, operation, register(regField, isWord: isWord), value, width)
            if !isComparison { setRegister(regField, result, isWord: isWord) }
            spend(2)
            return
        }
        let value = try operand(isWord: isWord, isLast: isComparison)
        let result = Arithmetic80286.operate(&flags, operation, value, register(regField, isWord: isWord), width)
        if isComparison {
            spend(isRegisterForm ? 2 : 1)
        } else {
            try store(result, isWord: isWord)
        }
    }

    /// Writes the result of a read-modify-write instruction: registers take 2 clocks in all, memory 7.
    func store(_ result: UInt32, isWord: Bool, clocks: Int = 1) throws(ProcessorFault) {
        if isRegisterForm {
            setRegister(rmField, result, isWord: isWord)
            spend(2)
        } else {
            let (segment, offset) = place
            spend(clocks)
            try write(segment, offset, result, isWord: isWord)
        }
    }

    private func arithmeticImmediate(_ opcode: UInt8) throws(ProcessorFault) {
        let isWord = opcode & 1 != 0
        let value = try operand(isWord: isWord, isLast: regField == 7)
        let result = Arithmetic80286.operate(&flags, regField, value, UInt32(immediate), isWord ? 16 : 8)
        if isRegisterForm { spend(1) }
        if regField == 7 {
            spend(isRegisterForm ? 2 : 1)
        } else {
            try store(result, isWord: isWord)
        }
    }

    private func test(_ opcode: UInt8) throws(ProcessorFault) {
        let isWord = opcode & 1 != 0
        let value = try operand(isWord: isWord)
        Arithmetic80286.logic(&flags, value & register(regField, isWord: isWord), isWord ? 16 : 8)
        spend(isRegisterForm ? 2 : 1)
    }

    // MARK: Moves

    private func move(_ opcode: UInt8) throws(ProcessorFault) {
        let isWord = opcode & 1 != 0
        if opcode & 2 != 0 {
            if isRegisterForm { spend(2) }
            setRegister(regField, try operand(isWord: isWord), isWord: isWord)
        } else {
            try storeFirst(register(regField, isWord: isWord), isWord: isWord)
        }
    }

    /// Stores without having read: 2 clocks in all for registers, 3 for memory.
    private func storeFirst(_ value: UInt32, isWord: Bool) throws(ProcessorFault) {
        if isRegisterForm {
            setRegister(rmField, value, isWord: isWord)
            spend(2)
        } else {
            let (segment, offset) = place
            spendAddress()
            try write(segment, offset, value, isWord: isWord)
        }
    }

    private func moveImmediate(_ opcode: UInt8) throws(ProcessorFault) {
        try storeFirst(UInt32(immediate), isWord: opcode & 1 != 0)
    }

    private func moveSegment(_ opcode: UInt8) throws(ProcessorFault) {
        let slot = Slot80286.es + Int(regField & 3)
        if opcode == 0x8C { return try storeFirst(UInt32(words[slot]), isWord: true) }
        if isRegisterForm { spend(2) }
        loadSegment(slot, UInt16(truncatingIfNeeded: try operand(isWord: true)))
        if slot == Slot80286.ss { castShadow(isDeep: true) }
    }

    private func moveDirect(_ opcode: UInt8) throws(ProcessorFault) {
        let isWord = opcode & 1 != 0
        spend(ExactProcessor80286.addressClocks)
        if opcode & 2 != 0 {
            try write(dataSegment, immediate, register(0, isWord: isWord), isWord: isWord)
        } else {
            setRegister(0, try read(dataSegment, immediate, isWord: isWord), isWord: isWord)
        }
    }

    /// XCHG with memory is locked without a prefix.
    private func exchange(_ opcode: UInt8) throws(ProcessorFault) {
        let isWord = opcode & 1 != 0
        let value = register(regField, isWord: isWord)
        if isRegisterForm {
            setRegister(regField, register(rmField, isWord: isWord), isWord: isWord)
            setRegister(rmField, value, isWord: isWord)
            spend(3)
            return
        }
        let (segment, offset) = place
        spendAddress()
        pipe.pointee.isLocked = true
        try ask(segment, offset, isWord: isWord, isLast: false)
        spend(1)
        try write(segment, offset, value, isWord: isWord)
        setRegister(regField, UInt32(pipe.pointee.data), isWord: isWord)
    }

    private func loadFarPointer(_ slot: Int) throws(ProcessorFault) {
        let (segment, offset) = place
        spendAddress()
        try ask(segment, offset, isWord: true, isLast: false)
        follow()
        try ask(segment, offset &+ 2, isWord: true)
        let low = pipe.pointee.data
        loadSegment(slot, received())
        words[Int(regField)] = low
    }

    // MARK: Stack

    private func pushWord(_ value: UInt16) throws(ProcessorFault) {
        spend(ExactProcessor80286.addressClocks)
        try push(value)
    }

    private func popWord(isLast: Bool = true) throws(ProcessorFault) -> UInt16 {
        spend(ExactProcessor80286.addressClocks)
        let value = try read(Slot80286.ss, words[Slot80286.sp], isWord: true, isLast: isLast)
        words[Slot80286.sp] &+= 2
        return UInt16(truncatingIfNeeded: value)
    }

    /// The operand's address is worked out before SP moves, and SP keeps the value popped to also when the store faults.
    private func popOperand() throws(ProcessorFault) {
        let (segment, offset) = place
        let value = UInt32(try popWord(isLast: isRegisterForm))
        if isRegisterForm {
            setRegister(rmField, value, isWord: true)
        } else {
            spend(1)
            try write(segment, offset, value, isWord: true)
        }
    }

    private func pushAll() throws(ProcessorFault) {
        let sp = words[Slot80286.sp]
        spend(ExactProcessor80286.addressClocks)
        // Nothing is written if one of the words is at FFFFh.
        if sp & 1 != 0 && sp < 16 { throw .segmentOverrun }
        // The lowest word, DI, is written first.
        for number in stride(from: 7, through: 0, by: -1) {
            if number < 7 { follow() }
            let value = number == Slot80286.sp ? sp : words[number]
            try write(
                Slot80286.ss, sp &- UInt16(2 &* (number &+ 1)), UInt32(value), isWord: true, isLast: number == 0)
        }
        words[Slot80286.sp] = sp &- 16
    }

    /// AX, the last word, is read first. The word of SP is read and dropped. LOCK# is active for two reads only. No
    /// register changes if one of the words does not fit.
    private func popAll() throws(ProcessorFault) {
        let sp = words[Slot80286.sp]
        spend(ExactProcessor80286.addressClocks)
        try ask(Slot80286.ss, sp &+ 14, isWord: true, isLast: false)
        var values = [8 of UInt16](repeating: 0)
        var loaded = Slot80286.ax
        for register in [
            Slot80286.di, Slot80286.si, Slot80286.bp, Slot80286.sp, Slot80286.bx, Slot80286.dx, Slot80286.cx,
        ] {
            follow()
            try ask(Slot80286.ss, sp &+ UInt16(2 &* (7 &- register)), isWord: true, isLast: register != Slot80286.di)
            if register == Slot80286.si { pipe.pointee.isLockHeld = false }
            values[loaded] = pipe.pointee.data
            loaded = register
        }
        values[Slot80286.cx] = received()
        for register in 0..<8 where register != Slot80286.sp { words[register] = values[register] }
        words[Slot80286.sp] = sp &+ 16
    }

    /// Source: clocks: [80286PRM] appendix B; no captured test shows ENTER.
    private func enter() throws(ProcessorFault) {
        let size = immediate
        let level = UInt8(truncatingIfNeeded: instruction.pointee.immediate >> 16) & 0x1F
        let (oldSP, oldBP) = (words[Slot80286.sp], words[Slot80286.bp])
        do throws(ProcessorFault) {
            try pushWord(oldBP)
            let frame = words[Slot80286.sp]
            if level == 0 {
                spend(8)
            } else {
                spend(level == 1 ? 11 : 12)
                for outer in 1..<UInt16(level) {
                    let value = try read(Slot80286.ss, oldBP &- 2 &* outer, isWord: true)
                    try push(UInt16(truncatingIfNeeded: value))
                }
                try push(frame)
            }
            words[Slot80286.bp] = frame
            words[Slot80286.sp] &-= size
        } catch {
            words[Slot80286.sp] = oldSP
            throw error
        }
    }

    private func leave() throws(ProcessorFault) {
        spend(ExactProcessor80286.addressClocks)
        let value = try read(Slot80286.ss, words[Slot80286.bp], isWord: true)
        words[Slot80286.sp] = words[Slot80286.bp] &+ 2
        words[Slot80286.bp] = UInt16(truncatingIfNeeded: value)
    }

    // MARK: Ports

    private func port(_ opcode: UInt8) throws(ProcessorFault) {
        let isWord = opcode & 1 != 0
        let port = UInt32(opcode & 8 != 0 ? words[Slot80286.dx] : immediate)
        spend(ExactProcessor80286.addressClocks)
        if opcode & 2 == 0 {
            access(.portRead, port, isWord: isWord)
            setRegister(0, UInt32(received()), isWord: isWord)
        } else {
            access(.portWrite, port, isWord: isWord, isWord ? words[Slot80286.ax] : UInt16(bytes[Slot80286.al]))
        }
    }
}
