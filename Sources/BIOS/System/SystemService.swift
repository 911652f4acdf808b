import Core
import X86

/// INT 15h: waits, extended memory, the joystick, hooks of the operating system.
///
/// Source: RBIL INT 15h; IBM PC AT Technical Reference, "System services".
final class SystemService {
    private let configuration: BIOSConfiguration
    private let addresses: ROMAddresses

    init(configuration: BIOSConfiguration, addresses: ROMAddresses) {
        self.configuration = configuration
        self.addresses = addresses
    }

    func handle(_ call: BIOSCall) -> ServiceOutcome {
        let cpu = call.cpu
        switch cpu.ah {
        case 0x4F where call.isAT:
            // Keyboard intercept: carry set keeps the scan code, which stays in AL.
            call.context.callerCarry = true
        case _ where !call.isAT:
            // The PC's BIOS drives a cassette here, the XT's nothing.
            fail(call, with: configuration.machine == .pc ? 0x80 : 0x86)
        case 0x24: addressLine20(call)
        case 0x80, 0x81, 0x82: succeed(call)
        case 0x83: eventWait(call)
        case 0x84: return joystick(call)
        case 0x85: succeed(call)
        case 0x86: return wait(call)
        case 0x87: moveBlock(call)
        case 0x88:
            cpu.ax = UInt16(clamping: configuration.extendedKilobytes)
            call.context.callerCarry = false
        case 0x90, 0x91: succeed(call)
        case 0xC0:
            (cpu.es, cpu.bx) = (ServiceROM.segment, IBMEntry.configuration)
            succeed(call)
        default:
            // AH=89h, protected mode, among them: this machine's processor has none.
            call.reportUnknown()
            fail(call, with: 0x86)
        }
        return .done
    }

    private func succeed(_ call: BIOSCall) {
        call.cpu.ah = 0
        call.context.callerCarry = false
    }

    private func fail(_ call: BIOSCall, with status: UInt8) {
        call.cpu.ah = status
        call.context.callerCarry = true
    }

    // MARK: A20

    /// AH=24h: AL 00h closes the A20 line, 01h opens it, 02h asks for it, 03h how it can be done.
    private func addressLine20(_ call: BIOSCall) {
        let cpu = call.cpu
        switch cpu.al {
        case 0x00, 0x01:
            // The 8042's output port: bit 1 is A20, bit 0 would reset the processor.
            call.context.out(0x64, 0xD1)
            call.context.out(0x60, cpu.al == 0x01 ? 0xDF : 0xDD)
        case 0x02: cpu.al = call.memory.isA20Enabled ? 1 : 0
        case 0x03: cpu.bx = 0x0001
        default: return fail(call, with: 0x86)
        }
        succeed(call)
    }

    // MARK: Waits

    /// AH=83h: sets bit 7 at ES:BX after CX:DX microseconds (AL=00h), or forgets it (AL=01h).
    private func eventWait(_ call: BIOSCall) {
        let (cpu, data) = (call.cpu, call.data)
        switch cpu.al {
        case 0x00:
            guard startWait(call, flag: FarPointer(cpu.es, cpu.bx)) else { return fail(call, with: 0x83) }
            succeed(call)
        case 0x01:
            let clock = ClockRegisters(context: call.context)
            clock.control = clock.control.subtracting(.periodicInterrupt)
            data[.waitFlag] = 0
            succeed(call)
        default: fail(call, with: 0x86)
        }
    }

    /// AH=86h: comes back after CX:DX microseconds. Carry and AH=83h: a wait is under way already.
    private func wait(_ call: BIOSCall) -> ServiceOutcome {
        let flag = call.data.pointer(BIOSDataArea.Byte.waitFlag.offset)
        guard ClockRegisters(context: call.context).isPresent else {
            fail(call, with: 0x86)
            return .done
        }
        guard startWait(call, flag: flag) else {
            fail(call, with: 0x83)
            return .done
        }
        // The clock's interrupt ends the wait; a stub of its own looks for that.
        call.cpu.codePointer = addresses.eventWait
        return .resume
    }

