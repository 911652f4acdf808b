import Core

/// Others on the bus: DMA transfers, and the refresh of dynamic memory that is one on the PC.
///
/// The PC's processor is in maximum mode and has no hold line. Its DMA logic waits until the status lines are passive and
/// LOCK# is not set, takes the bus, and holds READY low until the transfer is over and the processor's address is on the
/// bus again. So a transfer costs nothing while the processor does not use the bus, and otherwise stretches its T3.
///
/// Source: [PCTR] the DMA and wait-state logic; [XTCE] the order of its clocks.
extension ExactProcessor8086 {
    /// Clocks of the transfer states of an 8237 for one byte: S1 to S4.
    public static let refreshClocks: UInt16 = 4
    /// Clocks of a transfer at most; an 8088 saves the state of its coprocessor in 376.
    static let longestTransfer: UInt16 = 600

    /// Lets memory be refreshed every `period`, for the first time at `first`; nil: never.
    public func setRefresh(every period: Tick?, from first: Tick = .zero) {
        let w = work
        let count = period.map { max($0.count, 8 &* clockPeriod.count) } ?? 0
        w.pointee.refreshPeriod = count
        w.pointee.nextRefresh = count == 0 ? .max : first.count
        passRefreshes()
        if w.pointee.transferClock == 0 && w.pointee.waitingTransfer == 0 {
            w.pointee.nextRequest = w.pointee.nextRefresh
        }
    }

    /// Somebody wants the bus for `clocks` clocks, as soon as it is free. Requests that come before the last one has
    /// been served are added to it.
    public func requestBus(clocks: UInt16) {
        let w = work
        let longest = Self.longestTransfer
        w.pointee.waitingTransfer = min(w.pointee.waitingTransfer &+ min(clocks, longest), longest)
        w.pointee.nextRequest = 0
    }

    /// Refreshes that fall into time that has been skipped need no clock.
    func passRefreshes() {
        let w = work
        let period = w.pointee.refreshPeriod
        guard period > 0, w.pointee.now > w.pointee.nextRefresh else { return }
        let missed = (w.pointee.now &- w.pointee.nextRefresh &- 1) / period &+ 1
        w.pointee.nextRefresh &+= missed &* period
        if w.pointee.nextRequest != 0 { w.pointee.nextRequest = w.pointee.nextRefresh }
    }

    /// One clock of the DMA logic, at the beginning of a processor clock.
    @inline(never) func stepTransfer() {
        let w = work
        if w.pointee.transferClock == 0 {
            guard beginTransfer() else { return }
        }
        switch w.pointee.transferClock {
        case 2:
            // The hold request waits for passive status lines, as they were up to the clock before.
            let busState = w.pointee.busState
            let isPassive = busState == .idle || busState == .t4 || busState == .t1
            if !isPassive || w.pointee.isLocked { return }
            w.pointee.transferClock = 3
        case 4:
            w.pointee.isBusTaken = true
            w.pointee.transferClock = 5
        case (6 &+ w.pointee.transferLength)...:
            w.pointee.isBusTaken = false
            w.pointee.transferClock = 0
            w.pointee.nextRequest = w.pointee.waitingTransfer != 0 ? 0 : w.pointee.nextRefresh
        default: w.pointee.transferClock &+= 1
        }
    }

    private func beginTransfer() -> Bool {
        let w = work
        if w.pointee.now >= w.pointee.nextRefresh {
            w.pointee.nextRefresh &+= w.pointee.refreshPeriod
            w.pointee.transferLength = Self.refreshClocks
        } else if w.pointee.waitingTransfer != 0 {
            w.pointee.transferLength = w.pointee.waitingTransfer
            w.pointee.waitingTransfer = 0
        } else {
            w.pointee.nextRequest = w.pointee.nextRefresh
            return false
        }
        w.pointee.nextRequest = 0
        w.pointee.transferClock = 1
        return true
    }
}
