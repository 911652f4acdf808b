import Core

/// Whether a saved state may say that memory is refreshed next at the tick `next`. Nobody waits longer for the bus than a
/// thousand clocks; what is overdue by hours would have it for as long.
func isRefreshPossible(_ next: Int64, every period: Int64, _ clockPeriod: Tick, _ now: Tick) -> Bool {
    guard period > 0 else { return true }
    guard period <= Tick.perSecond else { return false }
    return next >= now.count &- period &- 1_000 &* clockPeriod.count
}
