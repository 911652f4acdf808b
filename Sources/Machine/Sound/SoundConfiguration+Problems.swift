import Boards

/// Settings that no card has, that lead nowhere in this machine, or that two devices cannot share.
extension SoundConfiguration {
    /// What is wrong with it, as a sentence that begins with the subject; nil if a machine of this family can have it.
    public func problem(family: MachineFamily) -> String? {
        let blaster = soundBlaster(family: family)
        if hasMusicSystem == false, card == .gameblaster {
            return "the card gameblaster is nothing but the Game Blaster's chips (cms); without, set card to none"
        }
        if hasMusicSystem == true, card != .gameblaster, blaster?.model.hasMusicSystemSockets != true {
            return
                "the card \(card.rawValue) has no sockets for the Game Blaster's chips (cms); sb1, sb15, sb2 and sb2cd have"
        }
        if board != .none && family == .at {
            return "the sound generator \(board.rawValue) has the ports of an AT's second DMA controller"
        }
        return gameBlasterProblem ?? blaster.flatMap { blasterProblem($0, family) } ?? gravisProblem(family)
            ?? converterProblem(family)
    }

    private var gameBlasterProblem: String? {
        guard card == .gameblaster, let base, !GameBlaster.possibleBases.contains(base) else { return nil }
        return "the card gameblaster has ports " + list(GameBlaster.possibleBases, hexadecimal)
    }

    private func blasterProblem(_ settings: SoundBlasterSettings, _ family: MachineFamily) -> String? {
        let (model, slot) = (settings.model, Slot(family))
        let interrupts = model.possibleInterrupts.filter(slot.hasInterrupt)
        let channels = model.possibleDMA.filter(slot.hasChannel)
        let highChannels = model.possibleHighDMA.filter(slot.hasChannel)
        let isHighPossible = settings.highDMA.map { $0 == settings.dma || highChannels.contains($0) } ?? true
        guard
            !settings.isPossible || !interrupts.contains(settings.irq) || !channels.contains(settings.dma)
                || !isHighPossible
        else { return nil }
        var text = "the card \(card.rawValue) has ports " + list(model.possibleBases, hexadecimal)
        text += ", IRQs " + list(interrupts) + ", DMA channels " + list(channels)
        if model == .sb16 {
            text += highChannels.isEmpty ? ", and no high DMA channel" : ", high DMA channels " + list(highChannels)
        }
        return text + slot.remark
    }

    private func gravisProblem(_ family: MachineFamily) -> String? {
        guard let settings = gravis(family: family) else { return nil }
        let slot = Slot(family)
        // The AT's IRQ 12 is the keyboard controller's, for a mouse.
        let interrupts = GravisSettings.possibleInterrupts.filter { slot.hasInterrupt($0) && $0 != 12 }
        let channels = GravisSettings.possibleDMA.filter(slot.hasChannel)
        guard settings.isPossible, interrupts.contains(settings.irq), channels.contains(settings.dma) else {
            var text = "a Gravis UltraSound has ports " + list(GravisSettings.possibleBases, hexadecimal)
            text += ", IRQs " + list(interrupts.sorted()) + ", DMA channels " + list(channels)
            return text + ", memory of " + list(GravisSettings.possibleKilobytes) + " KB" + slot.remark
        }
        let cards: [(name: String, port: UInt16)?] = [
            soundBlaster(family: family).map { (card.rawValue, $0.base) },
            card == .gameblaster ? (card.rawValue, base ?? 0x220) : nil,
            isMPU401Present ? ("MPU-401", 0x230) : nil,
        ]
        for case let other? in cards where other.port == settings.base {
            return "the Gravis UltraSound and the \(other.name) have the same ports"
        }
        return nil
    }

    /// The PSSJ's interrupt and channel are fixed.
    private func converterProblem(_ family: MachineFamily) -> String? {
        guard board == .tandydac else { return nil }
        let cards = [
            soundBlaster(family: family).map { ("card \(card.rawValue)", $0.irq, $0.dma) },
            gravis(family: family).map { ("Gravis UltraSound", $0.irq, $0.dma) },
        ]
        for case let (name, irq, dma)? in cards where irq == 7 || dma == 1 {
            return "the converter of the Tandy 1000 (tandydac) has IRQ 7 and DMA channel 1, and so the \(name) cannot;"
                + " another irq and dma may do"
        }
        return nil
    }

    private func hexadecimal(_ port: UInt16) -> String { String(port, radix: 16) }
    private func list(_ numbers: [Int]) -> String { list(numbers, String.init) }
    private func list<Number>(_ numbers: [Number], _ text: (Number) -> String) -> String {
        numbers.map(text).joined(separator: ", ")
    }
}

/// What the slots of a machine have.
private struct Slot {
    private let isAT: Bool

    init(_ family: MachineFamily) { isAT = family == .at }

    func hasInterrupt(_ number: Int) -> Bool { number < 8 || isAT }
    /// Channel 0 of a PC or XT refreshes its memory.
    func hasChannel(_ number: Int) -> Bool { (1...3).contains(number) || isAT }
    var remark: String { isAT ? "" : " in a slot of a PC or XT" }
}
