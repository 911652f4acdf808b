import Boards

/// A sound card of a machine.
public enum SoundCard: String, CaseIterable, Sendable {
    case none, adlib, gameblaster, sb1, sb15, sb2
    /// A Sound Blaster 2.0 with the CD-ROM interface, and so with the mixer CT1335.
    case sb2cd
    case sbpro, sbpro2, sb16, gus

    /// Nil for what is no Sound Blaster.
    public var model: SoundBlasterSettings.Model? {
        switch self {
        case .none, .adlib, .gameblaster, .gus: nil
        case .sb1: .sb10
        case .sb15: .sb15
        case .sb2, .sb2cd: .sb20
        case .sbpro: .pro
        case .sbpro2: .pro2
        case .sb16: .sb16
        }
    }
}

/// The sound generator on the main board of a PCjr or a Tandy 1000.
public enum BoardSound: String, CaseIterable, Sendable {
    case none
    /// SN76489AN.
    case pcjr
    /// NCR 8496.
    case tandy
    /// PSSJ with its converter, of the later Tandy 1000.
    case tandydac
}

/// What is plugged into the parallel port.
public enum ParallelSound: String, CaseIterable, Sendable {
    case none, covox, disney
}

/// What a machine has to make sound with, beside its loudspeaker.
public struct SoundConfiguration: Hashable, Sendable {
    public var card = SoundCard.none
    /// Jumpers of the card; nil: as it left the factory.
    public var base: UInt16?
    public var irq: Int?
    public var dma: Int?
    /// Sound Blaster 16.
    public var highDMA: Int?
    /// The Game Blaster's chips on a Sound Blaster 1.0, 1.5 or 2.0. Nil: as it left the factory.
    public var hasMusicSystem: Bool?
    public var board = BoardSound.none
    /// At 378h.
    public var parallel = ParallelSound.none
    /// An MPU-401 at 330h. Nil: as a Sound Blaster 16 has it.
    public var hasMPU401: Bool?
    /// A Gravis UltraSound, alone or beside another card. Nil: if it is the card.
    public var hasGravis: Bool?
    /// Its jumpers and memory; nil: as fits beside a Sound Blaster.
    public var gravisBase: UInt16?
    public var gravisIRQ: Int?
    public var gravisDMA: Int?
    public var gravisKilobytes: Int?

    public init() {}

    /// The settings of the Sound Blaster, if the card is one. In a slot of 8 bits the 16 sends words through its 8-bit
    /// channel.
    public func soundBlaster(family: MachineFamily) -> SoundBlasterSettings? {
        guard let model = card.model else { return nil }
        var settings = SoundBlasterSettings(model: model)
        settings.base = base ?? settings.base
        settings.irq = irq ?? settings.irq
        settings.dma = dma ?? settings.dma
        settings.hasMusicSystem = hasMusicSystem ?? settings.hasMusicSystem
        settings.hasCDInterface = card == .sb2cd
        if model == .sb16 { settings.highDMA = highDMA ?? (family == .at ? settings.highDMA : nil) }
        return settings
    }

    var isMPU401Present: Bool { hasMPU401 ?? (card == .sb16) }

    /// Whether MIDI can be sent: by a Sound Blaster, an MPU-401 or an UltraSound.
    public func hasMIDIPort(family: MachineFamily) -> Bool {
        card.model != nil || isMPU401Present || gravis(family: family) != nil
    }

    /// Whether a game port comes with it: on a Sound Blaster, an UltraSound, the main board of a PCjr or a Tandy 1000.
    func hasGamePort(family: MachineFamily) -> Bool {
        board != .none || card.model != nil || gravis(family: family) != nil
    }

    /// The settings of the UltraSound, if there is one.
    public func gravis(family: MachineFamily) -> GravisSettings? {
        guard hasGravis ?? (card == .gus) else { return nil }
        var settings = GravisSettings()
        settings.base = gravisBase ?? settings.base
        // An XT's Sound Blaster and its printer have 7.
        settings.irq = gravisIRQ ?? (family == .at ? settings.irq : 5)
        settings.dma = gravisDMA ?? settings.dma
        settings.kilobytes = gravisKilobytes ?? settings.kilobytes
        return settings
    }
}
