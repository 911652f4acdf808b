import Core
import X86

/// The run loop and the loader, which takes the first bytes of an instruction from the queue.
///
/// A run ends in the clock in which the loader would take the next opcode, before it does so; that is where events of the
/// outside and interrupts come in. The chip works the same way: while the queue is empty it looks for interrupts in every
/// clock.
extension ExactProcessor8086 {
    public func run() -> StopReason {
        begin()
        let w = work
        let s = state
        if s.pointee.isRepeating {
            if w.pointee.now >= w.pointee.deadline { return end(.deadline) }
            resumeRepeat()
            if s.pointee.isRepeating { return end(.deadline) }
            if w.pointee.isStepping { endStep() }
        }
        if w.pointee.isWaiting {
            if w.pointee.now >= w.pointee.deadline { return end(.deadline) }
            resumeWait()
            if w.pointee.isStepping { endStep() }
        }
        while true {
            if w.pointee.now >= w.pointee.deadline { return end(.deadline) }
            if s.pointee.isTrapPending || s.pointee.isNMIPending || s.pointee.isInterruptRequested {
                if w.pointee.prefixCount == 0 && deliverInterrupts() { continue }
            }
            if s.pointee.isHalted { return end(.halted) }
            if w.pointee.queueCount == 0 {
                tick()
                continue
            }
            if let reason = instruction() { return end(reason) }
            // A suspended repeat: the run ends with it, unless an interrupt has come meanwhile.
            if s.pointee.isRepeating { return end(.deadline) }
            if w.pointee.isStepping { endStep() }
        }
    }

    private func begin() {
        let w = work
        let s = state
        s.pointee.flags = model.normalizedFlags(s.pointee.flags)
        w.pointee.deadline = bus.deadline.count
        w.pointee.now = s.pointee.now.count
        if s.pointee.cs != w.pointee.expectedCS || s.pointee.ip != w.pointee.expectedIP {
            clearPrefixes()
            endRepeat()
            w.pointee.isWaiting = false
            refetch()
        }
    }

    private func end(_ reason: StopReason) -> StopReason {
        let w = work
        let s = state
        if !s.pointee.isRepeating && !w.pointee.isWaiting { s.pointee.ip = instructionPointer }
        s.pointee.now = Tick(w.pointee.now)
        settle()
        return reason
    }

    /// The trap is for the instruction that began with TF set, behind it.
    @inline(never) private func endStep() {
        work.pointee.isStepping = false
        if !state.pointee.isShadowDeep { state.pointee.isTrapPending = true }
    }

    @inline(__always) func clearPrefixes() {
        let w = work
        w.pointee.overrideSlot = 0
        w.pointee.repeatPrefix = 0
        w.pointee.prefixCount = 0
    }

    // MARK: Loader

    /// One instruction with its prefixes. The queue is not empty.
    private func instruction() -> StopReason? {
        let w = work
        let s = state
        if w.pointee.prefixCount == 0 {
            w.pointee.startIP = instructionPointer
            w.pointee.isStepping = s.pointee.flags & Flag.trap != 0
            s.pointee.isShadowed = false
            s.pointee.isShadowDeep = false
            s.pointee.instructionCount &+= 1
        }
        while true {
            let opcode = takeQueue(operation: 1)
            w.pointee.opcode = opcode
            tick()
            let entry = decode[Int(opcode)]
            switch entry.routine {
            case .prefixSegment: w.pointee.overrideSlot = Slot8086.es &+ Int(opcode >> 3 & 3)
            case .prefixRepeat: w.pointee.repeatPrefix = opcode
            case .prefixLock: w.pointee.isLocked = true
            case .flag:
                changeFlag(opcode)
                tick()
                return finish()
            case .halt:
                halt()
                return finish()
            default:
                if opcode == 0x0F, let reason = serviceTrap() { return reason }
                load(entry)
                execute(entry.routine, entry.properties & Decode8086.isWord != 0)
                return finish()
            }
            w.pointee.prefixCount &+= 1
            tick()
            // A segment full of prefixes is one endless instruction; the machine goes on beside it.
            while w.pointee.queueCount == 0 || w.pointee.prefixCount > 64 && w.pointee.now >= w.pointee.deadline {
                if w.pointee.queueCount != 0 { return .deadline }
                tick()
            }
        }
    }

    @inline(__always) func finish() -> StopReason? {
        let w = work
        clearPrefixes()
        // A suspended repeat keeps the bus locked.
        if !state.pointee.isRepeating { w.pointee.isLocked = false }
        w.pointee.now &+= w.pointee.fixedClocks &* clockPeriod.count
        return nil
    }

