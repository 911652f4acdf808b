import Chips
import Core

/// One DMA channel, as the device on it uses it: the device says when, the channel where.
///
/// It holds no state of its own; the chips do.
public struct DMAChannel {
    public let number: Int
    private let chip: Intel8237
    private let board: DMABoard

    init(number: Int, chip: Intel8237, board: DMABoard) {
        self.number = number
        self.chip = chip
        self.board = board
    }

    /// Whether transfers are of words (channels 5-7).
    public var isWide: Bool { number > 3 }
    /// Whether a transfer would take place now.
    public var isEnabled: Bool { isConnected && chip.isEnabled(number & 3) }
    public var isAutomatic: Bool { chip.isAutomatic(number & 3) }
    /// Transfers left until the terminal count.
    public var remaining: Int { chip.remaining(number & 3) }
    /// Whether the controller can get the bus.
    private var isConnected: Bool { isWide || board.isFirstConnected }

    /// The device's request line, which the status register shows.
    public func setRequest(_ isAsserted: Bool, at now: Tick) {
        chip.lineDidChange(number & 3, isAsserted: isAsserted, at: now)
    }

    /// One transfer from memory to the device. Nil if the channel is not enabled. A channel programmed for another
    /// direction counts, but the bus floats.
    public func read() -> (value: UInt16, isTerminalCount: Bool)? {
        guard isConnected, let cycle = chip.nextCycle(number & 3) else { return nil }
        guard cycle.direction == .fromMemory else { return (isWide ? 0xFFFF : 0xFF, cycle.isTerminalCount) }
        let address = board.physicalAddress(cycle.address, channel: number)
        let low = UInt16(board.read(address))
        return (isWide ? low | UInt16(board.read(address + 1)) << 8 : low, cycle.isTerminalCount)
    }

    /// Transfers from memory, as many as there is room for, at most until the terminal count; gives whether that came.
    public func read(into values: UnsafeMutableBufferPointer<UInt16>) -> Bool {
        for index in values.indices {
            guard let (value, isTerminalCount) = read() else { return false }
            values[index] = value
            if isTerminalCount { return true }
        }
        return false
    }

    /// Transfers of `values` to memory, at most until the terminal count; gives whether that came.
    public func write(_ values: UnsafeBufferPointer<UInt16>) -> Bool {
        for value in values {
            guard let isTerminalCount = write(value) else { return false }
            if isTerminalCount { return true }
        }
        return false
    }

    /// One transfer from the device to memory; gives whether it was the last, or nil if the channel is not enabled. A
    /// channel programmed for another direction counts and stores nothing.
    public func write(_ value: UInt16) -> Bool? {
        guard isConnected, let cycle = chip.nextCycle(number & 3) else { return nil }
        guard cycle.direction == .toMemory else { return cycle.isTerminalCount }
        let address = board.physicalAddress(cycle.address, channel: number)
        board.write(address, UInt8(truncatingIfNeeded: value))
        if isWide { board.write(address + 1, UInt8(value >> 8)) }
        return cycle.isTerminalCount
    }
}
