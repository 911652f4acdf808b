import Automation
import Core
import Testing

@testable import FrontendTerminal

@Suite struct TerminalMouseTests {
    private func reports(_ bytes: String) -> [MouseReport] {
        var parser = KeySequenceParser()
        return parser.feed(bytes.utf8).compactMap { if case .mouse(let report) = $0 { report } else { nil } }
    }

    @Test("xterm's SGR reports: press, release, movement, with any modifier")
    func parsing() {
        let seen = reports("\u{1B}[<0;1;1M\u{1B}[<0;3;2m\u{1B}[<35;80;25M\u{1B}[<18;9;9M\u{1B}[<32;4;4M")
        #expect(seen.map(\.change) == [.press(0), .release(0), .movement, .press(2), .movement])
        #expect(seen.map { [$0.column, $0.row] } == [[0, 0], [2, 1], [79, 24], [8, 8], [3, 3]])
    }

    @Test(
        "wheels, fourth buttons and nonsense say nothing, and no keys",
        arguments: [
            "<64;1;1M", "<65;1;1M", "<128;1;1M", "<0;0;1M", "<0;1M", "<M", "<0;1;1;1M", "<3;1;1M", "<0;1;1A", "<;;M",
        ])
    func nonsense(sequence: String) {
        var parser = KeySequenceParser()
        #expect(parser.feed("\u{1B}[\(sequence)".utf8).isEmpty)
        #expect(parser.feed("x".utf8) == [.stroke(KeyStroke(PCKey(scanCode: 0x2D)))])
    }

    @Test("events are places and buttons; beside the picture nothing is pressed, but a button can be let go")
    func events() {
        var mouse = TerminalMouse()
        var seen: [InputEvent] = []
        func take(_ text: String, _ place: (x: UInt16, y: UInt16)?) {
            for report in reports(text) { mouse.take(report, at: place) { seen.append($0) } }
        }
        take("\u{1B}[<0;1;1M", (1, 1))
        #expect(seen.isEmpty, "it is not on")
        #expect(mouse.turn(on: true) { seen.append($0) } == TerminalMouse.on)
        #expect(mouse.turn(on: true) { seen.append($0) } == nil)
        take("\u{1B}[<2;1;1M", nil)
        take("\u{1B}[<2;1;1M\u{1B}[<1;1;1M", (7, 8))
        take("\u{1B}[<2;1;1m", nil)
        #expect(
            seen == [
                .mousePosition(x: 7, y: 8), .mouseButtons(2), .mousePosition(x: 7, y: 8), .mouseButtons(6),
                .mouseButtons(4),
            ])
        #expect(mouse.turn(on: false) { seen.append($0) } == TerminalMouse.off)
        #expect(seen.last == .mouseButtons(0))
    }

    @Test("a cell is its middle: the driver's coordinates come out in it, in text and on pictures")
    func places() {
        for cells in [25, 30, 40, 43, 50, 80, 90, 132] {
            for cell in 0..<cells {
                let part = TerminalMouse.part(cell, of: cells).map(Int.init) ?? -1
                #expect(part * cells / 0x1_0000 == cell)
            }
        }
        #expect(TerminalMouse.part(-1, of: 80) == nil && TerminalMouse.part(80, of: 80) == nil)
        #expect(TerminalMouse.part(0, of: 0) == nil)
        var renderer = ScreenRenderer(columns: 40, rows: 10, depth: .basic16)
        let cells = [TextScreen.Cell](repeating: .init(character: 0x20, attribute: 7), count: 80 * 25)
        var screen = TextScreen(columns: 80, rows: 25, cells: cells, time: .zero)
        screen.cursor = (79, 24)
        _ = renderer.render(screen)
        // The part with the cursor is shown: columns 40 to 79, rows 15 to 24.
        let place = renderer.place(column: 2, row: 1)
        #expect(place.map { Int($0.x) * 80 / 0x1_0000 } == 42 && place.map { Int($0.y) * 25 / 0x1_0000 } == 16)
        #expect(renderer.place(column: 40, row: 1) == nil)
    }
}
