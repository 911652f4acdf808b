import Core

extension CreativeDSP {
    struct State {
        // The two mailboxes.
        /// The byte from the program which the chip has not taken yet.
        var latch: UInt8 = 0
        var isLatchFull = false
        /// The byte in the mailbox to the program, and what the chip will put there next.
        var output: [UInt8] = []
        var lastOutput: UInt8 = 0

        // What the chip's program is at.
        var isResetHeld = false
        var isBooting = false
        /// Command 08h of versions 1 to 3, 0Bh and 0Ch of version 4: nothing but a reset helps.
        var isHalted = false
        /// It takes no byte before.
        var deafUntil = Tick.zero
        /// The busy bit is set until then.
        var busyUntil = Tick.zero
        var command: UInt8 = 0
        var lastCommand: UInt8 = 0
        var argumentsExpected: UInt8 = 0
        var argumentCount: UInt8 = 0
        /// The last one in the low byte.
        var arguments: UInt32 = 0
        /// Command E2h: its byte waits for the DMA controller, or to be read.
        var awaitsIdentification = false

        // Sound.
        /// Versions 1 to 3: the time constant. Version 4: the rate in 1/255 of 45,344 Hz.
        var rate: UInt8 = 0x9C
        /// The rate of the running clock.
        var runningRate: UInt8 = 0x9C
        /// When the sample clock started, and its cycles since. The next sample; never if the clock stands.
        var clockStart = Tick.zero
        var cycles: Int64 = 0
        var nextSample = Tick.never
        var narrow = Transfer()
        var wide = Transfer()
        /// Version 4: commands 44h and 46h.
        var isNarrowHeld = false
        var isWideHeld = false
        /// Version 4: the form that Cxh has set, in which the older commands play and record too.
        var isNarrowStereo = false
        var isNarrowSigned = false
        var adpcm = CreativeADPCM()
        var isSpeakerOn = false
        /// Levels of the converters.
        var left: Int16 = 0
        var right: Int16 = 0
        /// The card's switch between two converters (Sound Blaster Pro), and where the next byte goes.
        var isStereoOutput = false
        var isRightNext = false
        /// Command A8h, and which side the next byte is from.
        var isStereoInput = false
        var isRightInputNext = false
        /// The signal at the converter for recording.
        var inputLeft: Int16 = 0
        var inputRight: Int16 = 0

        // Interrupts.
        var isNarrowInterrupt = false
        var isWideInterrupt = false

        // Odds and ends of the chip's RAM.
        var testRegister: UInt8 = 0
        var identificationSum: UInt8 = 0xAA
        var identificationKey: UInt8 = 0x96
        /// Version 4: the chip's RAM, as far as `Place` tells what is kept there and FAh wrote.
        var ram = [UInt8](repeating: 0, count: 256)
        /// Command 01h of version 4: bytes of the processor's program still to come, with its sum and number.
        var uploadLeft: UInt32 = 0

        // MIDI.
        var midiMode = MIDIMode()
        var midiReadyAt = Tick.zero
        var midiStart = Tick.zero
    }

    /// Commands 30h to 37h.
    struct MIDIMode: OptionSet {
        let rawValue: UInt8
        static let interrupts = MIDIMode(rawValue: 0b0001)
        static let timeStamps = MIDIMode(rawValue: 0b0010)
        /// All bytes go out; only a reset ends it.
        static let uart = MIDIMode(rawValue: 0b0100)
        static let active = MIDIMode(rawValue: 0b1000)
    }

    public var chunkVersion: UInt16 { 2 }

    public func transfer(_ coder: StateCoder) {
        transferMailboxes(coder)
        transferSound(coder)
        coder.field("isNarrowInterrupt", &state.isNarrowInterrupt)
        coder.field("isWideInterrupt", &state.isWideInterrupt)
        coder.field("testRegister", &state.testRegister)
        coder.field("identificationSum", &state.identificationSum)
        coder.field("identificationKey", &state.identificationKey)
        state.ram.withUnsafeMutableBytes { coder.memory("ram", $0) }
        coder.field("uploadLeft", &state.uploadLeft)
        coder.field("midiMode", &state.midiMode)
        coder.field("midiReadyAt", &state.midiReadyAt)
        coder.field("midiStart", &state.midiStart)
        levels.transfer(coder)
    }

    private func transferMailboxes(_ coder: StateCoder) {
        coder.field("latch", &state.latch)
        coder.field("isLatchFull", &state.isLatchFull)
        coder.field("output", &state.output, limit: CreativeDSP.outputCapacity)
        coder.field("lastOutput", &state.lastOutput)
        coder.field("isResetHeld", &state.isResetHeld)
        coder.field("isBooting", &state.isBooting)
        coder.field("isHalted", &state.isHalted)
        coder.field("deafUntil", &state.deafUntil)
        coder.field("busyUntil", &state.busyUntil)
        coder.field("command", &state.command)
        coder.field("lastCommand", &state.lastCommand)
        coder.field("argumentsExpected", &state.argumentsExpected)
        coder.field("argumentCount", &state.argumentCount)
        coder.field("arguments", &state.arguments)
        coder.field("awaitsIdentification", &state.awaitsIdentification)
    }

    private func transferSound(_ coder: StateCoder) {
        coder.field("rate", &state.rate)
        coder.field("runningRate", &state.runningRate)
        coder.field("clockStart", &state.clockStart)
        coder.field("cycles", &state.cycles)
        coder.field("nextSample", &state.nextSample)
        if !(0...1 << 50).contains(state.cycles) {
            coder.fail("cycles out of range")
            state.cycles = 0
        }
        coder.field("narrow", &state.narrow)
        coder.field("wide", &state.wide)
        coder.field("isNarrowHeld", &state.isNarrowHeld)
        coder.field("isWideHeld", &state.isWideHeld)
        coder.field("isNarrowStereo", &state.isNarrowStereo)
        coder.field("isNarrowSigned", &state.isNarrowSigned)
        coder.field("adpcm", &state.adpcm)
        coder.field("isSpeakerOn", &state.isSpeakerOn)
        coder.field("left", &state.left)
        coder.field("right", &state.right)
        coder.field("isStereoOutput", &state.isStereoOutput)
        coder.field("isRightNext", &state.isRightNext)
        coder.field("isStereoInput", &state.isStereoInput)
        coder.field("isRightInputNext", &state.isRightInputNext)
        coder.field("inputLeft", &state.inputLeft)
        coder.field("inputRight", &state.inputRight)
    }

    public func stateDidRestore() {
        clock = CreativeDSP.clock(version, state.runningRate, isHighSpeed: state.narrow.isHighSpeed)
        interrupt8.restore(state.isNarrowInterrupt)
        interrupt16.restore(state.isWideInterrupt)
    }
}
