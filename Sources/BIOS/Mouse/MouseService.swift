import Core
import X86

/// INT 33h: the mouse driver, as if it had been loaded before the first program.
///
/// It gets its reports at interrupt time from the mouse that the machine has, as a driver does: from INT 74h (IRQ 12) for
/// a PS/2 mouse, from INT 0Ch (IRQ 4) for a serial one. Handlers of programs are called then, by the ROM routine of the
/// interrupt, on the stack of whatever was interrupted. It knows the screen by the BIOS data area, memory and ports only.
///
/// Sources: [RBIL] INT 33h; [MOUSEPR].
/// Not implemented: acceleration profiles are kept and told, but movement follows the double-speed threshold alone; the
/// pointer styles of AX=0035h are kept.
final class MouseService {
    let configuration: BIOSConfiguration
    let addresses: ROMAddresses
    var settings = MouseSettings()
    var runtime = MouseRuntime()
    var registers = RegisterMap()
    var defaultRegisters = RegisterMap()

    init(configuration: BIOSConfiguration, addresses: ROMAddresses) {
        self.configuration = configuration
        self.addresses = addresses
    }

    /// How long a program that polls the mouse may do something else before it counts as one that has ended.
    private static let pollTime = Tick.seconds(2)

    /// Whether a program shows the cursor, has a handler, or asks for position or movement.
    func isInUse(at now: Tick) -> Bool {
        guard isInstalled, !runtime.isDisabled else { return false }
        let hasHandler = ([settings.handler] + settings.alternates).contains {
            $0.mask != 0 && $0.routine != FarPointer(0, 0)
        }
        return settings.visibility == 0 || hasHandler || now < runtime.useEnd
    }

    var isInstalled: Bool { configuration.mouse != .none }

    /// A Microsoft serial mouse has two buttons.
    var buttonCount: UInt16 { configuration.mouse == .serial ? 2 : 3 }

    func screen(_ call: BIOSCall) -> MouseScreen {
        let display = configuration.hasVideoExtension ? DisplayInterface(context: call.context) : nil
        return MouseScreen(data: call.data, video: configuration.video, display: display)
    }

    func powerOn(in context: ServiceContext) {
        settings = MouseSettings()
        runtime = MouseRuntime()
        MouseMemory(memory: context.memory, addresses: addresses).reset()
    }

    func transfer(_ coder: StateCoder) {
        coder.field("settings", &settings)
        coder.field("runtime", &runtime)
        coder.field("registers", &registers)
        coder.field("defaultRegisters", &defaultRegisters)
    }

    // MARK: Dispatch

    func handle(_ call: BIOSCall) -> ServiceOutcome {
        call.spend(clocks: 100)
        let cpu = call.cpu
        switch cpu.ax {
        case 0x0003, 0x0005, 0x0006, 0x000B, 0x0027: runtime.useEnd = call.context.now + MouseService.pollTime
        default: break
        }
        switch cpu.ax {
        case 0x0000, 0x0021: reset(call)
        case 0x0001: show(call)
        case 0x0002: hide(call)
        case 0x0003: readPosition(call)
        case 0x0004: setPosition(call)
        case 0x0005: readCount(call, \.presses)
        case 0x0006: readCount(call, \.releases)
        case 0x0007: setHorizontalRange(call)
        case 0x0008: setVerticalRange(call)
        case 0x0009: defineGraphicsCursor(call)
        case 0x000A: defineTextCursor(call)
        case 0x000B: readMotion(call)
        case 0x000C: setHandler(call)
        case 0x000D, 0x000E: settings.isLightPen = cpu.ax == 0x000D
        case 0x000F: setRatio(call)
        case 0x0010: excludeRegion(call)
        case 0x0012: defineLargeCursor(call)
        case 0x0013: settings.doubleSpeed = cpu.dx == 0 ? 64 : cpu.dx
        case 0x0014: exchangeHandler(call)
        case 0x0015...0x0017, 0x0042, 0x0050, 0x0052: stateFunction(call)
        case 0x0018: setAlternateHandler(call)
        case 0x0019: findAlternateHandler(call)
        case 0x001A...0x0024: return driverFunction(call)
        case 0x0025...0x0035, 0x004D, 0x006D: return informationFunction(call)
        default: call.reportUnknown()
        }
        return .done
    }

