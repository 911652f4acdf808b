import Core

extension Intel8042 {
    /// What port 64h reads.
    struct Status: OptionSet {
        let rawValue: UInt8
        static let outputFull = Status(rawValue: 0b0000_0001)
        static let systemFlag = Status(rawValue: 0b0000_0100)
        static let command = Status(rawValue: 0b0000_1000)
        static let notInhibited = Status(rawValue: 0b0001_0000)
        static let auxiliaryFull = Status(rawValue: 0b0010_0000)
        static let timeout = Status(rawValue: 0b0100_0000)
    }

    /// The controller's command byte (commands 20h and 60h).
    struct CommandByte: OptionSet {
        let rawValue: UInt8
        static let keyboardInterrupt = CommandByte(rawValue: 0b0000_0001)
        static let auxiliaryInterrupt = CommandByte(rawValue: 0b0000_0010)
        static let systemFlag = CommandByte(rawValue: 0b0000_0100)
        static let keyboardDisabled = CommandByte(rawValue: 0b0001_0000)
        static let auxiliaryDisabled = CommandByte(rawValue: 0b0010_0000)
        static let translates = CommandByte(rawValue: 0b0100_0000)
    }

    /// The output port (commands D0h and D1h).
    struct OutputPort: OptionSet {
        let rawValue: UInt8
        static let notReset = OutputPort(rawValue: 0b0000_0001)
        static let a20 = OutputPort(rawValue: 0b0000_0010)
        static let keyboardFull = OutputPort(rawValue: 0b0001_0000)
        static let auxiliaryFull = OutputPort(rawValue: 0b0010_0000)
        static let keyboardClock = OutputPort(rawValue: 0b0100_0000)
        static let keyboardData = OutputPort(rawValue: 0b1000_0000)
        /// What a write changes; the rest follows from the controller's own work.
        static let writable = OutputPort(rawValue: 0b0000_1111)
    }

    struct State: StateValue {
        var commandByte: CommandByte = [.keyboardDisabled, .auxiliaryDisabled]
        var outputPort = OutputPort(rawValue: 0b0000_1101)
        var outputBuffer: UInt8 = 0
        var isOutputFull = false
        var isFromAuxiliary = false
        var isTimeout = false
        /// The last write was to port 64h.
        var wasCommand = false
        /// The command that waits for a byte at port 60h, or 0.
        var pendingCommand: UInt8 = 0
        /// F0h came from the keyboard: the next code is a break.
        var isBreakPending = false
        /// Commands 21h-3Fh and 61h-7Fh; cell 0 is `commandByte`.
        var ram = [UInt8](repeating: 0, count: 32)

        mutating func transfer(_ coder: StateCoder) {
            coder.field("commandByte", &commandByte)
            coder.field("outputPort", &outputPort)
            coder.field("outputBuffer", &outputBuffer)
            coder.field("isOutputFull", &isOutputFull)
            coder.field("isFromAuxiliary", &isFromAuxiliary)
            coder.field("isTimeout", &isTimeout)
            coder.field("wasCommand", &wasCommand)
            coder.field("pendingCommand", &pendingCommand)
            coder.field("isBreakPending", &isBreakPending)
            ram.withUnsafeMutableBytes { coder.memory("ram", $0) }
        }
    }
}
