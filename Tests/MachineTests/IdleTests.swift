import Core
import Testing
import X86

@testable import Machine

/// Programs that wait, also by asking again and again, cost the host nothing; programs that work are left alone.
@Suite struct IdleTests {
    /// Runs for a second of emulated time from 100 ms on; returns how often the machine came back to wait, and how many
    /// instructions it executed.
    private func second(_ scenario: Scenario) throws -> (waits: Int, instructions: UInt64) {
        let machine = try ScenarioRun(scenario).machine
        var waits = 0
        func run(until limit: Tick) {
            while machine.now < limit {
                switch machine.run(until: limit) {
                case .waiting: waits += 1
                case .deadline: continue
                case let stop:
                    Issue.record("\(scenario.name): \(stop)")
                    return
                }
            }
        }
        run(until: .milliseconds(100))
        waits = 0
        let start = machine.engine.instructionCount
        run(until: .milliseconds(1_100))
        return (waits, machine.engine.instructionCount - start)
    }

    private static let pollers: [Scenario] = [
        Scenario("INT 16h AH=01h") { a in
            a.label("loop")
            a.movAH(1)
            a.interrupt(0x16)
            a.jump(0x74, "loop")
            a.exit(0)
        },
        Scenario("INT 16h AH=11h, with some work") { a in
            a.label("loop")
            a.mov(.cx, 30)
            a.label("work")
            a.jump(0xE2, "work")
            a.movAH(0x11)
            a.interrupt(0x16)
            a.jump(0x74, "loop")
            a.exit(0)
        },
        Scenario("INT 21h AH=06h") { a in
            a.label("loop")
            a.mov(.dx, 0xFF)
            a.dos(0x06)
            a.jump(0x74, "loop")
            a.exit(0)
        },
        Scenario("INT 21h AH=0Bh") { a in
            a.label("loop")
            a.dos(0x0B)
            a.code(0x08, 0xC0)
            a.jump(0x74, "loop")
            a.exit(0)
        },
        Scenario("INT 21h AX=4406h") { a in
            a.label("loop")
            a.mov(.ax, 0x4406)
            a.mov(.bx, 0)
            a.interrupt(0x21)
            a.code(0x08, 0xC0)
            a.jump(0x74, "loop")
            a.exit(0)
        },
        Scenario("INT 16h AH=01h, in a long loop that comes back to where it was") { a in
            a.label("loop")
            a.mov(.cx, 2_000)
            a.label("work")
            a.jump(0xE2, "work")
            a.movAH(1)
            a.interrupt(0x16)
            a.jump(0x74, "loop")
            a.exit(0)
        },
        Scenario("INT 21h AH=0Bh and INT 16h AH=01h, in a long loop with two polls") { a in
            a.label("loop")
            a.mov(.cx, 1_000)
            a.label("work")
            a.jump(0xE2, "work")
            a.dos(0x0B)
            a.mov(.cx, 500)
            a.label("more")
            a.jump(0xE2, "more")
            a.movAH(1)
            a.interrupt(0x16)
            a.jump(0x74, "loop")
            a.exit(0)
        },
        Scenario("INT 16h AH=02h and INT 21h AH=2Ch, looking at the key buffer itself") { a in
            a.label("loop")
            a.movAH(2)
            a.interrupt(0x16)
            a.code(0x50, 0x58)  // PUSH AX, POP AX: what lies below the stack tells the two polls apart
            a.movAH(2)
            a.interrupt(0x16)
            a.dos(0x2C)
            a.mov(.ax, 0x40)
            a.code(0x8E, 0xD8)  // MOV DS, AX
            a.code(0xA1, 0x1A, 0x00)  // MOV AX, [1Ah]
            a.code(0x3B, 0x06, 0x1C, 0x00)  // CMP AX, [1Ch]
            a.jump(0x74, "loop")
            a.exit(0)
        },
        Scenario("INT 21h AH=01h") { a in
            a.dos(0x01)
            a.exit(0)
        },
        Scenario("INT 21h AH=0Ah") { a in
            a.dos(0x0A, "line")
            a.exit(0)
            a.data("line", [9, 0])
        },
        Scenario("STI, HLT") { a in
            a.label("loop")
            a.code(0xFB, 0xF4)
            a.jump(0xEB, "loop")
        },
    ]

