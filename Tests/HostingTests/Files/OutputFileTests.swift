import Automation
import Testing

@testable import Hosting

/// Files that a run writes are looked at before it begins.
@Suite struct OutputFileTests {
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write("old.txt", [1, 2])
        try directory.makeDirectory("there")
    }

    private func failure(text: String? = nil, picture: String? = nil, script: String? = nil) throws -> HostingError? {
        var options = RunOptions()
        options.textFile = text.map(directory.file)
        options.pictureFile = picture.map(directory.file)
        let script = try script.map { try Script($0, name: "steps.txt") }
        do throws(HostingError) {
            try options.checkOutputFiles(script: script)
            return nil
        } catch {
            return error
        }
    }

    @Test func filesThatCanBeWrittenAreLeftAsTheyAre() throws {
        #expect(try failure() == nil)
        #expect(try failure(text: "old.txt", picture: "there/new.svg") == nil)
        #expect(try failure(script: "screen-text \(directory.file("new.txt"))\nexit") == nil)
        #expect(try directory.read("old.txt") == [1, 2])
        #expect(directory.names == ["old.txt", "there"])
        #expect(HostFile.obstacle(writing: "/dev/null") == nil)
        #expect(HostFile.obstacle(writing: "a name that is not there, here") == nil)
    }

    @Test func whatCannotBeWrittenIsNamedWithItsOption() throws {
        let (missing, file) = (directory.file("nowhere"), directory.file("old.txt"))
        #expect(
            try failure(text: "nowhere/a.txt")
                == HostingError("--text \(missing)/a.txt: there is no directory \(missing)"))
        #expect(
            try failure(picture: "old.txt/a.svg")
                == HostingError("--screenshot \(file)/a.svg: \(file) is no directory"))
        #expect(try failure(text: "there") == HostingError("--text \(directory.file("there")): Is a directory"))
        #expect(
            try failure(script: "wait 1s\nscreen-text \(missing)/b.txt\nexit")
                == HostingError("steps.txt:2: screen-text \(missing)/b.txt: there is no directory \(missing)"))
        #expect(
            try failure(script: "screenshot \(missing)/b.png")
                == HostingError("steps.txt:1: screenshot \(missing)/b.png: there is no directory \(missing)"))
        #expect(try failure(text: "old.txt")?.status == nil)
        #expect(try failure(text: "there")?.status == ExitStatus.wrongUsage)
        #expect(HostFile.obstacle(writing: "") != nil)
    }
}
