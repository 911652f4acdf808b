/// The settings of a machine profile, as text that has been checked against `Setting.machine`.
struct ProfileSettings: Hashable, Sendable {
    var name: String
    var summary: String
    var values: [String: String]
}

/// Finds machine profiles: inside the program, then `machines/NAME.toml` of the configuration directories.
public struct ProfileCatalog: Sendable {
    private let directories: [String]

    /// - Parameter directories: configuration directories, the last one winning.
    public init(directories: [String]) { self.directories = directories }

    /// Name and summary of every profile: those of the program, then the user's own by name.
    public func list() throws(HostingError) -> [(name: String, summary: String)] {
        var names = BuiltInConfiguration.machines.map(\.name)
        for directory in directories {
            for file in HostFile.names(in: directory + "/machines") ?? [] where file.hasSuffix(".toml") {
                let name = String(file.dropLast(5))
                if !names.contains(name) { names.append(name) }
            }
        }
        var list: [(name: String, summary: String)] = []
        for name in names { list.append((name, try settings(name, origin: "machines").summary)) }
        return list
    }

    /// The profile called `name`; `origin` says who asked for it.
    func settings(_ name: String, origin: String) throws(HostingError) -> ProfileSettings {
        if !name.contains("/") {
            for directory in directories.reversed() {
                let path = "\(directory)/machines/\(name).toml"
                if let text = try HostFile.readText(path) {
                    return try ProfileCatalog.parse(text, name: name, file: path)
                }
            }
        }
        guard let machine = BuiltInConfiguration.machines.first(where: { $0.name == name }) else {
            let names = BuiltInConfiguration.machines.map(\.name).joined(separator: ", ")
            throw HostingError("\(origin): no machine is called '\(name)'; there are \(names) (see 'ochenta machines')")
        }
        return try ProfileCatalog.parse(machine.text, name: name, file: "built-in profile \(name)")
    }

    static func parse(_ text: String, name: String, file: String) throws(HostingError) -> ProfileSettings {
        var profile = ProfileSettings(name: name, summary: "", values: [:])
        for entry in try Configuration.entries(of: text, file: file) {
            let origin = "\(file):\(entry.position.line):\(entry.position.column)"
            let key = entry.path.joined(separator: ".")
            if key == "summary" {
                profile.summary = try Configuration.checked(entry.value, Setting.summary, origin: origin)
            } else if let setting = Setting.machine.first(where: { $0.key == key }) {
                profile.values[key] = try Configuration.checked(entry.value, setting, origin: origin)
            } else {
                let keys = (["summary"] + Setting.machine.map(\.key)).joined(separator: ", ")
                throw HostingError("\(origin): a profile has no '\(key)'; keys are \(keys)")
            }
        }
        return profile
    }
}
