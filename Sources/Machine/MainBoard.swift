import Boards
import Chips
import Core
import Fonts
import X86

/// The chips of the main board and the display adapter, wired together.
///
/// PC and XT: 8259A, 8253, 8255 with the XT keyboard, 8237. AT: two 8259A, 8254, 8042 with the AT keyboard, MC146818,
/// two 8237, ports 61h and 92h. Interrupts: IRQ 0 timer, IRQ 1 keyboard, IRQ 8 clock, IRQ 12 PS/2 mouse. A serial mouse
/// has an 8250 at COM1 with IRQ 4.
final class MainBoard: InputSink, LineListener {
    let adapter: any DisplayAdapter
    let interrupts: InterruptControllerPair
    let timer: Intel8254
    let dma: DMABoard
    /// Nil on a PC or XT.
    let clock: MotorolaMC146818?
    private let keyboard: any KeyboardDevice
    private let mouse: (any MouseDevice)?
    private let pointer: AbsolutePointer?
    private let gamePort: GamePort?
    private let memory: GuestMemory
    /// In the order of a saved machine.
    private(set) var chunks: [any StateChunk]
    /// The main board has pulsed the processor's RESET line.
    private(set) var isResetRequested = false
    private let a20 = Line()
    private let reset = Line()
    /// Everything that makes sound.
    let sound: SoundCards
    let speakerData = Line()

    private enum OwnLine { static let a20 = 0, reset = 1 }

    /// - Parameter interrupt: the processor's INTR line.
    init(
        _ profile: MachineProfile, startTime: StartTime, memory: GuestMemory, ports: PortMap, scheduler: Scheduler,
        fonts: FontSet = .cp437, interrupt: Line
    ) {
        let isAT = profile.family == .at
        self.memory = memory
        MainBoard.layOutMemory(profile, memory)
        interrupts = InterruptControllerPair(hasSlave: isAT, output: interrupt)
        interrupts.attach(to: ports)
        let timerOutputs = [Line(), Line(), Line()]
        interrupts.connect(timerOutputs[0], toIRQ: 0)
        timer = Intel8254(
            variant: isAT ? .i8254 : .i8253, outputs: timerOutputs, slots: [scheduler.makeSlot("timer 0"), nil, nil])
        ports.attach(timer, at: 0x40...0x43)
        dma = DMABoard(
            isAT: isAT, memory: memory, slot: scheduler.makeSlot("dma"), clockPeriod: profile.dmaClockPeriod,
            refreshTimer: isAT ? nil : timer)
        dma.attach(to: ports)
        let cardInterrupts = CardInterrupts(isAT: isAT, interrupts: interrupts)
        let videoInterrupt = cardInterrupts.makeLine(irq: 2)
        adapter = profile.makeDisplayAdapter(memory, fonts: fonts, interrupt: videoInterrupt, scheduler)
        adapter.attach(to: ports)
        sound = SoundCards(
            profile.sound,
            SoundCards.Wiring(
                ports: ports, scheduler: scheduler, interrupts: cardInterrupts, dma: dma, timer: timer,
                speakerData: speakerData))
        gamePort = profile.hasGamePort ? GamePort() : nil
        gamePort?.attach(to: ports)
        chunks = interrupts.chunks + [timer, cardInterrupts] + dma.chunks + [adapter] + sound.chunks
        if let gamePort { chunks.append(gamePort) }

        let keyboardInterrupt = Line()
        let timerGate = Line()
        interrupts.connect(keyboardInterrupt, toIRQ: 1)
        timerGate.connect(to: timer, as: 2)
        let (repeating, testing) = (scheduler.makeSlot("keyboard repeat"), scheduler.makeSlot("keyboard test"))
        let arrival = scheduler.makeSlot("keyboard byte")
        guard isAT else {
            let keyboard = IBMXTKeyboard(typematicSlot: repeating, testSlot: testing)
            let peripherals = XTPeripherals(
                model: profile.family == .pc ? .pc : .xt, switches: profile.switches,
                expansionSwitches: profile.expansionSwitches, keyboard: keyboard, slot: arrival, timer: timer,
                keyboardInterrupt: keyboardInterrupt, timerGate: timerGate, speakerData: speakerData)
            peripherals.attach(to: ports)
            self.keyboard = keyboard
            clock = nil
            chunks += peripherals.chunks
            let connected = ConnectedMouse(profile, ports, scheduler, interrupts)
            (mouse, pointer) = (connected?.device, connected?.pointer)
            chunks += connected?.chunks ?? []
            return
        }

        let keyboard = IBMATKeyboard(typematicSlot: repeating, testSlot: testing)
        self.keyboard = keyboard
        let (auxiliaryInterrupt, clockInterrupt, nmiMask) = (Line(), Line(), Line())
        interrupts.connect(auxiliaryInterrupt, toIRQ: 12)
        interrupts.connect(clockInterrupt, toIRQ: 8)
        let a20Gate = OrGate(chunkID: ChunkID("A20G"), output: a20)
        let resetGate = OrGate(chunkID: ChunkID("RSTG"), output: reset)
        let a20Inputs = [Line(), Line()]
        let resetInputs = [Line(), Line()]
        for index in 0..<2 {
            a20Inputs[index].connect(to: a20Gate, as: index)
            resetInputs[index].connect(to: resetGate, as: index)
        }
        let clockSlot = scheduler.makeSlot("clock")
        let connected = ConnectedMouse(profile, ports, scheduler, interrupts)
        (mouse, pointer) = (connected?.device, connected?.pointer)
        let controller = Intel8042(
            keyboard: keyboard, auxiliary: connected?.device as? PS2Mouse, slot: arrival,
            keyboardInterrupt: keyboardInterrupt,
            auxiliaryInterrupt: auxiliaryInterrupt, a20: a20Inputs[0], reset: resetInputs[0],
            isMonochrome: profile.video.isMonochrome)
        // The board decodes 60h and 64h here, and 61h and 63h as port B.
        ports.attach(controller, at: 0x60...0x60)
        ports.attach(controller, at: 0x64...0x64)
        let portB = SystemControlPort(timer: timer, timerGate: timerGate, speakerData: speakerData)
        ports.attach(portB, at: 0x61...0x61)
        let portA = SystemControlPortA(a20: a20Inputs[1], reset: resetInputs[1])
        ports.attach(portA, at: 0x92...0x92)
        let clock = MotorolaMC146818(
            date: startTime.clockDate, interrupt: clockInterrupt, nmiMask: nmiMask, slot: clockSlot)
        profile.store(in: clock)
        ports.attach(clock, at: 0x70...0x71)
        self.clock = clock
        chunks += [keyboard, controller, portB, portA, a20Gate, resetGate, clock]
        chunks += connected?.chunks ?? []
        a20.connect(to: self, as: OwnLine.a20)
        reset.connect(to: self, as: OwnLine.reset)
    }

