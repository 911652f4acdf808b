import Core
import Testing
import X86

@testable import DOS

/// Runs a command of drive Z: with `input` as its standard input.
private func command(
    _ program: ShellProgram, _ tail: String = "", input: String? = nil, prepare: (ShellBench) -> Void = { _ in }
) -> ShellBench {
    let bench = ShellBench()
    bench.file("C:\\A.TXT", "apple\r\nBanana\r\ncherry\r\n")
    bench.file("C:\\SUB\\B.TXT", "x")
    bench.file("C:\\SUB\\DEEP\\C.TXT", "y")
    for directory in ["C:\\SUB", "C:\\SUB\\DEEP", "C:\\EMPTY"] { bench.dos.directories.insert(directory) }
    prepare(bench)
    bench.start(program, tail: tail)
    if let input {
        bench.file("D:\\IN", input)
        bench.dos.open.append(.init(path: "D:\\IN"))
        bench.memory.write8(FarPointer(ShellBench.psp, 0x18), 1)
    }
    while bench.step() {}
    return bench
}

@Suite struct SystemCommandTests {
    @Test func everyFileOfTheSystemDriveStartsTheROM() {
        let bench = ShellBench()
        let files = bench.shell.systemFiles()
        #expect(files.count == ShellProgram.allCases.count)
        let start = bench.shell.addresses.start
        for (index, file) in files.enumerated() {
            #expect(file.bytes[0...2] == [0xB8, UInt8(index), 0])
            #expect(file.bytes[3] == 0xEA)
            #expect(UInt16(file.bytes[4]) | UInt16(file.bytes[5]) << 8 == start.offset)
        }
    }

    @Test func findShowsTheLinesThatHoldAString() {
        #expect(command(.find, " \"an\" a.txt").dos.console == "\r\n---------- A.TXT\r\nBanana\r\n")
        #expect(command(.find, " /v /n \"an\"", input: "1\n2an\n3").dos.console == "[1]1\r\n[3]3\r\n")
        #expect(command(.find, " /i/c \"B\"", input: "bb\r\nB\r\nx\r\n").dos.console == "2\r\n")
        #expect(command(.find, " \"zzz\" a.txt").exitCode == 1)
        #expect(command(.find, " \"a\" none.txt").exitCode == 2)
        #expect(command(.find, " a").exitCode == 2)
    }

    @Test func sortIgnoresCaseAndCanBeReversed() {
        #expect(command(.sort, input: "b\r\nA\r\nc").dos.console == "A\r\nb\r\nc\r\n")
        #expect(command(.sort, " /r /+2", input: "1a\r\n2c\r\n3b\r\n").dos.console == "2c\r\n3b\r\n1a\r\n")
        #expect(command(.sort, input: "").dos.console == "")
    }

    @Test func moreStopsAtAFullScreen() {
        let bench = command(.more, input: String(repeating: "x\r\n", count: 30)) { $0.dos.keys = [0x20] }
        #expect(bench.dos.console.components(separatedBy: "-- More --").count == 2)
        #expect(bench.exitCode == 0)
    }

    @Test func treeDrawsTheDirectories() {
        #expect(
            command(.tree, " /a").dos.console
                == "Directory PATH listing\r\nC:\\\r\n+---EMPTY\r\n\\---SUB\r\n    \\---DEEP\r\n")
        #expect(command(.tree, " sub /f /a").dos.console.hasSuffix("|   B.TXT\r\n\\---DEEP\r\n        C.TXT\r\n"))
    }

    @Test func attributesAreShownAndChanged() {
        #expect(command(.attrib).dos.console == "  A         C:\\A.TXT\r\n")
        let bench = command(.attrib, " +r -a *.txt /s")
        #expect(bench.dos.attributes == ["C:\\A.TXT": 1, "C:\\SUB\\B.TXT": 1, "C:\\SUB\\DEEP\\C.TXT": 1])
        #expect(command(.attrib, " no.*").exitCode == 1)
    }

    @Test func xcopyCopiesDirectories() {
        let bench = command(.xcopy, " c:\\ d:\\new\\ /s") { $0.dos.directories.insert("D:\\NEW") }
        #expect(bench.text("D:\\NEW\\A.TXT")?.hasPrefix("apple") == true)
        #expect(bench.text("D:\\NEW\\SUB\\DEEP\\C.TXT") == "y")
        #expect(!bench.dos.directories.contains("D:\\NEW\\EMPTY"))
        #expect(bench.dos.console.hasSuffix("        3 File(s) copied\r\n"))
        #expect(bench.exitCode == 0)
    }

    @Test func deltreeRemovesEverythingBelow() {
        let bench = command(.deltree, " /y sub")
        #expect(bench.dos.files.keys.sorted() == ["C:\\A.TXT"])
        #expect(!bench.dos.directories.contains("C:\\SUB"))
        let refused = command(.deltree, " sub") { $0.dos.keys = Array("n".utf8) }
        #expect(refused.text("C:\\SUB\\B.TXT") == "x")
    }

    @Test func moveRenamesAndCopiesBetweenDrives() {
        #expect(command(.move, " a.txt sub").text("C:\\SUB\\A.TXT") != nil)
        let bench = command(.move, " a.txt d:\\z.txt")
        #expect(bench.text("D:\\Z.TXT")?.hasPrefix("apple") == true)
        #expect(bench.text("C:\\A.TXT") == nil)
    }

    @Test func choiceReturnsThePlaceOfTheKey() {
        let bench = command(.choice, " /c:abc Which") { $0.dos.keys = Array("xc".utf8) }
        #expect(bench.dos.console == "Which[A,B,C]?C\r\n")
        #expect(bench.exitCode == 3)
        #expect(command(.choice, " /t:y,0").exitCode == 1)
    }

    @Test func memTellsTheLargestProgram() {
        #expect(command(.mem).dos.console.contains("    655360 bytes total conventional memory\r\n"))
    }
}
