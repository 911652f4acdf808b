import Core
import X86

/// One service trap that is being handled, with what every service needs.
struct BIOSCall {
    let context: ServiceContext
    let service: BIOSService
    let trap: BIOSService.Trap

    var cpu: Registers { context.cpu }
    var memory: GuestMemory { context.memory }
    var data: BIOSDataArea { BIOSDataArea(memory: context.memory) }
    var isAT: Bool { service.configuration.isAT }

    /// The instruction behind the caller's INT.
    var caller: FarPointer { memory.readPointer(cpu.stackPointer) }

    /// The service takes `clocks` processor clocks more than its few instructions.
    func spend(clocks: Int) {
        context.cost += service.configuration.processorClock * Int64(clocks)
    }

    /// Reports a function number that does not exist here. The caller's registers stay.
    func reportUnknown() {
        let number = trap.rawValue
        service.report(.unknownFunction(interrupt: number, ax: cpu.ax, caller: caller))
    }

    /// Ends a hardware interrupt at the master interrupt controller.
    func endInterrupt() { context.out(0x20, 0x20) }

    /// Unmasks an interrupt of the second controller, and the cascade.
    func unmaskSlave(_ line: UInt8) {
        context.out(0xA1, context.in(0xA1) & ~(1 << line))
        context.out(0x21, context.in(0x21) & ~0b0000_0100)
    }
}

/// The registers of the real-time clock through its index port.
///
/// Source: IBM PC AT Technical Reference, "Real-time clock/CMOS RAM".
struct ClockRegisters {
    let context: ServiceContext

    subscript(_ index: UInt8) -> UInt8 {
        get {
            context.out(0x70, index)
            return context.in(0x71)
        }
        nonmutating set {
            context.out(0x70, index)
            context.out(0x71, newValue)
        }
    }

    static let seconds: UInt8 = 0x00
    static let alarmSeconds: UInt8 = 0x01
    static let minutes: UInt8 = 0x02
    static let alarmMinutes: UInt8 = 0x03
    static let hours: UInt8 = 0x04
    static let alarmHours: UInt8 = 0x05
    static let dayOfMonth: UInt8 = 0x07
    static let month: UInt8 = 0x08
    static let year: UInt8 = 0x09
    static let statusA: UInt8 = 0x0A
    static let statusB: UInt8 = 0x0B
    static let statusC: UInt8 = 0x0C
    static let statusD: UInt8 = 0x0D
    static let extendedMemoryLow: UInt8 = 0x30
    static let extendedMemoryHigh: UInt8 = 0x31
    static let century: UInt8 = 0x32

    /// Status register B.
    struct Control: OptionSet {
        let rawValue: UInt8
        static let daylightSaving = Control(rawValue: 0b0000_0001)
        static let is24Hour = Control(rawValue: 0b0000_0010)
        static let periodicInterrupt = Control(rawValue: 0b0100_0000)
        static let alarmInterrupt = Control(rawValue: 0b0010_0000)
        static let updatesInhibited = Control(rawValue: 0b1000_0000)
    }

    var control: Control {
        get { Control(rawValue: self[ClockRegisters.statusB]) }
        nonmutating set { self[ClockRegisters.statusB] = newValue.rawValue }
    }

    var isUpdating: Bool { self[ClockRegisters.statusA] & 0b1000_0000 != 0 }

    /// False where no chip answers: status A would then read FFh, which sets the update bit for ever.
    var isPresent: Bool { self[ClockRegisters.statusA] != 0xFF }
}
