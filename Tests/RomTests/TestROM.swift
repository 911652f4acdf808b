import Foundation
import Testing

/// A program of test-roms with what it must print: one row of the manifest that scripts/build-test-roms writes.
struct TestROM: Sendable, CustomTestStringConvertible {
    /// The file name, such as `ARITH.COM`.
    var program: String
    /// The source's path without extension, relative to the package.
    var path: String
    /// Other programs that must lie beside it.
    var needs: [String]
    var arguments: [String]
    var status: Int32
    /// Whether its output goes to a file on the drive, by the redirection of the command interpreter.
    var writesFile: Bool
    /// Settings of the machine, such as `sound.gus=true`.
    var settings: [String]
    /// The processor model as the configuration names it; nil for the profile's own.
    var model: String?
    /// The file that holds what it must print, relative to the package.
    var expected: String

    var testDescription: String { model.map { "\(program) on \($0)" } ?? program }

    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()
    static let directory = root.appending(path: ".build/test-roms")

    static func exists(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: root.appending(path: path).path)
    }

    /// Every program that has an expected output; for those with one for each model, one entry a model.
    static let all: [TestROM] = {
        let manifest = try? String(contentsOf: directory.appending(path: "manifest.tsv"), encoding: .utf8)
        return (manifest ?? "").split(separator: "\n").flatMap { roms(row: $0) }
    }()

    private static func roms(row: Substring) -> [TestROM] {
        let cells = row.split(separator: "\t").map { $0 == "-" ? "" : String($0) }
        guard cells.count == 8 else { return [] }
        func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }
        let rom = TestROM(
            program: cells[0], path: cells[1], needs: words(cells[2]), arguments: words(cells[3]),
            status: Int32(cells[4]) ?? 0, writesFile: cells[6] == "file", settings: words(cells[7]), model: nil,
            expected: cells[1] + ".expected")
        let byModel = words(cells[5]).map { name in
            var rom = rom
            rom.model = name.hasPrefix("i") ? String(name.dropFirst()) : name
            if exists("\(cells[1]).\(name).expected") { rom.expected = "\(cells[1]).\(name).expected" }
            return rom
        }
        return (byModel.isEmpty ? [rom] : byModel).filter { exists($0.expected) }
    }
}
