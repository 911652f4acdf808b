/// The list of a suite's files: `manifest.tsv` in its directory.
struct Manifest {
    /// A line: one file of tests, for one opcode and, where it selects the instruction, one reg field.
    struct Form: Sendable {
        let name: String
        /// The flags that the manuals define after this instruction.
        let flagsMask: UInt16
    }

    let forms: [Form]

    init(path: String) throws(SuiteError) {
        let text = String(decoding: try SuiteFile.read(path), as: UTF8.self)
        var forms: [Form] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let header = lines.first?.split(separator: "\t"), let nameColumn = header.firstIndex(of: "form"),
            let maskColumn = header.firstIndex(of: "flags_mask")
        else { throw SuiteError(path, offset: 0, "the first line names no columns 'form' and 'flags_mask'") }
        for (number, line) in lines.enumerated().dropFirst() where !line.isEmpty {
            let columns = line.split(separator: "\t", omittingEmptySubsequences: false)
            guard columns.count > max(nameColumn, maskColumn), !columns[nameColumn].contains("/"),
                columns[maskColumn].hasPrefix("0x"), let mask = UInt16(columns[maskColumn].dropFirst(2), radix: 16)
            else { throw SuiteError(path, "line \(number + 1) is not a form with its mask") }
            forms.append(Form(name: String(columns[nameColumn]), flagsMask: mask))
        }
        self.forms = forms
    }
}
