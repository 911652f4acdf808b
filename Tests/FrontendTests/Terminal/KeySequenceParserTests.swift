import Automation
import TestSupport
import Testing

@testable import FrontendTerminal

@Suite struct KeySequenceParserTests {
    private func parse(_ text: String) -> [TerminalInput] {
        var parser = KeySequenceParser()
        return parser.feed(Array(text.utf8))
    }

    private func stroke(_ name: String) -> TerminalInput? { KeyNames.parse(name).map { .stroke($0) } }

    @Test(arguments: [
        ("a", "a"), ("A", "A"), ("\r", "enter"), ("\t", "tab"), ("\u{7F}", "backspace"), ("\u{8}", "backspace"),
        ("\u{1}", "ctrl+a"), ("\n", "ctrl+j"), ("\u{1C}", "ctrl+\\"),
        ("\u{1B}[A", "up"), ("\u{1B}OA", "up"), ("\u{1B}[1;5C", "ctrl+right"), ("\u{1B}[1;2D", "shift+left"),
        ("\u{1B}[H", "home"), ("\u{1B}[1~", "home"), ("\u{1B}[7~", "home"), ("\u{1B}[4~", "end"), ("\u{1B}OF", "end"),
        ("\u{1B}[2~", "ins"), ("\u{1B}[3~", "del"), ("\u{1B}[3;5~", "ctrl+del"), ("\u{1B}[5~", "pgup"),
        ("\u{1B}[6;2~", "shift+pgdn"), ("\u{1B}OP", "f1"), ("\u{1B}[11~", "f1"), ("\u{1B}[[A", "f1"),
        ("\u{1B}[[E", "f5"),
        ("\u{1B}[1;5P", "ctrl+f1"), ("\u{1B}[15~", "f5"), ("\u{1B}[17;3~", "alt+f6"), ("\u{1B}[21~", "f10"),
        ("\u{1B}[23~", "f11"), ("\u{1B}[24;2~", "shift+f12"), ("\u{1B}[25~", "shift+f1"), ("\u{1B}[34~", "shift+f8"),
        ("\u{1B}[Z", "shift+tab"), ("\u{1B}[5^", "ctrl+pgup"), ("\u{1B}[6@", "ctrl+shift+pgdn"),
        ("\u{1B}x", "alt+x"), ("\u{1B}X", "alt+shift+x"), ("\u{1B}\r", "alt+enter"), ("\u{1B}1", "alt+1"),
        ("\u{1B}\u{7F}", "alt+backspace"), ("\u{1B}[27;5;99~", "ctrl+c"), ("\u{1B}[27;6;9~", "ctrl+shift+tab"),
        ("\u{1B}[97;5u", "ctrl+a"), ("\u{1B}[27u", "esc"), ("\u{1B}[13;3u", "alt+enter"),
        ("\u{1B}[127;5u", "ctrl+backspace"),
        ("\u{1B}[57414u", "kpenter"), ("\u{1B}[57404u", "kp5"), ("\u{1B}OM", "kpenter"), ("\u{1B}Oj", "kp*"),
        ("\u{1B}[97;3:1u", "alt+a"), ("\u{1B}[57362u", "pause"), ("\u{1D}", "ctrl+]"), ("\u{1B}[93;5u", "ctrl+]"),
    ])
    func sequencesAreKeys(_ sequence: String, _ key: String) {
        #expect(parse(sequence) == [stroke(key)].compactMap { $0 })
        #expect(stroke(key) != nil, "\(key)")
    }

    @Test func sequencesComeInPieces() {
        var parser = KeySequenceParser()
        for byte in "\u{1B}[1;5".utf8 {
            #expect(parser.feed([byte]).isEmpty)
            #expect(parser.isPending)
        }
        #expect(parser.feed([UInt8(ascii: "A")]) == [stroke("ctrl+up")].compactMap { $0 })
        #expect(!parser.isPending)
    }

    @Test func aLoneEscapeIsTheKey() {
        var parser = KeySequenceParser()
        #expect(parser.feed([0x1B]).isEmpty)
        #expect(parser.timeOut() == [.stroke(KeyStroke(.escape))])
        #expect(parser.timeOut().isEmpty)
        #expect(parser.feed([0x1B, 0x1B]) == [.stroke(KeyStroke(.escape))])
        #expect(parser.timeOut() == [.stroke(KeyStroke(.escape))])
        _ = parser.feed([0x1B, UInt8(ascii: "[")])
        #expect(parser.timeOut() == [stroke("alt+[")].compactMap { $0 })
        _ = parser.feed([0x1B, UInt8(ascii: "O")])
        #expect(parser.timeOut() == [stroke("alt+shift+o")].compactMap { $0 })
    }

    @Test func charactersThatTheKeyboardLacksAreAltCodes() {
        #expect(parse("é") == [.stroke(KeyStroke(altCode: 0x82))])
        #expect(parse("\u{4E00}").isEmpty)
    }

    @Test func releasesAndUnknownSequencesAreDropped() {
        #expect(parse("\u{1B}[97;1:3u").isEmpty)
        #expect(parse("\u{1B}[>1;2c\u{1B}[I\u{1B}[999~\u{1B}[57344u").isEmpty)
        #expect(parse("\u{1B}[" + String(repeating: "1;", count: 500) + "Ax") == [stroke("x")].compactMap { $0 })
    }

    @Test func pastedTextIsText() {
        #expect(
            parse("\u{1B}[200~dir é\n\u{1B}[A\u{1B}[201~x")
                == [
                    .paste(Array("dir é\n\u{1B}[A".unicodeScalars)), stroke("x"),
                ].compactMap { $0 })
        #expect(parse("\u{1B}[200~a\u{1B}[20\u{1B}[201~") == [.paste(Array("a\u{1B}[20".unicodeScalars))])
        #expect(parse("\u{1B}[200~\u{1B}[201~") == [.paste([])])
    }

    @Test func anyBytesInAnyPiecesAreTaken() {
        var random = SeededGenerator(seed: 13)
        let pieces = [
            "\u{1B}", "[", "O", "200~", "201~", "1;5", ";", ":", "u", "~", "27", "99999999999999999", "A", "é",
            "\u{1F600}",
            "\0", "\u{7F}", "$", "^", "x",
        ]
        for _ in 0..<3_000 {
            var parser = KeySequenceParser()
            for _ in 0..<Int.random(in: 0..<12, using: &random) {
                _ = parser.feed(Array((pieces.randomElement(using: &random) ?? "").utf8))
                if Bool.random(using: &random) { _ = parser.timeOut() }
                _ = parser.feed([UInt8.random(in: 0...255, using: &random)])
            }
        }
    }
}
