import Automation
import Core
import Machine
import Testing

@testable import Hosting

@Suite struct SessionTests {
    private let machine = FakeMachine()
    private let clock = FakeClock()

    private func run(
        _ rule: Pacing.Rule, factor: Double = 1, timeLimit: Tick? = nil, hostTimeLimit: Int64? = nil,
        script: String? = nil, frontEnd: FakeFrontEnd? = nil
    ) throws -> SessionEnd {
        var options = Session.Options()
        options.pacing = Pacing(rule: rule, factor: factor)
        options.timeLimit = timeLimit
        options.hostTimeLimit = hostTimeLimit
        let player = try script.map { text in ScriptPlayer(try Script(text, name: "s")) { _, _ in nil } }
        let frontEnd = frontEnd ?? FakeFrontEnd(clock)
        let session = Session(
            machine: machine, frontEnd: frontEnd, script: player, options: options,
            log: SessionLog(level: .warning) { _ in }, clock: clock)
        let end = try session.run()
        #expect(frontEnd.isFinished)
        return end
    }

    private var hostSeconds: Double { Double(clock.now - 1_000_000_000) / 1e9 }

    @Test func realTimeKeepsToTheHost() throws {
        machine.plan = [(.zero, .compute), (.seconds(2), .exit(3))]
        #expect(try run(.always) == .program(status: 3))
        #expect(abs(hostSeconds - 2) < 0.02)
    }

    /// Looks every 14 ms, and remembers when.
    private final class Observer: SessionObserver {
        var nextTime: Tick? = .zero
        var times: [Tick] = []

        func observe(_ machine: any GuestMachine) {
            times.append(machine.now)
            nextTime = machine.now + .milliseconds(14)
        }
    }

    @Test(arguments: [Pacing.Rule.always, .whileWaiting, .never])
    func anObserverLooksWhenItWantsToAtAnyPace(_ rule: Pacing.Rule) throws {
        machine.plan = [(.zero, .compute), (.seconds(1), .wait(period: .milliseconds(55))), (.seconds(2), .exit(3))]
        var options = Session.Options()
        options.pacing = Pacing(rule: rule)
        let observer = Observer()
        let session = Session(
            machine: machine, frontEnd: FakeFrontEnd(clock), observer: observer, options: options,
            log: SessionLog(level: .warning) { _ in }, clock: clock)
        #expect(try session.run() == .program(status: 3))
        #expect(observer.times == (0..<Int64(observer.times.count)).map { Tick.milliseconds(14) * $0 })
        #expect(observer.times.count >= 143)
    }

    @Test func halfSpeedTakesTwiceAsLong() throws {
        machine.plan = [(.zero, .compute), (.seconds(2), .exit(0))]
        _ = try run(.always, factor: 0.5)
        #expect(abs(hostSeconds - 4) < 0.04)
    }

    @Test func maximumSpeedTakesNoTimeExceptInWaits() throws {
        machine.plan = [(.zero, .compute), (.seconds(50), .wait(period: .milliseconds(55))), (.seconds(53), .exit(0))]
        #expect(try run(.whileWaiting) == .program(status: 0))
        #expect(abs(hostSeconds - 3) < 0.1)
    }

    @Test func filtersSkipWaits() throws {
        machine.plan = [(.zero, .wait(period: .milliseconds(55))), (.seconds(50), .exit(0))]
        #expect(try run(.never) == .program(status: 0))
        #expect(hostSeconds < 0.001)
    }

    @Test func aFilterThatWaitsForEverComesToRest() throws {
        machine.plan = [(.zero, .wait(period: .milliseconds(55)))]
        #expect(try run(.never, hostTimeLimit: 100_000_000_000) == .hostTimeLimit)
        // 60 s are skipped; from then on emulated time is the host's.
        #expect(abs(Double(machine.now.count) / Double(Tick.perSecond) - 160) < 1)
    }

    @Test func aFilterThatComputesIsNeverHeldBack() throws {
        machine.plan = [(.zero, .compute), (.seconds(500), .exit(0))]
        #expect(try run(.never) == .program(status: 0))
        #expect(hostSeconds < 0.001)
    }

