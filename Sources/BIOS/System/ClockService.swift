import Core
import X86

/// INT 1Ah: ticks since midnight, the AT's real-time clock, and what `DigitalSound` does.
///
/// Source: RBIL INT 1Ah; IBM PC AT Technical Reference, "Time of day".
final class ClockService {
    private let configuration: BIOSConfiguration
    private let sound: DigitalSound
    /// How often the present call has found the clock in an update.
    private var retries: UInt8 = 0

    init(configuration: BIOSConfiguration, sound: DigitalSound) {
        (self.configuration, self.sound) = (configuration, sound)
    }

    func transfer(_ coder: StateCoder) { coder.field("retries", &retries) }

    /// Timer ticks (65,536 counts of 1,193,182 Hz, 18.2 Hz) in `seconds` seconds.
    static func ticks(ofSeconds seconds: Int) -> Int { seconds * 1_193_182 / 65_536 }

    func handle(_ call: BIOSCall) -> ServiceOutcome {
        let cpu = call.cpu
        switch cpu.ah {
        case 0x00:
            readTicks(call)
            call.context.statusPoll()
        case 0x01: setTicks(call)
        case 0x02...0x07 where call.isAT: return realTimeClock(call)
        case 0x80...0x85 where configuration.hasSoundConverter: sound.handle(call)
        default: call.reportUnknown()
        }
        return .done
    }

    /// AH=00h: CX:DX ticks; AL: midnight has passed since the last call.
    private func readTicks(_ call: BIOSCall) {
        let (cpu, data) = (call.cpu, call.data)
        cpu.dx = data[.tickCountLow]
        cpu.cx = data[.tickCountHigh]
        cpu.al = data[.midnight]
        data[.midnight] = 0
    }

    /// AH=01h.
    private func setTicks(_ call: BIOSCall) {
        let (cpu, data) = (call.cpu, call.data)
        data[.tickCountLow] = cpu.dx
        data[.tickCountHigh] = cpu.cx
        data[.midnight] = 0
    }

    // MARK: Real-time clock

    /// All calls wait for the end of an update (at most 2.2 ms), and fail with carry if the clock does not run.
    private func realTimeClock(_ call: BIOSCall) -> ServiceOutcome {
        let context = call.context
        let clock = ClockRegisters(context: context)
        let ah = call.cpu.ah
        guard clock.isPresent else { return fail(context) }
        if ah != 0x07, clock.isUpdating {
            retries &+= 1
            guard retries < 30 else { return fail(context) }
            // The same trap again a little later.
            context.cost += .microseconds(244)
            context.cpu.ip = context.trapAddress.offset
            return .resume
        }
        retries = 0
        context.callerCarry = false
        switch ah {
        case 0x02: readTime(clock, call)
        case 0x03: setTime(clock, call)
        case 0x04: readDate(clock, call)
        case 0x05: setDate(clock, call)
        case 0x06: setAlarm(clock, call)
        default:
            // AH=07h: no alarm.
            clock.control = clock.control.subtracting([.alarmInterrupt, .updatesInhibited])
        }
        return .done
    }

    private func fail(_ context: ServiceContext) -> ServiceOutcome {
        retries = 0
        context.callerCarry = true
        return .done
    }

    /// AH=02h: CH hours, CL minutes, DH seconds, in BCD; DL daylight saving.
    private func readTime(_ clock: ClockRegisters, _ call: BIOSCall) {
        let cpu = call.cpu
        cpu.dh = clock[ClockRegisters.seconds]
        cpu.dl = clock.control.contains(.daylightSaving) ? 1 : 0
        cpu.cl = clock[ClockRegisters.minutes]
        cpu.ch = clock[ClockRegisters.hours]
        cpu.al = cpu.ch
    }

    /// AH=03h.
    private func setTime(_ clock: ClockRegisters, _ call: BIOSCall) {
        let cpu = call.cpu
        clock[ClockRegisters.seconds] = cpu.dh
        clock[ClockRegisters.minutes] = cpu.cl
        clock[ClockRegisters.hours] = cpu.ch
        var control = clock.control.intersection([.periodicInterrupt, .alarmInterrupt])
        control.insert(.is24Hour)
        if cpu.dl & 1 != 0 { control.insert(.daylightSaving) }
        clock.control = control
    }

    /// AH=04h: CH century, CL year, DH month, DL day, in BCD.
    private func readDate(_ clock: ClockRegisters, _ call: BIOSCall) {
        let cpu = call.cpu
        cpu.dl = clock[ClockRegisters.dayOfMonth]
        cpu.dh = clock[ClockRegisters.month]
        cpu.cl = clock[ClockRegisters.year]
        cpu.ch = clock[ClockRegisters.century]
        cpu.al = cpu.ch
    }

    /// AH=05h.
    private func setDate(_ clock: ClockRegisters, _ call: BIOSCall) {
        let cpu = call.cpu
        clock[ClockRegisters.dayOfMonth] = cpu.dl
        clock[ClockRegisters.month] = cpu.dh
        clock[ClockRegisters.year] = cpu.cl
        clock[ClockRegisters.century] = cpu.ch
        clock.control = clock.control.subtracting(.updatesInhibited)
    }

    /// AH=06h: INT 4Ah at CH:CL:DH. Carry if an alarm is set already.
    private func setAlarm(_ clock: ClockRegisters, _ call: BIOSCall) {
        let cpu = call.cpu
        guard !clock.control.contains(.alarmInterrupt) else {
            cpu.ax = 0
            call.context.callerCarry = true
            return
        }
        clock[ClockRegisters.alarmSeconds] = cpu.dh
        clock[ClockRegisters.alarmMinutes] = cpu.cl
        clock[ClockRegisters.alarmHours] = cpu.ch
        call.unmaskSlave(0)
        clock.control = clock.control.subtracting(.updatesInhibited).union(.alarmInterrupt)
    }
}
