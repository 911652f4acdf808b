import Chips

/// Which Sound Blaster, and its jumpers.
public struct SoundBlasterSettings: Hashable, Sendable {
    public enum Model: UInt8, Sendable, CaseIterable {
        case sb10, sb15, sb20, pro, pro2, sb16

        public var dspVersion: CreativeDSP.Version {
            switch self {
            case .sb10: .v105
            case .sb15: .v200
            case .sb20: .v201
            case .pro: .v301
            case .pro2: .v302
            case .sb16: .v405
            }
        }

        /// The T of the BLASTER variable.
        public var blasterType: Int {
            switch self {
            case .sb10, .sb15: 1
            case .pro: 2
            case .sb20: 3
            case .pro2: 4
            case .sb16: 6
            }
        }

        public var possibleBases: [UInt16] {
            switch self {
            case .sb10: [0x210, 0x220, 0x230, 0x240, 0x250, 0x260]
            case .sb16: [0x220, 0x240, 0x260, 0x280]
            default: [0x220, 0x240]
            }
        }

        /// IRQ 2 arrives as IRQ 9 in an AT.
        public var possibleInterrupts: [Int] {
            switch self {
            case .sb10, .sb15, .sb20: [2, 3, 5, 7]
            case .pro, .pro2, .sb16: [2, 5, 7, 10]
            }
        }

        public var possibleDMA: [Int] {
            switch self {
            case .sb10, .sb15: [1]
            case .sb20: [1, 3]
            case .pro, .pro2, .sb16: [0, 1, 3]
            }
        }

        /// Whether there are sockets for the two SAA1099 of the Game Blaster. The 1.0 came with them, the others without.
        public var hasMusicSystemSockets: Bool { [.sb10, .sb15, .sb20].contains(self) }

        /// Empty if the model has 8-bit transfers only.
        public var possibleHighDMA: [Int] { self == .sb16 ? [5, 6, 7] : [] }
    }

    public var model: Model
    /// Its first port, such as 220h.
    public var base: UInt16
    public var irq: Int
    public var dma: Int
    /// Sound Blaster 16: nil or the same as `dma` sends words through the 8-bit channel.
    public var highDMA: Int?
    /// Sound Blaster 2.0: whether it has the CD-ROM interface, and with it the mixer CT1335.
    public var hasCDInterface = false
    /// Whether the two SAA1099 of the Game Blaster are on the card.
    public var hasMusicSystem: Bool
    /// Sound Blaster 16: the port of its MPU-401, which the variable names; the board does not have it.
    public var mpuBase: UInt16 = 0x330

    /// As the cards left the factory, but for the `irq` of the 16 being 5.
    public init(model: Model, base: UInt16 = 0x220, irq: Int? = nil, dma: Int = 1, highDMA: Int? = 5) {
        self.model = model
        self.base = base
        self.irq = irq ?? (model == .sb16 ? 5 : 7)
        self.dma = dma
        self.highDMA = model == .sb16 ? highDMA : nil
        hasMusicSystem = model == .sb10
    }

    /// Whether the card has jumpers or registers for these settings.
    public var isPossible: Bool {
        model.possibleBases.contains(base) && model.possibleInterrupts.contains(irq) && model.possibleDMA.contains(dma)
            && (model.hasMusicSystemSockets || !hasMusicSystem)
            && (highDMA.map { $0 == dma || model.possibleHighDMA.contains($0) } ?? true)
    }

    /// The value of the environment variable BLASTER, such as `A220 I5 D1 H5 P330 T6`.
    /// Source: [SBHPG] "Determining User's Card Settings".
    public var blasterVariable: String {
        var parts = ["A" + String(base, radix: 16, uppercase: true), "I\(irq)", "D\(dma)"]
        if model == .sb16 {
            parts.append("H\(highDMA ?? dma)")
            parts.append("P" + String(mpuBase, radix: 16, uppercase: true))
        }
        parts.append("T\(model.blasterType)")
        return parts.joined(separator: " ")
    }
}
