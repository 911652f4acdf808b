import BIOS
import Boards
import Chips
import Core
import DOS
import Storage
import X86
import X86Exact
import X86Fast

/// A whole PC: processor, memory, chips, adapters and services around one clock.
///
/// It runs on one thread and is never entered by another; it knows no host. Input comes in through `input` and
/// `streams`, pictures go out through `textScreen`.
public final class PersonalComputer {
    public let configuration: MachineConfiguration
    /// Keys and mouse, stamped with emulated time.
    public let input: InputQueue
    /// Standard input and output, when the program is a filter.
    public let streams: StandardStreams

    let scheduler = Scheduler()
    let memory: GuestMemory
    let ports = PortMap()
    let bus: MachineBus
    let engine: any ProcessorEngine
    let context: ServiceContext
    let board: MainBoard
    /// The 8087 or 80287, if the profile has one.
    let socket: CoprocessorSocket?
    let bios: BIOSService
    let dos: DOSKernel
    let shell: CommandShell
    let idleDetector = IdleDetector()
    /// Drive Z.
    let systemDrive: MemoryVolume
    let status = MachineStatus()
    /// While somebody listens.
    var mixer: Mixer?
    var volumes: SoundVolumes
    private let interruptLine = Line()
    private let nmiLine = Line()
    private var services: [(any Service)?]
    private var ownNotices: [MachineNotice] = []
    private var watch = DMAWatch()
    private var hasNotedProtectedMode = false

    /// Wires the machine and starts DOS: after this it is before the first instruction of the command interpreter.
    public init(_ configuration: MachineConfiguration) {
        self.configuration = configuration
        volumes = configuration.soundVolumes
        let profile = configuration.profile
        let streams = StandardStreams()
        self.streams = streams
        memory = GuestMemory(extendedKilobytes: profile.family == .at ? profile.extendedKilobytes : 0)
        bus = MachineBus(ports: ports, scheduler: scheduler, idleDetector: idleDetector)
        input = InputQueue(slot: scheduler.makeSlot("input"))
        board = MainBoard(
            profile, startTime: configuration.startTime, memory: memory, ports: ports, scheduler: scheduler,
            fonts: configuration.fonts, interrupt: interruptLine)
        socket =
            profile.hasCoprocessor
            ? CoprocessorSocket(
                profile, ports: ports, scheduler: scheduler, interrupts: board.interrupts, nmi: nmiLine) : nil
        engine = PersonalComputer.engine(profile, memory, bus, coprocessor: socket?.chip)
        context = ServiceContext(cpu: engine.registers, memory: memory, ports: ports, timeSource: engine)
        bios = BIOSService(configuration: configuration.bios, streams: streams)
        shell = CommandShell(configuration: configuration.shell)
        PersonalComputer.place(configuration.videoROM, memory)
        let rom = ServiceROM(memory: memory)
        bios.install(in: rom)
        shell.install(in: rom)
        systemDrive = configuration.makeSystemDrive(shell.systemFiles() + Demonstration.files)
        dos = DOSKernel(configuration: configuration.dos(systemDrive: systemDrive), streams: streams)
        dos.install(in: rom)
        services = [nil, bios, dos, shell]
        engine.fixedInstructionClocks = configuration.fixedInstructionClocks
        connect()
    }

    private static func engine(
        _ profile: MachineProfile, _ memory: GuestMemory, _ bus: MachineBus, coprocessor: (any Coprocessor)?
    ) -> any ProcessorEngine {
        switch (profile.engine, profile.model) {
        case (.exact, .i8088), (.exact, .i8086):
            let processor = ExactProcessor8086(
                model: profile.model, clockPeriod: profile.clockPeriod, memory: memory, bus: bus,
                coprocessor: coprocessor)
            if profile.family != .at { processor.setPortWaitStates(PersonalComputer.portWaitStates) }
            return processor
        case (.exact, .i80286):
            let processor = ExactProcessor80286(
                clockPeriod: profile.clockPeriod, memory: memory, bus: bus, coprocessor: coprocessor)
            processor.waitStates = (memory: 1, port: 1)
            processor.narrowBus = .slots(clockPeriod: profile.clockPeriod)
            return processor
        case (.exact, .i80186), (.fast, _):
            return FastProcessor(
                model: profile.model, clockPeriod: profile.clockPeriod, memory: memory, bus: bus,
                coprocessor: coprocessor)
        }
    }

    /// The PC's wait-state logic adds one clock to every port access.
    ///
    /// Source: [PCTR] the wait-state generator.
    private static let portWaitStates: UInt8 = 1

    /// Makes the host's standard input and output the program's. Before the first `run`.
    public func attachStreams(_ sink: any StreamSink) { streams.attach(sink) }

    private func connect() {
        memory.connect(engine)
        bus.processor = engine.registers
        bus.interrupts = board.interrupts
        connectExact()
        interruptLine.connect(to: bus, as: MachineBus.Input.interrupt)
        nmiLine.connect(to: bus, as: MachineBus.Input.nmi)
        input.connect(board)
        dos.connect(bios)
        bios.observer = self
        bios.bootHandler = self
    }

