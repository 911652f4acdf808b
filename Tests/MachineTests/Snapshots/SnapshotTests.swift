import Core
import Foundation
import Machine
import Storage
import TestSupport
import Testing

/// A saved machine goes on in a new machine as if nothing had happened.
@Suite struct SnapshotTests {
    /// States saved in each run; more by OCHENTA_SNAPSHOT_POINTS.
    private static let pointCount =
        ProcessInfo.processInfo.environment["OCHENTA_SNAPSHOT_POINTS"].flatMap { Int($0) } ?? 8

    /// Times all over a run, and a little after each thing that happens from outside, in order.
    static func points(_ scenario: Scenario, end: Tick, count: Int, seed: UInt64) -> [Tick] {
        var random = SeededGenerator(seed: seed)
        let anywhere = (0..<count - count / 2).map { _ in Tick(Int64.random(in: 0...end.count, using: &random)) }
        let nearInput = (0..<count / 2).compactMap { _ -> Tick? in
            guard let event = scenario.input.randomElement(using: &random) else {
                // Programs that wait for nobody do all they do at the start.
                return Tick(Int64.random(in: 0...min(end.count, Tick.milliseconds(60).count), using: &random))
            }
            return event.time + Tick(Int64.random(in: 0...Tick.milliseconds(2).count, using: &random))
        }
        return (anywhere + nearInput).sorted()
    }

    @Test("a machine restored at any time ends like the one that was never interrupted", arguments: Scenario.all)
    func restore(_ scenario: Scenario) throws {
        let whole = try ScenarioRun(scenario)
        whole.start()
        whole.runToEnd()
        let expected = whole.result
        #expect(whole.ending != nil, "\(scenario.name) does not end: \(expected.screen)")

        let sliced = try ScenarioRun(scenario)
        sliced.start()
        for point in SnapshotTests.points(scenario, end: expected.time, count: SnapshotTests.pointCount, seed: 1) {
            sliced.run(until: point)
            let state = sliced.machine.saveState()
            #expect(sliced.machine.saveState() == state, "saving changes the state")
            let restored = try ScenarioRun(scenario, rest: sliced.rest)
            try restored.machine.restoreState(state)
            #expect(restored.machine.saveState() == state, "restoring loses something")
            restored.runToEnd()
            var result = restored.result
            result.output = sliced.output.bytes + result.output
            #expect(
                result == expected,
                "\(scenario.name) at \(point): \(differences(whole.machine, restored.machine)) \(result.screen)")
        }
        sliced.runToEnd()
        #expect(sliced.result == expected, "\(scenario.name) in slices: \(differences(whole.machine, sliced.machine))")
    }

    @Test(
        "a machine restored at each of many instructions in a row ends like the one that was never interrupted",
        arguments: [Scenario.hooks, .hooks.onExactEngine])
    func everyInstruction(_ scenario: Scenario) throws {
        let whole = try ScenarioRun(scenario)
        whole.runToEnd()
        let sliced = try ScenarioRun(scenario)
        // In the middle of the program: strings, single steps, interrupts.
        sliced.run(until: Tick(whole.machine.now.count / 2))
        for step in 0..<400 {
            sliced.run(until: sliced.machine.now + Tick(1))
            guard step % 10 == 0 else { continue }
            let restored = try ScenarioRun(scenario)
            try restored.machine.restoreState(sliced.machine.saveState())
            restored.run(until: sliced.machine.now + .milliseconds(5))
            let other = try ScenarioRun(scenario)
            try other.machine.restoreState(sliced.machine.saveState())
            while other.machine.now < sliced.machine.now + .milliseconds(5) {
                other.run(until: min(other.machine.now + Tick(2_100), sliced.machine.now + .milliseconds(5)))
            }
            #expect(
                other.machine.stateHash() == restored.machine.stateHash(),
                "\(differences(restored.machine, other.machine))")
        }
        sliced.runToEnd()
        #expect(sliced.result == whole.result, "\(differences(whole.machine, sliced.machine))")
    }

    @Test("a string move that overwrites itself goes on, wherever runs end and states are restored")
    func overwriting() throws {
        let scenario = Scenario("overwriting") { a in
            a.code(0xFA, 0xFC)  // cli; cld
            a.mov(.si, "source")
            a.mov(.di, "move")
            a.mov(.cx, 0x300)
            a.label("move")
            a.code(0xF3, 0xA4)  // rep movsb
            a.space("target", 0x400)
            a.data("source", [UInt8](repeating: 0x90, count: 0x2FB))
            a.exit(7)
        }
        let whole = try ScenarioRun(scenario)
        whole.runToEnd()
        #expect(whole.ending == .exited(status: 7))
        let sliced = try ScenarioRun(scenario)
        for step in 0..<20_000 where sliced.ending == nil {
            sliced.run(until: sliced.machine.now + Tick(1_500))
            guard step % 97 == 0, sliced.ending == nil else { continue }
            let restored = try ScenarioRun(scenario)
            try restored.machine.restoreState(sliced.machine.saveState())
            restored.runToEnd()
            #expect(restored.result == whole.result)
        }
        #expect(sliced.result == whole.result, "\(differences(whole.machine, sliced.machine))")
    }

    @Test("an ended machine that is saved has ended when it is restored")
    func ended() throws {
        var scenario = Scenario("ended")
        scenario.startup = [.line(Array("ECHO x".utf8))]
        let first = try ScenarioRun(scenario)
        first.runToEnd()
        #expect(first.ending == .exited(status: 0))
        let second = try ScenarioRun(scenario)
        try second.machine.restoreState(first.machine.saveState())
        #expect(second.machine.run(until: .seconds(100)) == .exited(status: 0))
        #expect(second.machine.stateHash() == first.machine.stateHash())
    }

    @Test("a machine that was not switched on can be saved and restored", arguments: MachineFamily.allCases)
    func switchedOff(_ family: MachineFamily) throws {
        var scenario = Scenario.keys
        if family != .at { scenario.profile = .xt }
        scenario.profile.family = family
        let first = try ScenarioRun(scenario)
        first.start()
        let second = try ScenarioRun(scenario)
        try second.machine.restoreState(first.machine.saveState())
        first.runToEnd()
        second.runToEnd()
        #expect(first.ending == .exited(status: 3))
        #expect(first.result == second.result)
    }

    @Test("on a PC and an XT, with extended memory and A20 as well", arguments: [0, 1, 2])
    func otherMachines(_ kind: Int) throws {
        var scenario = Scenario.children
        switch kind {
        case 0: scenario.profile = .xt
        case 1: (scenario.profile, scenario.profile.family, scenario.profile.video) = (.xt, .pc, .mda)
        default: scenario.profile = MachineProfile()
        }
        let whole = try ScenarioRun(scenario)
        whole.start()
        whole.runToEnd()
        let sliced = try ScenarioRun(scenario)
        sliced.start()
        for point in SnapshotTests.points(scenario, end: whole.machine.now, count: 3, seed: 7) {
            sliced.run(until: point)
            let restored = try ScenarioRun(scenario)
            try restored.machine.restoreState(sliced.machine.saveState())
            restored.runToEnd()
            #expect(restored.result == whole.result, "\(differences(whole.machine, restored.machine))")
        }
    }
}
