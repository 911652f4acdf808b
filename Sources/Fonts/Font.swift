/// A text font of a PC: 256 characters, 8 dots wide, one byte a row.
///
/// This is the form in which a character generator and the fonts of a BIOS hold them. The ninth dot of an MDA's or VGA's
/// cell is the adapter's: it repeats the eighth for codes C0h to DFh.
public struct Font: Hashable, Sendable {
    /// Dots across.
    public static let width = 8
    /// Rows a character, 1 to 32.
    public let height: Int
    /// `256 * height` bytes, character by character, rows from the top, the leftmost dot in bit 7.
    public let bytes: [UInt8]

    /// Nil unless `height` is 1 to 32 and there are exactly `256 * height` bytes.
    public init?(height: Int, bytes: [UInt8]) {
        guard (1...32).contains(height), bytes.count == 256 * height else { return nil }
        self.height = height
        self.bytes = bytes
    }

    /// For glyph art, whose size is right by construction.
    private init(art sheets: [StaticString], height: Int) {
        self.height = height
        bytes = GlyphArt.font(sheets, height: height)
    }

    /// The rows of a character from the top, the leftmost dot in bit 7.
    public func rows(of code: UInt8) -> ArraySlice<UInt8> {
        bytes[Int(code) * height..<(Int(code) + 1) * height]
    }

    /// The dots of one row, 0 for a row outside the character.
    public func row(_ row: Int, of code: UInt8) -> UInt8 {
        (0..<height).contains(row) ? bytes[Int(code) * height + row] : 0
    }
}

extension Font {
    /// Code page 437 in 8x8, as a CGA shows it and as graphics modes of 200 lines use it. See docs/decisions/0005-fonts.md.
    public static let cp437x8 = Font(art: GlyphArt.sheets8, height: 8)
    /// Code page 437 in 8x14, as an MDA and an EGA show it. See docs/decisions/0005-fonts.md.
    public static let cp437x14 = Font(art: GlyphArt.sheets14, height: 14)
    /// Code page 437 in 8x16, as a VGA shows it. See docs/decisions/0005-fonts.md.
    public static let cp437x16 = Font(art: GlyphArt.sheets16, height: 16)
}

/// The fonts of one machine in the three heights that its adapters use.
public struct FontSet: Hashable, Sendable {
    public let x8: Font
    public let x14: Font
    public let x16: Font

    /// Nil unless the heights are 8, 14 and 16.
    public init?(x8: Font, x14: Font, x16: Font) {
        guard x8.height == 8, x14.height == 14, x16.height == 16 else { return nil }
        (self.x8, self.x14, self.x16) = (x8, x14, x16)
    }

    private init() { (x8, x14, x16) = (.cp437x8, .cp437x14, .cp437x16) }

    /// The built-in fonts of code page 437.
    public static let cp437 = FontSet()

    /// The font of `height` rows, if there is one.
    public func font(height: Int) -> Font? {
        switch height {
        case 8: x8
        case 14: x14
        case 16: x16
        default: nil
        }
    }

    /// The set with the font of its height replaced; nil if `font` has another height than 8, 14 or 16.
    public func replacing(_ font: Font) -> FontSet? {
        switch font.height {
        case 8: FontSet(x8: font, x14: x14, x16: x16)
        case 14: FontSet(x8: x8, x14: font, x16: x16)
        case 16: FontSet(x8: x8, x14: x14, x16: font)
        default: nil
        }
    }
}
