import X86

/// A test that failed, with what a person needs to see why.
public struct SuiteFailure: Sendable, CustomStringConvertible {
    public let form: String
    public let index: Int
    public let name: String
    /// False when only officially undefined flags differ.
    public let isArchitectural: Bool
    public let initial: String
    public let differences: [String]

    public var description: String {
        "\(form) #\(index) \(name)\n    before: \(initial)\n    " + differences.joined(separator: "\n    ")
    }
}

/// The tests of one file.
public struct FormResult: Sendable {
    public let name: String
    public internal(set) var total = 0
    /// Level 1: registers, memory and defined flags are right.
    public internal(set) var passedArchitectural = 0
    /// Level 2: undefined flags are right as well.
    public internal(set) var passedFull = 0
    public internal(set) var failures: [SuiteFailure] = []
    /// Why the file could not be run.
    public internal(set) var problem: SuiteError?

    init(name: String) { self.name = name }

    public var isPerfect: Bool { problem == nil && passedFull == total && total > 0 }
}

/// The outcome of a run.
public struct SuiteReport: Sendable {
    public let model: ProcessorModel
    public let forms: [FormResult]

    public var total: Int { forms.reduce(0) { $0 + $1.total } }
    public var passedArchitectural: Int { forms.reduce(0) { $0 + $1.passedArchitectural } }
    public var passedFull: Int { forms.reduce(0) { $0 + $1.passedFull } }

    /// One line for the whole suite.
    public var summary: String {
        let perfect = forms.count { $0.isPerfect }
        return "\(model): \(forms.count) forms, \(perfect) perfect; "
            + "state \(passedArchitectural)/\(total), with undefined flags \(passedFull)/\(total)"
    }

    /// One line for each form, or for each that is not perfect.
    public func table(all: Bool = false) -> String {
        var lines = ["form    tests   state    full"]
        for form in forms where all || !form.isPerfect {
            let columns = [form.total, form.passedArchitectural, form.passedFull].map { pad("\($0)", 8) }
            let problem = form.problem.map { "  \($0)" } ?? ""
            lines.append(
                form.name + String(repeating: " ", count: max(0, 5 - form.name.count)) + columns.joined() + problem)
        }
        lines.append(summary)
        return lines.joined(separator: "\n")
    }

    private func pad(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
