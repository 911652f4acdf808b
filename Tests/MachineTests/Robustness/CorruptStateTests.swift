import Core
import Machine
import Storage
import TestSupport
import Testing

/// States that were damaged are refused, or accepted where they can be run; nothing traps.
@Suite struct CorruptStateTests {
    /// The places of the parts of a state: name, start of the contents, length.
    private static func parts(_ state: [UInt8]) -> [(name: String, start: Int, count: Int)] {
        var position = 12
        var result: [(name: String, start: Int, count: Int)] = []
        while position + 10 <= state.count {
            let name = String(decoding: state[position..<position + 4], as: UTF8.self)
            let count = (0..<4).reduce(0) { $0 | Int(state[position + 6 + $1]) << (8 * $1) }
            result.append((name, position + 10, count))
            position += 10 + count
        }
        return result
    }

    private static func state(_ scenario: Scenario, at time: Tick) throws -> [UInt8] {
        let run = try ScenarioRun(scenario)
        run.start()
        run.run(until: time)
        return run.machine.saveState()
    }

    @Test("a truncated state is refused and changes nothing")
    func truncated() throws {
        let state = try CorruptStateTests.state(.children, at: .milliseconds(410))
        let run = try ScenarioRun(.children)
        run.run(until: .milliseconds(50))
        let before = run.machine.stateHash()
        var random = SeededGenerator(seed: 3)
        for index in 0..<60 {
            let count = index < 20 ? index : Int.random(in: 0..<state.count, using: &random)
            #expect(throws: StateError.self) { try run.machine.restoreState(Array(state.prefix(count))) }
        }
        #expect(throws: StateError.self) { try run.machine.restoreState(state + [0]) }
        #expect(run.machine.stateHash() == before)
        run.runToEnd()
    }

    @Test("a state of another kind of machine is refused")
    func otherMachine() throws {
        var scenario = Scenario.children
        scenario.profile = .xt
        let state = try CorruptStateTests.state(scenario, at: .milliseconds(10))
        let run = try ScenarioRun(.children)
        #expect(throws: StateError.self) { try run.machine.restoreState(state) }
    }

    @Test("an event that lies far in the past is refused: catching up with it would not end")
    func overdue() throws {
        var state = try CorruptStateTests.state(.children, at: .milliseconds(10))
        let events = try #require(CorruptStateTests.parts(state).first { $0.name == "SCHD" })
        // The highest byte of the timer's deadline, behind the one of the input queue.
        state[events.start + 15] = 0x80
        let run = try ScenarioRun(.children)
        #expect(throws: StateError.self) { try run.machine.restoreState(state) }
    }

    @Test(
        "a state with damaged bytes is refused or runs",
        arguments: [
            (Scenario.children, 405), (.keys, 700), (.batch, 650), (.search, 5), (.criticalError, 1_700), (.sound, 400),
        ])
    func damaged(_ scenario: Scenario, milliseconds: Int) throws {
        let state = try CorruptStateTests.state(scenario, at: .milliseconds(Int64(milliseconds)))
        let parts = CorruptStateTests.parts(state).filter { $0.count > 0 }
        #expect(parts.count > 15)
        var random = SeededGenerator(seed: UInt64(milliseconds))
        var accepted = 0
        for round in 0..<150 {
            var damaged = state
            let part = parts[round % parts.count]
            for _ in 0..<Int.random(in: 1...3, using: &random) {
                let place = part.start + Int.random(in: 0..<part.count, using: &random)
                damaged[place] =
                    [0, 1, 0x7F, 0x80, 0xFF, damaged[place] ^ 1, damaged[place] &+ 0x10].randomElement(
                        using: &random) ?? 0
            }
            let run = try ScenarioRun(scenario)
            guard (try? run.machine.restoreState(damaged)) != nil else { continue }
            accepted += 1
            run.run(until: run.machine.now + .milliseconds(30))
            _ = run.machine.textScreen()
        }
        #expect(accepted > 0)
    }
}
