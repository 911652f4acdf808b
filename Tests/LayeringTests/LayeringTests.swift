import Foundation
import Testing

/// The layering of docs/architecture.md, held against the manifest and every import in Sources.
@Suite struct LayeringTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    private let table: LayerTable
    private let targets: [String: [String]]

    init() throws {
        table = LayerTable(markdown: try Self.text("docs/architecture.md"))
        targets = ImportScanner.targets(inManifest: try Self.text("Package.swift"))
    }

    private static func text(_ path: String) throws -> String {
        try String(contentsOf: root.appending(path: path), encoding: .utf8)
    }

    @Test("the table and the manifest name the same targets")
    func sameTargets() {
        #expect(targets.count > 10)
        #expect(Set(table.rows.map(\.target)) == Set(targets.keys))
    }

    @Test("no target of the table imports what is beside or above it")
    func tableIsLayered() {
        #expect(table.inconsistencies() == [])
    }

    @Test("the manifest gives each target only the dependencies of the table")
    func manifestFollowsTable() {
        for (target, dependencies) in targets {
            let allowed = Set(table.row(target)?.imports ?? [])
            #expect(Set(dependencies).subtracting(allowed) == [], "dependencies of \(target)")
        }
    }

    @Test("every source file imports only what the table lists for its target")
    func sourcesFollowTable() throws {
        let sources = Self.root.appending(path: "Sources")
        let rules = LayerRules(table: table)
        var breaches: [String] = []
        var count = 0
        for path in try FileManager.default.subpathsOfDirectory(atPath: sources.path).sorted() {
            guard path.hasSuffix(".swift"), let folder = path.split(separator: "/").first else { continue }
            count += 1
            let source = try String(contentsOf: sources.appending(path: path), encoding: .utf8)
            let target = folder == "bench" ? "ochenta-bench" : String(folder)
            breaches += rules.breaches(path: path, target: target, source: source)
        }
        #expect(count > 20)
        #expect(breaches == [])
    }

    @Test("every exception of the table is in use")
    func exceptionsAreUsed() throws {
        for exception in table.exceptions where exception.place.hasSuffix(".swift") {
            let source = try Self.text("Sources/" + exception.place)
            #expect(
                ImportScanner.imports(in: source).contains(exception.module),
                "\(exception.place) no longer imports \(exception.module)")
        }
    }
}

/// The checks above find breaches that are planted here.
@Suite struct LayeringSelfTests {
    private let table = LayerTable(
        markdown: """
            <!-- layers -->

            | Layer | Target | May import | Holds |
            |---|---|---|---|
            | C | CThing | - | |
            | 0 | Core | CThing | |
            | 1 | Chips | Core | |
            | 1 | X86 | `Core` | |
            | 4 | Output | Core, Chips | |

            <!-- exceptions -->

            | File | Module | Why |
            |---|---|---|
            | Core/Memory.swift | Glibc | mappings |
            """)

    private func breaches(_ path: String, _ source: String) -> [String] {
        LayerRules(table: table).breaches(
            path: path, target: String(path.prefix { $0 != "/" }), source: source)
    }

    @Test("allowed imports pass")
    func allowed() {
        #expect(table.inconsistencies() == [])
        #expect(breaches("Chips/A.swift", "import Core\n") == [])
        #expect(breaches("Core/Memory.swift", "import CThing\nimport Glibc\n") == [])
        #expect(breaches("Output/A.swift", "public import Foundation\nimport struct Chips.Timer\n") == [])
    }

    @Test(
        "an import beside, above or of the host is found, in every form of import",
        arguments: [
            ("Chips/A.swift", "import X86"), ("Core/A.swift", "import Core\nimport Chips"),
            ("Core/A.swift", "import Glibc"), ("Chips/A.swift", "import Foundation"),
            ("X86/A.swift", "  @preconcurrency import Dispatch"), ("X86/A.swift", "@testable import Chips"),
            ("X86/A.swift", "public import struct Output.Frame"), ("X86/A.swift", "@_exported import Output"),
            ("Output/A.swift", "import X86"), ("Output/A.swift", "import SomePackage"),
            ("Nowhere/A.swift", "import Core"),
        ])
    func planted(path: String, source: String) {
        #expect(breaches(path, source).count == 1)
    }

    @Test("comments are no imports")
    func comments() {
        #expect(breaches("Chips/A.swift", "// import X86\n/// import Foundation\nlet text = 1") == [])
    }

    @Test("a table that lets a target import upwards is found")
    func upwardTable() {
        var wrong = table
        wrong.rows[1].imports.append("Output")
        wrong.rows[2].imports.append("X86")
        #expect(wrong.inconsistencies().count == 2)
    }

    @Test("the manifest's forms of targets are understood")
    func manifest() {
        let targets = ImportScanner.targets(
            inManifest: """
                .target(name: "CThing"),
                .systemLibrary(name: "CZ", pkgConfig: "z"),
                layer("Core", ["CThing"]),
                layer(
                    "Chips", [
                        "Core", "CZ",
                    ]),
                .executableTarget(
                    name: "tool-name",
                    dependencies: [
                        "Core",
                        .product(name: "ArgumentParser", package: "swift-argument-parser"),
                    ], swiftSettings: settings),
                """)
        #expect(targets["CThing"] == [])
        #expect(targets["CZ"] == [])
        #expect(targets["Core"] == ["CThing"])
        #expect(targets["Chips"] == ["Core", "CZ"])
        #expect(targets["tool-name"] == ["Core", "ArgumentParser"])
    }
}
