import Core
import Testing

@testable import Automation

/// A machine whose screen shows texts at given times, and which remembers its keys.
private final class FakeStage: ScriptStage {
    var now = Tick.zero
    var texts: [(time: Tick, text: String)] = []
    var hasKeyboardRoom = true
    var isGraphics = false
    var keys: [(time: Tick, event: InputEvent)] = []

    var isPictureWatched = false
    var frameEnd: Tick { now + Tick.milliseconds(20) }
    func frame() -> Frame? { nil }
    func still() -> Frame? { nil }

    func pushInput(_ event: InputEvent) { keys.append((now, event)) }

    func textScreen() -> TextScreen? {
        guard !isGraphics else { return nil }
        var cells = [TextScreen.Cell](repeating: .init(character: 0, attribute: 7), count: 80 * 25)
        let text = texts.last { $0.time <= now }?.text ?? ""
        for (index, byte) in (CodePage.cp437.bytes(text) ?? []).enumerated() { cells[index].character = byte }
        return TextScreen(columns: 80, rows: 25, cells: cells, time: now)
    }
}

@Suite struct ScriptPlayerTests {

    /// Plays a script to its end, or for two minutes.
    private func play(_ text: String, on stage: FakeStage, written: ((String, String) -> String?)? = nil) throws
        -> ScriptPlayer
    {
        let player = ScriptPlayer(try Script(text, name: "s.txt")) { written?($0, $1) }
        while let next = player.nextTime, next < .seconds(120) {
            stage.now = max(stage.now, next)
            player.act(on: stage)
        }
        return player
    }

    @Test func waitTextGoesOnWhenTheTextIsThere() throws {
        let stage = FakeStage()
        stage.texts = [(.milliseconds(1_234), "C:\\>")]
        let player = try play("wait-text \"C:\\>\"\npress a", on: stage)
        #expect(player.status == .finished)
        #expect(stage.keys.first?.time == .milliseconds(1_240))
        #expect(stage.keys.map(\.event) == [.key(0x1E, isDown: true), .key(0x1E, isDown: false)])
    }

    @Test func waitTextFailsAtItsLimit() throws {
        let stage = FakeStage()
        let player = try play("wait 1s\nwait-text \"READY\" within 2s\nexit", on: stage)
        #expect(stage.now == .seconds(3))
        #expect(
            player.status
                == .failed(
                    ScriptError(file: "s.txt", line: 2, message: "wait-text \"READY\" within 2s: not shown within 2s")))
    }

    @Test func expectTextFailsAtOnce() throws {
        let stage = FakeStage()
        stage.texts = [(.zero, "Volume in drive C")]
        #expect(try play("expect-text \"Volume\"\nexit", on: stage).status == .exited)
        let failed = try play("expect-text \"volume\"", on: stage)
        #expect(
            failed.status
                == .failed(
                    ScriptError(file: "s.txt", line: 1, message: "expect-text \"volume\": the screen does not show it"))
        )
        stage.isGraphics = true
        guard case .failed(let error) = try play("expect-text \"V\"", on: stage).status else {
            Issue.record("a graphics mode has no text")
            return
        }
        #expect(error.message.contains("not in a text mode"))
    }

    @Test func typingTakesEmulatedTimeAndHoldingTakesLonger() throws {
        let stage = FakeStage()
        _ = try play("type \"ab\"\nhold space 500ms", on: stage)
        #expect(stage.keys.map { Int($0.time.count / 2_520_000) } == [0, 10, 20, 30, 40, 540])
    }

    @Test func screenTextIsWritten() throws {
        let stage = FakeStage()
        stage.texts = [(.zero, "\u{2554}\u{2550} caf\u{E9}")]
        var files: [String: String] = [:]
        let player = try play("screen-text a.txt", on: stage) {
            files[$0] = $1
            return nil
        }
        #expect(player.status == .finished)
        #expect(files["a.txt"] == "\u{2554}\u{2550} caf\u{E9}" + String(repeating: "\n", count: 25))
        let failed = try play("screen-text a.txt", on: stage) { path, _ in "\(path): no space" }
        #expect(
            failed.status
                == .failed(
                    ScriptError(file: "s.txt", line: 1, message: "screen-text a.txt: a.txt: no space")))
    }

    @Test func theRestOfAScriptIsPlayedOnTheLastScreen() throws {
        let stage = FakeStage()
        stage.texts = [(.zero, "done")]
        func finish(_ text: String) throws -> ScriptPlayer.Status {
            let player = ScriptPlayer(try Script(text, name: "s")) { _, _ in nil }
            player.finish(on: stage)
            return player.status
        }
        #expect(try finish("wait 5s\nwait-text \"done\"\nexpect-text \"one\"") == .finished)
        #expect(try finish("wait-text \"done\"\nexit") == .exited)
        #expect(
            try finish("wait-text \"never\"")
                == .failed(
                    ScriptError(
                        file: "s", line: 1, message: "wait-text \"never\": the program ended without showing it")))
        #expect(
            try finish("type \"x\"")
                == .failed(
                    ScriptError(file: "s", line: 1, message: "type \"x\": the program has ended")))
    }

    @Test func theLastKeyOfAStepMayEndTheProgram() throws {
        func type(_ text: String, until time: Tick) throws -> ScriptPlayer.Status {
            let stage = FakeStage()
            let player = ScriptPlayer(try Script("type \"\(text)\"\nexit", name: "s")) { _, _ in nil }
            while let next = player.nextTime, next <= time {
                stage.now = max(stage.now, next)
                player.act(on: stage)
            }
            player.finish(on: stage)
            return player.status
        }
        #expect(try type("{enter}", until: .milliseconds(1)) == .exited)
        let error = ScriptError(file: "s", line: 1, message: "type \"a{enter}\": the program has ended")
        #expect(try type("a{enter}", until: .milliseconds(1)) == .failed(error))
    }

    @Test func aTextIsFoundAcrossTheEndOfARow() {
        let stage = FakeStage()
        stage.texts = [(.zero, String(repeating: ".", count: 78) + "wrapped text")]
        #expect(stage.textScreen()?.contains(Array("wrapped text".utf8)) == true)
        #expect(stage.textScreen()?.contains(Array("wrapped  text".utf8)) == false)
        // Unwritten cells are blanks.
        #expect(stage.textScreen()?.contains(Array("text   ".utf8)) == true)
        #expect(stage.textScreen()?.contains([UInt8](repeating: 0x20, count: 3_000)) == false)
    }
}
