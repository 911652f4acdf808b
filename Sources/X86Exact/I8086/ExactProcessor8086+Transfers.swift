import X86

/// Jumps, calls, returns and software interrupts, and the rest of FE and FF.
extension ExactProcessor8086 {
    @inline(__always) func transfer(_ routine: Routine8086, _ opcode: UInt8) {
        switch routine {
        case .jumpConditional:
            let distance = nextByte()
            ticks(2)
            if isConditionTrue(opcode) { jumpRelative(signed(distance)) }
        case .jumpCXZero:
            ticks(2)
            let distance = nextByte()
            ticks(2)
            if words[Slot8086.cx] == 0 { jumpRelative(signed(distance)) }
        case .loopWhile: loopWhile(opcode)
        case .loop:
            ticks(2)
            words[Slot8086.cx] &-= 1
            let distance = nextByte()
            tick()
            if words[Slot8086.cx] != 0 {
                jumpRelative(signed(distance))
            }
        case .jumpNear:
            let distance = nextWord()
            jumpDirect(distance)
        case .jumpShort: jumpDirect(immediate(isByte: true))
        case .jumpFar:
            let offset = nextWord()
            let segment = nextWord()
            suspend()
            tick()
            words[Slot8086.cs] = segment
            flush(to: offset)
        case .callNear:
            let distance = nextWord()
            suspend()
            correct()
            let next = work.pointee.fetchPointer
            tick()
            flush(to: next &+ distance)
            ticks(3)
            pushLast(next)
        case .callFar:
            let offset = nextWord()
            let segment = nextWord()
            tick()
            suspend()
            callFar(segment, offset)
        case .returnNear:
            let offset = pop()
            suspend()
            flush(to: offset)
            tick()
        case .returnNearDropping, .returnFarDropping:
            let count = nextWord()
            tick()
            returnFar(isFar: opcode & 8 != 0)
            tick()
            words[Slot8086.sp] &+= count
        case .returnFar:
            ticks(2)
            returnFar(isFar: true)
        case .returnInterrupt:
            ticks(2)
            returnFar(isFar: true)
            let value = pop()
            flags = model.normalizedFlags(value)
            tick()
        case .breakpoint:
            ticks(4)
            enterInterrupt(3)
        case .interrupt:
            let vector = nextByte()
            ticks(isWideBus ? 3 : 2)
            enterInterrupt(vector)
        case .overflowInterrupt:
            ticks(2)
            if flags & Flag.overflow != 0 {
                ticks(3)
                enterInterrupt(4)
            }
        case .escape: escape()
        default: break
        }
    }

    @inline(__always) private func signed(_ byte: UInt8) -> UInt16 { UInt16(bitPattern: Int16(Int8(bitPattern: byte))) }

    func isConditionTrue(_ opcode: UInt8) -> Bool {
        let f = flags
        let isTrue: Bool
        switch opcode >> 1 & 7 {
        case 0: isTrue = f & Flag.overflow != 0
        case 1: isTrue = f & Flag.carry != 0
        case 2: isTrue = f & Flag.zero != 0
        case 3: isTrue = f & (Flag.carry | Flag.zero) != 0
        case 4: isTrue = f & Flag.sign != 0
        case 5: isTrue = f & Flag.parity != 0
        case 6: isTrue = isLess(f)
        default: isTrue = isLess(f) || f & Flag.zero != 0
        }
        return isTrue != (opcode & 1 != 0)
    }

    private func isLess(_ f: UInt16) -> Bool { (f >> 7 ^ f >> 11) & 1 != 0 }

    /// The jump to RELJMP has been decided on: the clock of its line is over, that of the jump is the present one.
    private func jumpRelative(_ distance: UInt16) {
        tick()
        jumpDirect(distance)
    }

    /// RELJMP.
    private func jumpDirect(_ distance: UInt16) {
        suspend()
        correct()
        let target = work.pointee.fetchPointer &+ distance
        tick()
        flush(to: target)
    }

    private func loopWhile(_ opcode: UInt8) {
        ticks(2)
        words[Slot8086.cx] &-= 1
        let distance = nextByte()
        tick()
        if (flags & Flag.zero != 0) != (opcode & 1 != 0) { return tick() }
        tick()
        if words[Slot8086.cx] != 0 { jumpRelative(signed(distance)) }
    }

    /// FARRET with the return from it; near returns that drop parameters use it too.
    private func returnFar(isFar: Bool) {
        let offset = pop()
        suspend()
        tick()
        if isFar {
            tick()
            words[Slot8086.cs] = pop()
        }
        flush(to: offset)
        ticks(2)
    }

    // MARK: FE and FF

    /// INC and DEC; CALL, JMP and PUSH. Under FE those work on bytes: of each word in memory only a byte is read, and of
    /// each word that is pushed only a byte is written.
    func stepOrTransfer(_ isWord: Bool) {
        let w = work
        let operation = w.pointee.modRM >> 3 & 7
        if operation < 2 { return storeUnary(step(operand(isWord), isDown: operation == 1, isWord), isWord) }
        let value = isWord ? operand(true) : wideOperand()
        switch operation {
        case 2:
            suspend()
            correct()
            let next = w.pointee.fetchPointer
            tick()
            callNear(value, returnTo: next, isWord: isWord)
        case 3:
            tick()
            let (segment, offset) = secondWord(value, isWord)
            tick()
            suspend()
            callFar(segment, offset, isWord)
        case 4:
            suspend()
            flush(to: value)
        case 5:
            tick()
            suspend()
            let (segment, offset) = secondWord(value, isWord)
            words[Slot8086.cs] = segment
            flush(to: offset)
        default:
            ticks(3)
            let isSP = isWord && w.pointee.modRM >= 0xC0 && w.pointee.modRM & 7 == 4
            pushLast(isSP ? value &- 2 : value, isWord)
        }
    }

    /// The second word of a far pointer. With a register operand the address register and the offset are left over from
    /// an earlier instruction.
    private func secondWord(_ first: UInt16, _ isWord: Bool) -> (segment: UInt16, offset: UInt16) {
        let w = work
        let offset = isMemoryOperand ? first : w.pointee.temporaryB
        w.pointee.indirect &+= 2
        let segment = read(isMemoryOperand ? w.pointee.operandSlot : dataSlot, w.pointee.indirect, isWord)
        return (isWord ? segment : segment | 0xFF00, offset)
    }

    /// A byte operand as the 16 lines of the internal bus show it.
    ///
    /// Source: [MARTYPC]. Not in the captured tests.
    private func wideOperand() -> UInt16 {
        let w = work
        if isMemoryOperand { return w.pointee.operand | 0xFF00 }
        let word = words[Int(w.pointee.modRM & 3)]
        return w.pointee.modRM & 4 == 0 ? word : word.byteSwapped
    }
}