    // MARK: Reset and visibility

    /// AX=0000h, 0021h: AX=FFFFh, BX the number of buttons. Only the first starts the hardware anew.
    private func reset(_ call: BIOSCall) {
        let isHardware = call.cpu.ax == 0x0000
        erase(call)
        var fresh = MouseSettings()
        // What belongs to the driver and not to the program stays.
        (fresh.language, fresh.interruptRate, fresh.profile) =
            (settings.language, settings.interruptRate, settings.profile)
        settings = fresh
        runtime.pendingEvents = []
        runtime.isHandlerActive = false
        takeScreen(screen(call))
        if isHardware { call.service.startMouse(call) }
        call.cpu.ax = 0xFFFF
        call.cpu.bx = buttonCount
    }

    /// Full ranges and the middle of the screen.
    func takeScreen(_ screen: MouseScreen) {
        settings.range = MouseRange(
            minX: 0, minY: 0, maxX: Int16(clamping: screen.width - 1), maxY: Int16(clamping: screen.height - 1))
        settings.x = Int32(screen.width / 2)
        settings.y = Int32(screen.height / 2)
        (settings.restX, settings.restY) = (0, 0)
    }

    /// AX=0001h. It also ends the region of AX=0010h.
    private func show(_ call: BIOSCall) {
        settings.hasExclusion = false
        settings.hasShown = true
        settings.visibility = min(settings.visibility &+ 1, 0)
        redraw(call)
    }

    /// AX=0002h.
    private func hide(_ call: BIOSCall) {
        settings.visibility = max(settings.visibility, -32_767) - 1
        erase(call)
    }

    /// AX=0010h: CX,DX to SI,DI. The cursor is not drawn there until AX=0001h.
    private func excludeRegion(_ call: BIOSCall) {
        let cpu = call.cpu
        settings.exclusion = MouseRange(
            minX: Int16(bitPattern: cpu.cx), minY: Int16(bitPattern: cpu.dx), maxX: Int16(bitPattern: cpu.si),
            maxY: Int16(bitPattern: cpu.di))
        settings.hasExclusion = true
        redraw(call)
    }

    // MARK: Position and counts

    /// The position as programs see it: a multiple of the cell.
    func visiblePosition(_ call: BIOSCall) -> (x: UInt16, y: UInt16) {
        let screen = screen(call)
        return (
            UInt16(truncatingIfNeeded: screen.truncatedX(Int(settings.x))),
            UInt16(truncatingIfNeeded: screen.truncatedY(Int(settings.y)))
        )
    }

    /// AX=0003h. A program that finds what it found before is waiting.
    private func readPosition(_ call: BIOSCall) {
        let (x, y) = visiblePosition(call)
        let found = MousePoll(x: x, y: y, buttons: runtime.buttons)
        if runtime.lastPoll == found { call.context.idlePoll() }
        runtime.lastPoll = found
        (call.cpu.bx, call.cpu.cx, call.cpu.dx) = (UInt16(runtime.buttons), x, y)
    }

    /// AX=0004h.
    private func setPosition(_ call: BIOSCall) {
        settings.x = settings.range.clampedX(Int32(Int16(bitPattern: call.cpu.cx)))
        settings.y = settings.range.clampedY(Int32(Int16(bitPattern: call.cpu.dx)))
        (settings.restX, settings.restY) = (0, 0)
        redraw(call)
    }

    /// AX=0005h, 0006h: the count of button BX since the last call, and where it was the last time.
    private func readCount(_ call: BIOSCall, _ counts: WritableKeyPath<MouseSettings, [ButtonCount]>) {
        let cpu = call.cpu
        let button = Int(cpu.bx)
        cpu.ax = UInt16(runtime.buttons)
        guard button < settings[keyPath: counts].count else { return (cpu.bx, cpu.cx, cpu.dx) = (0, 0, 0) }
        let known = settings[keyPath: counts][button]
        (cpu.bx, cpu.cx, cpu.dx) = (known.count, UInt16(bitPattern: known.x), UInt16(bitPattern: known.y))
        settings[keyPath: counts][button].count = 0
        if known.count == 0 { call.context.idlePoll() }
    }

