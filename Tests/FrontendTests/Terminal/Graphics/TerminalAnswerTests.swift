import Automation
import Core
import TestSupport
import Testing

@testable import FrontendTerminal

@Suite struct TerminalAnswerTests {
    private func answers(_ text: String, expectsCommand: Bool = true) -> [TerminalInput] {
        var parser = KeySequenceParser()
        parser.expectsCommand = expectsCommand
        return parser.feed(Array(text.utf8))
    }

    private func stroke(_ name: String) -> [TerminalInput] { KeyNames.parse(name).map { [.stroke($0)] } ?? [] }

    @Test func answersAreRead() {
        #expect(answers("\u{1B}[?62;4;22c") == [.answer(.attributes([62, 4, 22]))])
        #expect(answers("\u{1B}[?6c") == [.answer(.attributes([6]))])
        #expect(answers("\u{1B}_Gi=31;OK\u{1B}\\") == [.answer(.kitty(isAvailable: true))])
        #expect(answers("\u{1B}_Gi=31;ENOTSUPPORTED:no\u{1B}\\") == [.answer(.kitty(isAvailable: false))])
        #expect(
            answers("\u{1B}[4;600;800t\u{1B}[6;20;10t") == [
                .answer(.textArea(width: 800, height: 600)), .answer(.cell(width: 10, height: 20)),
            ])
    }

    @Test func answersComeBetweenKeysAndInPieces() {
        var parser = KeySequenceParser()
        parser.expectsCommand = true
        var inputs: [TerminalInput] = []
        for byte in "a\u{1B}_Gi=31;OK\u{1B}\\b\u{1B}[?4c\u{1B}[A".utf8 { inputs += parser.feed([byte]) }
        let answers: [TerminalInput] = [.answer(.kitty(isAvailable: true)), .answer(.attributes([4]))]
        #expect(inputs == stroke("a") + [answers[0]] + stroke("b") + [answers[1]] + stroke("up"))
    }

    @Test func altWithAnUnderscoreStaysAKey() {
        #expect(answers("\u{1B}_x", expectsCommand: false) == stroke("alt+shift+-") + stroke("x"))
        #expect(answers("\u{1B}_x") == stroke("alt+shift+-") + stroke("x"))
        var parser = KeySequenceParser()
        parser.expectsCommand = true
        #expect(parser.feed(Array("\u{1B}_".utf8)).isEmpty && parser.isPending)
        #expect(parser.timeOut() == stroke("alt+shift+-"))
        // A command that is cut short is dropped, and what follows is there.
        #expect(answers("\u{1B}_Gi=31\u{1B}[A") == stroke("up"))
    }

    @Test func whatIsChosenFollowsTheAnswers() {
        func method(_ answers: [TerminalAnswer], setting: String = "auto", sextants: Bool = false, at time: Int64 = 1)
            -> GraphicsSupport.Method?
        {
            var support = GraphicsSupport(setting: setting, canAsk: true, hasSextants: sextants)
            #expect(support.questions(now: 0) == TerminalAnswer.questions)
            #expect(support.questions(now: 0).isEmpty)
            for answer in answers { support.take(answer) }
            return support.method(now: time)
        }
        let attributes = TerminalAnswer.attributes([62, 4])
        #expect(method([]) == nil)
        #expect(method([], at: GraphicsSupport.answerTime) == .halfblocks)
        #expect(method([], sextants: true, at: GraphicsSupport.answerTime) == .sextants)
        #expect(method([.kitty(isAvailable: true)]) == nil)
        #expect(method([.kitty(isAvailable: true), attributes]) == .kitty)
        #expect(method([.kitty(isAvailable: false), attributes]) == .sixel)
        #expect(method([.attributes([1, 2])]) == .halfblocks)
        #expect(method([attributes], setting: "halfblocks") == .halfblocks)
        #expect(method([], setting: "kitty", at: GraphicsSupport.answerTime) == .kitty)
        var console = GraphicsSupport(setting: "auto", canAsk: false, hasSextants: false)
        #expect(console.questions(now: 0).isEmpty && console.method(now: 0) == .halfblocks)
    }

    @Test func terminalsThatDrawSextantsAreKnown() {
        func draws(_ variables: [String: String]) -> Bool { GraphicsSupport.drawsSextants { variables[$0] } }
        #expect(draws(["VTE_VERSION": "7000"]) && draws(["TERM": "foot-extra"]) && draws(["TERM_PROGRAM": "WezTerm"]))
        #expect(!draws(["VTE_VERSION": "5000"]) && !draws(["TERM": "xterm-256color"]) && !draws([:]))
    }

    @Test func nothingThatATerminalAnswersTraps() {
        var random = SeededGenerator(seed: 11)
        let pieces = [
            "\u{1B}_G", "\u{1B}_", "\u{1B}\\", "i=31", ";OK", ";", "\u{1B}[?", "\u{1B}[4;", "\u{1B}[6;",
            "999999999999999999",
            "t", "c", "0", "-1", ":", "4", "a", "\u{1B}", "\u{7}", "\u{FF}", String(repeating: "9", count: 5_000),
        ]
        for _ in 0..<3_000 {
            var parser = KeySequenceParser()
            parser.expectsCommand = Bool.random(using: &random)
            var support = GraphicsSupport(setting: "auto", canAsk: true, hasSextants: false)
            _ = support.questions(now: 0)
            for _ in 0..<Int.random(in: 1..<10, using: &random) {
                for input in parser.feed(Array((pieces.randomElement(using: &random) ?? "").utf8)) {
                    if case .answer(let answer) = input { support.take(answer) }
                }
                if Int.random(in: 0..<4, using: &random) == 0 { _ = parser.timeOut() }
            }
            let area = support.textArea ?? (0, 0)
            _ = TerminalGrid(columns: 80, rows: 25, cell: support.cell ?? .init(area.width / 80, area.height / 25))
        }
    }
}
