import Core
import Foundation
import Storage
import Testing
import X86

@testable import Machine

/// The test programs on whole machines with the fast and the exact engine, side by side.
///
/// Every instruction takes the same number of clocks on both, so that timers, keys and interrupts come at equal
/// instruction counts. Registers and time are compared after every instruction. Memory is compared in two ways: once every
/// write is watched, and after each instruction the bytes that either machine has written must be the same in both; and
/// once memory is plain, so that both engines take their usual ways, and all of it is compared every few hundred
/// instructions.
///
/// OCHENTA_AGREEMENT_INSTRUCTIONS sets how far each program is followed, OCHENTA_AGREEMENT_ROUNDS how often, each time
/// with other clocks for an instruction, so that interrupts come at other places.
@Suite struct EngineAgreementTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let limit = number("OCHENTA_AGREEMENT_INSTRUCTIONS") ?? 15_000
    private static let rounds = number("OCHENTA_AGREEMENT_ROUNDS") ?? 1
    private static let directory = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../.build/test-roms")
    /// Instructions between two looks at all of memory.
    private static let stretch = 256

    private static func number(_ name: String) -> Int? { environment[name].flatMap { Int($0) } }

    /// Programs whose course depends on how far a processor fetches ahead, or on the number of clocks.
    private static let left: Set<String> = ["SELFMOD.COM", "CPUDOS.COM"]

    private static var programs: [String] {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: directory.path)) ?? []
        return files.filter { $0.hasSuffix(".COM") && !left.contains($0) }.sorted()
    }

    /// The AT has a coprocessor, so that both engines' parts of its protocol are compared too.
    private static func profile(_ model: ProcessorModel, _ engine: EngineKind) -> MachineProfile {
        var profile = model == .i80286 ? MachineProfile() : MachineProfile.xt
        if model == .i80286 { (profile.extendedKilobytes, profile.hasCoprocessor) = (64, true) }
        // The memory of a CGA is memory on both. A VGA's is plain on a fast machine only, so that there they would differ.
        profile.video = .cga
        profile.model = model
        profile.engine = engine
        return profile
    }

    private static func run(
        _ program: String, _ files: [String: [UInt8]], _ model: ProcessorModel, _ engine: EngineKind, clocks: Int
    ) throws -> ScenarioRun {
        var scenario = Scenario("\(program) \(engine)")
        scenario.profile = profile(model, engine)
        scenario.files = files
        scenario.startup = [.program(path: Array("C:\\\(program)".utf8), tail: Array(" one two".utf8))]
        scenario.types("abc\n", at: .milliseconds(40))
        let run = try ScenarioRun(scenario)
        run.machine.engine.fixedInstructionClocks = clocks
        run.start()
        return run
    }

    @Test(arguments: [ProcessorModel.i8088, .i8086, .i80286])
    func `the test programs go the same way on both engines`(_ model: ProcessorModel) throws {
        let programs = EngineAgreementTests.programs
        guard !programs.isEmpty else { return print("test-roms: not run, they are not assembled (make roms)") }
        var files: [String: [UInt8]] = [:]
        for name in programs {
            files[name] = Array(try Data(contentsOf: EngineAgreementTests.directory.appending(path: name)))
        }
        for round in 0..<EngineAgreementTests.rounds {
            for (program, isWatched) in programs.flatMap({ [($0, true), ($0, false)] }) {
                let clocks = 4 + round % 200
                let fast = try EngineAgreementTests.run(program, files, model, .fast, clocks: clocks)
                let exact = try EngineAgreementTests.run(program, files, model, .exact, clocks: clocks)
                #expect(exact.machine.engine is any ClockTracingEngine)
                guard let difference = follow(fast, exact, isWatched: isWatched) else { continue }
                Issue.record("\(program) on \(model), \(clocks) clocks an instruction: \(difference)")
            }
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

    /// One of the two machines with its way so far.
    private struct Follower {
        let run: ScenarioRun
        let watch: WriteWatch?
        private(set) var history: [Place] = []

        init(_ run: ScenarioRun, isWatched: Bool) {
            self.run = run
            watch = isWatched ? WriteWatch(run.machine.memory) : nil
        }

        var machine: PersonalComputer { run.machine }
        var place: Place { Place(run.machine) }

        mutating func step(until limit: Tick) {
            if history.count == 8 { history.removeFirst() }
            history.append(place)
            watch?.written.removeAll(keepingCapacity: true)
            run.run(until: limit)
        }

        /// The way to the present place.
        var way: String {
            "\(machine.configuration.profile.engine):\n  "
                + (history + [place]).map(\.description).joined(separator: "\n  ")
        }
    }

    /// What differs first, with the way of each to it; nil if nothing does.
    private func follow(_ fast: ScenarioRun, _ exact: ScenarioRun, isWatched: Bool) -> String? {
        var (a, b) = (Follower(fast, isWatched: isWatched), Follower(exact, isWatched: isWatched))
        defer { for follower in [a, b] { follower.watch?.end() } }
        for count in 0..<EngineAgreementTests.limit {
            let limit = a.machine.now + Tick(1)
            a.step(until: limit)
            b.step(until: limit)
            if let difference = difference(a, b, isAllCompared: count % EngineAgreementTests.stretch == 0) {
                return "\(difference) after \(count + 1) steps\n\(a.way)\n\(b.way)"
            }
            if fast.ending != nil { return nil }
        }
        return nil
    }

    private func difference(_ a: Follower, _ b: Follower, isAllCompared: Bool) -> String? {
        if a.place != b.place { return "registers or time differ" }
        if a.run.ending != b.run.ending {
            return "\(String(describing: a.run.ending)), \(String(describing: b.run.ending))"
        }
        let (first, second) = (a.machine.memory.physical, b.machine.memory.physical)
        let written = (a.watch?.written ?? []) + (b.watch?.written ?? [])
        var place = written.first { first[$0] != second[$0] }
        if isAllCompared && place == nil && a.machine.memory.digest != b.machine.memory.digest {
            place = first.indices.first { first[$0] != second[$0] }
        }
        return place.map { "memory differs at \(hex(UInt32($0))): \(hex(first[$0])), \(hex(second[$0]))" }
    }
}

/// Lies over all plain memory below 1 MB and keeps the addresses that are written.
private final class WriteWatch: MemoryDevice {
    private let memory: GuestMemory
    private let pages: [Int]
    var written: [Int] = []

    init(_ memory: GuestMemory) {
        self.memory = memory
        pages = (0..<256).filter { memory.pageFlags[$0] == 0 }
        for page in pages { memory.route(WriteWatch.addresses(page), flags: .deviceWrite, device: self) }
    }

    /// Unties the memory from this device, so that both can go.
    func end() { for page in pages { memory.route(WriteWatch.addresses(page), flags: []) } }

    private static func addresses(_ page: Int) -> Range<Int> {
        page * GuestMemory.pageSize..<(page + 1) * GuestMemory.pageSize
    }

    func readMemory(_ address: UInt32, at now: Tick) -> UInt8 { memory.physical[Int(address)] }

    func writeMemory(_ address: UInt32, _ value: UInt8, at now: Tick) {
        written.append(Int(address))
        memory.physical[Int(address)] = value
    }
}
