import Core
import X86

/// The BIOS: interrupts 05h and 08h to 1Fh, as stubs in the ROM with service traps behind them.
///
/// `install` fills the ROM once, when the machine is wired; `powerOn` does what a BIOS does before it boots: vectors, data
/// area, chips (through their ports), video mode. Routines that only move data between memory and ports (the timer tick,
/// the real-time clock's interrupt, INT 11h, INT 12h, print screen) are machine code in the ROM; the rest are traps.
///
/// Sources: IBM PC AT Technical Reference (1985), section 5; Ralf Brown's Interrupt List, release 61.
public final class BIOSService: Service, StateChunk, TeletypeOutput {
    /// High byte of this service's trap numbers.
    public static let serviceNumber: UInt8 = 1

    /// Low byte of a trap number. An interrupt's own number where there is one trap for an interrupt.
    enum Trap: UInt8 {
        case invalidInstruction = 0x06
        case keyboardInterrupt = 0x09
        case video = 0x10
        case disk = 0x13
        case serial = 0x14
        case system = 0x15
        case keyboard = 0x16
        case printer = 0x17
        case noBootDevice = 0x18
        case bootstrap = 0x19
        case clock = 0x1A
        case reset = 0xE0
        case bell = 0xE1
        case pause = 0xE2
        case eventWait = 0xE3
        case keyWait = 0xE4
        case afterBreak = 0xE5
        case serialMouse = 0x0C
        case soundInterrupt = 0x0F
        case mouse = 0x33
        case pointingInterrupt = 0x74
        case pointingCommand = 0xE6
        case pointingReturn = 0xE7
        case mouseHandlerReturn = 0xE8
        case mouseModeIsSet = 0xE9

        var number: TrapNumber { TrapNumber(service: BIOSService.serviceNumber, entry: rawValue) }
    }

    public let configuration: BIOSConfiguration
    public weak var observer: (any BIOSObserver)?
    public weak var bootHandler: (any BootHandler)?
    /// Printer output. Without one, a parallel port answers as a printer that is switched off.
    public weak var printer: (any PrinterSink)? {
        get { printerService.sink }
        set { printerService.sink = newValue }
    }
    public var endOfInputPolicy: EndOfInputPolicy {
        get { keyboardService.endOfInputPolicy }
        set { keyboardService.endOfInputPolicy = newValue }
    }

    let addresses = ROMAddresses()
    private let video: VideoService
    /// What a PC's own BIOS knows, by the display of the equipment word: for a video BIOS in a ROM of its own.
    private let oldVideo: (color: VideoService, monochrome: VideoService)
    private let keyboardService: KeyboardService
    private let keyboardInterrupt: KeyboardInterrupt
    private let disk: DiskService
    private let serial: SerialService
    private let printerService: PrinterService
    private let system: SystemService
    private let clock: ClockService
    private let digitalSound: DigitalSound
    private let bell: Bell
    private let mouse: MouseService
    private let pointingDevice: PointingDevice
    private var reported: Set<BIOSReport> = []

    public init(configuration: BIOSConfiguration, streams: StandardStreams) {
        self.configuration = configuration
        bell = Bell(addresses: addresses)
        video = VideoService(configuration: configuration, streams: streams, addresses: addresses, bell: bell)
        oldVideo = (VideoService(.cga, beside: video), VideoService(.mda, beside: video))
        keyboardService = KeyboardService(configuration: configuration, streams: streams)
        keyboardInterrupt = KeyboardInterrupt(configuration: configuration, addresses: addresses, bell: bell)
        disk = DiskService(configuration: configuration)
        serial = SerialService()
        printerService = PrinterService()
        system = SystemService(configuration: configuration, addresses: addresses)
        digitalSound = DigitalSound(addresses: addresses)
        clock = ClockService(configuration: configuration, sound: digitalSound)
        mouse = MouseService(configuration: configuration, addresses: addresses)
        pointingDevice = PointingDevice(addresses: addresses)
    }

    /// Mounts a disk as BIOS drive `number`: 00h and 01h are floppies, 80h and 81h hard disks. Nil takes it out.
    public func mount(_ drive: (any DiskDrive)?, as number: UInt8) { disk.mount(drive, as: number) }

    /// Fills the ROM. Once, before `powerOn`.
    public func install(in rom: ServiceROM) {
        ROMBuilder(rom: rom, configuration: configuration, addresses: addresses).build()
    }

