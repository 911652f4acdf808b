import Core

extension CreativeDSP {
    /// The programs of the chip, by the version that command E1h gives.
    public enum Version: UInt16, Sendable, CaseIterable {
        case v105 = 0x0105
        case v200 = 0x0200
        case v201 = 0x0201
        case v301 = 0x0301
        case v302 = 0x0302
        case v405 = 0x0405

        public var major: UInt8 { UInt8(rawValue >> 8) }
        public var minor: UInt8 { UInt8(rawValue & 0xFF) }
        var hasAutomaticTransfers: Bool { self >= .v200 }
        var hasHighSpeed: Bool { self >= .v201 }
        var hasStereo: Bool { major == 3 }

        static func >= (a: Version, b: Version) -> Bool { a.rawValue >= b.rawValue }

        /// One cycle of the 8051: 1 us at 12 MHz, 0.5 us at 24 MHz.
        var machineCycle: Tick { Tick(major >= 4 ? 1_260 : 2_520) }
    }

    /// A command byte, taken apart as the chip's program does.
    struct Command {
        var byte: UInt8
        var group: UInt8 { byte >> 4 }
        var bit0: Bool { byte & 0b0001 != 0 }
        var bit1: Bool { byte & 0b0010 != 0 }
        var bit2: Bool { byte & 0b0100 != 0 }
        var bit3: Bool { byte & 0b1000 != 0 }
    }

    /// What moves samples: one transfer of the 8-bit or of the 16-bit half.
    struct Transfer: StateValue {
        enum Kind: UInt8 { case none, pcm, adpcm2, adpcm3, adpcm4, silence }

        var kind = Kind.none
        var isRecording = false
        /// Starts over at the end of a block.
        var isAutomatic = false
        /// Pairs of samples, left first (version 4).
        var isStereo = false
        var isSigned = false
        /// The chip does nothing else meanwhile (versions 2.01 to 3.02).
        var isHighSpeed = false
        /// Neither paused nor at its end.
        var isRunning = false
        /// Samples left in the block, less one.
        var left: UInt16 = 0
        /// The length of following blocks, less one: command 48h or Bxh, Cxh.
        var block: UInt16 = 0x07FF
        /// Version 4, all but the compressed forms: the length in the counter's register, which blocks of the automatic
        /// mode repeat; it follows `block` when a transfer is started or continued.
        var reload: UInt16 = 0x07FF
        /// A single block that follows at the end of this one.
        var isQueued = false
        var queued: UInt16 = 0
        /// Command DAh: ends with this block.
        var isExiting = false
        /// The DMA controller has not answered.
        var isStarved = false
        /// The compressed forms: the first byte has not come yet; it is a reference.
        var awaitsFirstByte = false
        var firstByteIsReference = false
        /// Stereo: the left sample of a pair has been moved.
        var isSecondOfPair = false
        var firstOfPair: Int16 = 0

        var isActive: Bool { kind != .none }

        mutating func resume() {
            guard isActive else { return }
            isRunning = true
            reload = block
        }

        /// No transfer; the block length stays.
        mutating func stop() {
            let length = block
            self = Transfer()
            block = length
        }

        mutating func transfer(_ coder: StateCoder) {
            coder.field("kind", &kind)
            coder.field("isRecording", &isRecording)
            coder.field("isAutomatic", &isAutomatic)
            coder.field("isStereo", &isStereo)
            coder.field("isSigned", &isSigned)
            coder.field("isHighSpeed", &isHighSpeed)
            coder.field("isRunning", &isRunning)
            coder.field("left", &left)
            coder.field("block", &block)
            coder.field("reload", &reload)
            coder.field("isQueued", &isQueued)
            coder.field("queued", &queued)
            coder.field("isExiting", &isExiting)
            coder.field("isStarved", &isStarved)
            coder.field("awaitsFirstByte", &awaitsFirstByte)
            coder.field("firstByteIsReference", &firstByteIsReference)
            coder.field("isSecondOfPair", &isSecondOfPair)
            coder.field("firstOfPair", &firstOfPair)
        }
    }
}

/// What the DSP sees of the card around it: the DMA channels.
public protocol CreativeDSPBus: AnyObject {
    /// One byte or word from memory. Nil if no channel is enabled for it.
    func readDMA(isWide: Bool) -> UInt16?
    /// One byte or word to memory. False if no channel is enabled for it.
    func writeDMA(_ value: UInt16, isWide: Bool) -> Bool
    /// The request line, which a channel's status shows. It is raised only while nobody answers.
    func setDMARequest(_ isAsserted: Bool, isWide: Bool, at now: Tick)
}
