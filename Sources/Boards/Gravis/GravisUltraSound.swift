import Chips
import Core

/// Advanced Gravis UltraSound, revision 3.4: a GF1 with its memory, a MIDI port, and latches that choose interrupts and
/// DMA channels.
///
/// - In a PC: 2X0h-2XFh and 3X0h-3X7h.
///   2X0h mix control, 2X6h interrupt status, 2X8h-2X9h timers as the AdLib has them, 2XAh what was written to 2X8h,
///   2XBh a latch, 2XFh which one; 3X0h-3X1h MIDI, 3X2h-3X5h and 3X7h GF1.
/// - Lines: one interrupt for the GF1 and one for the MIDI port, or one for both. Nothing is driven before mix control has
///   switched the latches on.
/// - DMA: a channel for the GF1's memory and one for recording, or one for both.
/// - Source: [GUSSDK] 2.1 to 2.16; [RBIL] ports 0240h and 0340h.
/// - Assumption: a write to a latch is lost if another port of the card was written since mix control; 2XFh reads what
///   was written to it.
/// - Not implemented: the switch of the joystick port, the inputs and their mixing, the ICS-2101 mixer of revision 3.7,
///   the codec of the UltraMax.
public final class GravisUltraSound: PortDevice, LineListener, DMAListener, GravisGF1Bus, StateChunk {
    /// An interrupt of the machine that the card can drive.
    public typealias Interrupt = (number: Int, line: Line)

    public let settings: GravisSettings
    public let synthesizer: GravisGF1
    public let midi: Motorola6850
    private let interrupts: [Interrupt]
    private let dma: DMABoard
    private let synthesizerLine = Line()
    private let midiLine = Line()
    /// What the latches have chosen, nil while they are off.
    private var channels: (memory: DMAChannel?, recording: DMAChannel?)
    /// The channels whose request is asserted, by the bit of their number.
    private var requests: UInt8 = 0

    // The registers of the board.
    private var mixControl: UInt8 = 0
    private var interruptLatch: UInt8 = 0
    private var dmaLatch: UInt8 = 0
    /// Mix control was the last port of the card that was written.
    private var isLatchOpen = false
    /// 2XFh.
    private var bank: UInt8 = 0
    /// Bit 1: the MIDI port answers; bit 2: the joystick port.
    private var jumpers: UInt8 = 0b0000_0110
    /// 2X8h.
    private var timerRegister: UInt8 = 0

    /// - Parameters:
    ///   - interrupts: what the card's connector reaches; IRQ 2 is the line of IRQ 9 in an AT.
    ///   - slots: for the GF1 and for the MIDI port.
    public init(
        settings: GravisSettings, interrupts: [Interrupt], dma: DMABoard,
        slots: (synthesizer: EventSlot, midi: EventSlot)
    ) {
        self.settings = settings
        self.interrupts = interrupts
        self.dma = dma
        synthesizer = GravisGF1(kilobytes: settings.kilobytes, interrupt: synthesizerLine, slot: slots.synthesizer)
        midi = Motorola6850(interrupt: midiLine, slot: slots.midi)
        synthesizer.bus = self
        synthesizerLine.connect(to: self, as: 0)
        midiLine.connect(to: self, as: 1)
        dma.add(self)
    }

    public func attach(to ports: PortMap) {
        ports.attach(self, at: settings.base...(settings.base &+ 15))
        ports.attach(self, at: (settings.base &+ 0x100)...(settings.base &+ 0x107))
    }

    /// All that must be saved.
    public var chunks: [any StateChunk] { [synthesizer, midi, self] }