    /// What the power-on self-test of a BIOS does up to the boot. Registers and stack stay as they are.
    public func powerOn(in context: ServiceContext) {
        PowerOn(configuration: configuration, addresses: addresses).run(in: context)
        video.powerOn(in: context)
        disk.powerOn(in: context)
        keyboardInterrupt.powerOn()
        digitalSound.powerOn()
        if mouse.isInstalled {
            mouse.powerOn(in: context)
            if mouse.hasRegisterInterface {
                let data = BIOSDataArea(memory: context.memory)
                mouse.takeRegisters(of: video.parameters(data[.videoMode], data))
            }
            powerOnMouse(in: context)
        }
    }

    // MARK: Traps

    public func handle(_ entry: UInt8, in context: ServiceContext) -> ServiceOutcome {
        guard let trap = Trap(rawValue: entry) else { return .done }
        let call = BIOSCall(context: context, service: self, trap: trap)
        switch trap {
        case .invalidInstruction: return InvalidInstruction(call).handle()
        case .keyboardInterrupt: return keyboardInterrupt.handle(call)
        case .afterBreak: return keyboardInterrupt.afterBreak(call)
        case .pause: return keyboardInterrupt.pause(call)
        case .video: return handleVideo(call)
        case .disk: return disk.handle(call)
        case .serial: return serial.handle(call)
        case .system:
            let isForMouse = call.cpu.ah == 0xC2 && configuration.mouse == .ps2
            return isForMouse ? pointingDevice.handle(call) : system.handle(call)
        case .eventWait: return system.continueWait(call)
        case .keyboard: return keyboardService.handle(call)
        case .keyWait: return keyboardService.continueWait(call)
        case .printer: return printerService.handle(call)
        case .clock: return clock.handle(call)
        case .soundInterrupt: return digitalSound.interrupt(call)
        case .bell: return bell.handle(call)
        case .bootstrap: return bootstrap(call)
        case .noBootDevice: return noBootDevice(call)
        case .reset: return reset(call)
        case .mouse: return mouse.handle(call)
        case .serialMouse: return mouse.serialInterrupt(call)
        case .pointingInterrupt: return pointingDevice.interrupt(call, driver: mouse)
        case .pointingCommand: return pointingDevice.continueCommand(call)
        case .pointingReturn: return pointingDevice.routineHasReturned(call)
        case .mouseHandlerReturn: return mouse.handlerHasReturned(call)
        case .mouseModeIsSet: return mouse.videoModeIsSet(call)
        }
    }

    /// INT 10h AH=0Eh for DOS. The bell (07h) does not sound: it needs time, which only the guest call can take.
    public func teletype(_ byte: UInt8, in context: ServiceContext) {
        let call = BIOSCall(context: context, service: self, trap: .video)
        withoutMouseCursor(call, 0x0E) { video.teletype(byte, call) }
    }

    // MARK: Mouse

    private func powerOnMouse(in context: ServiceContext) {
        guard configuration.mouse == .ps2 else { return mouse.startSerial(context) }
        pointingDevice.powerOn(in: context)
        // IRQ 12, and the cascade.
        context.out(0xA1, context.in(0xA1) & ~0b0001_0000)
        context.out(0x21, context.in(0x21) & ~0b0000_0100)
    }

    /// Loads the mouse driver anew into its vector, as from CONFIG.SYS: an operating system has its own idea of INT 33h
    /// when it starts. Without a mouse nothing happens.
    public func loadMouseDriver(in context: ServiceContext) {
        if mouse.isInstalled { context.memory.setVector(0x33, addresses.mouse) }
    }

    /// Whether a program uses the mouse: through the driver, or by a routine of its own for INT 15h AH=C2h.
    public func isMouseInUse(at now: Tick) -> Bool {
        mouse.isInUse(at: now) || configuration.mouse == .ps2 && pointingDevice.hasRoutine
    }

    /// The driver wants reports from the mouse, if nobody else has it.
    func startMouse(_ call: BIOSCall) {
        if configuration.mouse == .ps2 { pointingDevice.start(call.context) }
    }

