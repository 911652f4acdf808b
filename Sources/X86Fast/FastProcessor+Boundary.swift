import Core
import X86

/// What happens between two instructions when the budget is used up: deadlines, interrupts, traps, halts.
///
/// An event that could make an interrupt ready ends the budget (`lookUp`), so the loop needs no test of its own.
extension FastProcessor {
    /// Looks at the bus again after an access that may have brought the deadline nearer or raised an interrupt.
    func lookUp() {
        let w = work
        let start = w.pointee.end &- Int64(w.pointee.startBudget) &* clockPeriod.count
        let used = w.pointee.startBudget &- w.pointee.budget
        let isReady =
            state.pointee.isNMIPending
            || state.pointee.isInterruptRequested && state.pointee.flags & Flag.interrupt != 0
        let budget = isReady || w.pointee.isLimitedToOne ? 0 : clocks(from: start, to: bus.deadline.count)
        w.pointee.startBudget = budget
        w.pointee.budget = budget &- used
        w.pointee.end = start &+ Int64(budget) &* clockPeriod.count
    }

    /// Ends the budget: the loop comes to `attend` after this instruction.
    func stopSoon() {
        let w = work
        guard w.pointee.budget > 0 else { return }
        w.pointee.end &-= Int64(w.pointee.budget) &* clockPeriod.count
        w.pointee.startBudget &-= w.pointee.budget
        w.pointee.budget = 0
    }

    /// Called after TF or IF may have been set.
    @inline(__always) func flagsDidChange() {
        if state.pointee.flags & (Flag.trap | Flag.interrupt) != 0 { stopIfReady() }
    }

    @inline(never) private func stopIfReady() {
        let isReady = state.pointee.isInterruptRequested && state.pointee.flags & Flag.interrupt != 0
        if isReady || state.pointee.flags & Flag.trap != 0 { stopSoon() }
    }

    /// Casts an interrupt shadow over the boundary behind the present instruction.
    @inline(__always) func castShadow(isDeep: Bool) {
        work.pointee.shadowAt = work.pointee.executed
        work.pointee.isShadowDeep = isDeep
    }

    /// Clocks from `start` until `deadline` is reached, rounded up; bounded so that time arithmetic cannot overflow.
    func clocks(from start: Int64, to deadline: Int64) -> Int {
        guard deadline > start else { return 0 }
        let ticks = min(deadline &- start, 1 << 56)
        let period = clockPeriod.count
        return Int((ticks &+ period &- 1) / period)
    }

    /// At a boundary with the budget used up and CS:IP in the state: delivers what is due and grants a new budget, or
    /// says why to stop.
    @inline(never) func attend() -> StopReason? {
        let w = work
        let s = state
        if w.pointee.isTranslating { finishTranslated() }
        s.pointee.now = Tick(w.pointee.end &- Int64(w.pointee.budget) &* clockPeriod.count)
        rest()
        s.pointee.isShadowed = w.pointee.shadowAt == w.pointee.executed
        s.pointee.isShadowDeep = s.pointee.isShadowed && w.pointee.isShadowDeep
        if w.pointee.isStepping && !s.pointee.isShadowDeep { s.pointee.isTrapPending = true }
        w.pointee.isStepping = false
        while true {
            if s.pointee.isShutDown { s.pointee.leaveShutdown() }
            if s.pointee.isShutDown { return .shutdown }
            let deadline = bus.deadline.count
            if s.pointee.now.count >= deadline { return .deadline }
            if deliverInterrupts() { continue }
            if s.pointee.isHalted { return .halted }
            grant(until: deadline)
            if !s.pointee.caches.areLoaded || prepareTranslated() { return nil }
            s.pointee.now = Tick(w.pointee.end &- Int64(w.pointee.budget) &* clockPeriod.count)
            rest()
        }
    }

    private func grant(until deadline: Int64) {
        let w = work
        let s = state
        let isPending = s.pointee.isInterruptRequested || s.pointee.isNMIPending
        let isTracing = s.pointee.flags & Flag.trap != 0
        w.pointee.isStepping = isTracing
        w.pointee.isLimitedToOne = isTracing || s.pointee.isShadowed && isPending || s.pointee.caches.areLoaded
        let budget = w.pointee.isLimitedToOne ? 1 : clocks(from: s.pointee.now.count, to: deadline)
        w.pointee.budget = budget
        w.pointee.startBudget = budget
        w.pointee.end = s.pointee.now.count &+ Int64(budget) &* clockPeriod.count
    }

