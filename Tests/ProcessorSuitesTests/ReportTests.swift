import Core
import Testing
import X86
import X86Fast

@testable import ProcessorSuites

/// Tables, differences and reports, letter by letter.
@Suite struct ReportTests {
    /// Three forms: one right, one wrong in a register, memory and flags, one that is damaged.
    static func report(_ change: (inout SuiteRun) -> Void = { _ in }) throws -> SuiteReport {
        let right = SuiteBuilder.moveImmediate()
        var wrong = right
        wrong.index = 78
        wrong.final[.ax] = 0x1243
        // Parity, which the manuals leave undefined here, and carry.
        wrong.final[.flags] = 0xF007
        wrong.final.memory.append(CapturedState.Byte(address: 0x2_0000, value: 0x42))
        var flags = right
        flags.index = 79
        flags.final[.flags] = 0xF006
        let directory = try TestDirectory()
        try directory.write("8086/B8.MOO.gz", SuiteBuilder.gzip(SuiteBuilder.moo([right, right])))
        try directory.write("8086/B9.json", SuiteBuilder.json([right, wrong, flags], .i8086))
        try directory.write("8086/BA.MOO", Array(SuiteBuilder.moo([right]).dropLast(10)))
        try directory.write(
            "8086/manifest.tsv", "form\ttests\tflags_mask\nB8\t2\t0xFFFF\nB9\t3\t0xFFFB\nBA\t1\t0xFFFF\n")
        var run = SuiteRun(try SuiteCatalog.suites(at: directory.path + "/8086"))
        change(&run)
        let report = run.run()
        let suites = report.suites.map { SuiteResult(path: "suites/8086", model: $0.model, forms: $0.forms) }
        return SuiteReport(engine: report.engine, level: report.level, suites: suites)
    }

