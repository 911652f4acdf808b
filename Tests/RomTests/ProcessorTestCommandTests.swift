import Foundation
import Testing

/// `ochenta cpu-test` as a user meets it: what it prints where, and its exit status.
@Suite struct ProcessorTestCommandTests {
    private struct Result {
        var output: String
        var errors: String
        var status: Int32
    }

    /// A directory with a suite that passes, one that fails, one that is damaged.
    private final class Workplace {
        let url = FileManager.default.temporaryDirectory.appending(path: "ochenta-cpu-test-\(UUID().uuidString)")

        init() throws {
            try write("right/8086/B0.json", Self.test(final: 0x1234))
            try write("wrong/8086/B0.json", Self.test(final: 0x1235))
            try write("damaged/8086/B0.json", Self.test(final: 0x1234))
            try write("damaged/8086/B1.json", String(Self.test(final: 0x1234).dropLast(30)))
            try write("damaged/8086/B2.MOO", "MOO ")
        }

        deinit { try? FileManager.default.removeItem(at: url) }

        func write(_ name: String, _ text: String) throws {
            let file = url.appending(path: name)
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }

        func read(_ name: String) throws -> String {
            try String(contentsOf: url.appending(path: name), encoding: .utf8)
        }

        /// MOV AX,1234h at 0:100h.
        private static func test(final ax: Int) -> String {
            """
            [{"name": "mov ax, 1234h", "bytes": [184, 52, 18],
              "initial": {"regs": {"ax": 0, "bx": 0, "cx": 0, "dx": 0, "cs": 0, "ss": 0, "ds": 0, "es": 0, "sp": 0,
                "bp": 0, "si": 0, "di": 0, "ip": 256, "flags": 61442},
                "ram": [[256, 184], [257, 52], [258, 18]], "queue": []},
              "final": {"regs": {"ax": \(ax), "ip": 259}, "ram": [], "queue": []}, "cycles": [], "idx": 0}]
            """
        }
    }

    private func run(_ arguments: String..., in work: Workplace) throws -> Result { try run(arguments, in: work) }

    private func run(_ arguments: [String], in work: Workplace) throws -> Result {
        let (output, errors) = (work.url.appending(path: "output"), work.url.appending(path: "errors"))
        for file in [output, errors] { try Data().write(to: file) }
        let process = Process()
        process.executableURL = ROMRunner.command
        process.arguments = ["cpu-test"] + arguments
        process.currentDirectoryURL = work.url
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        process.waitUntilExit()
        return Result(
            output: try work.read("output"), errors: try work.read("errors"), status: process.terminationStatus)
    }

