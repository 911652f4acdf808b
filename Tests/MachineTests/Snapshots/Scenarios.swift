import Core
import Machine

/// The runs in whose middle machines are saved.
extension Scenario {
    static let all: [Scenario] = [
        .keys, .search, .controlBlocks, .children, .prompt, .batch, .filter, .pipes, .hooks, .criticalError,
        .controlBreak, .typedAhead, .polling, .sound, .hooks.onExactEngine, .keys.onExactEngine, .batch.onExactEngine,
    ]

    /// The same on an XT whose processor runs clock by clock.
    var onExactEngine: Scenario {
        var scenario = self
        scenario.name += ", exact"
        scenario.profile = .xt
        scenario.profile.engine = .exact
        return scenario
    }

    /// Loudspeaker, FM and DMA of a Sound Blaster 16, beside a Disney Sound Source.
    static let sound: Scenario = {
        var scenario = Scenario("sound") { a in
            a.speakerTone(divisor: 2_000)
            a.fmTone()
            a.dmaTone()
            a.mov(.cx, 12)
            a.label("wait")
            a.code(0xF4)
            a.jump(0xE2, "wait")
            a.exit(0)
            a.waveData()
        }
        (scenario.profile.sound.card, scenario.profile.sound.parallel) = (.sb16, .disney)
        return scenario
    }()

    /// Waits for keys by AH=01h, 0Ah, 3Fh, 08h, 07h and INT 16h, and shows what it got.
    static let keys: Scenario = {
        var scenario = Scenario("keys") { a in
            a.dos(0x01)
            a.dos(0x0A, "line")
            a.dos(0x09, "crlf")
            // Read 100 bytes from CON, write them to standard output and a file.
            a.mov(.bx, 0)
            a.mov(.cx, 100)
            a.dos(0x3F, "buffer")
            a.code(0x89, 0xC1)  // mov cx,ax
            a.mov(.bx, 1)
            a.dos(0x40, "buffer")
            a.code(0x51)  // push cx
            a.mov(.cx, 0)
            a.dos(0x3C, "name")
            a.code(0x89, 0xC3, 0x59)  // mov bx,ax; pop cx
            a.dos(0x40, "buffer")
            a.dos(0x08)
            a.code(0x88, 0xC2)  // mov dl,al
            a.dos(0x02)
            a.mov(.ax, 0x0C07)
            a.interrupt(0x21)
            a.movAH(0)
            a.interrupt(0x16)
            a.code(0x88, 0xC2)
            a.dos(0x06)
            a.exit(3)
            a.data("line", [20, 0])
            a.space("lineText", 22)
            a.text("crlf", "\r\n$")
            a.text("name", "KEYS.TXT\0")
            a.space("buffer", 100)
        }
        scenario.types("a", at: .milliseconds(300))
        scenario.types("hello\u{8}p\n", at: .milliseconds(500))
        scenario.types("a line for con\n", at: .milliseconds(1_500))
        scenario.types("xy", at: .milliseconds(2_600))
        scenario.types("z", at: .milliseconds(3_000))
        return scenario
    }()

    /// Deletes and makes files while it searches; one search inside another.
    static let search: Scenario = {
        var scenario = Scenario("search") { a in
            a.dos(0x1A, "dta1")
            a.mov(.cx, 0)
            a.dos(0x4E, "pattern")
            a.jump(0x72, "end")
            a.label("next")
            a.dos(0x41, "dta1Name")
            a.mov(.cx, 0)
            a.dos(0x3C, "new")
            a.code(0x89, 0xC3)
            a.dos(0x3E)
            a.dos(0x1A, "dta2")
            a.mov(.cx, 0x16)
            a.dos(0x4E, "all")
            a.code(0x31, 0xED)  // xor bp,bp
            a.label("inner")
            a.jump(0x72, "shown")
            a.code(0x45)  // inc bp
            a.dos(0x4F)
            a.jump(0xEB, "inner")
            a.label("shown")
            // The count as a character, then a delay.
            a.code(0x89, 0xEA, 0x80, 0xC2, 0x20)  // mov dx,bp; add dl,20h
            a.dos(0x02)
            a.mov(.cx, 2_000)
            a.label("delay")
            a.jump(0xE2, "delay")
            a.code(0xFE, 0x06)  // inc byte [newLetter]
            a.word("newLetter")
            a.dos(0x1A, "dta1")
            a.dos(0x4F)
            a.jump(0x73, "next")
            a.label("end")
            a.exit(0)
            a.text("pattern", "*.TXT\0")
            a.text("all", "*.*\0")
            a.label("new")
            a.text("newHead", "NEW")
            a.text("newLetter", "A.DAT\0")
            a.space("dta1", 0x1E)
            a.space("dta1Name", 13)
            a.space("dta2", 43)
        }
        for index in 0..<24 { scenario.files["FILE\(index).TXT"] = [UInt8](repeating: 0x41, count: index * 100) }
        scenario.files["OTHER.DOC"] = [1]
        return scenario
    }()

