import Boards

/// A sound card of a machine.
public enum SoundCard: String, CaseIterable, Sendable {
    case none, adlib, gameblaster, sb1, sb15, sb2, sbpro, sbpro2, sb16, gus

    /// Nil for what is no Sound Blaster.
    public var model: SoundBlasterSettings.Model? {
        switch self {
        case .none, .adlib, .gameblaster, .gus: nil
        case .sb1: .sb10
        case .sb15: .sb15
        case .sb2: .sb20
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

    /// The settings of the Sound Blaster, if the card is one.
    public var soundBlaster: SoundBlasterSettings? {
        guard let model = card.model else { return nil }
        var settings = SoundBlasterSettings(model: model)
        settings.base = base ?? settings.base
        settings.irq = irq ?? settings.irq
        settings.dma = dma ?? settings.dma
        settings.hasMusicSystem = hasMusicSystem ?? settings.hasMusicSystem
        if model == .sb16 { settings.highDMA = highDMA ?? settings.highDMA }
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

    /// What is wrong with it, as a sentence that begins with the subject; nil if a machine of this family can have it.
    public func problem(family: MachineFamily) -> String? {
        if hasMusicSystem == false, card == .gameblaster {
            return "the card gameblaster is nothing but the Game Blaster's chips (cms); without, set card to none"
        }
        if hasMusicSystem == true, card != .gameblaster, soundBlaster?.model.hasMusicSystemSockets != true {
            return "the card \(card.rawValue) has no sockets for the Game Blaster's chips (cms); sb1, sb15 and sb2 have"
        }
        if let settings = soundBlaster, !settings.isPossible {
            func list(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ", ") }
            let model = settings.model
            let ports = model.possibleBases.map { String($0, radix: 16) }.joined(separator: ", ")
            var text = "the card \(card.rawValue) has ports \(ports), IRQs \(list(model.possibleInterrupts))"
            text += ", DMA channels \(list(model.possibleDMA))"
            if !model.possibleHighDMA.isEmpty { text += ", high DMA channels \(list(model.possibleHighDMA))" }
            return text
        }
        if let problem = gravisProblem(family: family) { return problem }
        if board != .none && family == .at {
            return "the sound generator \(board.rawValue) has the ports of an AT's second DMA controller"
        }
        return nil
    }

    private func gravisProblem(family: MachineFamily) -> String? {
        guard let settings = gravis(family: family) else { return nil }
        func list<Number>(_ numbers: [Number], _ text: (Number) -> String) -> String {
            numbers.map(text).joined(separator: ", ")
        }
        // What the slot does not have leads nowhere; the AT's IRQ 12 is the keyboard controller's, for a mouse.
        let interrupts = GravisSettings.possibleInterrupts.filter { $0 < 8 || family == .at && $0 != 12 }
        let channels = GravisSettings.possibleDMA.filter { $0 < 4 || family == .at }
        guard settings.isPossible, interrupts.contains(settings.irq), channels.contains(settings.dma) else {
            var text = "a Gravis UltraSound has ports "
            text += list(GravisSettings.possibleBases) { String($0, radix: 16) }
            text += ", IRQs " + list(interrupts.sorted(), String.init)
            text += ", DMA channels " + list(channels, String.init)
            return text + ", memory of " + list(GravisSettings.possibleKilobytes, String.init) + " KB"
        }
        let cards: [(name: String, port: UInt16)?] = [
            soundBlaster.map { (card.rawValue, $0.base) },
            card == .gameblaster ? (card.rawValue, base ?? 0x220) : nil,
            isMPU401Present ? ("MPU-401", 0x230) : nil,
        ]
        for case let other? in cards where other.port == settings.base {
            return "the Gravis UltraSound and the \(other.name) have the same ports"
        }
        return nil
    }
}
