import Foundation
import Testing
import X86

@testable import ProcessorSuites

/// The captured tests, a sample of each file, or all with OCHENTA_FULL_SUITES.
@Suite struct ConformanceTests {
    /// What is not right yet, by form: how many tests of the full set may fail, and why.
    struct Known {
        let architectural: Int
        let full: Int
        let reason: String
    }

    static let environment = ProcessInfo.processInfo.environment
    static let root = environment["OCHENTA_CPU_TESTS"] ?? "../shared/cpu-tests"
    static let isFull = environment["OCHENTA_FULL_SUITES"] != nil
    static let isRequired = environment["OCHENTA_REQUIRE_SUITES"] != nil

    static let known8086: [String: Known] = [:]
    static let known80286: [String: Known] = [:]

    @Test func `the fast engine does what an 8086 was seen to do`() throws {
        try check("8086", .i8086, Self.known8086)
    }

    @Test func `the fast engine does what an 80286 was seen to do`() throws {
        try check("80286", .i80286, Self.known80286)
    }

    /// An engine that repeats what the chip did is right at every level: the harness loses and adds nothing.
    @Test(arguments: [("8086", ["00", "E5", "A6", "F7.7"]), ("80286", ["00", "E5", "A7", "F7.7", "F4"])])
    func `captured clocks agree with themselves`(_ directory: String, _ forms: [String]) throws {
        for form in forms {
            let path = "\(Self.root)/\(directory)/\(form).MOO.gz"
            guard FileManager.default.fileExists(atPath: path) else {
                return #expect(!Self.isRequired, "the captured tests are required here")
            }
            let file = try TestFile(path: path)
            let model = try #require(file.processor)
            let steps = try (0..<file.count).map { ScriptedEngine.Step(try file.test($0), model) }
            var run = SuiteRun(try SuiteCatalog.suites(at: path))
            run.engine = ScriptedEngine.engine(steps)
            run.level = .bus
            let result = try #require(run.run().suites.first?.forms.first)
            #expect(result.problem == nil)
            #expect(result.total == file.count)
            #expect(result.failed == 0, "\(result.failures.map(\.description).joined(separator: "\n"))")
        }
    }

    private func check(_ directory: String, _ model: ProcessorModel, _ known: [String: Known]) throws {
        let path = "\(Self.root)/\(directory)"
        guard FileManager.default.fileExists(atPath: path + "/manifest.tsv") else {
            print("not run: captured tests of the \(directory), which are not in \(path)")
            #expect(!Self.isRequired, "the captured tests are required here")
            return
        }
        var run = SuiteRun(try SuiteCatalog.suites(at: path))
        run.testsPerForm = Self.isFull ? nil : 40
        run.jobs = ProcessInfo.processInfo.activeProcessorCount
        let report = run.run()
        print(report.summary)
        let suite = try #require(report.suites.first)
        #expect(suite.model == model)
        for form in suite.forms {
            #expect(form.problem == nil)
            let failures = "\(form.failures.map(\.description).joined(separator: "\n"))"
            let state = form.total - form.passed(.state)
            let full = form.total - form.passed(.flags)
            if let entry = known[form.name] {
                // A sample may miss them; the full set must show exactly what the list says.
                #expect(Self.isFull ? state == entry.architectural : state <= entry.architectural, "\(failures)")
                #expect(Self.isFull ? full == entry.full : full <= entry.full, "\(form.name): \(entry.reason)")
            } else {
                #expect(full == 0, "\(failures)")
            }
        }
        #expect(suite.forms.count > 300)
    }
}
