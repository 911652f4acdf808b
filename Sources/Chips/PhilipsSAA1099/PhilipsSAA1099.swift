import Core

/// Philips SAA1099: six square waves, two noises, two envelopes, with four-bit amplitudes for left and right.
///
/// - In a PC: two on the Game Blaster (Creative Music System), and in sockets of early Sound Blasters.
/// - Clock: 7.159090 MHz. A tone of number n in octave o has clock * 2^o / (512 (511 - n)) Hz.
/// - Ports, by address bit 0: 0 data of the chosen register; 1 the register, 00h-1Fh. Write only.
/// - Sound: steps of two levels, never negative.
/// - Source: [SAA1099].
/// - Assumption: noise is x^18 + x^11 + 1; a channel with tone and noise gives half its amplitude where both are high;
///   while sound is off or the generators are held (register 1Ch) time stands still for all of them; writes act at
///   once. Recordings would disprove it.
/// - Not implemented: buffered writes of frequencies and envelopes, DTACK, the pulse-width form of the output.
public final class PhilipsSAA1099: PortDevice, StepSource, StateChunk {
    /// Two clocks: what the counters are counted in.
    public static let unit = ClockPeriod.crystal * 4
    /// The level of one step of amplitude, so that two chips at their loudest are 32,400.
    public static let amplitudeStep: Int32 = 180

    public let chunkID: ChunkID
    public let soundName: String
    public let levels = LevelTrace()
    /// Told of writes to registers.
    public weak var registerListener: (any SoundRegisterListener)?
    private var state = State()
    /// More units (1.2 s) than any listener keeps edges of.
    private static let longestMemory: Int64 = 1 << 22
    private static let secondChunkID = ChunkID("PSG2")

    public init(chunkID: ChunkID = ChunkID("PSG1"), soundName: String = "cms") {
        (self.chunkID, self.soundName) = (chunkID, soundName)
    }

    // MARK: Ports

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 { 0xFF }
    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 { 0xFF }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        catchUpSound(to: now)
        if port & 1 != 0 {
            state.address = value & 31
            // The external clock of the envelopes is a write of their register's address.
            for index in 0..<2 where state.address == 0x18 + UInt8(index) && state.isExternal(index) {
                state.stepEnvelope(index)
            }
        } else {
            let name = chunkID == PhilipsSAA1099.secondChunkID ? SoundChip.secondSAA1099 : .saa1099
            registerListener?.soundRegisterDidChange(Int(state.address), to: value, of: name, at: now)
            state.write(value)
        }
        showLevel(at: now)
    }

    // MARK: Time

    public func catchUpSound(to now: Tick) {
        let target = now.count / PhilipsSAA1099.unit.count
        guard target > state.time else { return }
        guard state.isRunning else { return state.stand(until: target) }
        if target &- state.time > PhilipsSAA1099.longestMemory {
            state.leap(to: target &- PhilipsSAA1099.longestMemory)
            showLevel(at: PhilipsSAA1099.unit * state.time)
        }
        while true {
            let next = state.due.min() ?? .max
            guard next <= target else { break }
            for index in 0..<8 where state.due[index] == next { state.overflow(index) }
            state.time = next
            showLevel(at: PhilipsSAA1099.unit * next)
        }
        state.time = target
    }

    private func showLevel(at now: Tick) {
        var (left, right): (Int32, Int32) = (0, 0)
        if state.isOn {
            for channel in 0..<6 {
                let part = state.output(channel)
                left &+= part &* state.amplitude(channel, isRight: false)
                right &+= part &* state.amplitude(channel, isRight: true)
            }
        }
        // Outputs are of 2, envelopes of 16.
        let scale = PhilipsSAA1099.amplitudeStep
        levels.set(
            left: Int16(truncatingIfNeeded: left &* scale / 32), right: Int16(truncatingIfNeeded: right &* scale / 32),
            at: now)
    }

    // MARK: State

    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) {
        state.transfer(coder)
        levels.transfer(coder)
    }

    public func stateDidRestore() {}
}
