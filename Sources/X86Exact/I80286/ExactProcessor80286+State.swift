import Core
import X86

/// The saved state: registers, queues and the bus as they are between two instructions.
extension ExactProcessor80286 {
    public var chunkID: ChunkID { ChunkID("CPX2") }
    public var chunkVersion: UInt16 { 4 }

    public func transfer(_ coder: StateCoder) {
        let p = pipe
        state.pointee.transfer(coder)
        coder.field("clock", &p.pointee.clock)
        coder.field("busState", &p.pointee.state)
        coder.field("waits", &p.pointee.waits)
        coder.group("cycle") { p.pointee.cycle.transfer(coder) }
        coder.group("next") { p.pointee.next.transfer(coder) }
        coder.group("request") { p.pointee.request.transfer(coder) }
        coder.field("data", &p.pointee.data)
        coder.field("isFetchWanted", &p.pointee.isFetchWanted)
        coder.field("queue", &p.pointee.queue)
        coder.field("queueCount", &p.pointee.queueCount)
        coder.field("level", &p.pointee.level)
        coder.field("fetchOffset", &p.pointee.fetchOffset)
        coder.field("codeBase", &p.pointee.codeBase)
        coder.field("fetchEnd", &p.pointee.fetchEnd)
        coder.field("droppedFetches", &p.pointee.droppedFetches)
        coder.field("phase", &p.pointee.phase)
        coder.field("displacementBytes", &p.pointee.displacementBytes)
        coder.field("immediateBytes", &p.pointee.immediateBytes)
        coder.field("fieldShift", &p.pointee.fieldShift)
        coder.field("hold", &p.pointee.hold)
        coder.field("decodedCount", &p.pointee.decodedCount)
        coder.field("decodedHead", &p.pointee.decodedHead)
        for index in 0...min(p.pointee.decodedCount, 3) {
            let slot = (p.pointee.decodedHead &+ index) & (ExactProcessor80286.ringSize - 1)
            coder.group("decoded[\(index)]") { decoded[Int(slot)].transfer(coder) }
        }
        coder.field("isWaiting", &p.pointee.isWaiting)
        p.pointee.executing = (p.pointee.decodedHead &- 1) & (ExactProcessor80286.ringSize - 1)
        if p.pointee.isWaiting { coder.group("instruction") { instruction.pointee.transfer(coder) } }
        coder.field("nextCS", &p.pointee.nextCS)
        coder.field("nextIP", &p.pointee.nextIP)
        coder.field("fixedClocks", &p.pointee.fixedClocks)
        coder.field("refreshPeriod", &sharing.pointee.period)
        coder.field("nextRefresh", &sharing.pointee.next)
        coder.field("refreshClocksLeft", &sharing.pointee.clocksLeft)
        if coder.direction == .load && coder.failure == nil { check(coder) }
    }

    /// Refuses what the units cannot be in between two instructions.
    private func check(_ coder: StateCoder) {
        let p = pipe
        let isQueueGood =
            p.pointee.queueCount <= 6 && p.pointee.level < 0x80 && p.pointee.level & 0x3F <= 8
            && p.pointee.level & 0x3F >= p.pointee.queueCount
            && p.pointee.droppedFetches <= 2
            && p.pointee.fetchOffset <= 0x1_0000
            && p.pointee.codeBase <= 0xFF_FFFF
        let isDecodingGood =
            p.pointee.decodedCount <= 3 && p.pointee.decodedHead < ExactProcessor80286.ringSize
            && p.pointee.displacementBytes <= 2
            && p.pointee.immediateBytes <= 4 && p.pointee.fieldShift <= 24
        let cycles = [p.pointee.cycle, p.pointee.next, p.pointee.request]
        let isHoldGood =
            sharing.pointee.clocksLeft <= Self.refreshClocks
            && (sharing.pointee.clocksLeft == 0 || p.pointee.state == .idle)
            && (sharing.pointee.period == 0 || sharing.pointee.period >= 16 &* clockPeriod.count)
            && isRefreshPossible(sharing.pointee.next, every: sharing.pointee.period, clockPeriod, state.pointee.now)
        let isBusGood = isHoldGood && cycles.allSatisfy(\.isGood) && !p.pointee.isReading
        if !(isQueueGood && isDecodingGood && isBusGood) {
            coder.fail("the units of the processor contradict each other")
        }
        if p.pointee.isWaiting && (coprocessor == nil || state.pointee.isRepeating) {
            coder.fail("the processor waits for no coprocessor")
        }
        if !(0...255).contains(p.pointee.fixedClocks) { coder.fail("\(p.pointee.fixedClocks) clocks an instruction") }
    }

    public func stateDidRestore() {
        let p = pipe
        state.pointee.flags = model.normalizedFlags(state.pointee.flags)
        p.pointee.now = state.pointee.now.count
        fixedInstructionClocks = fixedInstructionClocks
        p.pointee.reads = 0
        p.pointee.isAccepted = false
        p.pointee.isLocked = false
        p.pointee.isLockHeld = false
        p.pointee.isLookNeeded = true
        p.pointee.hasViolation = false
    }
}

extension Pipeline80286 {
    /// A read is under way, which is never so between two instructions.
    fileprivate var isReading: Bool {
        let isComplete = state == .idle || state == .command && waits == 0
        return next.kind.isRead || request.kind.isRead || cycle.kind.isRead && !isComplete
    }
}

extension BusKind80286 {
    fileprivate var isRead: Bool { self == .memoryRead || self == .portRead }
}

extension BusCycle80286 {
    /// Whether all of the cycle lies in memory or ports.
    var isGood: Bool { size <= 2 && address <= 0x100_FFFE }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("kind", &kind)
        var word = word
        coder.field("word", &word)
        setWord(word)
        coder.field("data", &data)
    }
}

extension Decoded80286 {
    mutating func transfer(_ coder: StateCoder) {
        coder.field("opcode", &opcode)
        coder.field("second", &second)
        coder.field("modRM", &modRM)
        coder.field("repeatPrefix", &repeatPrefix)
        coder.field("segment", &segment)
        coder.field("length", &length)
        coder.field("isLocked", &isLocked)
        coder.field("hasTrapNumber", &hasTrapNumber)
        coder.field("fault", &fault)
        coder.field("displacement", &displacement)
        coder.field("immediate", &immediate)
        coder.field("ready", &ready)
        if segment > 12 { coder.fail("there is no segment register \(segment)") }
    }
}