    @Test func aWaitingMachineWakesTheHostOnlyForItsEvents() throws {
        machine.plan = [(.zero, .wait(period: .milliseconds(55))), (.seconds(11), .exit(0))]
        _ = try run(.always)
        #expect(clock.waits < 3 * 11_000 / 55)
        #expect(abs(hostSeconds - 11) < 0.1)
    }

    @Test func inputEntersAtTheTimeThatItIs() throws {
        let frontEnd = FakeFrontEnd(clock)
        clock.arrivals = [(FakeFrontEnd.descriptor, 1_000_000_000 + 520_000_000)]
        machine.plan = [(.zero, .wait(period: .seconds(1)))]
        frontEnd.onInput = { machine in
            machine.pushInput(.key(0x1C, isDown: true))
            return nil
        }
        machine.onKey = { $0.plan = [(.zero, .exit(1))] }
        #expect(try run(.always, frontEnd: frontEnd) == .program(status: 1))
        let time = try #require(machine.keys.first?.time)
        #expect(abs(time.count - Tick.milliseconds(520).count) < Tick.milliseconds(2).count)
    }

    /// A key takes milliseconds through the keyboard's line, and nobody has to wait for them.
    @Test func afterInputTheMachineRunsAheadALittle() throws {
        let frontEnd = FakeFrontEnd(clock)
        clock.arrivals = [(FakeFrontEnd.descriptor, 1_520_000_000)]
        machine.plan = [(.zero, .wait(period: .seconds(1)))]
        frontEnd.onInput = { machine in
            machine.pushInput(.key(0x1C, isDown: true))
            return nil
        }
        // Events each millisecond, and the end after 9.
        machine.onKey = { machine in
            machine.plan = [(.zero, .wait(period: .milliseconds(1))), (machine.now + .milliseconds(9), .exit(1))]
        }
        #expect(try run(.always, frontEnd: frontEnd) == .program(status: 1))
        #expect(clock.now == 1_520_000_000)

        let later = SessionTests()
        let laterEnd = FakeFrontEnd(later.clock)
        later.clock.arrivals = [(FakeFrontEnd.descriptor, 1_520_000_000)]
        later.machine.plan = [(.zero, .wait(period: .seconds(1)))]
        laterEnd.onInput = frontEnd.onInput
        later.machine.onKey = { machine in
            machine.plan = [(.zero, .wait(period: .milliseconds(1))), (machine.now + .milliseconds(20), .exit(1))]
        }
        #expect(try later.run(.always, frontEnd: laterEnd) == .program(status: 1))
        #expect((1_538_000_000...1_541_000_000).contains(later.clock.now), "\(later.clock.now)")
    }

    /// As of a mouse that tells a thousand times a second where it is.
    @Test(arguments: [FakeMachine.Behavior.compute, .wait(period: .milliseconds(2))])
    func muchInputDoesNotDriveTheMachineAheadOfTheHost(_ behavior: FakeMachine.Behavior) throws {
        let frontEnd = FakeFrontEnd(clock)
        clock.arrivals = (Int64(1)...500).map { (FakeFrontEnd.descriptor, 1_000_000_000 + $0 * 1_000_000) }
        machine.plan = [(.zero, behavior)]
        var lead = Tick.zero
        var count = 0
        frontEnd.onInput = { [clock] machine in
            lead = max(lead, machine.now - .microseconds((clock.now - 1_000_000_000) / 1_000))
            count += 1
            return nil
        }
        #expect(try run(.always, hostTimeLimit: 600_000_000, frontEnd: frontEnd) == .hostTimeLimit)
        #expect(count == 500)
        #expect(lead <= .milliseconds(11))
        #expect((Tick.milliseconds(589)...Tick.milliseconds(611)).contains(machine.now))
    }

