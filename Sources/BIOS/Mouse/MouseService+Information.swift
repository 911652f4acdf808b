import Core
import X86

/// The calls that came with the later drivers: what it is set to, video modes, acceleration profiles.
extension MouseService {
    func informationFunction(_ call: BIOSCall) -> ServiceOutcome {
        let cpu = call.cpu
        switch cpu.ax {
        case 0x0025: tellGeneralInformation(call)
        case 0x0026:
            let screen = screen(call)
            cpu.bx = runtime.isDisabled ? 0xFFFF : 0
            (cpu.cx, cpu.dx) = (UInt16(screen.width - 1), UInt16(truncatingIfNeeded: screen.height - 1))
        case 0x0027:
            (cpu.ax, cpu.bx) = (settings.shape.textScreenMask, settings.shape.textCursorMask)
            (cpu.cx, cpu.dx) = takeMickeys()
        case 0x0028: return setVideoMode(call)
        case 0x0029: nextVideoMode(call)
        case 0x002A:
            cpu.ax = UInt16(bitPattern: settings.visibility)
            cpu.bx = UInt16(bitPattern: settings.shape.hotX)
            cpu.cx = UInt16(bitPattern: settings.shape.hotY)
            cpu.dx = mouseType
        case 0x002B...0x002E: profileFunction(call)
        case 0x002F:
            call.service.startMouse(call)
            cpu.ax = 0xFFFF
        case 0x0030:
            // There is no BallPoint.
            cpu.ax = 0xFFFF
        case 0x0031:
            (cpu.ax, cpu.bx) = (UInt16(bitPattern: settings.range.minX), UInt16(bitPattern: settings.range.minY))
            (cpu.cx, cpu.dx) = (UInt16(bitPattern: settings.range.maxX), UInt16(bitPattern: settings.range.maxY))
        case 0x0032:
            // AX=0025h to 0034h, all of them.
            (cpu.ax, cpu.bx, cpu.cx, cpu.dx) = (0xFFFF, 0, 0xE000, 0)
        case 0x0033: tellSwitches(call)
        case 0x0034:
            // No initialisation file: an empty name.
            cpu.ax = 0
            (cpu.es, cpu.dx) = (addresses.mouseNoName.segment, addresses.mouseNoName.offset)
        case 0x0035: pointerFunction(call)
        case 0x004D: (cpu.es, cpu.di) = (addresses.mouseCopyright.segment, addresses.mouseCopyright.offset)
        default: (cpu.es, cpu.di) = (addresses.mouseVersion.segment, addresses.mouseVersion.offset)
        }
        return .done
    }

    /// AX=0025h: type of cursor in bits 13-12, interrupt rate in bits 11-8; the busy flags of OS/2.
    private func tellGeneralInformation(_ call: BIOSCall) {
        var information = UInt16(settings.interruptRate) << 8
        switch screen(call).kind {
        case .text: if settings.shape.isHardware { information |= 0x1000 }
        default: information |= 0x2000
        }
        call.cpu.ax = information
        (call.cpu.bx, call.cpu.cx) = (0, 0)
        call.cpu.dx = runtime.isHandlerActive ? 1 : 0
    }

    // MARK: Video modes

    private var videoModes: [UInt16] {
        switch configuration.video {
        case .mda, .hercules: [0x07]
        case .cga: [0x01, 0x02, 0x03, 0x04, 0x05, 0x06]
        case .tandy, .pcjr: [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x08, 0x09, 0x0A]
        case .ega: [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0D, 0x0E, 0x0F, 0x10]
        case .vga: [0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0D, 0x0E, 0x0F, 0x10, 0x11, 0x12, 0x13]
        }
    }

    /// AX=0028h: sets mode CX through INT 10h, in whoever's hands that is. CL=0: it is set.
    private func setVideoMode(_ call: BIOSCall) -> ServiceOutcome {
        let cpu = call.cpu
        guard cpu.cx != 0 else {
            cpu.cl = 0
            return .done
        }
        guard videoModes.contains(cpu.cx) else {
            cpu.cl = 0xFF
            return .done
        }
        call.context.push(cpu.ax)
        cpu.ax = cpu.cx
        return .callInterrupt(0x10, returnTo: addresses.mouseModeIsSet)
    }

    /// The trap behind the INT 10h of AX=0028h.
    func videoModeIsSet(_ call: BIOSCall) -> ServiceOutcome {
        let cpu = call.cpu
        cpu.cl = call.data[.videoMode] & 0x7F == cpu.cl & 0x7F ? 0 : 0xFF
        cpu.ax = call.context.pop()
        return .done
    }