    /// Brings the card to where its set-up program leaves it: running, with the latches set to the jumpers' values.
    /// Source: [GUSSDK] 2.13 to 2.16, 7.2.
    public func setUp(at now: Tick) {
        func write(_ offset: UInt16, _ value: UInt8) { writePort(settings.base &+ offset, value, at: now) }
        for (mix, latch) in [(0x00, settings.dmaLatch), (0x40, settings.interruptLatch)] as [(UInt8, UInt8)] {
            write(0x00, mix)
            write(0x0B, latch)
        }
        // No line in; line out, latches on.
        write(0x00, 0b0000_1001)
        write(0x103, 0x4C)
        for value: UInt8 in [0, 1] { write(0x105, value) }
    }

    // MARK: Ports

    private var hasMIDIPorts: Bool { jumpers & 0b0000_0010 != 0 }

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 {
        let offset = port &- settings.base
        switch offset {
        case 0x100, 0x101: return hasMIDIPorts ? midi.read(offset & 1, at: now) : 0xFF
        case 0x102...0x107: return synthesizer.read(offset & 7 &- 2, at: now)
        default: return peekPort(port, at: now)
        }
    }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        let offset = port &- settings.base
        switch offset {
        case 0x6:
            return synthesizer.interruptStatus(at: now) | (midi.isTransmitInterrupt ? 0b0000_0001 : 0)
                | (midi.isReceiveInterrupt ? 0b0000_0010 : 0)
        case 0x8: return synthesizer.readTimerStatus(at: now)
        case 0xA: return timerRegister
        case 0xB: return bank == 6 ? jumpers : 0xFF
        case 0xF: return bank
        case 0x100, 0x101: return hasMIDIPorts ? midi.peek(offset & 1) : 0xFF
        case 0x102...0x107: return synthesizer.peek(offset & 7 &- 2, at: now)
        default: return 0xFF
        }
    }

    public func readPort16(_ port: UInt16, at now: Tick) -> UInt16 {
        let offset = port &- settings.base
        if offset == 0x104 { return synthesizer.readData16(at: now) }
        return UInt16(readPort(port, at: now)) | UInt16(readPort(port &+ 1, at: now)) << 8
    }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        let offset = port &- settings.base
        let wasLatchOpen = isLatchOpen
        isLatchOpen = offset == 0
        switch offset {
        case 0x0: writeMixControl(value, at: now)
        case 0x8: timerRegister = value
        case 0x9: if timerRegister == 4 { synthesizer.writeTimerControl(value, at: now) }
        case 0xB: writeLatch(value, isOpen: wasLatchOpen, at: now)
        case 0xF: bank = value
        case 0x100, 0x101: if hasMIDIPorts { midi.write(offset & 1, value, at: now) }
        case 0x102...0x107: synthesizer.write(offset & 7 &- 2, value, at: now)
        default: break
        }
    }

    public func writePort16(_ port: UInt16, _ value: UInt16, at now: Tick) {
        let offset = port &- settings.base
        guard offset == 0x104 else {
            writePort(port, UInt8(truncatingIfNeeded: value), at: now)
            return writePort(port &+ 1, UInt8(value >> 8), at: now)
        }
        isLatchOpen = false
        synthesizer.writeData16(value, at: now)
    }

    // MARK: The board's registers

    private func writeMixControl(_ value: UInt8, at now: Tick) {
        // What is due goes through the channels that there were.
        synthesizer.setLineOut(value & 0b0000_0010 == 0, at: now)
        mixControl = value
        midi.isLoopedBack = value & 0b0010_0000 != 0
        driveInterrupts(at: now)
        changeChannels(at: now)
    }

    /// Port 2XBh: the latch that bit 6 of mix control says, or a register of bank 2XFh.
    private func writeLatch(_ value: UInt8, isOpen: Bool, at now: Tick) {
        switch bank {
        case 0 where isOpen && mixControl & 0b0100_0000 != 0:
            interruptLatch = value
            driveInterrupts(at: now)
        case 0 where isOpen:
            synthesizer.advance(to: now)
            dmaLatch = value
            changeChannels(at: now)
        case 6: jumpers = value & 0b0000_0110
        default: break
        }
    }

    // MARK: Interrupts

    private var isDriving: Bool { mixControl & 0b0000_1000 != 0 }
    private var sharesInterrupt: Bool { interruptLatch & 0b0100_0000 != 0 || mixControl & 0b0001_0000 != 0 }

    private func level(of interrupt: Interrupt) -> Bool {
        func isChosen(_ shift: UInt8) -> Bool {
            let choice = Int(interruptLatch >> shift & 7)
            return choice != 0 && GravisSettings.possibleInterrupts[choice - 1] == interrupt.number
        }
        guard isDriving else { return false }
        return synthesizerLine.isAsserted && isChosen(0)
            || midiLine.isAsserted && (sharesInterrupt ? isChosen(0) : isChosen(3))
    }

    private func driveInterrupts(at now: Tick) {
        for interrupt in interrupts { interrupt.line.set(level(of: interrupt), at: now) }
    }

    public func lineDidChange(_ line: Int, isAsserted: Bool, at now: Tick) { driveInterrupts(at: now) }

    // MARK: DMA

    private func selectChannels() {
        func channel(_ choice: UInt8) -> DMAChannel? {
            let index = Int(choice & 7) - 1
            guard isDriving, GravisSettings.possibleDMA.indices.contains(index) else { return nil }
            return dma.channel(GravisSettings.possibleDMA[index])
        }
        channels.memory = channel(dmaLatch)
        channels.recording = channel(dmaLatch & 0b0100_0000 != 0 ? dmaLatch : dmaLatch >> 3)
    }

    private func changeChannels(at now: Tick) {
        selectChannels()
        requestsDidChange(at: now)
        synthesizer.channelsDidChange(at: now)
    }

    public func channelDidOpen(_ number: Int, at now: Tick) {
        guard number == channels.memory?.number || number == channels.recording?.number else { return }
        synthesizer.channelsDidChange(at: now)
    }

    private func channel(_ path: GravisGF1.DMAPath) -> DMAChannel? {
        path == .memory ? channels.memory : channels.recording
    }

    public func transfersLeft(_ path: GravisGF1.DMAPath) -> Int {
        channel(path).map { $0.isEnabled ? $0.remaining : 0 } ?? 0
    }

    public func readDMA(_ path: GravisGF1.DMAPath, into values: UnsafeMutableBufferPointer<UInt16>) -> Bool {
        channel(path)?.read(into: values) ?? false
    }

    public func writeDMA(_ path: GravisGF1.DMAPath, from values: UnsafeBufferPointer<UInt16>) -> Bool {
        channel(path)?.write(values) ?? false
    }

    public func isWide(_ path: GravisGF1.DMAPath) -> Bool { channel(path)?.isWide ?? false }

    /// A channel that both paths share has the request of either.
    private var wantedRequests: UInt8 {
        func bit(_ path: GravisGF1.DMAPath) -> UInt8 {
            guard synthesizer.isRequesting(path), let channel = channel(path) else { return 0 }
            return 1 << UInt8(channel.number)
        }
        return bit(.memory) | bit(.recording)
    }

    public func requestsDidChange(at now: Tick) {
        let changes = wantedRequests ^ requests
        requests ^= changes
        for number in GravisSettings.possibleDMA where changes >> UInt8(number) & 1 != 0 {
            dma.channel(number)?.setRequest(requests >> UInt8(number) & 1 != 0, at: now)
        }
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("GRAV") }
    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) {
        coder.field("mixControl", &mixControl)
        coder.field("interruptLatch", &interruptLatch)
        coder.field("dmaLatch", &dmaLatch)
        coder.field("isLatchOpen", &isLatchOpen)
        coder.field("bank", &bank)
        coder.field("jumpers", &jumpers)
        coder.field("timerRegister", &timerRegister)
    }

    public func stateDidRestore() {
        midi.isLoopedBack = mixControl & 0b0010_0000 != 0
        selectChannels()
        requests = wantedRequests
        for interrupt in interrupts { interrupt.line.restore(level(of: interrupt)) }
    }
}
