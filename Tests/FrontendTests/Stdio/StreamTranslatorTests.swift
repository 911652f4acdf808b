import Core
import Testing

@testable import FrontendStdio

@Suite struct StreamTranslatorTests {
    private func input(_ pieces: [[UInt8]], _ encoding: StreamEncoding = .text) -> [UInt8] {
        var translator = InputTranslator(encoding)
        var bytes: [UInt8] = []
        for piece in pieces { bytes += translator.translate(piece) }
        return bytes + translator.finish()
    }

    private func output(_ pieces: [[UInt8]], _ encoding: StreamEncoding = .text) -> [UInt8] {
        var translator = OutputTranslator(encoding)
        var bytes: [UInt8] = []
        for piece in pieces { piece.withUnsafeBytes { translator.translate($0, into: &bytes) } }
        translator.finish(into: &bytes)
        return bytes
    }

    @Test func lineEndsBecomeThoseOfDOS() {
        #expect(input([Array("a\nb\r\nc\r".utf8)]) == Array("a\r\nb\r\nc\r".utf8))
        #expect(input([Array("a\r".utf8), Array("\nb".utf8)]) == Array("a\r\nb".utf8))
    }

    @Test func textBecomesTheCodePage() {
        #expect(input([Array("é\u{4E00}☺".utf8)]) == [0x82, UInt8(ascii: "?"), 0x01])
        // A character in two pieces.
        #expect(input([[0xC3], [0xA9]]) == [0x82])
        // What is not UTF-8 is read as Latin-1: E9h is é.
        #expect(input([[0xE9, 0x41]]) == [0x82, 0x41])
        #expect(input([[0xC3]]) == [UInt8(ascii: "?")])
    }

    @Test func otherCodePagesAreOtherCharacters() throws {
        let page = try #require(CodePage.named(866))
        var translator = InputTranslator(.text, page)
        #expect(translator.translate(Array("Я ж é".utf8)) == [0x9F, 0x20, 0xA6, 0x20, UInt8(ascii: "?")])
        var back = OutputTranslator(.text, page)
        var bytes: [UInt8] = []
        [UInt8](arrayLiteral: 0x9F, 0xA6, 0xC9).withUnsafeBytes { back.translate($0, into: &bytes) }
        #expect(bytes == Array("Яж╔".utf8))
    }

    @Test func outputBecomesUTF8() {
        #expect(output([[0x82, 0xC9, 0xFF]]) == Array("é╔\u{A0}".utf8))
        #expect(output([Array("a\r\nb".utf8)]) == Array("a\nb".utf8))
        #expect(output([Array("a\r".utf8), Array("\nb".utf8)]) == Array("a\nb".utf8))
        #expect(output([Array("50%\r100%\r".utf8)]) == Array("50%\r100%\r".utf8))
        #expect(output([Array("a\r\r\n\n".utf8)]) == Array("a\r\n\n".utf8))
        #expect(output([[0x07, 0x1B, 0x1A, 0x00]]) == [0x07, 0x1B, 0x1A, 0x00])
    }

    @Test func rawBytesAreUntouched() {
        let bytes = (0...255).map { UInt8($0) }
        #expect(input([bytes], .raw) == bytes)
        #expect(output([bytes], .raw) == bytes)
    }

    @Test func everyCharacterOfTheUpperHalfComesBack() {
        let bytes = (0x80...0xFF).map { UInt8($0) }
        #expect(input([output([bytes])]) == bytes)
    }
}
