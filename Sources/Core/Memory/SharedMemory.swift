/// Memory that a processor shares with a display, which comes first: an access lasts until the memory is free.
///
/// The board says when that is; the processor looks at each access. So the slots lie in one place, where looking counts
/// no references.
public final class SharedMemory {
    /// The slots that are in force, as long as this lives.
    public let slots: UnsafeMutablePointer<MemorySlots>

    public init(_ slots: MemorySlots) {
        self.slots = .allocate(capacity: 1)
        self.slots.initialize(to: slots)
    }

    deinit { slots.deallocate() }
}

/// Slots in which shared memory is the processor's. They come at a steady rate.
public struct MemorySlots: Sendable {
    /// Slots since power-on.
    private let clock: ClockRatio
    private let phase: Tick
    private let least: Tick

    /// - Parameters:
    ///   - clock: one cycle a slot.
    ///   - phase: the first slot, from power-on.
    ///   - least: ticks from the command of an access to its slot at least.
    public init(_ clock: ClockRatio, phase: Tick = .zero, least: Tick) {
        (self.clock, self.phase, self.least) = (clock, phase, least)
    }

    /// The first slot that an access at `now` can have.
    public func accessEnd(at now: Tick) -> Tick {
        let earliest = now + least - phase
        guard earliest > .zero else { return phase }
        return clock.time(ofCycle: clock.cycles(at: earliest - Tick(1)) &+ 1) + phase
    }
}
