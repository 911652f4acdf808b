import Core
import Storage

/// INT 2Fh. Source: Ralf Brown's interrupt list, INT 2Fh. A service that is not there leaves AL as it was, which with
/// an installation check (AL = 0) says that it may be installed.
extension DOSKernel {
    func multiplex(_ call: Call) -> CallResult {
        switch call.registers.ax {
        case 0x1200...0x12FF: return internalService(call)
        case 0x1680:
            // A program gives up its time slice.
            call.registers.al = 0
            call.context.idlePoll()
        case 0x4A01, 0x4A02:
            // No part of the high memory area is free.
            call.registers.bx = 0
            (call.registers.es, call.registers.di) = (0xFFFF, 0xFFFF)
        default: break
        }
        return .done
    }

    /// AH=12h: services of DOS for network redirectors, those that ordinary programs use. Arguments on the stack lie
    /// behind the three words of the INT.
    private func internalService(_ call: Call) -> CallResult {
        let memory = call.memory
        let argument = call.frame + Int(SuspendedCall.frameSize) + 6
        switch call.registers.al {
        case 0x00: call.registers.al = 0xFF
        case 0x02: setPointer(FarPointer(0, UInt16(memory.read8(argument)) * 4), call)
        case 0x03: call.registers.ds = DOSLayout.dataSegment
        case 0x05:
            if call.progress.phase == 0 {
                put(memory.read8(argument), call)
                call.progress.phase = 1
            }
            if let result = drain(call, checks: false) { return result }
        case 0x11: normalizeName(call)
        case 0x12: call.registers.cx = UInt16(clamping: memory.readString(call.registers.esdi, limit: 0xFFFF).count + 1)
        case 0x13: call.registers.al = ShortName.uppercase(memory.read8(argument))
        case 0x14:
            let isEqual = call.registers.dssi.linear == call.registers.esdi.linear
            call.registers.zero = isEqual
            call.registers.carry = !isEqual
        case 0x16:
            guard Int(call.registers.bx) < state.files.count else {
                call.registers.carry = true
                return .done
            }
            setDestination(sft(Int(call.registers.bx)), call)
            call.registers.carry = false
        case 0x17: currentDirectoryStructure(memory.read8(argument), call)
        case 0x20: handleSlot(call)
        case 0x25: call.registers.cx = UInt16(clamping: memory.readString(call.registers.dssi, limit: 0xFFFF).count + 1)
        default: break
        }
        return .done
    }

    /// ES:BX
    private func setPointer(_ pointer: FarPointer, _ call: Call) {
        (call.registers.es, call.registers.bx) = (pointer.segment, pointer.offset)
    }

    private func setDestination(_ pointer: FarPointer, _ call: Call) {
        (call.registers.es, call.registers.di) = (pointer.segment, pointer.offset)
    }

    /// AX=1211h: the name at DS:SI to ES:DI, upper case, with backslashes.
    private func normalizeName(_ call: Call) {
        let text = call.memory.readString(call.registers.dssi, limit: 128)
        let upper = text.map { $0 == UInt8(ascii: "/") ? UInt8(ascii: "\\") : ShortName.uppercase($0) }
        call.memory.writeBytes(call.registers.esdi, upper + [0])
    }

    /// AX=1217h: DS:SI is the current directory structure of a drive, 0 is A.
    private func currentDirectoryStructure(_ drive: UInt8, _ call: Call) {
        call.registers.carry = drive >= configuration.lastDrive || drive >= 26
        guard !call.registers.carry else { return }
        let place = cds(drive)
        (call.registers.ds, call.registers.si) = (place.segment, place.offset)
    }

    /// AX=1220h: ES:DI is the byte of handle BX in the process's table.
    private func handleSlot(_ call: Call) {
        let process = PSP(currentProcess(call.memory), call.memory)
        guard call.registers.bx < process.handleCount else {
            call.registers.al = UInt8(truncatingIfNeeded: DOSError.invalidHandle.rawValue)
            call.registers.carry = true
            return
        }
        setDestination(process.handleTable + Int(call.registers.bx), call)
        call.registers.carry = false
    }
}
