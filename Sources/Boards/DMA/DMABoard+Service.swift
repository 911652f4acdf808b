import Chips
import Core

/// Blocks that the controllers move because software asks for them.
///
/// On a channel without memory-to-memory transfers no device has asked, and none answers: what is read from memory goes
/// nowhere, and what is written is what floats on the bus. A device of this machine that is on the channel takes no part
/// either: it knows nothing of a transfer that it has not asked for.
extension DMABoard {
    /// The most clocks of the bus between two looks of other devices at memory.
    private static let sliceClocks = 128
    /// Of each bus cycle.
    private static let waitStates = 1

    /// Whether a block has the bus, so that the processor stands still until the scheduler's next deadline.
    public var holdsBus: Bool { isHolding }

    /// After a write to a controller, which may have asked for a block, or let one through.
    func startService(at now: Tick) {
        guard let slot, !slot.isArmed, next != nil else { return }
        slot.arm(at: now)
    }

    /// The board's client of `slot`. References to what a slot knows weakly are slow to count, and a device refers to the
    /// board for each of its transfers.
    final class Alarm: EventClient {
        unowned var board: DMABoard?

        func eventDue(_ slot: EventSlot, at now: Tick) { board?.moveSlice(slot, at: now) }
    }

    /// The end of a slice, or the beginning of the first one.
    fileprivate func moveSlice(_ slot: EventSlot, at now: Tick) {
        var clocks = 0
        while clocks < DMABoard.sliceClocks, let chip = next, let service = chip.nextService() {
            clocks += move(service, chip)
        }
        isHolding = clocks > 0
        if isHolding { slot.arm(at: now + clockPeriod * Int64(clocks)) }
    }

    /// The controller that has a block to move. The first one's requests come through channel 0 of the second, which is
    /// that of the highest priority there.
    private var next: Intel8237? {
        if let second, second.isInBlock { return second }
        if isFirstConnected && first.hasService { return first }
        return second.flatMap { $0.hasService ? $0 : nil }
    }

    /// Does what `service` says, and returns the clocks for which it has the bus.
    private func move(_ service: Intel8237.Service, _ chip: Intel8237) -> Int {
        let isWide = chip !== first
        let offset = isWide ? 4 : 0
        switch service.kind {
        case .device(let channel, let cycle):
            let address = physicalAddress(cycle.address, channel: channel + offset)
            for byte in 0..<(isWide ? UInt32(2) : 1) {
                switch cycle.direction {
                case .fromMemory: _ = read(address + byte)
                case .toMemory: write(address + byte, 0xFF)
                case .verify, .illegal: break
                }
            }
            return service.clocks + DMABoard.waitStates
        case .memory(let source, let destination):
            let byte = read(physicalAddress(source, channel: offset))
            chip.latch(byte)
            let address = physicalAddress(destination.address, channel: offset + 1)
            write(address, byte)
            if isWide { write(address + 1, 0xFF) }
            return service.clocks + 2 * DMABoard.waitStates
        }
    }
}
