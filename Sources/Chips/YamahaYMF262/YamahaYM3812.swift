import Core

/// Yamaha YM3812 (OPL2): frequency-modulation synthesis with 18 operators.
///
/// - In a PC: AdLib and Sound Blaster, at ports 388h and 389h and beside their own.
/// - Clock: 3.579545 MHz; a sample takes 72 clocks, so that there are 49,716 a second.
/// - Ports, by address bit 0: 0 status (read), address (write); 1 data. Reads of 1 give FFh.
/// - Lines: `interrupt` is asserted while a timer's flag is set. It moves at its exact time only if a slot was given.
/// - Bits 2 and 1 of the status are set, by which programs tell it from an OPL3.
/// - Source: [YM3812]; [OPLDECAP]; [OPL2NOTES] for the wave select enable bit.
/// - Assumption: operators are as in the OPL3's compatible mode, but for the noise, which moves 18 times a sample,
///   and the output, which has all operators of one sample; the floating-point form for the YM3014 converter
///   drops bits; composite keys (CSM) are down for one sample. Recordings from the chip's pins would disprove it.
/// - Not implemented: the other bits of the test register (01h); the time a write takes, which programs wait for.
public final class YamahaYM3812: PortDevice, StateChunk {
    /// 315/88 MHz / 72.
    public static let sampleRate = ClockRatio(hertz: 315_000_000, over: 88 * 72)

    /// The chunk of the second of two chips, on the right.
    public static let secondChunkID = ChunkID("OP2R")

    public let chunkID: ChunkID
    let chip: FM.Chip
    /// Told of writes to registers.
    public weak var registerListener: (any SoundRegisterListener)?
    /// The register that the next data write goes to.
    private var address: UInt8 = 0

    /// - Parameters:
    ///   - sampleRate: 1/72 of the chip's clock.
    ///   - roundsOutput: gives samples as the converter gets them, with ten significant bits, instead of all 16.
    ///   - interrupt: the chip's IRQ pin; cards of the PC leave it open.
    ///   - slot: if somebody listens to `interrupt`.
    ///   - chunkID: for machines with several of these chips.
    public init(
        sampleRate: ClockRatio = YamahaYM3812.sampleRate, roundsOutput: Bool = true, interrupt: Line = Line(),
        slot: EventSlot? = nil, chunkID: ChunkID = ChunkID("OPL2")
    ) {
        chip = FM.Chip(.opl2, rate: sampleRate, interrupt: interrupt, slot: slot)
        chip.synthesizer.roundsOutput = roundsOutput
        self.chunkID = chunkID
    }

    /// The reset pin: silence, all registers 0.
    public func reset(at now: Tick) {
        chip.reset(at: now)
        address = 0
    }

    /// Whether samples are made up to `now`.
    public func isCaughtUp(at now: Tick) -> Bool { chip.isCaughtUp(at: now) }

    /// Brings samples and timers to `now`. One step or many give the same.
    public func advance(to now: Tick) { chip.advance(to: now) }

    /// Hands out the frames made before `now`, oldest first, as far as `frames` has room: the chip's one output on
    /// both sides, 16 bits each. Frames that nobody draws wait for 4,096 samples, then the oldest are lost.
    /// - Returns: the number of frames; each takes two elements of `frames`.
    public func generate(into frames: UnsafeMutableBufferPointer<Int16>, until now: Tick) -> Int {
        chip.draw(into: frames, until: now)
    }

    /// Writes register 00h-FFh, from the sample after `now` on.
    public func writeRegister(_ register: Int, _ value: UInt8, at now: Tick) {
        let name = chunkID == YamahaYM3812.secondChunkID ? SoundChip.secondOPL2 : .opl2
        registerListener?.soundRegisterDidChange(register & 0xFF, to: value, of: name, at: now)
        chip.write(register & 0xFF, value, at: now)
    }

    // MARK: Ports

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 { peekPort(port, at: now) }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        port & 1 == 0 ? chip.status(at: now) | 0b0000_0110 : 0xFF
    }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        if port & 1 == 0 {
            address = value
        } else {
            writeRegister(Int(address), value, at: now)
        }
    }

    // MARK: State

    public var chunkVersion: UInt16 { 2 }

    public func transfer(_ coder: StateCoder) {
        coder.field("address", &address)
        chip.transfer(coder)
    }

    public func stateDidRestore() { chip.stateDidRestore() }
}
