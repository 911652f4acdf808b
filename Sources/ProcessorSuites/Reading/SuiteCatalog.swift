import X86

/// A suite: the files of captured tests in one directory, or one file.
public struct Suite: Sendable {
    /// A file of tests, for one opcode and, where it selects the instruction, one reg field.
    public struct Form: Sendable {
        /// The file's name without its endings, such as "F7.6".
        public let name: String
        public let path: String
        /// The flags that the manuals define after this instruction.
        public let flagsMask: UInt16
    }

    /// The directory or file.
    public let path: String
    public let model: ProcessorModel
    /// Whether it is known which flags are undefined; without, all count as defined.
    public let hasFlagsMasks: Bool
    /// The user has named the model, so that the files need not agree.
    let isModelGiven: Bool
    public internal(set) var forms: [Form]
}

/// Finds the suites that a path stands for.
public enum SuiteCatalog {
    static let endings = [".MOO.gz", ".MOO", ".json.gz", ".json"]

    /// The suites at `path`: a file of tests, a directory of them, or a directory of such directories. `model` overrides
    /// what the files say; with `filter`, only forms that begin with it.
    public static func suites(
        at path: String, model: ProcessorModel? = nil, filter: String? = nil
    ) throws(SuiteError) -> [Suite] {
        let path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
        guard SuiteFile.isDirectory(path) else { return [try file(path, model)].map { $0.filtered(filter) } }
        if let suite = try directory(path, model) { return [suite.filtered(filter)] }
        var suites: [Suite] = []
        for name in SuiteFile.names(in: path) where SuiteFile.isDirectory("\(path)/\(name)") {
            if let suite = try directory("\(path)/\(name)", model) { suites.append(suite.filtered(filter)) }
        }
        guard !suites.isEmpty else {
            throw SuiteError(path, isNotFound: true, "there are no MOO or JSON files of tests here")
        }
        return suites
    }

    private static func file(_ path: String, _ model: ProcessorModel?) throws(SuiteError) -> Suite {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        let parent = parts.dropLast().joined(separator: "/")
        let directory = parts.count == 1 ? "." : parent.isEmpty ? "/" : parent
        guard SuiteFile.isFile(path) else {
            // Reading it says what is wrong.
            _ = try SuiteFile.read(path, prefix: 1)
            throw SuiteError(path, "this is not a file")
        }
        let masks = try FlagsMasks(directory: directory)
        let name = form(of: String(parts.last ?? "")) ?? String(parts.last ?? "")
        let form = Suite.Form(name: name, path: path, flagsMask: masks.mask(of: name))
        return Suite(
            path: path, model: try processor(of: form, masks, in: directory, given: model),
            hasFlagsMasks: masks.isKnown, isModelGiven: model != nil, forms: [form])
    }

    /// Nil if the directory holds no tests.
    private static func directory(_ path: String, _ model: ProcessorModel?) throws(SuiteError) -> Suite? {
        let names = SuiteFile.names(in: path)
        let files = names.filter { form(of: $0) != nil }
        let masks = try FlagsMasks(directory: path)
        var forms: [Suite.Form] = []
        if masks.forms.isEmpty {
            forms = files.map { name in
                let form = form(of: name) ?? name
                return Suite.Form(name: form, path: "\(path)/\(name)", flagsMask: masks.mask(of: form))
            }
        } else {
            let present = Set(files)
            forms = masks.forms.map { form in
                let name = endings.map { form + $0 }.first(where: present.contains) ?? form + endings[0]
                return Suite.Form(name: form, path: "\(path)/\(name)", flagsMask: masks.mask(of: form))
            }
        }
        guard let first = forms.first(where: { SuiteFile.isFile($0.path) }) ?? forms.first else { return nil }
        return Suite(
            path: path, model: try processor(of: first, masks, in: path, given: model),
            hasFlagsMasks: masks.isKnown, isModelGiven: model != nil, forms: forms)
    }

    /// The processor of a file: what is given, or its own word, or that of `metadata.json`, or of the directory's name.
    private static func processor(
        of form: Suite.Form, _ masks: FlagsMasks, in directory: String, given: ProcessorModel?
    ) throws(SuiteError) -> ProcessorModel {
        if let given { return given }
        if let model = try TestFile.processor(of: form.path) { return model }
        if let model = masks.processor { return model }
        for part in directory.split(separator: "/").reversed() {
            for (name, model) in [
                ("80286", ProcessorModel.i80286), ("80186", .i80186), ("8088", .i8088), ("8086", .i8086),
            ] where part.contains(name) { return model }
        }
        throw SuiteError(
            form.path,
            "neither the file nor metadata.json nor the directory says which processor this is of: --processor")
    }

    /// The form that a file name stands for, nil if it is no file of tests.
    static func form(of name: String) -> String? {
        guard name != "metadata.json", let ending = endings.first(where: name.hasSuffix), name.count > ending.count
        else { return nil }
        return String(name.dropLast(ending.count))
    }
}

extension Suite {
    fileprivate func filtered(_ filter: String?) -> Suite {
        guard let filter else { return self }
        var suite = self
        suite.forms = forms.filter { $0.name.uppercased().hasPrefix(filter.uppercased()) }
        return suite
    }
}