    /// AX=000Bh: mickeys since the last call.
    private func readMotion(_ call: BIOSCall) {
        if settings.mickeysX == 0, settings.mickeysY == 0 { call.context.idlePoll() }
        (call.cpu.cx, call.cpu.dx) = takeMickeys()
    }

    func takeMickeys() -> (x: UInt16, y: UInt16) {
        defer { (settings.mickeysX, settings.mickeysY) = (0, 0) }
        return (UInt16(bitPattern: settings.mickeysX), UInt16(bitPattern: settings.mickeysY))
    }

    // MARK: Ranges and ratios

    /// AX=0007h.
    private func setHorizontalRange(_ call: BIOSCall) {
        let screen = screen(call)
        let (low, high) = MouseService.ordered(call.cpu.cx, call.cpu.dx)
        settings.range.minX = Int16(clamping: screen.edgeX(low))
        settings.range.maxX = Int16(clamping: screen.edgeX(high))
        stayInRange(call)
    }

    /// AX=0008h.
    private func setVerticalRange(_ call: BIOSCall) {
        let screen = screen(call)
        let (low, high) = MouseService.ordered(call.cpu.cx, call.cpu.dx)
        settings.range.minY = Int16(clamping: screen.edgeY(low))
        settings.range.maxY = Int16(clamping: screen.edgeY(high))
        stayInRange(call)
    }

    private static func ordered(_ a: UInt16, _ b: UInt16) -> (Int, Int) {
        let (a, b) = (Int(Int16(bitPattern: a)), Int(Int16(bitPattern: b)))
        return (min(a, b), max(a, b))
    }

    private func stayInRange(_ call: BIOSCall) {
        settings.x = settings.range.clampedX(settings.x)
        settings.y = settings.range.clampedY(settings.y)
        redraw(call)
    }

    /// AX=000Fh: CX, DX mickeys for 8 points. Zero is no ratio and is left out.
    private func setRatio(_ call: BIOSCall) {
        if call.cpu.cx != 0 { settings.ratioX = call.cpu.cx }
        if call.cpu.dx != 0 { settings.ratioY = call.cpu.dx }
        (settings.restX, settings.restY) = (0, 0)
    }

    // MARK: Shapes

    /// AX=0009h: hot spot BX, CX; screen mask and cursor mask at ES:DX.
    private func defineGraphicsCursor(_ call: BIOSCall) {
        setShape(call, widthWords: 1, rows: 16, hotX: call.cpu.bl, hotY: call.cpu.cl)
    }

    /// AX=0012h: BH words by CH rows, hot spot BL, CL. AX=FFFFh if the size is possible here: up to 2 words and 32 rows.
    private func defineLargeCursor(_ call: BIOSCall) {
        let cpu = call.cpu
        guard (1...2).contains(cpu.bh), (1...32).contains(cpu.ch) else { return cpu.ax = 0 }
        setShape(call, widthWords: cpu.bh, rows: cpu.ch, hotX: cpu.bl, hotY: cpu.cl)
        cpu.ax = 0xFFFF
    }

    private func setShape(_ call: BIOSCall, widthWords: UInt8, rows: UInt8, hotX: UInt8, hotY: UInt8) {
        erase(call)
        settings.shape.widthWords = widthWords
        settings.shape.rows = rows
        settings.shape.hotX = Int16(Int8(bitPattern: hotX))
        settings.shape.hotY = Int16(Int8(bitPattern: hotY))
        let words = Int(widthWords) * Int(rows)
        let source = FarPointer(call.cpu.es, call.cpu.dx)
        for index in 0..<min(words, MouseCursorShape.maskWords) {
            settings.shape.screenMask[index] = call.memory.read16(source + index * 2)
            settings.shape.cursorMask[index] = call.memory.read16(source + (words + index) * 2)
        }
        redraw(call)
    }

    /// AX=000Ah: BX=0 masks CX and DX; BX=1 the hardware cursor from line CX to DX.
    private func defineTextCursor(_ call: BIOSCall) {
        erase(call)
        settings.shape.isHardware = call.cpu.bx & 1 != 0
        settings.shape.textScreenMask = call.cpu.cx
        settings.shape.textCursorMask = call.cpu.dx
        redraw(call)
    }
}
