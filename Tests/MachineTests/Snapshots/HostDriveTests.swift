import Core
import Foundation
import Hosting
import Machine
import Storage
import TestSupport
import Testing

/// Machines whose drive is a host directory, restored over a copy of the directory that was taken at the save.
@Suite struct HostDriveTests {
    /// A directory that goes away with the object.
    private final class Directory {
        let path: String

        init() throws {
            var template = Array((NSTemporaryDirectory() + "/ochenta-test-XXXXXX").utf8CString)
            path = try String(cString: #require(mkdtemp(&template)))
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }

        /// A copy with the times of the files.
        func copy() throws -> Directory {
            let copy = try Directory()
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/cp")
            process.arguments = ["-a", path + "/.", copy.path]
            try process.run()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0)
            return copy
        }

        /// Names and contents.
        var files: [String: Data] {
            var result: [String: Data] = [:]
            for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
                result[name] = FileManager.default.contents(atPath: path + "/" + name) ?? Data()
            }
            return result
        }
    }

    /// A machine over a directory, whose files get the machine's times.
    private struct Host {
        let directory: Directory
        let run: ScenarioRun
        private let clock = MachineClock()

        init(_ scenario: Scenario, _ directory: Directory) throws {
            self.directory = directory
            run = try ScenarioRun(scenario, drive: try HostVolume(directory: directory.path, clock: clock))
            clock.connect(run.machine)
        }
    }

    @Test(
        "restored in the middle of searches, with files open",
        arguments: [Scenario.search, .controlBlocks, .children, .keys, .pipes])
    func restore(_ scenario: Scenario) throws {
        let original = try Directory()
        for (name, bytes) in scenario.files {
            try Data(bytes).write(to: URL(fileURLWithPath: original.path + "/" + name.lowercased()))
        }
        let whole = try Host(scenario, try original.copy())
        whole.run.start()
        whole.run.runToEnd()
        let expected = whole.run.result
        #expect(expected.ending != nil)

        let sliced = try Host(scenario, try original.copy())
        sliced.run.start()
        for point in SnapshotTests.points(scenario, end: expected.time, count: 6, seed: 5) {
            sliced.run.run(until: point)
            let state = sliced.run.machine.saveState()
            let restored = try Host(scenario, try sliced.directory.copy())
            try restored.run.machine.restoreState(state)
            restored.run.runToEnd()
            var result = restored.run.result
            result.output = sliced.run.output.bytes + result.output
            #expect(
                result == expected,
                "\(scenario.name) at \(point): \(differences(whole.run.machine, restored.run.machine))")
            #expect(restored.directory.files == whole.directory.files, "\(scenario.name) at \(point)")
        }
    }
}
