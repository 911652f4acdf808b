import Core

extension Intel8237 {
    enum Command {
        static let memoryToMemory: UInt8 = 0b0000_0001
        static let holdsSource: UInt8 = 0b0000_0010
        static let isOff: UInt8 = 0b0000_0100
        static let isCompressed: UInt8 = 0b0000_1000
        static let rotates: UInt8 = 0b0001_0000
        static let requestsLow: UInt8 = 0b0100_0000
        static let acknowledgesHigh: UInt8 = 0b1000_0000
        /// Off, or wrongly set for the lines of a PC.
        static let stopsDevices = isOff | requestsLow | acknowledgesHigh
    }

    /// Bits 7-6 of a mode.
    enum Mode {
        static let block: UInt8 = 2
        static let cascade: UInt8 = 3
    }

    struct Channel: StateValue {
        var baseAddress: UInt16 = 0
        var baseCount: UInt16 = 0
        var address: UInt16 = 0
        var count: UInt16 = 0
        /// Bits 7-6 mode, 5 decrement, 4 automatic, 3-2 direction, 1-0 the channel as written.
        var mode: UInt8 = 0

        var isAutomatic: Bool { mode & 0b0001_0000 != 0 }
        var isDecrementing: Bool { mode & 0b0010_0000 != 0 }

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
            if !holdsAddress { address = isDecrementing ? address &- 1 : address &+ 1 }
            count = count &- 1
            if result.2 && isAutomatic { (address, count) = (baseAddress, baseCount) }
            return result
        }

        /// `steps` steps at once, which do not go beyond the terminal count.
        mutating func leap(_ steps: Int64) {
            let distance = UInt16(truncatingIfNeeded: steps)
            address = isDecrementing ? address &- distance : address &+ distance
            count = count &- distance
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
        /// The byte of a memory-to-memory transfer.
        var temporary: UInt8 = 0
        /// The channel that had the bus last: the lowest priority, if priorities rotate.
        var lastServed: UInt8 = 3
        /// A block of `lastServed` is under way, and is not interrupted.
        var isInBlock = false

        var isMemoryToMemory: Bool { command & Command.memoryToMemory != 0 }
        var holdsSource: Bool { isMemoryToMemory && command & Command.holdsSource != 0 }

        func read(_ register: UInt16) -> UInt8 {
            switch register {
            case 0...7:
                let channel = channels[Int(register >> 1)]
                let word = register & 1 == 0 ? channel.address : channel.count
                return UInt8(truncatingIfNeeded: isHighByte ? word >> 8 : word)
            case 8:
                let asserted = command & Command.requestsLow == 0 ? requests : ~requests
                return terminalCounts | (asserted | softwareRequests) << 4
            case 13: return temporary
            default: return 0xFF
            }
        }

        /// Whether a request on `channel`, 0-3, is answered.
        func isServed(_ channel: Int, asCascade: Bool) -> Bool {
            command & Command.stopsDevices == 0 && mask & 1 << UInt8(channel) == 0
                && (channels[channel].mode >> 6 == Mode.cascade) == asCascade
        }

        /// A device's transfer.
        mutating func nextCycle(_ channel: Int) -> Cycle? {
            guard isServed(channel, asCascade: false) else { return nil }
            // A block of software that is under way stays who it is.
            if !isInBlock { lastServed = UInt8(channel) }
            return cycle(channel)
        }

        /// One transfer of `channel`, 0-3.
        mutating func cycle(_ channel: Int) -> Cycle {
            let isHeld = channel == 0 && holdsSource
            let (address, direction, isLast) = channels[channel].step(holdsAddress: isHeld)
            if isLast { end(channel) }
            return Cycle(address: address, direction: direction, isTerminalCount: isLast)
        }

        /// EOP for a channel.
        mutating func end(_ channel: Int) {
            let bit = UInt8(1) << UInt8(channel)
            terminalCounts |= bit
            softwareRequests &= ~bit
            if !channels[channel].isAutomatic { mask |= bit }
        }

        /// `count` transfers at once, as far as the terminal count lets them.
        mutating func pass(_ count: Int64, on channel: Int) {
            let left = Int64(channels[channel].count) + 1
            guard count >= left else { return channels[channel].leap(count) }
            channels[channel].leap(left)
            end(channel)
            guard channels[channel].isAutomatic else { return }
            let period = Int64(channels[channel].baseCount) + 1
            (channels[channel].address, channels[channel].count) =
                (channels[channel].baseAddress, channels[channel].baseCount)
            channels[channel].leap((count - left) % period)
        }

        /// The master clear command and the RESET pin.
        mutating func clear() {
            (command, terminalCounts, softwareRequests, temporary) = (0, 0, 0, 0)
            (isHighByte, isInBlock) = (false, false)
            lastServed = 3
            mask = 0b1111
        }

        mutating func transfer(_ coder: StateCoder) {
            for index in channels.indices { coder.field("channel \(index)", &channels[index]) }
            coder.field("command", &command)
            coder.field("mask", &mask)
            coder.field("requests", &requests)
            coder.field("softwareRequests", &softwareRequests)
            coder.field("terminalCounts", &terminalCounts)
            coder.field("isHighByte", &isHighByte)
            coder.field("temporary", &temporary)
            coder.field("lastServed", &lastServed)
            coder.field("isInBlock", &isInBlock)
            lastServed &= 3
        }
    }
}
