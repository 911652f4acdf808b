import BIOS
import Boards
import Chips
import Core
import X86
import X86Fast

/// A machine with a processor and the chips that the BIOS programs, for what only a whole machine shows.
final class ChipMachine: ProcessorBus, LineListener {
    let memory: GuestMemory
    let scheduler = Scheduler()
    let ports = PortMap()
    let streams = StandardStreams()
    let bios: BIOSService
    private(set) var processor: (any ProcessorEngine)?
    let interrupts: InterruptControllerPair
    let timer: Intel8254
    let adapter: any DisplayAdapter
    let atKeyboard: IBMATKeyboard?
    let xtPeripherals: XTPeripherals?
    let clock: MotorolaMC146818?
    let mouse: (any MouseDevice)?
    let pointer: AbsolutePointer?
    /// What a test saves and restores besides processor and memory.
    private(set) var chunks: [any StateChunk] = []
    /// IRQ 5, for interrupts that nobody expects.
    let spareRequest = Line()
    private let lines: [Line]
    private let parts: [AnyObject]
    private var limit = Tick.never
    private(set) var exitStatus: UInt8?

    init(_ configuration: BIOSConfiguration = BIOSConfiguration(extendedKilobytes: 1_024)) {
        let isAT = configuration.machine == .at
        memory = GuestMemory(extendedKilobytes: configuration.extendedKilobytes)
        let interruptRequest = Line()
        interrupts = InterruptControllerPair(hasSlave: isAT, output: interruptRequest)
        let (timerRequest, keyboardRequest, clockRequest) = (Line(), Line(), Line())
        let mouseRequest = Line()
        timer = Intel8254(
            variant: isAT ? .i8254 : .i8253, outputs: [timerRequest, Line(), Line()],
            slots: [scheduler.makeSlot("timer"), nil, nil])
        let (gate, speaker, a20, reset) = (Line(), Line(), Line(), Line())
        gate.connect(to: timer, as: 2)
        let (typematic, test, arrival) = (
            scheduler.makeSlot("typematic"), scheduler.makeSlot("test"), scheduler.makeSlot("arrival")
        )
        if isAT {
            let keyboard = IBMATKeyboard(typematicSlot: typematic, testSlot: test)
            let mouse =
                configuration.mouse == .ps2
                ? PS2Mouse(sampleSlot: scheduler.makeSlot("sample"), testSlot: scheduler.makeSlot("mouse test")) : nil
            let controller = Intel8042(
                keyboard: keyboard, auxiliary: mouse, slot: arrival, keyboardInterrupt: keyboardRequest,
                auxiliaryInterrupt: mouseRequest, a20: a20, reset: reset)
            let clock = MotorolaMC146818(
                date: ClockDate(year: 1990, month: 1, day: 1, hour: 12), interrupt: clockRequest, nmiMask: Line(),
                slot: scheduler.makeSlot("clock"))
            let control = SystemControlPort(timer: timer, timerGate: gate, speakerData: speaker)
            ports.attach(controller, at: 0x60...0x60)
            ports.attach(controller, at: 0x64...0x64)
            ports.attach(clock, at: 0x70...0x71)
            control.attach(to: ports)
            parts = [controller, control]
            chunks = [controller] + (mouse.map { [$0] } ?? [])
            self.mouse = mouse
            (atKeyboard, xtPeripherals, self.clock) = (keyboard, nil, clock)
        } else {
            let keyboard = IBMXTKeyboard(typematicSlot: typematic, testSlot: test)
            let peripherals = XTPeripherals(
                model: .xt, switches: 0x2D, keyboard: keyboard, slot: arrival, timer: timer,
                keyboardInterrupt: keyboardRequest, timerGate: gate, speakerData: speaker)
            peripherals.attach(to: ports)
            let mouse = configuration.mouse == .serial ? SerialMouse(slot: scheduler.makeSlot("mouse")) : nil
            let port = NS8250(slot: scheduler.makeSlot("COM1"), interrupt: mouseRequest, device: mouse)
            if mouse != nil { ports.attach(port, at: 0x3F8...0x3FF) }
            parts = [port]
            chunks = [port] + (mouse.map { [$0] } ?? [])
            self.mouse = mouse
            (atKeyboard, xtPeripherals, clock) = (nil, peripherals, nil)
        }
        adapter =
            switch configuration.video {
            case .mda: CRTCAdapter(kind: .mda, memory: memory)
            case .hercules: CRTCAdapter(kind: .hercules, memory: memory)
            case .cga: CRTCAdapter(kind: .cga, memory: memory)
            case .tandy: CRTCAdapter(kind: .tandy, memory: memory)
            case .pcjr: CRTCAdapter(kind: .pcjr, memory: memory)
            case .ega: VGAAdapter(variant: .ega(EGAFitting()), memory: memory)
            case .vga: VGAAdapter(variant: configuration.hasVideoExtension ? .superVGA : .vga, memory: memory)
            }
        adapter.attach(to: ports)
        ports.attach(timer, at: 0x40...0x43)
        interrupts.attach(to: ports)
        interrupts.connect(timerRequest, toIRQ: 0)
        interrupts.connect(keyboardRequest, toIRQ: 1)
        interrupts.connect(spareRequest, toIRQ: 5)
        interrupts.connect(clockRequest, toIRQ: 8)
        interrupts.connect(mouseRequest, toIRQ: isAT ? 12 : 4)
        pointer = mouse.map { AbsolutePointer(mouse: $0) }
        if let pointer { ports.attach(pointer, at: AbsolutePointer.ports) }
        lines = [
            interruptRequest, timerRequest, keyboardRequest, clockRequest, mouseRequest, gate, speaker, a20, reset,
        ]
        bios = BIOSService(configuration: configuration, streams: streams)
        bios.install(in: ServiceROM(memory: memory))
        chunks += [bios, scheduler, memory, timer, adapter] + interrupts.chunks + (pointer.map { [$0] } ?? [])
        let processor = FastProcessor(
            model: isAT ? .i80286 : .i8088, clockPeriod: configuration.processorClock, memory: memory, bus: self)
        self.processor = processor
        memory.connect(processor)
        interruptRequest.connect(to: self, as: 0)
        processor.registers.stackPointer = FarPointer(0x0F00, 0x0800)
        context = ServiceContext(cpu: processor.registers, memory: memory, ports: ports, timeSource: processor)
        bios.powerOn(in: makeContext(processor))
    }

