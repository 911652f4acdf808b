import Core
import X86

extension SuiteFailure: CustomStringConvertible {
    /// The instruction, then registers, flags, memory and clocks that differ, in columns.
    public var description: String {
        let code = bytes.map { hex($0) }.joined(separator: " ")
        let measures = SuiteMeasure.allCases.filter(wrong.contains).map { "\($0)" }.joined(separator: ", ")
        var lines = ["\(form) test \(index): \(name)  [\(code)]  wrong: \(measures)"]
        if !registers.isEmpty || !memory.isEmpty { lines.append("            before  expected  got") }
        lines += registers.map(line)
        lines += memory.map(line)
        return (lines + traceLines).joined(separator: "\n")
    }

    private func line(_ row: RegisterRow) -> String {
        let text = columns(row.name, hex(row.before), hex(row.expected), hex(row.got))
        return row.name == "flags" ? text + "  " + flagNames(row) : text
    }

    private func line(_ row: MemoryRow) -> String {
        let place = String(hex(row.address).suffix(6))
        guard let got = row.got else { return "    \(place) or just behind it was written, but is not in the test" }
        let text = columns(place, row.before.map(hex) ?? "-", row.expected.map(hex) ?? "-", hex(got))
        guard let mask = row.flagsMask else {
            return row.expected == nil ? text + "  written, but is not in the test" : text
        }
        let isUndefined = (got ^ (row.expected ?? got)) & mask == 0
        return text + "  of the pushed flags" + (isUndefined ? ", undefined" : "")
    }

    private func columns(_ name: String, _ before: String, _ expected: String, _ got: String) -> String {
        "    " + ClockText.pad(name, 8) + ClockText.pad(before, 8) + ClockText.pad(expected, 10) + got
    }

    // MARK: Flags

    private func flagNames(_ row: RegisterRow) -> String {
        let known = FlagName.all.filter { (row.expected ^ row.got) & $0.bit != 0 }.map { bit, name in
            "\(name) should be \(row.expected & bit == 0 ? 0 : 1)" + (flagsMask & bit == 0 ? " (undefined)" : "")
        }
        let named = FlagName.all.reduce(0) { $0 | $1.bit }
        let others = (row.expected ^ row.got) & ~named == 0 ? [] : ["a bit that has no name"]
        return (known + others).joined(separator: ", ")
    }

    // MARK: Clocks

    private var traceLines: [String] {
        guard let trace else { return [] }
        let heading = ClockText.heading(model)
        let width = heading.count
        var lines = ["     clock  " + ClockText.pad("expected", width) + " | got"]
        lines.append("            " + heading + " | " + heading)
        var lanes = (expected: ClockText.Lanes.none, got: ClockText.Lanes.none)
        for row in 0..<max(trace.expected.count, trace.got.count) {
            let clock = trace.firstClock + row
            let left = SuiteFailure.cell(trace.expected, row, &lanes.expected, model)
            let right = SuiteFailure.cell(trace.got, row, &lanes.got, model)
            let number = String(clock)
            let mark = clock == trace.difference ? "  > " : "    "
            let padded = mark + String(repeating: " ", count: max(0, 6 - number.count)) + number + "  "
            let text = padded + ClockText.pad(left, width) + " | " + right
            lines.append(String(text.reversed().drop { $0 == " " }.reversed()))
        }
        return lines
    }

    private static func cell(
        _ records: [ClockRecord], _ row: Int, _ lanes: inout ClockText.Lanes, _ model: ProcessorModel
    ) -> String {
        guard records.indices.contains(row) else { return "(ended)" }
        if records[row].isAddressLatched { lanes = ClockText.Lanes(records[row], model) }
        return ClockText.columns(records[row], lanes, model)
    }
}
