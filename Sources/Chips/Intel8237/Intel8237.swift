import Core

/// Told when a DMA controller begins to serve a channel, so that a device that waits for it need not ask.
public protocol Intel8237Listener: AnyObject {
    /// `channel` (0-3) of `chip` was masked, a cascade, or the chip was off; now it is not.
    func channelDidOpen(_ channel: Int, of chip: Intel8237, at now: Tick)
}

/// Intel 8237A DMA controller: four channels with 16-bit addresses and counts.
///
/// - In a PC: ports 00h-0Fh; the AT has a second one for words at C0h-DFh, two ports apart. Page registers outside
///   the chip give the upper address bits.
/// - Clock: the time of a transfer is the board's affair; the chip counts.
/// - Lines: DREQ 0-3 are lines 0-3 of this listener.
/// - Source: Intel 8237A data sheet (231466): "Register description", "Software commands", "Transfer types".
/// - Not implemented: memory-to-memory transfers (on a PC channel 0 refreshes memory), so the temporary register reads
///   0; priorities and bus-mastering modes, since the requesting device paces each transfer itself.
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
    public weak var listener: (any Intel8237Listener)?
    private let addressShift: UInt16
    private var state = State()

    /// - Parameter addressShift: address lines below the chip's A0: 0, or 1 for the AT's second chip.
    public init(chunkID: ChunkID, addressShift: UInt16 = 0) {
        self.chunkID = chunkID
        self.addressShift = addressShift
    }

    // MARK: Transfers

    public func lineDidChange(_ line: Int, isAsserted: Bool, at now: Tick) {
        let bit = UInt8(1) << UInt8(truncatingIfNeeded: line & 3)
        state.requests = isAsserted ? state.requests | bit : state.requests & ~bit
    }

    /// Whether a device on `channel` would be served: the chip is on, the channel unmasked and not a cascade.
    public func isEnabled(_ channel: Int) -> Bool {
        state.command & 0b0000_0100 == 0 && state.mask & bit(channel) == 0
            && state.channels[channel & 3].mode >> 6 != 0b11
    }

    /// Whether `channel` starts over by itself at its terminal count.
    public func isAutomatic(_ channel: Int) -> Bool { state.channels[channel & 3].isAutomatic }

    /// Transfers left until the terminal count: the count register plus one.
    public func remaining(_ channel: Int) -> Int { Int(state.channels[channel & 3].count) + 1 }

    /// The next cycle of `channel`, which then has moved on. Nil if it is not enabled.
    public func nextCycle(_ channel: Int) -> Cycle? {
        guard isEnabled(channel) else { return nil }
        let isHeld = state.command & 0b0000_0011 == 0b11 && channel & 3 == 0
        let (address, direction, isLast) = state.channels[channel & 3].step(holdsAddress: isHeld)
        if isLast {
            state.terminalCounts |= bit(channel)
            state.softwareRequests &= ~bit(channel)
            if !state.channels[channel & 3].isAutomatic { state.mask |= bit(channel) }
        }
        return Cycle(address: address, direction: direction, isTerminalCount: isLast)
    }

    private func bit(_ channel: Int) -> UInt8 { UInt8(1) << UInt8(channel & 3) }

    // MARK: Ports

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 {
        let value = peekPort(port, at: now)
        switch port >> addressShift & 15 {
        case 0...7: state.isHighByte.toggle()
        case 8: state.terminalCounts = 0
        default: break
        }
        return value
    }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        let register = port >> addressShift & 15
        switch register {
        case 0...7:
            let channel = state.channels[Int(register >> 1)]
            let word = register & 1 == 0 ? channel.address : channel.count
            return UInt8(truncatingIfNeeded: state.isHighByte ? word >> 8 : word)
        case 8: return state.terminalCounts | (state.requests | state.softwareRequests) << 4
        case 13: return 0
        default: return 0xFF
        }
    }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        let before = enabledChannels
        writeRegister(port >> addressShift & 15, value)
        let opened = enabledChannels & ~before
        for channel in 0..<4 where opened & bit(channel) != 0 {
            listener?.channelDidOpen(channel, of: self, at: now)
        }
    }

    private var enabledChannels: UInt8 {
        var bits: UInt8 = 0
        for channel in 0..<4 where isEnabled(channel) { bits |= bit(channel) }
        return bits
    }

    private func writeRegister(_ register: UInt16, _ value: UInt8) {
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
        case 13: masterClear()
        case 14: state.mask = 0
        default: state.mask = value & 15
        }
    }

    /// The master clear command and the RESET pin.
    private func masterClear() {
        state.command = 0
        state.terminalCounts = 0
        state.softwareRequests = 0
        state.isHighByte = false
        state.mask = 0b1111
    }

    // MARK: State

    struct Channel: StateValue {
        var baseAddress: UInt16 = 0
        var baseCount: UInt16 = 0
        var address: UInt16 = 0
        var count: UInt16 = 0
        /// Bits 7-6 mode, 5 decrement, 4 automatic, 3-2 direction, 1-0 the channel as written.
        var mode: UInt8 = 0

        var isAutomatic: Bool { mode & 0b0001_0000 != 0 }

        mutating func write(_ byte: UInt8, isCount: Bool, isHigh: Bool) {
            func merged(_ word: UInt16) -> UInt16 {
                isHigh ? word & 0x00FF | UInt16(byte) << 8 : word & 0xFF00 | UInt16(byte)
            }
            if isCount {
                baseCount = merged(baseCount)
                count = baseCount
            } else {
                baseAddress = merged(baseAddress)
                address = baseAddress
            }
        }

        mutating func step(holdsAddress: Bool) -> (UInt16, Direction, Bool) {
            let result = (address, Direction(rawValue: mode >> 2 & 3) ?? .illegal, count == 0)
            if !holdsAddress { address = mode & 0b0010_0000 == 0 ? address &+ 1 : address &- 1 }
            count = count &- 1
            if result.2 && isAutomatic { (address, count) = (baseAddress, baseCount) }
            return result
        }

        mutating func transfer(_ coder: StateCoder) {
            coder.field("baseAddress", &baseAddress)
            coder.field("baseCount", &baseCount)
            coder.field("address", &address)
            coder.field("count", &count)
            coder.field("mode", &mode)
        }
    }

    struct State: StateValue {
        var channels = [Channel](repeating: Channel(), count: 4)
        var command: UInt8 = 0
        var mask: UInt8 = 0b1111
        /// DREQ levels.
        var requests: UInt8 = 0
        var softwareRequests: UInt8 = 0
        var terminalCounts: UInt8 = 0
        /// The byte pointer flip-flop.
        var isHighByte = false

        mutating func transfer(_ coder: StateCoder) {
            for index in channels.indices { coder.field("channel \(index)", &channels[index]) }
            coder.field("command", &command)
            coder.field("mask", &mask)
            coder.field("requests", &requests)
            coder.field("softwareRequests", &softwareRequests)
            coder.field("terminalCounts", &terminalCounts)
            coder.field("isHighByte", &isHighByte)
        }
    }

    public var chunkVersion: UInt16 { 1 }
    public func transfer(_ coder: StateCoder) { state.transfer(coder) }
    public func stateDidRestore() {}
}
