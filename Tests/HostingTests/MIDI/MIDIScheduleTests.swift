import Core
import TestSupport
import Testing

@testable import Hosting

@Suite struct MIDIScheduleTests {
    @Test func distancesAreThoseOfTheMachine() {
        var schedule = MIDISchedule()
        // A machine that hands over what belongs to ten milliseconds at once.
        for slice in Int64(0)..<100 {
            for part in Int64(0)..<5 {
                let time = Tick.milliseconds(slice * 10 + part * 2)
                let now = slice * 10_000_000 + part * 1_000
                let played = now + schedule.delay(of: time, now: now)
                #expect(played == (slice * 10 + part * 2) * 1_000_000 + MIDISchedule.latency)
            }
        }
    }

    @Test func aMachineThatHasStoodStillBeginsAnew() {
        var schedule = MIDISchedule()
        #expect(schedule.delay(of: .seconds(1), now: 0) == MIDISchedule.latency)
        // An hour of the host later; an hour of the machine later.
        #expect(schedule.delay(of: .seconds(2), now: 3_600_000_000_000) == MIDISchedule.latency)
        #expect(schedule.delay(of: .seconds(3_600), now: 3_601_000_000_000) == MIDISchedule.latency)
        #expect(schedule.delay(of: .seconds(3_600), now: 3_601_001_000_000) == MIDISchedule.latency - 1_000_000)
    }

    @Test(arguments: UInt64(1)...4) func aDelayIsNeverLong(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var schedule = MIDISchedule()
        for _ in 0..<10_000 {
            let time = Tick(.random(in: 0 ... .max, using: &random))
            let now = Int64.random(in: 0...(1 << 60), using: &random)
            #expect((0...MIDISchedule.longestDelay).contains(schedule.delay(of: time, now: now)))
        }
    }
}
