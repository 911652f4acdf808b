import Chips
import Core

/// Told when a channel begins to answer.
public protocol DMAListener: AnyObject {
    /// `number` is 0-3 or 5-7.
    func channelDidOpen(_ number: Int, at now: Tick)
}

/// The DMA controllers of a PC with their page registers, and the channels that devices use.
///
/// - Ports: 00h-0Fh and the page registers 80h-8Fh; on the AT also C0h-DFh for the word channels 5-7.
/// - Source: IBM PC/AT Technical Reference, "Direct memory access", page registers; IBM PC/XT Technical Reference: four
///   bits for channels 2 (81h), 3 (82h), 0 and 1 (83h), which cannot be read.
/// - Not implemented: memory refresh as bus cycles, transfers from memory to memory.
public final class DMABoard: PortDevice, Intel8237Listener, StateChunk {
    public let first: Intel8237
    /// Nil on a PC or XT.
    public let second: Intel8237?
    private let memory: GuestMemory
    private var pages = [UInt8](repeating: 0, count: 16)
    private var listeners: [Listener] = []
    private var isAT: Bool { second != nil }

    public init(isAT: Bool, memory: GuestMemory) {
        first = Intel8237(chunkID: ChunkID("DMA1"))
        second = isAT ? Intel8237(chunkID: ChunkID("DMA2"), addressShift: 1) : nil
        self.memory = memory
        first.listener = self
        second?.listener = self
    }

    public func attach(to ports: PortMap) {
        ports.attach(first, at: 0x00...(isAT ? 0x1F : 0x0F))
        ports.attach(self, at: isAT ? 0x80...0x8F : 0x80...0x83)
        if let second { ports.attach(second, at: 0xC0...0xDF) }
    }

    /// All that must be saved.
    public var chunks: [any StateChunk] { [first, self] + (second.map { [$0] } ?? []) }

    /// Channel 0-3, or 5-7 on an AT; nil for others.
    public func channel(_ number: Int) -> DMAChannel? {
        switch number {
        case 0...3: return DMAChannel(number: number, chip: first, board: self)
        case 5...7: return second.map { DMAChannel(number: number, chip: $0, board: self) }
        default: return nil
        }
    }

    // MARK: Listeners

    private struct Listener { weak var object: (any DMAListener)? }

    /// Tells `listener` of all channels from now on, for as long as it lives.
    public func add(_ listener: any DMAListener) { listeners.append(Listener(object: listener)) }

    public func channelDidOpen(_ channel: Int, of chip: Intel8237, at now: Tick) {
        let number = chip === first ? channel : channel + 4
        for listener in listeners { listener.object?.channelDidOpen(number, at: now) }
    }

    // MARK: Pages

    /// The page register of each channel, as an offset from 80h.
    private static let pageOffsets = [7, 3, 1, 2, 15, 11, 9, 10]

    private func page(of channel: Int) -> UInt8 {
        if isAT { return pages[DMABoard.pageOffsets[channel & 7]] }
        // Channel 0 shares the register of channel 1.
        return pages[channel == 0 ? 3 : DMABoard.pageOffsets[channel & 3]] & 15
    }

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 { peekPort(port, at: now) }
    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 { isAT ? pages[Int(port & 15)] : 0xFF }
    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) { pages[Int(port & 15)] = value }

    // MARK: Memory

    /// The physical address of a cycle. Word channels drive A1-A16, and their page bit 0 is not used.
    fileprivate func physicalAddress(_ address: UInt16, channel: Int) -> UInt32 {
        channel < 4
            ? UInt32(page(of: channel)) << 16 | UInt32(address)
            : UInt32(page(of: channel) & 0xFE) << 16 | UInt32(address) << 1
    }

    fileprivate func read(_ address: UInt32) -> UInt8 {
        if address < 0x10_0000 { return memory.read8(address) }
        return Int(address) < memory.physical.count ? memory.physical[Int(address)] : 0xFF
    }

    fileprivate func write(_ address: UInt32, _ value: UInt8) {
        if address < 0x10_0000 { return memory.write8(address, value) }
        if Int(address) < memory.physical.count { memory.physical[Int(address)] = value }
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("DMAP") }
    public var chunkVersion: UInt16 { 1 }
    public func transfer(_ coder: StateCoder) { pages.withUnsafeMutableBytes { coder.memory("pages", $0) } }
    public func stateDidRestore() {}
}

/// One DMA channel, as the device on it uses it: the device says when, the channel where.
///
/// It holds no state of its own; the chips do.
public struct DMAChannel {
    public let number: Int
    private let chip: Intel8237
    private let board: DMABoard

    fileprivate init(number: Int, chip: Intel8237, board: DMABoard) {
        self.number = number
        self.chip = chip
        self.board = board
    }

    /// Whether transfers are of words (channels 5-7).
    public var isWide: Bool { number > 3 }
    /// Whether a transfer would take place now.
    public var isEnabled: Bool { chip.isEnabled(number & 3) }
    public var isAutomatic: Bool { chip.isAutomatic(number & 3) }
    /// Transfers left until the terminal count.
    public var remaining: Int { chip.remaining(number & 3) }

    /// The device's request line, which the status register shows.
    public func setRequest(_ isAsserted: Bool, at now: Tick) {
        chip.lineDidChange(number & 3, isAsserted: isAsserted, at: now)
    }

    /// One transfer from memory to the device. Nil if the channel is not enabled. A channel programmed for another
    /// direction counts, but the bus floats.
    public func read() -> (value: UInt16, isTerminalCount: Bool)? {
        guard let cycle = chip.nextCycle(number & 3) else { return nil }
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
        guard let cycle = chip.nextCycle(number & 3) else { return nil }
        guard cycle.direction == .toMemory else { return cycle.isTerminalCount }
        let address = board.physicalAddress(cycle.address, channel: number)
        board.write(address, UInt8(truncatingIfNeeded: value))
        if isWide { board.write(address + 1, UInt8(value >> 8)) }
        return cycle.isTerminalCount
    }
}
