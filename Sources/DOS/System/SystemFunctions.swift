import Core
import X86

extension DOSKernel {
    /// The system functions of INT 21h; nil for a number that is not among them.
    func systemFunction(_ number: UInt8, _ call: Call) throws(DOSError) -> CallResult? {
        let memory = call.memory
        switch number {
        // Functions of CP/M and of later DOS that do nothing here, or nothing any more.
        case 0x18, 0x1D, 0x1E, 0x20, 0x61, 0x6B: call.registers.al = 0
        case 0x1A: memory.writePointer(DOSLayout.currentDTA, call.registers.dsdx)
        case 0x25: memory.setVector(call.registers.al, call.registers.dsdx)
        case 0x2A...0x2D: dateAndTime(number, call)
        case 0x2E: memory.write8(DOSLayout.verifyFlag, call.registers.al & 1)
        case 0x2F: setPointer(currentDTA(memory), call)
        case 0x30: version(call)
        case 0x33: systemValues(call)
        case 0x34: setPointer(DOSLayout.inDOS, call)
        case 0x35: setPointer(memory.vector(call.registers.al), call)
        case 0x37: switchCharacter(call)
        case 0x38: try countryInformation(call)
        case 0x52: setPointer(DOSLayout.listOfLists, call)
        case 0x54: call.registers.al = memory.read8(DOSLayout.verifyFlag)
        case 0x59: extendedError(call)
        case 0x5D: try serverCall(call)
        case 0x5E, 0x5F: throw .invalidFunction  // no network
        case 0x63: try doubleByteTable(call)
        case 0x64: break  // the flag of the printer's idle call
        case 0x65: try extendedCountry(call)
        case 0x66: try codePage(call)
        case 0x69: try serialNumber(call)
        default: return nil
        }
        return .done
    }

    /// ES:BX
    private func setPointer(_ pointer: FarPointer, _ call: Call) {
        (call.registers.es, call.registers.bx) = (pointer.segment, pointer.offset)
    }

    /// AH=30h: the version; BH is the maker (FFh, Microsoft) or the version flags, BL:CX the serial number.
    private func version(_ call: Call) {
        let wantsFlags = call.registers.al == 1
        call.registers.al = configuration.version.major
        call.registers.ah = configuration.version.minor
        call.registers.bx = wantsFlags ? 0x0000 : 0xFF00
        call.registers.cx = 0
    }

    /// AH=33h: Ctrl-C checking, the boot drive, the true version.
    private func systemValues(_ call: Call) {
        let flag = DOSLayout.extendedBreak
        switch call.registers.al {
        case 0x00: call.registers.dl = call.memory.read8(flag)
        case 0x01: call.memory.write8(flag, call.registers.dl & 1)
        case 0x02:
            let old = call.memory.read8(flag)
            call.memory.write8(flag, call.registers.dl & 1)
            call.registers.dl = old
        case 0x05: call.registers.dl = configuration.currentDrive &+ 1
        case 0x06:
            call.registers.bl = configuration.version.major
            call.registers.bh = configuration.version.minor
            call.registers.dx = 0
        default: call.registers.al = 0xFF
        }
    }

    /// AH=37h: the character that leads options, and whether devices need `\DEV\`.
    private func switchCharacter(_ call: Call) {
        switch call.registers.al {
        case 0x00: call.registers.dl = call.memory.read8(DOSLayout.switchCharacter)
        case 0x01: call.memory.write8(DOSLayout.switchCharacter, call.registers.dl)
        case 0x02: call.registers.dl = 0xFF
        case 0x03: break
        default:
            call.registers.al = 0xFF
            return
        }
        call.registers.al = 0
    }

    /// AH=5Dh: the swappable data area and the extended error; the rest belongs to networks.
    private func serverCall(_ call: Call) throws(DOSError) {
        switch call.registers.al {
        case 0x06:
            let area = FarPointer(DOSLayout.dataSegment, DOSLayout.swappableDataArea)
            (call.registers.ds, call.registers.si) = (area.segment, area.offset)
            call.registers.cx = DOSLayout.swappableInDOS
            call.registers.dx = DOSLayout.swappableAlways
        case 0x0A: setExtendedError(call)
        default: throw .invalidFunction
        }
        call.registers.carry = false
    }

    /// AX=6900h: serial number, label and file system of a drive, at DS:DX. Setting it (AL=01h) is refused.
    /// Source: Ralf Brown's interrupt list, INT 21h AH=69h, table 01766.
    private func serialNumber(_ call: Call) throws(DOSError) {
        let drive = try drive(call.registers.bl, call.memory)
        let volume = try volume(drive)
        guard call.registers.al == 0 else { throw call.registers.al == 1 ? .accessDenied : .invalidFunction }
        let place = call.registers.dsdx
        call.memory.write16(place, 0)
        call.memory.write32(place + 2, volume.serialNumber)
        call.memory.writeBytes(place + 6, volume.label?.bytes ?? Array("NO NAME    ".utf8))
        call.memory.writeBytes(place + 17, Array("FAT16   ".utf8))
        call.registers.carry = false
    }

    /// AH=2Ah to 2Dh
    private func dateAndTime(_ number: UInt8, _ call: Call) {
        let memory = call.memory
        switch number {
        case 0x2A:
            let date = currentDate(memory)
            call.registers.cx = date.year
            (call.registers.dh, call.registers.dl) = (date.month, date.day)
            call.registers.al = date.weekday
            call.context.statusPoll()
        case 0x2B:
            let date = CalendarDate(year: call.registers.cx, month: call.registers.dh, day: call.registers.dl)
            if let date { setDate(date, memory) }
            call.registers.al = date == nil ? 0xFF : 0
        case 0x2C:
            _ = currentDate(memory)
            let time = currentTime(memory)
            (call.registers.ch, call.registers.cl) = (time.hour, time.minute)
            (call.registers.dh, call.registers.dl) = (time.second, time.hundredth)
            call.context.statusPoll()
        default:
            guard call.registers.ch < 24, call.registers.cl < 60, call.registers.dh < 60, call.registers.dl < 100 else {
                call.registers.al = 0xFF
                return
            }
            setTime(
                TimeOfDay(
                    hour: call.registers.ch, minute: call.registers.cl, second: call.registers.dh,
                    hundredth: call.registers.dl), memory)
            call.registers.al = 0
        }
    }
}
