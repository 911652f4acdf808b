import Core
import X86

/// Calls, returns, interrupts, faults and the service trap.
extension FastProcessor {
    /// The condition of a jump by opcode: 60-6F on an 8086 are the same as 70-7F.
    func condition(_ opcode: UInt8) -> Bool {
        let isTrue: Bool
        switch opcode >> 1 & 7 {
        case 0: isTrue = isOverflow
        case 1: isTrue = isCarry
        case 2: isTrue = isZero
        case 3: isTrue = isBelowOrEqual()
        case 4: isTrue = isSign
        case 5: isTrue = isParity
        case 6: isTrue = isLess()
        default: isTrue = isLessOrEqual()
        }
        return isTrue != (opcode & 1 != 0)
    }

    @inline(never) func callFar(
        _ segment: UInt16, _ offset: UInt16, next: UInt16
    ) throws(ProcessorFault) -> UInt16 {
        let sp = words[Slot.sp]
        try push(words[Slot.cs])
        do {
            try push(next)
        } catch {
            words[Slot.sp] = sp
            throw error
        }
        loadSegment(Slot.cs, segment)
        return offset
    }

    @inline(never) func returnFar(dropping count: UInt16) throws(ProcessorFault) -> UInt16 {
        let sp = words[Slot.sp]
        let offset = try read16(Slot.ss, sp)
        loadSegment(Slot.cs, try read16(Slot.ss, sp &+ 2))
        words[Slot.sp] = sp &+ 4 &+ count
        return offset
    }

    @inline(never) func returnFromInterrupt() throws(ProcessorFault) -> UInt16 {
        let sp = words[Slot.sp]
        let offset = try read16(Slot.ss, sp)
        let segment = try read16(Slot.ss, sp &+ 2)
        let value = try read16(Slot.ss, sp &+ 4)
        words[Slot.sp] = sp &+ 6
        loadSegment(Slot.cs, segment)
        loadFlags(model.normalizedFlags(value))
        flagsDidChange()
        return offset
    }

    @inline(never) func softwareInterrupt(_ vector: UInt8, next: UInt16) throws(ProcessorFault) -> UInt16 {
        try enterInterrupt(vector, returnTo: next)
        return state.pointee.ip
    }

    /// CALL, JMP and PUSH under FF, and under the undocumented FE (`isByte`).
    @inline(never) func transfer(
        _ target: Place, _ modRM: UInt8, next: UInt16, isByte: Bool
    ) throws(ProcessorFault) -> UInt16 {
        if isByte {
            if !isOriginal { throw .invalidOpcode }
            return transferByte(target, modRM, next: next)
        }
        switch modRM >> 3 & 7 {
        case 2:
            let offset = try read16(target)
            try push(next)
            return offset
        case 3, 5:
            if !target.isMemory && !isOriginal { throw .invalidOpcode }
            let offset = try read16(target)
            // With a register operand an 8086 takes the segment from what is left in an internal register.
            guard target.isMemory else { return offset }
            let segment = try read16(target.segment, target.offset &+ 2)
            if modRM & 0x38 == 0x18 { return try callFar(segment, offset, next: next) }
            loadSegment(Slot.cs, segment)
            return offset
        case 4: return try read16(target)
        case 7 where !isOriginal: throw .invalidOpcode
        default:
            let isSP = !target.isMemory && target.offset == 4
            try push(isSP && !is286 ? words[Slot.sp] &- 2 : try read16(target))
            return next
        }
    }

    /// CALL, JMP and PUSH under FE on an 8086. Of each word in memory only the low byte is read, and the high one is FFh;
    /// of each word that is pushed only the low byte is written. A byte register is seen as the 16 lines of the internal
    /// bus show it, with the other half of its word.
    ///
    /// Source: [MARTYPC], by experiments with an 8088; the other half of the high byte registers: assumed.
    private func transferByte(_ target: Place, _ modRM: UInt8, next: UInt16) -> UInt16 {
        let offset: UInt16
        if target.isMemory {
            offset = 0xFF00 | UInt16(read8(target.segment, target.offset))
        } else {
            let word = words[Int(target.offset & 3)]
            offset = target.offset & 4 == 0 ? word : word.byteSwapped
        }
        switch modRM >> 3 & 7 {
        case 2:
            pushByte(next)
            return offset
        case 3, 5:
            // With a register operand the segment comes from what is left in an internal register.
            guard target.isMemory else { return offset }
            let segment = 0xFF00 | UInt16(read8(target.segment, target.offset &+ 2))
            if modRM & 0x38 == 0x18 {
                pushByte(words[Slot.cs])
                pushByte(next)
            }
            words[Slot.cs] = segment
            return offset
        case 4: return offset
        default:
            pushByte(offset)
            return next
        }
    }

