import Foundation
import Testing

/// Every program of test-roms, run by the command and compared with its expected output.
@Suite struct RomTests {
    /// What fails, and why. An unexpected pass is a failure too, until it is taken out here.
    private static let knownFailures: [String: String] = [:]

    @Test("the test programs are there")
    func built() throws {
        guard TestROM.all.isEmpty else {
            let programs = Set(TestROM.all.map(\.program))
            #expect(programs.count >= 20)
            return
        }
        print("test-roms: not run, they are not assembled (make roms)")
        let isRequired = ProcessInfo.processInfo.environment["OCHENTA_REQUIRE_SUITES"] != nil
        #expect(!isRequired, "the test programs are not assembled")
    }

    @Test("prints what it must", arguments: TestROM.all)
    func prints(rom: TestROM) throws {
        let result = try ROMRunner(rom).run()
        let expected = try String(contentsOf: TestROM.root.appending(path: rom.expected), encoding: .utf8)
        let difference = Self.difference(result.output, expected, isScreen: result.isScreen(of: rom))
        let problem =
            difference ?? (result.status == rom.status ? nil : "it ended with \(result.status): \(result.errors)")
        if let reason = Self.knownFailures[rom.testDescription] {
            #expect(problem != nil, "passes now, but is listed: \(reason)")
        } else {
            #expect(problem == nil, "\(rom.testDescription): \(problem ?? "")\n\(result.errors)")
        }
    }

    @Test("the coprocessor's program prints the same with a clock-exact processor", arguments: ["8088", "80286"])
    func exactCoprocessor(model: String) throws {
        guard let rom = TestROM.all.first(where: { $0.program == "X87.COM" && $0.model == model }) else {
            // `built` says whether that is a failure.
            return
        }
        let machine = model == "8088" ? "ibmxt" : "vga286"
        let result = try ROMRunner(
            rom, options: ["--machine", machine, "--engine", "exact", "--set", "machine.coprocessor=true"]
        ).run()
        let expected = try String(contentsOf: TestROM.root.appending(path: rom.expected), encoding: .utf8)
        #expect(Self.difference(result.output, expected, isScreen: false) == nil, "\(result.errors)")
        #expect(result.status == rom.status)
    }

    /// The first line that differs; nil if there is none. A screen may show more before and after.
    static func difference(_ output: String, _ expected: String, isScreen: Bool) -> String? {
        var (lines, wanted) = (output.lines, expected.lines)
        if isScreen {
            wanted = wanted.map(\.withoutTrailingBlanks)
            let start = lines.firstIndex { $0.withoutTrailingBlanks == wanted.first } ?? 0
            lines = lines[start...].prefix(wanted.count).map(\.withoutTrailingBlanks)
        }
        for (index, line) in wanted.enumerated() {
            let got = index < lines.count ? lines[index] : "nothing"
            if got != line { return "line \(index + 1) is \(got.debugDescription), should be \(line.debugDescription)" }
        }
        return lines.count == wanted.count ? nil : "\(lines.count - wanted.count) lines too many"
    }

    @Test("a difference is found in each way of comparing")
    func differences() {
        #expect(Self.difference("a\nb\n", "a\nb\n", isScreen: false) == nil)
        #expect(Self.difference("a\nb \n", "a\nb\n", isScreen: false) != nil)
        #expect(Self.difference("a\n", "a\nb\n", isScreen: false) != nil)
        #expect(Self.difference("a\nb\nc\n", "a\nb\n", isScreen: false) != nil)
        #expect(Self.difference("C:\\>x\na\nb  \n\n\n", "a\nb\n", isScreen: true) == nil)
        #expect(Self.difference("C:\\>x\na\nc\n\n", "a\nb\n", isScreen: true) != nil)
        #expect(Self.difference("", "a\n", isScreen: true) != nil)
    }
}

extension ROMRunner.Result {
    fileprivate func isScreen(of rom: TestROM) -> Bool { TestROM.exists(rom.path + ".script") }
}

extension String {
    /// Lines without their ends and carriage returns; what follows the last end is no line if it is empty.
    fileprivate var lines: [String] {
        let text = String(String.UnicodeScalarView(unicodeScalars.filter { $0 != "\r" }))
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    fileprivate var withoutTrailingBlanks: String {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
