import Core

/// Creative's "digital sound processor" of the Sound Blasters: an 8051 with a program of its own (CT1321 to CT1741).
///
/// - In a PC: ports 2x6h (reset), 2xAh (data to the program), 2xCh (commands and data; bit 7 busy), 2xEh (bit 7 data
///   waits; a read acknowledges the interrupt), and in version 4 2xFh (acknowledges the 16-bit interrupt).
/// - Clock: 12 MHz, version 4 24 MHz. A sample takes 256 - time constant microseconds in versions 1 to 3. Version 4
///   makes rates of n times 46.61512 MHz / 2^18, n being the rate wanted * 23 / 4096.
/// - Lines: `interrupt8` for 8-bit transfers, MIDI and F2h, `interrupt16` for 16-bit transfers and F3h. They stay
///   asserted until they are acknowledged; a transfer goes on meanwhile.
/// - Each sample is moved at its own time, so DMA sees memory as it is then. If nobody answers, the request line stays
///   up, nothing moves, and the chip asks again with each sample.
/// - Commands are decoded by groups of bits as the programs in the chips do, so neighbours of a documented command act
///   alike. Versions 2 and 3 (and by assumption 1) do not listen to the groups 4, 5, 8, E, F and to MIDI input while a
///   transfer is active; what looks like arguments then are commands.
/// - Source: [SBHPG]; [SBDSP202], [SBDSP4] for what the programs do.
/// - Assumption: versions 1.05, 2.00, 2.01 and 3.01 are the programs of 2.02 and 3.02 without the commands that [SBHPG]
///   denies them. A byte written while the busy bit is set is not lost, unless the chip is deaf for long. D4h without a
///   transfer does nothing. 44h and 46h, which set pins and are not documented, hold DMA: 45h and 47h, which clear them,
///   are known as commands to continue. Recordings of cards would disprove these.
/// - Not implemented: the sine generator (F0h); playing from the chip's RAM (50h to 5Fh); the ROM's sum (F4h gives 0 in
///   versions 1 to 3); the time that commands take from a transfer; the FIFO of version 4, by which DMA leads the
///   sound; of version 4, the pulses of the timer (4Eh, 4Fh), the registers around the chip (0Eh, 0Fh), and the signal
///   processor (CSP), whose commands find an empty socket; the ramps of D1h and D3h, but for the time they take.
public final class CreativeDSP: EventClient, StateChunk {
    static let outputCapacity = 64
    /// From the end of the reset to the byte AAh. Source: [SBHPG] Resetting the DSP.
    public static let resetTime = Tick.microseconds(100)
    /// Time without anybody looking at the chip that is made up for. The limit is for states that lie.
    private static let longestGap = Tick.seconds(60)

    public let version: Version
    public let chunkID: ChunkID
    /// The converters' output.
    public let levels = LevelTrace()
    let interrupt8: Line
    let interrupt16: Line
    private let slot: EventSlot
    public weak var bus: (any CreativeDSPBus)?
    public weak var midiOutput: (any MIDIOutput)?
    var state = State()
    /// The sample clock: `state.runningRate`.
    var clock: ClockRatio

    public init(
        version: Version, interrupt8: Line, interrupt16: Line = Line(), slot: EventSlot,
        chunkID: ChunkID = ChunkID("SBDS")
    ) {
        self.version = version
        self.interrupt8 = interrupt8
        self.interrupt16 = interrupt16
        self.slot = slot
        self.chunkID = chunkID
        clock = CreativeDSP.clock(version, 0x9C, isHighSpeed: false)
        slot.connect(self)
        coldStart()
    }

    /// The sample clock for a rate code. The program of versions 1 to 3 takes 43 us for a sample, in the high-speed
    /// modes 21 us; a timer that is faster finds it busy. Source: [SBHPG] transfer rates, to 23 kHz; [SBDSP202] the
    /// shortest way through the interrupt routines, in machine cycles.
    static func clock(_ version: Version, _ rate: UInt8, isHighSpeed: Bool) -> ClockRatio {
        version.major >= 4
            ? ClockRatio(hertz: max(Int64(rate), 1) * 46_615_120, over: 1 << 18)
            : ClockRatio(hertz: 1_000_000, over: max(256 - Int64(rate), isHighSpeed ? 21 : 43))
    }