    private var context: ServiceContext?

    private func makeContext(_ processor: any ProcessorEngine) -> ServiceContext {
        if let context { return context }
        let made = ServiceContext(cpu: processor.registers, memory: memory, ports: ports, timeSource: processor)
        context = made
        return made
    }

    // MARK: ProcessorBus

    var deadline: Tick { min(limit, scheduler.nextDeadline) }
    func readPort8(_ port: UInt16, at now: Tick) -> UInt8 { ports.read8(port, at: now) }
    func readPort16(_ port: UInt16, at now: Tick) -> UInt16 { ports.read16(port, at: now) }
    func writePort8(_ port: UInt16, _ value: UInt8, at now: Tick) { ports.write8(port, value, at: now) }
    func writePort16(_ port: UInt16, _ value: UInt16, at now: Tick) { ports.write16(port, value, at: now) }
    func acknowledgeInterrupt(at now: Tick) -> UInt8 { interrupts.acknowledge(at: now) }

    func lineDidChange(_ line: Int, isAsserted: Bool, at now: Tick) {
        processor?.registers.state.pointee.isInterruptRequested = isAsserted
    }

    // MARK: Running

    var now: Tick { processor?.now ?? .zero }
    var data: BDA { BDA(memory: memory) }

    func load(_ program: [UInt8], at place: FarPointer = FarPointer(0x1000, 0x0100)) {
        memory.writeBytes(place, program)
        processor?.registers.state.pointee.isHalted = false
        processor?.registers.codePointer = place
        processor?.registers.ds = place.segment
        processor?.registers.es = place.segment
    }

    func key(_ code: UInt16, isDown: Bool) {
        atKeyboard?.key(code, isDown: isDown, at: now)
        xtPeripherals?.keyboard.key(code, isDown: isDown, at: now)
    }

    /// Presses and releases keys, 10 ms each.
    func type(_ codes: UInt16...) {
        for code in codes {
            key(code, isDown: true)
            run(for: .milliseconds(10))
            key(code, isDown: false)
            run(for: .milliseconds(10))
        }
    }

    /// Runs for `duration`, or until the program halts for ever or leaves.
    func run(for duration: Tick) {
        guard let processor, let context, exitStatus == nil else { return }
        limit = now + duration
        while processor.now < limit, exitStatus == nil {
            switch processor.run() {
            case .deadline: break
            case .halted:
                if deadline == .never { return }
                if processor.registers.flags & Flag.interrupt == 0 { return }
                processor.skip(to: deadline)
            case .serviceTrap(let number):
                let cpu = processor.registers
                let trap = FarPointer(cpu.cs, cpu.ip &- 4)
                context.begin(trapAt: trap)
                let outcome = bios.handle(number.entry, in: context)
                processor.skip(to: processor.now + context.cost)
                context.cost = .zero
                apply(outcome, trap, context)
            case .shutdown: return
            }
            scheduler.deliver(through: processor.now)
        }
    }

    private func apply(_ outcome: ServiceOutcome, _ trap: FarPointer, _ context: ServiceContext) {
        let cpu = context.cpu
        switch outcome {
        case .done: cpu.codePointer = trap + ServiceROM.doneOffset
        case .wait: cpu.codePointer = trap + ServiceROM.waitOffset
        case .resume: break
        case .callInterrupt(let number, let back):
            context.push(cpu.flags)
            context.push(back.segment)
            context.push(back.offset)
            cpu.flags &= ~(Flag.interrupt | Flag.trap)
            cpu.codePointer = memory.vector(number)
        case .callFar(let target, let back):
            context.push(back.segment)
            context.push(back.offset)
            cpu.codePointer = target
        case .hostInput: exitStatus = 255
        case .exit(let status): exitStatus = status
        case .stop: exitStatus = 255
        }
    }

    func screenLine(_ row: Int) -> String {
        adapter.textScreen(at: now)?.line(row) ?? "(no text)"
    }
}
