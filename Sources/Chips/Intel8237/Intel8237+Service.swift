import Core

/// Requests of software: bytes that the chip moves by itself, block by block.
extension Intel8237 {
    /// A transfer of a block, with the clocks that it takes.
    public struct Service: Hashable, Sendable {
        public enum Kind: Hashable, Sendable {
            /// For the device on a channel, which has not asked and answers with nothing.
            case device(channel: Int, Cycle)
            /// A byte from channel 0's address to channel 1's.
            case memory(source: UInt16, destination: Cycle)
        }

        public var kind: Kind
        /// States S1 to S4, without those of the processor's handshake and without wait states.
        public var clocks: Int
    }

    /// Whether software wants a block to be moved. Masks do not stop it.
    public var hasService: Bool { nextChannel != nil }

    /// Whether a block is under way: nobody else gets the bus before its end.
    public var isInBlock: Bool { state.isInBlock && hasService }

    /// The next transfer of the block under way, or the first of the next one. Nil if software has asked for none.
    ///
    /// Of a memory transfer the board reads the source, passes it to `latch(_:)`, and writes it to the destination.
    public func nextService() -> Service? {
        guard let channel = nextChannel else {
            state.isInBlock = false
            return nil
        }
        let isFirst = !state.isInBlock
        (state.isInBlock, state.lastServed) = (true, UInt8(channel))
        defer { if state.softwareRequests & bit(channel) == 0 { state.isInBlock = false } }
        if channel == 0 && state.isMemoryToMemory { return moveByte() }
        let transfer = state.cycle(channel)
        // S1 puts A8-A15 into the latch outside, S3 is left out if timing is compressed.
        let changesPage = transfer.address & 0xFF == (state.channels[channel].isDecrementing ? 0xFF : 0)
        let isCompressed = state.command & Command.isCompressed != 0
        return Service(
            kind: .device(channel: channel, transfer),
            clocks: (isCompressed ? 2 : 3) + (isFirst || changesPage ? 1 : 0))
    }

    /// The byte that a memory-to-memory transfer has read.
    public func latch(_ byte: UInt8) { state.temporary = byte }

    /// Channel 0 has no terminal count of its own here: its count decides only about its automatic start.
    private func moveByte() -> Service {
        let (source, _, _) = state.channels[0].step(holdsAddress: state.holdsSource)
        let destination = state.cycle(1)
        if destination.isTerminalCount { state.softwareRequests &= ~bit(0) }
        return Service(kind: .memory(source: source, destination: destination), clocks: 8)
    }

    /// The channel under way, or that of the highest priority: 0, or the one behind the last served.
    private var nextChannel: Int? {
        guard state.command & Command.isOff == 0, state.softwareRequests != 0 else { return nil }
        let last = Int(state.lastServed)
        if state.isInBlock && wantsService(last) { return last }
        let first = state.command & Command.rotates == 0 ? 0 : last + 1
        return (0..<4).lazy.map { (first + $0) & 3 }.first { wantsService($0) }
    }

    private func bit(_ channel: Int) -> UInt8 { 1 << UInt8(channel) }

    private func wantsService(_ channel: Int) -> Bool {
        guard state.softwareRequests & bit(channel) != 0 else { return false }
        let mode = state.channels[channel].mode >> 6
        return channel == 0 && state.isMemoryToMemory ? mode != Mode.cascade : mode == Mode.block
    }
}
