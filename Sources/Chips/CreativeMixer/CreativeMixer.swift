import Core

/// What a sound is made louder or softer by, in 65,536ths.
public struct StereoGain: Hashable, Sendable {
    public var left: Int32
    public var right: Int32
    public static let unity = StereoGain(left: 65_536, right: 65_536)

    public init(left: Int32, right: Int32) { (self.left, self.right) = (left, right) }

    /// From what `decibels` say, 0 to -63 a side; below, silence.
    public init(decibelsLeft: Int, right decibelsRight: Int) {
        self.init(left: StereoGain.factor(decibelsLeft), right: StereoGain.factor(decibelsRight))
    }

    /// 65,536 * 10 ^ (-n / 20) for n = 0 to 63.
    private static let factors: [Int32] = [
        65_536, 58_409, 52_057, 46_396, 41_350, 36_854, 32_846, 29_274, 26_090, 23_253, 20_724, 18_471, 16_462, 14_672,
        13_076, 11_654, 10_387, 9_257, 8_250, 7_353, 6_554, 5_841, 5_206, 4_640, 4_135, 3_685, 3_285, 2_927, 2_609,
        2_325, 2_072, 1_847, 1_646, 1_467, 1_308, 1_165, 1_039, 926, 825, 735, 655, 584, 521, 464, 414, 369, 328, 293,
        261, 233, 207, 185, 165, 147, 131, 117, 104, 93, 83, 74, 66, 58, 52, 46,
    ]

    /// The factor for `decibels`, -63 to 18; below -63 nothing is heard.
    private static func factor(_ decibels: Int) -> Int32 {
        if decibels <= 0 { return decibels < -63 ? 0 : factors[-decibels] }
        // 6 dB count as twice the level.
        let loud = min(decibels, 18)
        return factors[(18 - loud) % 6] << Int32((loud + 5) / 6)
    }
}

/// Creative's mixer chips: CT1335, CT1345 and CT1745.
///
/// - In a PC: ports 2x4h (register number) and 2x5h (value) of the Sound Blaster 2.0 with CD interface, Pro and 16.
/// - Clock, lines: none. The chip holds levels and switches; whoever mixes asks for `gain(of:)`.
/// - Register 0 resets. Registers 80h to 82h of the CT1745 select and show the card's interrupt and DMA channels; a
///   reset leaves them.
/// - Source: [SBHPG] chapter 4, and chapter 2 for 80h to 82h.
/// - Assumption: the eight levels of three bits are 0, -4, -7, -11, -15, -18, -22 and -46 dB, the four of two bits 0,
///   -7, -14 and -46 dB, from "approximately 4" and "7 dB" and the ends. Unused bits of the CT1345's volumes read 1;
///   registers that are not there read FFh, and so do bits 7-4 of 80h. Measured cards would disprove these.
/// - Not implemented: input levels, automatic gain, tone controls, which are kept and read back only.
public final class CreativeMixer: StateChunk {
    public enum Model: UInt8, Sendable { case ct1335, ct1345, ct1745 }

    /// What is mixed.
    public enum Source: Sendable { case voice, music, cd, line, microphone, speaker }

    public let model: Model
    public let chunkID: ChunkID
    private var index: UInt8 = 0
    private var registers = [UInt8](repeating: 0, count: 256)
    /// Register 82h, which the card sets. Bit 0 8-bit transfers and MIDI, 1 16-bit transfers, 2 MPU-401.
    private var interruptStatus: UInt8 = 0

    /// - Parameters: `interruptSelect` and `dmaSelect` are registers 80h and 81h at power-on.
    public init(
        _ model: Model, interruptSelect: UInt8 = 0, dmaSelect: UInt8 = 0, chunkID: ChunkID = ChunkID("SBMX")
    ) {
        self.model = model
        self.chunkID = chunkID
        registers[0x80] = interruptSelect
        registers[0x81] = dmaSelect
        reset()
    }

    /// Register 0: all levels and switches as at power-on.
    public func reset() {
        for register in 0..<0x80 { registers[register] = 0 }
        for (register, value) in CreativeMixer.defaults(model) { registers[register] = value }
    }

