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
        case noise, garbage, executable, calls, wildWrites
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

    private static func run(_ kind: Kind, seed: UInt64, _ directory: GuardedDirectory) throws {
        var maker = RandomProgram(seed: seed << 8 | UInt64(Kind.allCases.firstIndex(of: kind) ?? 0))
        let program: [UInt8]
        switch kind {
        case .noise: program = maker.noise()
        case .garbage: program = maker.garbage()
        case .executable: program = maker.executable()
        case .calls: program = maker.calls()
        case .wildWrites: program = maker.wildWrites()
        }
        let isOnHost = maker.isOne(in: 2)
        var scenario = Scenario("\(kind.rawValue) \(seed)")
        scenario.files = ["A.COM": program, "FILE.TXT": Array("text".utf8), "SUB\\FILE.TXT": [1, 2, 3]]
        scenario.startup = [.program(path: Array("C:\\A.COM".utf8), tail: maker.bytes(maker.number(0...20)))]
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
        if isOnHost {
            try directory.refill()
            try Data(program).write(to: URL(fileURLWithPath: directory.drive + "/a.com"))
        }
        let run = try ScenarioRun(scenario, drive: isOnHost ? try directory.volume() : nil)
        run.start()
        run.runToEnd()
        // A drive in memory holds at most 8 MB, extended memory 15 MB; all else is small.
        #expect(run.machine.saveState().count < 32 << 20, "the state has grown without bound: \(scenario.name)")
        _ = run.machine.takeNotices()
    }
}
