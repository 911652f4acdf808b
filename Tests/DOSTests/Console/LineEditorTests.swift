import Testing

@testable import DOS

@Suite struct LineEditorTests {
    /// A screen line that understands blanks and backspaces.
    private struct Screen {
        var cells: [UInt8] = []
        var place = 0

        mutating func write(_ bytes: [UInt8]) {
            for byte in bytes {
                switch byte {
                case 0x08: place -= 1
                case 0x07: break
                case 0x09: write([UInt8](repeating: 0x20, count: 8 - place % 8))
                case 0x0D: place = 0
                case 0x0A: cells = []
                default:
                    while cells.count <= place { cells.append(0x20) }
                    cells[place] = byte
                    place += 1
                }
            }
        }

        var text: String {
            var cells = cells
            while cells.last == 0x20 { cells.removeLast() }
            return String(decoding: cells, as: UTF8.self)
        }
    }

    /// Types `keys`; codes from 256 on are scan codes.
    private func edit(_ keys: [Int], template: String = "", history: [String] = []) -> (line: String, shown: String) {
        var editor = LineEditor(template: Array(template.utf8), capacity: 40, startColumn: 0)
        var screen = Screen()
        let history = history.map { Array($0.utf8) }
        for key in keys {
            let bytes = key >= 256 ? [0, UInt8(key - 256)] : [UInt8(key)]
            for byte in bytes { screen.write(editor.accept(byte, history: history) ?? []) }
        }
        return (String(decoding: editor.line, as: UTF8.self), screen.text)
    }

    private func scan(_ code: Int) -> Int { 256 + code }
    private func letters(_ text: String) -> [Int] { text.utf8.map { Int($0) } }

    @Test func templateKeys() {
        let (f1, f2, f3, f4) = (scan(0x3B), scan(0x3C), scan(0x3D), scan(0x3E))
        #expect(edit([f1, f1], template: "hello").line == "he")
        #expect(edit([f3], template: "hello").line == "hello")
        #expect(edit([f2] + letters("l"), template: "hello").line == "he")
        #expect(edit([f4] + letters("l") + [f3], template: "hello").line == "llo")
        #expect(edit(letters("J") + [f3], template: "hello").line == "Jello")
        #expect(edit([scan(0x53), f3], template: "hello").line == "ello")
        #expect(edit([scan(0x52)] + letters("xy") + [f3], template: "hello").line == "xyhello")
        #expect(edit([f1, f1, 8, f3], template: "hello").line == "hello")
    }

    @Test func newTemplateAndCancel() {
        #expect(edit(letters("abc") + [scan(0x3F), scan(0x3D)]).line == "abc")
        let cancelled = edit(letters("abc") + [0x1B] + letters("z"))
        #expect(cancelled.line == "z")
        #expect(cancelled.shown == "z")
    }

    @Test func movingInsideTheLineShowsWhatIsStored() {
        let (left, right, home, end) = (scan(0x4B), scan(0x4D), scan(0x47), scan(0x4F))
        let (insert, delete) = (scan(0x52), scan(0x53))
        for (keys, expected) in [
            (letters("abcd") + [left, left] + letters("X"), "abXd"),
            (letters("abcd") + [left, left, insert] + letters("X"), "abXcd"),
            (letters("abcd") + [home, delete], "bcd"),
            (letters("abcd") + [home, right, 8], "bcd"),
            (letters("abcd") + [home, end] + letters("e"), "abcde"),
            (letters("ab cd") + [scan(0x73), scan(0x75)] + letters("x"), "ab x"),
            (letters("ab cd") + [left, scan(0x77)], "d"),
        ] {
            let result = edit(keys)
            #expect(result.line == expected)
            #expect(result.shown == expected)
        }
    }

    @Test func historyGoesUpAndDown() {
        let (up, down) = (scan(0x48), scan(0x50))
        let history = ["dir", "copy a b"]
        #expect(edit([up], history: history).line == "copy a b")
        #expect(edit([up, up], history: history) == ("dir", "dir"))
        #expect(edit([up, up, up], history: history).line == "dir")
        #expect(edit([up, down], history: history) == ("", ""))
    }

    @Test func controlCharactersAreErasedWhole() {
        #expect(edit([1, 2, 8]) == ("\u{1}", "^A"))
        #expect(edit(letters("a") + [9] + letters("b") + [8, 8]).line == "a")
    }

    @Test func longHistoryAndTemplatesFitTheLine() {
        let long = String(repeating: "x", count: 200)
        #expect(edit([scan(0x48)], history: [long]).line.count == 40)
        #expect(edit([scan(0x3D)], template: long).line.count == 40)
    }
}
