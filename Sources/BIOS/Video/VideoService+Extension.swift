import Core
import X86

/// INT 10h AH=4Fh: the VESA BIOS extension 1.2, on a VGA with 1 MB.
///
/// Source: [RBIL] INT 10h AX=4F00h to 4F08h.
extension VideoService {
    /// AX=004Fh on return: done; 014Fh: it cannot be. Functions of later versions are not known.
    func videoExtension(_ call: BIOSCall) {
        let isDone: Bool
        switch call.cpu.al {
        case 0x00: isDone = reportController(call)
        case 0x01: isDone = reportMode(call)
        case 0x02: isDone = setExtendedMode(call)
        case 0x03: isDone = readExtendedMode(call)
        case 0x04: isDone = saveOrRestoreExtended(call)
        case 0x05: isDone = moveWindow(call)
        case 0x06: isDone = setLineLength(call)
        case 0x07: isDone = setDisplayStart(call)
        case 0x08: isDone = setColorWidth(call)
        default: return call.reportUnknown()
        }
        call.cpu.ax = isDone ? 0x004F : 0x014F
    }

    /// The list of modes in the ROM, for AX=4F00h.
    static let extendedModeList = ExtendedMode.all.map(\.number) + [0xFFFF]

    /// AL=00h: 256 bytes at ES:DI.
    private func reportController(_ call: BIOSCall) -> Bool {
        let memory = call.memory
        let target = FarPointer(call.cpu.es, call.cpu.di)
        memory.writeBytes(target, Array("VESA".utf8) + [0x02, 0x01] + [UInt8](repeating: 0, count: 250))
        memory.writePointer(target + 6, addresses.videoName)
        memory.writePointer(target + 14, addresses.videoModes)
        memory.write16(target + 18, UInt16(ExtendedMode.kilobytes / 64))
        return true
    }

    /// AL=01h: 256 bytes about mode CX at ES:DI.
    private func reportMode(_ call: BIOSCall) -> Bool {
        guard let mode = ExtendedMode(number: call.cpu.cx & 0x3FFF) else { return false }
        call.memory.writeBytes(
            FarPointer(call.cpu.es, call.cpu.di), mode.information(windowFunction: addresses.videoWindow))
        return true
    }

    /// AL=02h: mode BX; bit 15 keeps the memory. Numbers below 100h are those of AH=00h.
    private func setExtendedMode(_ call: BIOSCall) -> Bool {
        let keeps = call.cpu.bx & 0x8000 != 0
        let number = call.cpu.bx & 0x7FFF
        call.spend(clocks: 20_000)
        if number == 0x6A { return setExtended(0x102, clearing: !keeps, call.context) }
        guard number < 0x80 else { return setExtended(number, clearing: !keeps, call.context) }
        let mode = UInt8(truncatingIfNeeded: number)
        guard isKnown(mode) else { return false }
        applyMode(mode, clearing: !keeps, call.context)
        return true
    }

    /// The registers are those of the nearest of IBM's modes, and the display interface makes the picture.
    func setExtended(_ number: UInt16, clearing: Bool, _ context: ServiceContext) -> Bool {
        guard configuration.hasVideoExtension, let mode = ExtendedMode(number: number) else { return false }
        let data = BIOSDataArea(memory: context.memory)
        guard mode.layout != .text else {
            applyMode(3, parameters: .text60, clearing: clearing, context)
            return true
        }
        applyMode(mode.layout == .packed ? 0x13 : 0x12, clearing: false, context)
        DisplayInterface(context: context).turnOn(mode, clearing: clearing)
        data[.videoMode] = mode.dataAreaNumber
        data[.columns] = UInt16(mode.columns)
        data[.lastRow] = UInt8(mode.rows - 1)
        data[.pageSize] = 0
        data[.characterHeight] = UInt16(mode.characterHeight)
        data[.videoInfo] = data[.videoInfo] & 0x7F | (clearing ? 0 : 0x80)
        context.memory.setVector(0x43, addresses.font16)
        return true
    }

