import Testing
import X86

@testable import ProcessorSuites

@Suite struct CatalogTests {
    private let moo = SuiteBuilder.moo([SuiteBuilder.moveImmediate()])
    private let json = SuiteBuilder.json([SuiteBuilder.moveImmediate()], .i8086)

    @Test func `a directory with a manifest, with metadata, with neither`() throws {
        let directory = try TestDirectory()
        try directory.write("a/F7.6.MOO.gz", SuiteBuilder.gzip(moo))
        try directory.write("a/00.MOO", moo)
        try directory.write("a/manifest.tsv", "form\tflags_mask\nF7.6\t0xF72A\n")
        try directory.write("b/F7.6.json", json)
        try directory.write("b/00.json.gz", SuiteBuilder.gzip(Array(json.utf8)))
        try directory.write(
            "b/metadata.json", #"{"cpu":"8088","opcodes":{"00":{},"F7":{"reg":{"6":{"flags-mask":63274}}}}}"#)
        try directory.write("c/8086/F7.6.json", json)
        let a = try #require(try SuiteCatalog.suites(at: directory.path + "/a/").first)
        #expect(a.model == .i8086)
        #expect(a.forms.map(\.name) == ["F7.6"])
        #expect(a.forms.map(\.flagsMask) == [0xF72A])
        let b = try #require(try SuiteCatalog.suites(at: directory.path + "/b").first)
        #expect(b.model == .i8088)
        #expect(b.forms.map(\.name) == ["00", "F7.6"])
        #expect(b.forms.map(\.flagsMask) == [0xFFFF, 63274])
        let c = try #require(try SuiteCatalog.suites(at: directory.path + "/c").first)
        #expect(c.model == .i8086)
        #expect(c.forms.map(\.flagsMask) == [0xFFFF])
        #expect([a, b, c].map(\.hasFlagsMasks) == [true, true, false])
        // The directory of all of them, without the one that is deeper.
        #expect(try SuiteCatalog.suites(at: directory.path).map(\.model) == [.i8086, .i8088])
    }

    @Test func `a single file takes its mask from beside it, and its processor from itself or the user`() throws {
        let directory = try TestDirectory()
        let file = try directory.write("F7.6.MOO.gz", SuiteBuilder.gzip(moo))
        let other = try directory.write("x.json", json)
        try directory.write("manifest.tsv", "form\tflags_mask\nF7.6\t0x0001\n")
        let suite = try #require(try SuiteCatalog.suites(at: file).first)
        #expect(suite.forms.map(\.name) == ["F7.6"])
        #expect(suite.forms.map(\.flagsMask) == [1])
        #expect(suite.model == .i8086)
        #expect(throws: SuiteError.self) { try SuiteCatalog.suites(at: other) }
        #expect(try SuiteCatalog.suites(at: other, model: .i80286).first?.model == .i80286)
    }

    @Test func `forms are chosen by how they begin`() throws {
        let directory = try TestDirectory()
        for name in ["F6.0", "F6.1", "F7.0"] { try directory.write("\(name).MOO", moo) }
        #expect(try SuiteCatalog.suites(at: directory.path, filter: "f6").first?.forms.map(\.name) == ["F6.0", "F6.1"])
    }

    @Test func `what is not there is an error that names it`() throws {
        let directory = try TestDirectory()
        for path in ["/nowhere/at/all", directory.path] {
            let error = #expect(throws: SuiteError.self) { try SuiteCatalog.suites(at: path) }
            #expect(error?.path == path)
            #expect(error?.isNotFound == true)
        }
        try directory.write("manifest.tsv", "form\tflags_mask\n00\t0xFFFF\n")
        #expect(throws: SuiteError.self) { try SuiteCatalog.suites(at: directory.path) }
        let device = #expect(throws: SuiteError.self) { try SuiteCatalog.suites(at: "/dev/zero") }
        #expect(device?.description == "/dev/zero: this is not a file")
    }

    @Test func `a file that is missing from a suite, or of another processor, is its own problem`() throws {
        let directory = try TestDirectory()
        try directory.write("00.MOO", moo)
        try directory.write("01.MOO", SuiteBuilder.moo([FileTests.test286], .i80286))
        try directory.write("manifest.tsv", "form\tflags_mask\n00\t0xFFFF\n01\t0xFFFF\n02\t0xFFFF\n")
        let report = SuiteRun(try SuiteCatalog.suites(at: directory.path)).run()
        #expect(report.total == 1)
        #expect(report.suites[0].forms.map(\.isPerfect) == [true, false, false])
        #expect(
            report.problems.map(\.reason) == [
                "these are tests of a 80286, not of a 8086", "No such file or directory",
            ])
    }

    @Test func `an engine without the processor is a problem`() throws {
        let directory = try TestDirectory()
        let file = try directory.write("00.MOO", moo)
        var run = SuiteRun(try SuiteCatalog.suites(at: file))
        run.engine = SuiteEngine(name: "none", highestLevel: .flags) { _, _, _ in nil }
        #expect(run.missingModel == .i8086)
        #expect(SuiteRun(run.suites).missingModel == nil)
        #expect(run.run().problems.map(\.reason) == ["the none engine has no 8086"])
    }
}
