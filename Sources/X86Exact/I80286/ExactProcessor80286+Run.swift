import Core
import X86

/// The loop over instructions, and what happens between two of them.
extension ExactProcessor80286 {
    public func run() -> StopReason {
        let p = pipe
        let s = state
        s.pointee.flags = model.normalizedFlags(s.pointee.flags)
        p.pointee.now = s.pointee.now.count
        if s.pointee.caches.areLoaded { s.pointee.dropStaleCaches() }
        if s.pointee.cs != p.pointee.nextCS || s.pointee.ip != p.pointee.nextIP { empty() }
        let reason = runInstructions()
        s.pointee.now = Tick(p.pointee.now)
        p.pointee.nextCS = s.pointee.cs
        p.pointee.nextIP = s.pointee.ip
        return reason
    }

    private func runInstructions() -> StopReason {
        let p = pipe
        let s = state
        p.pointee.isLookNeeded = true
        while true {
            if s.pointee.isShutDown { s.pointee.leaveShutdown() }
            if s.pointee.isShutDown { return .shutdown }
            if p.pointee.isLookNeeded { lookUp() }
            if p.pointee.now >= p.pointee.deadline { return .deadline }
            if deliverInterrupts() { continue }
            if s.pointee.isHalted { return .halted }
            if let reason = step() { return reason }
        }
    }

    /// Looks at the bus again after an access that may have brought the deadline nearer.
    @inline(never) func lookUp() {
        pipe.pointee.isLookNeeded = false
        pipe.pointee.deadline = bus.deadline.count
    }

    /// One instruction, or the next repeats of a suspended one.
    private func step() -> StopReason? {
        let p = pipe
        let s = state
        if s.pointee.isRepeating {
            p.pointee.start = s.pointee.ip
        } else if p.pointee.isWaiting {
            resumeWait()
        } else {
            awaitInstruction()
            s.pointee.instructionCount &+= 1
        }
        s.pointee.isShadowed = false
        s.pointee.isShadowDeep = false
        let isStepping = s.pointee.flags & Flag.trap != 0
        let entries = p.pointee.entries
        let isContinued = s.pointee.isRepeating
        do throws(ProcessorFault) {
            if s.pointee.caches.areLoaded { try beginTranslated() }
            if s.pointee.isRepeating {
                try goOnRepeating()
            } else if instruction.pointee.isServiceTrap {
                spend(2)
                finishWrites()
                finishInstruction(isContinued: isContinued)
                return serviceTrap(isStepping: isStepping)
            } else {
                try execute()
            }
        } catch {
            if p.pointee.hasViolation { takeBack() }
            deliver(fault: error)
        }
        if p.pointee.isWaiting {
            suspendWait()
            return nil
        }
        if isStepping && !s.pointee.isShadowDeep && entries == p.pointee.entries && !s.pointee.isShutDown {
            s.pointee.isTrapPending = true
        }
        finishInstruction(isContinued: isContinued)
        return nil
    }

    private func finishInstruction(isContinued: Bool) {
        let p = pipe
        (p.pointee.isLocked, p.pointee.isLockHeld) = (false, false)
        // A transfer that was not made: fetching goes on.
        if p.pointee.fetchEnd != .max && p.pointee.hold & Pipeline80286.holdsForTransfer == 0 {
            p.pointee.fetchEnd = .max
        }
        if p.pointee.fixedClocks > 0 { finishFixed(isContinued: isContinued) }
    }

    /// With a fixed time for each instruction, clocks take none: what it has written is written at its time, not at that of
    /// the next one. The time of a repeated instruction passes with its first repeats.
    @inline(never) private func finishFixed(isContinued: Bool) {
        finishWrites()
        if !isContinued { pipe.pointee.now &+= pipe.pointee.fixedClocks &* period }
    }

