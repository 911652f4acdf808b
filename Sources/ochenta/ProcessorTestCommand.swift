import Glibc
import Hosting
import ProcessorSuites
import X86

/// `ochenta cpu-test`: runs suites of captured processor tests or ROM images, or compares the engines.
struct ProcessorTestCommand {
    private let options: ProcessorTestOptions

    init(_ arguments: [String]) throws(HostingError) {
        do {
            options = try ProcessorTestOptions(arguments)
        } catch {
            throw HostingError(error.message)
        }
    }

    func run() throws(HostingError) -> Int32 {
        if options.compares { return try ComparisonCommand(options).run() }
        let engine: SuiteEngine = options.engine == "exact" ? .exact : .fast
        if let level = options.level, level.needsClocks && !engine.highestLevel.needsClocks {
            throw HostingError(
                "cpu-test: the \(engine.name) engine has no clocks and no bus: --level \(level) needs --engine exact")
        }
        return options.images.isEmpty
            ? try SuiteCommand(options, engine).run() : try ROMCommand(options, engine).run()
    }
}

/// Captured tests: a table, the first failures, reports for programs.
struct SuiteCommand {
    private let options: ProcessorTestOptions
    private let engine: SuiteEngine

    init(_ options: ProcessorTestOptions, _ engine: SuiteEngine) {
        self.options = options
        self.engine = engine
    }

    /// Status 0 if all tests pass at the level that was asked for, 1 if one does not, 2 if a file is damaged.
    func run() throws(HostingError) -> Int32 {
        let reports = [
            ("--json", options.jsonFile), ("--junit", options.junitFile), ("--markdown", options.markdownFile),
        ]
        for (option, file) in reports {
            if let file, let obstacle = HostFile.obstacle(writing: file) { throw HostingError("\(option) \(obstacle)") }
        }
        var run = SuiteRun(try suites())
        run.engine = engine
        if let model = run.missingModel {
            throw HostingError("cpu-test: the \(engine.name) engine has no \(model.name)")
        }
        run.level = options.level ?? engine.highestLevel
        run.jobs = options.jobs ?? max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        run.failuresKept = max(options.failures, 1)
        let bar = options.isQuiet ? nil : ProgressBar()
        if let bar { run.onProgress = { bar.show($0) } }
        let report = run.run()
        bar?.clear()
        if !options.isQuiet { show(report) }
        for problem in report.problems { printError("ochenta: \(problem)") }
        try write(report)
        if !report.problems.isEmpty { return ExitStatus.wrongUsage }
        return report.isPassed ? ExitStatus.success : 1
    }

    private func suites() throws(HostingError) -> [Suite] {
        var suites: [Suite] = []
        for path in options.suites {
            do {
                suites += try SuiteCatalog.suites(at: path, model: options.processor, filter: options.filter)
            } catch {
                throw HostingError(
                    "\(error)", status: error.isNotFound ? ExitStatus.notFound : ExitStatus.wrongUsage)
            }
        }
        guard suites.contains(where: { !$0.forms.isEmpty }) else {
            throw HostingError("cpu-test: no form begins with '\(options.filter ?? "")'")
        }
        return suites.filter { !$0.forms.isEmpty }
    }

    private func show(_ report: SuiteReport) {
        if report.total > 0 { print(report.table(all: options.showsAll)) }
        let failures = report.failures(options.failures)
        for failure in failures { print("\n\(failure)") }
        let failed = report.suites.reduce(0) { $0 + $1.failed }
        if failed > failures.count && !failures.isEmpty {
            print("\n\(failed - failures.count) failures are not shown (--failures N shows N)")
        }
        if options.level == nil && !engine.highestLevel.needsClocks && report.total > 0 {
            print("\nThe \(engine.name) engine has no clocks and no bus to compare; --engine exact has them.")
        }
    }

    private func write(_ report: SuiteReport) throws(HostingError) {
        try write(options.jsonFile, "--json") { report.json(failures: options.failures) }
        try write(options.junitFile, "--junit") { report.junit }
        try write(options.markdownFile, "--markdown") { report.markdown }
    }

    private func write(_ file: String?, _ option: String, _ text: () -> String) throws(HostingError) {
        guard let file, let message = HostFile.write(text(), to: file) else { return }
        throw HostingError("\(option) \(message)", status: ExitStatus.ownFailure)
    }
}
