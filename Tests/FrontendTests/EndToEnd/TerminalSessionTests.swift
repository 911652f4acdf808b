import Automation
import Core
import Dispatch
import Glibc
import Machine
import Synchronization
import Testing

@testable import FrontendTerminal
@testable import Hosting

/// A pseudo-terminal whose other side is read all the time.
private final class PseudoTerminal: Sendable {
    let master: Int32
    let slave: Int32
    private let bytes = Mutex<[UInt8]>([])

    init(columns: UInt16, rows: UInt16) throws {
        // The calls of posix_openpt(3) are not in the Glibc module; these are what they do (see pts(4)).
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var (unlocked, number): (Int32, UInt32) = (0, 0)
        try #require(ioctl(master, 0x4004_5431, &unlocked) == 0 && ioctl(master, 0x8004_5430, &number) == 0)
        slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        try #require(slave >= 0)
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(slave, UInt(TIOCSWINSZ), &size)
        DispatchQueue.global().async { [self] in
            var buffer = [UInt8](repeating: 0, count: 4_096)
            while case let count = read(master, &buffer, buffer.count), count > 0 {
                bytes.withLock { $0 += buffer[..<count] }
            }
        }
    }

    var settings: termios {
        var settings = termios()
        tcgetattr(slave, &settings)
        return settings
    }

    /// What has been shown, up to and with `ending`, for which it waits at most ten seconds.
    func output(upTo ending: String) -> String {
        for _ in 0..<1_000 {
            let text = String(decoding: bytes.withLock { $0 }, as: UTF8.self)
            if text.contains(ending) { return text }
            usleep(10_000)
        }
        return String(decoding: bytes.withLock { $0 }, as: UTF8.self)
    }

    /// Types when the prompt is there, as a person does.
    func typeAtPrompt(_ text: String) {
        DispatchQueue.global().async { [self] in
            _ = output(upTo: "C:\\>")
            _ = HostFile.writeAll(Array(text.utf8), to: master)
        }
    }
}

@Suite(.serialized) struct TerminalSessionTests {
    private func run(_ terminal: PseudoTerminal) throws -> SessionEnd {
        setenv("TERM", "xterm", 1)
        let frontEnd = try TerminalFrontEnd(colors: "16", input: terminal.slave, output: terminal.slave)
        var options = Session.Options()
        options.pacing = Pacing(rule: .whileWaiting)
        options.hostTimeLimit = 20_000_000_000
        let session = Session(
            machine: try makeMachine(), frontEnd: frontEnd, options: options, log: SessionLog(level: .warning) { _ in })
        return try session.run()
    }

    @Test func aPersonTypesAndSeesAndTheTerminalIsGivenBack() throws {
        let terminal = try PseudoTerminal(columns: 80, rows: 25)
        let before = terminal.settings
        terminal.typeAtPrompt("\u{1B}[200~echo pasted \u{E9}\u{1B}[201~\recho t\u{1B}[D\u{1B}[3~yped\rexit\r")
        #expect(try run(terminal) == .program(status: 0))
        let text = terminal.output(upTo: "\u{1B}[?1049l")
        #expect(text.hasPrefix("\u{1B}[?1049h"))
        // How much of it is drawn at a time depends on the host; the whole is looked at below.
        #expect(text.contains("\u{E9}"))
        #expect(text.contains("\u{1B}[0;37;40m"))
        let after = terminal.settings
        #expect(after.c_lflag == before.c_lflag)
        #expect(after.c_iflag == before.c_iflag)
        #expect(after.c_oflag == before.c_oflag)
        // The last screen is left behind, in plain text.
        let rest = terminal.output(upTo: "C:\\>exit")
        #expect(rest.contains("\u{1B}[?1049lC:\\>echo pasted \u{E9}\r\npasted \u{E9}\r\n"))
    }

    @Test func controlAndBracketLeave() throws {
        let terminal = try PseudoTerminal(columns: 40, rows: 10)
        terminal.typeAtPrompt("\u{1D}")
        #expect(try run(terminal) == .quit)
        #expect(terminal.output(upTo: "\u{1B}[?1049l").contains("\u{1B}[?1049l"))
    }

    @Test func aTerminalThatCannotShowAScreenIsRefused() throws {
        let terminal = try PseudoTerminal(columns: 80, rows: 25)
        setenv("TERM", "dumb", 1)
        defer { setenv("TERM", "xterm", 1) }
        #expect(throws: HostingError("the terminal (TERM=dumb) cannot show a screen; use --display stdio")) {
            try TerminalFrontEnd(colors: "auto", input: terminal.slave, output: terminal.slave)
        }
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { ends.forEach { close($0) } }
        #expect(throws: HostingError.self) { try TerminalFrontEnd(colors: "auto", input: ends[0], output: ends[1]) }
    }
}
