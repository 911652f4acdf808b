import Core

extension Font {
    /// A font of a code page.
    ///
    /// - Parameter glyph: gives the rows of a character, or nil; an answer of another height counts as nil. It is not
    ///   asked for code 0, which is blank, and for codes that the page leaves open.
    /// - Returns: the font, in which what `glyph` lacks is a hollow box, and those characters; nil if `height` is not 1 to
    ///   32.
    public static func make(
        _ codePage: CodePage, height: Int, glyph: (Unicode.Scalar) -> [UInt8]?
    ) -> (font: Font, missing: [Unicode.Scalar])? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(256 * max(height, 0))
        var missing: [Unicode.Scalar] = []
        guard (1...32).contains(height) else { return nil }
        for (code, scalar) in codePage.scalars.enumerated() {
            if code == 0 || scalar == "\u{FFFD}" {
                bytes += [UInt8](repeating: 0, count: height)
            } else if let rows = glyph(scalar), rows.count == height {
                bytes += rows
            } else {
                bytes += hollowBox(height: height)
                missing.append(scalar)
            }
        }
        return Font(height: height, bytes: bytes).map { ($0, missing) }
    }

    /// What stands for a character without a picture.
    static func hollowBox(height: Int) -> [UInt8] {
        let top = height / 8
        let bottom = height - 1 - height / 4
        return (0..<height).map { row in
            if row < top || row > bottom { return 0 }
            return row == top || row == bottom ? 0b0111_1100 : 0b0100_0100
        }
    }
}
