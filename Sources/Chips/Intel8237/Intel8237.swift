import Core

/// Intel 8237A DMA controller: four channels with 16-bit addresses and counts.
///
/// - In a PC: ports 00h-0Fh; the AT has a second one for words at C0h-DFh, two ports apart. Page registers outside
///   the chip give the upper address bits.
/// - Clock: the time of a transfer is the board's affair; the chip says how many clocks it takes.
/// - Lines: DREQ 0-3 are lines 0-3 of this listener.
/// - Requests: a device paces its transfers itself and asks for each by `nextCycle`, whatever the channel's mode: single,
///   demand and block differ in when the bus is given back, and cards drop DREQ after each transfer. Requests of software
///   make the chip go through a block by itself: the board calls `nextService` while `hasService`.
/// - Source: [8237] "Transfer modes", "Transfer types", "Register description", "Software commands".
/// - Assumption: a memory-to-memory transfer starts whatever channel 0's mode is, unless it is cascade, and masks channel
///   1 at its end.
/// - Not implemented: devices' requests while the command register says DREQ low or DACK high, for which no PC is wired:
///   the status shows the lines as the chip takes them, and nobody is served; a request of a device on channel 0 that
///   starts a memory-to-memory transfer; EOP as an input, which no PC drives; extended write pulses, which nothing sees.
public final class Intel8237: PortDevice, LineListener, StateChunk {
    public enum Direction: UInt8, Sendable {
        case verify, toMemory, fromMemory, illegal
    }

    /// One bus cycle that the chip makes for a device.
    public struct Cycle: Hashable, Sendable {
        /// Address lines A0-A15.
        public var address: UInt16
        public var direction: Direction
        /// EOP: this is the last of the programmed count.
        public var isTerminalCount: Bool
    }

    public let chunkID: ChunkID
    private let addressShift: UInt16
    var state = State()

    /// - Parameter addressShift: address lines below the chip's A0: 0, or 1 for the AT's second chip.
    public init(chunkID: ChunkID, addressShift: UInt16 = 0) {
        self.chunkID = chunkID
        self.addressShift = addressShift
    }

    // MARK: Transfers of devices

    public func lineDidChange(_ line: Int, isAsserted: Bool, at now: Tick) {
        let bit = UInt8(1) << UInt8(truncatingIfNeeded: line & 3)
        state.requests = isAsserted ? state.requests | bit : state.requests & ~bit
    }

    /// Whether a device on `channel` would be served: the chip is on, the channel unmasked and not a cascade.
    public func isEnabled(_ channel: Int) -> Bool { state.isServed(channel & 3, asCascade: false) }

    /// The channels that are enabled, by their bits.
    public var enabledChannels: UInt8 {
        (0..<4).reduce(0) { $0 | (state.isServed($1, asCascade: false) ? 1 << UInt8($1) : 0) }
    }

    /// Whether another chip on `channel` gets the bus through this one.
    public func isCascade(_ channel: Int) -> Bool { state.isServed(channel & 3, asCascade: true) }

    /// The channels whose devices ask and are not served, bits 0-3.
    public var waitingChannels: UInt8 { state.requests & ~enabledChannels & 15 }

    /// Whether `channel` starts over by itself at its terminal count.
    public func isAutomatic(_ channel: Int) -> Bool { state.channels[channel & 3].isAutomatic }

    /// Transfers left until the terminal count: the count register plus one.
    public func remaining(_ channel: Int) -> Int { Int(state.channels[channel & 3].count) + 1 }

    /// The next cycle of `channel`, which then has moved on. Nil if it is not enabled.
    public func nextCycle(_ channel: Int) -> Cycle? { state.nextCycle(channel & 3) }

    /// Lets the refresh of memory on channel 0 have had `count` transfers, as far as it is served.
    public func passRefreshes(_ count: Int64) {
        if count > 0 && isRefreshing { state.pass(count, on: 0) }
    }

    /// Whether requests on channel 0 are transfers of its own, rather than of a memory-to-memory transfer.
    public var isRefreshing: Bool { isEnabled(0) && !state.isMemoryToMemory }

    // MARK: Ports

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 {
        let register = port >> addressShift & 15
        let value = state.read(register)
        switch register {
        case 0...7: state.isHighByte.toggle()
        case 8: state.terminalCounts = 0
        default: break
        }
        return value
    }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 { state.read(port >> addressShift & 15) }

    /// What a read would give after `count` refreshes more.
    public func peekPort(_ port: UInt16, afterRefreshes count: Int64) -> UInt8 {
        var later = state
        if count > 0 && isRefreshing { later.pass(count, on: 0) }
        return later.read(port >> addressShift & 15)
    }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        let register = port >> addressShift & 15
        let selected = UInt8(1) << (value & 3)
        switch register {
        case 0...7:
            state.channels[Int(register >> 1)].write(value, isCount: register & 1 != 0, isHigh: state.isHighByte)
            state.isHighByte.toggle()
        case 8: state.command = value
        case 9:
            state.softwareRequests =
                value & 4 != 0 ? state.softwareRequests | selected : state.softwareRequests & ~selected
        case 10: state.mask = value & 4 != 0 ? state.mask | selected : state.mask & ~selected
        case 11: state.channels[Int(value & 3)].mode = value
        case 12: state.isHighByte = false
        case 13: state.clear()
        case 14: state.mask = 0
        default: state.mask = value & 15
        }
    }

    // MARK: State

    public var chunkVersion: UInt16 { 2 }
    public func transfer(_ coder: StateCoder) { state.transfer(coder) }
    public func stateDidRestore() {}
}
