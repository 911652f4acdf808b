import Core
import Foundation
import TestSupport
import Testing

@testable import FrontendTerminal

/// A terminal that understands sixels: its pixels, by cells of a given size.
private struct SixelScreen {
    let cell: (width: Int, height: Int)
    var pixels: [[Int]: UInt32] = [:]
    var pictures = 0

    mutating func feed(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        for part in text.components(separatedBy: "\u{1B}[").dropFirst() {
            guard let position = part.firstIndex(of: "H"), let start = part.range(of: "\u{1B}P0;1;0q\"1;1;") else {
                continue
            }
            let place = part[..<position].split(separator: ";").compactMap { Int($0) }
            let body = part[start.upperBound...].drop { $0 != "#" }
            draw(
                String(body.prefix { $0 != "\u{1B}" }), x: (place[1] - 1) * cell.width, y: (place[0] - 1) * cell.height)
            pictures += 1
        }
    }

    private mutating func draw(_ body: String, x left: Int, y top: Int) {
        var colors: [Int: UInt32] = [:]
        var (x, y, color) = (left, top, UInt32(0))
        var rest = Substring(body)
        func number(_ rest: inout Substring) -> Int {
            let digits = rest.prefix { $0.isNumber }
            rest = rest.dropFirst(digits.count)
            return Int(digits) ?? 0
        }
        while let character = rest.popFirst() {
            switch character {
            case "#":
                let index = number(&rest)
                var values: [Int] = []
                while rest.first == ";" {
                    rest.removeFirst()
                    values.append(number(&rest))
                }
                if values.count == 4 {
                    colors[index] = values.dropFirst().reduce(0) { $0 << 8 | UInt32(($1 * 255 + 50) / 100) }
                }
                color = colors[index] ?? 0
            case "$": x = left
            case "-": (x, y) = (left, y + 6)
            default:
                var count = 1
                var sixel = character
                if character == "!" {
                    count = number(&rest)
                    sixel = rest.popFirst() ?? "?"
                }
                let mask = Int(sixel.asciiValue ?? 0) - 0x3F
                for _ in 0..<count {
                    for bit in 0..<6 where mask >> bit & 1 != 0 { pixels[[x, y + bit]] = color }
                    x += 1
                }
            }
        }
    }
}

@Suite struct PixelProtocolTests {
    /// Colours that survive percents.
    private static let palette: [UInt32] = [0x000000, 0xFFFFFF, 0xFF0000, 0x00FF00, 0x0000FF, 0x333333, 0x999999]

    private func frame(_ width: Int, _ height: Int, _ pixel: (Int, Int) -> UInt32) -> Frame {
        let pixels = (0..<width * height).map { pixel($0 % width, $0 / width) }
        return Frame(width: width, height: height, pixels: pixels, dotAspect: .init(1, 1), time: .zero)
    }

    @Test func sixelsAreThePixels() {
        let grid = TerminalGrid(columns: 10, rows: 6, cell: .init(8, 10))
        var renderer = SixelRenderer(grid: grid)
        var screen = SixelScreen(cell: (8, 10))
        var random = SeededGenerator(seed: 9)
        let noise = (0..<40 * 25).map { _ in Self.palette.randomElement(using: &random) ?? 0 }
        screen.feed(renderer.render(frame(40, 25) { noise[$1 * 40 + $0] }))
        // Twice as large, 80 by 50: the last row of the terminal stays free.
        #expect(screen.pixels.count == 80 * 50 && screen.pictures == 1)
        for y in 0..<50 { for x in 0..<80 { #expect(screen.pixels[[x, y]] == noise[y / 2 * 40 + x / 2]) } }
    }

    @Test func onlyChangedRowsAreSent() {
        var renderer = SixelRenderer(grid: TerminalGrid(columns: 10, rows: 6, cell: .init(8, 10)))
        var screen = SixelScreen(cell: (8, 10))
        let whole = renderer.render(frame(40, 25) { x, y in Self.palette[(x + y) % 7] })
        screen.feed(whole)
        #expect(renderer.render(frame(40, 25) { x, y in Self.palette[(x + y) % 7] }).isEmpty)
        // Line 12 is at 24 and 25: the third row of cells.
        let next = frame(40, 25) { x, y in y == 12 ? 0xFFFFFF : Self.palette[(x + y) % 7] }
        let change = renderer.render(next)
        #expect(change.count < whole.count / 2)
        screen.feed(change)
        #expect(screen.pictures == 2)
        for y in 0..<50 { for x in 0..<80 { #expect(screen.pixels[[x, y]] == next.pixels[y / 2 * 40 + x / 2]) } }
    }

    @Test func manyColoursBecome256() {
        var random = SeededGenerator(seed: 5)
        let pixels = (0..<5_000).map { _ in UInt32.random(in: 0...0xFF_FFFF, using: &random) }
        let reduced = ColorReduction.reduce(pixels)
        #expect(Set(reduced).count <= 256 && Set(reduced).count > 200)
        // On average a channel is off by less than a step of 256 colours in a cube.
        var error = 0
        for (color, nearest) in zip(pixels, reduced) {
            for shift in [UInt32(16), 8, 0] {
                error += abs(Int(color >> shift & 255) - Int(nearest >> shift & 255))
            }
        }
        #expect(error / (5_000 * 3) < 20)
        let few = (0..<1_000).map { UInt32($0 % 256) * 0x010203 }
        #expect(ColorReduction.reduce(few) == few)
    }

    @Test func largeTerminalsAndUnknownCellsAreBounded() {
        var renderer = SixelRenderer(grid: TerminalGrid(columns: 1_000, rows: 1_000, cell: .init(256, 256)))
        #expect(renderer.render(frame(320, 200) { x, _ in UInt32(x) }).count < 4_000_000)
        var small = SixelRenderer(grid: TerminalGrid(columns: 1, rows: 1))
        #expect(!small.render(frame(2_048, 2_048) { x, y in UInt32(x * y) }).isEmpty)
    }

    @Test func base64() {
        func encode(_ text: String) -> String { String(decoding: Base64.encode(Array(text.utf8)), as: UTF8.self) }
        #expect(
            ["", "f", "fo", "foo", "foob", "fooba", "foobar"].map(encode) == [
                "", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy",
            ])
    }
}
