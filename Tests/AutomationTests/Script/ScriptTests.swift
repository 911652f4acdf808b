import Core
import TestSupport
import Testing

@testable import Automation

@Suite struct ScriptTests {
    private func actions(_ text: String) throws -> [ScriptAction] {
        try Script(text, name: "s").steps.map(\.action)
    }

    private func message(_ text: String) -> String? {
        do {
            _ = try Script(text, name: "s.txt")
            return nil
        } catch {
            return error.description
        }
    }

    @Test func stepsCommentsAndLineEnds() throws {
        let script = try Script("# first\r\n\r\n  wait 2s # then\r\nexit", name: "s")
        #expect(script.steps.map(\.line) == [3, 4])
        #expect(script.steps.map(\.action) == [.wait(.seconds(2)), .exit])
        #expect(script.steps[0].source == "wait 2s # then")
    }

    @Test func textsKeepBackslashesAndDoubleTheirQuotes() throws {
        #expect(try actions(#"wait-text "C:\>""#) == [.waitText(Array(#"C:\>"#.utf8), within: .seconds(30))])
        #expect(try actions(#"wait-text "a" within 1.5s"#) == [.waitText([0x61], within: .milliseconds(1_500))])
        #expect(
            try actions(#"expect-text "say ""é"" # no comment""#) == [
                .expectText(Array("say \"".utf8) + [0x82] + Array("\" # no comment".utf8))
            ])
    }

    @Test func keysStandInBraces() throws {
        let x = PCKey(scanCode: 0x2D)
        #expect(
            try actions(#"type "x{enter}{up 3}{alt+x}{{}""#) == [
                .type([
                    KeyStroke(x), KeyStroke(.enter), KeyStroke(.up), KeyStroke(.up), KeyStroke(.up), KeyStroke(x, .alt),
                    KeyStroke(PCKey(scanCode: 0x1A), .shift), KeyStroke(PCKey(scanCode: 0x1B), .shift),
                ])
            ])
        #expect(
            try actions("press ctrl+break\nhold space 500ms") == [
                .type([KeyStroke(.breakKey, .control)]), .hold(KeyStroke(.space), .milliseconds(500)),
            ])
    }

    @Test func picturesAndTheMouse() throws {
        #expect(
            try actions(
                "screenshot a.png # x\nscreenshot \"b c.PNG\" square\nexpect-pixel 10 0 #aA00fF # y\nhash-frame") == [
                    .screenshot("a.png", nil), .screenshot("b c.PNG", .square),
                    .expectPixel(x: 10, y: 0, color: 0xAA00FF),
                    .hashFrame,
                ])
        #expect(
            try actions(
                "mouse move +3 -32768\nmouse to 0 65535\nmouse buttons left+right\nmouse buttons none\nmouse click middle"
            )
                == [
                    .mouse(.mouseMove(dx: 3, dy: -32_768)), .mouse(.mousePosition(x: 0, y: 65_535)),
                    .mouse(.mouseButtons(3)), .mouse(.mouseButtons(0)), .click(4),
                ])
        #expect(
            try actions("joystick a to 0 65535\njoystick b buttons 2\njoystick a buttons none\njoystick b off") == [
                .joystick([.joystickAxis(0, position: 0), .joystickAxis(1, position: 65_535)]),
                .joystick([.joystickButton(2, isDown: false), .joystickButton(3, isDown: true)]),
                .joystick([.joystickButton(0, isDown: false), .joystickButton(1, isDown: false)]),
                .joystick([
                    .joystickAxis(2, position: nil), .joystickButton(2, isDown: false),
                    .joystickAxis(3, position: nil), .joystickButton(3, isDown: false),
                ]),
            ])
        #expect(try Script("wait 1s\nhash-frame", name: "s").needsPictures)
        #expect(try !Script("wait 1s\nscreen-text a", name: "s").needsPictures)
    }

    @Test func recordings() throws {
        let text = "record a.WAV # x\nrecord \"b c.dro\"\nrecord off\nrecord m.mid"
        #expect(try actions(text) == [.record("a.WAV"), .record("b c.dro"), .record(nil), .record("m.mid")])
        #expect(try Script(text, name: "s").recordings == ["a.WAV", "b c.dro", "m.mid"])
        #expect(RecordingKind("x.Flac") == .sound && RecordingKind("x.vgm") == .registers)
        #expect(RecordingKind("wav") == nil && RecordingKind("x.midi") == nil)
    }

    @Test func fileNames() throws {
        #expect(
            try actions("screen-text a.txt\nscreen-text \"my file.txt\"") == [
                .screenText("a.txt"), .screenText("my file.txt"),
            ])
    }

    @Test(arguments: [
        ("wait-text C", "s.txt:1: wait-text needs a text in double quotes"),
        ("\nwait-text \"C", "s.txt:2: the text has no closing double quote"),
        ("wait-text \"\"", "s.txt:1: wait-text needs a text that is not empty"),
        ("wait-text \"a\" in 5s", "s.txt:1: 'within 5s' or nothing is expected here, not 'in'"),
        ("wait", "s.txt:1: wait needs a time such as 500ms or 2s"),
        ("wait 5", "s.txt:1: '5' is not a time such as 500ms or 2s"),
        ("press hyper", "s.txt:1: no key is called 'hyper'"),
        ("type \"{up 0}\"", "s.txt:1: '{up 0}' needs a count from 1 to 1000"),
        ("type \"{up\"", "s.txt:1: a '{' has no '}'; '{{' types a brace"),
        ("type \"\u{4E00}\"", "s.txt:1: '\u{4E00}' cannot be typed: it is not in code page 437"),
        ("exit now", "s.txt:1: 'now' is not expected after exit"),
        ("hash-frame now", "s.txt:1: 'now' is not expected after hash-frame"),
        ("screenshot", "s.txt:1: screenshot needs a file name"),
        ("record", "s.txt:1: record needs a file name"),
        (
            "record a.mp3",
            "s.txt:1: record needs 'off' or a file whose name ends in .wav, .flac, .dro, .vgm or .mid, not 'a.mp3'"
        ),
        ("record off now", "s.txt:1: 'now' is not expected after record"),
        ("screenshot a.bmp", "s.txt:1: screenshot writes PNG files: 'a.bmp' has to end in .png"),
        ("screenshot a.png round", "s.txt:1: 'raw', 'square' or nothing is expected here, not 'round'"),
        ("expect-pixel 1 1", "s.txt:1: expect-pixel needs a column, a row and a colour such as #AA0000"),
        ("expect-pixel 1", "s.txt:1: expect-pixel needs a column, a row and a colour such as #AA0000"),
        ("expect-pixel -1 1 #AA0000", "s.txt:1: '-1' is not a column or row from 0 to 2047"),
        ("expect-pixel 1 2048 #AA0000", "s.txt:1: '2048' is not a column or row from 0 to 2047"),
        ("expect-pixel 1 1 #AA000", "s.txt:1: '#AA000' is not a colour such as #AA0000"),
        ("expect-pixel 1 1 #+A0000", "s.txt:1: '#+A0000' is not a colour such as #AA0000"),
        ("mouse", "s.txt:1: mouse needs move, to, buttons or click"),
        ("mouse click", "s.txt:1: a button of the mouse is left, right or middle, not ''"),
        ("mouse buttons left+thumb", "s.txt:1: a button of the mouse is left, right or middle, not 'thumb'"),
        ("mouse to 0 65536", "s.txt:1: mouse to needs two numbers from 0 (left, top) to 65535 (right, bottom)"),
        (
            "mouse move 320 100",
            "s.txt:1: mouse move needs two counts with their signs, such as +10 -4, from -32768 to +32767"
        ),
        (
            "volume lpt 5",
            "s.txt:1: volume needs all or a part of the sound (speaker, opl, sb, tandy, cms, covox, gus, midi), not 'lpt'"
        ),
        ("volume all 201", "s.txt:1: volume all needs a percentage from 0 to 200"),
        ("joystick", "s.txt:1: a joystick is a or b, not ''"),
        ("joystick c to 0 0", "s.txt:1: a joystick is a or b, not 'c'"),
        ("joystick a left", "s.txt:1: joystick needs a or b, and to, buttons or off"),
        ("joystick a to 0", "s.txt:1: joystick to needs two numbers from 0 (left, top) to 65535 (right, bottom)"),
        ("joystick a buttons 1+3", "s.txt:1: a button of a joystick is 1 or 2, not '3'"),
        ("joystick a buttons", "s.txt:1: a button of a joystick is 1 or 2, not ''"),
        ("swap-disk A a.img", "s.txt:1: swap-disk is not available yet: it comes with disk images"),
    ])
    func whatIsWrongIsNamedWithItsLine(_ script: String, _ expected: String) {
        #expect(message(script) == expected)
    }

    @Test func durations() {
        #expect(Tick(duration: "90s") == .seconds(90))
        #expect(Tick(duration: "1.5m") == .seconds(90))
        #expect(Tick(duration: "2h") == .seconds(7_200))
        #expect(Tick(duration: "0ms") == .zero)
        for bad in ["", "s", "5", "-1s", "1d", "1e9h", "999999999h", "..5s", "5 s", "nans", "infs", "١s"] {
            #expect(Tick(duration: bad) == nil, "\(bad)")
        }
        #expect(Tick.milliseconds(1_500).shortDescription == "1.5s")
        #expect(Tick.milliseconds(30).shortDescription == "30ms")
    }

    @Test func anythingIsReadOrRefusedAndNothingTraps() {
        var random = SeededGenerator(seed: 7)
        let words = [
            "wait-text", "type", "press", "hold", "wait", "exit", "\"", "\"\"", "{", "}", "{up 3}", " ", "\n", "\r\n",
            "#", "ctrl+", "500ms", "within", "é", "\u{1F600}", "\0", "a", "9999999999999999999s", "{{", "+",
            "within 5s", "screenshot", "a.png", "square", "expect-pixel", "12", "#AA0000", "hash-frame", "mouse",
            "joystick", "a", "off",
            "record", "off",
            "move",
            "click", "left", "+10", "-99999",
        ]
        for _ in 0..<3_000 {
            var text = ""
            for _ in 0..<Int.random(in: 0..<12, using: &random) { text += words.randomElement(using: &random) ?? "" }
            _ = message(text)
        }
    }
}
