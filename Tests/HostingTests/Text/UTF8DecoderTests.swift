import TestSupport
import Testing

@testable import Hosting

@Suite struct UTF8DecoderTests {
    private func decode(_ bytes: [UInt8]) -> String {
        var decoder = UTF8Decoder()
        var text = String.UnicodeScalarView()
        for byte in bytes { text.append(contentsOf: decoder.feed(byte)) }
        text.append(contentsOf: decoder.flush())
        return String(text)
    }

    @Test func charactersInPiecesAreWhole() {
        let text = "aé€\u{1F600}z"
        #expect(decode(Array(text.utf8)) == text)
        var decoder = UTF8Decoder()
        #expect(decoder.feed(0xE2).isEmpty && decoder.feed(0x82).isEmpty)
        #expect(decoder.isInCharacter)
        #expect(decoder.feed(0xAC) == ["€"])
        #expect(!decoder.isInCharacter)
    }

    @Test func bytesThatAreNotUTF8StandForThemselves() {
        #expect(decode([0x41, 0x80, 0x42]) == "A\u{80}B")
        #expect(decode([0xE2, 0x82, 0x41]) == "\u{E2}\u{82}A")
        #expect(decode([0xE2, 0xC3, 0xA9]) == "\u{E2}é")
        #expect(decode([0xC0, 0xAF]) == "\u{C0}\u{AF}")
        // A surrogate, and a code above U+10FFFF.
        #expect(decode([0xED, 0xA0, 0x80]) == "\u{ED}\u{A0}\u{80}")
        #expect(decode([0xF4, 0x90, 0x80, 0x80]) == "\u{F4}\u{90}\u{80}\u{80}")
        #expect(decode([0xF0, 0x9F]) == "\u{F0}\u{9F}")
    }

    @Test func everyByteOfRandomInputIsAccountedFor() {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<2_000 {
            let bytes = (0..<20).map { _ in UInt8.random(in: 0...255, using: &random) }
            // Valid characters count their bytes; every other byte is one character.
            let count = decode(bytes).unicodeScalars.reduce(0) { sum, scalar in
                sum + (scalar.value < 0x100 ? 1 : String(scalar).utf8.count)
            }
            #expect(count <= bytes.count)
            #expect(count >= bytes.count - 2 * 10)
        }
    }
}