    /// Samples a second that the rate set last means, rounded.
    public var samplesPerSecond: Int {
        version.major >= 4 ? (Int(state.rate) * 46_615_120 + 1 << 17) >> 18 : 1_000_000 / (256 - Int(state.rate))
    }

    // MARK: Time

    public func eventDue(_ slot: EventSlot, at now: Tick) { advance(to: now) }

    /// Brings the chip to `now`. One step or many give the same.
    public func advance(to now: Tick) {
        if state.nextSample < now - CreativeDSP.longestGap { restartClock(at: now) }
        while true {
            let due = min(state.nextSample, wakeTime)
            guard due <= now else { break }
            if state.nextSample == due {
                sample(at: due)
            } else {
                wake(at: due)
            }
        }
        arm()
    }

    /// When the chip turns to its mailbox, boots, or offers a byte to the DMA controller; never if there is nothing.
    private var wakeTime: Tick {
        if state.isBooting || state.awaitsIdentification { return state.deafUntil }
        guard state.isLatchFull, canListen else { return .never }
        return max(state.deafUntil, isMIDIByteNext ? state.midiReadyAt : .zero)
    }

    private func wake(at now: Tick) {
        if state.isBooting {
            state.isBooting = false
            state.busyUntil = now
            send(0xAA)
        } else if state.awaitsIdentification {
            offerIdentification(at: now)
        } else {
            state.isLatchFull = false
            take(state.latch, at: now)
        }
    }

    func arm() {
        let due = min(state.nextSample, wakeTime)
        if due == .never {
            slot.disarm()
        } else if slot.deadline != due {
            slot.arm(at: due)
        }
    }

    /// Whether the chip's program is at a place where it takes bytes.
    private var canListen: Bool {
        !state.isResetHeld && !state.isHalted && !state.narrow.isHighSpeed && !state.awaitsIdentification
            && (state.output.count < 2 || state.midiMode.contains(.active))
    }

    // MARK: Ports

    /// Port 2x0h + `offset`; bits 3-0 count.
    public func read(_ offset: UInt16, at now: Tick) -> UInt8 {
        advance(to: now)
        switch offset & 15 {
        case 0xA: takeOutput(at: now)
        case 0xE: acknowledge(isWide: false, at: now)
        case 0xF where version.major >= 4: acknowledge(isWide: true, at: now)
        default: break
        }
        return offset & 15 == 0xA ? state.lastOutput : peek(offset, at: now)
    }

    /// What `read` would give, without its effects. Sees what has happened up to the last access or event.
    public func peek(_ offset: UInt16, at now: Tick) -> UInt8 {
        switch offset & 15 {
        case 0xA: state.output.first ?? state.lastOutput
        case 0xC: isBusy(at: now) ? 0xFF : 0x7F
        case 0xE: state.output.isEmpty ? 0x7F : 0xFF
        default: 0xFF
        }
    }

    /// Port 2x0h + `offset`; bits 3-0 count.
    public func write(_ offset: UInt16, _ value: UInt8, at now: Tick) {
        advance(to: now)
        switch offset & 15 {
        case 0x6: setReset(value & 1 != 0, at: now)
        case 0xC: receive(value, at: now)
        default: break
        }
        arm()
    }

    private func takeOutput(at now: Tick) {
        guard !state.output.isEmpty else { return }
        state.lastOutput = state.output.removeFirst()
        if state.awaitsIdentification && state.output.isEmpty { endIdentification(at: now) }
        if state.midiMode.contains([.active, .interrupts]) && !state.output.isEmpty { request(isWide: false, at: now) }
        // It may listen again from now on.
        state.deafUntil = max(state.deafUntil, now)
        advance(to: now)
    }

