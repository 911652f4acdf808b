import Core
import Testing
import X86

@testable import ProcessorSuites

/// Levels 3a to 3c, with an engine that shows what the tests tell it to.
@Suite struct TraceTests {
    private struct Outcome {
        var wrong: Set<SuiteMeasure>
        var failure: SuiteFailure?
    }

    /// Runs one test on an engine that does `step` instead of what is right.
    private func outcome(
        _ test: CapturedTest, _ model: ProcessorModel, change: (inout ScriptedEngine.Step) -> Void
    ) throws -> Outcome {
        var step = ScriptedEngine.Step(test, model)
        change(&step)
        let directory = try TestDirectory()
        let file = try directory.write("B8.MOO", SuiteBuilder.moo([test], model))
        var run = SuiteRun(try SuiteCatalog.suites(at: file))
        run.engine = ScriptedEngine.engine([step])
        run.level = .bus
        let form = try #require(run.run().suites.first?.forms.first)
        #expect(form.problem == nil)
        #expect(form.total == 1)
        return Outcome(
            wrong: Set(SuiteMeasure.allCases.filter { form.passed($0) == 0 }), failure: form.failures.first)
    }

    /// A write of 1234h to 200h: even, so both halves of the bus; then a read of a byte at 301h.
    private static let transfers8086: CapturedTest = {
        var test = SuiteBuilder.moveImmediate()
        var records = [test.clocks.record(0, .i8086)]
        for (status, address, command, data, isBHEHigh) in [
            (UInt8(4), UInt32(0x200), ClockRecord.Command([.advancedWrite, .write]), UInt16(0x1234), false),
            (3, 0x301, .read, 0x56FF, false),
        ] {
            var cycle = [ClockRecord](repeating: ClockRecord(), count: 4)
            for state in 0..<4 {
                cycle[state].state = UInt8(state + 1)
                cycle[state].status = state < 2 ? status : 7
                cycle[state].segment = state == 0 ? 4 : 3
                cycle[state].isBHEHigh = isBHEHigh
                if state == 1 || state == 2 { cycle[state].memoryCommand = command }
            }
            (cycle[0].isAddressLatched, cycle[0].bus) = (true, address)
            cycle[2].data = data
            records += cycle
        }
        test.clocks = SuiteBuilder.clocks(records)
        return test
    }()

    @Test func `what the chip showed is right in every measure`() throws {
        for (test, model) in [
            (SuiteBuilder.moveImmediate(), ProcessorModel.i8086), (Self.transfers8086, .i8086),
            (FileTests.test286, .i80286),
        ] {
            #expect(try outcome(test, model) { _ in }.wrong.isEmpty)
        }
    }

    @Test func `what floats is not compared`() throws {
        let outcome = try outcome(Self.transfers8086, .i8086) { step in
            step.records[0].bus = 0xABCDE
            step.records[2].bus = 0x12345
            step.records[0].data = 0x9999
            step.records[0].isBHEHigh.toggle()
            // The low half of a byte at an odd address.
            step.records[7].data = 0x5600
            step.records[1].queueByte = 0x77
        }
        #expect(outcome.wrong.isEmpty)
        let of286 = try self.outcome(FileTests.test286, .i80286) { step in
            step.records[1].bus = 0
            step.records[2].data = 0x4321
            step.records[2].isReadyHigh.toggle()
            // Both are passive.
            step.records[2].status = 7
        }
        #expect(of286.wrong.isEmpty)
    }

