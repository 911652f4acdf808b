import Core

/// Yamaha YMF262 (OPL3): frequency-modulation synthesis with 36 operators, in stereo.
///
/// - In a PC: Sound Blaster Pro 2 and 16, AdLib Gold, and later cards, at ports 388h-38Bh and beside their own.
/// - Clock: 14.31818 MHz; a sample takes 288 clocks, so that there are 49,716 a second.
/// - Ports, by address bits 1-0: 0 status (read), address of the first bank (write); 2 address of the second bank;
///   1 and 3 data. Reads of 1-3 give FFh.
/// - Lines: `interrupt` is asserted while a timer's flag is set. It moves at its exact time only if a slot was given.
/// - Until register 105h has bit 0 set, the chip behaves as an OPL2 without the wave select enable bit.
/// - Samples of operators that are computed late in a sample's time come a sample late, as on the chip.
/// - Source: [YMF262]; [OPL3DIE]; [OPLDECAP]; [OPL3RHYTHM].
/// - Assumption: before bit 0 of 105h is set, an address of the second bank other than 05h is one of the first. A
///   program that writes both banks in that mode and hears nothing of the second would disprove it.
/// - Not implemented: outputs C and D; the test register (01h); the time a write takes, which programs wait for.
public final class YamahaYMF262: PortDevice, StateChunk {
    /// 315/22 MHz / 288.
    public static let sampleRate = ClockRatio(hertz: 315_000_000, over: 22 * 288)

    public let chunkID: ChunkID
    let chip: FM.Chip
    /// Told of writes to registers.
    public weak var registerListener: (any SoundRegisterListener)?
    /// The register that the next data write goes to, 000h-1FFh.
    private var address: UInt16 = 0

    /// - Parameters:
    ///   - sampleRate: 1/288 of the chip's clock.
    ///   - interrupt: the chip's IRQ pin; cards of the PC leave it open.
    ///   - slot: if somebody listens to `interrupt`.
    ///   - chunkID: for machines with several of these chips.
    public init(
        sampleRate: ClockRatio = YamahaYMF262.sampleRate, interrupt: Line = Line(), slot: EventSlot? = nil,
        chunkID: ChunkID = ChunkID("OPL3")
    ) {
        chip = FM.Chip(.opl3, rate: sampleRate, interrupt: interrupt, slot: slot)
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

    /// Hands out the stereo frames (left first, 16 bits) made before `now`, oldest first, as far as `frames` has room.
    /// Frames that nobody draws wait for 4,096 samples, then the oldest are lost.
    /// - Returns: the number of frames; each takes two elements of `frames`.
    public func generate(into frames: UnsafeMutableBufferPointer<Int16>, until now: Tick) -> Int {
        chip.draw(into: frames, until: now)
    }

    /// Writes a register, 000h-0FFh of the first bank or 100h-1FFh of the second, from the sample after `now` on.
    public func writeRegister(_ register: Int, _ value: UInt8, at now: Tick) {
        registerListener?.soundRegisterDidChange(register & 0x1FF, to: value, of: .opl3, at: now)
        chip.write(register & 0x1FF, value, at: now)
    }

    // MARK: Ports

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 { peekPort(port, at: now) }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 { port & 3 == 0 ? chip.status(at: now) : 0xFF }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        switch port & 3 {
        case 0: address = UInt16(value)
        case 2: address = UInt16(value) | (value == 0x05 || chip.synthesizer.isNew ? 0x100 : 0)
        default: writeRegister(Int(address), value, at: now)
        }
    }

    // MARK: State

    public var chunkVersion: UInt16 { 2 }

    public func transfer(_ coder: StateCoder) {
        coder.field("address", &address)
        if address > 0x1FF {
            coder.fail("address out of range")
            address = 0
        }
        chip.transfer(coder)
    }

    public func stateDidRestore() { chip.stateDidRestore() }
}
