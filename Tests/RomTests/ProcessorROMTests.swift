import Foundation
import Testing

/// The processor test ROM, test-roms/rom/cputest.asm, on a bare machine of each model by the command.
@Suite struct ProcessorROMTests {
    private static let image = TestROM.directory.appending(path: "CPUTEST.BIN")
    private static let models = ["8088", "8086", "80186", "80286"]

    private struct Result {
        var output: String
        var status: Int32
    }

    /// The image, or nil where test programs are not assembled; `RomTests` says whether that is a failure.
    private static func bytes() throws -> [UInt8]? {
        FileManager.default.fileExists(atPath: image.path) ? try [UInt8](Data(contentsOf: image)) : nil
    }

    /// What the ROM must print; the same for all engines without a prefetch queue.
    private static func expected(_ model: String) throws -> String {
        try String(
            contentsOf: TestROM.root.appending(path: "test-roms/rom/cputest.i\(model).expected"), encoding: .utf8)
    }

    /// Runs `rom`; a file "memory" is what memory must be from 4000h.
    private static func run(
        _ rom: [UInt8], _ model: String, port: String, memory: [UInt8]? = nil, engine: String = "fast"
    ) throws -> Result {
        let work = FileManager.default.temporaryDirectory.appending(path: "ochenta-cputest-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: work) }
        let output = work.appending(path: "output")
        try Data().write(to: output)
        try Data(rom).write(to: work.appending(path: "rom"))
        var arguments = ["cpu-test", "--quiet", "--engine", engine, "--processor", model, "--report-port", port]
        if let memory {
            try Data(memory).write(to: work.appending(path: "memory"))
            arguments += ["--expect-memory", "memory@4000"]
        }
        let process = Process()
        process.executableURL = ROMRunner.command
        process.arguments = arguments + ["--rom", "rom@F0000"]
        process.currentDirectoryURL = work
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: output)
        try process.run()
        process.waitUntilExit()
        return Result(output: try String(contentsOf: output, encoding: .utf8), status: process.terminationStatus)
    }

    /// The report in memory: see `REPORT` in test-roms/rom/cputest/layout.inc.
    private static func report(_ text: String, _ model: String) throws -> [UInt8] {
        let numbers = text.split(separator: "\n").last?.split(separator: " ").compactMap { UInt32($0) } ?? []
        try #require(numbers.count == 2, "the last line has the numbers of checks and of failures")
        let serial = text.replacingOccurrences(of: "\n", with: "\r\n").utf8
        let bits: [String: UInt16] = ["8088": 1, "8086": 1, "80186": 2, "80286": 4]
        func word(_ value: UInt16) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8)] }
        func long(_ value: UInt32) -> [UInt8] { word(UInt16(value & 0xFFFF)) + word(UInt16(value >> 16)) }
        return long(numbers[0]) + long(numbers[1]) + word(UInt16(serial.count)) + word(bits[model] ?? 0) + word(0)
            + Array((numbers[1] == 0 ? "OK" : "NO").utf8) + Array(serial)
    }

    /// All that differs from the other engine is the line "queue:", which shows how far the chip fetches ahead.
    @Test(
        "on the exact engine it prints the same, but for the length of the queue",
        arguments: zip(["8088", "8086", "80286"], ["4 bytes", "6 bytes", "8 bytes"]))
    func exactEngine(model: String, queue: String) throws {
        guard let rom = try Self.bytes() else { return }
        let isQueue = { (line: Substring) in line.hasPrefix("queue:") || line.hasPrefix("processor:") }
        let expected = try Self.expected(model).split(separator: "\n").filter { !isQueue($0) }
        let lines = try Self.run(rom, model, port: "3F8", engine: "exact").output.split(separator: "\n")
        #expect(lines.contains { $0 == "queue: \(queue)" }, "\(lines.filter(isQueue))")
        #expect(lines.filter { !isQueue($0) } == expected)
    }

    @Test("the processor test ROM prints what it must and leaves its report in memory", arguments: models)
    func reports(model: String) throws {
        guard let rom = try Self.bytes() else { return }
        let expected = try Self.expected(model)
        let result = try Self.run(rom, model, port: "3F8", memory: Self.report(expected, model))
        let difference = RomTests.difference(result.output, expected, isScreen: false)
        #expect(difference == nil, "\(model): \(difference ?? "")\n\(result.output)")
        #expect(result.status == 0, "\(model): the report in memory differs")
    }

    @Test("port 80h gets a code for each group, and the number of failures at the end")
    func progress() throws {
        guard let rom = try Self.bytes() else { return }
        let codes = try Self.run(rom, "80286", port: "80").output.split(separator: "\n").map { $0.prefix(13) }
        #expect(codes.first == "port 0080: 01")
        #expect(codes.contains("port 0080: 22"))
        #expect(codes.last == "port 0080: 00")
    }

    @Test("what is not as it must be is a line with inputs, got and wanted values, and is counted")
    func failures() throws {
        guard var rom = try Self.bytes() else { return }
        // The case "mov al, imm" wants 11A5h: the number of the token (3), of the register (0), the value.
        let name = Array("mov al, imm".utf8)
        let place = try #require(rom.indices.first { rom[$0...].starts(with: name + [0, 3, 0, 0xA5, 0x11]) })
        rom[place + name.count + 3] = 0xA4
        let result = try Self.run(rom, "8086", port: "3F8")
        let lines = result.output.split(separator: "\n")
        let failed = lines.filter { $0.hasPrefix("  FAIL mov al, imm AX=1122 ") }
        #expect(failed.count == 2)
        let isComplete = failed.allSatisfy {
            $0.contains(", code B0 A5 ") && $0.hasSuffix(", AX got 11A5 want 11A4")
        }
        #expect(isComplete, "\(failed)")
        #expect(lines.contains { $0.hasPrefix("moves: ") && $0.hasSuffix(" checks, FAILED: 2") })
        #expect(lines.last?.hasSuffix(" failed: 2") == true)
        let expected = try Self.expected("8086")
        #expect(try Self.run(rom, "8086", port: "3F8", memory: Self.report(expected, "8086")).status == 1)
        #expect(try Self.run(rom, "8086", port: "80").output.hasSuffix("port 0080: 02\n"))
    }
}