    /// What only the exact engines want to know: when memory is refreshed, and when the display's is free.
    private func connectExact() {
        let profile = configuration.profile
        if let processor = engine as? ExactProcessor8086 {
            for addresses in profile.sharedMemory {
                processor.setSharedMemory(board.adapter.sharedMemory, in: addresses)
            }
            // The PCjr's memory is refreshed by the beam that shows it.
            guard profile.family != .at, profile.video != .pcjr else { return }
            bus.refresh = MemoryRefresh(timer: board.timer, dma: board.dma, processor: processor)
        } else if let processor = engine as? ExactProcessor80286 {
            // The last are the window of a card; the AT has no display in its own memory.
            if let window = profile.sharedMemory.last {
                processor.setSharedMemory(
                    board.adapter.sharedMemory, in: UInt32(window.lowerBound)..<UInt32(window.upperBound))
            }
            if profile.family == .at {
                bus.refresh = MemoryRefresh(timer: board.timer, dma: board.dma, processor: processor)
            }
        }
    }

    /// Power-on: the BIOS prepares the chips, and DOS starts its first process.
    private func powerOn() {
        status.isPoweredOn = true
        guard configuration.videoROM.isEmpty else {
            // The ROM's code runs before DOS starts, so the processor begins where a reset leads.
            status.isBooting = true
            engine.registers.codePointer = FarPointer(0xFFFF, 0x0000)
            return
        }
        bios.powerOn(in: context)
        if let reason = startSystem() { status.ending = .stopped(reason: reason) }
    }

    /// Returns why DOS cannot start.
    private func startSystem() -> String? {
        board.sound.setUp(at: engine.now)
        // Services reach the timer without the bus.
        bus.refresh?.didChange(at: engine.now)
        do throws(DOSError) {
            try dos.boot(in: context)
            bios.loadMouseDriver(in: context)
            return nil
        } catch {
            return "DOS cannot start its first program: \(error)"
        }
    }

    /// Puts an option ROM at C0000h, up to 64 KB of it.
    private static func place(_ videoROM: [UInt8], _ memory: GuestMemory) {
        for (offset, byte) in videoROM.prefix(0x1_0000).enumerated() { memory.physical[0xC_0000 + offset] = byte }
    }

    public var now: Tick { engine.now }

    /// What the screen shows; nil in a graphics mode.
    public func textScreen() -> TextScreen? {
        var screen = board.adapter.textScreen(at: now)
        screen?.codePage = configuration.codePage
        return screen
    }

    /// Whether somebody looks at pictures. Off at first: then nothing is drawn. The machine runs the same either way.
    public var isPictureWatched: Bool {
        get { board.adapter.isWatched }
        set { board.adapter.isWatched = newValue }
    }

    /// When the beam has drawn the present frame. A front end runs the machine until then and takes the frame.
    public var frameEnd: Tick { board.adapter.frameEnd(after: now) }

    /// The last complete frame; nil if the adapter cannot draw.
    public func frame() -> Frame? { board.adapter.frame(at: now) }

    /// The picture of a machine that has stopped: all of it as registers and memory are now.
    public func still() -> Frame? { board.adapter.still(at: now) }

    /// Whether the program uses a mouse, as far as the BIOS and its mouse driver know.
    public var isMouseInUse: Bool { bios.isMouseInUse(at: now) }

    /// Whether the processor is halted or a program polls in a loop.
    public var isWaiting: Bool { idleDetector.isIdle || engine.registers.state.pointee.isHalted }

    /// Whether an interrupt ends the processor's halt.
    private var isInterruptDue: Bool {
        let state = engine.registers.state.pointee
        return state.isInterruptRequested && state.flags & Flag.interrupt != 0
    }

    /// Until when nothing happens in the machine unless input comes; nil if it has something to do.
    public var restsUntil: Tick? {
        guard status.isPoweredOn, status.ending == nil, isWaiting, !isInterruptDue, scheduler.nextDeadline > now else {
            return nil
        }
        return scheduler.nextDeadline
    }

    /// Lines for the log: what programs asked for that is not there. Each is given once.
    public func takeNotices() -> [MachineNotice] {
        defer { ownNotices = [] }
        let state = engine.registers.state.pointee
        if state.hasRequestedProtectedMode && !hasNotedProtectedMode {
            hasNotedProtectedMode = true
            let place = FarPointer(state.requestSegment, state.requestOffset)
            ownNotices.append(
                MachineNotice(
                    "the program enters protected mode at \(place), which is not available; it stays in real mode"))
        }
        return ownNotices + watch.look(at: board.dma.waitingChannels, now: now)
            + dos.takeNotices().map { MachineNotice($0) }
    }

    // MARK: Running

    /// Runs until emulated time reaches `limit`, or something else comes first. An instruction is never cut, so time
    /// may pass the limit by one instruction.
    public func run(until limit: Tick) -> MachineStop {
        if !status.isPoweredOn { powerOn() }
        return runListening(until: limit)
    }