    /// Waits for the next decoded instruction and takes it.
    private func awaitInstruction() {
        let p = pipe
        if p.pointee.decodedCount == 0 { awaitDecoding() }
        let ready = decoded[Int(p.pointee.decodedHead)].ready
        if ready > p.pointee.clock { spend(Int(min(ready &- p.pointee.clock, 16))) }
        p.pointee.executing = p.pointee.decodedHead
        p.pointee.decodedHead = (p.pointee.decodedHead &+ 1) & (ExactProcessor80286.ringSize - 1)
        p.pointee.decodedCount &-= 1
        p.pointee.hold &= ~Pipeline80286.holdsForRoom
        p.pointee.start = state.pointee.ip
        p.pointee.isLocked = instruction.pointee.isLocked
        state.pointee.ip &+= UInt16(instruction.pointee.length)
    }

    /// Waits until an instruction is decoded. If none can be, the units are set to IP afresh.
    private func awaitDecoding() {
        let p = pipe
        var patience = 4_096
        while p.pointee.decodedCount == 0 {
            patience &-= 1
            if p.pointee.hold & Pipeline80286.holdsForTransfer != 0 || patience == 0 {
                redirect(state.pointee.ip)
                patience = 4_096
            }
            tick()
        }
    }

    private func serviceTrap(isStepping: Bool) -> StopReason {
        if isStepping { state.pointee.isTrapPending = true }
        let immediate = instruction.pointee.immediate
        return .serviceTrap(
            TrapNumber(
                service: UInt8(truncatingIfNeeded: immediate >> 8), entry: UInt8(truncatingIfNeeded: immediate)))
    }

    // MARK: Interrupts

    /// Casts an interrupt shadow over the boundary behind the present instruction.
    func castShadow(isDeep: Bool) {
        state.pointee.isShadowed = true
        state.pointee.isShadowDeep = isDeep
    }

    /// Takes one interrupt if one is ready; the single-step trap first.
    ///
    /// Source: [80286PRM] table 5-2.
    private func deliverInterrupts() -> Bool {
        let s = state
        if s.pointee.isTrapPending {
            s.pointee.isTrapPending = false
            leaveInstruction()
            deliver(1, clocks: ExactProcessor80286.interruptClocks)
            return true
        }
        if s.pointee.isNMIPending && !s.pointee.isShadowDeep {
            s.pointee.isNMIPending = false
            leaveInstruction()
            deliver(2, clocks: ExactProcessor80286.interruptClocks)
            return true
        }
        if s.pointee.isInterruptRequested && s.pointee.flags & Flag.interrupt != 0 && !s.pointee.isShadowed {
            leaveInstruction()
            deliver(acknowledge(), clocks: ExactProcessor80286.interruptClocks)
            return true
        }
        return false
    }

    /// Ends HLT, a shadow, a suspended repetition and a wait, because an interrupt is being taken.
    private func leaveInstruction() {
        let s = state
        s.pointee.isHalted = false
        s.pointee.isShadowed = false
        s.pointee.isShadowDeep = false
        (pipe.pointee.isLocked, pipe.pointee.isLockHeld) = (false, false)
        if s.pointee.isRepeating { endSuspension() }
        if pipe.pointee.isWaiting {
            // The handler returns to the instruction, which counts then.
            pipe.pointee.isWaiting = false
            s.pointee.instructionCount &-= 1
        }
    }

    /// Two interrupt acknowledge cycles, LOCK# active in the first, with three idle clocks between them for the
    /// interrupt controller. The vector is read in the second.
    ///
    /// Source: [80286HRM] interrupt acknowledge sequence. Assumption: the clocks before and behind the two cycles, which
    /// no captured test shows; a trace of an acknowledged interrupt would show them.
    private func acknowledge() -> UInt8 {
        let p = pipe
        p.pointee.isLocked = true
        spend(ExactProcessor80286.addressClocks)
        access(.acknowledge, 0, isWord: false, isLast: false)
        spend(4)
        p.pointee.isLocked = false
        access(.acknowledge, 0, isWord: false)
        spend(2)
        p.pointee.isLookNeeded = true
        return bus.acknowledgeInterrupt(at: now)
    }

