import TestSupport
import Testing

@testable import Hosting

@Suite struct TOMLReaderTests {
    private func values(_ text: String) throws -> [String: TOMLValue] {
        let entries = try TOMLReader.read(text)
        return Dictionary(entries.map { ($0.path.joined(separator: "."), $0.value) }, uniquingKeysWith: { $1 })
    }

    private func failure(_ text: String) -> String? {
        do {
            _ = try TOMLReader.read(text)
            return nil
        } catch {
            return "\(error.position.line):\(error.position.column): \(error.message)"
        }
    }

    @Test func tablesAndKeys() throws {
        let text = """
            # a comment
            a = 1
            "quoted key" = 2 # another
            b.c = 3
            [t]
            d = 4
              [ t . 'u' ]
            e = { f = 5, g.h = 6 }
            """
        #expect(
            try values(text) == [
                "a": .integer(1), "quoted key": .integer(2), "b.c": .integer(3), "t.d": .integer(4),
                "t.u.e.f": .integer(5),
                "t.u.e.g.h": .integer(6),
            ])
    }

    @Test func positionsCountCharacters() throws {
        let entries = try TOMLReader.read("\n\n  a = 'é'\r\nb = 2")
        #expect(entries.map(\.position) == [TextPosition(line: 3, column: 3), TextPosition(line: 4, column: 1)])
        #expect(failure("a = 'é' x") == "1:9: the end of the line is expected here")
    }

    @Test func numbersAndBooleans() throws {
        let text = """
            a = +1_000
            b = -0
            c = 0xFF_FF
            d = 0b101
            e = 0o17
            f = 4.77
            g = -1e3
            h = true
            i = [1, 2, # two
                 3, ]
            j = 9223372036854775807
            """
        #expect(
            try values(text) == [
                "a": .integer(1_000), "b": .integer(0), "c": .integer(0xFFFF), "d": .integer(5), "e": .integer(15),
                "f": .float(4.77), "g": .float(-1_000), "h": .boolean(true),
                "i": .array([.integer(1), .integer(2), .integer(3)]), "j": .integer(.max),
            ])
    }

    @Test func strings() throws {
        let text = #"""
            a = "tab\t quote\" \u00E9 \U0001F600 \\"
            b = 'C:\TOOLS'
            c = """
            one
            two \
               three"""
            d = '''
            it's'''
            e = """a "quoted" word"""""
            """#
        #expect(
            try values(text) == [
                "a": .string("tab\t quote\" é \u{1F600} \\"), "b": .string(#"C:\TOOLS"#),
                "c": .string("one\ntwo three"),
                "d": .string("it's"), "e": .string("a \"quoted\" word\"\""),
            ])
    }

    @Test(arguments: [
        ("a", "1:2: '=' is expected here"),
        ("a =", "1:4: a value is expected here"),
        ("a = vga", "1:5: 'vga' is not a value; strings stand in quotes"),
        ("a = 01", "1:5: '01' is not a value; strings stand in quotes"),
        ("a = 1__0", "1:5: '1__0' is not a value; strings stand in quotes"),
        ("a = 9223372036854775808", nil as String?),
        ("a = 1990-01-01T00:00:00", "1:5: dates and times are written as strings here"),
        ("a = \"x", "1:7: the string is not closed"),
        ("a = \"x\ny\"", "1:7: the string is not closed"),
        ("a = \"\\q\"", "1:6: an unknown escape; a backslash in a path is written twice or in single quotes"),
        ("a = \"\\uD800\"", "1:6: a Unicode escape needs 4 hex digits of a character"),
        ("a = [1, 2", "1:10: ',' or ']' is expected here"),
        ("a = { b = 1", "1:12: ',' or '}' is expected here"),
        ("[t", "1:3: ']' is expected here"),
        ("[[t]]", "1:1: arrays of tables are not used in these files"),
        ("a = 1\na = 2", "2:1: 'a' is set a second time"),
        ("a = 1\n[a]", "2:1: 'a' is a value already"),
        ("a = 1\na.b = 2", "2:1: a part of 'a.b' is a value already"),
        ("[t]\n[t]", "2:1: the table [t] stands here a second time"),
        ("= 1", "1:1: a key is expected here"),
        ("a = 1 b = 2", "1:7: the end of the line is expected here"),
    ])
    func whatIsWrongIsNamedWithItsPlace(_ text: String, _ expected: String?) {
        // A number too large for an integer is a float.
        #expect(failure(text) == expected)
    }

    @Test func deepNestingIsRefusedAndDoesNotExhaustTheStack() {
        #expect(failure("a = " + String(repeating: "[", count: 100_000))?.hasSuffix("nested too deeply") == true)
        #expect(failure("a = " + String(repeating: "{a=", count: 100_000))?.hasSuffix("nested too deeply") == true)
        #expect(failure(String(repeating: "a.", count: 100_000))?.hasSuffix("too many parts") == true)
    }

    @Test func anythingIsReadOrRefusedAndNothingTraps() {
        var random = SeededGenerator(seed: 3)
        let pieces = [
            "a", "b", ".", "=", "\"", "'", "\"\"\"", "'''", "[", "]", "{", "}", ",", "\n", "\r\n", "\r", "#", "\\",
            "\\u",
            "12", "0x", "-", "+", "_", "1e", "true", "é", "\u{1F600}", "\0", " ", "\t", "D800", "99999999999999999999",
        ]
        for _ in 0..<5_000 {
            var text = ""
            for _ in 0..<Int.random(in: 0..<16, using: &random) { text += pieces.randomElement(using: &random) ?? "" }
            _ = failure(text)
        }
        for _ in 0..<2_000 {
            let bytes = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            _ = failure(String(decoding: bytes, as: UTF8.self))
        }
    }
}
