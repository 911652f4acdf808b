import Core
import Testing

@testable import Fonts

@Suite struct FontTests {
    static let fonts = [Font.cp437x8, .cp437x14, .cp437x16]

    @Test(arguments: fonts) func onlyTheBlanksLookAlike(_ font: Font) {
        var codes: [[UInt8]: [UInt8]] = [:]
        for code in UInt8(0)...0xFF { codes[Array(font.rows(of: code)), default: []].append(code) }
        #expect(codes.values.filter { $0.count > 1 } == [[0x00, 0x20, 0xFF]])
    }

    @Test(arguments: fonts) func lettersAndDigitsLeaveTheLastColumnFree(_ font: Font) {
        for character in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8 {
            #expect(font.rows(of: character).allSatisfy { $0 & 1 == 0 }, "\(Character(Unicode.Scalar(character)))")
        }
    }

    @Test(arguments: zip(fonts, [(0, 6), (2, 10), (2, 11)])) func capitalsAndDigitsStandOnTheBaseLine(
        _ font: Font, _ rows: (Int, Int)
    ) {
        for character in "ABCDEFGHIJKLMNOPRSTUVWXYZ0123456789".utf8 {
            let inked = (0..<font.height).filter { font.row($0, of: character) != 0 }
            #expect(inked.first == rows.0 && inked.last == rows.1, "\(Character(Unicode.Scalar(character)))")
        }
    }

    @Test func sizesAreChecked() {
        #expect(Font(height: 8, bytes: [UInt8](repeating: 0, count: 2_047)) == nil)
        #expect(Font(height: 0, bytes: []) == nil)
        #expect(Font(height: 33, bytes: [UInt8](repeating: 0, count: 33 * 256)) == nil)
        #expect(Font(height: 32, bytes: [UInt8](repeating: 0, count: 32 * 256)) != nil)
        #expect(FontSet(x8: .cp437x14, x14: .cp437x14, x16: .cp437x16) == nil)
        #expect(Font.cp437x8.row(8, of: 0xDB) == 0 && Font.cp437x8.row(-1, of: 0xDB) == 0)
    }

    // MARK: Lines

    /// The lines that leave a character's middle: how many to the left, right, top and bottom.
    private static let arms: [Unicode.Scalar: [Int]] = [
        "│": [0, 0, 1, 1], "┤": [1, 0, 1, 1], "╡": [2, 0, 1, 1], "╢": [1, 0, 2, 2], "╖": [1, 0, 0, 2],
        "╕": [2, 0, 0, 1], "╣": [2, 0, 2, 2], "║": [0, 0, 2, 2], "╗": [2, 0, 0, 2], "╝": [2, 0, 2, 0],
        "╜": [1, 0, 2, 0], "╛": [2, 0, 1, 0], "┐": [1, 0, 0, 1], "└": [0, 1, 1, 0], "┴": [1, 1, 1, 0],
        "┬": [1, 1, 0, 1], "├": [0, 1, 1, 1], "─": [1, 1, 0, 0], "┼": [1, 1, 1, 1], "╞": [0, 2, 1, 1],
        "╟": [0, 1, 2, 2], "╚": [0, 2, 2, 0], "╔": [0, 2, 0, 2], "╩": [2, 2, 2, 0], "╦": [2, 2, 0, 2],
        "╠": [0, 2, 2, 2], "═": [2, 2, 0, 0], "╬": [2, 2, 2, 2], "╧": [2, 2, 1, 0], "╨": [1, 1, 2, 0],
        "╤": [2, 2, 0, 1], "╥": [1, 1, 0, 2], "╙": [0, 1, 2, 0], "╘": [0, 2, 1, 0], "╒": [0, 2, 0, 1],
        "╓": [0, 1, 0, 2], "╫": [1, 1, 2, 2], "╪": [2, 2, 1, 1], "┘": [1, 0, 1, 0], "┌": [0, 1, 0, 1],
    ]