    /// Clocks between the recognition of an interrupt and the first word on the stack.
    static let interruptClocks = 4

    /// Enters the handler of a fault; the return address is the first prefix of the instruction.
    @inline(never) private func deliver(fault: ProcessorFault) {
        let s = state
        s.pointee.ip = pipe.pointee.start
        if s.pointee.isRepeating { endSuspension() }
        // A locked BOUND, and an instruction that is too long, are locked to the end of the entry.
        let staysLocked = fault == .boundRange || instruction.pointee.fault == ProcessorFault.segmentOverrun.rawValue
        pipe.pointee.isLocked = pipe.pointee.isLocked && staysLocked
        settle()
        deliver(fault.rawValue, clocks: clocks(of: fault))
    }

    /// Clocks between the discovery of a fault and the address of the first word on the stack.
    ///
    /// Measured: SingleStepTests/80286.
    private func clocks(of fault: ProcessorFault) -> Int {
        switch fault {
        case .invalidOpcode: 6
        case .divideError: 3
        case .segmentOverrun: instruction.pointee.fault == 0xFF ? 17 : 8
        default: 6
        }
    }

    /// Enters the handler of `vector`, or of vector 8 where that lies beyond the table. If that cannot be the processor
    /// shuts down.
    @inline(never) private func deliver(_ vector: UInt8, clocks: Int) {
        do throws(ProcessorFault) {
            try enterInterrupt(vector, clocks: clocks)
        } catch {
            pipe.pointee.hasViolation = false
            if error == .interruptTableLimit && CPUState.isReplaceable(vector) {
                return deliver(8, clocks: self.clocks(of: error))
            }
            shutDown()
        }
    }

    /// Shutdown shows on the bus as a HALT cycle with A1 low.
    ///
    /// Source: [80286DS] shutdown.
    @inline(never) private func shutDown() {
        state.pointee.shutDown()
        pipe.pointee.fetchEnd = min(pipe.pointee.fetchEnd, pipe.pointee.clock)
        settle()
        access(.halt, 0, isWord: true)
        spend(1)
    }

    /// Pushes FLAGS, CS and IP, clears IF and TF, and goes to the handler.
    func enterInterrupt(_ vector: UInt8, clocks: Int) throws(ProcessorFault) {
        let s = state
        let entry = UInt16(vector) << 2
        if entry &+ 3 > s.pointee.idtLimit { throw .interruptTableLimit }
        let sp = words[Slot80286.sp]
        // Fetching ends when the handler is looked up.
        pipe.pointee.fetchEnd = min(pipe.pointee.fetchEnd, pipe.pointee.clock &+ 1)
        spend(clocks)
        do throws(ProcessorFault) {
            try push(s.pointee.flags, isLast: false)
            spend(vector == ProcessorFault.boundRange.rawValue ? 2 : 1)
            try push(s.pointee.cs, isLast: false)
            spend(1)
            try push(s.pointee.ip, isLast: false)
        } catch {
            words[Slot80286.sp] = sp
            throw error
        }
        pipe.pointee.entries &+= 1
        s.pointee.flags &= ~(Flag.trap | Flag.interrupt)
        let table = (s.pointee.idtBase &+ UInt32(entry)) & 0xFF_FFFF
        spend(1)
        access(.memoryRead, table, isWord: true, isLast: false)
        spend(1)
        access(.memoryRead, (table &+ 2) & 0xFF_FFFF, isWord: true)
        s.pointee.ip = pipe.pointee.data
        loadSegment(Slot80286.cs, received())
        spend(2)
        redirect(s.pointee.ip)
    }
}

extension Decoded80286 {
    /// 0F FF and two bytes, fetched from the service ROM.
    var isServiceTrap: Bool { hasTrapNumber && fault == 0xFF }
}