    private static func defaults(_ model: Model) -> [(Int, UInt8)] {
        switch model {
        case .ct1335: [(0x02, 4 << 1), (0x06, 4 << 1)]
        case .ct1345: [(0x04, 0x88), (0x22, 0x88), (0x26, 0x88)]
        case .ct1745:
            (0x30...0x35).map { ($0, 24 << 3) } + [(0x3C, 0b0001_1111), (0x3D, 0b0001_0101), (0x3E, 0b0000_1011)]
                + (0x44...0x47).map { ($0, 8 << 4) }
        }
    }

    // MARK: Ports

    /// 2x4h reads the register number, 2x5h the register.
    public func read(_ offset: UInt16) -> UInt8 { offset & 1 == 0 ? index : register(index) }

    public func write(_ offset: UInt16, _ value: UInt8) {
        if offset & 1 == 0 { index = value } else { setRegister(index, value) }
    }

    /// Bits that a register keeps; nil if it is not there.
    private func mask(_ register: UInt8) -> UInt8? {
        switch (model, register) {
        case (.ct1335, 0x02), (.ct1335, 0x06), (.ct1335, 0x08): 0b0000_1110
        case (.ct1335, 0x0A): 0b0000_0110
        case (.ct1345, 0x04), (.ct1345, 0x22), (.ct1345, 0x26), (.ct1345, 0x28), (.ct1345, 0x2E): 0b1110_1110
        case (.ct1345, 0x0A): 0b0000_0110
        case (.ct1345, 0x0C): 0b0010_1110
        case (.ct1345, 0x0E): 0b0010_0010
        case (.ct1745, 0x30...0x3A): 0b1111_1000
        case (.ct1745, 0x3B), (.ct1745, 0x3F...0x42): 0b1100_0000
        case (.ct1745, 0x3C): 0b0001_1111
        case (.ct1745, 0x3D), (.ct1745, 0x3E): 0b0111_1111
        case (.ct1745, 0x43): 0b0000_0001
        case (.ct1745, 0x44...0x47): 0b1111_0000
        case (.ct1745, 0x80): 0b0000_1111
        case (.ct1745, 0x81): 0b1110_1011
        default: nil
        }
    }

    /// The first of the two registers behind one that is there for the CT1345's programs.
    private func compatible(_ register: UInt8) -> Int? {
        guard model == .ct1745 else { return nil }
        switch register {
        case 0x04: return 0x32
        case 0x22: return 0x30
        case 0x26: return 0x34
        case 0x28: return 0x36
        case 0x2E: return 0x38
        default: return nil
        }
    }

    private func register(_ number: UInt8) -> UInt8 {
        if let first = compatible(number) { return registers[first] & 0xF0 | registers[first + 1] >> 4 }
        if model == .ct1745 {
            if number == 0x82 { return interruptStatus }
            if number == 0x0A { return registers[0x3A] >> 5 }
            if number == 0x80 { return registers[0x80] | 0xF0 }
        }
        guard let mask = mask(number) else { return 0xFF }
        let isVolume = model == .ct1345 && mask == 0b1110_1110
        return registers[Int(number)] | (isVolume ? 0b0001_0001 : 0)
    }

    private func setRegister(_ number: UInt8, _ value: UInt8) {
        if number == 0 { return reset() }
        if let first = compatible(number) {
            // The lowest of five bits is 1, so that 15 means 0 dB and 0 means -60 dB.
            registers[first] = value & 0xF0 | 0b1000
            registers[first + 1] = value << 4 | 0b1000
        } else if model == .ct1745 && number == 0x0A {
            registers[0x3A] = value << 5 | 0b0001_1000
        } else if let mask = mask(number) {
            registers[Int(number)] = value & mask
        }
    }

    // MARK: What the card sees

    /// Sets bits of register 82h.
    public func setInterrupt(_ bits: UInt8, _ isPending: Bool) {
        interruptStatus = isPending ? interruptStatus | bits : interruptStatus & ~bits
    }

    /// Register 80h: the lowest selected of IRQ 2, 5, 7 and 10; nil if none is.
    public var selectedInterrupt: Int? {
        for (bit, number) in [2, 5, 7, 10].enumerated() where registers[0x80] & 1 << UInt8(bit) != 0 { return number }
        return nil
    }