    /// Makes, writes, searches, reads and closes a file by control blocks.
    static let controlBlocks: Scenario = {
        Scenario("controlBlocks") { a in
            a.dos(0x16, "fcb")
            a.dos(0x1A, "record")
            a.mov(.cx, 40)
            a.label("write")
            a.code(0x51)
            a.code(0xFE, 0x06)  // inc byte [record]
            a.word("record")
            a.dos(0x15, "fcb")
            a.dos(0x1A, "dta")
            a.dos(0x11, "wild")
            a.dos(0x12, "wild")
            a.code(0x8A, 0x16)  // mov dl,[dta+1]
            a.word("dtaName")
            a.dos(0x02)
            a.dos(0x1A, "record")
            a.code(0x59)
            a.jump(0xE2, "write")
            a.dos(0x10, "fcb")
            a.dos(0x0F, "fcb")
            a.label("read")
            a.dos(0x14, "fcb")
            a.code(0x08, 0xC0)  // or al,al
            a.jump(0x75, "done")
            a.code(0x8A, 0x16)
            a.word("record")
            a.code(0x80, 0xC2, 0x20)
            a.dos(0x02)
            a.jump(0xEB, "read")
            a.label("done")
            a.exit(1)
            a.data("fcb", [0] + Array("FCB     DAT".utf8) + [UInt8](repeating: 0, count: 25))
            a.data("wild", [0] + Array("????????COM".utf8) + [UInt8](repeating: 0, count: 25))
            a.space("record", 128)
            a.space("dta", 1)
            a.space("dtaName", 60)
        }
    }()

    /// Runs a child twice and then the command interpreter; shows their return codes.
    static let children: Scenario = {
        var scenario = Scenario("children") { a in
            a.mov(.bx, 0x0100)
            a.dos(0x4A)
            a.mov(.sp, 0x0FFE)
            a.mov(.cx, 2)
            a.label("again")
            a.code(0x51)
            a.code(0x8C, 0x0E)  // mov [segment],cs
            a.word("tailSegment")
            a.mov(.bx, "block")
            a.mov(.ax, 0x4B00)
            a.mov(.dx, "name")
            a.interrupt(0x21)
            a.dos(0x4D)
            a.code(0x88, 0xC2)
            a.dos(0x02)
            a.code(0x59)
            a.jump(0xE2, "again")
            a.mov(.bx, "block")
            a.mov(.dx, "shell")
            a.mov(.ax, "shellTail")
            a.code(0xA3)  // mov [tail],ax
            a.word("tailOffset")
            a.mov(.ax, 0x4B00)
            a.interrupt(0x21)
            a.dos(0x4D)
            a.code(0x88, 0xC2, 0x80, 0xC2, 0x30)
            a.dos(0x02)
            a.exit(9)
            a.text("name", "C:\\CHILD.COM\0")
            a.text("shell", "Z:\\COMMAND.COM\0")
            a.data("shellTail", [14] + Array(" /C ECHO inside\r".utf8))
            a.label("block")
            a.code(0, 0)
            a.label("tailOffset")
            a.word("tail")
            a.label("tailSegment")
            a.code(0, 0)
            a.space("fcbs", 8)
            a.data("tail", [2] + Array(" x\r".utf8))
        }
        scenario.files["CHILD.COM"] = Assembly { a in
            a.mov(.bx, 60)
            a.label("outer")
            a.mov(.cx, 3_000)
            a.label("inner")
            a.jump(0xE2, "inner")
            a.code(0x4B)  // dec bx
            a.jump(0x75, "outer")
            a.dos(0x09, "text")
            a.dos(0x08)
            a.mov(.ax, 0x4C41)
            a.interrupt(0x21)
            a.text("text", "child$")
        }.assembled()
        scenario.types("k", at: .milliseconds(400))
        scenario.types("l", at: .milliseconds(900))
        return scenario
    }()

