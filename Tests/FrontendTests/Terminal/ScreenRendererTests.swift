import Core
import Testing

@testable import FrontendTerminal

@Suite struct ScreenRendererTests {
    private func screen(_ rows: [String], columns: Int, attribute: UInt8 = 7, cursor: (Int, Int)? = nil) -> TextScreen {
        var cells: [TextScreen.Cell] = []
        for row in rows {
            var bytes = CodePage.cp437.bytes(row) ?? []
            bytes += [UInt8](repeating: 0, count: columns - bytes.count)
            cells += bytes.map { TextScreen.Cell(character: $0, attribute: attribute) }
        }
        var screen = TextScreen(columns: columns, rows: rows.count, cells: cells, time: .zero)
        screen.cursor = cursor.map { (column: $0.0, row: $0.1) }
        return screen
    }

    private func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self).replacing("\u{1B}", with: "^")
    }

    @Test func theFirstPictureIsDrawnWhole() {
        var renderer = ScreenRenderer(columns: 80, rows: 24, depth: .basic16)
        let bytes = renderer.render(screen(["ab", "é"], columns: 3, cursor: (1, 1)))
        #expect(text(bytes) == "^[0m^[?25l^[2J^[1;1H^[0;37;40mab ^[2;1Hé  ^[2;2H^[?25h")
    }

    @Test func charactersAreThoseOfTheCodePage() throws {
        var renderer = ScreenRenderer(columns: 80, rows: 24, depth: .basic16)
        var picture = screen(["x"], columns: 1)
        picture.cells[0].character = 0x9F
        picture.codePage = try #require(CodePage.named(866))
        #expect(text(renderer.render(picture)).hasSuffix("Я"))
        #expect(picture.text() == "Я")
    }

    @Test func onlyChangesAreDrawn() {
        var renderer = ScreenRenderer(columns: 80, rows: 24, depth: .basic16)
        var picture = screen(["abcdef"], columns: 6, cursor: (0, 0))
        _ = renderer.render(picture)
        #expect(renderer.render(picture).isEmpty)
        picture.cells[3].character = UInt8(ascii: "X")
        picture.cells[4].character = UInt8(ascii: "Y")
        #expect(text(renderer.render(picture)) == "^[?25l^[1;4HXY^[1;1H^[?25h")
        picture.cursor = (2, 0)
        #expect(text(renderer.render(picture)) == "^[1;3H")
        picture.cursor = nil
        #expect(text(renderer.render(picture)) == "^[?25l")
    }

    @Test func coloursAndBlink() {
        func sequence(_ attribute: UInt8, _ depth: ColorDepth, blinks: Bool = true) -> String {
            var renderer = ScreenRenderer(columns: 80, rows: 24, depth: depth)
            var picture = screen(["x"], columns: 1, attribute: attribute)
            picture.isBlinkEnabled = blinks
            return text(renderer.render(picture)).replacing("^[0m^[?25l^[2J^[1;1H", with: "")
        }
        #expect(sequence(0x1E, .basic16) == "^[0;93;44mx")
        #expect(sequence(0x94, .basic16) == "^[0;5;31;44mx")
        #expect(sequence(0x94, .basic16, blinks: false) == "^[0;31;104mx")
        #expect(sequence(0x16, .indexed256) == "^[0;38;5;130;48;5;19mx")
        #expect(sequence(0x16, .truecolor) == "^[0;38;2;170;85;0;48;2;0;0;170mx")
    }

    @Test func controlPicturesArePlacedOneByOne() {
        var renderer = ScreenRenderer(columns: 80, rows: 24, depth: .basic16)
        var picture = screen(["   "], columns: 3)
        picture.cells[0].character = 1
        picture.cells[1].character = 0x7F
        picture.cells[2].character = 0xFF
        #expect(text(renderer.render(picture)) == "^[0m^[?25l^[2J^[1;1H^[0;37;40m☺^[1;2H⌂ ")
    }

    @Test func aSmallerTerminalFollowsTheCursor() {
        var renderer = ScreenRenderer(columns: 3, rows: 2, depth: .basic16)
        var picture = screen(["abcd", "efgh", "ijkl"], columns: 4, cursor: (0, 0))
        #expect(text(renderer.render(picture)) == "^[0m^[?25l^[2J^[1;1H^[0;37;40mabc^[2;1Hefg^[1;1H^[?25h")
        picture.cursor = (3, 2)
        #expect(text(renderer.render(picture)) == "^[?25lfgh^[2;1Hjkl^[2;3H^[?25h")
    }

    @Test func anotherSizeIsDrawnAnew() {
        var renderer = ScreenRenderer(columns: 80, rows: 24, depth: .basic16)
        _ = renderer.render(screen(["abcd"], columns: 4))
        #expect(text(renderer.render(screen(["ab"], columns: 2))).hasPrefix("^[0m^[?25l^[2J"))
        renderer.resize(columns: 40, rows: 10)
        #expect(text(renderer.render(screen(["ab"], columns: 2))).hasPrefix("^[0m^[?25l^[2J"))
        renderer.resize(columns: 0, rows: -1)
        #expect(text(renderer.render(screen(["ab"], columns: 2))).hasSuffix("a"))
    }

    @Test func depthIsJudgedByTheEnvironment() {
        #expect(ColorDepth(colorTerm: "truecolor", term: "xterm") == .truecolor)
        #expect(ColorDepth(colorTerm: nil, term: "tmux-256color") == .indexed256)
        #expect(ColorDepth(colorTerm: nil, term: "linux") == .basic16)
    }
}
