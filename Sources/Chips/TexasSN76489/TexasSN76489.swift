import Core

/// Texas Instruments SN76489AN and its descendants: three square waves and a noise, with 2 dB attenuators.
///
/// - In a PC: IBM PCjr (SN76489AN) and Tandy 1000 (NCR 8496, later the PSSJ), at port C0h, mirrored to C7h.
/// - Clock: 3.579545 MHz; everything happens at multiples of 16 clocks (223.7 kHz). A tone of number n, 1 to 1,024, has
///   clock / (32 n) Hz; 0 counts as 1,024.
/// - Port: any address writes. A byte with bit 7 set chooses a register (bits 6-4) and holds its low four bits; one
///   without has the upper six bits of the tone chosen last, or new low bits of another register.
/// - Lines: none. READY is low for 32 clocks after a write (`isReady(at:)`), for which a PCjr holds its processor.
/// - Sound: steps of one level, never negative. Tones above 24 kHz are their mean, so that attenuators work as a converter.
/// - Source: [SN76489]; [SN76489NOTES] for the shift registers, for tone 0 and for what resets the noise.
/// - Assumption: a new tone number counts from the next edge on; the chip is silent at power-on. Recordings would
///   disprove it.
/// - Not implemented: the audio input (pin 9); the wait states that a PCjr's bus makes of READY.
public final class TexasSN76489: PortDevice, StepSource, StateChunk {
    public enum Variant: Sendable {
        /// SN76489AN of the PCjr: noise is x^15 + x + 1, started over by each write of its register.
        case texas
        /// NCR 8496 of the Tandy 1000: x^15 + x^4 + 1 inverted (XNOR), started over when its kind changes; output
        /// inverted.
        case ncr8496
        /// PSSJ: as the NCR 8496, output not inverted.
        case pssj
    }

    /// 16 clocks of 3.579545 MHz.
    public static let step = ClockPeriod.crystal * 64
    /// READY is low for 32 clocks.
    public static let writeTime = ClockPeriod.crystal * 128
    /// The level of a channel without attenuation; the four add up to 32,764.
    public static let fullLevel = 8_191
    /// Tones up to this number are above 24 kHz.
    private static let longestUltrasonicPeriod: Int64 = 4
    /// More steps (18 s) than any listener keeps edges of.
    private static let longestMemory: Int64 = 1 << 22
    /// fullLevel * 10^(-2n/20), silence at 15.
    private static let levelOfAttenuation: [Int32] = [
        8_191, 6_506, 5_168, 4_105, 3_261, 2_590, 2_057, 1_634, 1_298, 1_031, 819, 651, 517, 411, 326, 0,
    ]

    public let variant: Variant
    public let chunkID: ChunkID
    public let levels = LevelTrace()
    /// Told of writes.
    public weak var registerListener: (any SoundRegisterListener)?
    private var state: State

    public init(_ variant: Variant, chunkID: ChunkID = ChunkID("PSG ")) {
        self.variant = variant
        self.chunkID = chunkID
        state = State()
        state.noise = Noise(variant)
    }

    public var soundName: String { "tandy" }

    /// Whether the chip has taken the last byte. A PCjr's processor waits until `readyTime`.
    public func isReady(at now: Tick) -> Bool { now >= state.readyTime }
    /// When READY rises after the last write.
    public var readyTime: Tick { state.readyTime }