    /// The command interpreter at its prompt.
    static let prompt: Scenario = {
        var scenario = Scenario("prompt")
        scenario.isInteractive = true
        scenario.files = ["ONE.TXT": Array("one\r\n".utf8), "TWO.TXT": Array("two\r\n".utf8), "SUB\\X.TXT": []]
        scenario.types("dir\ncopy *.txt sub\ndel one.txt\nren two.txt six.txt\ntype six.txt\n", at: .milliseconds(200))
        scenario.types("for %f in (*.*) do echo %f\nexit\n", at: .milliseconds(4_500))
        return scenario
    }()

    /// A batch file with a pause in a called batch file.
    static let batch: Scenario = {
        var scenario = Scenario("batch")
        let main =
            "@echo off\r\nset n=%1\r\ncall sub.bat %n% b\r\nfor %%f in (*.txt) do echo f:%%f\r\n"
            + "if exist one.txt goto end\r\necho no\r\n:end\r\necho end %0\r\n"
        scenario.files = [
            "MAIN.BAT": Array(main.utf8), "SUB.BAT": Array("echo %1-%2\r\npause\r\nshift\r\necho %1\r\n".utf8),
            "ONE.TXT": [], "TWO.TXT": [],
        ]
        scenario.startup = [.program(path: Array("C:\\MAIN.BAT".utf8), tail: Array(" first".utf8))]
        scenario.types(" ", at: .milliseconds(700))
        return scenario
    }()

    /// SORT between the host's streams, its input in pieces.
    static let filter: Scenario = {
        var scenario = Scenario("filter")
        scenario.startup = [.line(Array("SORT".utf8))]
        scenario.standardInput = (0..<12).map { Array("line \(($0 * 7) % 12)\r\n".utf8) }
        return scenario
    }()

    static let pipes: Scenario = {
        var scenario = Scenario("pipes")
        let lines = [
            "DIR /B | SORT /R | FIND \".\" > OUT.LST", "TYPE OUT.LST", "ECHO more>> OUT.LST", "MORE < OUT.LST",
        ]
        scenario.startup = lines.map { .line(Array($0.utf8)) }
        for name in ["B.B", "A.A", "D.D", "C.C"] { scenario.files[name] = Array(name.utf8) }
        scenario.standardInput = []
        return scenario
    }()