    /// RAM where there is memory, nothing above it, ROM at the top.
    private static func layOutMemory(_ profile: MachineProfile, _ memory: GuestMemory) {
        let top = profile.conventionalKilobytes * 1_024 / GuestMemory.pageSize * GuestMemory.pageSize
        let video = profile.video.memory
        let holes = [top..<video.lowerBound, video.upperBound..<0xF_0000]
        for hole in holes where !hole.isEmpty {
            memory.fill(hole, with: 0xFF)
            memory.route(hole, flags: .writeProtected)
        }
        memory.fill(0xF_0000..<0x10_0000, with: 0xFF)
        memory.route(0xF_0000..<0x10_0000, flags: .writeProtected)
    }

    func receive(_ event: InputEvent, at now: Tick) {
        switch event {
        case .key(let code, let isDown): keyboard.key(code, isDown: isDown, at: now)
        case .mouseMove(let dx, let dy): pointer?.move(dx: dx, dy: dy, at: now)
        case .mouseButtons(let buttons): pointer?.setButtons(buttons, at: now)
        case .mousePosition(let x, let y): pointer?.move(toX: x, y: y, at: now)
        case .joystickAxis(let axis, let position):
            gamePort?.setAxis(Int(axis), ohms: position.map(GamePort.ohms), at: now)
        case .joystickButton(let button, let isDown): gamePort?.setButton(Int(button), isPressed: isDown, at: now)
        }
    }

    func lineDidChange(_ line: Int, isAsserted: Bool, at now: Tick) {
        switch line {
        case OwnLine.a20: memory.setA20(isAsserted)
        default: isResetRequested = isResetRequested || isAsserted
        }
    }

    func takeResetRequest() -> Bool {
        defer { isResetRequested = false }
        return isResetRequested
    }
}

extension VideoKind {
    /// Where the adapter's memory is seen, at the most.
    var memory: Range<Int> {
        switch self {
        case .mda: 0xB_0000..<0xB_1000
        case .hercules, .herculesPlus: 0xB_0000..<0xC_0000
        case .cga: 0xB_8000..<0xB_C000
        case .tandy, .pcjr: 0xB_8000..<0xC_0000
        case .ega, .vga: 0xA_0000..<0xC_0000
        }
    }
}

extension StartTime {
    var clockDate: ClockDate {
        ClockDate(year: year, month: month, day: day, hour: hour, minute: minute, second: second)
    }
}

extension MachineProfile {
    /// Of the DMA controllers: the PC's have the processor's clock of 4.77 MHz, the AT's half of it, 4 MHz at 8 MHz. Faster
    /// machines keep to these, as their slots do.
    var dmaClockPeriod: Tick {
        family == .at ? max(clockPeriod * 2, Tick(Tick.perSecond / 4_000_000)) : max(clockPeriod, ClockPeriod.ibmPC)
    }

    /// SW1 of the PC and XT: display, memory on the board, coprocessor, no diskette drives.
    var switches: UInt8 {
        // An EGA or a VGA has a BIOS of its own: no display on the board's account.
        let display: UInt8 =
            switch video {
            case .mda, .hercules, .herculesPlus: 0b0011_0000
            case .cga, .tandy, .pcjr: 0b0010_0000
            case .ega, .vga: 0
            }
        return display | 0b0000_1100 | (hasCoprocessor ? 0b0000_0010 : 0)
    }

    /// SW2 of the PC: memory beyond 64 KB, in 32 KB.
    var expansionSwitches: UInt8 { UInt8(truncatingIfNeeded: max(0, conventionalKilobytes - 64) / 32) & 0x1F }

    /// The set-up that an AT keeps in its CMOS memory. Source: IBM PC/AT Technical Reference, "CMOS RAM address map".
    func store(in clock: MotorolaMC146818) {
        func word(_ value: Int, at index: Int) {
            clock.store(UInt8(truncatingIfNeeded: value), at: index)
            clock.store(UInt8(truncatingIfNeeded: value >> 8), at: index + 1)
        }
        clock.store((video.isMonochrome ? 0b0011_0000 : 0b0000_0000) | (hasCoprocessor ? 0b0000_0010 : 0), at: 0x14)
        word(conventionalKilobytes, at: 0x15)
        word(extendedKilobytes, at: 0x17)
        word(extendedKilobytes, at: 0x30)
        clock.store(0x19, at: 0x32)
        clock.updateChecksum()
    }
}