    /// AL=03h: BX the mode.
    private func readExtendedMode(_ call: BIOSCall) -> Bool {
        let data = call.data
        let keeps: UInt16 = data[.videoInfo] & 0x80 != 0 ? 0x8000 : 0
        call.cpu.bx = keeps | (ExtendedMode(data)?.number ?? UInt16(data[.videoMode] & 0x7F))
        return true
    }

    /// AL=04h: as AH=1Ch, with DL for AL, and the display interface as a fourth part in CX.
    private func saveOrRestoreExtended(_ call: BIOSCall) -> Bool {
        let cpu = call.cpu
        guard cpu.dl <= 2, cpu.cx & 0x0F != 0 else { return false }
        let others = stateSize(parts: cpu.cx & 7)
        let display = DisplayInterface(context: call.context)
        let hasDisplay = cpu.cx & 8 != 0
        let place = FarPointer(cpu.es, cpu.bx) + others
        switch cpu.dl {
        case 0: cpu.bx = UInt16((others + (hasDisplay ? 18 : 0) + 63) / 64)
        case 1:
            saveState(parts: cpu.cx & 7, at: FarPointer(cpu.es, cpu.bx), call)
            if hasDisplay { call.memory.writeBytes(place, display.saved) }
        default:
            restoreState(parts: cpu.cx & 7, from: FarPointer(cpu.es, cpu.bx), call)
            if hasDisplay { display.restore(call.memory.readBytes(place, 18)) }
        }
        return true
    }

    /// AL=05h: BH=0 window A to bank DX, BH=1 DX where it is.
    private func moveWindow(_ call: BIOSCall) -> Bool {
        let cpu = call.cpu
        let display = DisplayInterface(context: call.context)
        guard cpu.bl == 0, cpu.bh <= 1, display[.enable] & 1 != 0 else { return false }
        if cpu.bh == 0 {
            display[.bank] = cpu.dx
            return display[.bank] == cpu.dx
        }
        cpu.dx = display[.bank]
        return true
    }

    /// AL=06h: BL=0 a line has CX dots, BL=1 as it is. BX bytes of a line, CX dots, DX lines in memory.
    private func setLineLength(_ call: BIOSCall) -> Bool {
        let cpu = call.cpu
        let display = DisplayInterface(context: call.context)
        guard cpu.bl <= 1, display[.enable] & 1 != 0 else { return false }
        if cpu.bl == 0 {
            // No fewer than asked for.
            let wanted = (Int(cpu.cx) + 7) & ~7
            let old = display[.virtualWidth]
            display[.virtualWidth] = UInt16(clamping: wanted)
            if Int(display[.virtualWidth]) < wanted {
                display[.virtualWidth] = old
                return false
            }
        }
        cpu.cx = display[.virtualWidth]
        cpu.bx = display[.depth] == 8 ? cpu.cx : cpu.cx / 8
        cpu.dx = display[.virtualHeight]
        return true
    }

    /// AL=07h: BL=0 the picture begins at dot CX of line DX, BL=1 CX and DX where it does.
    private func setDisplayStart(_ call: BIOSCall) -> Bool {
        let cpu = call.cpu
        let display = DisplayInterface(context: call.context)
        guard cpu.bl <= 1, display[.enable] & 1 != 0 else { return false }
        if cpu.bl == 1 {
            (cpu.bh, cpu.cx, cpu.dx) = (0, display[.xOffset], display[.yOffset])
            return true
        }
        let fits =
            Int(cpu.cx) + Int(display[.width]) <= Int(display[.virtualWidth])
            && Int(cpu.dx) + Int(display[.height]) <= Int(display[.virtualHeight])
        guard fits else { return false }
        display[.xOffset] = cpu.cx
        display[.yOffset] = cpu.dx
        return true
    }

    /// AL=08h: the DAC has six bits: BL=0 asks for BH bits, BL=1 how many there are.
    private func setColorWidth(_ call: BIOSCall) -> Bool {
        let cpu = call.cpu
        guard cpu.bl <= 1 else { return false }
        let isPossible = cpu.bl == 1 || cpu.bh == 6
        cpu.bh = 6
        return isPossible
    }
}
