extension SuiteReport {
    /// The report as JUnit XML: a test suite for each suite, a test case for each form.
    public var junit: String {
        var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>", "<testsuites name=\"ochenta cpu-test\">"]
        for suite in suites {
            let failures = suite.forms.count { $0.problem == nil && $0.failed > 0 }
            let errors = suite.forms.count { $0.problem != nil }
            lines.append(
                "  <testsuite name=\(quote("\(suite.model.name) \(engine) \(level)")) tests=\"\(suite.forms.count)\" "
                    + "failures=\"\(failures)\" errors=\"\(errors)\">")
            for form in suite.forms { lines += testCase(form, "\(suite.model.name).\(engine)") }
            lines.append("  </testsuite>")
        }
        return (lines + ["</testsuites>", ""]).joined(separator: "\n")
    }

    private func testCase(_ form: FormResult, _ group: String) -> [String] {
        let start = "    <testcase classname=\(quote(group)) name=\(quote(form.name))"
        if let problem = form.problem {
            return [start + ">", "      <error message=\(quote(problem.description))/>", "    </testcase>"]
        }
        guard form.failed > 0 else { return [start + "/>"] }
        let message = "\(form.failed) of \(form.total) tests fail"
        let text = form.failures.map { SuiteReport.escape($0.description) }.joined(separator: "\n")
        return [start + ">", "      <failure message=\(quote(message))>\(text)</failure>", "    </testcase>"]
    }

    private func quote(_ text: String) -> String { "\"" + SuiteReport.escape(text) + "\"" }

    /// Characters that XML cannot hold become question marks.
    private static func escape(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\n", "\t": escaped.unicodeScalars.append(scalar)
            case "\u{0}"..<"\u{20}", "\u{FFFE}", "\u{FFFF}": escaped += "?"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
