import Core
import Output
import TestSupport
import Testing

@Suite struct ScreenSVGTests {
    private func screen(_ text: [UInt8], attribute: UInt8 = 7) -> TextScreen {
        let cells = text.map { TextScreen.Cell(character: $0, attribute: attribute) }
        return TextScreen(columns: text.count, rows: 1, cells: cells, time: .zero)
    }

    @Test("words keep their columns, and markup is escaped")
    func words() {
        let svg = ScreenSVG.draw(screen(Array("a <b".utf8)))
        #expect(svg.contains("<text x=\"0\" y=\"12\" textLength=\"8\" fill=\"#AAAAAA\">a</text>"))
        #expect(svg.contains("<text x=\"16\" y=\"12\" textLength=\"16\" fill=\"#AAAAAA\">&lt;b</text>"))
    }

    @Test("colours follow the attribute; bit 7 is a colour only when blinking is off")
    func colors() {
        var bright = screen([0x41], attribute: 0x9E)
        #expect(ScreenSVG.draw(bright).contains("height=\"16\" fill=\"#0000AA\"/>"))
        bright.isBlinkEnabled = false
        #expect(ScreenSVG.draw(bright).contains("height=\"16\" fill=\"#5555FF\"/>"))
        #expect(ScreenSVG.draw(bright).contains("fill=\"#FFFF55\">A<"))
    }

    @Test("lines and blocks are shapes, and a double corner has an outer and an inner stroke")
    func shapes() {
        // ╔ has strokes at 8-1.5 and 8+1.5; the outer ones meet at the outer corner.
        let svg = ScreenSVG.draw(screen([0xC9]))
        #expect(svg.contains("M8 6.5H2.5"))
        #expect(svg.contains("M8 9.5H5.5"))
        #expect(svg.contains("M2.5 16V6.5"))
        #expect(svg.contains("M5.5 16V9.5"))
        #expect(ScreenSVG.draw(screen([0xDB])).contains("M0 0h8v16h-8z"))
    }

    @Test("every character of the code page can be drawn")
    func allCharacters() {
        let svg = ScreenSVG.draw(screen(Array(0...255)))
        #expect(svg.hasSuffix("</svg>\n"))
        #expect(!svg.contains("\0"))
    }
}