    private func receive(_ value: UInt8, at now: Tick) {
        guard !state.isResetHeld, !state.narrow.isHighSpeed else { return }
        state.latch = value
        state.isLatchFull = true
        state.deafUntil = max(state.deafUntil, now)
        advance(to: now)
    }

    /// Bit 7 of 2xCh.
    private func isBusy(at now: Tick) -> Bool {
        if state.isResetHeld || state.isBooting || state.isLatchFull || state.narrow.isHighSpeed
            || now < state.busyUntil
        {
            return true
        }
        if state.isHalted { return version.major < 4 }
        if version.major >= 4 {
            // The waiting loop takes eight machine cycles and drops the bit for five of them. Source: [SBDSP4].
            let position = (now - state.busyUntil).count % (8 * version.machineCycle.count)
            return position >= 5 * version.machineCycle.count
        }
        // Each sample takes the processor 32 us, high-speed modes less. Source: [SBDSP202] interrupt routines.
        guard state.nextSample != .never, state.cycles > 0 else { return false }
        let lastSample = state.clockStart + clock.time(ofCycle: state.cycles)
        let period = (state.nextSample - lastSample).count
        return (now - lastSample).count < min(32 * version.machineCycle.count, period / 4 * 3)
    }

    // MARK: Reset

    private func setReset(_ isHeld: Bool, at now: Tick) {
        guard isHeld != state.isResetHeld else { return }
        state.isResetHeld = isHeld
        if isHeld {
            let isWarm =
                version.major >= 4 ? hasWarmMark : state.narrow.isHighSpeed || state.midiMode.contains(.uart)
            stopAll(at: now)
            if !isWarm { coldStart() }
            if version.major >= 4 { warmStartVersion4() }
            setLevels(at: now)
        } else {
            state.isBooting = true
            state.deafUntil = now + CreativeDSP.resetTime
        }
    }

    /// Everything that a reset ends, whatever the chip was at.
    private func stopAll(at now: Tick) {
        state.isLatchFull = false
        state.output.removeAll(keepingCapacity: true)
        (state.isBooting, state.isHalted) = (false, false)
        (state.argumentsExpected, state.argumentCount, state.uploadLeft) = (0, 0, 0)
        if state.awaitsIdentification { endIdentification(at: now) }
        end(isWide: false, at: now)
        end(isWide: true, at: now)
        state.midiMode = []
        acknowledge(isWide: false, at: now)
        acknowledge(isWide: true, at: now)
        state.left = CreativeDSP.level(0x80)
        state.right = state.left
    }

    /// What the chip's program sets when it finds no mark of a warm start.
    private func coldStart() {
        state.rate = version.major >= 4 ? 0x38 : 0x9C
        state.narrow.block = 0x07FF
        (state.identificationSum, state.identificationKey) = (0xAA, 0x96)
        state.isSpeakerOn = false
        state.isStereoInput = false
        (state.isNarrowStereo, state.isNarrowSigned) = (false, false)
        state.ram[Place.status] = 0
    }

    // MARK: Interrupts

    func request(isWide: Bool, at now: Tick) {
        if isWide {
            state.isWideInterrupt = true
            interrupt16.set(true, at: now)
        } else {
            state.isNarrowInterrupt = true
            interrupt8.set(true, at: now)
        }
    }

    private func acknowledge(isWide: Bool, at now: Tick) {
        if isWide {
            state.isWideInterrupt = false
            interrupt16.set(false, at: now)
        } else {
            state.isNarrowInterrupt = false
            interrupt8.set(false, at: now)
        }
    }

    public var isInterrupt8Pending: Bool { state.isNarrowInterrupt }
    public var isInterrupt16Pending: Bool { state.isWideInterrupt }

    /// A byte to the program. The chip waits while an older one is not taken.
    func send(_ byte: UInt8) {
        if state.output.count < CreativeDSP.outputCapacity { state.output.append(byte) }
    }

    /// A byte to the program without waiting: one that has not been taken is lost.
    func sendAtOnce(_ byte: UInt8) {
        if state.output.isEmpty { state.output.append(byte) } else { state.output[0] = byte }
    }
}
