import Core
import Testing
import X86

@testable import DOS

/// The shell on the real DOS and a real processor.
@Suite struct ShellMachineTests {
    /// MOV AX,4C05h; INT 21h
    private static let exitsWith5: [UInt8] = [0xB8, 0x05, 0x4C, 0xCD, 0x21]

    @Test func linesRunAndTheMachineEnds() throws {
        let machine = try ShellMachine(lines: ["echo Hello", "ver"])
        #expect(machine.run() == "Hello\r\n\r\nMS-DOS Version 5.00\r\n\r\n")
        #expect(machine.status == 0)
    }

    @Test func aProgramRunsWithItsTailAndItsExitCode() throws {
        // Writes its own command tail: MOV BL,[80h]; XOR BH,BH; MOV BYTE [BX+81h],'$'; MOV DX,81h; MOV AH,9; INT 21h;
        // then ends with 5.
        let program: [UInt8] =
            [
                0x8A, 0x1E, 0x80, 0x00, 0x30, 0xFF, 0xC6, 0x87, 0x81, 0x00, 0x24, 0xBA, 0x81, 0x00, 0xB4, 0x09, 0xCD,
                0x21,
            ]
            + ShellMachineTests.exitsWith5
        let machine = try ShellMachine(
            lines: ["prog one /two", "if errorlevel 5 echo five"], files: ["PROG.COM": program])
        #expect(machine.run() == " one /twofive\r\n")
        #expect(machine.status == 5)
    }

    @Test func aSecondInterpreterRunsALineAndGivesItsCodeBack() throws {
        let machine = try ShellMachine(
            lines: [
                "%comspec% /c echo wrong", "z:\\command /c prog", "if errorlevel 5 echo five", "command /c echo three",
            ],
            files: ["PROG.COM": ShellMachineTests.exitsWith5])
        #expect(machine.run() == "five\r\nthree\r\n")
        #expect(machine.errorText == "Bad command or file name\r\n")
    }

    @Test func batchFilesPipesAndTheSystemDriveWorkTogether() throws {
        let batch = "@echo off\r\nfor %%f in (*.txt) do type %%f >> all\r\ntype all | sort /r | find \"a\" > out\r\n"
        let machine = try ShellMachine(
            lines: ["t", "type out", "dir /b"],
            files: ["T.BAT": Array(batch.utf8), "1.TXT": Array("a1\r\nx\r\n".utf8), "2.TXT": Array("ba\r\n".utf8)])
        let shown = machine.run()
        #expect(shown.hasPrefix("ba\r\na1\r\n"))
        #expect(!shown.contains("TMP"))
        #expect(machine.text("OUT") == "ba\r\na1\r\n")
        #expect(machine.errorText == "")
    }

    @Test func thePromptReadsAPipeUpToItsEnd() throws {
        let machine = try ShellMachine(ShellConfiguration(), input: "echo one\r\nnothing\r\necho two\r\n")
        let shown = machine.run()
        #expect(shown == "C:\\>echo one\r\none\r\n\r\nC:\\>nothing\r\n\r\nC:\\>echo two\r\ntwo\r\n\r\nC:\\>\r\n")
        #expect(machine.errorText == "Bad command or file name\r\n")
        #expect(machine.status == 0)
    }

    @Test func filesAreCopiedRenamedListedAndDeleted() throws {
        let machine = try ShellMachine(
            lines: [
                "md sub", "copy a.txt sub\\b.txt", "cd sub", "ren b.txt c.txt", "dir", "del c.txt", "cd ..", "rd sub",
                "dir /b", "vol", "attrib",
            ], files: ["A.TXT": Array("content".utf8)])
        let shown = machine.run()
        #expect(shown.contains("        1 file(s) copied\r\n"))
        #expect(shown.contains(" Directory of C:\\SUB\r\n"))
        #expect(shown.contains("C        TXT         7 01-02-90  12:00a\r\n"))
        #expect(shown.contains("A.TXT\r\n"))
        #expect(machine.errorText == "")
    }

    @Test func aProgramThatUsesInt2EhHasItsLineExecuted() throws {
        // MOV SI,110h; INT 2Eh; MOV AX,4C00h; INT 21h, then the line at 110h.
        var program: [UInt8] = [0xBE, 0x10, 0x01, 0xCD, 0x2E, 0xB8, 0x00, 0x4C, 0xCD, 0x21]
        program += [UInt8](repeating: 0, count: 16 - program.count)
        program += [13] + Array("echo from 2Eh".utf8) + [0x0D]
        let machine = try ShellMachine(lines: ["p", "echo after"], files: ["P.COM": program])
        #expect(machine.run() == "from 2Eh\r\nafter\r\n")
        #expect(machine.status == 0)
    }

    @Test func controlCAtTheKeyboardReachesTheShell() throws {
        // A program that waits for a key with AH=08h: MOV AH,8; INT 21h; MOV AX,4C00h; INT 21h
        let waits: [UInt8] = [0xB4, 0x08, 0xCD, 0x21, 0xB8, 0x00, 0x4C, 0xCD, 0x21]
        let files = ["T.BAT": Array("@echo off\r\npause\r\necho no\r\n".utf8), "W.COM": waits]
        let keys = "t\r\u{3}ydir\u{3}w\r\u{3}echo ok\rexit\r"
        let machine = try ShellMachine(ShellConfiguration(), files: files, keys: keys)
        let shown = machine.run()
        #expect(shown.contains("Press any key to continue . . .^C\r\n\r\nTerminate batch job (Y/N)?Y\r\n"))
        #expect(shown.contains("C:\\>dir^C\r\n"))
        #expect(shown.contains("\r\nok\r\n"))
        #expect(!shown.contains("no"))
        #expect(machine.status == 0)
    }

    @Test func nestedInterpretersGiveTheirMemoryBack() throws {
        let machine = try ShellMachine(
            lines: ["mem > 1", "command /c command /c command /c echo deep", "mem > 2"])
        #expect(machine.run() == "deep\r\n")
        #expect(machine.text("1") == machine.text("2"))
        #expect(machine.text("1")?.contains("largest executable program size") == true)
    }

    @Test func theProgramOfTheSessionIsFoundOrNot() throws {
        let start: (String) -> ShellConfiguration = {
            ShellConfiguration(startup: [.program(path: $0.dosText, tail: [])], isInteractive: false)
        }
        let files = [
            "P.COM": ShellMachineTests.exitsWith5, "BAD.EXE": Array("MZ".utf8) + [UInt8](repeating: 0xFF, count: 30),
        ]
        for (path, status) in [("C:\\P.COM", UInt8(5)), ("C:\\NO.EXE", 127), ("C:\\BAD.EXE", 126)] {
            let machine = try ShellMachine(start(path), files: files)
            machine.run()
            #expect(machine.status == status, "\(path)")
        }
    }
}