    @Test func `the table shows what is not perfect, and a sum`() throws {
        #expect(
            try Self.report().table() == """
                8086, fast engine: suites/8086
                form       tests     state     flags
                B9             3         2         1
                1 other form passes everything
                all            5         4         3
                """)
        #expect(
            try Self.report { $0.level = .state }.table(all: true) == """
                8086, fast engine: suites/8086
                form       tests     state
                B8             2         2
                B9             3         2
                all            5         4
                """)
        #expect(try Self.report().summary == "8086: 3 forms, 5 tests; right in state 4, flags 3")
    }

    @Test func `a difference shows before, expected and got, and flags by name`() throws {
        let failures = try Self.report().failures(10)
        #expect(failures.map(\.index) == [78, 79])
        #expect(
            failures.first?.description == """
                B9 test 78: mov ax, 1234h  [B8 34 12]  wrong: state, flags
                            before  expected  got
                    ax      0000    1243      1234
                    flags   F002    F007      F002  parity should be 1 (undefined), carry should be 1
                    020000  -       42        90
                """)
        #expect(
            failures.last?.description == """
                B9 test 79: mov ax, 1234h  [B8 34 12]  wrong: flags
                            before  expected  got
                    flags   F002    F006      F002  parity should be 1 (undefined)
                """)
    }

    @Test func `a byte that the test does not know is named`() throws {
        var test = SuiteBuilder.moveImmediate()
        // MOV [2345h],AL; the list of the test leaves the byte out.
        let code: [UInt8] = [0xA2, 0x45, 0x23]
        test.bytes = code
        test.initial.memory = code.enumerated().map { .init(address: UInt32(0x100 + $0.offset), value: $0.element) }
        test.initial[.ax] = 0x0055
        test.final = test.initial
        test.final[.ip] = 0x103
        let directory = try TestDirectory()
        let file = try directory.write("A2.json", SuiteBuilder.json([test], .i8086))
        let suites = try SuiteCatalog.suites(at: file, model: .i8086)
        let failure = try #require(SuiteRun(suites).run().failures(1).first)
        // In plain memory it is seen as eight bytes, in device memory as one.
        #expect(failure.description.contains("    002340 or just behind it was written, but is not in the test"))
    }

    @Test func `names of tests do not reach a terminal as commands`() throws {
        var test = SuiteBuilder.moveImmediate()
        test.name = "mov\u{1B}[2J\n\u{9B}é"
        test.final[.ax] = 1
        let directory = try TestDirectory()
        let file = try directory.write("B8.MOO", SuiteBuilder.moo([test]))
        let failure = try #require(SuiteRun(try SuiteCatalog.suites(at: file)).run().failures(1).first)
        #expect(failure.name == "mov?[2J??é")
    }

    @Test func `damaged files are problems, not failures`() throws {
        let report = try Self.report()
        #expect(report.problems.count == 1)
        #expect(report.problems.first?.reason == "a chunk of 348 bytes does not fit")
        #expect(report.problems.first?.path.hasSuffix("8086/BA.MOO") == true)
        #expect(!report.isPassed)
    }

    @Test func `the JSON report`() throws {
        let report = try Self.report()
        let text = SuiteReport(
            engine: report.engine, level: report.level,
            suites: [SuiteResult(path: "a \"b\"", model: .i8086, forms: Array(report.suites[0].forms.prefix(2)))]
        ).json(failures: 1)
        #expect(
            text == """
                {
                  "engine": "fast",
                  "level": "flags",
                  "passed": false,
                  "suites": [
                    {
                      "path": "a \\"b\\"",
                      "processor": "8086",
                      "tests": 5,
                      "failed": 2,
                      "passed": {"state": 4, "flags": 3},
                      "forms": [
                        {"form": "B8", "tests": 2, "failed": 0, "passed": {"state": 2, "flags": 2}},
                        {"form": "B9", "tests": 3, "failed": 2, "passed": {"state": 2, "flags": 1}}
                      ]
                    }
                  ],
                  "failures": [
                    {
                      "form": "B9",
                      "index": 78,
                      "name": "mov ax, 1234h",
                      "bytes": [184, 52, 18],
                      "wrong": ["state", "flags"],
                      "registers": [
                        {"name": "ax", "before": 0, "expected": 4675, "got": 4660},
                        {"name": "flags", "before": 61442, "expected": 61447, "got": 61442}
                      ],
                      "memory": [
                        {"address": 131072, "before": null, "expected": 66, "got": 144}
                      ],
                      "firstClock": null,
                      "text": "B9 test 78: mov ax, 1234h  [B8 34 12]  wrong: state, flags\\n            before  expected  \
                got\\n    ax      0000    1243      1234\\n    flags   F002    F007      F002  parity should be 1 \
                (undefined), carry should be 1\\n    020000  -       42        90"
                    }
                  ],
                  "problems": []
                }

                """)
        // What is written is JSON to our own reader too.
        var reader = JSONReader(path: "report", bytes: Array(text.utf8))
        try reader.skipValue()
        try reader.end()
    }

    @Test func `the JUnit report`() throws {
        let report = try Self.report { $0.failuresKept = 1 }
        let problem = try #require(report.problems.first).description
        #expect(
            report.junit == """
                <?xml version="1.0" encoding="UTF-8"?>
                <testsuites name="ochenta cpu-test">
                  <testsuite name="8086 fast flags" tests="3" failures="1" errors="1">
                    <testcase classname="8086.fast" name="B8"/>
                    <testcase classname="8086.fast" name="B9">
                      <failure message="2 of 3 tests fail">B9 test 78: mov ax, 1234h  [B8 34 12]  wrong: state, flags
                            before  expected  got
                    ax      0000    1243      1234
                    flags   F002    F007      F002  parity should be 1 (undefined), carry should be 1
                    020000  -       42        90</failure>
                    </testcase>
                    <testcase classname="8086.fast" name="BA">
                      <error message="\(problem)"/>
                    </testcase>
                  </testsuite>
                </testsuites>

                """)
    }

    @Test func `the Markdown table`() throws {
        let report = try Self.report()
        let text = SuiteReport(
            engine: "fast", level: .flags,
            suites: [SuiteResult(path: "x", model: .i8086, forms: Array(report.suites[0].forms.prefix(2)))]
        ).markdown
        #expect(
            text == """
                2 forms, 1 of them without a failure.

                | Form | Tests | Registers, memory, defined flags | Undefined flags too |
                |---|---:|---:|---:|
                | all | 5 | 4 | 3 |
                | B9 | 3 | 2 | 1 |

                <details><summary>Every form</summary>

                | Form | Tests | Registers, memory, defined flags | Undefined flags too |
                |---|---:|---:|---:|
                | B8 | 2 | 2 | 2 |
                | B9 | 3 | 2 | 1 |

                </details>

                """)
    }

    @Test func `jobs make no difference, and progress ends with everything`() throws {
        let one = try Self.report { $0.jobs = 1 }
        let many = try Self.report { $0.jobs = 8 }
        #expect(one.table(all: true) == many.table(all: true))
        #expect(one.failures(9).map(\.description) == many.failures(9).map(\.description))
        let last = Progress()
        _ = try Self.report { $0.onProgress = { last.set($0) } }
        #expect(last.value.filesDone == 3 && last.value.files == 3)
        #expect(last.value.testsDone == 5 && last.value.testsFailed == 2)
    }

    /// The last progress that was told.
    private final class Progress: @unchecked Sendable {
        private(set) var value = SuiteProgress()
        func set(_ progress: SuiteProgress) { value = progress }
    }

    @Test func `machines go when a run is over`() {
        weak var machine: SuiteMachine?
        do {
            let made = SuiteMachine(.i80286, .fast)
            made?.isLogging = true
            made?.close()
            machine = made
        }
        #expect(machine == nil)
    }
}
