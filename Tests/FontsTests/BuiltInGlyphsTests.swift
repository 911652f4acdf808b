import Core
import Testing

@testable import Fonts

@Suite struct BuiltInGlyphsTests {
    /// Pages whose characters are all drawn by this project.
    static let completePages = [437, 737, 850, 852, 855, 857, 858, 860, 861, 863, 865, 866, 869]

    @Test(arguments: completePages, [8, 14, 16]) func pagesAreComplete(_ number: Int, _ height: Int) throws {
        let page = try #require(CodePage.named(number))
        let glyphs = try #require(BuiltInGlyphs.ofHeight(height))
        let made = try #require(Font.make(page, height: height) { glyphs.rows(of: $0) })
        #expect(made.missing.isEmpty)
    }

    @Test(arguments: [8, 14, 16]) func page437IsTheFontItself(_ height: Int) throws {
        let glyphs = try #require(BuiltInGlyphs.ofHeight(height))
        let made = try #require(Font.make(.cp437, height: height) { glyphs.rows(of: $0) })
        #expect(made.font == FontSet.cp437.font(height: height))
    }

    /// What looks alike in a page is alike in print too.
    @Test(arguments: completePages, [8, 14, 16]) func charactersAreDistinct(_ number: Int, _ height: Int) throws {
        let page = try #require(CodePage.named(number))
        let glyphs = try #require(BuiltInGlyphs.ofHeight(height))
        let twins = Dictionary(LetterTables.twins, uniquingKeysWith: { first, _ in first })
        var scalars: [[UInt8]: Set<String>] = [:]
        for scalar in page.scalars where scalar != "\u{FFFD}" && scalar != "\0" {
            let decomposed = LetterTables.composed.first { $0.0 == scalar }
            let base = decomposed.map { twins[$0.base] ?? $0.base } ?? twins[scalar] ?? scalar
            let look = "\(base)" + (decomposed.map { " with \($0.mark.value)" } ?? "")
            let rows = try #require(glyphs.rows(of: scalar))
            scalars[rows, default: []].insert(look)
        }
        #expect(scalars.values.filter { $0.count > 1 } == [])
    }

    @Test(arguments: [8, 14, 16]) func marksKeepTheLetterOnItsBaseLine(_ height: Int) throws {
        let glyphs = try #require(BuiltInGlyphs.ofHeight(height))
        for (scalar, base, mark) in LetterTables.composed where mark != "\u{327}" && mark != "\u{328}" {
            let rows = try #require(glyphs.rows(of: scalar))
            let letter = try #require(glyphs.rows(of: base))
            let (last, letterLast) = (rows.lastIndex { $0 != 0 }, letter.lastIndex { $0 != 0 })
            #expect(last == letterLast, "\(scalar)")
        }
    }

    @Test func whatNobodyHasIsAHollowBox() throws {
        let made = try #require(Font.make(.cp437, height: 8) { $0 == "A" ? nil : [UInt8](repeating: 1, count: 8) })
        #expect(made.missing == ["A"])
        #expect(Array(made.font.rows(of: 0x41)) == [0, 0x7C, 0x44, 0x44, 0x44, 0x7C, 0, 0])
        #expect(made.font.rows(of: 0).allSatisfy { $0 == 0 })
        #expect(Font.make(.cp437, height: 0) { _ in [] } == nil)
        #expect(Font.make(.cp437, height: -1) { _ in [] } == nil)
        #expect(Font.make(.cp437, height: 40) { _ in [] } == nil)
        #expect(Font.make(.cp437, height: 16) { _ in [1, 2, 3] }?.missing.count == 255)
    }
}
