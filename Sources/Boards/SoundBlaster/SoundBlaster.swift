import Chips
import Core

/// Creative's Sound Blaster 1.0, 1.5, 2.0, Pro, Pro 2 and 16: the DSP, FM chips and, from the Pro on, a mixer.
///
/// - In a PC: sixteen ports from its base on, and the FM chips' ports at 388h.
///   2x0h-2x3h FM in stereo (Pro and later) or the C/MS chips (before), 2x4h-2x5h mixer, 2x6h DSP reset, 2x8h-2x9h FM, 2xAh, 2xCh, 2xEh, 2xFh DSP.
/// - Clock: those of the chips.
/// - Lines: one interrupt; the 16 chooses it, and its DMA channels, by mixer registers 80h and 81h.
/// - DMA: channel 0, 1 or 3, and 5, 6 or 7 for words of the 16. A channel that the machine lacks never answers.
/// - Source: [SBHPG] chapters 1 and 2 and appendix A.
/// - Assumption: edges of the fixed output filters, 3.8 kHz (1.0, 1.5) and 4.8 kHz (2.0), from recordings that others
///   made; the 16 filters at half its rate.
/// - Not implemented: the CD-ROM interfaces, the 16's MPU-401 and signal processor.
public final class SoundBlaster: PortDevice, LineListener, CreativeDSPBus, StepSource, StateChunk {
    /// An interrupt of the machine that the card can drive.
    public struct Interrupt {
        public var number: Int
        public var line: Line

        public init(number: Int, line: Line) { (self.number, self.line) = (number, line) }
    }

    public let settings: SoundBlasterSettings
    public let dsp: CreativeDSP
    /// Nil without one (1.0, 1.5, and 2.0 without CD interface).
    public let mixer: CreativeMixer?
    private let fm: SoundBlasterFM
    /// The chips of the Game Blaster, if they are in their sockets.
    public let musicSystem: CreativeMusicSystem?
    /// Told before the mixer chip is written.
    public weak var gainListener: (any SoundGainListener)?
    private let interrupts: [Interrupt]
    private let dma: DMABoard
    private let narrowLine = Line()
    private let wideLine = Line()
    private var narrowChannel: DMAChannel?
    private var wideChannel: DMAChannel?
    /// Words go through the 8-bit channel, byte by byte.
    private var isWideThroughNarrow = false
    /// The interrupt that the card drives; -1: none.
    private var irq: Int8 = -1

    /// - Parameters:
    ///   - interrupts: what the card's connector reaches; IRQ 2 is the line of IRQ 9 in an AT.
    ///   - slot: for the DSP.
    public init(settings: SoundBlasterSettings, interrupts: [Interrupt], dma: DMABoard, slot: EventSlot) {
        self.settings = settings
        self.interrupts = interrupts
        self.dma = dma
        dsp = CreativeDSP(
            version: settings.model.dspVersion, interrupt8: narrowLine, interrupt16: wideLine, slot: slot)
        fm = SoundBlasterFM(model: settings.model)
        musicSystem = settings.hasMusicSystem ? CreativeMusicSystem() : nil
        mixer = SoundBlaster.mixer(settings)
        dsp.bus = self
        narrowLine.connect(to: self, as: 0)
        wideLine.connect(to: self, as: 1)
        selectResources()
    }

    private static func mixer(_ settings: SoundBlasterSettings) -> CreativeMixer? {
        switch settings.model {
        case .sb10, .sb15: return nil
        case .sb20: return settings.hasCDInterface ? CreativeMixer(.ct1335) : nil
        case .pro, .pro2: return CreativeMixer(.ct1345)
        case .sb16:
            let interrupt = [2, 5, 7, 10].firstIndex(of: settings.irq).map { UInt8(1) << UInt8($0) } ?? 0
            var channels = settings.model.possibleDMA.contains(settings.dma) ? UInt8(1) << UInt8(settings.dma) : 0
            if let high = settings.highDMA, settings.model.possibleHighDMA.contains(high) {
                channels |= 1 << UInt8(high)
            }
            return CreativeMixer(.ct1745, interruptSelect: interrupt, dmaSelect: channels)
        }
    }

    public func attach(to ports: PortMap) {
        ports.attach(self, at: settings.base...(settings.base &+ 15))
        ports.attach(self, at: fm.hasFourPorts ? 0x388...0x38B : 0x388...0x389)
    }

    /// All that must be saved.
    public var chunks: [any StateChunk] {
        fm.chunks + (musicSystem?.chips ?? []) + [dsp] + (mixer.map { [$0] } ?? []) + [self]
    }

    // MARK: Ports

    private enum Target { case musicSystem, stereoFM, commonFM, mixer, dsp, nobody }

