import Boards
import Chips
import Core

/// What a machine makes sound with: the loudspeaker, a card, the main board's generator, what is on the parallel port.
final class SoundCards {
    /// The sources on their way to a mixer, in the order in which it adds them.
    private(set) var paths: [SoundPath] = []
    /// In the order of a saved machine.
    private(set) var chunks: [any StateChunk] = []
    private(set) var soundBlaster: SoundBlaster?
    private var mpu: MPU401?
    private var opl2: [YamahaYM3812] = []
    private var opl3: YamahaYMF262?
    private var generator: TexasSN76489?
    private var musicSystem: CreativeMusicSystem?
    private var gravis: GravisUltraSound?

    /// What the cards are wired to.
    struct Wiring {
        let ports: PortMap
        let scheduler: Scheduler
        let interrupts: CardInterrupts
        let dma: DMABoard
        let timer: Intel8254
        /// The data bit of port 61h.
        let speakerData: Line
    }

    init(_ sound: SoundConfiguration, _ wiring: Wiring) {
        addSpeaker(wiring)
        addBoard(sound.board, wiring)
        addCard(sound, wiring)
        addParallelPort(sound.parallel, wiring)
        if sound.isMPU401Present { addMPU401(wiring) }
        if let settings = sound.gravis(family: wiring.dma.second == nil ? .xt : .at) { addGravis(settings, wiring) }
    }

    // MARK: Parts

    /// The edge of the loudspeaker's cone.
    /// Assumption: 6 kHz for a cone of 2.25 inches; measured PCs would disprove it.
    private static let coneHertz = 6_000

    private func addSpeaker(_ wiring: Wiring) {
        let speaker = PCSpeaker(timer: wiring.timer)
        wiring.speakerData.connect(to: speaker, as: 0)
        chunks.append(speaker)
        add(.speaker, speaker, filterHertz: { SoundCards.coneHertz })
    }

    private func add(
        _ part: SoundPart, _ source: any StepSource, gain: @escaping () -> StereoGain = { .unity },
        filterHertz: @escaping () -> Int? = { nil }
    ) {
        paths.append(SoundPath(part: part, source: source, gain: gain, filterHertz: filterHertz))
    }

    private func addBoard(_ board: BoardSound, _ wiring: Wiring) {
        switch board {
        case .none: break
        case .pcjr, .tandy:
            let chip = TexasSN76489(board == .pcjr ? .texas : .ncr8496)
            wiring.ports.attach(chip, at: 0xC0...0xC7)
            chunks.append(chip)
            add(.tandy, chip)
            generator = chip
        case .tandydac:
            let sound = TandySound(
                channel: wiring.dma.channel(1), slot: wiring.scheduler.makeSlot("tandy sound"),
                interrupt: wiring.interrupts.makeLine(irq: 7))
            sound.attach(to: wiring.ports)
            chunks += sound.chunks
            add(.tandy, sound.generator)
            add(.tandy, sound)
            generator = sound.generator
        }
    }

    private func addCard(_ sound: SoundConfiguration, _ wiring: Wiring) {
        switch sound.card {
        case .none, .gus: break
        case .adlib:
            let card = AdLibCard()
            card.attach(to: wiring.ports)
            chunks += card.chunks
            paths.append(SoundPath(part: .opl, source: card))
            opl2 = [card.chip]
        case .gameblaster:
            let card = GameBlaster(base: sound.base ?? 0x220)
            card.attach(to: wiring.ports)
            chunks += card.chunks
            add(card.music)
        case .sb1, .sb15, .sb2, .sb2cd, .sbpro, .sbpro2, .sb16:
            let family: MachineFamily = wiring.dma.second == nil ? .xt : .at
            if let settings = sound.soundBlaster(family: family) { addSoundBlaster(settings, wiring) }
        }
    }

    private func addSoundBlaster(_ settings: SoundBlasterSettings, _ wiring: Wiring) {
        let card = SoundBlaster(
            settings: settings,
            interrupts: settings.model.possibleInterrupts.map {
                SoundBlaster.Interrupt(number: $0, line: wiring.interrupts.makeLine(irq: $0))
            }, dma: wiring.dma, slot: wiring.scheduler.makeSlot("sound blaster"))
        card.attach(to: wiring.ports)
        chunks += card.chunks
        add(
            .sb, card, gain: { [unowned card] in card.voiceGain },
            filterHertz: { [unowned card] in card.outputFilterHertz })
        paths.append(SoundPath(part: .opl, source: card.music, gain: { [unowned card] in card.musicGain }))
        if let music = card.musicSystem { add(music) }
        (opl2, opl3) = card.fmChips
        soundBlaster = card
    }

