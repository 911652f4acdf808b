import Core
import X86

/// The state between two instructions: registers, the queue, and the bus cycle in progress.
extension ExactProcessor8086 {
    public var chunkID: ChunkID { ChunkID("CPUX") }
    public var chunkVersion: UInt16 { 3 }

    public func transfer(_ coder: StateCoder) {
        state.pointee.transfer(coder)
        transferWork(coder, &work.pointee)
        if coder.direction == .load && coder.failure == nil { check(coder) }
    }

    private func transferWork(_ coder: StateCoder, _ w: inout Work8086) {
        coder.field("fixedClocks", &w.fixedClocks)
        coder.field("busState", &w.busState)
        coder.field("nextState", &w.nextState)
        coder.field("cycle", &w.cycle)
        coder.field("lastCycle", &w.lastCycle)
        coder.field("lastT4", &w.lastT4)
        coder.field("wakesLate", &w.wakesLate)
        coder.field("isWide", &w.isWide)
        coder.field("waitStates", &w.waitStates)
        coder.field("address", &w.address)
        coder.field("data", &w.data)
        coder.field("segment", &w.segment)
        coder.field("isBHEHigh", &w.isBHEHigh)
        coder.field("isLocked", &w.isLocked)
        coder.field("queue", &w.queue)
        coder.field("queueCount", &w.queueCount)
        coder.field("fetched", &w.fetched)
        coder.field("fetchedCount", &w.fetchedCount)
        coder.field("fetchPointer", &w.fetchPointer)
        coder.field("hold", &w.hold)
        coder.field("isFlushing", &w.isFlushing)
        coder.field("isFetchStale", &w.isFetchStale)
        coder.field("expectedCS", &w.expectedCS)
        coder.field("expectedIP", &w.expectedIP)
        coder.field("indirect", &w.indirect)
        coder.field("operand", &w.operand)
        coder.field("temporaryB", &w.temporaryB)
        coder.field("operandSlot", &w.operandSlot)
        coder.field("overrideSlot", &w.overrideSlot)
        coder.field("repeatPrefix", &w.repeatPrefix)
        coder.field("prefixCount", &w.prefixCount)
        coder.field("startIP", &w.startIP)
        coder.field("isStepping", &w.isStepping)
        coder.field("isWaiting", &w.isWaiting)
        coder.field("nextRequest", &w.nextRequest)
        coder.field("refreshPeriod", &w.refreshPeriod)
        coder.field("nextRefresh", &w.nextRefresh)
        coder.field("transferClock", &w.transferClock)
        coder.field("transferLength", &w.transferLength)
        coder.field("waitingTransfer", &w.waitingTransfer)
        coder.field("isBusTaken", &w.isBusTaken)
    }

    /// What a damaged state must not do is reach beyond the registers, memory and the queue, or stop the clock.
    private func check(_ coder: StateCoder) {
        let w = work
        let slots = 0...Slot8086.ds
        guard (0...255).contains(w.pointee.fixedClocks) else {
            return coder.fail("\(w.pointee.fixedClocks) clocks an instruction")
        }
        guard w.pointee.address < 0x10_0000, !w.pointee.isWide || w.pointee.address & 1 == 0 else {
            return coder.fail("there is no address \(w.pointee.address)")
        }
        let limit = w.pointee.cycle == .fetch ? fetchRoom : queueSize
        guard w.pointee.queueCount >= 0, w.pointee.fetchedCount <= 2,
            w.pointee.queueCount <= limit - (w.pointee.isFetchArriving ? Int(w.pointee.fetchedCount) : 0)
        else { return coder.fail("the queue does not hold \(w.pointee.queueCount) bytes") }
        guard slots.contains(w.pointee.operandSlot), slots.contains(w.pointee.overrideSlot) else {
            return coder.fail("there is no such segment register")
        }
        let mayBeSuspended = w.pointee.isFlushing || state.pointee.isHalted
        guard w.pointee.prefixCount >= 0, w.pointee.hold & ~(Hold8086.full | Hold8086.suspended) == 0,
            w.pointee.hold & Hold8086.suspended == 0 || mayBeSuspended,
            w.pointee.cycle == .passive || w.pointee.cycle == .fetch
        else { return coder.fail("the bus unit is in no possible state") }
        guard !w.pointee.isWaiting || coprocessor != nil && !state.pointee.isRepeating && !state.pointee.isHalted else {
            return coder.fail("the processor waits for no coprocessor")
        }
        checkSharing(coder)
    }

    private func checkSharing(_ coder: StateCoder) {
        let w = work
        guard w.pointee.transferLength <= Self.longestTransfer, w.pointee.waitingTransfer <= Self.longestTransfer,
            w.pointee.refreshPeriod == 0 || w.pointee.refreshPeriod >= 8 &* clockPeriod.count,
            isRefreshPossible(
                w.pointee.nextRefresh, every: w.pointee.refreshPeriod, clockPeriod, state.pointee.now),
            w.pointee.isBusTaken == (w.pointee.transferClock >= 5),
            w.pointee.transferClock == 0 || w.pointee.nextRequest == 0
        else { return coder.fail("the transfers of others are in no possible state") }
    }

    public func stateDidRestore() {
        let w = work
        state.pointee.flags = model.normalizedFlags(state.pointee.flags)
        w.pointee.now = state.pointee.now.count
        w.pointee.period = w.pointee.fixedClocks == 0 ? clockPeriod.count : 0
        coprocessor?.takesTime = w.pointee.fixedClocks == 0
        w.pointee.isHaltShown = false
    }
}
