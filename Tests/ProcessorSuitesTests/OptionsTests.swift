import Core
import TestSupport
import Testing

@testable import ProcessorSuites

@Suite struct OptionsTests {
    @Test func `options in all their forms`() throws {
        let options = try ProcessorTestOptions([
            "a", "--engine=exact", "--level", "bus", "--json", "j", "--junit=u", "--failures", "0", "--filter", "F7",
            "--jobs", "3", "--quiet", "--all", "b", "--processor", "80286", "--markdown", "m", "--", "--odd",
        ])
        #expect(options.suites == ["a", "b", "--odd"])
        #expect(options.engine == "exact" && options.level == .bus && options.jobs == 3 && options.failures == 0)
        #expect(options.jsonFile == "j" && options.junitFile == "u" && options.markdownFile == "m")
        #expect(options.isQuiet && options.showsAll && options.filter == "F7" && options.processor == .i80286)
    }

    @Test func `places and numbers of ROM images are hexadecimal`() throws {
        let options = try ProcessorTestOptions([
            "--rom", "a@b.bin@F0000", "--rom=c@0xE0000", "--rom", "d@F000:0100", "--rom", "e", "--expect-memory", "f",
            "--report-port", "190h", "--report-end", "0xff", "--start", "F000:FFF0", "--limit", "1000",
        ])
        #expect(options.images.map(\.file) == ["a@b.bin", "c", "d", "e"])
        #expect(options.images.map(\.address) == [0xF0000, 0xE0000, 0xF0100, nil])
        #expect(options.expectedMemory.map(\.file) == ["f"])
        #expect(options.reportPort == 0x190 && options.lastReport == 0xFF && options.limit == 1_000)
        #expect(options.start == FarPointer(0xF000, 0xFFF0))
    }

    @Test(arguments: [
        ([], "cpu-test: name a directory or a file of tests, or a ROM image with --rom"),
        (["--sped"], "cpu-test: unknown option '--sped'; 'ochenta help cpu-test' lists the options"),
        (["--level"], "cpu-test: --level needs a value"),
        (["--level", "x", "a"], "cpu-test: --level cannot be 'x'; allowed: state, flags, clocks, bus"),
        (["--engine=warp", "a"], "cpu-test: --engine cannot be 'warp'; allowed: fast, exact"),
        (["--quiet=1", "a"], "cpu-test: --quiet takes no value"),
        (["--jobs", "0", "a"], "cpu-test: --jobs cannot be '0'; allowed: 1 to 256"),
        (
            ["--rom", "a@", "x"],
            "cpu-test: --rom cannot be 'a@'; write FILE@ADDRESS, such as test.bin@F0000 or test.bin@F000:0000"
        ),
        (["--rom", "a", "x"], "cpu-test: a suite does not go with --rom"),
        (["--rom", "a", "--json", "x"], "cpu-test: --json does not go with --rom"),
        (["a", "--report-port", "80"], "cpu-test: --report-port goes with --rom"),
        (["--rom", "a", "--report-end", "80"], "cpu-test: --report-end goes with --report-port"),
        (
            ["--rom", "a", "--report-port", "10000"],
            "cpu-test: --report-port cannot be '10000'; write a hexadecimal number up to FFFF, such as 0x80"
        ),
    ])
    func `errors name the option and the remedy`(_ arguments: [String], _ message: String) {
        let error = #expect(throws: ProcessorTestUsageError.self) { try ProcessorTestOptions(arguments) }
        #expect(error?.message == message)
    }

    @Test func `anything is read or refused`() {
        var random = SeededGenerator(seed: 9)
        let words = [
            "--", "-", "--rom", "--rom=", "a@", "@", "a@F0000", "--level=bus", "--jobs", "99999999999999999999",
            "--start",
            "1:2:3", ":", "é@é", "--report-port", "0x", "h", "--report-end=FFFFFF", "--limit", "0", "--failures=-1", "",
        ]
        for _ in 0..<3_000 {
            _ = try? ProcessorTestOptions(
                (0..<Int.random(in: 0..<6, using: &random)).compactMap { _ in words.randomElement(using: &random) })
        }
    }
}