    @Test func `each pin that counts is compared`() throws {
        let changes: [(inout ScriptedEngine.Step) -> Void] = [
            { $0.records[1].isAddressLatched = false }, { $0.records[1].bus ^= 1 << 19 },
            { $0.records[1].isBHEHigh.toggle() }, { $0.records[2].segment = 1 },
            { $0.records[2].memoryCommand = .read },
            { $0.records[4].portCommand = .write }, { $0.records[3].data ^= 0x8000 }, { $0.records[7].data ^= 0x0100 },
            { $0.records[2].status = 3 }, { $0.records[4].state = 0 }, { $0.records[5].queueOperation = .flushed },
            { $0.records[0].queueByte ^= 1 },
        ]
        for (number, change) in changes.enumerated() {
            let outcome = try outcome(Self.transfers8086, .i8086, change: change)
            #expect(outcome.wrong.contains(.records), "change \(number)")
            #expect(!outcome.wrong.contains(.clocks) && !outcome.wrong.contains(.flags), "change \(number)")
        }
        for change in [
            { $0.records[0].bus ^= 1 << 23 }, { $0.records[2].isLockHigh = true }, { $0.records[1].data ^= 1 },
        ] as [(inout ScriptedEngine.Step) -> Void] {
            #expect(try outcome(FileTests.test286, .i80286, change: change).wrong.contains(.records))
        }
    }

    @Test func `transfers are compared without the clocks between them`() throws {
        let later = try outcome(Self.transfers8086, .i8086) { $0.records.insert(ClockRecord(), at: 5) }
        #expect(later.wrong == [.clocks, .records])
        let fetch = try outcome(SuiteBuilder.moveImmediate(), .i8086) { $0.records[3].bus = 0x108 }
        #expect(fetch.wrong == [.records])
        let data = try outcome(Self.transfers8086, .i8086) { $0.records[3].data = 0x1235 }
        #expect(data.wrong == [.transfers, .records])
        let swapped = try outcome(Self.transfers8086, .i8086) {
            $0.records = [$0.records[0]] + $0.records[5...8] + $0.records[1...4]
        }
        #expect(swapped.wrong == [.transfers, .records])
        let missing = try outcome(Self.transfers8086, .i8086) { $0.records.removeLast(4) }
        #expect(missing.wrong == [.transfers, .clocks, .records])
    }

    @Test func `clocks before the first byte leaves the queue do not count on an 8086`() throws {
        let outcome = try outcome(SuiteBuilder.moveImmediate(), .i8086) { step in
            step.lead = [ClockRecord](repeating: ClockRecord(), count: 4)
        }
        #expect(outcome.wrong.isEmpty)
    }

    @Test func `a trace of an 80286 goes from the first bus cycle to the HLT`() throws {
        var test = FileTests.test286
        var halt = ClockRecord()
        (halt.isAddressLatched, halt.state, halt.status, halt.bus) = (true, 1, 4, 2)
        test.clocks = SuiteBuilder.clocks((0..<3).map { test.clocks.record($0, .i80286) } + [halt], .i80286)
        let around = try outcome(test, .i80286) { step in
            step.lead = [ClockRecord](repeating: ClockRecord(), count: 2)
            step.records += [ClockRecord(), halt]
        }
        #expect(around.wrong.isEmpty)
        #expect(try outcome(test, .i80286) { $0.records.removeLast() }.wrong == [.clocks, .records])
    }

    @Test func `an 8086 runs until the next first byte is in the queue`() throws {
        let test = SuiteBuilder.moveImmediate()
        var first = ScriptedEngine.Step(test, .i8086)
        var second = first
        first.records.removeLast(2)
        first.leavesQueueEmpty = true
        second.records.removeFirst(4)
        let directory = try TestDirectory()
        let file = try directory.write("B8.MOO", SuiteBuilder.moo([test]))
        var run = SuiteRun(try SuiteCatalog.suites(at: file))
        run.engine = ScriptedEngine.engine([first, second])
        run.level = .bus
        #expect(run.run().isPassed)
    }