    /// The second clock of the loader: the ModRM byte, if there is one; then the address of a memory operand.
    @inline(__always) private func load(_ entry: Decode8086) {
        let w = work
        guard entry.properties & Decode8086.hasModRM != 0 else { return tick() }
        let modRM = nextByte()
        w.pointee.modRM = modRM
        tick()
        if modRM < 0xC0 {
            tick()
            computeAddress(modRM)
            if entry.properties & Decode8086.loadsOperand != 0 {
                let isWord = entry.properties & Decode8086.isWord != 0
                w.pointee.temporaryB = read(w.pointee.operandSlot, w.pointee.indirect, isWord)
            }
            ticks(2)
        } else if entry.properties & Decode8086.isGroup != 0 {
            tick()
        }
    }

    /// CMC, CLC, STC, CLI, STI, CLD and STD are done by the loader.
    private func changeFlag(_ opcode: UInt8) {
        let s = state
        switch opcode {
        case 0xF5: s.pointee.flags ^= Flag.carry
        case 0xF8: s.pointee.flags &= ~Flag.carry
        case 0xF9: s.pointee.flags |= Flag.carry
        case 0xFA: s.pointee.flags &= ~Flag.interrupt
        case 0xFB:
            s.pointee.flags |= Flag.interrupt
            s.pointee.isShadowed = true
        case 0xFC: s.pointee.flags &= ~Flag.direction
        default: s.pointee.flags |= Flag.direction
        }
    }

    /// HLT: no more fetches; when the bus is quiet, HALT is shown for one clock.
    ///
    /// Source: [XTCE], for the clock that waking takes if the bus was busy when HLT was decoded.
    private func halt() {
        let w = work
        let sinceT4 = (w.pointee.now &- w.pointee.lastT4) / clockPeriod.count
        let isQuiet = w.pointee.busState == .idle && w.pointee.cycle == .passive && sinceT4 > 2
        w.pointee.wakesLate = !isQuiet && !(sinceT4 == 1 && w.pointee.lastCycle != .fetch)
        tick()
        w.pointee.hold |= Hold8086.suspended
        while w.pointee.cycle != .passive { tick() }
        tick()
        w.pointee.isHaltShown = true
        ticks(2)
        state.pointee.isHalted = true
    }

    /// 0F FF and a number, in the service ROM: takes the four bytes and says so. Elsewhere 0F is POP CS.
    @inline(never) private func serviceTrap() -> StopReason? {
        let w = work
        let at = instructionPointer &- 1
        let address = UInt32(words[Slot8086.cs]) &<< 4 &+ UInt32(at)
        let code = ram + Int(words[Slot8086.cs]) &<< 4
        guard ServiceROM.range.contains(address), code[Int(at &+ 1)] == 0xFF else { return nil }
        let number = TrapNumber(service: code[Int(at &+ 3)], entry: code[Int(at &+ 2)])
        for _ in 0..<3 {
            _ = nextByte()
            tick()
        }
        _ = finish()
        if w.pointee.isStepping { endStep() }
        return .serviceTrap(number)
    }

    // MARK: Effective address

    /// The routines that work out the address of a memory operand: the registers, then the displacement. The clock of
    /// the line behind them has begun, which is where a load begins.
    ///
    /// An 8-bit displacement costs the jump over the second byte, which is why it is not faster than a 16-bit one.
    @inline(__always) private func computeAddress(_ modRM: UInt8) {
        let w = work
        let mode = modRM & 0xC0
        let form = modRM & 7
        var offset: UInt16
        var slot = Slot8086.ds
        if mode == 0 && form == 6 {
            offset = nextWord()
            tick()
        } else {
            switch form {
            case 0:
                offset = words[Slot8086.bx] &+ words[Slot8086.si]
                ticks(4)
            case 1:
                offset = words[Slot8086.bx] &+ words[Slot8086.di]
                ticks(5)
            case 2:
                offset = words[Slot8086.bp] &+ words[Slot8086.si]
                slot = Slot8086.ss
                ticks(5)
            case 3:
                offset = words[Slot8086.bp] &+ words[Slot8086.di]
                slot = Slot8086.ss
                ticks(4)
            case 4:
                offset = words[Slot8086.si]
                ticks(2)
            case 5:
                offset = words[Slot8086.di]
                ticks(2)
            case 6:
                offset = words[Slot8086.bp]
                slot = Slot8086.ss
                ticks(2)
            default:
                offset = words[Slot8086.bx]
                ticks(2)
            }
            if mode != 0 {
                offset &+= immediate(isByte: mode == 0x40)
                ticks(2)
            }
        }
        if w.pointee.overrideSlot != 0 { slot = w.pointee.overrideSlot }
        w.pointee.operandSlot = slot
        w.pointee.indirect = offset
    }
}
