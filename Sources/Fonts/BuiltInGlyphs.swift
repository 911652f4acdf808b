import Core

/// The characters that this project has drawn, by Unicode scalar: those of code page 437, the letters of Western and
/// Central Europe, Greek and Cyrillic. Hebrew, Arabic and Thai are not among them.
///
/// Letters with marks are composed: the mark over the letter, and a capital made lower by the rows that the mark needs.
public struct BuiltInGlyphs: Sendable {
    /// 8, 14 or 16 rows.
    public let height: Int
    private var glyphs: [Unicode.Scalar: [UInt8]] = [:]

    /// The glyphs of `height` rows; nil for a height other than 8, 14 or 16.
    public static func ofHeight(_ height: Int) -> BuiltInGlyphs? {
        switch height {
        case 8: x8
        case 14: x14
        case 16: x16
        default: nil
        }
    }

    /// The rows of a character from the top, the leftmost dot in bit 7. Nil if it is not among them.
    public func rows(of scalar: Unicode.Scalar) -> [UInt8]? { glyphs[scalar] }

    private static let x8 = BuiltInGlyphs(
        .cp437x8, letters: GlyphArt.letters8,
        LetterComposer(
            small: GlyphArt.smallMarks8, capital: GlyphArt.capitalMarks8, low: GlyphArt.lowLetters8,
            geometry: LetterComposer.Geometry(height: 8, capitalTop: 0, smallTop: 2, baseEnd: 7, room: 2)))
    private static let x14 = BuiltInGlyphs(
        .cp437x14, letters: GlyphArt.letters14,
        LetterComposer(
            small: GlyphArt.smallMarks14, capital: GlyphArt.capitalMarks14, low: GlyphArt.lowLetters14,
            geometry: LetterComposer.Geometry(height: 14, capitalTop: 2, smallTop: 5, baseEnd: 11, room: 1)))
    private static let x16 = BuiltInGlyphs(
        .cp437x16, letters: GlyphArt.letters16,
        LetterComposer(
            small: GlyphArt.smallMarks16, capital: GlyphArt.capitalMarks16, low: GlyphArt.lowLetters16,
            geometry: LetterComposer.Geometry(height: 16, capitalTop: 2, smallTop: 5, baseEnd: 12, room: 1)))

    private init(_ font: Font, letters: [StaticString], _ composer: LetterComposer) {
        height = font.height
        glyphs = GlyphArt.glyphs(letters, height: height)
        for code in UInt8(1)...0xFF { glyphs[CodePage.cp437.scalars[Int(code)]] = Array(font.rows(of: code)) }
        for (scalar, twin) in LetterTables.twins { glyphs[scalar] = glyphs[twin] }
        for (scalar, base, mark) in LetterTables.composed where glyphs[scalar] == nil {
            // A mark takes the place of the dot.
            let letter: Unicode.Scalar = base == "i" || base == "\u{456}" ? "\u{131}" : base
            glyphs[scalar] = glyphs[letter].flatMap { composer.compose($0, letter, mark) }
        }
    }
}

/// Puts marks on letters.
struct LetterComposer: Sendable {
    /// Where the letters of a font stand. Rows count from the top.
    struct Geometry: Sendable {
        var height: Int
        /// The first row of capitals.
        var capitalTop: Int
        /// The first row of small letters without ascender.
        var smallTop: Int
        /// The row after the base line.
        var baseEnd: Int
        /// Rows that a capital gives up for a mark.
        var room: Int
    }

    let small: [Unicode.Scalar: [UInt8]]
    let capital: [Unicode.Scalar: [UInt8]]
    let low: [Unicode.Scalar: [UInt8]]
    let geometry: Geometry

    init(small: StaticString, capital: StaticString, low: StaticString, geometry: Geometry) {
        self.small = GlyphArt.glyphs([small], height: geometry.height)
        self.capital = GlyphArt.glyphs([capital], height: geometry.height)
        self.low = GlyphArt.glyphs([low], height: geometry.height)
        self.geometry = geometry
    }

    /// The letter with a combining mark. Nil if there is no picture of the mark.
    func compose(_ letter: [UInt8], _ scalar: Unicode.Scalar, _ mark: Unicode.Scalar) -> [UInt8]? {
        guard letter.count == geometry.height else { return nil }
        // Cedilla and ogonek hang below; the letter stays.
        let isBelow = mark == "\u{327}" || mark == "\u{328}"
        let isTall = letter[..<geometry.smallTop].contains { $0 != 0 }
        if isBelow || !isTall {
            return small[mark].map { LetterComposer.union(isBelow ? letter : low[scalar] ?? letter, $0) }
        }
        return capital[mark].map { LetterComposer.union(low[LetterTables.twin(of: scalar)] ?? lowered(letter), $0) }
    }

    /// The letter without `room` rows: each the middle one of the longest run of equal rows.
    func lowered(_ letter: [UInt8]) -> [UInt8] {
        var body = Array(letter[geometry.capitalTop..<geometry.baseEnd])
        for _ in 0..<geometry.room {
            var best = (length: 0, row: 0)
            var start = 0
            while start < body.count {
                var end = start
                while end + 1 < body.count && body[end + 1] == body[start] { end += 1 }
                if end - start + 1 > best.length { best = (end - start + 1, (start + end + 1) / 2) }
                start = end + 1
            }
            body.remove(at: best.row)
        }
        return [UInt8](repeating: 0, count: geometry.baseEnd - body.count) + body + letter[geometry.baseEnd...]
    }

    private static func union(_ first: [UInt8], _ second: [UInt8]) -> [UInt8] { zip(first, second).map { $0 | $1 } }
}
