import X86

/// The tests of one file.
public struct FormResult: Sendable {
    public let name: String
    public private(set) var total = 0
    private var passedCounts = [Int](repeating: 0, count: SuiteMeasure.allCases.count)
    /// Tests that failed in anything that the level asks for.
    public private(set) var failed = 0
    /// The first of them.
    public internal(set) var failures: [SuiteFailure] = []
    /// Why the file could not be run, or not to its end.
    public internal(set) var problem: SuiteError?

    init(name: String) { self.name = name }

    /// The tests in which `measure` is right.
    public func passed(_ measure: SuiteMeasure) -> Int { passedCounts[measure.rawValue] }

    /// Whether all tests were run and are right.
    public var isPerfect: Bool { problem == nil && failed == 0 && total > 0 }

    mutating func count(_ wrong: Set<SuiteMeasure>, at level: SuiteLevel) {
        total += 1
        for measure in SuiteMeasure.allCases where !wrong.contains(measure) { passedCounts[measure.rawValue] += 1 }
        if !wrong.isDisjoint(with: level.measures) { failed += 1 }
    }
}

/// The outcome of one suite.
public struct SuiteResult: Sendable {
    public let path: String
    public let model: ProcessorModel
    /// Whether it was known which flags are undefined.
    public let hasFlagsMasks: Bool
    public let forms: [FormResult]

    init(path: String, model: ProcessorModel, hasFlagsMasks: Bool = true, forms: [FormResult]) {
        self.path = path
        self.model = model
        self.hasFlagsMasks = hasFlagsMasks
        self.forms = forms
    }

    public var total: Int { forms.reduce(0) { $0 + $1.total } }
    public var failed: Int { forms.reduce(0) { $0 + $1.failed } }
    public func passed(_ measure: SuiteMeasure) -> Int { forms.reduce(0) { $0 + $1.passed(measure) } }
}

/// The outcome of a run.
public struct SuiteReport: Sendable {
    public let engine: String
    public let level: SuiteLevel
    public let suites: [SuiteResult]

    /// Whether there were tests and every one passed.
    public var isPassed: Bool { problems.isEmpty && total > 0 && suites.allSatisfy { $0.failed == 0 } }

    public var total: Int { suites.reduce(0) { $0 + $1.total } }

    /// What was wrong with the files.
    public var problems: [SuiteError] { suites.flatMap { $0.forms.compactMap(\.problem) } }

    /// The first failures, in the order of the suites.
    public func failures(_ limit: Int) -> ArraySlice<SuiteFailure> {
        suites.lazy.flatMap { $0.forms.lazy.flatMap(\.failures) }.prefix(limit).map { $0 }[...]
    }
}
