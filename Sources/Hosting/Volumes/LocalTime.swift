import Glibc
import Storage

/// Translates between the host's time (seconds since 1970, UTC) and the local date and time that DOS keeps.
public struct LocalTime: Sendable {
    /// Seconds that local time is ahead of UTC at a moment (seconds since 1970, UTC).
    public let offset: @Sendable (_ unixTime: Int64) -> Int64

    public init(offset: @escaping @Sendable (_ unixTime: Int64) -> Int64) { self.offset = offset }

    public static let utc = LocalTime { _ in 0 }

    /// The time zone of the host process.
    public static let host = LocalTime { unixTime in
        var time = time_t(unixTime)
        var parts = tm()
        guard localtime_r(&time, &parts) != nil else { return 0 }
        return Int64(parts.tm_gmtoff)
    }

    /// The moment in DOS's steps of two seconds, rounded down; before 1980 and after 2107 the nearest that DOS has.
    public func fileTime(unixTime: Int64) -> FileTime {
        // DOS's years with a margin, so that no arithmetic can overflow.
        let clamped = min(max(unixTime, -100_000_000_000), 100_000_000_000)
        let local = clamped + offset(clamped)
        let days = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
        let seconds = Int(local - days * 86_400)
        let (year, month, day) = LocalTime.civil(days)
        if year < 1980 { return FileTime(year: 1980, month: 1, day: 1) }
        if year > 2107 { return FileTime(year: 2107, month: 12, day: 31, hour: 23, minute: 59, second: 58) }
        return FileTime(
            year: year, month: month, day: day, hour: seconds / 3_600, minute: seconds / 60 % 60, second: seconds % 60)
    }

    /// The moment of a DOS time. Values that are no date are taken to the nearest field that is.
    public func unixTime(_ time: FileTime) -> Int64 {
        let year = 1980 + Int(time.date >> 9)
        let month = min(max(Int(time.date >> 5 & 15), 1), 12)
        let day = max(Int(time.date & 31), 1)
        let (hour, minute) = (min(Int(time.time >> 11), 23), min(Int(time.time >> 5 & 63), 59))
        let second = min(Int(time.time & 31) * 2, 58)
        let local = LocalTime.days(year, month, day) * 86_400 + Int64(hour * 3_600 + minute * 60 + second)
        // The offset at the moment itself; around a change of the clocks the first guess can be an hour off.
        let guess = local - offset(local)
        return local - offset(guess)
    }

    /// Days since 1970-01-01 of a date in the Gregorian calendar. Years are counted from March, so that the leap day
    /// is the last; 400 years have 146,097 days.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
        let y = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = (y / 400, y % 400)
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Int64(era * 146_097 + dayOfEra - 719_468)
    }

    /// The inverse of `days`.
    private static func civil(_ days: Int64) -> (year: Int, month: Int, day: Int) {
        let shifted = Int(days) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