    /// Hooks the timer, programs it to run faster, counts while it moves strings and traces itself by single steps.
    static let hooks: Scenario = {
        Scenario("hooks") { a in
            a.mov(.ax, 0x251C)
            a.mov(.dx, "tick")
            a.interrupt(0x21)
            a.mov(.ax, 0x2501)
            a.mov(.dx, "step")
            a.interrupt(0x21)
            a.code(0xB0, 0x34, 0xE6, 0x43, 0xB0, 0x00, 0xE6, 0x40, 0xB0, 0x10, 0xE6, 0x40)  // timer at 291 Hz
            a.mov(.bx, 90)
            a.label("loop")
            a.mov(.si, 0x1000)
            a.mov(.di, 0x3001)
            a.mov(.cx, 0x1000)
            a.code(0xFC, 0xF3, 0xA5)  // cld; rep movsw
            a.mov(.di, 0x3000)
            a.mov(.cx, 0x0800)
            a.code(0x31, 0xC0, 0xF3, 0xAF)  // xor ax,ax; rep scasw
            a.code(0x9C, 0x58, 0x80, 0xCC, 0x01, 0x50, 0x9D)  // pushf; pop ax; or ah,1; push ax; popf
            a.code(0x40, 0x8C, 0xD0, 0x8E, 0xD0, 0x40)  // inc ax; mov ax,ss; mov ss,ax; inc ax
            a.code(0x9C, 0x58, 0x80, 0xE4, 0xFE, 0x50, 0x9D)  // pushf; pop ax; and ah,FEh; push ax; popf
            a.code(0x4B)
            a.jump(0x75, "loop")
            a.code(0x8A, 0x16)
            a.word("ticks")
            a.dos(0x02)
            a.code(0xB0, 0x34, 0xE6, 0x43, 0xB0, 0x00, 0xE6, 0x40, 0xE6, 0x40)
            a.exit(0)
            a.label("tick")
            a.code(0x2E, 0xFE, 0x06)  // inc byte cs:[ticks]
            a.word("ticks")
            a.code(0xCF)
            a.label("step")
            a.code(0x2E, 0xFF, 0x06)  // inc word cs:[steps]
            a.word("steps")
            a.code(0xCF)
            a.space("ticks", 1)
            a.space("steps", 2)
        }
    }()

    /// Writing to a protected drive: the question of the critical error handler waits for keys.
    static let criticalError: Scenario = {
        var scenario = Scenario("criticalError")
        scenario.hasProtectedDrive = true
        scenario.isInteractive = true
        scenario.types("echo x>d:new.txt\n", at: .milliseconds(200))
        scenario.types("r", at: .milliseconds(1_600))
        scenario.types("f", at: .milliseconds(1_900))
        scenario.types("del d:old.txt\n", at: .milliseconds(2_200))
        scenario.types("a", at: .milliseconds(3_500))
        scenario.types("echo over\nexit\n", at: .milliseconds(4_000))
        return scenario
    }()

    /// Ctrl-C while a program reads a line.
    static let controlBreak: Scenario = {
        var scenario = Scenario("controlBreak") { a in
            a.mov(.ax, 0x2523)
            a.mov(.dx, "handler")
            a.interrupt(0x21)
            a.dos(0x0A, "line")
            a.exit(5)
            a.label("handler")
            a.code(0x50, 0x52)
            a.dos(0x09, "text")
            a.code(0x5A, 0x58, 0x0E, 0x1F, 0xCF)  // pop dx; pop ax; push cs; pop ds; iret
            a.data("line", [20, 0])
            a.space("lineText", 22)
            a.text("text", "[break]$")
        }
        scenario.types("ab\u{3}cd\n", at: .milliseconds(300))
        return scenario
    }()

    /// Keys that come while the program computes.
    static let typedAhead: Scenario = {
        var scenario = Scenario("typedAhead") { a in
            a.mov(.bx, 300)
            a.label("outer")
            a.mov(.cx, 5_000)
            a.label("inner")
            a.jump(0xE2, "inner")
            a.code(0x4B)
            a.jump(0x75, "outer")
            a.mov(.bx, 8)
            a.label("read")
            a.dos(0x01)
            a.code(0x4B)
            a.jump(0x75, "read")
            a.exit(0)
        }
        scenario.types("abcdefgh", at: .milliseconds(300))
        return scenario
    }()

    /// Polls the keyboard by each of the status calls until keys come.
    static let polling: Scenario = {
        var scenario = Scenario("polling") { a in
            a.label("bios")
            a.movAH(1)
            a.interrupt(0x16)
            a.jump(0x74, "bios")
            a.movAH(0)
            a.interrupt(0x16)
            a.label("direct")
            a.mov(.dx, 0x00FF)
            a.dos(0x06)
            a.jump(0x74, "direct")
            a.label("status")
            a.dos(0x0B)
            a.code(0x08, 0xC0)
            a.jump(0x74, "status")
            a.dos(0x08)
            a.exit(0)
        }
        scenario.types("abc", at: .milliseconds(500))
        return scenario
    }()
}