    /// INT 10h, which the mouse driver watches: its cursor is never in the way.
    private func handleVideo(_ call: BIOSCall) -> ServiceOutcome {
        if isForOtherAdapter(call) {
            let isMonochrome = call.data[.equipment] & 0x30 == 0x30
            return (isMonochrome ? oldVideo.monochrome : oldVideo.color).handle(call)
        }
        let (function, mode) = (call.cpu.ah, call.cpu.al)
        guard mouse.isInstalled else { return video.handle(call) }
        if MouseService.isRegisterCall(function), mouse.hasRegisterInterface {
            mouse.registerFunction(call)
            return .done
        }
        if function == 0x04 {
            mouse.answerLightPen(call)
            return .done
        }
        // AX=4F02h sets a mode too.
        let isExtendedMode = function == 0x4F && mode == 0x02 && configuration.hasVideoExtension
        let outcome = withoutMouseCursor(call, isExtendedMode ? 0x00 : function) { video.handle(call) }
        let setsMode = function == 0x00 || isExtendedMode && call.cpu.ax == 0x004F
        if setsMode, mouse.hasRegisterInterface {
            mouse.takeRegisters(of: video.parameters(call.data[.videoMode], call.data))
        }
        if setsMode {
            mouse.videoCallHasEnded(0x00, mode: isExtendedMode ? call.data[.videoMode] : mode, call)
        } else if function == 0x11 || isExtendedMode {
            mouse.videoCallHasEnded(function, mode: mode, call)
        }
        return outcome
    }

    /// INT 42h of a video BIOS in an option ROM, which has taken INT 10h: for a CGA or an MDA beside its adapter.
    private func isForOtherAdapter(_ call: BIOSCall) -> Bool {
        let own = FarPointer(ServiceROM.segment, IBMEntry.video)
        return (0xC000..<0xF000).contains(call.caller.segment) && call.memory.vector(0x10) != own
    }

    @discardableResult
    private func withoutMouseCursor<Result>(_ call: BIOSCall, _ function: UInt8, _ body: () -> Result) -> Result {
        let isInTheWay =
            mouse.runtime.drawn.kind != .none && MouseService.touchesScreen(function, part: call.cpu.al)
        if isInTheWay { mouse.erase(call) }
        let result = body()
        if isInTheWay, function != 0x00, function != 0x11 { mouse.redraw(call) }
        return result
    }

    // MARK: Boot

    /// The reset vector: power-on, then the stub's INT 19h.
    private func reset(_ call: BIOSCall) -> ServiceOutcome {
        powerOn(in: call.context)
        // IBM's power-on stack.
        call.cpu.stackPointer = FarPointer(0x0030, 0x0100)
        return .done
    }

    /// INT 19h: the boot handler, else the first sector of the first floppy, then of the first hard disk.
    private func bootstrap(_ call: BIOSCall) -> ServiceOutcome {
        if let bootHandler { return bootHandler.boot(in: call.context) }
        guard let drive = disk.loadBootSector(call) else {
            // As on a PC without ROM BASIC.
            return noBootDevice(call)
        }
        let cpu = call.cpu
        (cpu.ds, cpu.es, cpu.ss) = (0, 0, 0)
        cpu.sp = 0x7C00
        cpu.dx = UInt16(drive)
        cpu.flags |= Flag.interrupt
        cpu.codePointer = FarPointer(0, 0x7C00)
        return .resume
    }

    /// INT 18h: IBM's BASIC, which this ROM lacks.
    private func noBootDevice(_ call: BIOSCall) -> ServiceOutcome {
        report(.nothingToBoot)
        for byte in "No boot device\r\n".utf8 { video.teletype(byte, call) }
        return .exit(1)
    }

    /// Commands for the AT keyboard, sent byte by byte as it acknowledges them.
    func sendToKeyboard(_ bytes: [UInt8], _ call: BIOSCall) { keyboardInterrupt.send(bytes, call) }

    // MARK: Reports

    func report(_ report: BIOSReport) {
        guard reported.count < 256, reported.insert(report.kind).inserted else { return }
        observer?.bios(self, reports: report)
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("BIOS") }
    public var chunkVersion: UInt16 { 4 }

    public func transfer(_ coder: StateCoder) {
        coder.group("video") { video.transfer(coder) }
        coder.group("bell") { bell.transfer(coder) }
        coder.group("keyboard") { keyboardService.transfer(coder) }
        coder.group("keyboardInterrupt") { keyboardInterrupt.transfer(coder) }
        coder.group("serial") { serial.transfer(coder) }
        coder.group("clock") { clock.transfer(coder) }
        coder.group("digitalSound") { digitalSound.transfer(coder) }
        coder.group("mouse") { mouse.transfer(coder) }
        coder.group("pointingDevice") { pointingDevice.transfer(coder) }
    }

    public func stateDidRestore() {}
}
