import Hosting
import ProcessorSuites
import X86

/// `ochenta cpu-test`: runs suites of captured processor tests.
struct ProcessorTestCommand {
    private enum Level: String, CaseIterable { case state, flags }

    private var suites: [String] = []
    private var level = Level.flags

    init(_ arguments: [String]) throws(HostingError) {
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let name = parts.first ?? ""
            guard name.hasPrefix("-") else {
                suites.append(argument)
                continue
            }
            guard let value = parts.count == 2 ? parts[1] : rest.popFirst() else {
                throw HostingError("cpu-test: \(name) needs a value")
            }
            try apply(name, value)
        }
        if suites.isEmpty { throw HostingError("cpu-test: name a suite, a directory with manifest.tsv and MOO files") }
    }

    private mutating func apply(_ name: String, _ value: String) throws(HostingError) {
        switch (name, value) {
        case ("--engine", "fast"), ("--engine", "interpreter"): break
        case ("--engine", "exact"), ("--level", "clocks"), ("--level", "bus"):
            throw HostingError("cpu-test: \(name) \(value) is not available yet")
        case ("--level", _):
            guard let level = Level(rawValue: value) else {
                throw HostingError("cpu-test: --level cannot be '\(value)'; allowed: state, flags")
            }
            self.level = level
        case ("--json", _), ("--junit", _), ("--rom", _), ("--expect-memory", _), ("--report-port", _):
            throw HostingError("cpu-test: \(name) is not available yet")
        default: throw HostingError("cpu-test: unknown option '\(name) \(value)'")
        }
    }

    /// Status 0 if all tests pass at the level that was asked for.
    func run() throws(HostingError) -> Int32 {
        var isPassed = true
        for directory in suites {
            let run = SuiteRun(directory: directory, model: try model(of: directory))
            guard run.isAvailable else {
                throw HostingError("\(directory): no manifest.tsv here", status: ExitStatus.notFound)
            }
            do {
                let report = try run.run()
                print(report.table())
                let passed = level == .state ? report.passedArchitectural : report.passedFull
                if passed != report.total || report.total == 0 { isPassed = false }
            } catch {
                throw HostingError("\(error)")
            }
        }
        return isPassed ? ExitStatus.success : 1
    }

    /// The processor is in the directory's name.
    private func model(of directory: String) throws(HostingError) -> ProcessorModel {
        let name = directory.split(separator: "/").last ?? ""
        for (part, model) in [
            ("80286", ProcessorModel.i80286), ("80186", .i80186), ("8088", .i8088), ("8086", .i8086),
        ] where name.contains(part) { return model }
        throw HostingError(
            "\(directory): the directory's name must have the processor in it: 8088, 8086, 80186 or 80286")
    }
}