    /// AX=0029h: the mode after CX; there are no descriptions.
    private func nextVideoMode(_ call: BIOSCall) {
        let cpu = call.cpu
        let modes = videoModes
        if cpu.cx == 0 {
            cpu.cx = modes.first ?? 0
        } else {
            let next = modes.firstIndex(of: cpu.cx).map { $0 + 1 } ?? modes.count
            cpu.cx = next < modes.count ? modes[next] : 0
        }
        (cpu.ds, cpu.dx) = (0, 0)
    }

    // MARK: Acceleration profiles

    private func profileFunction(_ call: BIOSCall) {
        let cpu = call.cpu
        let area = MouseMemory(memory: call.memory, addresses: addresses)
        switch cpu.ax {
        case 0x002B: loadProfiles(area, call)
        case 0x002C:
            (cpu.ax, cpu.bx) = (0, UInt16(settings.profile))
            (cpu.es, cpu.si) = (addresses.mouseProfiles.segment, addresses.mouseProfiles.offset)
        case 0x002D:
            guard (1...4).contains(cpu.bx) || cpu.bx == 0xFFFF else {
                (cpu.ax, cpu.bx) = (0xFFFE, UInt16(settings.profile))
                return
            }
            if cpu.bx != 0xFFFF { settings.profile = cpu.bl }
            let name = area.name(of: settings.profile)
            (cpu.ax, cpu.bx) = (0, UInt16(settings.profile))
            (cpu.es, cpu.si) = (name.segment, name.offset)
        default:
            let names = FarPointer(cpu.es, cpu.si)
            let size = MouseMemory.nameLength * 4
            area.store(call.memory.readBytes(names, size), at: MouseMemory.nameOffset)
            if cpu.bl != 0 { call.memory.writeBytes(names, MouseMemory.defaultNames) }
            cpu.ax = 0
        }
    }

    /// AX=002Bh: profile BX and the curves at ES:SI; BX=FFFFh brings back the driver's own.
    private func loadProfiles(_ area: MouseMemory, _ call: BIOSCall) {
        let cpu = call.cpu
        switch cpu.bx {
        case 1...4:
            area.store(call.memory.readBytes(FarPointer(cpu.es, cpu.si), MouseMemory.profileSize))
            settings.profile = cpu.bl
            cpu.ax = 0
        case 0xFFFF:
            area.reset()
            settings.profile = 4
            cpu.ax = 0
        default: cpu.ax = 0xFFFE
        }
    }

    // MARK: Switches

    /// AX=0033h: CX=0 asks for the size; else up to CX bytes go to ES:DX.
    private func tellSwitches(_ call: BIOSCall) {
        let cpu = call.cpu
        var bytes = [UInt8](repeating: 0, count: 16)
        bytes[0] = UInt8(truncatingIfNeeded: mouseType)
        bytes[1] = settings.language
        bytes[2] = UInt8(truncatingIfNeeded: settings.sensitivityX)
        bytes[3] = UInt8(truncatingIfNeeded: settings.sensitivityY)
        bytes[4] = UInt8(min(settings.doubleSpeed, 100))
        bytes[5] = settings.profile
        bytes[6] = max(settings.interruptRate, 1)
        bytes[13] = 1
        bytes[14] = 3
        bytes += MouseMemory(memory: call.memory, addresses: addresses).profiles
        // Nobody knows what Microsoft's driver has in these.
        bytes += [UInt8](repeating: 0, count: 5)
        cpu.ax = 0
        guard cpu.cx != 0 else { return cpu.cx = UInt16(bytes.count) }
        let told = bytes.prefix(Int(cpu.cx))
        call.memory.writeBytes(FarPointer(cpu.es, cpu.dx), told)
        cpu.cx = UInt16(told.count)
    }

    /// AX=0035h: BX=FFFFh asks for style and size (BX), threshold and activity (CX) and delay (DX); else they are set.
    private func pointerFunction(_ call: BIOSCall) {
        let cpu = call.cpu
        if cpu.bx == 0xFFFF {
            (cpu.bx, cpu.cx, cpu.dx) = (settings.pointerStyle, settings.pointerThreshold, settings.pointerDelay)
        } else {
            (settings.pointerStyle, settings.pointerThreshold, settings.pointerDelay) = (cpu.bx, cpu.cx, cpu.dx)
        }
        cpu.ax = 0
    }
}
