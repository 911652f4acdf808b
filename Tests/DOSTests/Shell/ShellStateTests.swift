import Core
import TestSupport
import Testing
import X86

@testable import DOS

@Suite struct ShellInterruptTests {
    @Test func controlCAtThePromptBeginsANewOne() {
        let bench = ShellBench(ShellConfiguration())
        bench.dos.typed = ["^C", "exit"]
        #expect(bench.run() == "C:\\>^C\r\nC:\\>exit\r\r\n")
        #expect(bench.exitCode == 0)
    }

    @Test func controlCInABatchFileAsks() {
        for (answer, shown) in [("y", "Y\r\n"), ("n", "N\r\nafter\r\n")] {
            let bench = ShellBench(lines: ["echo off", "t > out.txt"])
            bench.file("C:\\T.BAT", "pause\r\necho after\r\n")
            bench.dos.keys = [3] + Array(answer.utf8)
            bench.run()
            // The redirection holds while the batch file runs and is undone behind it.
            let expected = "Press any key to continue . . .\r\nTerminate batch job (Y/N)?" + shown
            #expect(bench.text("C:\\OUT.TXT") == expected)
            #expect(bench.dos.openHandles == [0, 1, 2, 3, 4])
        }
    }

    @Test func aProgramEndedByControlCStopsTheBatchFile() {
        let bench = ShellBench(lines: ["echo off", "t", "echo next"])
        bench.file("C:\\T.BAT", "p\r\necho no\r\n")
        bench.file("C:\\P.COM", "")
        bench.dos.programs["C:\\P.COM"] = .init(exitType: 1)
        bench.dos.keys = Array("Y".utf8)
        #expect(bench.run().hasPrefix("\r\nTerminate batch job (Y/N)?Y\r\n"))
    }

    @Test func controlCClosesTheFilesOfACommand() {
        let bench = ShellBench(ShellConfiguration())
        bench.file("C:\\A.TXT", "a")
        bench.dos.typed = ["type a.txt", "exit"]
        bench.start()
        while bench.dos.calls.last != 0x3F, bench.step() {}
        #expect(bench.dos.openHandles.count == 6)
        bench.cpu.bx = ShellBench.psp
        #expect(bench.shell.handle(CommandShell.Entry.breakKey.rawValue, in: bench.context) == .resume)
        while bench.step() {}
        #expect(bench.dos.openHandles == [0, 1, 2, 3, 4])
        #expect(bench.exitCode == 0)
    }

    @Test func criticalErrorsAreAskedAbout() {
        let bench = ShellBench()
        bench.start()
        // Drive B not ready while reading; all answers allowed.
        (bench.cpu.ax, bench.cpu.di, bench.cpu.bx) = (0x3801, 2, 0x7777)
        #expect(bench.shell.handle(CommandShell.Entry.criticalError.rawValue, in: bench.context) == .done)
        bench.dos.keys = Array("xr".utf8)
        var outcome = ServiceOutcome.done
        while outcome == .done {
            outcome = bench.shell.handle(CommandShell.Entry.criticalLoop.rawValue, in: bench.context)
            if outcome == .done { _ = bench.dos.interrupt(bench.cpu) }
        }
        #expect(bench.dos.console == "\r\nNot ready reading drive B\r\nAbort, Retry, Ignore, Fail? r\r\n")
        #expect(outcome == .resume)
        #expect(bench.cpu.al == 1)
        #expect(bench.cpu.codePointer == bench.shell.addresses.criticalReturn)
    }

    @Test func int2EhRunsALineForAProgram() {
        let bench = ShellBench(lines: ["p"])
        bench.file("C:\\P.COM", "")
        bench.start()
        while bench.dos.calls.last != 0x4B, bench.step() {}
        // The child runs now, and asks.
        let child = FarPointer(0x5000, 0x0100)
        bench.memory.writeBytes(child, [8] + "echo hey".dosText + [0x0D])
        (bench.cpu.ds, bench.cpu.si, bench.cpu.bx) = (child.segment, child.offset, 0x5000)
        let stack = FarPointer(0x5000, 0xFFF0)
        bench.cpu.stackPointer = stack
        bench.dos.psp = 0x5000
        bench.memory.writePointer(FarPointer(ShellBench.psp, 0x2E), FarPointer(0x1111, 0x2222))
        #expect(bench.shell.handle(CommandShell.Entry.execute.rawValue, in: bench.context) == .resume)
        #expect(bench.cpu.ss == ShellBench.psp)
        while bench.step() {}
        #expect(bench.dos.console.hasSuffix("hey\r\n"))
        #expect(bench.dos.psp == 0x5000)
        #expect(bench.cpu.stackPointer == stack)
        #expect(bench.cpu.codePointer == bench.shell.addresses.interruptReturn)
        #expect(bench.memory.readPointer(FarPointer(ShellBench.psp, 0x2E)) == FarPointer(0x1111, 0x2222))
        // The EXEC that was in progress comes back to where it was.
        bench.dos.psp = ShellBench.psp
        bench.cpu.ss = ShellBench.psp
        while bench.step() {}
        #expect(bench.exitCode == 0)
    }
}