    @Test func `a suite that passes gives 0, and nothing on standard error when that is no terminal`() throws {
        let work = try Workplace()
        let result = try run("--level", "flags", "right", in: work)
        #expect(result.status == 0)
        #expect(result.errors.isEmpty)
        #expect(
            result.output == """
                8086, fast engine: right/8086
                without manifest.tsv or metadata.json: all flags count as defined
                form       tests     state     flags
                1 form passes everything
                all            1         1         1

                """)
        let quiet = try run("--quiet", "right/8086/B0.json", in: work)
        #expect(quiet.status == 0 && quiet.output.isEmpty && quiet.errors.isEmpty)
    }

    @Test func `a suite that fails gives 1, a difference and reports`() throws {
        let work = try Workplace()
        let result = try run("--json", "r.json", "--junit", "r.xml", "--markdown", "r.md", "wrong", in: work)
        #expect(result.status == 1)
        #expect(result.errors.isEmpty)
        #expect(result.output.contains("    ax      0000    1235      1234\n"))
        #expect(
            result.output.hasSuffix(
                "The fast engine has no clocks and no bus to compare; --engine exact has them.\n"))
        #expect(try work.read("r.json").contains("\"passed\": false"))
        #expect(try work.read("r.xml").contains("<failure message=\"1 of 1 tests fail\">"))
        #expect(try work.read("r.md").contains("| B0 | 1 | 0 | 0 |"))
        #expect(try run("--failures", "0", "--level", "state", "wrong", in: work).output.contains("before") == false)
    }

    @Test func `a damaged file is one line with its place, and 2`() throws {
        let work = try Workplace()
        let result = try run("--quiet", "damaged/8086/B1.json", in: work)
        #expect(result.status == 2)
        #expect(result.errors.hasPrefix("ochenta: damaged/8086/B1.json: at byte "))
        #expect(result.errors.hasSuffix(": the file ends early\n"))
        #expect(result.errors.split(separator: "\n").count == 1)
        let moo = try run("damaged/8086/B2.MOO", in: work)
        #expect(moo.status == 2)
        #expect(moo.errors == "ochenta: damaged/8086/B2.MOO: at byte 4: the file ends early\n")
        // The others of its suite are run.
        let suite = try run("damaged", in: work)
        #expect(suite.status == 2)
        #expect(suite.output.contains("all            1         1         1"))
        #expect(suite.errors.split(separator: "\n").count == 2)
    }

    @Test(arguments: [
        (
            ["right", "--sped"], Int32(2),
            "ochenta: cpu-test: unknown option '--sped'; 'ochenta help cpu-test' lists the options\n"
        ),
        (["nowhere"], 127, "ochenta: nowhere: No such file or directory\n"),
        (["right", "--filter", "F7"], 2, "ochenta: cpu-test: no form begins with 'F7'\n"),
        (["--rom", "nowhere"], 127, "ochenta: nowhere: No such file or directory\n"),
        (["--json", "no/place.json", "right"], 2, "ochenta: --json no/place.json: there is no directory no\n"),
        (
            ["--level", "bus", "--engine", "fast", "right"], 2,
            "ochenta: cpu-test: the fast engine has no clocks and no bus: --level bus needs --engine exact\n"
        ),
    ])
    func `a wrong command line is one line`(_ arguments: [String], _ status: Int32, _ errors: String) throws {
        let work = try Workplace()
        let result = try run(arguments, in: work)
        #expect(result.status == status)
        #expect(result.errors == errors)
        #expect(result.output.isEmpty)
    }

    @Test func `a report that cannot be written is our own failure`() throws {
        let work = try Workplace()
        #expect(try run("--json", "/dev/full", "right", in: work).status == 125)
    }

    // MARK: ROM images

    private static let images = TestROM.directory.appending(path: "BARE.BIN").path
    private static let dump = TestROM.directory.appending(path: "BARE-MEM.BIN").path
    private static let isBuilt = FileManager.default.fileExists(atPath: images)

    @Test(
        .enabled(if: isBuilt, "the ROM image is not assembled (make roms)"),
        arguments: ["8088", "8086", "80186", "80286"])
    func `a ROM image reports, halts and leaves what it must`(_ processor: String) throws {
        let work = try Workplace()
        let result = try run(
            "--processor", processor, "--rom", "\(Self.images)@F0000", "--expect-memory", "\(Self.dump)@600",
            "--report-port", "80", in: work)
        #expect(result.status == 0)
        #expect(result.output.hasPrefix("port 0080: 01\nport 0080: 02\n"))
        #expect(result.output.contains("port 0080: 4B  'K'\n\(processor) halted at F000:"))
    }

    @Test(.enabled(if: isBuilt, "the ROM image is not assembled (make roms)"))
    func `differences of memory give 1, the limit 124`() throws {
        let work = try Workplace()
        let wrong = try run("--rom", Self.images, "--expect-memory", "\(Self.dump)@602", in: work)
        #expect(wrong.status == 1)
        #expect(wrong.output.contains("\n  000602"))
        let limited = try run("--rom", Self.images, "--limit", "100", in: work)
        #expect(limited.status == 124)
        #expect(limited.output.contains("8086 stopped by --limit at F000:"))
        let end = try run("--rom", Self.images, "--report-port", "80", "--report-end", "3", in: work)
        #expect(end.status == 0)
        #expect(end.output.hasPrefix("port 0080: 01\nport 0080: 02\nport 0080: 03\n8086 reported 03h"))
    }

    @Test func `an image that does not fit is refused`() throws {
        let work = try Workplace()
        try work.write("rom.bin", String(repeating: "x", count: 100))
        let result = try run("--rom", "rom.bin@FFFF0", in: work)
        #expect(result.status == 2)
        #expect(result.errors == "ochenta: --rom rom.bin: 100 bytes at 0FFFF0 end beyond memory (100000h)\n")
    }
}
