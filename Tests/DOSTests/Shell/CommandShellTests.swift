import Core
import Testing
import TestSupport
import X86

@testable import DOS

/// What a first interpreter shows for some lines, without prompts.
private func console(_ lines: String..., prepare: (ShellBench) -> Void = { _ in }) -> String {
    let bench = ShellBench(lines: ["ECHO OFF"] + lines)
    prepare(bench)
    return bench.run()
}

@Suite struct InternalCommandTests {
    @Test func echoWritesItsTextAndNothingElse() {
        #expect(console("echo Hello,  world") == "Hello,  world\r\n")
        #expect(console("echo.") == "\r\n")
        #expect(console("ECHO") == "ECHO is off\r\n")
    }

    @Test func variablesAreSetListedAndRemoved() {
        let shown = console("set foo=Bar baz", "set", "set foo=", "set")
        #expect(shown.contains("COMSPEC=Z:\\COMMAND.COM\r\nPATH=Z:\\\r\nPROMPT=$P$G\r\nFOO=Bar baz\r\n"))
        #expect(shown.components(separatedBy: "FOO=").count == 2)
    }

    @Test func aFullEnvironmentRefusesMore() {
        let long = String(repeating: "x", count: 100)
        let lines = (0..<15).map { "set v\($0)=\(long)" }
        let bench = ShellBench(lines: ["echo off"] + lines)
        #expect(bench.run().contains("Out of environment space"))
    }

    @Test func theDirectoryIsChangedAndShown() {
        let shown = console("cd sub", "cd", "cd ..", "cd", "cd nowhere") { $0.dos.directories.insert("C:\\SUB") }
        #expect(shown == "C:\\SUB\r\nC:\\\r\nInvalid directory\r\n")
    }

    @Test func drivesAreChangedOnlyToOnesThatExist() {
        #expect(console("d:", "cd", "q:") == "D:\\\r\nInvalid drive specification\r\n")
    }

    @Test func directoriesAreMadeAndRemoved() {
        let bench = ShellBench(lines: ["md a", "md a\\b", "rd a\\b"])
        bench.run()
        #expect(bench.dos.directories.contains("C:\\A"))
        #expect(!bench.dos.directories.contains("C:\\A\\B"))
    }

    @Test func typeEndsAtControlZ() {
        #expect(console("type a.txt") { $0.file("C:\\A.TXT", "one\r\ntwo\u{1A}three") } == "one\r\ntwo")
        let long = String(repeating: "0123456789", count: 300)
        #expect(console("type a.txt") { $0.file("C:\\A.TXT", long) } == long)
        #expect(console("type b.txt") == "File not found\r\n")
    }

    @Test func deleteAsksOnlyForEverything() {
        let bench = ShellBench(lines: ["del *.txt", "del *.*"])
        for name in ["A.TXT", "B.TXT", "C.DOC"] { bench.file("C:\\" + name, "") }
        bench.dos.typed = ["n"]
        #expect(bench.run().contains("All files in directory will be deleted!\r\nAre you sure (Y/N)?n"))
        #expect(bench.dos.files.keys.sorted() == ["C:\\C.DOC"])
    }

    @Test func renameKeepsWhatThePatternLeavesOpen() {
        let bench = ShellBench(lines: ["ren a*.txt b*.doc"])
        for name in ["A1.TXT", "A22.TXT", "B.TXT"] { bench.file("C:\\" + name, name) }
        bench.run()
        #expect(bench.dos.files.keys.sorted() == ["C:\\B.TXT", "C:\\B1.DOC", "C:\\B22.DOC"])
    }

    @Test func promptCodesAreReplaced() {
        let bench = ShellBench(ShellConfiguration(environment: ["PROMPT=$N$Q$D$_$T$L$B$$$V$P$G".dosText]))
        bench.dos.typed = ["exit"]
        #expect(bench.run() == "C=Tue 01-02-1990\r\n13:05:07.09<|$MS-DOS Version 5.00C:\\>exit\r\r\n")
    }

    @Test func dateAndTimeAskUntilTheAnswerIsGood() {
        let bench = ShellBench(lines: ["echo off", "date", "time 25:00"])
        bench.dos.typed = ["13-99", "", ""]
        let shown = bench.run()
        #expect(
            shown.hasPrefix("Current date is Tue 01-02-1990\r\nEnter new date (mm-dd-yy): 13-99\r\r\nInvalid date\r\n"))
        #expect(shown.contains("Invalid time\r\nCurrent time is 13:05:07.09\r\nEnter new time: "))
    }

    @Test func unknownCommandsAreRefused() {
        #expect(console("nonsense /x") == "Bad command or file name\r\n")
        #expect(console("a | ") == "Syntax error\r\n")
    }
}