    /// SP moves by a word.
    private func pushByte(_ value: UInt16) {
        words[Slot.sp] &-= 2
        write8(Slot.ss, words[Slot.sp], UInt8(truncatingIfNeeded: value))
    }

    @inline(__always) func loadFarPointer(_ d: inout Decoder, _ slot: Int) throws(ProcessorFault) {
        let modRM = d.byte()
        guard modRM < 0xC0 else {
            if !isOriginal { throw .invalidOpcode }
            return
        }
        let place = memoryPlace(&d, modRM)
        let offset = try read16(&d, place.segment, place.offset)
        loadSegment(slot, try read16(&d, place.segment, place.offset &+ 2))
        words[registerWord(modRM)] = offset
    }

    // MARK: Faults

    /// The address to go on at after a divide error: on an 80286 that of the instruction itself is pushed, on the
    /// others that of the next one.
    func divideError(next: UInt16) throws(ProcessorFault) -> UInt16 {
        if is286 { throw .divideError }
        return try softwareInterrupt(0, next: next)
    }

    /// Enters the handler of a fault; the return address is the first prefix of the instruction.
    @inline(never) func deliverFault(_ fault: ProcessorFault, start: UInt16) -> UInt16 {
        // A violation is seen to when the instruction has ended; what came of it does not count.
        if work.pointee.hasViolation {
            work.pointee.budget = 0
            return start
        }
        state.pointee.ip = start
        // The clocks that the instruction itself has used are not kept. With a fixed time for every instruction it takes
        // that, so that a handler that faults itself does not go on for ever in no time.
        work.pointee.budget = work.pointee.startBudget &- (tables.fixedClocks.pointee ?? 0)
        deliver(fault.rawValue, returnTo: start)
        return state.pointee.ip
    }

    /// After a prefix: an 80286 refuses instructions of more than 10 bytes, which have at least 5 prefixes.
    @inline(__always) func checkPrefix(_ d: Decoder, _ start: UInt16) throws(ProcessorFault) {
        if is286 && d.ip &- start >= 5 { try checkLength(at: start) }
    }

    /// Measures the instruction at `start`, on an 80286.
    @inline(never) func checkLength(at start: UInt16) throws(ProcessorFault) {
        let length: Int
        if work.pointee.isTranslating {
            length = windowLength
        } else {
            let code = ram + Int(words[Slot.cs]) &<< 4
            length = InstructionLength.length { code[Int(start &+ UInt16(truncatingIfNeeded: $0))] }
        }
        if length > 10 || Int(start) + length > 0x1_0000 { throw .segmentOverrun }
    }

    // MARK: Leaving

    /// At 0F: the trap if it is one, fetched from the service ROM.
    @inline(never) func serviceTrap(_ d: Decoder) -> StopReason? {
        let at = d.ip &- 1
        let address = state.pointee.address(Slot.cs, at)
        // The window of `prepareTranslated` has nothing behind the end of the segment.
        if work.pointee.isTranslating && at > 0xFFFB { return nil }
        guard ServiceROM.range.contains(address), d.code[Int(d.ip)] == 0xFF else { return nil }
        let entry = d.code[Int(d.ip &+ 1)]
        let service = d.code[Int(d.ip &+ 2)]
        return .serviceTrap(TrapNumber(service: service, entry: entry))
    }

    /// Brings the state's time up to date when the loop is left in the middle of a budget.
    func settle() {
        state.pointee.now = Tick(work.pointee.end &- Int64(work.pointee.budget) &* clockPeriod.count)
        state.pointee.isShadowed = false
        state.pointee.isShadowDeep = false
        if work.pointee.isStepping { state.pointee.isTrapPending = true }
        work.pointee.isStepping = false
    }
}
