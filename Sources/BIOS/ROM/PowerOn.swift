import Core
import X86

/// The power-on sequence: vectors, data area, interrupt controllers, timer, keyboard controller, clock.
///
/// Source: IBM PC and PC AT Technical Reference, power-on self-test listings.
struct PowerOn {
    let configuration: BIOSConfiguration
    let addresses: ROMAddresses

    private var isAT: Bool { configuration.isAT }

    func run(in context: ServiceContext) {
        // Vectors and data areas.
        for address in UInt32(0)..<0x500 { context.memory.write8(address, 0) }
        setVectors(context.memory)
        setDataArea(context)
        // Chips.
        programDMA(context)
        // The timer first: the rise of its output is forgotten when the interrupt controllers are initialised.
        programTimer(context)
        programInterruptControllers(context)
        programKeyboard(context)
        if isAT { readClock(context) }
    }

    /// The offset in F000h of the handler or table that vector `number` (08h to 1Fh) points to; 0 for none.
    static func entryOffset(of number: UInt8) -> UInt16 {
        switch number {
        case 0x08: IBMEntry.timerTick
        case 0x09: IBMEntry.keyboardInterrupt
        case 0x0E: IBMEntry.disketteInterrupt
        case 0x0A...0x0F: IBMEntry.unexpected
        case 0x10: IBMEntry.video
        case 0x11: IBMEntry.equipment
        case 0x12: IBMEntry.memorySize
        case 0x13: IBMEntry.disk
        case 0x14: IBMEntry.serial
        case 0x15: IBMEntry.system
        case 0x16: IBMEntry.keyboard
        case 0x17: IBMEntry.printer
        case 0x19: IBMEntry.bootstrap
        case 0x1A: IBMEntry.clock
        case 0x1B, 0x1C: IBMEntry.interruptReturn
        case 0x1D: IBMEntry.videoParameters
        case 0x1E: IBMEntry.disketteParameters
        default: 0
        }
    }

    private func setVectors(_ memory: GuestMemory) {
        let segment = ServiceROM.segment
        func set(_ number: UInt8, _ offset: UInt16) { memory.setVector(number, FarPointer(segment, offset)) }

        for number in UInt8(0x00)...0x07 { set(number, IBMEntry.unexpected) }
        set(0x01, IBMEntry.interruptReturn)
        set(0x02, IBMEntry.nonMaskable)
        set(0x03, IBMEntry.interruptReturn)
        set(0x04, IBMEntry.interruptReturn)
        set(0x05, IBMEntry.printScreen)
        for number in UInt8(0x08)...0x1E { set(number, PowerOn.entryOffset(of: number)) }
        memory.setVector(0x06, addresses.invalidInstruction)
        memory.setVector(0x18, addresses.noBootDevice)
        memory.setVector(0x1F, addresses.font8 + 128 * 8)
        for number in UInt8(0x20)...0x3F { set(number, IBMEntry.unexpected) }
        if configuration.hasPlanarVideo {
            set(0x42, IBMEntry.video)
            memory.setVector(0x43, addresses.font16)
        }
        if configuration.mouse != .none { memory.setVector(0x33, addresses.mouse) }
        if configuration.mouse == .serial { memory.setVector(0x0C, addresses.serialMouse) }
        if configuration.hasSoundConverter { memory.setVector(0x0F, addresses.soundInterrupt) }
        set(0x4A, IBMEntry.interruptReturn)
        // 60h to 67h stay 0:0: programs take that as free, and 67h as a machine without EMS.
        guard isAT else { return }
        memory.setVector(0x70, addresses.realTimeClock)
        memory.setVector(0x71, addresses.redirectedIRQ2)
        for number in UInt8(0x72)...0x77 { set(number, IBMEntry.unexpected) }
        memory.setVector(0x75, addresses.coprocessorError)
        if configuration.mouse == .ps2 { memory.setVector(0x74, addresses.pointingInterrupt) }
    }

    private func setDataArea(_ context: ServiceContext) {
        let memory = context.memory
        let data = BIOSDataArea(memory: memory)
        for (index, port) in configuration.serialPorts.prefix(4).enumerated() {
            memory.write16(data.pointer(UInt16(index * 2)), port)
        }
        for (index, port) in configuration.parallelPorts.prefix(3).enumerated() {
            memory.write16(data.pointer(UInt16(0x08 + index * 2)), port)
        }
        data[.equipment] = equipment
        data[.memoryKilobytes] = UInt16(clamping: configuration.conventionalKilobytes)
        data[.keyboardHead] = 0x1E
        data[.keyboardTail] = 0x1E
        data[.keyboardStart] = 0x1E
        data[.keyboardEnd] = 0x3E
        if isAT { data.keyboardStatus = .isEnhanced }
        // Time-outs of printers and serial ports, in units of each BIOS.
        memory.writeBytes(data.pointer(0x78), [0x14, 0x14, 0x14, 0x14, 0x01, 0x01, 0x01, 0x01])
    }

