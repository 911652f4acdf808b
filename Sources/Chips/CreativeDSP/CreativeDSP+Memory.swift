import Core

/// The RAM of version 4's chip, which commands F9h, FAh, FBh and FCh show. Source: [SBDSP4] registers and flags.
extension CreativeDSP {
    enum Place {
        /// The number of the signal processor's program.
        static let programLow = 0x08
        static let programHigh = 0x09
        /// What the sample interrupt does.
        static let interruptRoutine = 0x0B
        /// Four bytes that 4Dh reads.
        static let scratch = 0x1B
        /// Bits 0 to 3: a start of the 8-bit half to play and to record, of the 16-bit half to play and to record;
        /// bit 4 speaker, 6 repeating timer, 7 rate below that of the idle chip.
        static let status = 0x23
        static let isRateLow: UInt8 = 0b1000_0000
        /// Bits 1 and 2: the 8-bit half has a block queued, is in its automatic mode; bits 3 and 4: the 16-bit half.
        static let transfers = 0x24
        static let lockCount = 0x2B
        /// The modes of the last Cxh and Bxh.
        static let narrowMode = 0x2C
        static let wideMode = 0x2D
        /// Two bytes that tell the next reset to keep what has been set.
        static let warmMark = 0x31
    }

    // MARK: F9h and FAh

    /// The byte at `address`, of which bits 7-0 count.
    func ram(_ address: Int) -> UInt8 {
        switch address {
        case 0x0C: UInt8(truncatingIfNeeded: state.wide.block)
        case 0x0D: UInt8(truncatingIfNeeded: state.wide.block >> 8)
        case 0x0E: UInt8(truncatingIfNeeded: state.narrow.block)
        case 0x0F: UInt8(truncatingIfNeeded: state.narrow.block >> 8)
        case 0x20: state.command
        case Place.status: state.ram[Place.status] & 0b1110_1111 | (state.isSpeakerOn ? 0b0001_0000 : 0)
        case Place.transfers: transferFlags
        case 0x25: state.identificationSum
        case 0x26: state.identificationKey
        case 0x2A: state.testRegister
        case 0x30: state.lastCommand
        case 0x37: state.rate
        default: state.ram[address & 0xFF]
        }
    }

    private var transferFlags: UInt8 {
        (state.narrow.isQueued ? 0b0010 : 0) | (state.narrow.isAutomatic ? 0b0100 : 0)
            | (state.wide.isQueued ? 0b1000 : 0) | (state.wide.isAutomatic ? 0b1_0000 : 0)
    }

    func setRAM(_ address: Int, _ value: UInt8) {
        state.ram[address & 0xFF] = value
        switch address {
        case 0x0C: state.wide.block = state.wide.block & 0xFF00 | UInt16(value)
        case 0x0D: state.wide.block = state.wide.block & 0x00FF | UInt16(value) << 8
        case 0x0E: state.narrow.block = state.narrow.block & 0xFF00 | UInt16(value)
        case 0x0F: state.narrow.block = state.narrow.block & 0x00FF | UInt16(value) << 8
        case Place.status: state.isSpeakerOn = value & 0b0001_0000 != 0
        case 0x25: state.identificationSum = value
        case 0x26: state.identificationKey = value
        case 0x2A: state.testRegister = value
        case 0x37: state.rate = value
        default: break
        }
    }

    // MARK: Flags

    /// A transfer of Bxh, Cxh or an older command has been asked for.
    func noteStart(isWide: Bool, isRecording: Bool) {
        state.ram[Place.status] |= startFlag(isWide: isWide, isRecording: isRecording)
    }

    /// It has ended: one of the half's flags goes, recording first.
    func noteEnd(isWide: Bool) {
        let recording = startFlag(isWide: isWide, isRecording: true)
        let isRecording = state.ram[Place.status] & recording != 0
        state.ram[Place.status] &= ~startFlag(isWide: isWide, isRecording: isRecording)
    }

    private func startFlag(isWide: Bool, isRecording: Bool) -> UInt8 { 1 << ((isWide ? 2 : 0) + (isRecording ? 1 : 0)) }

    var isTimerRepeating: Bool {
        get { state.ram[Place.status] & 0b0100_0000 != 0 }
        set { state.ram[Place.status] = state.ram[Place.status] & 0b1011_1111 | (newValue ? 0b0100_0000 : 0) }
    }

    // MARK: Resets

    /// High-speed commands and the UART modes leave a mark, by which the next reset is a warm start.
    func setWarmMark(_ isSet: Bool) {
        state.ram[Place.warmMark] = isSet ? 0x34 : 0
        state.ram[Place.warmMark + 1] = isSet ? 0x12 : 0
    }

    var hasWarmMark: Bool { state.ram[Place.warmMark] == 0x34 && state.ram[Place.warmMark + 1] == 0x12 }

    /// What every reset of version 4 sets.
    func warmStartVersion4() {
        setWarmMark(false)
        for place in [Place.interruptRoutine, Place.lockCount, Place.narrowMode, Place.wideMode] {
            state.ram[place] = 0
        }
        (state.isNarrowHeld, state.isWideHeld) = (false, false)
    }
}