    /// Takes one interrupt if one is ready.
    ///
    /// An 8086 enters the external interrupt first and the trap after it, so that the trap's handler runs first with
    /// the interrupt's handler as its return address. An 80286 takes the trap first.
    ///
    /// Source: Intel, The 8086 Family User's Manual (1979), figure 2-30; 80286 Programmer's Reference Manual (1987),
    /// table 5-2.
    private func deliverInterrupts() -> Bool {
        let s = state
        if s.pointee.isTrapPending {
            if !is286 { _ = deliverExternal() }
            s.pointee.isTrapPending = false
            take(1)
            return true
        }
        return deliverExternal()
    }

    private func deliverExternal() -> Bool {
        let s = state
        if s.pointee.isNMIPending && !s.pointee.isShadowDeep {
            s.pointee.isNMIPending = false
            take(2)
            return true
        }
        let isEnabled = s.pointee.flags & Flag.interrupt != 0 && !s.pointee.isShadowed
        if s.pointee.isInterruptRequested && isEnabled {
            take(bus.acknowledgeInterrupt(at: s.pointee.now))
            return true
        }
        return false
    }

    /// Takes an interrupt at a boundary.
    private func take(_ vector: UInt8) {
        let s = state
        s.pointee.isHalted = false
        s.pointee.isShadowed = false
        s.pointee.isShadowDeep = false
        work.pointee.shadowAt = .max
        if s.pointee.isRepeating {
            endSuspension()
            if isOriginal { s.pointee.ip = lastPrefix(before: s.pointee.ip) }
        }
        deliver(vector, returnTo: s.pointee.ip)
        s.pointee.now = Tick(work.pointee.end &- Int64(work.pointee.budget) &* clockPeriod.count)
        rest()
    }

    /// An 8086 comes back to the prefix just before the string instruction and loses the others.
    private func lastPrefix(before start: UInt16) -> UInt16 {
        let code = ram + Int(words[Slot.cs]) &<< 4
        var ip = start
        for _ in 0..<0x1_0000 where isPrefix(code[Int(ip)]) { ip &+= 1 }
        return ip == start ? start : ip &- 1
    }

    private func isPrefix(_ byte: UInt8) -> Bool { InstructionLength.isPrefix(byte) || byte == 0xF1 }

    /// Enters the handler of `vector`, or of vector 8 where that lies beyond the table. If that cannot be (80286) the
    /// processor shuts down.
    func deliver(_ vector: UInt8, returnTo ip: UInt16) {
        do throws(ProcessorFault) {
            try enterInterrupt(vector, returnTo: ip)
        } catch {
            if error == .interruptTableLimit && CPUState.isReplaceable(vector) { return deliver(8, returnTo: ip) }
            state.pointee.shutDown()
            stopSoon()
        }
    }

    /// Pushes FLAGS, CS and IP, clears IF and TF, and goes to the handler; the new CS:IP is in the state.
    ///
    /// An 8086 reads the vector before it pushes, an 80286 after: it shows when the stack lies in the vector table.
    /// Measured: SingleStepTests/8086 and SingleStepTests/80286, the bus cycles of form CD.
    func enterInterrupt(_ vector: UInt8, returnTo ip: UInt16) throws(ProcessorFault) {
        let s = state
        work.pointee.budget &-= tables.interrupt.pointee
        let entry = UInt16(vector) << 2
        if is286 && entry &+ 3 > s.pointee.idtLimit { throw .interruptTableLimit }
        let table = (is286 ? s.pointee.idtBase : 0) &+ UInt32(entry)
        var handler = isOriginal ? (ip: readWord(table), cs: readWord(table &+ 2)) : (ip: 0, cs: 0)
        let sp = words[Slot.sp]
        do throws(ProcessorFault) {
            try push(flags)
            try push(s.pointee.cs)
            try push(ip)
            if work.pointee.hasViolation { throw .segmentOverrun }
        } catch {
            words[Slot.sp] = sp
            throw error
        }
        s.pointee.flags &= ~(Flag.trap | Flag.interrupt)
        work.pointee.isStepping = false
        if !isOriginal { handler = (readWord(table), readWord(table &+ 2)) }
        s.pointee.ip = handler.ip
        loadSegment(Slot.cs, handler.cs)
    }

    /// A word by linear address, without segment.
    func readWord(_ address: UInt32) -> UInt16 {
        UInt16(memory.readBus(address)) | UInt16(memory.readBus(address &+ 1)) << 8
    }
}
