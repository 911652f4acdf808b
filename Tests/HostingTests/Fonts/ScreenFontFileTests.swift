import Core
import Fonts
import TestSupport
import Testing

@testable import Hosting

@Suite struct ScreenFontFileTests {
    /// A PSF 1 file of 256 glyphs; glyph n is n in every row.
    static func psf1(height: UInt8, mode: UInt8 = 0x02, table: [UInt16] = []) -> [UInt8] {
        let glyphs = (0..<256).flatMap { [UInt8](repeating: UInt8($0), count: Int(height)) }
        return [0x36, 0x04, mode, height] + glyphs
            + table.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)] }
    }

    static func psf2(
        count: UInt32, size: UInt32, height: UInt32, width: UInt32 = 8, header: UInt32 = 32, glyphs: [UInt8],
        table: [UInt8]
    ) -> [UInt8] {
        func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        let words = [0, header, 1, count, size, height, width].flatMap(word)
        return [0x72, 0xB5, 0x4A, 0x86] + words + glyphs + table
    }

    /// `bytes` in a gzip member of stored blocks.
    static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var table = [UInt32](repeating: 0, count: 256)
        for index in 0..<256 {
            table[index] = (0..<8).reduce(UInt32(index)) { value, _ in
                value & 1 == 1 ? 0xEDB8_8320 ^ value >> 1 : value >> 1
            }
        }
        let sum = ~bytes.reduce(UInt32.max) { table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] ^ $0 >> 8 }
        var out: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
        for start in stride(from: 0, to: max(bytes.count, 1), by: 65_535) {
            let block = bytes[start..<min(start + 65_535, bytes.count)]
            let size = UInt16(block.count)
            out.append(start + 65_535 >= bytes.count ? 1 : 0)
            for word in [size, ~size] { out += [UInt8(truncatingIfNeeded: word), UInt8(word >> 8)] }
            out += block
        }
        for word in [sum, UInt32(bytes.count)] { out += (0..<4).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
        return out
    }

    @Test func aPSF1FileHasItsGlyphsByCharacter() throws {
        let table: [UInt16] = [0x41, 0x391, 0xFFFF, 0x42, 0xFFFE, 0x43, 0x301, 0xFFFF, 0x41, 0xFFFF]
        let font = try ScreenFontFile(ScreenFontFileTests.psf1(height: 14, table: table))
        #expect(font.height == 14 && font.count == 256)
        #expect(font.rows(of: "A") == [UInt8](repeating: 0, count: 14))
        #expect(font.rows(of: "Α") == [UInt8](repeating: 0, count: 14))
        #expect(font.rows(of: "B") == [UInt8](repeating: 1, count: 14))
        #expect(font.rows(of: "C") == nil)
        #expect(font.rows(at: 255) == [UInt8](repeating: 255, count: 14))
        #expect(font.rows(at: 256) == nil && font.rows(at: -1) == nil)
    }

    @Test func aPSF2FileHasItsGlyphsByCharacter() throws {
        let table = Array("Aé".utf8) + [0xFF] + Array("B".utf8) + [0xFE] + Array("C\u{301}".utf8) + [0xFF]
        let file = ScreenFontFileTests.psf2(
            count: 2, size: 8, height: 8, glyphs: Array(0..<16), table: table)
        let font = try ScreenFontFile(ScreenFontFileTests.gzip(file))
        #expect(font.height == 8 && font.count == 2)
        #expect(font.rows(of: "é") == Array(0..<8))
        #expect(font.rows(of: "B") == Array(8..<16))
        #expect(font.rows(of: "C") == nil)
    }

    @Test(arguments: [8, 14, 16]) func aDumpIsTakenByItsLength(_ height: Int) throws {
        let bytes = try #require(FontSet.cp437.font(height: height)).bytes
        let font = try ScreenFontFile(bytes)
        #expect(font.height == height && font.glyphs.isEmpty)
        #expect(font.rows(at: 0x41) == Array(bytes[0x41 * height..<0x42 * height]))
    }

    @Test func lengthsThatLieAreRefused() {
        let glyphs = [UInt8](repeating: 0x55, count: 4_096)
        let wrong: [[UInt8]] = [
            [], [0x36], [0x36, 0x04], [0x36, 0x04, 0, 16], [UInt8](repeating: 1, count: 1_000),
            [0x36, 0x04, 0, 0] + glyphs, [0x36, 0x04, 0, 255] + glyphs, [0x36, 0x04, 1, 16] + glyphs,
            Array(ScreenFontFileTests.psf1(height: 16).prefix(4_000)), [0x72, 0xB5, 0x4A, 0x86],
            ScreenFontFileTests.psf2(count: .max, size: 16, height: 16, glyphs: glyphs, table: []),
            ScreenFontFileTests.psf2(count: 0, size: 16, height: 16, glyphs: glyphs, table: []),
            ScreenFontFileTests.psf2(count: 257, size: 16, height: 16, glyphs: glyphs, table: []),
            ScreenFontFileTests.psf2(count: 2, size: .max, height: .max, glyphs: glyphs, table: []),
            ScreenFontFileTests.psf2(count: 256, size: 8, height: 16, glyphs: glyphs, table: []),
            ScreenFontFileTests.psf2(count: 256, size: 16, height: 16, width: 16, glyphs: glyphs, table: []),
            ScreenFontFileTests.psf2(count: 256, size: 16, height: 16, header: .max, glyphs: glyphs, table: []),
            ScreenFontFileTests.psf2(count: 256, size: 16, height: 16, header: 0, glyphs: glyphs, table: []),
            [0x1F, 0x8B], [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 0xFF, 0xFF],
            Array(ScreenFontFileTests.gzip(glyphs).dropLast(9)),
            ScreenFontFileTests.gzip([UInt8](repeating: 0, count: ScreenFontFile.sizeLimit + 1)),
        ]
        for (index, file) in wrong.enumerated() {
            #expect(throws: HostingError.self, "file \(index)") { try ScreenFontFile(file) }
        }
    }

    /// Whatever is in a file, every glyph that it offers has its rows.
    @Test func damagedFilesNeverTrap() {
        var random = SeededGenerator(seed: 0x0F0F)
        let table = Array("Aé".utf8) + [0xFF] + Array("B".utf8) + [0xFE, 0x41, 0xFF]
        let psf2 = ScreenFontFileTests.psf2(
            count: 4, size: 8, height: 8, glyphs: Array(0..<32), table: table)
        let seeds = [
            ScreenFontFileTests.psf1(height: 2, table: [0x41, 0xFFFF, 0xFFFE, 0x42, 0xFFFF]), psf2,
            ScreenFontFileTests.gzip(psf2), [UInt8](repeating: 7, count: 2_048),
        ]
        for round in 0..<6_000 {
            var file = seeds[round % seeds.count]
            for _ in 0..<Int.random(in: 1...6, using: &random) {
                // Mostly the header.
                let reach = Bool.random(using: &random) ? min(40, file.count) : file.count
                guard reach > 0 else { break }
                file[Int.random(in: 0..<reach, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if Bool.random(using: &random) { file.removeLast(Int.random(in: 0...file.count, using: &random)) }
            if round % 7 == 0 { file += (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) } }
            guard let font = try? ScreenFontFile(file) else { continue }
            #expect((1...32).contains(font.height) && (1...65_536).contains(font.count))
            for index in font.glyphs.values { #expect(font.rows(at: index)?.count == font.height) }
            #expect(font.rows(at: font.count - 1)?.count == font.height)
        }
    }

    @Test func unifontLinesAreTakenIfTheyAreRight() {
        let right = "0041:" + String(repeating: "0F", count: 16)
        let text = [
            right, "0042:00", "0043:" + String(repeating: "0F", count: 32),
            "D800:" + String(repeating: "0F", count: 16), "0044:" + String(repeating: "0G", count: 16),
            ":" + String(repeating: "0F", count: 16), "", "0045", "::::",
            "1F600:" + String(repeating: "a5", count: 16) + "\r", "FFFFFFFF:" + String(repeating: "0F", count: 16),
        ].joined(separator: "\n")
        let file = UnifontFile(Array(text.utf8), wanted: ["A", "B", "C", "D", "E", "\u{1F600}"])
        #expect(file.glyphs.count == 2)
        #expect(file.glyphs["A"] == [UInt8](repeating: 0x0F, count: 16))
        #expect(file.glyphs["\u{1F600}"] == [UInt8](repeating: 0xA5, count: 16))
        #expect(UnifontFile(Array(right.utf8), wanted: ["B"]).glyphs.isEmpty)
    }

    @Test func damagedListsNeverTrap() {
        var random = SeededGenerator(seed: 0xF0F0)
        let lines = (0x41..<0x61).map { "00" + String($0, radix: 16) + ":" + String(repeating: "3C", count: 16) + "\n" }
        let wanted = Set((0..<0x80).map { Unicode.Scalar(UInt8($0)) })
        for _ in 0..<500 {
            var file = Array(lines.joined().utf8)
            for _ in 0..<40 {
                file[Int.random(in: 0..<file.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            file.removeLast(Int.random(in: 0..<file.count, using: &random))
            #expect(UnifontFile(file, wanted: wanted).glyphs.values.allSatisfy { $0.count == 16 })
        }
    }
}
