import Core
import X86

/// What the driver is and how it behaves: AX=001Ah to 0024h, and its state for programs that share the mouse.
extension MouseService {
    func driverFunction(_ call: BIOSCall) -> ServiceOutcome {
        let cpu = call.cpu
        switch cpu.ax {
        case 0x001A:
            // BX, CX sensitivity 0 to 100; DX double-speed threshold.
            settings.sensitivityX = min(max(cpu.bx, 1), 100)
            settings.sensitivityY = min(max(cpu.cx, 1), 100)
            settings.doubleSpeed = cpu.dx == 0 ? 64 : cpu.dx
            (settings.restX, settings.restY) = (0, 0)
        case 0x001B:
            (cpu.bx, cpu.cx, cpu.dx) = (settings.sensitivityX, settings.sensitivityY, settings.doubleSpeed)
        case 0x001C: if cpu.bx <= 4 { settings.interruptRate = cpu.bl }
        case 0x001D:
            settings.page = cpu.bl & 7
            redraw(call)
        case 0x001E: cpu.bx = UInt16(settings.page)
        case 0x001F: disable(call)
        case 0x0020: enable(call)
        case 0x0022: if cpu.bx <= 8 { settings.language = cpu.bl }
        case 0x0023: cpu.bx = UInt16(settings.language)
        default:
            // AX=0024h: version, type of mouse, its interrupt (0 for a PS/2 mouse).
            cpu.bx = MouseMemory.version
            cpu.cx = mouseType << 8 | (configuration.mouse == .serial ? 4 : 0)
        }
        return .done
    }

    /// As AX=0024h tells it in CH.
    var mouseType: UInt16 { configuration.mouse == .serial ? 2 : 4 }

    /// AX=001Fh: ES:BX what INT 33h was before the driver.
    private func disable(_ call: BIOSCall) {
        erase(call)
        runtime.isDisabled = true
        runtime.pendingEvents = []
        (call.cpu.es, call.cpu.bx) = (ServiceROM.segment, IBMEntry.interruptReturn)
    }

    /// AX=0020h.
    private func enable(_ call: BIOSCall) {
        runtime.isDisabled = false
        call.service.startMouse(call)
        redraw(call)
    }

    // MARK: State

    private var stateBytes: [UInt8] {
        let coder = StateCoder.saving()
        coder.field("settings", &settings)
        return coder.bytes
    }

    /// AX=0015h, 0016h, 0017h: size, save, restore at ES:DX. The cursor is not part of it: it is drawn anew. AX=0042h,
    /// 0050h and 0052h are the same for programs of the PCMOUSE, with AX=FFFFh and a size in BX.
    func stateFunction(_ call: BIOSCall) {
        let cpu = call.cpu
        let place = FarPointer(cpu.es, cpu.dx)
        let bytes = stateBytes
        switch cpu.ax {
        case 0x0015: cpu.bx = UInt16(bytes.count)
        case 0x0042: (cpu.ax, cpu.bx) = (0xFFFF, UInt16(bytes.count))
        case 0x0016: call.memory.writeBytes(place, bytes)
        case 0x0050:
            guard cpu.bx >= UInt16(bytes.count) else { return }
            call.memory.writeBytes(place, bytes)
            cpu.ax = 0xFFFF
        case 0x0017: restoreState(from: place, count: bytes.count, call)
        default: if restoreState(from: place, count: bytes.count, call) { cpu.ax = 0xFFFF }
        }
    }

    /// Bytes that this driver has not written, or that a program has damaged, change nothing.
    @discardableResult
    private func restoreState(from place: FarPointer, count: Int, _ call: BIOSCall) -> Bool {
        let coder = StateCoder.loading(call.memory.readBytes(place, count))
        var saved = MouseSettings()
        coder.field("settings", &saved)
        guard coder.isComplete else { return false }
        erase(call)
        settings = saved
        redraw(call)
        return true
    }

    // MARK: With the BIOS

    /// Whether a call of INT 10h could see or overwrite the cursor.
    /// - Parameter part: AL, which says what AH=4Fh does.
    static func touchesScreen(_ function: UInt8, part: UInt8) -> Bool {
        switch function {
        case 0x00, 0x05...0x0A, 0x0C...0x0E, 0x11, 0x13, 0x1C: true
        case 0x4F: [0x02, 0x04, 0x06, 0x07].contains(part)
        default: false
        }
    }

    /// After INT 10h: a new mode begins with the cursor hidden and the full range; a new height of the characters with the
    /// full range. Otherwise the cursor comes back.
    ///
    /// Assumption: a program that relies on a range or a shown cursor of before the mode set would show otherwise.
    func videoCallHasEnded(_ function: UInt8, mode: UInt8, _ call: BIOSCall) {
        switch function {
        case 0x00 where call.data[.videoMode] & 0x7F == mode & 0x7F:
            runtime.drawn = DrawnCursor()
            (settings.visibility, settings.hasShown) = (-1, false)
            settings.hasExclusion = false
            settings.page = 0
            takeScreen(screen(call))
        case 0x11:
            let screen = screen(call)
            if Int(settings.range.maxY) != screen.height - 1 {
                settings.range.minY = 0
                settings.range.maxY = Int16(clamping: screen.height - 1)
                settings.y = settings.range.clampedY(settings.y)
            }
            redraw(call)
        default: redraw(call)
        }
    }

    /// INT 10h AH=04h while the light pen is emulated: the pen touches the screen while both buttons are down.
    func answerLightPen(_ call: BIOSCall) {
        let cpu = call.cpu
        guard settings.isLightPen, !runtime.isDisabled, runtime.buttons & 0b011 == 0b011 else { return cpu.ah = 0 }
        let screen = screen(call)
        let (x, y) = (max(Int(settings.x), 0), max(Int(settings.y), 0))
        var (pixel, line, column, row) = (x, y, x / screen.cellWidth, y / 8)
        if case .graphics(let layout) = screen.kind {
            pixel = x / layout.pointsPerPixel
            column = pixel / 8
            line = y
            row = y / max(Int(call.data[.characterHeight]), 8)
        }
        cpu.ah = 1
        cpu.dx = UInt16(truncatingIfNeeded: row) << 8 | UInt16(truncatingIfNeeded: column) & 0xFF
        cpu.ch = UInt8(truncatingIfNeeded: line)
        cpu.bx = UInt16(truncatingIfNeeded: pixel)
    }
}