@Suite struct ShellStateTests {
    private static let script = [
        "echo off", "set a=1", "t x y", "dir /s /on", "copy *.txt sub", "for %f in (*.txt) do type %f >> all",
        "echo q | more", "del *.txt", "ren all every",
    ]

    private func bench() -> ShellBench {
        let bench = ShellBench(lines: ShellStateTests.script)
        bench.file("C:\\T.BAT", ":l\r\nif \"%1\"==\"\" goto e\r\ncall u %1\r\nshift\r\ngoto l\r\n:e\r\n")
        bench.file("C:\\U.BAT", "echo u %1\r\n")
        bench.file("C:\\A.TXT", "aaa")
        bench.file("C:\\B.TXT", "bbb")
        bench.dos.directories.insert("C:\\SUB")
        return bench
    }

    @Test func everyTrapCanBeSavedAndGoneOnFromElsewhere() {
        let straight = bench()
        straight.run()
        let moved = bench()
        moved.start()
        repeat {
            // Each trap is handled by a shell that knows nothing but the saved bytes.
            let bytes = savedState(moved.shell)
            let next = ShellBench.makeShell(ShellConfiguration(), moved.memory)
            #expect(restore(next, from: bytes) == nil)
            #expect(savedState(next) == bytes)
            moved.shell = next
        } while moved.step()
        #expect(moved.dos.console == straight.dos.console)
        #expect(moved.dos.files == straight.dos.files)
        #expect(moved.traps == straight.traps)
        #expect(straight.text("C:\\EVERY") == "aaabbb")
    }

    @Test func longLinesFitIntoAState() {
        let long = String(repeating: "abc ", count: 2_000)
        let bench = ShellBench(lines: [
            "set x=\(long.prefix(800))", "t \(long)", "for %f in (\(long)) do echo %f | \(long)",
        ])
        bench.file("C:\\T.BAT", "echo %x%%x%%x%%1%2\r\n")
        bench.start()
        repeat {
            #expect(
                restore(ShellBench.makeShell(ShellConfiguration(), bench.memory), from: savedState(bench.shell)) == nil)
        } while bench.step()
        #expect(bench.exitCode == 0)
    }

    @Test func repeatedControlCDoesNotGrowTheState() {
        let bench = ShellBench(ShellConfiguration())
        bench.file("C:\\T.BAT", "pause\r\n")
        bench.dos.typed = ["t"]
        bench.start()
        while bench.dos.calls.last != 0x0A, bench.step() {}
        for _ in 0..<8 { _ = bench.step() }
        for _ in 0..<300 {
            // It comes at the first call that the shell makes after the last one.
            bench.cpu.bx = ShellBench.psp
            _ = bench.shell.handle(CommandShell.Entry.breakKey.rawValue, in: bench.context)
            _ = bench.shell.handle(CommandShell.Entry.loop.rawValue, in: bench.context)
        }
        #expect(bench.shell.processes.map(\.frames.count).allSatisfy { $0 < 10 })
        #expect(bench.shell.processes.count == 1)
    }

    @Test func damagedStatesAreRefusedWithoutHarm() {
        let bench = bench()
        bench.start()
        for _ in 0..<200 { _ = bench.step() }
        let bytes = savedState(bench.shell)
        for index in stride(from: 0, to: bytes.count, by: 3) {
            var damaged = bytes
            damaged[index] ^= 0xFF
            _ = restore(ShellBench.makeShell(ShellConfiguration(), bench.memory), from: damaged)
            _ = restore(ShellBench.makeShell(ShellConfiguration(), bench.memory), from: Array(bytes[..<index]))
        }
    }

    @Test func aProcessThatNobodyKnowsEnds() {
        let bench = ShellBench()
        bench.cpu.ss = 0x4321
        #expect(bench.shell.handle(CommandShell.Entry.loop.rawValue, in: bench.context) == .done)
        #expect(bench.cpu.ax == 0x4CFF)
    }

    @Test func randomLinesDoNoHarm() {
        // A small generator of its own, so that every run has the same lines.
        var seed: UInt64 = 0x1234_5678
        func random(_ count: Int) -> Int {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(seed >> 33) % count
        }
        let words =
            InternalCommand.allCases.map(\.rawValue).filter { $0 != "exit" && $0 != "pause" } + [
                "%", "%f", "%1", "(", ")", "*.*", "a.txt", "/p", "/s", "/b", "/o", "/a", "|", "<", ">", ">>", "\"", "+",
                "==", "not", "exist", "errorlevel", "in", "do", "con", "..", "\\", "c:", "/", "\u{1}", ",", ".", "t",
            ]
        for _ in 0..<150 {
            let lines = (0..<6).map { _ in
                (0..<(1 + random(6))).map { _ in words[random(words.count)] }.joined(
                    separator: random(3) == 0 ? "" : " ")
            }
            let bench = ShellBench(lines: lines)
            bench.file("C:\\A.TXT", "text")
            bench.file("C:\\T.BAT", lines.joined(separator: "\r\n"))
            bench.dos.typed = ["n", "", "n", "", "", "n", "", ""]
            bench.dos.keys = Array("nnnnnnnnnn    ".utf8)
            bench.start()
            var left = 3_000
            while left > 0, bench.step() { left -= 1 }
        }
    }
}
