import Core
import TestSupport
import Testing

@testable import FrontendTerminal

/// A terminal that understands what `BlockRenderer` sends: where cells are, what is in them, their colours.
private struct CellScreen {
    struct Cell: Hashable {
        var character: Character
        var first: String
        var second: String
    }

    var cells: [[Int]: Cell] = [:]
    private(set) var writes = 0
    private var place = [0, 0]
    private var (first, second) = ("", "")

    mutating func feed(_ bytes: [UInt8]) {
        var rest = Substring(String(decoding: bytes, as: UTF8.self))
        while let character = rest.popFirst() {
            guard character == "\u{1B}" else {
                cells[place] = Cell(character: character, first: first, second: second)
                place[1] += 1
                writes += 1
                continue
            }
            rest.removeFirst()
            let parameters = rest.prefix { !$0.isLetter }
            rest = rest.dropFirst(parameters.count)
            switch rest.popFirst() {
            case "H": place = parameters.split(separator: ";").compactMap { Int($0) }
            case "m" where parameters.hasPrefix("38;"): first = String(parameters.dropFirst(5))
            case "m" where parameters.hasPrefix("48;"): second = String(parameters.dropFirst(5))
            default: break
            }
        }
    }
}

@Suite struct BlockRendererTests {
    private func frame(_ width: Int, _ height: Int, aspect: Frame.Aspect = .init(1, 1), _ pixel: (Int, Int) -> UInt32)
        -> Frame
    {
        let pixels = (0..<width * height).map { pixel($0 % width, $0 / width) }
        return Frame(width: width, height: height, pixels: pixels, dotAspect: aspect, time: .zero)
    }

    @Test func halfBlocksShowTwoPixelsACell() {
        var renderer = BlockRenderer(.halves, depth: .truecolor, grid: TerminalGrid(columns: 4, rows: 2))
        var screen = CellScreen()
        screen.feed(renderer.render(frame(4, 4) { UInt32($0 * 16 + $1) }))
        #expect(screen.cells.count == 8)
        #expect(screen.cells[[1, 1]] == .init(character: "\u{2580}", first: "0;0;0", second: "0;0;1"))
        #expect(screen.cells[[2, 4]] == .init(character: "\u{2580}", first: "0;0;50", second: "0;0;51"))
    }

    @Test func onlyChangedCellsAreSent() {
        var renderer = BlockRenderer(.halves, depth: .truecolor, grid: TerminalGrid(columns: 80, rows: 25))
        let first = frame(80, 50) { x, y in UInt32(x * y) }
        let whole = renderer.render(first)
        #expect(renderer.render(first).isEmpty)
        let second = frame(80, 50) { x, y in x == 40 && y == 20 ? 0xFFFFFF : UInt32(x * y) }
        let change = renderer.render(second)
        #expect(change.count < 60 && whole.count > 10_000)
        var screen = CellScreen()
        screen.feed(change)
        #expect(screen.cells.count == 1 && screen.cells[[11, 41]]?.first == "255;255;255")
    }

    @Test func thePictureKeepsItsShapeInTheMiddle() {
        let layout = PictureLayout(
            frame(320, 200, aspect: .init(5, 6)) { _, _ in 0 }, in: TerminalGrid(columns: 80, rows: 25))
        // 4:3 on cells of one by two: 50 lines high, 67 cells wide.
        #expect((layout.columns, layout.rows, layout.column, layout.row) == (67, 25, 6, 0))
        let grid = TerminalGrid(columns: 100, rows: 50, cell: .init(8, 16))
        let wide = PictureLayout(frame(640, 200, aspect: .init(5, 12)) { _, _ in 0 }, in: grid)
        #expect((wide.columns, wide.rows) == (100, 38))
        for (width, height) in [(1, 2_048), (2_048, 1)] {
            let layout = PictureLayout(frame(width, height) { _, _ in 0 }, in: TerminalGrid(columns: 1, rows: 1))
            #expect((layout.columns, layout.rows) == (1, 1))
        }
        #expect(TerminalGrid.PixelSize(0, 5) == nil && TerminalGrid.PixelSize(Int.max, 5) == nil)
    }

    @Test func sextantsAreNumberedByTheirParts() {
        #expect(BlockRenderer.sextant(1) == "\u{1FB00}")
        #expect(BlockRenderer.sextant(20) == "\u{1FB13}")
        #expect(BlockRenderer.sextant(21) == "\u{258C}")
        #expect(BlockRenderer.sextant(22) == "\u{1FB14}")
        #expect(BlockRenderer.sextant(42) == "\u{2590}")
        #expect(BlockRenderer.sextant(43) == "\u{1FB28}")
        #expect(BlockRenderer.sextant(62) == "\u{1FB3B}")
        #expect(Set((UInt8(1)...62).map(BlockRenderer.sextant)).count == 62)
    }

    @Test func sextantsOfTwoColoursAreExact() {
        // Every pattern of two colours: the lower right part is always in the second set.
        for mask in 0..<64 {
            var renderer = BlockRenderer(
                .sextants, depth: .truecolor, grid: TerminalGrid(columns: 1, rows: 1, cell: .init(2, 3)))
            var screen = CellScreen()
            screen.feed(renderer.render(frame(2, 3) { x, y in mask >> (y * 2 + x) & 1 != 0 ? 0xFF8000 : 0x0000FF }))
            let cell = screen.cells[[1, 1]]
            let parts = mask & 32 != 0 ? ~mask & 63 : mask
            let colors = mask & 32 != 0 ? ["0;0;255", "255;128;0"] : ["255;128;0", "0;0;255"]
            #expect(cell?.character == (parts == 0 ? " " : Character(BlockRenderer.sextant(UInt8(parts)))))
            #expect(cell?.second == colors[1])
            if parts != 0 { #expect(cell?.first == colors[0]) }
        }
    }

    @Test func fewerColoursAreTheNearest() {
        #expect(ColorDepth.indexed256.nearest(0xFF0000) == 196)
        #expect(ColorDepth.indexed256.nearest(0x000000) == 16)
        #expect(ColorDepth.indexed256.nearest(0xFFFFFF) == 231)
        #expect(ColorDepth.indexed256.nearest(0x808080) == 244)
        #expect(ColorDepth.basic16.nearest(0xAA5500) == 6)
        #expect(ColorDepth.basic16.parameters(4, isBackground: false) == "31")
        #expect(ColorDepth.basic16.parameters(12, isBackground: true) == "101")
        var random = SeededGenerator(seed: 1)
        for _ in 0..<2_000 {
            let color = UInt32.random(in: 0...(.max), using: &random)
            #expect((16...255).contains(ColorDepth.indexed256.nearest(color)))
            #expect(ColorDepth.basic16.nearest(color) < 16)
        }
    }
}
