extension SuiteReport {
    /// For each suite a line for each form and a sum. Forms that pass are counted in one line unless `all`.
    public func table(all: Bool = false) -> String {
        suites.map { table($0, all: all) }.joined(separator: "\n\n")
    }

    private func table(_ suite: SuiteResult, all: Bool) -> String {
        let shown = suite.forms.filter { $0.total > 0 && (all || !$0.isPerfect) }
        var lines = ["\(suite.model.name), \(engine) engine: \(suite.path)"]
        if !suite.hasFlagsMasks { lines.append("without manifest.tsv or metadata.json: all flags count as defined") }
        lines.append(row("form", "tests", level.measures.map { "\($0)" }))
        for form in shown { lines.append(row(form.name, form.total, level.measures.map(form.passed))) }
        let others = suite.forms.count(where: \.isPerfect)
        if !all && others > 0 {
            lines.append(
                "\(others) \(shown.isEmpty ? "" : "other ")\(others == 1 ? "form passes" : "forms pass") everything")
        }
        lines.append(row("all", suite.total, level.measures.map(suite.passed)))
        return lines.joined(separator: "\n")
    }

    private func row(_ name: String, _ total: Int, _ counts: [Int]) -> String {
        row(name, "\(total)", counts.map(String.init))
    }

    private func row(_ name: String, _ total: String, _ counts: [String]) -> String {
        let cells = ([total] + counts).map { String(repeating: " ", count: max(1, 10 - $0.count)) + $0 }
        return ClockText.pad(name, 6) + cells.joined()
    }

    /// What is wrong, in one line: for a run that is not read by a person.
    public var summary: String {
        suites.map { suite in
            let counts = level.measures.map { "\($0) \(suite.passed($0))" }.joined(separator: ", ")
            return "\(suite.model.name): \(suite.forms.count) forms, \(suite.total) tests; right in \(counts)"
        }.joined(separator: "\n")
    }

    /// The pass table in Markdown: a sum, the forms that are not perfect, and every form.
    public var markdown: String {
        suites.map { suite in
            let head = (["Form", "Tests"] + level.measures.map(SuiteReport.title)).joined(separator: " | ")
            let rule = "|---|" + String(repeating: "---:|", count: level.measures.count + 1)
            func row(_ name: String, _ total: Int, _ passed: (SuiteMeasure) -> Int) -> String {
                "| \(([name, "\(total)"] + level.measures.map { "\(passed($0))" }).joined(separator: " | ")) |"
            }
            let all = suite.forms.map { row($0.name, $0.total, $0.passed) }
            let imperfect = suite.forms.filter { !$0.isPerfect }.map { row($0.name, $0.total, $0.passed) }
            let lines =
                ["\(suite.forms.count) forms, \(suite.forms.count(where: \.isPerfect)) of them without a failure.", ""]
                + ["| \(head) |", rule, row("all", suite.total, suite.passed)] + imperfect
                + ["", "<details><summary>Every form</summary>", "", "| \(head) |", rule] + all + ["", "</details>"]
            return lines.joined(separator: "\n")
        }.joined(separator: "\n\n") + "\n"
    }

    private static func title(_ measure: SuiteMeasure) -> String {
        switch measure {
        case .state: "Registers, memory, defined flags"
        case .flags: "Undefined flags too"
        case .transfers: "Data transfers"
        case .clocks: "Clocks"
        case .records: "Every pin"
        }
    }
}
