import Core

/// Told before video memory changes.
protocol VideoMemoryClient: AnyObject {
    func videoMemoryWillChange(at now: Tick)
    /// The byte that the processor moves is on the bus of the video memory.
    func videoMemoryIsAccessed(_ byte: UInt8, at now: Tick)
}

/// Addresses at which a video memory is seen besides its own: the mirrors of a card that decodes few address lines, a
/// window on system memory. In exact profiles also its own addresses, so that the beam is caught up at each write.
final class VideoWindow: MemoryDevice {
    private unowned let memory: GuestMemory
    private weak var client: (any VideoMemoryClient)?
    private let start: Int
    /// Where the bytes are: `base`, and the address in the window with the bits of `mask`.
    private var base: Int
    private var mask: Int
    /// Closed, reads give FFh and writes are lost.
    private var isOpen = true

    /// - Parameter mask: size of the memory less 1; the memory is below 1 MB as a whole.
    init(
        memory: GuestMemory, client: (any VideoMemoryClient)?, addresses: Range<Int>, base: Int, mask: Int,
        flags: PageFlags = .device
    ) {
        (self.memory, self.client) = (memory, client)
        (start, self.base, self.mask) = (addresses.lowerBound, base, mask)
        memory.route(addresses, flags: flags, device: self)
    }

    /// Who is told of accesses.
    func connect(_ client: any VideoMemoryClient) { self.client = client }

    /// Shows `mask + 1` bytes from `base` on; what lies beyond the machine's memory is not there.
    func show(base: Int, mask: Int, isOpen: Bool = true) {
        (self.base, self.mask, self.isOpen) = (base, mask, isOpen)
    }

    private func place(_ address: UInt32) -> Int? {
        let place = base &+ (Int(address) &- start) & mask
        return isOpen && memory.physical.indices.contains(place) ? place : nil
    }

    func readMemory(_ address: UInt32, at now: Tick) -> UInt8 {
        guard let place = place(address) else { return 0xFF }
        let byte = memory.physical[place]
        client?.videoMemoryIsAccessed(byte, at: now)
        return byte
    }

    func writeMemory(_ address: UInt32, _ value: UInt8, at now: Tick) {
        guard let place = place(address) else { return }
        client?.videoMemoryWillChange(at: now)
        memory.physical[place] = value
        client?.videoMemoryIsAccessed(value, at: now)
    }
}