    private func target(_ port: UInt16) -> Target {
        if port & 0xFFFC == 0x388 { return .commonFM }
        switch port &- settings.base {
        case 0x0...0x3: return musicSystem == nil ? .stereoFM : .musicSystem
        case 0x4, 0x5: return mixer == nil ? .nobody : .mixer
        case 0x6, 0xA, 0xC, 0xE, 0xF: return .dsp
        case 0x8, 0x9: return .commonFM
        default: return .nobody
        }
    }

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 {
        target(port) == .dsp ? dsp.read(port &- settings.base, at: now) : peekPort(port, at: now)
    }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        switch target(port) {
        case .stereoFM: fm.readStereo(port, at: now)
        case .commonFM: fm.readCommon(commonPort(port), at: now)
        case .mixer: mixer?.read(port) ?? 0xFF
        case .dsp: dsp.peek(port &- settings.base, at: now)
        case .musicSystem, .nobody: 0xFF
        }
    }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        switch target(port) {
        case .musicSystem: musicSystem?.writePort(port &- settings.base, value, at: now)
        case .stereoFM: fm.writeStereo(port, value, at: now)
        case .commonFM: fm.writeCommon(commonPort(port), value, at: now)
        case .mixer: writeMixer(port, value, at: now)
        case .dsp: dsp.write(port &- settings.base, value, at: now)
        case .nobody: break
        }
    }

    /// At 2x8h and 2x9h an OPL3 shows its first bank.
    private func commonPort(_ port: UInt16) -> UInt16 { port & 0xFFFC == 0x388 ? port : port & 1 }

    private func writeMixer(_ port: UInt16, _ value: UInt8, at now: Tick) {
        guard let mixer else { return }
        dsp.advance(to: now)
        gainListener?.gainWillChange(at: now)
        mixer.write(port, value)
        dsp.setStereoOutput(mixer.isStereo, at: now)
        if mixer.model == .ct1745 {
            let before = Int(irq)
            selectResources()
            if before != Int(irq) {
                for interrupt in interrupts { interrupt.line.set(level(of: interrupt), at: now) }
            }
        }
    }

    // MARK: Interrupt and DMA

    private func selectResources() {
        var (number, channel, high) = (settings.irq as Int?, settings.dma as Int?, settings.highDMA)
        if let mixer, mixer.model == .ct1745 {
            (number, channel, high) = (mixer.selectedInterrupt, mixer.selectedDMA, mixer.selectedHighDMA)
        }
        irq = Int8(truncatingIfNeeded: number ?? -1)
        narrowChannel = channel.flatMap { dma.channel($0) }
        wideChannel = high.flatMap { dma.channel($0) }
        isWideThroughNarrow = high == nil
    }

    private var isInterruptPending: Bool { dsp.isInterrupt8Pending || dsp.isInterrupt16Pending }

    private func level(of interrupt: Interrupt) -> Bool { interrupt.number == Int(irq) && isInterruptPending }

    /// The DSP's two interrupts share the card's one.
    public func lineDidChange(_ line: Int, isAsserted: Bool, at now: Tick) {
        mixer?.setInterrupt(line == 0 ? 0b01 : 0b10, isAsserted)
        for interrupt in interrupts { interrupt.line.set(level(of: interrupt), at: now) }
    }

    public func readDMA(isWide: Bool) -> UInt16? {
        guard isWide else { return narrowChannel?.read()?.value }
        guard isWideThroughNarrow else { return wideChannel?.read()?.value }
        guard let low = narrowChannel?.read() else { return nil }
        return low.value | (narrowChannel?.read()?.value ?? 0xFF) << 8
    }

    public func writeDMA(_ value: UInt16, isWide: Bool) -> Bool {
        guard isWide else { return narrowChannel?.write(value & 0xFF) != nil }
        guard isWideThroughNarrow else { return wideChannel?.write(value) != nil }
        guard narrowChannel?.write(value & 0xFF) != nil else { return false }
        _ = narrowChannel?.write(value >> 8)
        return true
    }

    public func setDMARequest(_ isAsserted: Bool, isWide: Bool, at now: Tick) {
        (isWide && !isWideThroughNarrow ? wideChannel : narrowChannel)?.setRequest(isAsserted, at: now)
    }

    // MARK: Sound

    public var soundName: String { "sb" }
    public var levels: LevelTrace { dsp.levels }
    public func catchUpSound(to now: Tick) { dsp.advance(to: now) }
    /// The FM chips' sound.
    public var music: any SampledSource { fm }
    /// Its chips: one or two OPL2, left first, or an OPL3.
    public var fmChips: (opl2: [YamahaYM3812], opl3: YamahaYMF262?) { fm.all }
    public var voiceGain: StereoGain { mixer?.gain(of: .voice) ?? .unity }
    public var musicGain: StereoGain { mixer?.gain(of: .music) ?? .unity }

    /// The edge of the low-pass filter behind the converter, in hertz; nil: none.
    public var outputFilterHertz: Int? {
        switch settings.model {
        case .sb10, .sb15: 3_800
        case .sb20: 4_800
        case .pro, .pro2: mixer?.outputFilterHertz
        case .sb16: max(dsp.samplesPerSecond / 2, 2_000)
        }
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("SBLA") }
    public var chunkVersion: UInt16 { 1 }
    public func transfer(_ coder: StateCoder) { coder.field("irq", &irq) }

    public func stateDidRestore() {
        selectResources()
        for interrupt in interrupts { interrupt.line.restore(level(of: interrupt)) }
    }
}