    /// The trap in the stub of a wait: bit 7 of 0040:00A0 is set when it is over.
    func continueWait(_ call: BIOSCall) -> ServiceOutcome {
        let data = call.data
        guard data[.waitFlag] & 0x80 != 0 else { return .wait }
        data[.waitFlag] = 0
        succeed(call)
        return .done
    }

    /// Starts the count in the data area and the clock's periodic interrupt (1,024 Hz).
    private func startWait(_ call: BIOSCall, flag: FarPointer) -> Bool {
        let (cpu, data) = (call.cpu, call.data)
        guard data[.waitFlag] & 0x01 == 0 else { return false }
        data.waitPointer = flag
        data[.waitCountLow] = cpu.dx
        data[.waitCountHigh] = cpu.cx
        data[.waitFlag] = 0x01
        call.unmaskSlave(0)
        let clock = ClockRegisters(context: call.context)
        // A stale flag would keep the interrupt from rising.
        _ = clock[ClockRegisters.statusC]
        clock.control = clock.control.union(.periodicInterrupt)
        return true
    }

    // MARK: Joystick

    /// AH=84h: DX=0 switches in AL bits 4 to 7; DX=1 positions in AX, BX, CX, DX. Without a game port all are zero.
    private func joystick(_ call: BIOSCall) -> ServiceOutcome {
        let cpu = call.cpu
        guard cpu.dx <= 1 else {
            fail(call, with: 0x86)
            return .done
        }
        call.context.callerCarry = false
        switch (cpu.dx, call.context.ports.device(at: 0x201)) {
        case (0, nil): cpu.ax = 0
        case (0, _): cpu.ax = UInt16(call.context.in(0x201) & 0xF0)
        case (_, nil): (cpu.ax, cpu.bx, cpu.cx, cpu.dx) = (0, 0, 0, 0)
        default:
            call.cpu.codePointer = addresses.joystickPositions
            return .resume
        }
        return .done
    }

    // MARK: Extended memory

    /// AH=87h: moves CX words between two segments of a descriptor table at ES:SI, anywhere in 16 MB.
    private func moveBlock(_ call: BIOSCall) {
        let (cpu, memory) = (call.cpu, call.memory)
        let table = FarPointer(cpu.es, cpu.si)
        let count = Int(cpu.cx) * 2
        func segment(_ entry: Int) -> (base: Int, size: Int) {
            let descriptor = table + entry
            let base = Int(memory.read16(descriptor + 2)) | Int(memory.read8(descriptor + 4)) << 16
            return (base, Int(memory.read16(descriptor)) + 1)
        }
        let (source, target) = (segment(0x10), segment(0x18))
        guard cpu.cx <= 0x8000, source.size >= count, target.size >= count else {
            // A real BIOS meets the segment limit as an exception in protected mode.
            cpu.ah = 0x02
            call.context.callerCarry = true
            call.context.callerZero = false
            return
        }
        for index in 0..<count {
            write(read(source.base + index, memory), to: target.base + index, memory)
        }
        succeed(call)
        call.context.callerZero = true
        call.spend(clocks: 300 + count * 4)
    }

    /// Physical memory of 16 MB: the first megabyte as the processor sees it, extended memory, nothing behind it.
    private func read(_ address: Int, _ memory: GuestMemory) -> UInt8 {
        let address = address & 0xFF_FFFF
        if address < 0x10_0000 { return memory.read8(UInt32(address)) }
        return address < memory.physical.count ? memory.physical[address] : 0xFF
    }

    private func write(_ value: UInt8, to address: Int, _ memory: GuestMemory) {
        let address = address & 0xFF_FFFF
        if address < 0x10_0000 {
            memory.write8(UInt32(address), value)
        } else if address < memory.physical.count {
            memory.physical[address] = value
        }
    }
}
