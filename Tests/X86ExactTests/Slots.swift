import Core

/// Memory that is shared by slots.
final class Slots: SharedMemory {
    private let slots: MemorySlots
    init(_ slots: MemorySlots) { self.slots = slots }
    func accessEnd(at now: Tick) -> Tick { slots.accessEnd(at: now) }
}
