import Automation
import Core
import FrontendStdio
import Glibc
import Machine
import Testing

@testable import Hosting

/// Whole machines behind the stream front end and scripts.
@Suite struct StdioSessionTests {
    /// Runs a program as a filter; its output, and how it ended.
    private func filter(
        _ program: [UInt8], input: [UInt8], isOutputClosed: Bool = false, timeLimit: Tick? = nil
    ) throws -> (end: SessionEnd, output: [UInt8]) {
        signal(SIGPIPE, SIG_IGN)
        var (inner, outer): ([Int32], [Int32]) = ([0, 0], [0, 0])
        try #require(pipe(&inner) == 0 && pipe(&outer) == 0)
        #expect(HostFile.writeAll(input, to: inner[1]) == nil)
        close(inner[1])
        if isOutputClosed { close(outer[0]) }
        var options = Session.Options()
        options.pacing = Pacing(rule: .never)
        options.timeLimit = timeLimit
        let frontEnd = StdioFrontEnd(input: inner[0], output: outer[1], error: outer[1])
        let session = Session(
            machine: try makeMachine(program), frontEnd: frontEnd, options: options,
            log: SessionLog(level: .warning) { _ in })
        let end = try session.run()
        close(inner[0])
        close(outer[1])
        guard !isOutputClosed else { return (end, []) }
        defer { close(outer[0]) }
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while case let count = read(outer[0], &buffer, buffer.count), count > 0 { output += buffer[..<count] }
        return (end, output)
    }

    @Test func aProgramIsAFilter() throws {
        let text = Array("héllo\nwörld ░▒▓\nno line end".utf8)
        let (end, output) = try filter(TinyProgram.copy, input: text)
        #expect(end == .program(status: 5))
        #expect(output == text)
    }

    @Test func emptyInputIsTheEndAtOnce() throws {
        let (end, output) = try filter(TinyProgram.copy, input: [])
        #expect(end == .program(status: 5))
        #expect(output.isEmpty)
    }

    @Test func aWaitForAKeyAfterTheEndIsExplained() throws {
        let machine = try makeMachine(TinyProgram.waitForKeys)
        machine.streams.attach(Silence())
        machine.streams.supply([0x41])
        machine.streams.end()
        var lines: [String] = []
        var options = Session.Options()
        options.pacing = Pacing(rule: .never)
        let session = Session(
            machine: machine, frontEnd: NoFrontEnd(), options: options,
            log: SessionLog(level: .warning) { lines.append($0) })
        #expect(try session.run() == .program(status: 1))
        #expect(lines == ["ochenta: the program waits for a key, and standard input has ended"])
    }

    @Test func aReaderThatLeavesEndsTheSession() throws {
        let (end, _) = try filter(TinyProgram.copy, input: [UInt8](repeating: 0x41, count: 2_000), isOutputClosed: true)
        #expect(end == .outputClosed)
    }

    @Test func outputThatCannotBeWrittenIsNotedWhateverTheProgramSays() throws {
        let full = open("/dev/full", O_WRONLY)
        try #require(full >= 0)
        defer { close(full) }
        var inner: [Int32] = [0, 0]
        try #require(pipe(&inner) == 0)
        #expect(HostFile.writeAll(Array("text".utf8), to: inner[1]) == nil)
        close(inner[1])
        defer { close(inner[0]) }
        var options = Session.Options()
        options.pacing = Pacing(rule: .never)
        let frontEnd = StdioFrontEnd(input: inner[0], output: full, error: full)
        let session = Session(
            machine: try makeMachine(TinyProgram.copy), frontEnd: frontEnd, options: options,
            log: SessionLog(level: .warning) { _ in })
        _ = try session.run()
        #expect(frontEnd.outputFailure == "standard output: No space left on device")
    }

    @Test func aLoopIsEndedByTheLimitAndAHaltByItself() throws {
        #expect(try filter(TinyProgram.loop, input: [], timeLimit: .milliseconds(200)).end == .timeLimit)
        guard case .stopped(let reason) = try filter(TinyProgram.halt, input: []).end else {
            Issue.record("a machine that cannot go on stops")
            return
        }
        #expect(reason.contains("interrupts off"))
    }

    private static let script = """
        wait-text "C:\\>"
        type "echo h\u{E9}llo>a.txt{enter}type a.txt{enter}"
        wait-text "h\u{E9}llo"
        type "xyz{esc}ver{enter}"
        wait-text "Version" within 5s
        press ctrl+c
        wait 1s
        """

    /// Plays the script on a new machine; the state it comes to.
    private func play(_ rule: Pacing.Rule) throws -> StateHash {
        let machine = try makeMachine()
        let player = ScriptPlayer(try Script(Self.script + "\nexit", name: "s")) { _, _ in nil }
        var options = Session.Options()
        options.pacing = Pacing(rule: rule)
        let session = Session(
            machine: machine, frontEnd: NoFrontEnd(), script: player, options: options,
            log: SessionLog(level: .warning) { _ in }, clock: EagerClock())
        #expect(try session.run() == .script)
        return machine.stateHash()
    }

    @Test func aScriptComesToTheSameStateAtAnyPace() throws {
        let hash = try play(.never)
        #expect(try play(.never) == hash)
        #expect(try play(.always) == hash)
        #expect(try play(.whileWaiting) == hash)
    }

    @Test func typedTextIsNotLostWhenTheProgramIsSlow() throws {
        let machine = try makeMachine()
        let line = "rem " + String(repeating: "0123456789", count: 10)
        let player = ScriptPlayer(
            try Script("type \"pause{enter}{enter}\(line){enter}\"\nwait-text \"\(line)\"\nexit", name: "s")
        ) { _, _ in nil }
        var options = Session.Options()
        options.pacing = Pacing(rule: .never)
        let session = Session(
            machine: machine, frontEnd: NoFrontEnd(), script: player, options: options,
            log: SessionLog(level: .warning) { _ in })
        #expect(try session.run() == .script)
    }
}

/// Takes output and drops it.
private final class Silence: StreamSink {
    func write(_ bytes: UnsafeRawBufferPointer, toError: Bool) {}
}
