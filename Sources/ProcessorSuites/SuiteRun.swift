import Core
import Dispatch
import Glibc
import Synchronization
import X86
import X86Fast

/// Runs the captured tests of one directory against an engine.
public struct SuiteRun: Sendable {
    /// Makes the engine under test. The bus outlives it.
    public typealias EngineMaker = @Sendable (ProcessorModel, GuestMemory, any ProcessorBus) -> any ProcessorEngine

    /// The directory with `manifest.tsv` and the `.MOO.gz` files.
    public var directory: String
    public var model: ProcessorModel
    /// At most so many tests of each file, evenly spread; nil for all.
    public var testsPerForm: Int?
    /// Only forms that begin with this, such as "F7" or "F7.6"; nil for all.
    public var filter: String?
    /// So many failures of each form are described.
    public var failuresShown = 3
    public var makeEngine: EngineMaker = { model, memory, bus in
        FastProcessor(model: model, clockPeriod: Tick(1), memory: memory, bus: bus)
    }

    public init(directory: String, model: ProcessorModel) {
        self.directory = directory
        self.model = model
    }

    /// Whether the directory holds a suite.
    public var isAvailable: Bool { access(directory + "/manifest.tsv", R_OK) == 0 }

    /// Runs all forms, in parallel over the files. A damaged file is an error of its form, not of the run.
    public func run() throws(SuiteError) -> SuiteReport {
        var forms = try Manifest(path: directory + "/manifest.tsv").forms
        if let filter { forms = forms.filter { $0.name.hasPrefix(filter) } }
        let results = Mutex<[Int: FormResult]>([:])
        DispatchQueue.concurrentPerform(iterations: forms.count) { [forms] index in
            let result = run(forms[index])
            results.withLock { $0[index] = result }
        }
        let ordered = results.withLock { results in forms.indices.compactMap { results[$0] } }
        return SuiteReport(model: model, forms: ordered)
    }

    private func run(_ form: Manifest.Form) -> FormResult {
        var result = FormResult(name: form.name)
        do throws(SuiteError) {
            let file = try MOOFile(path: "\(directory)/\(form.name).MOO.gz")
            let machine = SuiteMachine(model, make: makeEngine)
            let count = min(file.tests.count, testsPerForm ?? .max)
            for k in 0..<count {
                check(file.tests[k * file.tests.count / count], form, machine, &result)
            }
        } catch {
            result.problem = error
        }
        return result
    }

    /// A test passes when it does so twice: in plain memory, with repeats in one go, and in device memory, with every
    /// repeat a run of its own.
    private func check(
        _ test: MOOTest, _ form: Manifest.Form, _ machine: SuiteMachine, _ result: inout FormResult
    ) {
        var architectural: [String] = []
        var full: [String] = []
        for isLogging in [false, true] {
            if machine.isLogging != isLogging { machine.isLogging = isLogging }
            let got = machine.run(test, model: model, fixedClocks: isLogging ? nil : 1)
            let comparison = SuiteComparison(test, got, machine, form, model)
            var (level1, level2) = (comparison.architectural, comparison.full)
            if let stray = machine.clear(test) {
                level1.append("\(hex(stray)) was written")
                level2.append("\(hex(stray)) was written")
            }
            if architectural.isEmpty { architectural = level1 }
            if full.isEmpty { full = level2 }
        }
        result.total += 1
        if architectural.isEmpty { result.passedArchitectural += 1 }
        if full.isEmpty { result.passedFull += 1 }
        if !full.isEmpty && result.failures.count < failuresShown {
            result.failures.append(
                SuiteFailure(
                    form: form.name, index: test.index, name: test.name, isArchitectural: !architectural.isEmpty,
                    initial: SuiteComparison.describe(test.initial),
                    differences: architectural.isEmpty ? full : architectural))
        }
    }
}