    /// Runs until `limit` without drawing sound.
    func advance(until limit: Tick) -> MachineStop {
        if let ending = status.ending { return ending }
        if isWaiting && !sleep(until: limit) {
            return engine.now < limit ? .waiting(until: scheduler.nextDeadline) : .deadline
        }
        while true {
            scheduler.deliver(through: engine.now)
            guard engine.now < limit else { return .deadline }
            if board.dma.holdsBus {
                engine.skip(to: min(scheduler.nextDeadline, limit))
                continue
            }
            bus.limit = limit
            let reason = engine.run()
            if board.takeResetRequest() { return finish(restart()) }
            switch reason {
            case .deadline:
                continue
            case .serviceTrap(let trap):
                let stop = serve(trap)
                if board.takeResetRequest() { return finish(restart()) }
                if let stop { return finish(stop) }
            case .halted:
                return haltedStop()
            case .shutdown:
                return finish(.stopped(reason: shutdownReason))
            }
        }
    }

    private func finish(_ stop: MachineStop) -> MachineStop {
        switch stop {
        case .exited, .stopped: status.ending = stop
        default: break
        }
        return stop
    }

    /// The processor has nothing to do: time moves to the next event, or to `limit` if that is earlier.
    /// - Returns: false if nothing has happened yet, so that the sleep goes on: a limit wakes nobody.
    private func sleep(until limit: Tick) -> Bool {
        if !isInterruptDue {
            let event = scheduler.nextDeadline
            guard min(event, limit) != .never else { return false }
            engine.skip(to: min(event, limit))
            guard event <= engine.now else { return false }
            scheduler.deliver(through: engine.now)
        }
        idleDetector.wake()
        return true
    }

    /// The board of an AT resets a processor that has shut down.
    private var shutdownReason: String {
        let place = "the processor has shut down at \(engine.registers.codePointer)"
        return configuration.profile.family == .at ? place + ", and the board resets it; the session ends" : place
    }

    private func haltedStop() -> MachineStop {
        let state = engine.registers.state.pointee
        if state.flags & Flag.interrupt == 0 {
            return finish(
                .stopped(
                    reason:
                        "the program has halted the processor with interrupts off, at \(FarPointer(state.cs, state.ip))"
                ))
        }
        return .waiting(until: scheduler.nextDeadline)
    }

    // MARK: Services

    private func serve(_ trap: TrapNumber) -> MachineStop? {
        let cpu = engine.registers
        let address = cpu.codePointer + -4
        cpu.codePointer = address
        context.begin(trapAt: address)
        guard Int(trap.service) < services.count, let service = services[Int(trap.service)] else {
            return .stopped(reason: "no service has number \(trap.service)")
        }
        let outcome = service.handle(trap.entry, in: context)
        if context.cost > .zero {
            engine.skip(to: engine.now + context.cost)
            context.cost = .zero
        }
        switch outcome {
        case .done: cpu.codePointer = address + ServiceROM.doneOffset
        case .wait: cpu.codePointer = address + ServiceROM.waitOffset
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
        case .hostInput: return .needsInput
        case .exit(let status): return .exited(status: status)
        case .stop(let reason): return .stopped(reason: reason)
        }
        defer { context.poll = .none }
        if idleDetector.observe(context.poll, instructions: engine.instructionCount, machine: self) {
            return .waiting(until: scheduler.nextDeadline)
        }
        return nil
    }
}

// MARK: Reports and restarts

extension PersonalComputer: BIOSObserver, BootHandler {
    public func bios(_ bios: BIOSService, reports report: BIOSReport) {
        guard ownNotices.count < 1_000 else { return }
        let endsSession = report == .inputEnded(isWaiting: true) && bios.endOfInputPolicy == .exit
        ownNotices.append(MachineNotice(report.sentence, isWarning: endsSession))
    }

    /// INT 19h: the end of the power-on with option ROMs. Later the program that DOS ran is over; a restart from disk images
    /// comes with booting.
    public func boot(in context: ServiceContext) -> ServiceOutcome {
        if status.isBooting {
            status.isBooting = false
            return startSystem().map { .stop($0) } ?? .resume
        }
        ownNotices.append(MachineNotice("the program restarts the machine (INT 19h); the session ends"))
        return .exit(0)
    }

    private func restart() -> MachineStop {
        ownNotices.append(MachineNotice("the program resets the processor; the session ends"))
        return .exited(status: 0)
    }
}

extension BIOSReport {
    /// The report as a line for people.
    var sentence: String {
        switch self {
        case .unavailableVideoMode(let mode, let caller):
            "video mode \(hex(mode))h, set at \(caller), is not available yet; the old mode stays"
        case .unknownFunction(let interrupt, let ax, let caller):
            "INT \(hex(interrupt))h AX=\(hex(ax))h, called at \(caller), is not known"
        case .inputEnded(true): "the program waits for a key, and standard input has ended"
        case .inputEnded(false): "the program looks for a key, and standard input has ended"
        case .nothingToBoot: "there is nothing to boot from"
        case .restart: "Ctrl-Alt-Del restarts the machine; the session ends"
        }
    }
}
