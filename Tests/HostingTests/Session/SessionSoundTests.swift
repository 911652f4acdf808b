import Core
import Machine
import Testing

@testable import Hosting

@Suite struct SessionSoundTests {
    private let machine = FakeMachine()
    private let clock = FakeClock()

    private final class Listener: SoundListener {
        var heard: [(block: AudioBlock, isLive: Bool)] = []
        var stands = 0
        var isPlaying = false
        var canPlay = false
        /// When something was heard, by the host's clock.
        var times: [Int64] = []
        var clock: FakeClock?

        func hear(_ block: AudioBlock, isLive: Bool) {
            heard.append((block, isLive))
            if let clock { times.append(clock.now) }
        }
        func standStill() { stands += 1 }
        var frames: Int { heard.reduce(0) { $0 + $1.block.samples.count / 2 } }
    }

    private let listener = Listener()

    @discardableResult
    private func run(_ rule: Pacing.Rule, factor: Double = 1, frontEnd: FakeFrontEnd? = nil) throws -> SessionEnd {
        var options = Session.Options()
        options.pacing = Pacing(rule: rule, factor: factor)
        machine.soundLevel = 5
        return try Session(
            machine: machine, frontEnd: frontEnd ?? FakeFrontEnd(clock), listeners: [listener], options: options,
            log: SessionLog(level: .warning) { _ in }, clock: clock
        ).run()
    }

    @Test(
        arguments: [(.always, 1, true), (.always, 0.5, false), (.whileWaiting, 1, false), (.never, 1, false)]
            as [(Pacing.Rule, Double, Bool)])
    func allOfItIsHeardAndBelongsToNowAtFullSpeedOnly(_ rule: Pacing.Rule, _ factor: Double, _ isLive: Bool) throws {
        machine.plan = [(.zero, .compute), (.seconds(1), .wait(period: .milliseconds(55))), (.seconds(2), .exit(0))]
        try run(rule, factor: factor)
        // Up to the last event, which comes after two seconds.
        #expect(listener.frames == Int(machine.now.count / Tick.milliseconds(1).count) && listener.frames >= 2_000)
        #expect(listener.heard.allSatisfy { $0.isLive == isLive })
        var next = Tick.zero
        for (block, _) in listener.heard {
            #expect(block.time == next)
            next = block.time + .milliseconds(Int64(block.samples.count / 2))
        }
    }

    /// A machine that waits for a long time must not keep a device waiting for its sound.
    @Test func whileSoundPlaysNoBlockIsLate() throws {
        machine.plan = [(.zero, .wait(period: .milliseconds(200))), (.seconds(2), .exit(0))]
        (listener.isPlaying, listener.canPlay) = (true, true)
        try run(.always)
        #expect(listener.heard.allSatisfy { $0.block.samples.count / 2 <= 11 })
        // Without it nobody is woken in between.
        let quiet = SessionSoundTests()
        quiet.machine.plan = machine.plan
        try quiet.run(.always)
        #expect(quiet.clock.waits * 5 < clock.waits)
    }

    /// A program that halts between events is ahead of the host at one and waits for the next: whatever comes together, the
    /// device gets something in each step of its own time, but for a frame of this machine, which is a millisecond.
    @Test(arguments: [9_000, 15_000, 27_463, 54_925]) func noSliceOfTheHostIsWithoutSound(period: Int64) throws {
        machine.plan = [(.zero, .wait(period: .microseconds(period))), (.seconds(2), .exit(0))]
        (listener.isPlaying, listener.canPlay, listener.clock) = (true, true, clock)
        try run(.always)
        let gaps = zip(listener.times.dropFirst(), listener.times).map { $0 - $1 }
        #expect(gaps.count > 100 && gaps.allSatisfy { $0 <= 6_000_000 }, "longest: \(gaps.max() ?? 0) ns")
    }

    /// The first sound after silence is handed over when the mixer's step is over, not when the program wakes next; and a
    /// machine that goes on waiting is left alone then.
    @Test func theFirstSoundIsNotLate() throws {
        machine.plan = [(.zero, .wait(period: .milliseconds(199))), (.seconds(2), .exit(0))]
        (listener.canPlay, listener.clock) = (true, clock)
        let start = clock.now
        try run(.always)
        let times = listener.times.map { ($0 - start) / 1_000_000 }
        // The events, and the steps that follow work by more than the mixer's delay.
        #expect(times.prefix(7) == [5, 199, 205, 398, 405, 597, 600], "\(times)")
    }

    @Test func aLongWaitIsHeardInParts() throws {
        machine.plan = [(.zero, .wait(period: .seconds(20))), (.seconds(20), .exit(0))]
        try run(.never)
        #expect(listener.heard.allSatisfy { $0.block.samples.count / 2 <= 1_000 })
        #expect(listener.frames == 20_000)
    }

    @Test func aPauseIsSaid() throws {
        machine.plan = [(.zero, .compute), (.seconds(1), .exit(0))]
        let frontEnd = FakeFrontEnd(clock)
        clock.arrivals = [
            (FakeFrontEnd.descriptor, clock.now + 500_000_000), (FakeFrontEnd.descriptor, clock.now + 5_000_000_000),
        ]
        var isPaused = false
        frontEnd.onInput = { _ in
            isPaused.toggle()
            return .pause(isPaused)
        }
        try run(.always, frontEnd: frontEnd)
        #expect(listener.stands > 0)
        #expect(listener.frames == 1_000)
    }
}