    /// The equipment word at 0040:0010.
    private var equipment: UInt16 {
        var word: UInt16 = 0
        let floppies = min(max(configuration.floppyCount, 0), 4)
        if floppies > 0 { word |= 0x0001 | UInt16(floppies - 1) << 6 }
        if configuration.hasCoprocessor { word |= 0x0002 }
        if isAT {
            if configuration.mouse == .ps2 { word |= 0x0004 }
        } else {
            // All banks of the system board are filled.
            word |= 0x000C
            // The AT's BIOS does not look for it.
            if configuration.hasGamePort { word |= 0x1000 }
        }
        word |= configuration.isMonochrome ? 0x0030 : 0x0020
        word |= UInt16(min(configuration.serialPorts.count, 4)) << 9
        word |= UInt16(min(configuration.parallelPorts.count, 3)) << 14
        return word
    }

    private func programDMA(_ context: ServiceContext) {
        context.out(0x0D, 0x00)
        // Channel 0 refreshes memory on the PC and XT: single transfers, auto-initialised. The others verify.
        if !isAT {
            context.out(0x01, 0xFF)
            context.out(0x01, 0xFF)
            context.out(0x0B, 0x58)
        } else {
            context.out(0x0B, 0x40)
            // The first controller is cascaded on channel 4.
            context.out(0xDA, 0x00)
            context.out(0xD6, 0xC0)
            context.out(0xD4, 0x00)
        }
        for channel in UInt8(1)...3 { context.out(0x0B, 0x40 | channel) }
        context.out(0x08, 0x00)
        if !isAT { context.out(0x0A, 0x00) }
    }

    private func programInterruptControllers(_ context: ServiceContext) {
        if isAT {
            for (port, bytes) in [
                (UInt16(0x20), [UInt8(0x11), 0x08, 0x04, 0x01]), (0xA0, [0x11, 0x70, 0x02, 0x01]),
            ] {
                context.out(port, bytes[0])
                for byte in bytes[1...] { context.out(port + 1, byte) }
            }
            // IRQ 0, 1, 2 (cascade) and 6.
            context.out(0x21, 0b1011_1000)
            context.out(0xA1, configuration.hasCoprocessor ? 0b1101_1111 : 0b1111_1111)
        } else {
            // Single, edge triggered; vectors from 08h; buffered slave mode, as IBM has it.
            for (port, byte) in [(UInt16(0x20), UInt8(0x13)), (0x21, 0x08), (0x21, 0x09)] { context.out(port, byte) }
            context.out(0x21, 0b1011_1100)
        }
    }

    private func programTimer(_ context: ServiceContext) {
        // Channel 1: memory refresh every 18 clocks.
        context.out(0x43, 0b0101_0100)
        context.out(0x41, 18)
        // Channel 0: mode 3, divisor 65,536, the tick at 18.2 Hz.
        context.out(0x43, 0b0011_0110)
        context.out(0x40, 0)
        context.out(0x40, 0)
        // Channel 2: the bell's pitch.
        context.out(0x43, 0b1011_0110)
        context.out(0x42, 0x33)
        context.out(0x42, 0x05)
    }

    private func programKeyboard(_ context: ServiceContext) {
        guard isAT else {
            // 8255: A and C input, B output. Then clear the keyboard and let its clock run.
            context.out(0x63, 0x99)
            context.out(0x61, 0b1100_1100)
            context.out(0x61, 0b0100_1100)
            context.out(0xA0, 0x80)
            return
        }
        // Speaker and parity checks off.
        context.out(0x61, 0b0000_1100)
        // Command byte: translation, system flag, interrupt; then the keyboard is enabled.
        context.out(0x64, 0x60)
        context.out(0x60, 0b0100_0101)
        context.out(0x64, 0xAE)
        for _ in 0..<16 where context.in(0x64) & 0b0000_0001 != 0 { _ = context.in(0x60) }
    }

    /// Sets up the real-time clock and takes the ticks since midnight from it.
    private func readClock(_ context: ServiceContext) {
        let clock = ClockRegisters(context: context)
        guard clock.isPresent else { return }
        clock[ClockRegisters.statusA] = 0x26
        clock.control = .is24Hour
        _ = clock[ClockRegisters.statusC]
        // The extended memory that was found, in KB.
        let extended = UInt16(clamping: configuration.extendedKilobytes)
        clock[ClockRegisters.extendedMemoryLow] = UInt8(truncatingIfNeeded: extended)
        clock[ClockRegisters.extendedMemoryHigh] = UInt8(extended >> 8)
        func binary(_ register: UInt8) -> Int {
            let value = clock[register]
            return Int(value >> 4) * 10 + Int(value & 15)
        }
        let seconds =
            (binary(ClockRegisters.hours) % 24 * 60 + binary(ClockRegisters.minutes) % 60) * 60
            + binary(ClockRegisters.seconds) % 60
        BIOSDataArea(memory: context.memory).tickCount = UInt32(ClockService.ticks(ofSeconds: seconds))
        _ = clock[ClockRegisters.statusD]
    }
}