    @Test func `a fetched byte counts where the test's memory can give it`() throws {
        var test = SuiteBuilder.moveImmediate()
        // The chip was given 9090h from 106h; memory has another low byte.
        test.initial.memory.append(CapturedState.Byte(address: 0x106, value: 0x55))
        test.final.memory = test.initial.memory
        #expect(try outcome(test, .i8086) { $0.records[5].data = 0x9055 }.wrong.isEmpty)
        #expect(try outcome(test, .i8086) { $0.records[5].data = 0x5555 }.wrong == [.records])
        // Behind the instruction, where nothing is listed, are NOPs.
        #expect(try outcome(SuiteBuilder.moveImmediate(), .i8086) { $0.records[5].data = 0 }.wrong == [.records])
        // An 80286 fetches what is listed.
        var of286 = FileTests.test286
        of286.initial.memory.removeLast()
        of286.final.memory = []
        #expect(try outcome(of286, .i80286) { $0.records[1].data = 0 }.wrong.isEmpty)
    }

    @Test func `state, flags and memory are compared along with the clocks`() throws {
        let register = try outcome(SuiteBuilder.moveImmediate(), .i8086) { $0.registers[1] = 0 }
        #expect(register.wrong == [.state, .flags])
        let stray = try outcome(SuiteBuilder.moveImmediate(), .i8086) {
            $0.writes.append(CapturedState.Byte(address: 0x9_0000, value: 0))
        }
        #expect(stray.wrong == [.state, .flags])
    }

    @Test func `the queue is loaded before an 8086 runs and empty before an 80286 does`() throws {
        for (test, model) in [(SuiteBuilder.moveImmediate(), ProcessorModel.i8086), (FileTests.test286, .i80286)] {
            nonisolated(unsafe) var engine: ScriptedEngine?
            let maker = SuiteEngine(name: "scripted", highestLevel: .bus) { model, memory, bus in
                engine = ScriptedEngine(model, memory, bus, [ScriptedEngine.Step(test, model)])
                return engine
            }
            let machine = try #require(SuiteMachine(model, maker))
            _ = machine.run(test, fixedClocks: nil, isTracing: true)
            #expect(engine?.loadedQueue == (model == .i8086 ? test.initial.queue : []))
            #expect(engine?.trace == nil)
            machine.close()
        }
    }

    @Test func `a difference is shown with both traces side by side`() throws {
        let failure = try #require(
            try outcome(Self.transfers8086, .i8086) { $0.records[3].data = 0x1235 }.failure)
        #expect(
            failure.description == """
                B8 test 77: mov ax, 1234h  [B8 34 12]  wrong: transfers, records
                     clock  expected                             | got
                            T  status seg address data BHE queue | T  status seg address data BHE queue
                         0  Ti PASV                        F B8  | Ti PASV                        F B8
                         1  T1 MEMW       000200       0         | T1 MEMW       000200       0
                         2  T2 MEMW   DS                         | T2 MEMW   DS
                  >      3  T3 PASV   DS          1234           | T3 PASV   DS          1235
                         4  T4 PASV   DS                         | T4 PASV   DS
                         5  T1 MEMR       000301       0         | T1 MEMR       000301       0
                         6  T2 MEMR   DS                         | T2 MEMR   DS
                         7  T3 PASV   DS          56..           | T3 PASV   DS          56..
                         8  T4 PASV   DS                         | T4 PASV   DS
                """)
    }

    @Test func `a trace that ends early or late is shown so`() throws {
        let short = try #require(try outcome(FileTests.test286, .i80286) { $0.records.removeLast() }.failure)
        #expect(
            short.description == """
                B8 test 77: mov ax, 1234h  [B8 34 12]  wrong: clocks, records
                     clock  expected                        | got
                            T  status address data BHE LOCK | T  status address data BHE LOCK
                         0  Ts CODE   100102       1   1     | Ts CODE   100102       1   1
                         1  Tc PASV           ..EF     1     | Tc PASV           ..EF     1
                  >      2  Ti PASV                    0     | (ended)
                """)
    }

    @Test func `clocks and pins need an engine that has them`() {
        #expect(!SuiteEngine.fast.highestLevel.needsClocks)
        #expect(SuiteLevel.bus.measures == SuiteMeasure.allCases)
        #expect(SuiteLevel.clocks.measures == [.state, .flags, .transfers, .clocks])
    }
}
