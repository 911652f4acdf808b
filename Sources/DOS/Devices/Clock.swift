import Core
import Storage
import X86

/// A time of day in hundredths of a second.
struct TimeOfDay: Hashable {
    var hundredths: UInt32

    init(hundredths: UInt32) { self.hundredths = min(hundredths, 8_639_999) }

    init(hour: UInt8, minute: UInt8, second: UInt8, hundredth: UInt8) {
        self.init(
            hundredths: ((UInt32(hour) * 60 + UInt32(minute)) * 60 + UInt32(second)) * 100 + UInt32(hundredth))
    }

    var hour: UInt8 { UInt8(hundredths / 360_000) }
    var minute: UInt8 { UInt8(hundredths / 6_000 % 60) }
    var second: UInt8 { UInt8(hundredths / 100 % 60) }
    var hundredth: UInt8 { UInt8(hundredths % 100) }

    /// Ticks of the BIOS's timer in a day.
    static let ticksPerDay: UInt32 = 0x18_00B0

    /// A tick is 65,536 / 1,193,180 s. Source: MS-DOS 4.0, CLOCK$ driver, which uses this ratio.
    init(ticks: UInt32) {
        self.init(hundredths: UInt32(UInt64(ticks) * 327_680 / 59_659))
    }

    var ticks: UInt32 { UInt32((UInt64(hundredths) * 59_659 + 327_679) / 327_680) }
}

/// A date as a count of days since 1980-01-01, as CLOCK$ keeps it.
struct CalendarDate: Hashable {
    var year: UInt16
    var month: UInt8
    var day: UInt8

    static let lastDay: UInt16 = 43_829  // 2099-12-31

    static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    init(days: UInt16) {
        var rest = Int(min(days, CalendarDate.lastDay))
        var year = 1980
        while rest >= (CalendarDate.isLeap(year) ? 366 : 365) {
            rest -= CalendarDate.isLeap(year) ? 366 : 365
            year += 1
        }
        var month = 1
        while rest >= CalendarDate.length(ofMonth: month, year: year) {
            rest -= CalendarDate.length(ofMonth: month, year: year)
            month += 1
        }
        (self.year, self.month, day) = (UInt16(year), UInt8(month), UInt8(rest + 1))
    }

    /// Nil if there is no such day from 1980 to 2099.
    init?(year: UInt16, month: UInt8, day: UInt8) {
        guard (1980...2099).contains(year), (1...12).contains(month), day >= 1,
            Int(day) <= CalendarDate.length(ofMonth: Int(month), year: Int(year))
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    var days: UInt16 {
        var count = Int(day) - 1
        for past in 1980..<Int(year) { count += CalendarDate.isLeap(past) ? 366 : 365 }
        for past in 1..<Int(month) { count += CalendarDate.length(ofMonth: past, year: Int(year)) }
        return UInt16(count)
    }

    /// 0 is Sunday. 1980-01-01 was a Tuesday.
    var weekday: UInt8 { UInt8((Int(days) + 2) % 7) }
}

/// The clock of DOS: the BIOS's tick count in memory, and the date, moved on by the BIOS's midnight flag.
extension DOSKernel {
    private static let tickCount = FarPointer(0x0040, 0x006C)
    private static let midnightFlag = FarPointer(0x0040, 0x0070)

    /// Takes over a midnight that has passed, as the CLOCK$ driver does by INT 1Ah.
    func currentDate(_ memory: GuestMemory) -> CalendarDate {
        let passed = memory.read8(DOSKernel.midnightFlag)
        if passed != 0 {
            memory.write8(DOSKernel.midnightFlag, 0)
            let days = memory.read16(DOSLayout.clockDays)
            memory.write16(DOSLayout.clockDays, min(days &+ UInt16(passed), CalendarDate.lastDay))
        }
        return CalendarDate(days: memory.read16(DOSLayout.clockDays))
    }

    func currentTime(_ memory: GuestMemory) -> TimeOfDay {
        TimeOfDay(ticks: min(memory.read32(DOSKernel.tickCount), TimeOfDay.ticksPerDay - 1))
    }

    /// The present date and time of DOS, as a directory entry holds it.
    public func currentFileTime(_ memory: GuestMemory) -> FileTime {
        let (date, time) = (currentDate(memory), currentTime(memory))
        return FileTime(
            year: Int(date.year), month: Int(date.month), day: Int(date.day), hour: Int(time.hour),
            minute: Int(time.minute), second: Int(time.second))
    }

    func setDate(_ date: CalendarDate, _ memory: GuestMemory) {
        memory.write8(DOSKernel.midnightFlag, 0)
        memory.write16(DOSLayout.clockDays, date.days)
    }

    func setTime(_ time: TimeOfDay, _ memory: GuestMemory) {
        _ = currentDate(memory)
        memory.write32(DOSKernel.tickCount, time.ticks)
    }

    /// The six bytes of CLOCK$: days, minutes, hours, hundredths, seconds.
    func clockBytes(_ memory: GuestMemory) -> [UInt8] {
        let days = currentDate(memory).days
        let time = currentTime(memory)
        return [
            UInt8(truncatingIfNeeded: days), UInt8(days >> 8), time.minute, time.hour, time.hundredth, time.second,
        ]
    }

    /// Sets the clock from the six bytes of CLOCK$; anything else is ignored.
    func setClock(_ bytes: [UInt8], _ memory: GuestMemory) {
        guard bytes.count == 6, bytes[2] < 60, bytes[3] < 24, bytes[4] < 100, bytes[5] < 60 else { return }
        setDate(CalendarDate(days: UInt16(bytes[0]) | UInt16(bytes[1]) << 8), memory)
        setTime(TimeOfDay(hour: bytes[3], minute: bytes[2], second: bytes[5], hundredth: bytes[4]), memory)
    }

    /// At the boot: the date and time of a CMOS clock, if the machine has one, else the configured date and midnight.
    /// Source: Motorola MC146818A data sheet, address map; IBM AT, century in register 32h.
    func startClock(_ context: ServiceContext) {
        let memory = context.memory
        func register(_ number: UInt8) -> UInt8 {
            context.out(0x70, number)
            return context.in(0x71)
        }
        let modes = register(0x0B)
        func value(_ number: UInt8) -> UInt8 {
            let byte = register(number)
            return modes & 0x04 != 0 ? byte : (byte >> 4) &* 10 &+ (byte & 0x0F)
        }
        let start = CalendarDate(
            year: configuration.startYear, month: configuration.startMonth, day: configuration.startDay)
        memory.write16(DOSLayout.clockDays, start?.days ?? 0)
        let year = UInt16(value(0x09))
        guard let date = CalendarDate(year: year < 80 ? 2000 + year : 1900 + year, month: value(8), day: value(7))
        else { return }
        setDate(date, memory)
        let (hour, minute, second) = (value(0x04), value(0x02), value(0x00))
        guard hour < 24, minute < 60, second < 60 else { return }
        setTime(TimeOfDay(hour: hour, minute: minute, second: second, hundredth: 0), memory)
    }
}
