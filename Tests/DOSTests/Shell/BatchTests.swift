import Core
import Testing
import X86

@testable import DOS

/// Runs a batch file `T.BAT` with `arguments`, ECHO off, and returns what the console shows.
private func batch(_ text: String, arguments: String = "", prepare: (ShellBench) -> Void = { _ in }) -> String {
    let bench = ShellBench(lines: ["echo off", "t \(arguments)"])
    bench.file("C:\\T.BAT", text.replacingOccurrences("\n", "\r\n"))
    prepare(bench)
    return bench.run()
}

@Suite struct BatchTests {
    @Test func argumentsAndVariablesAreReplaced() {
        #expect(batch("echo %0-%1-%2-%9-%%x%%-%FOO%-100%", arguments: "one,two") == "t-one-two--%x%--100\r\n")
        #expect(batch("set foo=b a r\necho [%foo%]") == "[b a r]\r\n")
    }

    @Test func shiftMovesTheArguments() {
        #expect(
            batch(":n\nif \"%1\"==\"\" goto end\necho %1\nshift\ngoto n\n:end", arguments: "a b c") == "a\r\nb\r\nc\r\n"
        )
    }

    @Test func labelsAreFoundAcrossPiecesOfTheFile() {
        let filler = String(repeating: "rem " + String(repeating: "x", count: 60) + "\n", count: 30)
        #expect(batch("goto far\n\(filler)echo no\n:FARAWAY\n:Far\necho yes") == "yes\r\n")
        #expect(batch("goto nowhere\necho no") == "Label not found\r\n")
        #expect(batch("goto :longlabel99\necho no\n:LONGLABEL1\necho yes") == "yes\r\n")
    }

    @Test func ifComparesLooksAndNegates() {
        #expect(
            batch("if a==a echo 1\nif a==b echo 2\nif not a == b echo 3\nif \"x y\"==\"x\" echo 4")
                == "1\r\n3\r\nSyntax error\r\n")
        #expect(batch("if exist t.bat echo 1\nif exist no.bat echo 2\nif not exist no.* echo 3") == "1\r\n3\r\n")
    }

    @Test func errorLevelIsAtLeast() {
        let text = "prog\nif errorlevel 6 echo six\nif errorlevel 5 echo five\nif not errorlevel 6 echo less"
        let shown = batch(text) {
            $0.file("C:\\PROG.COM", "")
            $0.dos.programs["C:\\PROG.COM"] = .init(exitCode: 5)
        }
        #expect(shown == "five\r\nless\r\n")
    }

    @Test func forTakesWordsAndFiles() {
        #expect(batch("for %%f in (a b;c) do echo [%%f]") == "[a]\r\n[b]\r\n[c]\r\n")
        #expect(
            batch("for %%f in (c:\\*.txt z) do echo %%f") {
                $0.file("C:\\1.TXT", "")
                $0.file("C:\\2.TXT", "")
            } == "c:\\1.TXT\r\nc:\\2.TXT\r\nz\r\n")
        #expect(batch("for %%f in (a) do for %%g in (b) do echo x") == "FOR cannot be nested\r\n")
    }

    @Test func callComesBackAndAPlainNameDoesNot() {
        let shown = batch("call u one\necho back\nu two\necho never") { $0.file("C:\\U.BAT", "echo u %1\r\n") }
        #expect(shown == "u one\r\nback\r\nu two\r\n")
    }

    @Test func commandsAreEchoedUnlessAnAtSignSaysNo() {
        let bench = ShellBench(lines: ["t"])
        bench.file("C:\\T.BAT", "echo 1\r\n@echo 2\r\n:label\r\n\r\necho off\r\necho 3\r\n")
        #expect(bench.run() == "C:\\>echo 1\r\n1\r\n2\r\n\r\nC:\\>echo off\r\n3\r\n")
    }

    @Test func echoIsRestoredBehindTheOutermostBatchFile() {
        let bench = ShellBench(lines: ["t", "echo"])
        bench.file("C:\\T.BAT", "@call u\r\necho")
        bench.file("C:\\U.BAT", "@echo off\r\n")
        #expect(bench.run() == "ECHO is off\r\nECHO is on\r\n")
    }

    @Test func aBatchFileMayChangeItself() {
        // The second line is written by the first, behind it.
        let shown = batch("echo echo new>>t.bat\necho old\n")
        #expect(shown == "old\r\nnew\r\n")
    }

    @Test func aMissingBatchFileEndsTheJob() {
        #expect(batch("del t.bat\necho no") == "Batch file missing\r\n")
    }

    @Test func aBatchFileThatCallsItselfEndsAtTheLimit() {
        let bench = ShellBench(lines: ["echo off", "t", "echo alive"])
        bench.file("C:\\T.BAT", "call t\r\n")
        #expect(bench.run() == "Batch files nested too deeply\r\n")
        #expect(bench.exitCode == 0)
        #expect(bench.dos.openHandles == [0, 1, 2, 3, 4])
    }

    @Test func pauseWaitsForAKey() {
        let bench = ShellBench(lines: ["pause", "echo on"])
        bench.dos.keys = [0, 0x3B, 0x20]
        #expect(bench.run() == "Press any key to continue . . .\r\n")
        #expect(bench.dos.keys == [0x20])
    }
}

@Suite struct RedirectionTests {
    @Test func outputGoesToAFile() {
        let bench = ShellBench(lines: ["echo off", "echo one > a.txt", "echo two>>a.txt", "echo x>nul", "echo \">\""])
        #expect(bench.run() == "\">\"\r\n")
        #expect(bench.text("C:\\A.TXT") == "one \r\ntwo\r\n")
        #expect(bench.dos.openHandles == [0, 1, 2, 3, 4])
    }