    @Test func timeStandsStillWhileStandardInputIsWaitedFor() throws {
        let frontEnd = FakeFrontEnd(clock)
        machine.streams.attach(NullSink.shared)
        machine.plan = [(.zero, .compute), (.seconds(1), .readInput)]
        clock.arrivals = [(FakeFrontEnd.descriptor, 50_000_000_000), (FakeFrontEnd.descriptor, 90_000_000_000)]
        var count = 0
        frontEnd.onInput = { machine in
            count += 1
            if count == 1 { machine.streams.supply([1, 2]) } else { machine.streams.end() }
            return nil
        }
        #expect(try run(.never, frontEnd: frontEnd) == .program(status: 7))
        #expect(machine.now == .seconds(1))
        #expect(clock.now == 90_000_000_000)
    }

    @Test func limitsEndASession() throws {
        #expect(try run(.never, timeLimit: .milliseconds(12_345)) == .timeLimit)
        #expect(machine.now == .milliseconds(12_345))
        clock.costOfLook = 1_000_000
        #expect(try run(.never, hostTimeLimit: 2_000_000_000) == .hostTimeLimit)
        #expect(abs(hostSeconds - 2) < 0.01)
    }

    @Test func aDeadMachineEndsWithItsReason() throws {
        machine.plan = [(.zero, .compute), (.seconds(1), .stop("halted"))]
        #expect(try run(.never) == .stopped(reason: "halted"))
    }

    @Test func warningsAreSaidAndTheRestWhenAskedFor() throws {
        for (level, expected) in [(LogLevel.warning, ["ochenta: b"]), (.info, ["ochenta: a", "ochenta: b"])] {
            let machine = FakeMachine()
            machine.plan = [(.zero, .exit(1))]
            machine.notices = [MachineNotice("a"), MachineNotice("b", isWarning: true)]
            var lines: [String] = []
            let session = Session(
                machine: machine, frontEnd: FakeFrontEnd(clock), options: Session.Options(),
                log: SessionLog(level: level) { lines.append($0) }, clock: clock)
            #expect(try session.run() == .program(status: 1))
            #expect(lines == expected)
        }
    }

    @Test func theUserCanLeave() throws {
        let frontEnd = FakeFrontEnd(clock)
        clock.arrivals = [(FakeFrontEnd.descriptor, 1_500_000_000)]
        frontEnd.onInput = { _ in .quit }
        #expect(try run(.always, frontEnd: frontEnd) == .quit)
        #expect(abs(hostSeconds - 0.5) < 0.02)
    }

    @Test func anInterruptGivesTheProgramASecond() throws {
        let frontEnd = FakeFrontEnd(clock)
        clock.arrivals = [(FakeFrontEnd.descriptor, 1_500_000_000)]
        frontEnd.onInput = { _ in .interrupt(2) }
        #expect(try run(.always, frontEnd: frontEnd) == .signal(2))
        #expect(abs(hostSeconds - 1.5) < 0.02)
    }

    @Test func aScriptPlaysInEmulatedTimeAtAnySpeed() throws {
        machine.plan = [(.zero, .wait(period: .milliseconds(55)))]
        #expect(try run(.never, script: "wait 100s\npress a\nexit") == .script)
        #expect(hostSeconds < 0.001)
        #expect(machine.keys.map(\.time) == [.seconds(100), .milliseconds(100_010)])
        let other = FakeMachine()
        other.plan = machine.plan
        let player = ScriptPlayer(try Script("wait 1s\npress a\nexit", name: "s")) { _, _ in nil }
        var options = Session.Options()
        options.pacing = Pacing(rule: .always, factor: 3)
        let session = Session(
            machine: other, frontEnd: NoFrontEnd(), script: player, options: options, log: SessionLog(level: .warning),
            clock: clock)
        #expect(try session.run() == .script)
        #expect(other.keys.map(\.time) == [.seconds(1), .milliseconds(1_010)])
    }

    @Test func aFailedScriptOutweighsTheProgramsStatus() throws {
        machine.plan = [(.zero, .compute), (.seconds(1), .exit(0))]
        let error = ScriptError(
            file: "s", line: 1, message: "wait-text \"never\": the program ended without showing it")
        #expect(try run(.never, script: "wait-text \"never\"") == .scriptFailed(error))
    }