    /// Register 81h: the lowest selected 8-bit channel.
    public var selectedDMA: Int? { [0, 1, 3].first { registers[0x81] & 1 << UInt8($0) != 0 } }
    /// Register 81h: the lowest selected 16-bit channel; nil: words go through the 8-bit channel.
    public var selectedHighDMA: Int? { [5, 6, 7].first { registers[0x81] & 1 << UInt8($0) != 0 } }

    /// CT1345, register 0Eh bit 1: bytes of the DSP go left and right in turn.
    public var isStereo: Bool { model == .ct1345 && registers[0x0E] & 0b10 != 0 }

    /// CT1345: the edge of the output's low-pass filter in hertz; nil if it is switched off. Other chips have none.
    public var outputFilterHertz: Int? { model == .ct1345 && registers[0x0E] & 0b0010_0000 == 0 ? 3_200 : nil }

    /// What a source is heard with, the master volume included.
    public func gain(of source: Source) -> StereoGain {
        guard let own = decibels(of: source) else { return StereoGain(left: 0, right: 0) }
        let master = masterDecibels
        var gain = StereoGain(decibelsLeft: own.0 + master.0, right: own.1 + master.1)
        if isSwitchedOff(source, isRight: false) { gain.left = 0 }
        if isSwitchedOff(source, isRight: true) { gain.right = 0 }
        return gain
    }

    /// CT1745, register 3Ch: bits 4 and 3 line, 2 and 1 CD, 0 microphone.
    private func isSwitchedOff(_ source: Source, isRight: Bool) -> Bool {
        guard model == .ct1745 else { return false }
        switch source {
        case .line: return registers[0x3C] & (isRight ? 0b0_1000 : 0b1_0000) == 0
        case .cd: return registers[0x3C] & (isRight ? 0b0_0010 : 0b0_0100) == 0
        case .microphone: return registers[0x3C] & 1 == 0
        default: return false
        }
    }

    private var masterDecibels: (Int, Int) {
        switch model {
        case .ct1335: both(threeBits(registers[0x02] >> 1))
        case .ct1345: pair(0x22)
        case .ct1745:
            (fiveBits(0x30) + outputGain(0x41), fiveBits(0x31) + outputGain(0x42))
        }
    }

    private func decibels(of source: Source) -> (Int, Int)? {
        switch (model, source) {
        case (_, .speaker): model == .ct1745 ? both(-18 + 6 * Int(registers[0x3B] >> 6)) : both(0)
        case (.ct1335, .voice): both(twoBits(registers[0x0A] >> 1))
        case (.ct1335, .music): both(threeBits(registers[0x06] >> 1))
        case (.ct1335, .cd): both(threeBits(registers[0x08] >> 1))
        case (.ct1335, _): nil
        case (.ct1345, .voice): pair(0x04)
        case (.ct1345, .music): pair(0x26)
        case (.ct1345, .cd): pair(0x28)
        case (.ct1345, .line): pair(0x2E)
        case (.ct1345, .microphone): both(twoBits(registers[0x0A] >> 1))
        case (.ct1745, .voice): (fiveBits(0x32), fiveBits(0x33))
        case (.ct1745, .music): (fiveBits(0x34), fiveBits(0x35))
        case (.ct1745, .cd): (fiveBits(0x36), fiveBits(0x37))
        case (.ct1745, .line): (fiveBits(0x38), fiveBits(0x39))
        case (.ct1745, .microphone): both(fiveBits(0x3A))
        }
    }

    private func both(_ decibels: Int) -> (Int, Int) { (decibels, decibels) }
    private func pair(_ register: Int) -> (Int, Int) {
        (threeBits(registers[register] >> 5), threeBits(registers[register] >> 1))
    }
    private func threeBits(_ value: UInt8) -> Int { [-46, -22, -18, -15, -11, -7, -4, 0][Int(value & 7)] }
    private func twoBits(_ value: UInt8) -> Int { [-46, -14, -7, 0][Int(value & 3)] }
    private func fiveBits(_ register: Int) -> Int { -62 + 2 * Int(registers[register] >> 3) }
    private func outputGain(_ register: Int) -> Int { 6 * Int(registers[register] >> 6) }

    // MARK: State

    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) {
        coder.field("index", &index)
        registers.withUnsafeMutableBytes { coder.memory("registers", $0) }
        coder.field("interruptStatus", &interruptStatus)
    }

    public func stateDidRestore() {}
}
