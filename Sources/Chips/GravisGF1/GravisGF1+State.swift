import Core

extension GravisGF1 {
    /// Register 4Ch.
    struct GlobalControl: OptionSet {
        let rawValue: UInt8
        static let run = GlobalControl(rawValue: 0b0000_0001)
        static let converter = GlobalControl(rawValue: 0b0000_0010)
        static let interrupts = GlobalControl(rawValue: 0b0000_0100)
    }

    struct State {
        // What a reset leaves alone: the choice of registers, the addresses of memory, the board's switch.
        var voice: UInt8 = 0
        var register: UInt8 = 0
        /// Registers 43h and 44h.
        var memoryAddress: UInt32 = 0
        /// Register 4Bh, which is of the joystick's comparators.
        var joystickTrim: UInt8 = 29
        var isLineOut = true

        var control = GlobalControl()
        var voices = [Voice](repeating: Voice(), count: 32)
        var voiceCount = 14
        /// The number of the next frame, and the slot at whose end it is over.
        var frame: Int64 = 0
        var due: Int64 = 0
        /// What the converter holds.
        var left: Int16 = 0
        var right: Int16 = 0
        /// Where register 8Fh goes on looking.
        var nextInterruptingVoice: UInt8 = 0
        /// Register 45h.
        var timerControl: UInt8 = 0
        var timers = (first: Timer(), second: Timer())
        /// Register 42h.
        var transferAddress: UInt16 = 0
        var memoryTransfer = Transfer()
        /// Register 48h.
        var recordingRate: UInt8 = 0
        var recording = Transfer()

        var isRunning: Bool { control.contains(.run) }

        /// Bit 0 of register 4Ch is 0.
        mutating func reset() {
            var fresh = State()
            (fresh.voice, fresh.register, fresh.memoryAddress) = (voice, register, memoryAddress)
            (fresh.joystickTrim, fresh.isLineOut) = (joystickTrim, isLineOut)
            self = fresh
        }
    }

    public var chunkID: ChunkID { ChunkID("GF1S") }
    public var chunkVersion: UInt16 { 2 }

    public func transfer(_ coder: StateCoder) {
        coder.field("voice", &state.voice)
        coder.field("register", &state.register)
        coder.field("memoryAddress", &state.memoryAddress)
        coder.field("joystickTrim", &state.joystickTrim)
        coder.field("isLineOut", &state.isLineOut)
        coder.field("control", &state.control)
        for index in state.voices.indices { coder.field("voice \(index)", &state.voices[index]) }
        coder.field("voiceCount", &state.voiceCount)
        coder.field("frame", &state.frame)
        coder.field("due", &state.due)
        coder.field("left", &state.left)
        coder.field("right", &state.right)
        coder.field("nextInterruptingVoice", &state.nextInterruptingVoice)
        coder.field("timerControl", &state.timerControl)
        coder.field("timer 1", &state.timers.first)
        coder.field("timer 2", &state.timers.second)
        coder.field("transferAddress", &state.transferAddress)
        coder.field("memoryTransfer", &state.memoryTransfer)
        coder.field("recordingRate", &state.recordingRate)
        coder.field("recording", &state.recording)
        if !isPossible {
            coder.fail("registers out of range")
            state = State()
        }
        memory.transfer(coder)
    }

    private var isPossible: Bool {
        // Slots of 45 years.
        let longest: Int64 = 1 << 50
        return state.voice < 32 && state.memoryAddress <= 0xF_FFFF && (14...32).contains(state.voiceCount)
            && (0...longest).contains(state.frame) && (0...longest).contains(state.due)
            && state.nextInterruptingVoice < 32 && state.control.rawValue < 8
            && (state.isRunning
                || (!state.memoryTransfer.isOn && !state.recording.isOn
                    && !state.timers.first.isRunning && !state.timers.second.isRunning))
    }

    public func stateDidRestore() {
        interrupt.restore(isInterrupting)
        levels.restore(left: state.isLineOut ? state.left : 0, right: state.isLineOut ? state.right : 0)
    }
}
