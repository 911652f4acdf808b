import Core
import Testing

@testable import Fonts

/// The sheets as text: every picture is there once, and has its size.
@Suite struct GlyphArtTests {
    struct Picture {
        var key: UInt32
        var rows: [Substring]
    }

    static func pictures(_ sheets: [StaticString]) -> [Picture] {
        var pictures: [Picture] = []
        for sheet in sheets {
            let text = sheet.withUTF8Buffer { String(decoding: $0, as: UTF8.self) }
            for line in text.split(separator: "\n") {
                if line.first == "#" || line.first == "." {
                    pictures[pictures.count - 1].rows.append(line)
                } else {
                    pictures.append(Picture(key: UInt32(line.prefix { $0 != " " }, radix: 16) ?? .max, rows: []))
                }
            }
        }
        return pictures
    }

    @Test(arguments: [(GlyphArt.sheets8, 8), (GlyphArt.sheets14, 14), (GlyphArt.sheets16, 16)])
    func aFontHasEveryCodeOnceAndInOrder(_ sheets: [StaticString], _ height: Int) {
        let pictures = GlyphArtTests.pictures(sheets)
        #expect(pictures.map(\.key) == Array(0...255))
        #expect(pictures.filter { $0.rows.count != height || $0.rows.contains { $0.count != 8 } }.isEmpty)
        #expect(pictures.allSatisfy { $0.rows.allSatisfy { $0.allSatisfy { $0 == "#" || $0 == "." } } })
    }

    @Test(arguments: [8, 14, 16]) func lettersHaveTheirSizeAndNoneIsThereTwice(_ height: Int) {
        let sheets = [8: GlyphArt.letters8, 14: GlyphArt.letters14, 16: GlyphArt.letters16][height] ?? []
        let pictures = GlyphArtTests.pictures(sheets)
        #expect(Set(pictures.map(\.key)).count == pictures.count)
        #expect(pictures.count == 115)
        #expect(pictures.filter { $0.rows.count != height || $0.rows.contains { $0.count != 8 } }.isEmpty)
        let known = Set(CodePage.cp437.scalars.map(\.value))
        #expect(pictures.filter { known.contains($0.key) }.isEmpty)
    }

    @Test func readingGivesTheRowsAsTheyAreDrawn() {
        var rows: [[Int]] = []
        GlyphArt.read("C4 a line\n........\n########\n\n41 a\n#......#\n.#.#.#.#") { key, row, dots in
            rows.append([Int(key), row, Int(dots)])
        }
        #expect(rows == [[0xC4, 0, 0], [0xC4, 1, 0xFF], [0x41, 0, 0x81], [0x41, 1, 0x55]])
    }

    @Test func oddSheetsAreReadWithoutTrapping() {
        let sheets: [StaticString] = [
            "", "\n\n", "########", "FFFFFFFFFFFFFFFF x\n#", "zz\n##########################", "41",
            "41\n........\n\n.",
        ]
        #expect(GlyphArt.font(sheets, height: 8).count == 256 * 8)
        #expect(GlyphArt.glyphs(sheets, height: 8).values.allSatisfy { $0.count == 8 })
    }
}
