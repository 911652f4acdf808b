import Core
import Testing

@Suite struct MemorySlotsTests {
    /// Every 20 ticks, from tick 3 on; at least 5.
    private let slots = MemorySlots(
        ClockRatio(hertz: Tick.perSecond, over: 20), phase: Tick(3), least: Tick(5))

    @Test func `an access ends with the first slot that comes late enough`() {
        #expect(slots.accessEnd(at: Tick(0)) == Tick(23))
        #expect(slots.accessEnd(at: Tick(18)) == Tick(23))
        #expect(slots.accessEnd(at: Tick(19)) == Tick(43))
        #expect(slots.accessEnd(at: Tick(38)) == Tick(43))
    }

    @Test func `before the first slot there is none`() {
        let late = MemorySlots(ClockRatio(hertz: Tick.perSecond, over: 20), phase: Tick(100), least: Tick(5))
        #expect(late.accessEnd(at: Tick(7)) == Tick(100))
    }

    @Test func `slots of a clock that is no whole number of ticks do not drift`() {
        // 16.257 MHz, nine dots: 1,395.1 ticks.
        let clock = ClockRatio(hertz: 16_257_000, over: 9)
        let slots = MemorySlots(clock, least: Tick(0))
        let second = Tick.seconds(3_600)
        #expect(slots.accessEnd(at: second) == clock.time(ofCycle: 16_257_000 / 9 * 3_600 + 3_600 * 3 / 9))
        #expect(slots.accessEnd(at: second + Tick(1)) > second + Tick(1_300))
    }
}
