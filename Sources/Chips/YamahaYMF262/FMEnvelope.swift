extension FM {
    /// A rate of an envelope with the key scaling added: 0 to 63 in quarters of an octave, or standing still.
    struct EnvelopeRate: Equatable {
        var raw: UInt8

        static let standing = EnvelopeRate(raw: 0xFF)

        init(raw: UInt8) { self.raw = raw }

        /// - Parameters:
        ///   - setting: the register's 0 to 15; 0 never moves.
        ///   - keyScale: 0 to 15.
        init(setting: UInt8, keyScale: UInt8) {
            raw = setting == 0 ? 0xFF : min(setting << 2 &+ keyScale, 63)
        }

        var isStanding: Bool { raw == 0xFF }
        var group: Int { Int(raw >> 2) }
        var fraction: UInt8 { raw & 3 }
        /// The fastest rate: an attack with it is over at once.
        var isImmediate: Bool { !isStanding && raw >= 60 }
    }

    /// The attenuation of one operator over time.
    ///
    /// - Source: [YMF262] envelope generator; [OPL3DIE] the order of decisions in one sample.
    struct Envelope {
        enum Stage: UInt8 { case attack, decay, sustain, release }

        /// Who holds the key down. The envelope runs while anybody does.
        struct Keys: OptionSet {
            var rawValue: UInt8
            static let note = Keys(rawValue: 1)
            static let drum = Keys(rawValue: 2)
            static let composite = Keys(rawValue: 4)
        }

        /// 0 (loudest) to 511, in units of 0.1875 dB.
        var level: UInt16 = 0x1FF
        var stage = Stage.release
        var keys: Keys = []
        /// Derived: the rate at which it moves now.
        var rate = EnvelopeRate.standing
        /// Derived: the next sample changes it whether or not the rate steps.
        var isUnsettled = false

        static let silence: UInt16 = 0x1FF

        /// Near enough to silence: it jumps there, and moves no further.
        var isOff: Bool { level & 0x1F8 == 0x1F8 }
        /// The key went down: the next sample begins the attack.
        var isStarting: Bool { !keys.isEmpty && stage == .release }

        /// What the registers say at the moment.
        struct Settings {
            var attack: UInt8
            var decay: UInt8
            /// 0 to 31, in units of 3 dB.
            var sustainLevel: UInt8
            var release: UInt8
            /// Holds the sustain level while the key is down.
            var isSustained: Bool
            var keyScale: UInt8
        }

        /// Brings `rate` and `isUnsettled` up to date after a change of registers, keys or the envelope itself.
        mutating func refresh(_ settings: Settings) {
            let isStarting = isStarting
            isUnsettled =
                switch stage {
                case .attack: keys.isEmpty || level == 0
                case .decay: keys.isEmpty || UInt8(level >> 4) == settings.sustainLevel
                case .sustain: keys.isEmpty
                case .release: isStarting
                }
            if stage != .attack && isOff && level != Envelope.silence { isUnsettled = true }
            let setting =
                switch stage {
                case .attack: settings.attack
                case .decay: settings.decay
                case .sustain: settings.isSustained ? 0 : settings.release
                case .release: isStarting ? settings.attack : settings.release
                }
            rate = EnvelopeRate(setting: setting, keyScale: settings.keyScale)
            // An attack whose rate is set to the fastest on the way does not go on; silence does not either.
            let isStuck = stage == .attack ? rate.isImmediate : isOff && !isStarting
            if isStuck { rate = .standing }
        }

        /// One sample at which the envelope moves by `shift`. Returns whether the phase starts again from 0.
        mutating func step(shift: Int, sustainLevel: UInt8) -> Bool {
            let isStarting = isStarting
            let wasOff = isOff
            var next = Int(level)
            if isStarting && rate.isImmediate { next = 0 }
            if stage != .attack && !isStarting && wasOff { next = Int(Envelope.silence) }
            switch stage {
            case .attack:
                if level == 0 {
                    stage = .decay
                } else if !keys.isEmpty && shift > 0 {
                    next &+= ~Int(level) &>> (4 &- shift)
                }
            case .decay where UInt8(level >> 4) == sustainLevel:
                stage = .sustain
            case .decay, .sustain, .release:
                if !wasOff && !isStarting && shift > 0 { next &+= 1 &<< (shift &- 1) }
            }
            level = UInt16(truncatingIfNeeded: next & 0x1FF)
            if isStarting { stage = .attack }
            if keys.isEmpty { stage = .release }
            return isStarting
        }
    }
}
