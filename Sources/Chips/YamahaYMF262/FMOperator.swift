import Core

extension FM {
    /// One operator: its registers, its counters and its last two samples.
    struct Operator {
        // MARK: Registers

        /// 0 to 15: the multiple of the channel's frequency.
        var multiple: UInt8 = 0
        var hasTremolo = false
        var hasVibrato = false
        var isSustained = false
        /// Key scaling of rates in full instead of by a quarter.
        var scalesRate = false
        /// 0 to 3: attenuation by pitch of 0, 3, 1.5 or 6 dB an octave.
        var keyScaleLevel: UInt8 = 0
        /// 0 to 63, in units of 0.75 dB.
        var totalLevel: UInt8 = 0
        var attack: UInt8 = 0
        var decay: UInt8 = 0
        /// 0 to 14, and 31 for the register's 15, in units of 3 dB.
        var sustainLevel: UInt8 = 0
        var release: UInt8 = 0
        /// 0 to 7.
        var waveform: UInt8 = 0

        // MARK: Connection

        /// Which operator's sample shifts this one's phase: an earlier one, itself (feedback), or `none`.
        var modulator: UInt8 = Operator.none
        static let none: UInt8 = 0xFF

        // MARK: Counters

        /// 19 bits, of which the upper ten are the place in the waveform.
        var phase: UInt32 = 0
        var envelope = Envelope()
        var output: Int32 = 0
        var previousOutput: Int32 = 0

        // MARK: Derived

        /// Attenuation by total level and pitch, in units of 0.1875 dB.
        var fixedAttenuation: UInt32 = 0
        var settings = Envelope.Settings(
            attack: 0, decay: 0, sustainLevel: 0, release: 0, isSustained: false, keyScale: 0)

        /// Attenuation by the register's 3 dB an octave (in units of 0.1875 dB) in the top octave, by the upper
        /// four bits of the frequency number: 32 + 8 log2(n), rounded up.
        /// - Source: [YMF262] KSL table, whose values are these times 0.375 dB less 3 dB an octave.
        static let pitchAttenuation: InlineArray<16, UInt8> = [
            0, 32, 40, 45, 48, 51, 53, 55, 56, 58, 59, 60, 61, 62, 63, 64,
        ]

        /// Brings what is derived up to date after a change of registers or keys.
        mutating func refresh(_ channel: Channel) {
            let octaves = Int32(8 &- Int32(channel.block)) &<< 5
            let top = Int32(Operator.pitchAttenuation[Int(channel.frequency >> 6 & 15)]) &<< 2
            let pitch = UInt32(truncatingIfNeeded: max(top &- octaves, 0))
            let byPitch: UInt32 =
                switch keyScaleLevel & 3 {
                case 0: 0
                case 1: pitch &>> 1
                case 2: pitch &>> 2
                default: pitch
                }
            fixedAttenuation = UInt32(totalLevel) &<< 2 &+ byPitch
            settings = Envelope.Settings(
                attack: attack, decay: decay, sustainLevel: sustainLevel, release: release,
                isSustained: isSustained, keyScale: scalesRate ? channel.keyScale : channel.keyScale >> 2)
            envelope.refresh(settings)
        }

        /// How far the phase moves in a sample.
        func increment(_ channel: Channel, _ oscillator: LowFrequencyOscillator, at position: UInt8) -> UInt32 {
            var number = UInt32(channel.frequency)
            if hasVibrato {
                let shift = oscillator.vibrato(of: number, at: position)
                number = UInt32(truncatingIfNeeded: Int32(truncatingIfNeeded: number) &+ shift)
            }
            let base = (number &<< UInt32(channel.block)) &>> 1
            return (base &* Operator.multiples(multiple)) &>> 1
        }

        /// Twice the multiple that the register's value stands for: 1/2, then the number itself, where the chip has
        /// no 11, 13 and 14.
        /// - Source: [YMF262] MULT.
        private static func multiples(_ value: UInt8) -> UInt32 {
            switch value & 15 {
            case 0: 1
            case 11: 20
            case 13: 24
            case 14: 30
            default: UInt32(value & 15) &* 2
            }
        }