    @Test func theFrontEndActsAtItsTime() throws {
        let frontEnd = FakeFrontEnd(clock)
        frontEnd.nextTime = .milliseconds(333)
        machine.plan = [(.zero, .compute), (.seconds(1), .exit(0))]
        _ = try run(.never, frontEnd: frontEnd)
        #expect(frontEnd.acted == [.milliseconds(333)])
    }

    @Test(arguments: [true, false]) func aFrontEndWithPicturesSeesEachFrame(isWaiting: Bool) throws {
        let frontEnd = FakeFrontEnd(clock)
        frontEnd.wantsPictures = true
        machine.framePeriod = Tick(Tick.perSecond / 70)
        let behavior: FakeMachine.Behavior = isWaiting ? .wait(period: .milliseconds(55)) : .compute
        machine.plan = [(.zero, behavior), (.seconds(1), .exit(0))]
        frontEnd.onShow = { machine in #expect(machine.isPictureWatched) }
        _ = try run(.always, frontEnd: frontEnd)
        for number in 1..<70 {
            #expect(frontEnd.showTimes.contains(Tick(Int64(number) * machine.framePeriod.count)), "frame \(number)")
        }
        #expect(abs(hostSeconds - 1) < 0.03)
    }

    @Test func atFullSpeedPicturesAreTakenNowAndThen() throws {
        let frontEnd = FakeFrontEnd(clock)
        frontEnd.wantsPictures = true
        clock.costOfLook = 100_000
        machine.plan = [(.zero, .compute), (.seconds(50), .exit(0))]
        _ = try run(.whileWaiting, frontEnd: frontEnd)
        #expect(!machine.isPictureWatched)
        #expect(frontEnd.shown <= Int(hostSeconds * 63) + 2)
        #expect(frontEnd.shown > Int(hostSeconds * 20))
    }

    @Test func theUserChangesTheSpeed() throws {
        let frontEnd = FakeFrontEnd(clock)
        clock.arrivals = [(FakeFrontEnd.descriptor, 2_000_000_000)]
        machine.plan = [(.zero, .compute), (.seconds(3), .exit(0))]
        frontEnd.onInput = { _ in .changePace(Pacing(rule: .always, factor: 2)) }
        _ = try run(.always, frontEnd: frontEnd)
        // One second at 100 %, two at 200 %.
        #expect(abs(hostSeconds - 2) < 0.03)
    }

    @Test func aPauseStopsEmulatedTime() throws {
        let frontEnd = FakeFrontEnd(clock)
        clock.arrivals = [(FakeFrontEnd.descriptor, 1_500_000_000), (FakeFrontEnd.descriptor, 9_500_000_000)]
        machine.plan = [(.zero, .compute), (.seconds(1), .exit(0))]
        var count = 0
        frontEnd.onInput = { _ in
            count += 1
            return .pause(count == 1)
        }
        let waits = clock.waits
        _ = try run(.always, frontEnd: frontEnd)
        #expect(abs(hostSeconds - 9) < 0.03)
        #expect(clock.waits - waits < 150)
    }

    @Test func aPausedSessionCanBeLeft() throws {
        let frontEnd = FakeFrontEnd(clock)
        clock.arrivals = [(FakeFrontEnd.descriptor, 1_500_000_000), (FakeFrontEnd.descriptor, 3_000_000_000)]
        var count = 0
        frontEnd.onInput = { _ in
            count += 1
            return count == 1 ? .pause(true) : .quit
        }
        #expect(try run(.always, frontEnd: frontEnd) == .quit)
        #expect(abs(hostSeconds - 2) < 0.02)
    }

    @Test func aSlowHostLosesTimeInsteadOfRushing() throws {
        // Each slice of 10 ms costs the host 30 ms; then the work becomes free.
        clock.costOfLook = 30_000_000
        machine.plan = [(.zero, .compute), (.seconds(1), .exit(0))]
        _ = try run(.always)
        #expect(hostSeconds > 2.5 && hostSeconds < 4)
    }
}

private final class NullSink: StreamSink, Sendable {
    static let shared = NullSink()
    func write(_ bytes: UnsafeRawBufferPointer, toError: Bool) {}
}
