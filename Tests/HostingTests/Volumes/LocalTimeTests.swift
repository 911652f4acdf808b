import Foundation
import Hosting
import Storage
import Testing

@Suite struct LocalTimeTests {
    @Test("every even second of DOS's years goes to the host and back")
    func roundTrip() {
        // A step that meets all months, hours and seconds.
        for unix in stride(from: Int64(315_532_800), through: 4_354_819_198, by: 9_999_998) {
            let even = unix & ~1
            #expect(LocalTime.utc.unixTime(LocalTime.utc.fileTime(unixTime: even)) == even)
        }
    }

    private static let moments: [(Int64, FileTime)] = [
        (315_532_800, FileTime(year: 1980, month: 1, day: 1)),
        (951_782_399, FileTime(year: 2000, month: 2, day: 28, hour: 23, minute: 59, second: 58)),
        (951_868_799, FileTime(year: 2000, month: 2, day: 29, hour: 23, minute: 59, second: 58)),
        (0, FileTime(year: 1980, month: 1, day: 1)),
        (.min, FileTime(year: 1980, month: 1, day: 1)),
        (4_354_819_199, FileTime(year: 2107, month: 12, day: 31, hour: 23, minute: 59, second: 58)),
        (.max, FileTime(year: 2107, month: 12, day: 31, hour: 23, minute: 59, second: 58)),
    ]

    @Test("known moments", arguments: LocalTimeTests.moments)
    func known(unix: Int64, time: FileTime) { #expect(LocalTime.utc.fileTime(unixTime: unix) == time) }

    @Test("a zone with summer time goes both ways")
    func zone() {
        // Two hours ahead in the summer of 1990, one hour else.
        let zone = LocalTime { (638_326_800..<654_656_400).contains($0) ? 7_200 : 3_600 }
        for unix in stride(from: Int64(630_000_000), to: 660_000_000, by: 100_000) {
            #expect(zone.unixTime(zone.fileTime(unixTime: unix)) == unix)
        }
        #expect(zone.fileTime(unixTime: 645_000_000).time >> 11 == UInt16(645_000_000 / 3_600 % 24 + 2))
    }

    @Test("values that are no date do not trap")
    func nonsense() {
        for raw in stride(from: UInt32(0), to: .max - 70_001, by: 70_001) {
            let time = FileTime(date: UInt16(raw >> 16), time: UInt16(truncatingIfNeeded: raw))
            #expect((315_532_800...4_354_819_199 + 86_400 * 3).contains(LocalTime.utc.unixTime(time)))
        }
    }
}
