import Foundation
import ProcessorSuites
import Testing
import X86

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

    private func check(_ directory: String, _ model: ProcessorModel, _ known: [String: Known]) throws {
        var run = SuiteRun(directory: "\(Self.root)/\(directory)", model: model)
        guard run.isAvailable else {
            print("not run: captured tests of the \(directory), which are not in \(run.directory)")
            #expect(!Self.isRequired, "the captured tests are required here")
            return
        }
        run.testsPerForm = Self.isFull ? nil : 40
        let report = try run.run()
        print(report.summary)
        for form in report.forms {
            #expect(form.problem == nil)
            let failures = "\(form.failures.map(\.description).joined(separator: "\n"))"
            let state = form.total - form.passedArchitectural
            let full = form.total - form.passedFull
            if let entry = known[form.name] {
                // A sample may miss them; the full set must show exactly what the list says.
                #expect(Self.isFull ? state == entry.architectural : state <= entry.architectural, "\(failures)")
                #expect(Self.isFull ? full == entry.full : full <= entry.full, "\(form.name): \(entry.reason)")
            } else {
                #expect(full == 0, "\(failures)")
            }
        }
        #expect(report.forms.count > 300)
    }
}
