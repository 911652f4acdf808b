import Core
import Machine
import Storage
import TestSupport
import Testing

/// A machine, what runs on it, and everything that comes from outside.
struct Scenario: CustomTestStringConvertible, Sendable {
    var testDescription: String { name }

    var name: String
    var profile = MachineProfile.small
    var files: [String: [UInt8]] = [:]
    var startup: [StartupStep] = []
    var isInteractive = false
    var input: [StampedInput] = []
    /// Pieces of standard input, given one by one when the program needs it, then the end; nil: no streams.
    var standardInput: [[UInt8]]?
    /// The run ends here if the program does not end before.
    var limit = Tick.seconds(20)
    /// Drive D: read-only, with one file.
    var hasProtectedDrive = false

    init(_ name: String) { self.name = name }

    /// A scenario that runs one program, A.COM on drive C:.
    init(_ name: String, _ program: (inout Assembly) -> Void) {
        self.name = name
        files["A.COM"] = Assembly(program).assembled()
        startup = [.program(path: Array("C:\\A.COM".utf8), tail: Array(" one two".utf8))]
    }

    mutating func types(_ text: String, at time: Tick) { input += Typing.events(text, at: time) }

    func configuration(drive: any Volume) throws -> MachineConfiguration {
        var configuration = MachineConfiguration()
        configuration.profile = profile
        configuration.drives = [(letter: 2, volume: drive)]
        if hasProtectedDrive {
            let volume = MemoryVolume(isReadOnly: true, clock: StoppedFileClock(), chunkID: ChunkID("VOLD"))
            try volume.load(["OLD.TXT": Array("old".utf8)])
            configuration.drives.append((letter: 3, volume: volume))
        }
        configuration.startup = startup
        configuration.isInteractive = isInteractive
        return configuration
    }
}

extension MachineProfile {
    /// A 286 without extended memory: its states are quickly saved.
    static var small: MachineProfile {
        var profile = MachineProfile()
        profile.extendedKilobytes = 0
        return profile
    }

    static var xt: MachineProfile {
        var profile = MachineProfile()
        (profile.family, profile.model, profile.clockPeriod) = (.xt, .i8088, Tick(528))
        (profile.video, profile.extendedKilobytes) = (.cga, 0)
        return profile
    }
}

/// A scenario that is being run.
final class ScenarioRun {
    let machine: PersonalComputer
    let output = OutputCollector()
    private let scenario: Scenario
    /// What has not been supplied of the standard input.
    private(set) var rest: ArraySlice<[UInt8]>
    private(set) var ending: MachineStop?
    private let clock = MachineClock()

    /// - Parameter drive: drive C:; nil for one in memory with the scenario's files.
    init(_ scenario: Scenario, drive: (any Volume)? = nil, rest: ArraySlice<[UInt8]>? = nil) throws {
        self.scenario = scenario
        self.rest = rest ?? (scenario.standardInput ?? [])[...]
        let volume: any Volume
        if let drive {
            volume = drive
        } else {
            let memory = MemoryVolume(clock: clock)
            try memory.load(scenario.files)
            volume = memory
        }
        machine = PersonalComputer(try scenario.configuration(drive: volume))
        clock.connect(machine)
        if scenario.standardInput != nil { machine.attachStreams(output) }
    }

    func start() {
        for event in scenario.input { machine.input.push(event.event, at: event.time) }
    }

    /// Runs until `limit` or the machine's end.
    func run(until limit: Tick) {
        while ending == nil {
            switch machine.run(until: limit) {
            case .deadline: return
            case .waiting:
                if machine.now >= limit { return }
            case .needsInput:
                if let piece = rest.popFirst() { machine.streams.supply(piece) } else { machine.streams.end() }
            case let stop: ending = stop
            }
        }
    }

    func runToEnd() { run(until: scenario.limit) }

    var result: ScenarioResult {
        ScenarioResult(
            ending: ending, time: machine.now, hash: machine.stateHash(), output: output.bytes,
            screen: machine.textScreen()?.lines ?? [])
    }
}

struct ScenarioResult: Equatable {
    var ending: MachineStop?
    var time: Tick
    var hash: StateHash
    var output: [UInt8]
    var screen: [String]
}

extension TextScreen {
    var lines: [String] { (0..<rows).map { line($0) } }
}

/// The first lines in which two states differ, to tell what is wrong.
func differences(_ first: PersonalComputer, _ second: PersonalComputer) -> String {
    let (a, b) = (first.describeState(), second.describeState())
    let pairs = zip(a, b).filter { $0 != $1 }.prefix(12).map { "\($0)  |  \($1)" }
    return "\(a.count) and \(b.count) lines; " + pairs.joined(separator: "\n")
}
