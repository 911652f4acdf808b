import Core

/// Others on the bus: the refresh of memory, slots of eight bits, and memory that is shared with a display.
///
/// The AT's refresh controller asks for the bus with HOLD. The processor gives it away behind the bus cycle that is under
/// way, but not between locked ones, and goes on decoding and executing what it has.
extension ExactProcessor80286 {
    /// Clocks for which a refresh has the bus, with the handshake.
    ///
    /// Source: [ZEN] chapter 15, listing 15-1: 12.7 clocks in place of 12 for each of a row of instructions, on an AT at
    /// 10 MHz whose bus is always in use: 8.3 clocks of each 150, "a little over 5 %".
    /// Assumption: whole clocks, at any speed of the processor.
    public static let refreshClocks: UInt8 = 8

    /// What is known of the others: of the refresh, in ticks, and of memory that is shared.
    struct Sharing {
        /// Of the refresh; 0: there is none.
        var period: Int64 = 0
        var next: Int64 = 0
        /// Clocks that the present one still lasts.
        var clocksLeft: UInt8 = 0
        /// When memory at `addresses` is free.
        var slots: UnsafeMutablePointer<MemorySlots>?
        var addresses: Range<UInt32> = 0..<0
    }

    /// Lets memory be refreshed every `period`, for the first time at `first`; nil: never.
    public func setRefresh(every period: Tick?, from first: Tick = .zero) {
        sharing.pointee.period = period.map { max($0.count, 16 &* clockPeriod.count) } ?? 0
        sharing.pointee.next = first.count
        if period == nil { sharing.pointee.clocksLeft = 0 }
        passRefreshes()
    }

    /// Refreshes that fall into time that has been skipped need no clock.
    func passRefreshes() {
        let (period, now) = (sharing.pointee.period, pipe.pointee.now)
        if period > 0, now > sharing.pointee.next {
            sharing.pointee.next &+= ((now &- sharing.pointee.next &- 1) / period &+ 1) &* period
        }
        planRefresh()
    }

    /// Finds the clock at which the bus unit has to look next.
    func planRefresh() {
        let p = pipe
        guard sharing.pointee.period > 0, p.pointee.clockLength > 0 else { return p.pointee.holdClock = .max }
        if sharing.pointee.clocksLeft > 0 { return p.pointee.holdClock = 0 }
        let wait = max(sharing.pointee.next &- p.pointee.now, 0)
        let clocks = (wait &+ p.pointee.clockLength &- 1) / p.pointee.clockLength
        p.pointee.holdClock = p.pointee.clock &+ UInt64(clamping: clocks)
    }

    /// Whether the bus is somebody else's in the present clock, in which no cycle is under way.
    @inline(never) func isHeld() -> Bool {
        let p = pipe
        if sharing.pointee.clocksLeft == 0 {
            if p.pointee.next.kind != .none && p.pointee.next.isLocked { return false }
            sharing.pointee.clocksLeft = Self.refreshClocks
            sharing.pointee.next &+= sharing.pointee.period
        }
        p.pointee.state = .idle
        sharing.pointee.clocksLeft &-= 1
        if sharing.pointee.clocksLeft == 0 { planRefresh() }
        return true
    }

    // MARK: Slots and shared memory

    /// The wait states of the cycle whose first Tc is the present clock, if it goes to the bus of eight bits. The second
    /// byte of a word adds Ts and Tc of its own.
    @inline(never) func narrowWaits() {
        let p = pipe
        let cycle = p.pointee.cycle
        guard p.pointee.narrowBus.contains(cycle) else { return }
        let period = max(p.pointee.clockLength, 1)
        let first = byteWaits(cycle, at: p.pointee.now)
        var waits = first
        if cycle.size == 2 { waits = first &+ 2 &+ byteWaits(cycle, at: p.pointee.now &+ Int64(first &+ 2) &* period) }
        p.pointee.waits = UInt8(clamping: waits)
    }

    private func byteWaits(_ cycle: BusCycle80286, at now: Int64) -> Int {
        let p = pipe
        let fixed = Int(p.pointee.narrowBus.waits)
        guard let slots = sharing.pointee.slots, !cycle.kind.isPort, sharing.pointee.addresses.contains(cycle.address),
            p.pointee.clockLength > 0
        else { return fixed }
        let wait = max(slots.pointee.accessEnd(at: Tick(now)).count &- now, 0)
        let clocks = (wait &+ p.pointee.clockLength &- 1) / p.pointee.clockLength
        return max(fixed, Int(min(clocks, 200)) &- 1)
    }
}
