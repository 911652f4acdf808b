import Core
import Testing
import TestSupport

@Suite struct SchedulerTests {
    @Test("events come in time order, ties in slot order")
    func order() {
        final class Log: EventClient {
            var entries: [String] = []
            func eventDue(_ slot: EventSlot, at now: Tick) { entries.append("\(slot.name)@\(now.count)") }
        }
        let scheduler = Scheduler()
        let log = Log()
        let (a, b, c) = (scheduler.makeSlot("a"), scheduler.makeSlot("b"), scheduler.makeSlot("c"))
        for slot in [a, b, c] { slot.connect(log) }
        c.arm(at: Tick(5))
        b.arm(at: Tick(7))
        a.arm(at: Tick(7))
        #expect(scheduler.nextDeadline == Tick(5))
        scheduler.deliver(through: Tick(6))
        #expect(log.entries == ["c@5"])
        scheduler.deliver(through: Tick(10))
        #expect(log.entries == ["c@5", "a@7", "b@7"])
        #expect(scheduler.nextDeadline == .never)
    }

    @Test("a disarmed slot is silent")
    func disarm() {
        let scheduler = Scheduler()
        let slot = scheduler.makeSlot("a")
        let recorder = EventRecorder()
        slot.connect(recorder)
        slot.arm(at: Tick(1))
        slot.disarm()
        scheduler.deliver(through: Tick(100))
        #expect(recorder.times.isEmpty)
    }
}

@Suite struct ClockRatioTests {
    @Test("cycles and times agree for clocks that do not divide the tick", arguments: [25_175_000, 32_768, 44_100])
    func roundTrip(hertz: Int64) {
        let clock = ClockRatio(hertz: hertz)
        #expect(clock.cycles(at: .seconds(1)) == hertz)
        #expect(clock.cycles(at: .seconds(86_400)) == hertz * 86_400)
        for cycle in stride(from: Int64(0), to: hertz * 3, by: 7_919) {
            let time = clock.time(ofCycle: cycle)
            #expect(clock.cycles(at: time) == cycle)
            if cycle > 0 { #expect(clock.cycles(at: time - Tick(1)) == cycle - 1) }
        }
    }
}