    @Test("a program that waits or polls comes back a few times a second", arguments: pollers)
    func polling(_ scenario: Scenario) throws {
        let (waits, instructions) = try second(scenario)
        // The timer ticks 18 times a second; each tick costs its handler and a few polls.
        #expect((1...60).contains(waits), "\(waits) waits")
        #expect(instructions < 300_000, "\(instructions) instructions")
    }

    private static let coprocessorWork: Scenario = {
        var scenario = Scenario("counts in the coprocessor") { a in
            a.code(0x9B, 0xDB, 0xE3)  // FINIT
            a.code(0x9B, 0xD9, 0xE8, 0x9B, 0xD9, 0xE8)  // FLD1, FLD1
            a.label("loop")
            a.mov(.cx, 2_000)
            a.label("work")
            a.jump(0xE2, "work")
            a.code(0x9B, 0xDC, 0xC1, 0x9B)  // FADD ST(1), ST; FWAIT
            a.movAH(1)
            a.interrupt(0x16)
            a.jump(0x74, "loop")
            a.exit(0)
        }
        scenario.profile.hasCoprocessor = true
        return scenario
    }()

    private static let workers: [Scenario] = [
        Scenario("counts in memory") { a in
            a.label("loop")
            a.mov(.cx, 2_000)
            a.label("work")
            a.jump(0xE2, "work")
            a.code(0xFF, 0x06, 0x80, 0x00)  // INC word [80h], in the PSP
            a.movAH(1)
            a.interrupt(0x16)
            a.jump(0x74, "loop")
            a.exit(0)
        },
        Scenario("looks at a port") { a in
            a.label("loop")
            a.mov(.cx, 2_000)
            a.label("work")
            a.jump(0xE2, "work")
            a.code(0xE4, 0x61)  // IN AL, 61h
            a.movAH(1)
            a.interrupt(0x16)
            a.jump(0x74, "loop")
            a.exit(0)
        },
        coprocessorWork,
        Scenario("works for long between its polls") { a in
            a.label("loop")
            a.mov(.cx, 30_000)
            a.label("work")
            a.jump(0xE2, "work")
            a.movAH(1)
            a.interrupt(0x16)
            a.jump(0x74, "loop")
            a.exit(0)
        },
    ]

    @Test("a program that works between its polls is not put to sleep", arguments: workers)
    func working(_ scenario: Scenario) throws {
        let (waits, instructions) = try second(scenario)
        #expect(waits == 0)
        #expect(instructions > 1_000_000)
    }

    @Test("a key wakes a program at once", arguments: pollers.dropLast(2))
    func waking(_ scenario: Scenario) throws {
        var scenario = scenario
        let time = Tick.milliseconds(500) + Tick(12_345)
        scenario.input = [StampedInput(time: time, event: .key(0x1E, isDown: true))]
        let run = try ScenarioRun(scenario)
        run.start()
        run.runToEnd()
        #expect(run.ending == .exited(status: 0))
        // The keyboard takes a millisecond to send the code.
        #expect(run.machine.now - time < .milliseconds(3), "\(run.machine.now - time)")
    }

    @Test("a key that is pushed while the machine sleeps wakes it")
    func lateKey() throws {
        let scenario = IdleTests.pollers[0]
        let run = try ScenarioRun(scenario)
        run.run(until: .milliseconds(300))
        // A tick's half and its whole are events.
        let rest = try #require(run.machine.restsUntil)
        #expect(rest > run.machine.now && rest - run.machine.now < .milliseconds(28))
        run.machine.input.push(.key(0x1E, isDown: true), at: run.machine.now)
        #expect(run.machine.restsUntil == nil)
        run.runToEnd()
        #expect(run.machine.restsUntil == nil)
        #expect(run.ending == .exited(status: 0))
        #expect(run.machine.now < .milliseconds(303))
    }

    @Test("the slices in which a machine runs do not matter while a program sleeps", arguments: pollers)
    func slices(_ scenario: Scenario) throws {
        let whole = try ScenarioRun(scenario)
        whole.run(until: .milliseconds(700))
        let sliced = try ScenarioRun(scenario)
        var time = Tick.zero
        while time < .milliseconds(700) {
            time = min(time + .microseconds(777), .milliseconds(700))
            sliced.run(until: time)
        }
        #expect(sliced.result == whole.result, "\(differences(whole.machine, sliced.machine))")
    }
}