@Suite struct DirectoryTests {
    private func bench(_ line: String) -> ShellBench {
        let bench = ShellBench(lines: ["echo off", line])
        bench.file("C:\\B.TXT", "12345")
        bench.file("C:\\A.EXE", "123")
        bench.file("C:\\SUB\\C.TXT", "1")
        bench.file("C:\\HID.SYS", "1")
        bench.dos.attributes["C:\\HID.SYS"] = 2
        bench.dos.directories.insert("C:\\SUB")
        return bench
    }

    @Test func aListingHasNamesSizesDatesAndTotals() {
        #expect(
            bench("dir").run()
                == """

                 Volume in drive C has no label
                 Directory of C:\\

                A        EXE         3 01-02-90   1:09p
                B        TXT         5 01-02-90   1:09p
                SUB          <DIR>     01-02-90   1:09p
                        3 file(s)          8 bytes
                                     4096000 bytes free

                """.replacingOccurrences("\n", "\r\n"))
    }

    @Test func bareListingsSortAndFilter() {
        #expect(bench("dir /b /o-n").run() == "SUB\r\nB.TXT\r\nA.EXE\r\n")
        #expect(bench("dir /b /ah").run() == "HID.SYS\r\n")
        #expect(bench("dir /b /a-d /os").run() == "HID.SYS\r\nA.EXE\r\nB.TXT\r\n")
        #expect(bench("dir /b /s *.txt").run() == "C:\\B.TXT\r\nC:\\SUB\\C.TXT\r\n")
        #expect(bench("dir /b /l b").run() == "b.txt\r\n")
        #expect(bench("dir sub /w").run().contains("C.TXT\r\n        1 file(s)          1 bytes\r\n"))
    }

    @Test func whatIsNotThereIsSaid() {
        #expect(bench("dir nothing.*").run().hasSuffix("File not found\r\n"))
        #expect(bench("dir q:").run() == "Invalid drive specification\r\n")
        #expect(bench("dir /q").run() == "Invalid switch - /Q\r\n")
    }

    @Test func aPauseComesWhenTheScreenIsFull() {
        let bench = ShellBench(lines: ["echo off", "dir /p"])
        for index in 0..<40 { bench.file("C:\\F\(index)", "") }
        bench.dos.keys = [0x20, 0x20]
        let shown = bench.run()
        #expect(shown.components(separatedBy: "Press any key to continue . . .").count == 3)
        #expect(shown.contains("(continuing C:\\)"))
    }
}

@Suite struct CopyTests {
    private func bench(_ lines: String...) -> ShellBench {
        let bench = ShellBench(lines: ["echo off"] + lines)
        bench.file("C:\\A.TXT", "first\u{1A}rest")
        bench.file("C:\\B.TXT", "second")
        bench.dos.directories.insert("C:\\SUB")
        return bench
    }

    @Test func aFileIsCopiedByteForByte() {
        let bench = bench("copy a.txt c.txt", "copy /b b.txt sub")
        #expect(bench.run() == "        1 file(s) copied\r\n        1 file(s) copied\r\n")
        #expect(bench.text("C:\\C.TXT") == "first\u{1A}rest")
        #expect(bench.text("C:\\SUB\\B.TXT") == "second")
        #expect(bench.dos.openHandles == [0, 1, 2, 3, 4])
        #expect(bench.dos.freed.count >= 2)
    }

    @Test func patternsNameEveryFile() {
        let bench = bench("copy *.txt sub\\*.bak")
        #expect(bench.run() == "A.TXT\r\nB.TXT\r\n        2 file(s) copied\r\n")
        #expect(bench.text("C:\\SUB\\A.BAK") == "first\u{1A}rest")
    }

    @Test func joinedFilesAreTextsWithOneEnd() {
        let bench = bench("copy a.txt+b.txt c.txt", "copy /b a.txt+b.txt d.txt", "copy b.txt+a.txt")
        bench.run()
        #expect(bench.text("C:\\C.TXT") == "firstsecond\u{1A}")
        #expect(bench.text("C:\\D.TXT") == "first\u{1A}restsecond")
        #expect(bench.text("C:\\B.TXT") == "secondfirst\u{1A}")
    }

    @Test func theConsoleCanBeCopied() {
        let bench = bench("copy con new.txt", "copy b.txt con")
        bench.dos.typed = ["hello", "\u{1A}"]
        #expect(bench.run() == "        1 file(s) copied\r\nsecond        1 file(s) copied\r\n")
        #expect(bench.text("C:\\NEW.TXT") == "hello\r\n")
    }

    @Test func mistakesAreSaid() {
        #expect(bench("copy a.txt a.txt").run() == "File cannot be copied onto itself\r\n        0 file(s) copied\r\n")
        #expect(bench("copy x.txt y.txt").run() == "File not found - x.txt\r\n        0 file(s) copied\r\n")
        #expect(bench("copy").run() == "Required parameter missing\r\n")
    }
}

extension String {
    func replacingOccurrences(_ old: Character, _ new: String) -> String {
        reduce(into: "") { $0 += $1 == old ? new : String($1) }
    }

    /// The parts between occurrences of `separator`.
    func components(separatedBy separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }
}
