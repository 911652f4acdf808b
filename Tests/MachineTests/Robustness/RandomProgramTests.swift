import Core
import Foundation
import Machine
import Storage
import TestSupport
import Testing

/// Whatever a program is and does, the machine stops or runs to its limit; the host's other files stay as they are.
///
/// OCHENTA_FUZZ_SEEDS sets the number of programs of each kind, OCHENTA_FUZZ_FIRST the first seed; OCHENTA_FUZZ_TRACE
/// names each program before it runs.
@Suite struct RandomProgramTests {
    enum Kind: String, CaseIterable, Sendable {
        case noise, garbage, executable, calls, wildWrites, batch

        /// What the program is called on the drive.
        var fileName: String { self == .batch ? "A.BAT" : "A.COM" }
    }

    private static let environment = ProcessInfo.processInfo.environment
    private static let count = environment["OCHENTA_FUZZ_SEEDS"].flatMap { Int($0) } ?? 150
    private static let first = environment["OCHENTA_FUZZ_FIRST"].flatMap { Int($0) } ?? 1
    private static let isTraced = environment["OCHENTA_FUZZ_TRACE"] != nil

    @Test("random programs do not break the machine or reach foreign files", arguments: Kind.allCases)
    func randomPrograms(_ kind: Kind) throws {
        let directory = try GuardedDirectory()
        for seed in RandomProgramTests.first..<RandomProgramTests.first + RandomProgramTests.count {
            if RandomProgramTests.isTraced {
                FileHandle.standardError.write(Data("\(kind.rawValue) \(seed)\n".utf8))
            }
            try RandomProgramTests.run(kind, seed: UInt64(seed), directory)
            if seed % 50 == 0 { #expect(directory.isUntouched, "\(kind.rawValue) up to seed \(seed)") }
        }
        #expect(directory.isUntouched)
    }

    /// A machine with a random program, random keys and a random processor. Also says whether it is for a host drive.
    private static func scenario(_ kind: Kind, seed: UInt64) -> (scenario: Scenario, isOnHost: Bool) {
        var maker = RandomProgram(seed: seed << 8 | UInt64(Kind.allCases.firstIndex(of: kind) ?? 0))
        let program: [UInt8]
        switch kind {
        case .noise: program = maker.noise()
        case .garbage: program = maker.garbage()
        case .executable: program = maker.executable()
        case .calls: program = maker.calls()
        case .wildWrites: program = maker.wildWrites()
        case .batch: program = maker.batch()
        }
        let isOnHost = maker.isOne(in: 2)
        var scenario = Scenario("\(kind.rawValue) \(seed)")
        scenario.files = [kind.fileName: program, "FILE.TXT": Array("text".utf8), "SUB\\FILE.TXT": [1, 2, 3]]
        scenario.startup = [.program(path: Array("C:\\\(kind.fileName)".utf8), tail: maker.bytes(maker.number(0...20)))]
        scenario.limit = .milliseconds(150)
        switch maker.number(0...7) {
        case 0: scenario.profile = .xt
        case 1: scenario.profile = MachineProfile()
        case 2: (scenario.profile.model, scenario.profile.clockPeriod) = (.i80186, Tick(315))
        default: break
        }
        if maker.isOne(in: 4) { scenario.standardInput = [maker.bytes(40), Array("line\r\n".utf8)] }
        for _ in 0..<maker.number(0...12) {
            let code = UInt16(maker.number(1...0x58))
            let time = Tick.milliseconds(Int64(maker.number(0...120)))
            scenario.input.append(StampedInput(time: time, event: .key(code, isDown: maker.isOne(in: 2))))
        }
        scenario.profile.hasCoprocessor = maker.isOne(in: 2)
        return (scenario, isOnHost)
    }

    private static func run(_ kind: Kind, seed: UInt64, _ directory: GuardedDirectory) throws {
        let (scenario, isOnHost) = scenario(kind, seed: seed)
        if isOnHost {
            try directory.refill()
            let path = directory.drive + "/" + kind.fileName.lowercased()
            try Data(scenario.files[kind.fileName] ?? []).write(to: URL(fileURLWithPath: path))
        }
        let run = try ScenarioRun(scenario, drive: isOnHost ? try directory.volume() : nil)
        run.start()
        run.runToEnd()
        // A drive in memory holds at most 8 MB, extended memory 15 MB; all else is small.
        #expect(run.machine.saveState().count < 32 << 20, "the state has grown without bound: \(scenario.name)")
        _ = run.machine.takeNotices()
    }

    @Test("random programs run the same in slices, and after a restore in their middle", arguments: Kind.allCases)
    func randomSnapshots(_ kind: Kind) throws {
        let first = RandomProgramTests.first
        for seed in first..<first + max(RandomProgramTests.count / 8, 1) {
            let scenario = RandomProgramTests.scenario(kind, seed: UInt64(seed)).scenario
            let whole = try ScenarioRun(scenario)
            whole.start()
            whole.runToEnd()
            let expected = whole.result
            var random = SeededGenerator(seed: UInt64(seed))
            // Most programs are soon over, or wait.
            let early = Int64.random(in: 0...expected.time.count, using: &random)
            let points = [early / 64, early / 4, early].map { Tick($0) }
            let sliced = try ScenarioRun(scenario)
            sliced.start()
            for point in points {
                sliced.run(until: point)
                let restored = try ScenarioRun(scenario, rest: sliced.rest)
                if sliced.ending == nil {
                    try restored.machine.restoreState(sliced.machine.saveState())
                    restored.runToEnd()
                    var result = restored.result
                    result.output = sliced.output.bytes + result.output
                    #expect(
                        result == expected,
                        "\(scenario.name) at \(point): \(differences(whole.machine, restored.machine))")
                }
            }
            sliced.runToEnd()
            #expect(sliced.result == expected, "\(scenario.name): \(differences(whole.machine, sliced.machine))")
        }
    }
}
