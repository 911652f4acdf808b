import CZlib
import Core
import Foundation
import TestSupport
import Testing

@testable import FrontendTerminal

/// A terminal that understands kitty's protocol: the images it shows, by number.
private struct KittyScreen {
    struct Image: Equatable {
        var row: Int
        var column: Int
        var rows: Int
        var columns: Int
        var width: Int
        var height: Int
        var pixels: [UInt32]
    }

    var images: [Int: Image] = [:]
    private(set) var sent = 0
    private(set) var deleted = 0
    private(set) var largestChunk = 0

    mutating func feed(_ bytes: [UInt8]) throws {
        var (row, column) = (0, 0)
        var (keys, data): ([String: String], String) = ([:], "")
        for part in String(decoding: bytes, as: UTF8.self).components(separatedBy: "\u{1B}").dropFirst() {
            if part.hasPrefix("["), part.hasSuffix("H") {
                let place = part.dropFirst().dropLast().split(separator: ";").compactMap { Int($0) }
                (row, column) = (place[0] - 1, place[1] - 1)
            }
            guard part.hasPrefix("_G") else { continue }
            let halves = part.dropFirst(2).split(separator: ";", maxSplits: 1)
            let control = Dictionary(
                uniqueKeysWithValues: halves[0].split(separator: ",").map { pair in
                    (String(pair.prefix(1)), String(pair.dropFirst(2)))
                })
            if control["a"] == "d" {
                #expect(control["d"] == "I")
                let number = try #require(Int(control["i"] ?? ""))
                #expect(images.removeValue(forKey: number) != nil)
                deleted += 1
                continue
            }
            if control["a"] != nil { (keys, data) = (control, "") }
            let chunk = try #require(halves.last)
            largestChunk = max(largestChunk, chunk.utf8.count)
            data += chunk
            if control["m"] == "0" { try show(keys, data, row: row, column: column) }
        }
    }

    private mutating func show(_ keys: [String: String], _ data: String, row: Int, column: Int) throws {
        func value(_ key: String) throws -> Int { try #require(Int(keys[key] ?? "")) }
        #expect(keys["a"] == "T" && keys["f"] == "24" && keys["o"] == "z" && keys["p"] == "1")
        #expect(keys["C"] == "1" && keys["q"] == "2")
        let (width, height) = (try value("s"), try value("v"))
        let packed = Array(try #require(Data(base64Encoded: data)))
        var rgb = [UInt8](repeating: 0, count: width * height * 3)
        var size = uLong(rgb.count)
        #expect(uncompress(&rgb, &size, packed, uLong(packed.count)) == Z_OK && size == rgb.count)
        var pixels: [UInt32] = []
        for start in stride(from: 0, to: rgb.count, by: 3) {
            pixels.append(rgb[start..<start + 3].reduce(UInt32(0)) { word, byte in word << 8 | UInt32(byte) })
        }
        let number = try value("i")
        // A number that is shown is not sent again: the terminal would take its image away first.
        #expect(images[number] == nil)
        images[number] = Image(
            row: row, column: column, rows: try value("r"), columns: try value("c"), width: width, height: height,
            pixels: pixels)
        sent += 1
    }

    /// The images from top to bottom. They must follow each other without a gap.
    func picture() -> [UInt32] {
        let bands = images.values.sorted { $0.row < $1.row }
        for (upper, lower) in zip(bands, bands.dropFirst()) {
            #expect(upper.row + upper.rows == lower.row && upper.column == lower.column)
            #expect(upper.width == lower.width && upper.columns == lower.columns)
        }
        return bands.flatMap(\.pixels)
    }
}

@Suite struct KittyRendererTests {
    private func frame(_ width: Int, _ pixels: [UInt32]) -> Frame {
        Frame(
            width: width, height: pixels.count / width, pixels: pixels, dotAspect: .init(1, 1), time: .zero)
    }

    private func noise(_ count: Int, seed: UInt64) -> [UInt32] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in UInt32.random(in: 0...0xFF_FFFF, using: &random) }
    }

    @Test func theBandsAreThePicture() throws {
        // Rows that divide the lines, rows that do not, and more rows than lines.
        for (grid, lines) in [(25, 200), (24, 200), (23, 200), (61, 350), (40, 17), (7, 3)] {
            var renderer = KittyRenderer(grid: TerminalGrid(columns: 1_000, rows: grid))
            var screen = KittyScreen()
            let pixels = noise(32 * lines, seed: UInt64(lines))
            try screen.feed(renderer.render(frame(32, pixels)))
            #expect(screen.picture() == pixels)
            #expect(screen.images.values.map(\.rows).reduce(0, +) == grid)
            #expect(screen.largestChunk <= 4_096)
        }
    }

    @Test func onlyChangedBandsAreSent() throws {
        var renderer = KittyRenderer(grid: TerminalGrid(columns: 80, rows: 25))
        var screen = KittyScreen()
        var pixels = noise(320 * 200, seed: 2)
        let whole = renderer.render(frame(320, pixels))
        try screen.feed(whole)
        #expect(screen.sent == 12 && screen.deleted == 0 && screen.largestChunk == 4_096)
        #expect(renderer.render(frame(320, pixels)).isEmpty)
        // 8 by 8 pixels in lines 80 to 87: band 5, of two rows and 16 lines.
        for round in 1...3 {
            for y in 80..<88 { for x in 100..<108 { pixels[y * 320 + x] ^= 0xFF_FFFF } }
            let change = renderer.render(frame(320, pixels))
            #expect(change.count * 10 < whole.count)
            try screen.feed(change)
            #expect(screen.sent == 12 + round && screen.deleted == round && screen.images.count == 12)
            #expect(screen.picture() == pixels)
        }
        // Across the border of two bands.
        for y in 92..<100 { for x in 0..<8 { pixels[y * 320 + x] ^= 0xFF_FFFF } }
        try screen.feed(renderer.render(frame(320, pixels)))
        #expect(screen.sent == 17 && screen.picture() == pixels)
    }

    @Test func theOldBandGoesAfterTheNewOneHasCome() throws {
        var renderer = KittyRenderer(grid: TerminalGrid(columns: 80, rows: 25))
        _ = renderer.render(frame(320, [UInt32](repeating: 0, count: 320 * 200)))
        let text = String(
            decoding: renderer.render(frame(320, [UInt32](repeating: 0, count: 320 * 199) + noise(320, seed: 3))),
            as: UTF8.self)
        let (new, old) = (text.range(of: "m=0"), text.range(of: "a=d"))
        #expect(try #require(new).lowerBound < #require(old).lowerBound)
        #expect(text.hasPrefix("\u{1B}[?2026h") && text.hasSuffix("\u{1B}[?2026l"))
    }

    @Test func anotherSizeClearsAll() throws {
        var renderer = KittyRenderer(grid: TerminalGrid(columns: 80, rows: 25))
        var screen = KittyScreen()
        try screen.feed(renderer.render(frame(320, noise(320 * 200, seed: 4))))
        let pixels = noise(640 * 350, seed: 5)
        try screen.feed(renderer.render(frame(640, pixels)))
        #expect(screen.deleted == 12 && screen.picture() == pixels)
        try screen.feed(renderer.end())
        #expect(screen.images.isEmpty)
        #expect(renderer.end().isEmpty)
        try screen.feed(renderer.render(frame(640, pixels)))
        #expect(screen.picture() == pixels)
    }
}
