import Core
import Foundation
import Storage
import Testing
import X86

@testable import Machine

/// The test programs on whole machines with the fast and the exact engine, side by side: registers after every
/// instruction, memory every few hundred.
///
/// Every instruction takes the same number of clocks on both, so that timers, keys and interrupts come at equal
/// instruction counts. The 80286 is not among them: the exact one is an instruction or two ahead of its last write, and
/// accesses ports later in an instruction; random programs compare it (`EngineComparisonTests`). OCHENTA_AGREEMENT_INSTRUCTIONS sets how far each program is followed.
@Suite struct EngineAgreementTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let limit = environment["OCHENTA_AGREEMENT_INSTRUCTIONS"].flatMap { Int($0) } ?? 15_000
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../.build/test-roms")
    /// Instructions between two looks at memory.
    private static let stretch = 256

    /// Programs whose course depends on how far a processor fetches ahead, or on the number of clocks.
    private static let left: Set<String> = ["SELFMOD.COM", "CPUDOS.COM"]

    private static var programs: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return files.filter { $0.hasSuffix(".COM") && !left.contains($0) }.sorted()
    }

    private static func profile(_ model: ProcessorModel, _ engine: EngineKind) -> MachineProfile {
        var profile = MachineProfile.xt
        profile.model = model
        profile.engine = engine
        return profile
    }

    private static func run(
        _ program: String, _ files: [String: [UInt8]], _ model: ProcessorModel, _ engine: EngineKind
    ) throws -> ScenarioRun {
        var scenario = Scenario("\(program) \(engine)")
        scenario.profile = profile(model, engine)
        scenario.files = files
        scenario.startup = [.program(path: Array("C:\\\(program)".utf8), tail: Array(" one two".utf8))]
        scenario.types("abc\n", at: .milliseconds(40))
        let run = try ScenarioRun(scenario)
        run.machine.engine.fixedInstructionClocks = 4
        run.start()
        return run
    }

    @Test(arguments: [ProcessorModel.i8088, .i8086])
    func `the test programs go the same way on both engines`(_ model: ProcessorModel) throws {
        let programs = EngineAgreementTests.programs
        guard !programs.isEmpty else { return print("test-roms: not run, they are not assembled (make roms)") }
        var files: [String: [UInt8]] = [:]
        for name in programs {
            files[name] = Array(try Data(contentsOf: EngineAgreementTests.directory.appending(path: name)))
        }
        for program in programs {
            let fast = try EngineAgreementTests.run(program, files, model, .fast)
            let exact = try EngineAgreementTests.run(program, files, model, .exact)
            #expect(exact.machine.engine is any ClockTracingEngine)
            if let difference = follow(fast, exact) { Issue.record("\(program) on \(model): \(difference)") }
        }
    }

    /// What a processor is at between two instructions.
    private struct Place: Equatable, CustomStringConvertible {
        var code, stack: FarPointer
        var ax, bx, cx, dx, bp, si, di, ds, es, flags: UInt16
        var time: Tick

        init(_ machine: PersonalComputer) {
            let r = machine.engine.registers
            (code, stack, time) = (r.codePointer, r.stackPointer, machine.now)
            (ax, bx, cx, dx, bp, si, di) = (r.ax, r.bx, r.cx, r.dx, r.bp, r.si, r.di)
            (ds, es, flags) = (r.ds, r.es, r.flags)
        }

        var description: String {
            let values = [ax, bx, cx, dx, bp, si, di, ds, es, flags].map { hex($0) }
            return "\(code) stack \(stack) \(values.joined(separator: " ")) time \(time)"
        }
    }

    /// What differs first, with the way to it; nil if nothing does.
    private func follow(_ fast: ScenarioRun, _ exact: ScenarioRun) -> String? {
        var history: [Place] = []
        for count in 0..<EngineAgreementTests.limit {
            if history.count == 8 { history.removeFirst() }
            history.append(Place(fast.machine))
            let limit = fast.machine.now + Tick(1)
            fast.run(until: limit)
            exact.run(until: limit)
            let (a, b) = (Place(fast.machine), Place(exact.machine))
            if a != b {
                let way = history.map(\.description).joined(separator: "\n  ")
                return "after \(count) instructions\n  \(way)\n  \(a)\n  \(b)"
            }
            if fast.ending != exact.ending {
                return "\(String(describing: fast.ending)), \(String(describing: exact.ending))"
            }
            if fast.ending != nil { return nil }
            if count % EngineAgreementTests.stretch == 0 && !isMemoryEqual(fast.machine, exact.machine) {
                return "memory differs at \(place(fast.machine, exact.machine)) after \(count) instructions at \(a)"
            }
        }
        return nil
    }

    private func isMemoryEqual(_ a: PersonalComputer, _ b: PersonalComputer) -> Bool {
        a.memory.digest == b.memory.digest
    }

    private func place(_ a: PersonalComputer, _ b: PersonalComputer) -> String {
        let index = a.memory.physical.indices.first { a.memory.physical[$0] != b.memory.physical[$0] }
        return index.map { hex(UInt32($0)) } ?? "nowhere"
    }
}