        /// `slot` is the operator's own number.
        mutating func transfer(_ coder: StateCoder, slot: Int) {
            coder.field("multiple", &multiple)
            coder.field("hasTremolo", &hasTremolo)
            coder.field("hasVibrato", &hasVibrato)
            coder.field("isSustained", &isSustained)
            coder.field("scalesRate", &scalesRate)
            coder.field("keyScaleLevel", &keyScaleLevel)
            coder.field("totalLevel", &totalLevel)
            coder.field("attack", &attack)
            coder.field("decay", &decay)
            coder.field("sustainLevel", &sustainLevel)
            coder.field("release", &release)
            coder.field("waveform", &waveform)
            coder.field("modulator", &modulator)
            coder.field("phase", &phase)
            coder.field("level", &envelope.level)
            coder.field("stage", &envelope.stage)
            coder.field("keys", &envelope.keys)
            coder.field("output", &output)
            coder.field("previousOutput", &previousOutput)
            let outputs: ClosedRange<Int32> = -0x1000...0xFFF
            let isSound =
                multiple < 16 && keyScaleLevel < 4 && totalLevel < 64 && attack < 16 && decay < 16
                && sustainLevel < 32 && release < 16 && waveform < 8
                && (modulator == Operator.none || Int(modulator) <= slot)
                && phase >> 19 == 0 && envelope.level < 512 && envelope.keys.rawValue < 8
                && outputs.contains(output) && outputs.contains(previousOutput)
            if !isSound {
                coder.fail("operator out of range")
                self = Operator()
            }
        }
    }

    /// One channel: what its operators share, and which of them are heard.
    struct Channel {
        enum Kind: UInt8 {
            case twoOperators
            /// The first and second half of a channel of four operators.
            case fourOperatorsFirst, fourOperatorsSecond
            /// Part of the rhythm section.
            case drum
        }

        /// The frequency number, 10 bits.
        var frequency: UInt16 = 0
        /// The octave, 0 to 7.
        var block: UInt8 = 0
        /// Octave and one bit of the frequency number, 0 to 15, as note select said when they were written.
        var keyScale: UInt8 = 0
        /// 0 (none) to 7 (4 pi).
        var feedback: UInt8 = 0
        /// The operators stand side by side instead of one modulating the other.
        var isParallel = false
        var kind = Kind.twoOperators
        var isLeft = true
        var isRight = true
        /// The operators that are heard, or `Operator.none`. One may be there twice.
        var outputs: InlineArray<4, UInt8> = [Operator.none, Operator.none, Operator.none, Operator.none]

        mutating func setOutputs(_ a: Int, _ b: Int? = nil, _ c: Int? = nil, _ d: Int? = nil) {
            let none = Int(Operator.none)
            outputs = [UInt8(truncatingIfNeeded: a), UInt8(b ?? none), UInt8(c ?? none), UInt8(d ?? none)]
        }

        /// Whether channel `index` can be of this kind.
        private func isPossible(at index: Int) -> Bool {
            let position = index % FM.channelsPerBank
            switch kind {
            case .twoOperators: return true
            case .fourOperatorsFirst: return position < 3
            case .fourOperatorsSecond: return (3..<6).contains(position)
            case .drum: return (6..<9).contains(index)
            }
        }

        /// `index` is the channel's own number, `slots` the number of operators.
        mutating func transfer(_ coder: StateCoder, index channel: Int, slots: Int) {
            coder.field("frequency", &frequency)
            coder.field("block", &block)
            coder.field("keyScale", &keyScale)
            coder.field("feedback", &feedback)
            coder.field("isParallel", &isParallel)
            coder.field("kind", &kind)
            coder.field("isLeft", &isLeft)
            coder.field("isRight", &isRight)
            var isSound =
                frequency < 1_024 && block < 8 && keyScale < 16 && feedback < 8 && isPossible(at: channel)
            for index in 0..<4 {
                coder.field("outputs[\(index)]", &outputs[index])
                if outputs[index] != Operator.none && Int(outputs[index]) >= slots { isSound = false }
            }
            if !isSound {
                coder.fail("channel out of range")
                self = Channel()
            }
        }
    }
}