    private func add(_ music: CreativeMusicSystem) {
        for chip in music.chips { add(.cms, chip) }
        musicSystem = music
    }

    private func addParallelPort(_ sound: ParallelSound, _ wiring: Wiring) {
        guard sound != .none else { return }
        let port = ParallelPort(base: 0x378, interrupt: wiring.interrupts.makeLine(irq: 7))
        port.attach(to: wiring.ports)
        chunks.append(port)
        if sound == .covox {
            let converter = CovoxSpeechThing()
            port.attachment = converter
            chunks.append(converter)
            add(.covox, converter)
        } else {
            let source = DisneySoundSource()
            port.attachment = source
            chunks.append(source)
            add(.covox, source)
        }
    }

    private func addMPU401(_ wiring: Wiring) {
        let mpu = MPU401(interrupt: wiring.interrupts.makeLine(irq: 2), slot: wiring.scheduler.makeSlot("mpu-401"))
        mpu.attach(to: wiring.ports)
        chunks.append(mpu)
        self.mpu = mpu
    }

    private func addGravis(_ settings: GravisSettings, _ wiring: Wiring) {
        let card = GravisUltraSound(
            settings: settings,
            interrupts: GravisSettings.possibleInterrupts.map { ($0, wiring.interrupts.makeLine(irq: $0)) },
            dma: wiring.dma,
            slots: (
                synthesizer: wiring.scheduler.makeSlot("gravis gf1"), midi: wiring.scheduler.makeSlot("gravis midi")
            ))
        card.attach(to: wiring.ports)
        chunks += card.chunks
        add(.gus, card.synthesizer)
        gravis = card
    }

    // MARK: Use

    /// Leaves the cards as the programs do that come with them. After a reset a mixer's volumes are 22 dB and more below
    /// what the card can, and an UltraSound stands still.
    func setUp(at now: Tick) {
        gravis?.setUp(at: now)
        guard let card = soundBlaster, let mixer = card.mixer else { return }
        let settings: [(register: UInt8, value: UInt8)] =
            switch mixer.model {
            case .ct1335: [(0x02, 0x0E), (0x06, 0x0E), (0x0A, 0x06)]
            case .ct1345: [(0x22, 0xFF), (0x04, 0xFF), (0x26, 0xFF)]
            case .ct1745: (0x30...0x35).map { ($0, 0xF8) }
            }
        for (register, value) in settings {
            card.writePort(card.settings.base &+ 4, register, at: now)
            card.writePort(card.settings.base &+ 5, value, at: now)
        }
    }

    /// Brings all that is caught up only when somebody looks to `now`, so that a state is the same whether the machine is
    /// listened to or not.
    func catchUp(to now: Tick) {
        for path in paths { (path.source as? any StepSource)?.catchUpSound(to: now) }
        for chip in opl2 { chip.advance(to: now) }
        opl3?.advance(to: now)
    }

    /// Whether every chip is about as far as the machine: a state in which one is not would have to be made up for.
    func isCaughtUp(at now: Tick) -> Bool {
        opl2.allSatisfy { $0.isCaughtUp(at: now) } && opl3?.isCaughtUp(at: now) ?? true
            && gravis?.synthesizer.isCaughtUp(at: now) ?? true
    }

    /// Puts a synthesizer behind the MIDI port, or takes it away.
    func setSynthesizer(_ source: (any SampledSource)?) {
        paths.removeAll { $0.part == .midi }
        if let source { paths.append(SoundPath(part: .midi, source: source)) }
    }

    func setGainListener(_ listener: (any SoundGainListener)?) { soundBlaster?.gainListener = listener }

    func setMIDIOutput(_ output: (any MIDIOutput)?) {
        soundBlaster?.dsp.midiOutput = output
        mpu?.output = output
        gravis?.midi.output = output
    }

    func setRegisterListener(_ listener: (any SoundRegisterListener)?) {
        for chip in opl2 { chip.registerListener = listener }
        opl3?.registerListener = listener
        generator?.registerListener = listener
        for chip in musicSystem?.chips ?? [] { chip.registerListener = listener }
    }
}