    // MARK: Ports

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 { 0xFF }
    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 { 0xFF }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        registerListener?.soundRegisterDidChange(0, to: value, of: .sn76489, at: now)
        catchUpSound(to: now)
        state.readyTime = now + TexasSN76489.writeTime
        let isLatch = value & 0x80 != 0
        if isLatch { state.register = value >> 4 & 7 }
        let channel = Int(state.register >> 1)
        if state.register & 1 != 0 {
            state.attenuations[channel] = value & 15
        } else if channel == 3 {
            writeNoise(value)
        } else if isLatch {
            state.numbers[channel] = state.numbers[channel] & 0x3F0 | UInt16(value & 15)
        } else {
            state.numbers[channel] = state.numbers[channel] & 0x00F | UInt16(value & 0x3F) << 4
        }
        if state.attenuations[3] < 15 { settleNoise() }
        showLevel(at: now)
    }

    private func writeNoise(_ value: UInt8) {
        settleNoise()
        let changesKind = (value ^ state.noiseControl) & 4 != 0
        if variant == .texas || changesKind { state.noise = Noise(variant) }
        state.noiseControl = value & 7
        // The counter of the noise goes on with its new period.
        state.toggles[3] = min(state.toggles[3], state.step &+ state.noisePeriod)
    }

    // MARK: Time

    public func catchUpSound(to now: Tick) {
        let target = now.count / TexasSN76489.step.count
        guard target > state.step else { return }
        if target &- state.step > TexasSN76489.longestMemory { leap(to: target &- TexasSN76489.longestMemory) }
        let active = activeChannels
        while let next = nextToggle(of: active), next <= target {
            for channel in 0..<3 where active & 1 << channel != 0 && state.toggles[channel] == next { toggle(channel) }
            if active & 8 != 0 && !state.isNoiseOnTone && state.toggles[3] == next {
                state.toggles[3] &+= state.noisePeriod
                state.noise.shift(variant, isWhite: state.isWhite)
            }
            showLevel(at: TexasSN76489.step * next)
        }
        leap(to: target)
    }

    /// The channels whose every edge matters, as bits.
    private var activeChannels: UInt8 {
        var active: UInt8 = state.attenuations[3] < 15 ? 8 : 0
        for channel in 0..<3 {
            let isHeard = state.attenuations[channel] < 15 && !isUltrasonic(channel)
            if isHeard || channel == 2 && active & 8 != 0 && state.isNoiseOnTone { active |= 1 << channel }
        }
        return active
    }

    private func isUltrasonic(_ channel: Int) -> Bool {
        state.period(channel) <= TexasSN76489.longestUltrasonicPeriod
    }

    private func nextToggle(of active: UInt8) -> Int64? {
        var next = Int64.max
        for channel in 0..<3 where active & 1 << channel != 0 { next = min(next, state.toggles[channel]) }
        if active & 8 != 0 && !state.isNoiseOnTone { next = min(next, state.toggles[3]) }
        return next == .max ? nil : next
    }

    private func toggle(_ channel: Int) {
        state.toggles[channel] &+= state.period(channel)
        state.outputs ^= 1 << UInt8(channel)
        // The noise moves with the rising edge of the third tone.
        guard channel == 2, state.isNoiseOnTone, state.outputs & 4 != 0 else { return }
        if state.attenuations[3] < 15 {
            state.noise.shift(variant, isWhite: state.isWhite)
        } else {
            state.shiftsOwed &+= 1
        }
    }

    /// Lets the steps up to `target` pass for channels that nobody hears.
    private func leap(to target: Int64) {
        state.step = target
        for channel in 0..<3 where state.toggles[channel] <= target {
            let period = state.period(channel)
            let count = (target &- state.toggles[channel]) / period &+ 1
            state.toggles[channel] &+= count &* period
            let wasHigh = state.outputs >> UInt8(channel) & 1 != 0
            if count & 1 != 0 { state.outputs ^= 1 << UInt8(channel) }
            if channel == 2 && state.isNoiseOnTone { state.shiftsOwed &+= (count &+ (wasHigh ? 0 : 1)) / 2 }
        }
        // While a tone moves the noise, its own counter runs on unheard.
        if state.toggles[3] <= target {
            let count = (target &- state.toggles[3]) / state.noisePeriod &+ 1
            state.toggles[3] &+= count &* state.noisePeriod
            if !state.isNoiseOnTone { state.shiftsOwed &+= count }
        }
        if state.attenuations[3] < 15 { settleNoise() }
    }

    /// Makes up for the shifts that nobody heard.
    private func settleNoise() {
        state.noise.skip(state.shiftsOwed, variant, isWhite: state.isWhite)
        state.shiftsOwed = 0
    }

    private func showLevel(at now: Tick) {
        var sum: Int32 = 0
        for channel in 0..<4 {
            let level = TexasSN76489.levelOfAttenuation[Int(state.attenuations[channel])]
            if channel == 3 {
                if state.noise.isHigh != (variant == .ncr8496) { sum &+= level }
            } else if isUltrasonic(channel) {
                sum &+= level / 2
            } else if state.outputs >> UInt8(channel) & 1 != 0 {
                sum &+= level
            }
        }
        levels.set(left: Int16(truncatingIfNeeded: sum), right: Int16(truncatingIfNeeded: sum), at: now)
    }

    // MARK: State

    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) {
        settleNoise()
        state.transfer(coder)
        levels.transfer(coder)
    }

    public func stateDidRestore() {}
}
