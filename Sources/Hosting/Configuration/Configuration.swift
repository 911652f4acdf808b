/// The settings in force, and where each was set.
///
/// Layers, each over the one before: what is inside the program, /etc/ochenta, the user's directory, files given with
/// `--conf`, the command line.
public struct Configuration: Sendable {
    private struct Value: Sendable {
        var text: String
        /// `FILE:LINE:COLUMN` or the option.
        var origin: String
    }

    private var values: [String: [String: Value]] = [:]
    /// Keys of the sections that take any key, in the order in which they were set.
    private var freeKeys: [String: [String]] = [:]

    /// The defaults alone.
    public init() throws(HostingError) {
        try add(text: BuiltInConfiguration.defaults, file: "built-in defaults")
    }

    // MARK: Adding layers

    /// Adds a file's text; `file` names it in messages.
    public mutating func add(text: String, file: String) throws(HostingError) {
        for entry in try Configuration.entries(of: text, file: file) {
            let origin = "\(file):\(entry.position.line):\(entry.position.column)"
            try set(entry.path, entry.value, origin: origin)
        }
    }

    /// Adds `ochenta.toml` of a directory, if there is one.
    public mutating func add(directory: String) throws(HostingError) {
        let path = directory + "/ochenta.toml"
        if let text = try HostFile.readText(path) { try add(text: text, file: path) }
    }

    /// Adds `section.key=value` of the command line. The value may be written as in TOML or plainly.
    public mutating func add(option: String) throws(HostingError) {
        let origin = "--set \(option)"
        guard let equals = option.firstIndex(of: "=") else {
            throw HostingError("\(origin): write --set section.key=value, for instance --set machine.clock_mhz=8")
        }
        let path = option[..<equals].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(
            String.init)
        let text = String(option[option.index(after: equals)...])
        let setting = try Configuration.setting(path, origin: origin)
        // What is not TOML, or not of the right kind, is taken as plain text: 5.0, vga286, 50%.
        if let value = TOMLReader.value(text), setting.text(of: value) != nil {
            try set(path, value, origin: origin)
        } else {
            try set(path, .string(text), origin: origin)
        }
    }

    /// Sets one value that an option of the command line stands for.
    public mutating func set(_ section: String, _ key: String, to text: String, option: String) throws(HostingError) {
        try set([section, key], .string(text), origin: option)
    }

    private mutating func set(_ path: [String], _ value: TOMLValue, origin: String) throws(HostingError) {
        let setting = try Configuration.setting(path, origin: origin)
        let text = try Configuration.checked(value, setting, origin: origin)
        let (section, key) = (path[0], path[1])
        if setting.key == "*", values[section]?[key] == nil { freeKeys[section, default: []].append(key) }
        values[section, default: [:]][key] = Value(text: text, origin: origin)
    }

    static func entries(of text: String, file: String) throws(HostingError) -> [TOMLEntry] {
        do {
            return try TOMLReader.read(text)
        } catch {
            throw HostingError("\(file):\(error.position.line):\(error.position.column): \(error.message)")
        }
    }

    /// The setting that `path` names.
    private static func setting(_ path: [String], origin: String) throws(HostingError) -> Setting {
        let name = path.joined(separator: ".")
        let section = Setting.all.filter { $0.section == path[0] }
        guard !section.isEmpty else {
            var sections: [String] = []
            for setting in Setting.all where !sections.contains(setting.section) { sections.append(setting.section) }
            throw HostingError("\(origin): no setting '\(name)'; sections are \(sections.joined(separator: ", "))")
        }
        guard path.count == 2, let setting = section.first(where: { $0.key == path[1] || $0.key == "*" }) else {
            let keys = section.map(\.key).joined(separator: ", ")
            throw HostingError("\(origin): no setting '\(name)'; keys of [\(path[0])] are \(keys)")
        }
        return setting
    }

    static func checked(_ value: TOMLValue, _ setting: Setting, origin: String) throws(HostingError) -> String {
        guard let text = setting.text(of: value) else {
            let name = setting.section.isEmpty ? setting.key : "\(setting.section).\(setting.key)"
            let given: String
            switch value {
            case .string(let text): given = "'\(text)'"
            case .integer(let number): given = String(number)
            case .float(let number): given = String(number)
            case .boolean(let flag): given = String(flag)
            case .array, .table: given = value.kindName
            }
            throw HostingError("\(origin): \(name) cannot be \(given); allowed: \(setting.allowed)")
        }
        return text
    }

    // MARK: Reading

    /// The value of a setting, or nil if no layer has it.
    public func value(_ section: String, _ key: String) -> String? { values[section]?[key]?.text }

    /// Where a setting was set, for messages.
    public func origin(_ section: String, _ key: String) -> String { values[section]?[key]?.origin ?? "default" }

    /// The keys and values of `environment` or `drives`, in the order in which they were first set.
    public func all(in section: String) -> [(key: String, value: String, origin: String)] {
        (freeKeys[section] ?? []).compactMap { key in
            values[section]?[key].map { (key, $0.text, $0.origin) }
        }
    }
}
