import Core
import Fonts
import Testing

@testable import Hosting

@Suite struct GlyphStoreTests {
    private let nothing = GlyphStore(fontDirectories: ["/nonexistent"], unifont: "/nonexistent")

    @Test(arguments: [437, 737, 850, 852, 855, 857, 858, 860, 861, 863, 865, 866, 869])
    func mostPagesNeedNothingOfTheHost(_ number: Int) throws {
        var store = nothing
        let page = try #require(CodePage.named(number))
        let result = store.fonts(page)
        let made = try #require(result)
        #expect(made.advice == nil)
        #expect(store.complaints.isEmpty)
        if number == 437 { #expect(made.fonts == .cp437) }
    }

    @Test func oneLineSaysWhatToInstall() throws {
        var store = nothing
        let page = try #require(CodePage.named(862))
        let result = store.font(page, height: 16)
        let made = try #require(result)
        #expect(made.missing.count == 27)
        #expect(made.missing.first == "\u{5D0}")
        #expect(
            made.advice
                == "code page 862: no picture of 27 characters, such as U+05D0; apt install unifont console-setup-linux"
        )
        #expect(Array(made.font.rows(of: 0x80)) == Array(made.font.rows(of: 0x81)))
        #expect(Array(made.font.rows(of: 0x41)) == Array(Font.cp437x16.rows(of: 0x41)))
        let other = store.font(page, height: 12)
        #expect(other?.font == nil)
    }

    @Test func theHostsFontsGiveWhatIsMissing() throws {
        let directory = try TemporaryDirectory()
        let alef: [UInt16] = [0x5D0, 0xFFFF, 0x41, 0xFFFF]
        let hebrew = ScreenFontFileTests.psf1(height: 8, table: alef)
        try directory.write("Hebrew-VGA8.psf.gz", ScreenFontFileTests.gzip(hebrew))
        try directory.write("Hebrew-VGA14.psf", [0x36, 0x04, 0x02, 14])
        let bet = "05D1:" + String(repeating: "81", count: 15) + "42\n"
        try directory.write("unifont.hex", Array(bet.utf8))
        var store = GlyphStore(fontDirectories: [directory.path], unifont: directory.path + "/unifont.hex")
        let page = try #require(CodePage.named(862))
        let result8 = store.font(page, height: 8)
        let x8 = try #require(result8)
        #expect(Array(x8.font.rows(of: 0x80)) == [UInt8](repeating: 0, count: 8))
        #expect(Array(x8.font.rows(of: 0x81)) == [UInt8](repeating: 0x81, count: 7) + [0xC3])
        #expect(x8.font.rows(of: 0x41) == Font.cp437x8.rows(of: 0x41))
        let result16 = store.font(page, height: 16)
        let x16 = try #require(result16)
        #expect(x16.missing.count == 26)
        let result14 = store.font(page, height: 14)
        let x14 = try #require(result14)
        #expect(Array(x14.font.rows(of: 0x81)) == [UInt8](repeating: 0x81, count: 14))
        #expect(store.complaints == ["\(directory.path)/Hebrew-VGA14.psf: the font is cut off"])
    }

    @Test func aFontIsFoundByNameOrPath() throws {
        let directory = try TemporaryDirectory()
        let own = ScreenFontFileTests.psf1(height: 16, table: [0x3B1, 0xFFFF, 0x41, 0xFFFF])
        try directory.write("Own-VGA16.psf.gz", own)
        try directory.write("dump.bin", Font.cp437x14.bytes)
        try directory.write("bad.bin", [1, 2, 3])
        var store = GlyphStore(fontDirectories: [directory.path], unifont: "/nonexistent")
        let font = try store.font(named: "Own-VGA16", .cp437)
        #expect(Array(font.rows(of: 0x41)) == [UInt8](repeating: 1, count: 16))
        #expect(font.rows(of: 0x42) == Font.cp437x16.rows(of: 0x42))
        let dump = try store.font(named: directory.path + "/dump.bin", .cp437)
        #expect(dump == .cp437x14)
        #expect(throws: HostingError("\(directory.path)/none: no such file")) {
            try store.font(named: directory.path + "/none", .cp437)
        }
        #expect(throws: HostingError.self) { try store.font(named: directory.path + "/bad.bin", .cp437) }
        #expect(throws: HostingError("no font 'None' in \(directory.path); apt install console-setup-linux")) {
            try store.font(named: "None", .cp437)
        }
    }
}
