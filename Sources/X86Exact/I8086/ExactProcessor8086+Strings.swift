import X86

/// String instructions, alone and repeated.
///
/// A repeated one asks for interrupts once an element, behind it. That is where a run that has come to its deadline
/// leaves it: the state then says what is being repeated, and `resumeRepeat` goes on in the same clock.
///
/// Source: [UCODE86] the routines of MOVS, LODS, STOS, CMPS, SCAS, RPTS and RPTI.
extension ExactProcessor8086 {
    @inline(__always) private func stride(_ isWord: Bool) -> UInt16 {
        let size: UInt16 = isWord ? 2 : 1
        return flags & Flag.direction != 0 ? 0 &- size : size
    }

    /// The first line, and with a repeat prefix the look at CX (RPTS). False if there is nothing to do.
    @inline(__always) private func startRepeat() -> Bool {
        tick()
        if work.pointee.repeatPrefix == 0 { return true }
        ticks(4)
        if words[Slot8086.cx] == 0 { return false }
        ticks(3)
        return true
    }

    func store(_ isWord: Bool) {
        guard startRepeat() else { return }
        storeElement(isWord)
        if work.pointee.repeatPrefix == 0 { return tick() }
        repeatStore(isWord)
    }

    private func storeElement(_ isWord: Bool) {
        let di = words[Slot8086.di]
        _ = access(.writeMemory, Slot8086.es, di, register(0, isWord), isWord)
        ticks(2)
        words[Slot8086.di] = di &+ stride(isWord)
    }

    /// From the question for interrupts on.
    private func repeatStore(_ isWord: Bool) {
        while true {
            let left = words[Slot8086.cx] &- 1
            guard !isSuspended() else { return }
            tick()
            if isInterruptReady { return leaveRepeat(left) }
            words[Slot8086.cx] = left
            tick()
            if left == 0 { return }
            tick()
            storeElement(isWord)
        }
    }

    func move(_ isWord: Bool) {
        guard startRepeat() else { return }
        let isLoad = work.pointee.opcode & 8 != 0
        moveElement(isWord, isLoad)
        if work.pointee.repeatPrefix == 0 {
            if !isLoad { tick() }
            return
        }
        if isLoad { tick() }
        repeatMove(isWord, isLoad)
    }

    /// Ends, for a load, in the clock behind the accumulator's; for a move in that behind the line that asks for a
    /// repeat.
    private func moveElement(_ isWord: Bool, _ isLoad: Bool) {
        let si = words[Slot8086.si]
        let value = read(dataSlot, si, isWord)
        words[Slot8086.si] = si &+ stride(isWord)
        tick()
        if isLoad {
            tick()
            setAccumulator(value, isWord)
            tick()
            return
        }
        let di = words[Slot8086.di]
        _ = access(.writeMemory, Slot8086.es, di, value, isWord)
        ticks(2)
        words[Slot8086.di] = di &+ stride(isWord)
    }

    private func repeatMove(_ isWord: Bool, _ isLoad: Bool) {
        while true {
            let left = words[Slot8086.cx] &- 1
            guard !isSuspended() else { return }
            tick()
            if isInterruptReady { return leaveRepeat(left) }
            words[Slot8086.cx] = left
            tick()
            if left == 0 { return }
            tick()
            moveElement(isWord, isLoad)
            if isLoad { tick() }
        }
    }

    func compare(_ isWord: Bool) {
        guard startRepeat() else { return }
        let isScan = work.pointee.opcode & 8 != 0
        compareElement(isWord, isScan)
        if work.pointee.repeatPrefix == 0 { return tick() }
        repeatCompare(isWord, isScan)
    }

    /// Ends in the clock behind the line that asks for a repeat.
    private func compareElement(_ isWord: Bool, _ isScan: Bool) {
        tick()
        var value: UInt16
        if isScan {
            value = register(0, isWord)
            tick()
        } else {
            let si = words[Slot8086.si]
            value = read(dataSlot, si, isWord)
            words[Slot8086.si] = si &+ stride(isWord)
            ticks(2)
        }
        let di = words[Slot8086.di]
        let other = read(Slot8086.es, di, isWord)
        words[Slot8086.di] = di &+ stride(isWord)
        setArithmeticFlags(ALU8086.subtract(UInt32(value), UInt32(other), 0, isWord).flags)
        ticks(3)
    }

    /// From the line that counts CX down and looks at ZF; the flag that ends a repetition does so before interrupts are
    /// asked for.
    private func repeatCompare(_ isWord: Bool, _ isScan: Bool) {
        while true {
            words[Slot8086.cx] &-= 1
            let isEqual = flags & Flag.zero != 0
            tick()
            if isEqual != (work.pointee.repeatPrefix == 0xF3) { return tick() }
            guard !isSuspended() else { return }
            guard goOnComparing() else { return }
            compareElement(isWord, isScan)
        }
    }

    /// The question for interrupts and for CX. False if the repetition has ended.
    private func goOnComparing() -> Bool {
        let left = words[Slot8086.cx]
        tick()
        if isInterruptReady {
            leaveRepeat(left)
            return false
        }
        tick()
        if left == 0 { return false }
        tick()
        return true
    }

    // MARK: Interruption

    /// At the line that asks for interrupts: whether the run has come to its deadline there.
    @inline(__always) private func isSuspended() -> Bool {
        let w = work
        if w.pointee.now < w.pointee.deadline { return false }
        // With a fixed time for the whole instruction, stopping between repeats would gain nothing.
        if w.pointee.fixedClocks != 0 && !w.pointee.isStepping { return false }
        let s = state
        s.pointee.isRepeating = true
        s.pointee.repeatedOpcode = w.pointee.opcode
        s.pointee.repeatedPrefix = w.pointee.repeatPrefix
        s.pointee.repeatedSegment = UInt8(truncatingIfNeeded: dataSlot)
        s.pointee.repeatedEnd = instructionPointer
        s.pointee.ip = w.pointee.startIP
        return true
    }

    func endRepeat() {
        let s = state
        s.pointee.isRepeating = false
        s.pointee.repeatedOpcode = 0
        s.pointee.repeatedPrefix = 0
        s.pointee.repeatedSegment = 0
        s.pointee.repeatedEnd = 0
    }

    /// Goes on with the suspended instruction where `isSuspended` left it.
    func resumeRepeat() {
        let w = work
        let s = state
        let opcode = s.pointee.repeatedOpcode
        w.pointee.opcode = opcode
        w.pointee.repeatPrefix = s.pointee.repeatedPrefix
        w.pointee.overrideSlot = Int(s.pointee.repeatedSegment)
        w.pointee.isStepping = s.pointee.flags & Flag.trap != 0
        endRepeat()
        let isWord = opcode & 1 != 0
        switch decode[Int(opcode)].routine {
        case .store: repeatStore(isWord)
        case .move: repeatMove(isWord, opcode & 8 != 0)
        case .compare:
            if goOnComparing() {
                compareElement(isWord, opcode & 8 != 0)
                repeatCompare(isWord, opcode & 8 != 0)
            }
        default: break
        }
        clearPrefixes()
        if !s.pointee.isRepeating { w.pointee.isLocked = false }
    }

    /// RPTI: gives up the rest for an interrupt. The return address is the prefix in front of the opcode; other prefixes
    /// are lost, as on the chip.
    private func leaveRepeat(_ left: UInt16) {
        words[Slot8086.cx] = left
        tick()
        suspend()
        correct()
        let next = work.pointee.fetchPointer &- 2
        tick()
        flush(to: next)
    }
}
