import Core

extension SuiteReport {
    /// The report for programs: per suite and form the tests and how many are right in each measure, and the first
    /// failures. A number that was not measured is left out.
    public func json(failures limit: Int = .max) -> String {
        let suites = suites.map { suite in
            JSONText.object([
                ("path", .text(suite.path)), ("processor", .text(suite.model.name)), ("tests", .number(suite.total)),
                ("failed", .number(suite.failed)), ("passed", passed(suite.passed)),
                ("forms", .list(suite.forms.map { json($0) })),
            ])
        }
        let report = JSONText.object([
            ("engine", .text(engine)), ("level", .text(level.rawValue)), ("passed", .flag(isPassed)),
            ("suites", .list(suites)), ("failures", .list(self.failures(limit).map { $0.json })),
            ("problems", .list(problems.map { .text($0.description) })),
        ])
        return report.text(indentation: 0) + "\n"
    }

    private func json(_ form: FormResult) -> JSONText {
        var members: [(String, JSONText)] = [
            ("form", .text(form.name)), ("tests", .number(form.total)), ("failed", .number(form.failed)),
            ("passed", passed(form.passed)),
        ]
        if let problem = form.problem { members.append(("problem", .text(problem.description))) }
        return .object(members)
    }

    private func passed(_ count: (SuiteMeasure) -> Int) -> JSONText {
        .object(level.measures.map { ("\($0)", .number(count($0))) })
    }
}

extension SuiteFailure {
    var json: JSONText {
        .object([
            ("form", .text(form)), ("index", .number(index)), ("name", .text(name)),
            ("bytes", .list(bytes.map { .number(Int($0)) })),
            ("wrong", .list(SuiteMeasure.allCases.filter(wrong.contains).map { .text("\($0)") })),
            (
                "registers",
                .list(
                    registers.map { row in
                        .object([
                            ("name", .text(row.name)), ("before", .number(Int(row.before))),
                            ("expected", .number(Int(row.expected))), ("got", .number(Int(row.got))),
                        ])
                    })
            ),
            ("memory", .list(memory.map(SuiteFailure.json))),
            ("firstClock", trace.map { .number($0.difference) } ?? .null),
            ("text", .text(description)),
        ])
    }

    private static func json(_ row: MemoryRow) -> JSONText {
        func value(_ byte: UInt8?) -> JSONText { byte.map { .number(Int($0)) } ?? .null }
        return .object([
            ("address", .number(Int(row.address))), ("before", value(row.before)), ("expected", value(row.expected)),
            ("got", value(row.got)),
        ])
    }
}

/// A value to be written as JSON.
indirect enum JSONText {
    case null
    case flag(Bool)
    case number(Int)
    case text(String)
    case list([JSONText])
    case object([(String, JSONText)])

    /// Objects of simple values stand on one line.
    func text(indentation: Int) -> String {
        switch self {
        case .null: return "null"
        case .flag(let value): return value ? "true" : "false"
        case .number(let value): return "\(value)"
        case .text(let value): return JSONText.quote(value)
        case .list(let values):
            return JSONText.join(values.map { $0.text(indentation: indentation + 1) }, "[", "]", isFlat, indentation)
        case .object(let members):
            let texts = members.map { JSONText.quote($0) + ": " + $1.text(indentation: indentation + 1) }
            return JSONText.join(texts, "{", "}", isFlat, indentation)
        }
    }

    private var isFlat: Bool {
        switch self {
        case .list(let values): values.allSatisfy(\.isSimple)
        case .object(let members): members.allSatisfy { $0.1.isSimple || $0.1.isFlat && members.count < 8 }
        default: true
        }
    }

    private var isSimple: Bool {
        switch self {
        case .list, .object: false
        default: true
        }
    }

    private static func join(
        _ texts: [String], _ open: String, _ close: String, _ isFlat: Bool, _ indentation: Int
    ) -> String {
        if isFlat || texts.isEmpty { return open + texts.joined(separator: ", ") + close }
        let margin = String(repeating: "  ", count: indentation)
        return open + "\n" + texts.map { margin + "  " + $0 }.joined(separator: ",\n") + "\n" + margin + close
    }

    private static func quote(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\u{0}"..<"\u{20}": quoted += "\\u" + hex(UInt16(scalar.value))
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
