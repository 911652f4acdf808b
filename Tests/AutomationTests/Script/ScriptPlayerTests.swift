import Core
import Fonts
import Machine
import Testing

@testable import Automation

/// A machine whose screen shows texts at given times, and which remembers its keys.
private final class FakeStage: ScriptStage {
    var now = Tick.zero
    var texts: [(time: Tick, text: String)] = []
    var hasKeyboardRoom = true
    var hasGamePort = true
    var soundVolumes = SoundVolumes()
    var isGraphics = false
    var keys: [(time: Tick, event: InputEvent)] = []

    var isPictureWatched = false
    /// Frames end every 20 ms; each has the number of its end as its colour, 320 by 2 pixels.
    var drawsPictures = false
    var frameEnd: Tick { Tick.milliseconds((now.count / Tick.milliseconds(20).count + 1) * 20) }
    var drawnFrame: Frame?
    func frame() -> Frame? { drawnFrame ?? picture(UInt32(now.count / Tick.milliseconds(20).count)) }
    func still() -> Frame? { stillPicture ?? picture(0xABCDEF) }
    var stillPicture: Frame?

    private func picture(_ color: UInt32) -> Frame? {
        guard drawsPictures else { return nil }
        return Frame(
            width: 320, height: 2, pixels: Array(repeating: color, count: 640), dotAspect: .init(5, 6), time: now)
    }

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

    @Test func theBorderIsNoPartOfPixelsAndText() throws {
        let stage = FakeStage()
        stage.isGraphics = true
        // A red dot and "READY." in a picture of 64 by 16, in a border of eight dots.
        var pixels = [UInt32](repeating: 0x0000AA, count: 80 * 32)
        for y in 8..<24 { for x in 8..<72 { pixels[y * 80 + x] = 0 } }
        for (column, code) in "READY.".utf8.enumerated() {
            for (y, bits) in Font.cp437x8.rows(of: code).enumerated() {
                for x in 8..<16 where bits << UInt8(x - 8) & 0x80 != 0 {
                    pixels[(8 + y) * 80 + column * 8 + x] = 0xAAAAAA
                }
            }
        }
        pixels[20 * 80 + 70] = 0xFF0000
        let frame = Frame(
            width: 80, height: 32, pixels: pixels, dotAspect: .init(1, 1),
            border: .init(left: 8, top: 8, right: 8, bottom: 8), time: .zero)
        stage.stillPicture = frame
        stage.drawnFrame = frame
        let status = try play("expect-text \"READY.\"\nexpect-pixel 62 12 #FF0000\nexit", on: stage).status
        #expect(status == .exited, "\(status)")
        let failed = try play("expect-pixel 64 0 #0000AA", on: stage)
        #expect("\(failed.status)".contains("the picture has 64 by 16 pixels"))
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

    /// Plays a script with pictures; what was written, and what was printed.
    private func playPictures(_ text: String, on stage: FakeStage) throws
        -> (status: ScriptPlayer.Status, files: [(String, UInt32, PictureForm?)], lines: [String])
    {
        var files: [(String, UInt32, PictureForm?)] = []
        var lines: [String] = []
        let player = ScriptPlayer(
            try Script(text, name: "s"), writeFile: { _, _ in nil },
            writePicture: { path, frame, form in
                files.append((path, frame.pixels[0], form))
                return path == "bad.png" ? "bad.png: no space" : nil
            }, print: { lines.append($0) })
        while let next = player.nextTime, next < .seconds(120) {
            stage.now = max(stage.now, next)
            player.act(on: stage)
        }
        player.finish(on: stage)
        return (player.status, files, lines)
    }

    @Test func aPictureIsTheFirstFrameThatBeginsAfterTheStep() throws {
        let stage = FakeStage()
        stage.drawsPictures = true
        // At 50 ms the third frame is being drawn; the fourth begins at 60 ms and ends at 80 ms.
        let result = try playPictures("wait 50ms\nscreenshot a.png\nexpect-pixel 319 1 #000004\nexit", on: stage)
        #expect(result.status == .exited)
        #expect(result.files.map(\.1) == [4])
        #expect(stage.now == .milliseconds(80))
        #expect(stage.isPictureWatched)
    }

    @Test func framesAreHashedAndFormsAreSaid() throws {
        let stage = FakeStage()
        stage.drawsPictures = true
        let result = try playPictures(
            "screenshot a.png square\nhash-frame\nwait 1s\nscreenshot \"b c.png\" raw\nhash-frame", on: stage)
        #expect(result.files.map(\.2) == [.square, .raw])
        #expect(result.files.map(\.0) == ["a.png", "b c.png"])
        #expect(result.lines.count == 2 && result.lines.allSatisfy { $0.hasPrefix("frame 320x2 ") })
        #expect(result.lines[0] != result.lines[1])
    }

    @Test(arguments: [
        ("expect-pixel 0 0 #FF0000", "expect-pixel 0 0 #FF0000: the pixel is #000002"),
        ("expect-pixel 320 0 #FF0000", "expect-pixel 320 0 #FF0000: the picture has 320 by 2 pixels"),
        ("screenshot bad.png", "screenshot bad.png: bad.png: no space"),
    ])
    func picturesThatAreWrongAreSaid(_ text: String, _ message: String) throws {
        let stage = FakeStage()
        stage.drawsPictures = true
        #expect(try playPictures(text, on: stage).status == .failed(ScriptError(file: "s", line: 1, message: message)))
    }

    @Test func aMachineThatHasStoppedShowsWhatThereIs() throws {
        let stage = FakeStage()
        stage.drawsPictures = true
        let player = ScriptPlayer(try Script("wait 1s\nexpect-pixel 1 1 #ABCDEF\nexit", name: "s")) { _, _ in nil }
        player.finish(on: stage)
        #expect(player.status == .exited)
        let none = try playPictures("hash-frame", on: FakeStage())
        #expect(
            none.status
                == .failed(
                    ScriptError(
                        file: "s", line: 1, message: "hash-frame: the adapter of this machine draws no pictures")))
    }