    @Test func errorsStayOnTheConsole() {
        let bench = ShellBench(lines: ["type no.txt > a.txt"])
        #expect(bench.run() == "File not found\r\n")
        #expect(bench.text("C:\\A.TXT") == "")
    }

    @Test func pipesAreTemporaryFiles() {
        let bench = ShellBench(lines: ["echo off", "echo data | filter | filter > out.txt"])
        bench.file("C:\\FILTER.EXE", "")
        bench.dos.programs["C:\\FILTER.EXE"] = .init(output: "f:", isFilter: true)
        bench.run()
        #expect(bench.text("C:\\OUT.TXT") == "f:f:data \r\n")
        #expect(bench.dos.files.keys.sorted() == ["C:\\FILTER.EXE", "C:\\OUT.TXT"])
        #expect(bench.dos.openHandles == [0, 1, 2, 3, 4])
    }

    @Test func whatCannotBeOpenedStopsTheCommand() {
        let bench = ShellBench(lines: ["echo x < no.txt", "echo y > q\\a.txt", "echo z"])
        #expect(bench.run() == "File not found\r\nFile creation error\r\nz\r\n")
        #expect(bench.dos.openHandles == [0, 1, 2, 3, 4])
    }

    @Test func aWholeLoopIsRedirectedOnce() {
        let bench = ShellBench(lines: ["echo off", "for %f in (1 2 3) do echo %f > a.txt"])
        bench.run()
        #expect(bench.text("C:\\A.TXT") == "1 \r\n2 \r\n3 \r\n")
    }

    @Test func aRedirectedPromptEndsWithItsFile() {
        let bench = ShellBench(ShellConfiguration(startup: [.line("command < in.txt".dosText)], isInteractive: false))
        // The double has no child processes, so the lines are given to the first interpreter's own input.
        bench.file("C:\\IN.TXT", "echo hello\r\nexit\r\n")
        bench.start()
        bench.dos.open.append(.init(path: "C:\\IN.TXT"))
        bench.memory.write8(FarPointer(ShellBench.psp, 0x18), 1)
        bench.shell.processes[0].frames[0].body = RootFrame(ShellConfiguration())
        while bench.step() {}
        #expect(bench.dos.console == "C:\\>echo hello\r\nhello\r\n\r\nC:\\>exit\r\n")
        #expect(bench.exitCode == 0)
    }
}

@Suite struct ProgramTests {
    @Test func theCurrentDirectoryComesBeforeThePath() {
        let bench = ShellBench(lines: ["set path=d:\\;c:\\bin", "p1 a /b", "p2", "p3.exe", "bin\\p2/x", "p4"])
        bench.dos.directories.insert("C:\\BIN")
        for path in ["C:\\P1.EXE", "D:\\P1.COM", "C:\\BIN\\P2.COM", "C:\\BIN\\P2.EXE", "C:\\BIN\\P3.EXE"] {
            bench.file(path, "")
        }
        #expect(bench.run() == "Bad command or file name\r\n")
        #expect(
            bench.dos.executed == ["C:\\P1.EXE| a /b", "C:\\BIN\\P2.COM|", "C:\\BIN\\P3.EXE|", "C:\\BIN\\P2.COM|/x"])
    }

    @Test func loadErrorsAreSaid() {
        let bench = ShellBench(lines: ["a", "b"])
        bench.file("C:\\A.EXE", "")
        bench.file("C:\\B.EXE", "")
        bench.dos.programs = ["C:\\A.EXE": .init(loadError: 8), "C:\\B.EXE": .init(loadError: 11)]
        #expect(bench.run() == "Program too big to fit in memory\r\nError in EXE file\r\n")
    }

    @Test func theExitCodeOfTheLastProgramIsReturned() {
        let bench = ShellBench(lines: ["a"])
        bench.file("C:\\A.COM", "")
        bench.dos.programs["C:\\A.COM"] = .init(exitCode: 42)
        bench.run()
        #expect(bench.exitCode == 42)
    }

    private func start(_ path: String, tail: String, error: UInt16? = nil) -> ShellBench {
        let program = ShellConfiguration.Startup.program(path: path.dosText, tail: tail.dosText)
        let bench = ShellBench(ShellConfiguration(startup: [program], isInteractive: false))
        bench.file("C:\\A.EXE", "")
        bench.file("C:\\B.BAT", "@echo %1 %2\r\n")
        bench.dos.programs["C:\\A.EXE"] = .init(exitCode: 3, loadError: error)
        bench.run()
        return bench
    }

    @Test func aProgramIsStartedWithItsTailAsItStands() {
        let bench = start("C:\\A.EXE", tail: " a|b <c> %d%")
        #expect(bench.dos.executed == ["C:\\A.EXE| a|b <c> %d%"])
        #expect(bench.exitCode == 3)
        #expect(start("C:\\B.BAT", tail: " one two").dos.console == "one two\r\n")
    }

    @Test func aProgramThatCannotStartHasItsOwnStatus() {
        let missing = start("C:\\NONE.EXE", tail: "")
        #expect(missing.exitCode == 127)
        #expect(missing.dos.console == "ochenta: C:\\NONE.EXE: file not found\r\n")
        let broken = start("C:\\A.EXE", tail: "", error: 11)
        #expect(broken.exitCode == 126)
        #expect(broken.dos.console == "ochenta: C:\\A.EXE: Error in EXE file\r\n")
    }

    @Test func aSecondInterpreterRunsItsTail() {
        let bench = ShellBench()
        bench.run()
        let second = ShellBench()
        second.shell.firstPSP = 0x1234
        second.file("C:\\X.BAT", "@echo %1\r\n")
        #expect(second.run(tail: " /E:512 /C x hello") == "hello\r\n")
        #expect(second.exitCode == 0)
    }
}
