import Core
import Testing

@Suite struct CodePageTests {
    static let numbers = [437, 737, 850, 852, 855, 857, 858, 860, 861, 862, 863, 864, 865, 866, 869, 874]

    @Test func pagesAreFoundByNumber() {
        #expect(CodePage.numbers == CodePageTests.numbers)
        for number in CodePageTests.numbers { #expect(CodePage.named(number).map { Int($0.number) } == number) }
        for number in [0, -1, 436, 851, 1252, 65_001, .max, .min] { #expect(CodePage.named(number) == nil) }
    }

    /// Well-known cells. Source: [CODEPAGES].
    @Test(
        arguments: [
            (437, 0x80, "Ç"), (437, 0x9B, "¢"), (437, 0xE1, "ß"), (437, 0xE6, "µ"), (437, 0xFE, "■"), (737, 0x80, "Α"),
            (737, 0xAA, "ς"), (737, 0xE0, "ω"), (737, 0xF5, "Ϋ"), (850, 0x9B, "ø"), (850, 0xD5, "ı"), (850, 0xF5, "§"),
            (850, 0xB8, "©"), (852, 0x88, "ł"), (852, 0x9D, "Ł"), (852, 0xE7, "š"), (852, 0xFD, "ř"), (855, 0xA0, "а"),
            (855, 0xF8, "Э"), (855, 0xEF, "№"), (857, 0x8D, "ı"), (857, 0x98, "İ"), (857, 0xA7, "ğ"), (858, 0xD5, "€"),
            (858, 0xE0, "Ó"), (860, 0x84, "ã"), (860, 0x8E, "Ã"), (861, 0x8B, "Ð"), (861, 0x95, "þ"),
            (862, 0x80, "\u{5D0}"), (862, 0x9A, "\u{5EA}"), (863, 0x8D, "‗"), (863, 0x84, "Â"), (864, 0xC7, "\u{FE8D}"),
            (864, 0xB0, "\u{660}"), (865, 0x9B, "ø"), (865, 0xAF, "¤"), (866, 0x80, "А"), (866, 0xAF, "п"),
            (866, 0xE0, "р"), (866, 0xF0, "Ё"), (866, 0xFC, "№"), (869, 0x86, "Ά"), (869, 0xFD, "ώ"),
            (874, 0xA1, "\u{E01}"), (874, 0xFB, "\u{E5B}"), (874, 0x80, "€"), (869, 0x80, "\u{FFFD}"),
            (857, 0xD5, "\u{FFFD}"), (874, 0xFF, "\u{FFFD}"),
        ] as [(Int, Int, Unicode.Scalar)])
    func wellKnownCells(_ number: Int, _ code: Int, _ scalar: Unicode.Scalar) throws {
        let page = try #require(CodePage.named(number))
        #expect(page.scalars[code] == scalar)
    }

    @Test(arguments: numbers) func textComesBackAsItWas(_ number: Int) throws {
        let page = try #require(CodePage.named(number))
        #expect(page.scalars.count == 256)
        #expect(page.scalars[..<0x80] == CodePage.cp437.scalars[..<0x80])
        // The first code of each character of the upper half.
        for code in 0x80...0xFF where page.scalars[code] != "\u{FFFD}" {
            let found = try #require(page.code(of: page.scalars[code]))
            #expect(found >= 0x80 && page.scalars[Int(found)] == page.scalars[code])
        }
        #expect(page.code(of: "\u{FFFD}") == nil)
        let plain = (0x20...0x7E).map { UInt8($0) } + [0x09, 0x0A, 0x0D, 0x1A]
        #expect(page.bytes(page.text(plain), replacement: nil) == plain)
    }

    @Test func theSectionSignIsALetterWhereThePageHasIt() throws {
        #expect(CodePage.cp437.code(of: "§") == 0x15)
        let page = try #require(CodePage.named(850))
        #expect(page.code(of: "§") == 0xF5)
    }
}
