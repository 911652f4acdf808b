/// Finds what a Swift source file imports, and what a package manifest says about its targets.
enum ImportScanner {
    /// The modules imported by `source`, in order. Comments and strings on lines of their own are no imports.
    static func imports(in source: String) -> [String] {
        source.split(separator: "\n").compactMap { line in
            guard let match = line.prefixMatch(of: pattern) else { return nil }
            return String(match.module)
        }
    }

    // `import X`, `@testable import X`, `public import struct X.Y`, `@_exported import X`.
    nonisolated(unsafe) private static let pattern =
        /\s*(?:@[\w()]+\s+)*(?:(?:public|package|internal|fileprivate|private)\s+)?import\s+(?:(?:typealias|struct|class|enum|protocol|let|var|func|actor)\s+)?(?<module>\w+)/

    /// The targets of a package with the names of what they depend on, tests left out.
    static func targets(inManifest manifest: String) -> [String: [String]] {
        var targets: [String: [String]] = [:]
        for match in manifest.matches(of: /layer\(\s*"(?<name>[\w-]+)"\s*,\s*\[(?<list>[^\]]*)\]/) {
            targets[String(match.name)] = quoted(match.list)
        }
        let declaration =
            /\.(?:executableTarget|target|systemLibrary)\(\s*name:\s*"(?<name>[\w-]+)"(?:\s*,\s*dependencies:\s*\[(?<list>[^\]]*)\])?/
        for match in manifest.matches(of: declaration) {
            targets[String(match.name)] = match.list.map(quoted) ?? []
        }
        targets["TestSupport"] = nil
        targets["CHostX87"] = nil
        return targets
    }

    /// The first string of each element: `"Core"`, `.product(name: "ArgumentParser", package: ...)`.
    private static func quoted(_ list: Substring) -> [String] {
        let products = list.matches(of: /\.product\(\s*name:\s*"(\w+)"[^)]*\)/).map { String($0.1) }
        let rest = list.replacing(/\.product\([^)]*\)/, with: "")
        return rest.matches(of: /"(\w+)"/).map { String($0.1) } + products
    }
}

/// The rules: what each file imports against the table.
struct LayerRules {
    let table: LayerTable

    /// What is wrong with the imports of one file. `path` is relative to Sources and begins with the folder of `target`.
    func breaches(path: String, target: String, source: String) -> [String] {
        guard let row = table.row(target) else { return ["\(path): target \(target) is not in the table"] }
        return ImportScanner.imports(in: source).compactMap { module in
            if module == target || module == "Swift" || row.imports.contains(module) { return nil }
            let places = [path, target]
            if table.exceptions.contains(where: { places.contains($0.place) && $0.module == module }) { return nil }
            if LayerTable.hostModules.contains(module) {
                return row.layer >= LayerTable.firstHostLayer
                    ? nil : "\(path) imports \(module): layer \(row.layer) does not touch the host"
            }
            return "\(path) imports \(module), which the table does not list for \(target)"
        }
    }
}