    /// Each side of a line-drawing character has the dots that the straight line of that kind has, so any two join.
    @Test(arguments: fonts) func linesJoin(_ font: Font) throws {
        func rows(_ scalar: Unicode.Scalar) throws -> [UInt8] {
            let code = try #require(CodePage.cp437.code(of: scalar))
            return Array(font.rows(of: code))
        }
        let blank = [UInt8](repeating: 0, count: font.height)
        let across = [blank, try rows("─"), try rows("═")]
        let upright = [blank, try rows("│"), try rows("║")]
        #expect(across.dropFirst().allSatisfy { $0.allSatisfy { $0 == 0 || $0 == 0xFF } })
        #expect(upright.allSatisfy { Set($0).count == 1 })
        #expect(FontTests.arms.count == 40)
        for (scalar, arms) in FontTests.arms {
            let glyph = try rows(scalar)
            #expect(glyph.map { $0 >> 7 } == across[arms[0]].map { $0 >> 7 }, "left of \(scalar)")
            #expect(glyph.map { $0 & 1 } == across[arms[1]].map { $0 & 1 }, "right of \(scalar)")
            #expect(glyph.first == upright[arms[2]].first, "top of \(scalar)")
            #expect(glyph.last == upright[arms[3]].last, "bottom of \(scalar)")
        }
    }

    /// From any dot of a side, dots lead to another side: nothing ends in the cell or stands alone.
    @Test(arguments: fonts) func linesAreUnbroken(_ font: Font) throws {
        for scalar in FontTests.arms.keys {
            let code = try #require(CodePage.cp437.code(of: scalar))
            var unseen = Set<[Int]>()
            for row in 0..<font.height {
                let dots = font.row(row, of: code)
                for column in 0..<8 where dots >> (7 - column) & 1 == 1 { unseen.insert([row, column]) }
            }
            while let start = unseen.first {
                var sides = Set<Int>()
                var open = [start]
                unseen.remove(start)
                while let dot = open.popLast() {
                    if dot[0] == 0 { sides.insert(0) }
                    if dot[0] == font.height - 1 { sides.insert(1) }
                    if dot[1] == 0 { sides.insert(2) }
                    if dot[1] == 7 { sides.insert(3) }
                    for next in [
                        [dot[0] - 1, dot[1]], [dot[0] + 1, dot[1]], [dot[0], dot[1] - 1], [dot[0], dot[1] + 1],
                    ] where unseen.remove(next) != nil { open.append(next) }
                }
                #expect(sides.count >= 2, "\(scalar)")
            }
        }
    }

    @Test(arguments: fonts) func blocksFillTheirHalvesAndShadesRepeat(_ font: Font) {
        let (height, half) = (font.height, font.height / 2)
        #expect(font.rows(of: 0xDB).allSatisfy { $0 == 0xFF })
        #expect(font.rows(of: 0xDD).allSatisfy { $0 == 0xF0 } && font.rows(of: 0xDE).allSatisfy { $0 == 0x0F })
        for row in 0..<height {
            #expect(font.row(row, of: 0xDC) == (row < half ? 0 : 0xFF))
            #expect(font.row(row, of: 0xDF) == (row < half ? 0xFF : 0))
            for shade in UInt8(0xB0)...0xB2 {
                // The same two rows again and again, four dots again and again: no seam between cells.
                #expect(font.row(row, of: shade) == font.row(row & 1, of: shade))
                #expect(font.row(row, of: shade) >> 4 == font.row(row, of: shade) & 15)
            }
        }
        let dots = [0xB0, 0xB1, 0xB2].map { font.rows(of: $0).reduce(0) { $0 + $1.nonzeroBitCount } }
        #expect(dots == [height * 2, height * 4, height * 6])
    }

    @Test(arguments: fonts) func theHalvesOfTheIntegralJoin(_ font: Font) {
        #expect(font.rows(of: 0xF4).last == font.rows(of: 0xF5).first)
        #expect(font.rows(of: 0xF4).last != 0)
        #expect(font.rows(of: 0xF5).last == 0 || font.height == 8)
    }
}
