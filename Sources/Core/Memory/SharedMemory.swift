/// Memory that a processor shares with a display, which comes first: an access lasts until the memory is free.
public protocol SharedMemory: AnyObject {
    /// When the data of an access are there, or taken, whose command goes out at `now`.
    ///
    /// A function of the time and of registers alone; asking changes nothing.
    func accessEnd(at now: Tick) -> Tick
}

/// Slots in which such memory is the processor's. They come at a steady rate.
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
