import Dispatch
import Synchronization
import X86

/// How far a run is.
public struct SuiteProgress: Sendable {
    /// Files of the run, and those that are done.
    public internal(set) var files = 0
    public internal(set) var filesDone = 0
    public internal(set) var testsDone = 0
    /// Tests that failed at the level of the run.
    public internal(set) var testsFailed = 0
}

/// Runs suites of captured tests against an engine, in parallel over their files.
public struct SuiteRun: Sendable {
    public var suites: [Suite]
    public var engine = SuiteEngine.fast
    public var level = SuiteLevel.flags
    /// At most so many tests of each file, evenly spread; nil for all.
    public var testsPerForm: Int?
    /// So many failures of each form are kept.
    public var failuresKept = 3
    /// So many files at a time, each with a machine of its own.
    public var jobs = 1
    /// Told now and then, from any thread but never from two at once.
    public var onProgress: (@Sendable (SuiteProgress) -> Void)?

    public init(_ suites: [Suite]) { self.suites = suites }

    /// A model of these suites that the engine does not have.
    public var missingModel: ProcessorModel? {
        Set(suites.map(\.model)).sorted { $0.rawValue < $1.rawValue }.first { SuiteMachine($0, engine) == nil }
    }

    /// Runs all forms. A damaged file is an error of its form, not of the run.
    public func run() -> SuiteReport {
        let work = suites.indices.flatMap { suite in suites[suite].forms.indices.map { (suite, $0) } }
        let progress = Mutex(SuiteProgress())
        progress.withLock { $0.files = work.count }
        let results = Mutex<[FormResult?]>(Array(repeating: nil, count: work.count))
        let next = Atomic<Int>(0)
        DispatchQueue.concurrentPerform(iterations: max(1, min(jobs, work.count))) { _ in
            var worker = Worker(self) { tests, failed, isFileDone in
                progress.withLock { progress in
                    progress.testsDone += tests
                    progress.testsFailed += failed
                    if isFileDone { progress.filesDone += 1 }
                    onProgress?(progress)
                }
            }
            while case let number = next.add(1, ordering: .relaxed).oldValue, number < work.count {
                let (suite, form) = work[number]
                let result = worker.run(suites[suite].forms[form], of: suites[suite])
                results.withLock { $0[number] = result }
            }
            worker.finish()
        }
        var rest = results.withLock { $0.compactMap { $0 } }[...]
        let reports = suites.map { suite in
            defer { rest = rest.dropFirst(suite.forms.count) }
            return SuiteResult(
                path: suite.path, model: suite.model, hasFlagsMasks: suite.hasFlagsMasks,
                forms: Array(rest.prefix(suite.forms.count)))
        }
        return SuiteReport(engine: engine.name, level: level, suites: reports)
    }

    /// One thread's share of a run.
    private struct Worker {
        let run: SuiteRun
        let report: (_ tests: Int, _ failed: Int, _ isFileDone: Bool) -> Void
        private var machine: SuiteMachine?

        init(_ run: SuiteRun, report: @escaping (Int, Int, Bool) -> Void) {
            self.run = run
            self.report = report
        }

        mutating func finish() {
            machine?.close()
            machine = nil
        }

        mutating func run(_ form: Suite.Form, of suite: Suite) -> FormResult {
            let model = suite.model
            var result = FormResult(name: form.name)
            var reported = (tests: 0, failed: 0)
            func tell(_ result: FormResult, isFileDone: Bool) {
                report(result.total - reported.tests, result.failed - reported.failed, isFileDone)
                reported = (result.total, result.failed)
            }
            do throws(SuiteError) {
                let file = try TestFile(path: form.path)
                let machine = try machine(model, form)
                if let named = file.processor, named != model, !suite.isModelGiven {
                    throw SuiteError(form.path, offset: 0, "these are tests of a \(named.name), not of a \(model.name)")
                }
                let count = min(file.count, run.testsPerForm ?? .max)
                for k in 0..<count {
                    let test = try file.test(k * file.count / count, withClocks: run.level.needsClocks)
                    check(test, form, machine, &result)
                    if k & 0x7F == 0x7F { tell(result, isFileDone: false) }
                }
            } catch {
                result.problem = error
            }
            tell(result, isFileDone: true)
            return result
        }

        private mutating func machine(_ model: ProcessorModel, _ form: Suite.Form) throws(SuiteError) -> SuiteMachine {
            if let machine, machine.model == model { return machine }
            finish()
            guard let made = SuiteMachine(model, run.engine) else {
                throw SuiteError(form.path, "the \(run.engine.name) engine has no \(model.name)")
            }
            machine = made
            return made
        }

        /// With an engine that has no clocks, a test passes when it does so twice: in plain memory, with repeats in one
        /// go, and in device memory, with every repeat a run of its own. An engine with clocks is slower, and runs it
        /// once, in device memory.
        private func check(
            _ test: CapturedTest, _ form: Suite.Form, _ machine: SuiteMachine, _ result: inout FormResult
        ) {
            var wrong: Set<SuiteMeasure> = []
            var shown: (got: CapturedState, comparison: SuiteComparison)?
            var trace: TraceComparison?
            for isLogging in machine.hasClocks ? [true] : [false, true] {
                machine.isLogging = isLogging
                let got = machine.run(test, fixedClocks: isLogging ? nil : 1, isTracing: run.level.needsClocks)
                var comparison = SuiteComparison(test, got.state, machine, form)
                if let stray = machine.clear(test) { comparison.addStray(stray) }
                if !comparison.isRight && (shown == nil || !comparison.isStateRight && !wrong.contains(.state)) {
                    shown = (got.state, comparison)
                }
                if !comparison.isStateRight { wrong.insert(.state) }
                if !comparison.isRight { wrong.insert(.flags) }
                guard run.level.needsClocks else { continue }
                let compared = TraceComparison(test, got.records, count: got.clockCount, machine.model)
                trace = compared
                if !compared.areTransfersRight { wrong.insert(.transfers) }
                if !compared.isCountRight { wrong.insert(.clocks) }
                if compared.firstDifference != nil { wrong.insert(.records) }
            }
            result.count(wrong, at: run.level)
            guard !wrong.isDisjoint(with: run.level.measures), result.failures.count < run.failuresKept else { return }
            result.failures.append(
                SuiteFailure(
                    test, form: form, model: machine.model, wrong: wrong.intersection(run.level.measures),
                    got: shown?.got ?? test.final, comparison: shown?.comparison, trace: trace?.window()))
        }
    }
}
