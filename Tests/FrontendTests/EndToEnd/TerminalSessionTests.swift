import Automation
import Core
import Foundation
import Glibc
import Machine
import Testing

@testable import FrontendTerminal
@testable import Hosting

@Suite(.serialized) struct TerminalSessionTests {
    private func run(_ terminal: PseudoTerminal, _ program: [UInt8]? = nil) throws -> SessionEnd {
        setenv("TERM", "xterm", 1)
        let frontEnd = try TerminalFrontEnd(colors: "16", input: terminal.slave, output: terminal.slave)
        var options = Session.Options()
        options.pacing = Pacing(rule: .whileWaiting)
        options.hostTimeLimit = 20_000_000_000
        let session = Session(
            machine: try makeMachine(program), frontEnd: frontEnd, options: options,
            log: SessionLog(level: .warning) { _ in })
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

    @Test func theTerminalReportsItsMouseWhileAProgramUsesOne() throws {
        let terminal = try PseudoTerminal(columns: 80, rows: 25)
        // The click is told all at once, and must not be over before the program looks.
        terminal.type("\u{1B}[<0;11;6M\u{1B}[<0;11;6m", after: TerminalMouse.on)
        #expect(try run(terminal, TinyProgram.waitForClick) == .program(status: 10))
        let text = terminal.output(upTo: "\u{1B}[?1049l")
        let on = try #require(text.range(of: TerminalMouse.on))
        #expect(text[on.upperBound...].contains(TerminalMouse.off))
        #expect(!text[on.upperBound...].contains(TerminalMouse.on))
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
