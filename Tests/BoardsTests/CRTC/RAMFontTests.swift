import Boards
import Core
import TestSupport
import Testing

/// The loadable characters of the Hercules Plus.
@Suite struct RAMFontTests {
    private static let normal: UInt32 = 0x22_AA22
    private static let bright: UInt32 = 0x33_FF33

    private func bench(_ xMode: UInt8, mode: UInt8 = 0x08) -> CRTCBench {
        let bench = CRTCBench(.herculesPlus)
        bench.out(0x3BF, 3)
        bench.out(0x3B8, mode)
        bench.set(10, 0x20)
        bench.set(0x14, xMode)
        return bench
    }

    /// A row of a character of a font.
    private func put(_ bits: UInt8, row: Int, of code: Int, font: Int = 0, in bench: CRTCBench) {
        bench.memory.write8(UInt32(0xB_4000 + font * 0x1000 + code * 16 + row), bits)
    }

    private func lit(_ bits: [Int], _ color: UInt32 = normal) -> [UInt32] { bits.map { $0 == 0 ? 0 : color } }

    @Test("the status names the card")
    func identification() {
        for (kind, bits) in [(CRTCAdapter.Kind.herculesPlus, UInt8(0x10)), (.hercules, 0)] {
            #expect(CRTCBench(kind).in(0x3BA) & 0x70 == bits)
        }
    }

    @Test("one font: attributes as on the MDA, characters from memory")
    func oneFont() throws {
        let bench = bench(0x01)
        put(0b1010_0001, row: 3, of: 0x41, in: bench)
        put(0b0000_0011, row: 3, of: 0xC5, in: bench)
        bench.put(0x41, 0x07, cell: 0)
        bench.put(0xC5, 0x0F, cell: 1)
        bench.put(0x41, 0x70, cell: 2)
        bench.put(0x41, 0x01, cell: 3)
        var frame = try #require(bench.frame(2))
        #expect(frame.width == 720 && frame.height == 350)
        #expect(frame.row(3, 0, 9) == lit([1, 0, 1, 0, 0, 0, 0, 1, 0]))
        #expect(frame.row(3, 9, 9) == lit([0, 0, 0, 0, 0, 0, 1, 1, 1], Self.bright))
        #expect(frame.row(3, 18, 9) == lit([0, 1, 0, 1, 1, 1, 1, 0, 1]))
        #expect(frame.row(12, 27, 9) == lit([1, 1, 1, 1, 1, 1, 1, 1, 1]))
        #expect(bench.adapter.textScreen(at: bench.now)?.cells[2].attribute == 0x70)
        // Off, the ROM's characters are back.
        bench.set(0x14, 0)
        frame = try #require(bench.frame(2))
        #expect(frame.row(3, 0, 9) != lit([1, 0, 1, 0, 0, 0, 0, 1, 0]))
    }

    @Test("characters of eight dots, 90 in a row")
    func ninetyColumns() throws {
        let bench = bench(0x03)
        bench.set(0, 0x6D)
        bench.set(1, 90)
        bench.set(2, 0x5C)
        put(0b1000_0001, row: 0, of: 0xC1, in: bench)
        for cell in 0..<90 { bench.put(0xC1, 0x07, cell: cell) }
        let frame = try #require(bench.frame(3))
        #expect(frame.width == 720)
        #expect(frame.row(0, 0, 16) == lit([1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1]))
        #expect(bench.adapter.textScreen(at: bench.now)?.columns == 90)
    }

    @Test("twelve fonts by the attribute, with lines, reverse and wide dots")
    func twelveFonts() throws {
        let bench = bench(0x05)
        bench.set(0x15, 0xFC)
        bench.set(0x16, 6)
        for font in 0..<12 {
            put(UInt8(font) << 4 | 1, row: 2, of: 0x20, font: font, in: bench)
            bench.put(0x20, UInt8(font), cell: font)
        }
        bench.put(0x20, 0x1B, cell: 20)
        bench.put(0x20, 0x2B, cell: 21)
        bench.put(0x20, 0x4B, cell: 22)
        bench.put(0x20, 0x8B, cell: 23)
        bench.put(0x20, 0x0F, cell: 24)
        let frame = try #require(bench.frame(2))
        for font in 0..<12 {
            let bits = (0..<8).map { (font << 4 | 1) >> (7 - $0) & 1 } + [0]
            #expect(frame.row(2, font * 9, 9) == lit(bits), "font \(font)")
        }
        let line = [UInt32](repeating: Self.normal, count: 9)
        #expect(frame.row(12, 20 * 9, 9) == line && frame.row(6, 20 * 9, 9) != line)
        #expect(frame.row(6, 21 * 9, 9) == line && frame.row(12, 21 * 9, 9) != line)
        #expect(frame.row(2, 22 * 9, 9) == lit([0, 1, 0, 0, 1, 1, 1, 0, 1]))
        // 1011 0001 is drawn as 1111 1001 and a ninth dot.
        #expect(frame.row(2, 23 * 9, 9) == lit([1, 1, 1, 1, 1, 0, 0, 1, 1]))
        #expect(frame.row(2, 24 * 9, 9) == lit([0, 1, 1, 1, 0, 0, 0, 1, 0]), "font 15 is 7")
        let screen = try #require(bench.adapter.textScreen(at: bench.now))
        #expect([20, 22, 23].map { screen.cells[$0].attribute } == [0x01, 0x70, 0x0F])
    }

    @Test("with blinking allowed bit 6 blinks and bit 7 is bright")
    func blinking() throws {
        let bench = bench(0x05, mode: 0x28)
        put(0xFF, row: 0, of: 1, in: bench)
        bench.put(1, 0x40, cell: 0)
        bench.put(1, 0x80, cell: 1)
        var seen: Set<UInt32> = []
        for _ in 0..<40 {
            let frame = try #require(bench.frame())
            seen.insert(frame.color(x: 0, y: 0) ?? 1)
            #expect(frame.color(x: 9, y: 0) == Self.bright)
        }
        #expect(seen == [0, Self.normal])
    }

    @Test("the registers are saved")
    func state() throws {
        let bench = bench(0x05)
        put(0x55, row: 0, of: 7, font: 9, in: bench)
        bench.put(7, 0x09, cell: 0)
        let frame = try #require(bench.frame(2))
        let other = CRTCBench(.herculesPlus)
        #expect(restore(other.memory, from: savedState(bench.memory)) == nil)
        #expect(restore(other.adapter, from: savedState(bench.adapter)) == nil)
        #expect(other.adapter.still(at: bench.now)?.pixels == frame.pixels)
    }
}
