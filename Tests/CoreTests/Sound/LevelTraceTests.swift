import Core
import TestSupport
import Testing

@Suite struct LevelTraceTests {
    @Test func changesComeInOrderUpToALimit() {
        let trace = LevelTrace()
        trace.isHeard = true
        for step in 1...5 { trace.set(left: Int16(step), right: Int16(-step), at: Tick(Int64(step) * 10)) }
        #expect(trace.take(before: Tick(20)) == LevelChange(time: Tick(10), left: 1, right: -1))
        #expect(trace.take(before: Tick(20)) == nil)
        #expect(trace.base == (1, -1))
        #expect(trace.waiting == 4)
        #expect(trace.left == 5)
    }

    @Test func equalLevelsAreNoChangeAndTimesDoNotGoBack() {
        let trace = LevelTrace()
        trace.isHeard = true
        trace.set(left: 7, right: 7, at: Tick(100))
        trace.set(left: 7, right: 7, at: Tick(200))
        trace.set(left: 8, right: 7, at: Tick(50))
        #expect(trace.waiting == 2)
        _ = trace.take(before: .never)
        #expect(trace.take(before: .never)?.time == Tick(100))
    }

    @Test func withoutAListenerNothingWaits() {
        let trace = LevelTrace()
        trace.set(left: 7, right: 3, at: Tick(100))
        #expect(trace.waiting == 0)
        #expect(trace.base == (7, 3))
    }

    @Test func whenNobodyDrawsTheOldestGiveWay() {
        let trace = LevelTrace()
        trace.isHeard = true
        for step in 0..<LevelTrace.capacity + 10 {
            trace.set(left: step & 1 == 0 ? 5 : -5, right: 0, at: Tick(Int64(step)))
        }
        #expect(trace.waiting == LevelTrace.capacity)
        #expect(trace.take(before: .never)?.time == Tick(10))
    }
}