    @Test func scriptsWithoutPicturesDrawNone() throws {
        let stage = FakeStage()
        _ = try playPictures("wait 1s\nexpect-text \"\"\"\"", on: stage)
        #expect(!stage.isPictureWatched)
    }

    @Test func textInAPictureIsWaitedFor() throws {
        let stage = FakeStage()
        stage.isGraphics = true
        stage.stillPicture = drawnText(["Press any key"], font: .cp437x8, width: 320, height: 200)
        #expect(try play("wait-text \"any key\"\nexpect-text \"Press\"\nexit", on: stage).status == .exited)
        var text = ""
        _ = try play("screen-text a.txt", on: stage) {
            text = $1
            return nil
        }
        #expect(text.hasPrefix("Press any key\n"))
    }

    @Test func theMouseMovesAndClicks() throws {
        let stage = FakeStage()
        _ = try play("mouse move +10 -4\nmouse click right\nwait 1s", on: stage)
        #expect(stage.keys.map(\.event) == [.mouseMove(dx: 10, dy: -4), .mouseButtons(2), .mouseButtons(0)])
        #expect(stage.keys[2].time - stage.keys[1].time == ScriptPlayer.clickTime)
    }

    @Test func joysticksMoveWhereTheyCanBePluggedIn() throws {
        let stage = FakeStage()
        #expect(try play("joystick b buttons 1", on: stage).status == .finished)
        #expect(
            stage.keys.map(\.event) == [.joystickButton(2, isDown: true), .joystickButton(3, isDown: false)])
        stage.hasGamePort = false
        let player = try play("joystick b off", on: stage)
        guard case .failed(let error) = player.status else { return #expect(Bool(false), "\(player.status)") }
        #expect(error.message.contains("machine.game_port=true"))
    }

    @Test func volumesAreTurned() throws {
        let stage = FakeStage()
        stage.soundVolumes.isMuted = true
        #expect(try play("volume opl 0\nvolume all 150\nvolume gus 200", on: stage).status == .finished)
        #expect(stage.soundVolumes[.opl] == 0 && stage.soundVolumes[.gus] == 200)
        #expect(!stage.soundVolumes.isMuted && stage.soundVolumes.master == 150 && stage.soundVolumes[.sb] == 100)
    }

    @Test func recordingsBeginAndEndAtTheirTimes() throws {
        var calls: [String] = []
        let script = try Script("wait 50ms\nrecord a.wav\nwait 20ms\nrecord off\nrecord b.wav", name: "s")
        let player = ScriptPlayer(
            script, writeFile: { _, _ in nil },
            record: { path, now in
                calls.append("\(path ?? "off") \(now.count / Tick.milliseconds(1).count)")
                return path == "b.wav" ? "b.wav: no space" : nil
            })
        let stage = FakeStage()
        while let next = player.nextTime {
            stage.now = max(stage.now, next)
            player.act(on: stage)
        }
        #expect(calls == ["a.wav 50", "off 70", "b.wav 70"])
        #expect(
            player.status == .failed(ScriptError(file: "s", line: 5, message: "record b.wav: b.wav: no space")))
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
