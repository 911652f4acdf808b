/// The table of targets in docs/architecture.md: which layer each target is in, and what it may import.
struct LayerTable {
    struct Row: Equatable {
        /// C targets, which wrap the host's libraries, have layer -1 (written `C`).
        var layer: Int
        var target: String
        var imports: [String]
    }

    /// A host module that one file, or one target, may import although the rules forbid it.
    struct Exception: Equatable {
        /// Relative to Sources, such as `Core/Memory/GuestMemory.swift`; or a target's name.
        var place: String
        var module: String
    }

    var rows: [Row] = []
    var exceptions: [Exception] = []

    /// Layers below this one do not touch the host.
    static let firstHostLayer = 4
    static let hostModules: Set<String> = [
        "Glibc", "Musl", "Foundation", "FoundationEssentials", "FoundationNetworking", "Dispatch", "Synchronization",
    ]

    /// Reads the two tables that follow the markers `<!-- layers -->` and `<!-- exceptions -->`.
    init(markdown: String) {
        rows = LayerTable.table(after: "<!-- layers -->", in: markdown).compactMap { cells in
            guard cells.count >= 3 else { return nil }
            let layer = cells[0] == "C" ? -1 : Int(cells[0]) ?? .min
            return Row(layer: layer, target: cells[1], imports: LayerTable.names(cells[2]))
        }
        exceptions = LayerTable.table(after: "<!-- exceptions -->", in: markdown).compactMap { cells in
            cells.count >= 2 ? Exception(place: cells[0], module: cells[1]) : nil
        }
    }

    func row(_ target: String) -> Row? { rows.first { $0.target == target } }

    /// What is wrong with the table itself: an import beside or above its target, or of something unknown.
    func inconsistencies() -> [String] {
        rows.flatMap { row in
            row.imports.compactMap { name in
                guard let other = self.row(name) else {
                    return LayerTable.hostModules.contains(name)
                        ? "\(row.target): host modules are not listed, only excepted" : nil
                }
                return other.layer < row.layer
                    ? nil : "\(row.target) (layer \(row.layer)) may not import \(name) (layer \(other.layer))"
            }
        }
    }

    private static func names(_ cell: String) -> [String] {
        cell.split(whereSeparator: { ", `".contains($0) }).map(String.init).filter { $0 != "-" }
    }

    /// The cells of the rows of the first table behind `marker`, without its heading.
    private static func table(after marker: String, in markdown: String) -> [[String]] {
        let lines = markdown.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard let start = lines.firstIndex(of: marker) else { return [] }
        let table = lines[(start + 1)...].drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }
        return table.dropFirst(2).map { line in
            line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast()
                .map { $0.filter { $0 != "`" }.trimmingBlanks() }
        }
    }
}

extension String {
    func trimmingBlanks() -> String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
