import Boards
import Core
import Fonts
import Testing

private let rgb: [UInt32] = TextPalette.rgb.map { UInt32($0.red) << 16 | UInt32($0.green) << 8 | UInt32($0.blue) }

/// The dots of a row of a glyph as colours, each `width` times.
private func glyph(_ code: UInt8, _ row: Int, _ on: UInt32, _ off: UInt32, width: Int = 1) -> [UInt32] {
    (0..<8).flatMap { column in
        let bits = Font.cp437x8.row(row, of: code)
        return [UInt32](repeating: bits >> UInt8(7 - column) & 1 != 0 ? on : off, count: width)
    }
}

@Suite struct CGAModeTests {
    @Test("80 columns: glyph, colours, intensity, brown, background")
    func text80() throws {
        let bench = CRTCBench(.cga)
        bench.put(0x41, 0x1E, cell: 0)
        bench.put(0x42, 0x64, cell: 81)
        let frame = try #require(bench.frame(2))
        #expect(frame.width == 640 && frame.height == 200 && frame.dotAspect == Frame.Aspect(5, 12))
        #expect(frame.dotsPerPixel == 1)
        for row in 0..<8 {
            // The cursor is on cell 0, lines 6 and 7.
            if row < 6 { #expect(frame.row(row, 0, 8) == glyph(0x41, row, rgb[14], rgb[1])) }
            #expect(frame.row(8 + row, 8, 8) == glyph(0x42, row, rgb[4], 0xAA_5500))
        }
        #expect(frame.row(6, 0, 8) == [UInt32](repeating: rgb[14], count: 8))
    }

    @Test("40 columns: two dots a pixel")
    func text40() throws {
        let bench = CRTCBench(.cga)
        bench.program(CRTCBench.Registers.color40)
        bench.out(0x3D8, 0x28)
        bench.put(0x52, 0x4F, cell: 41)
        let frame = try #require(bench.frame(3))
        #expect(frame.width == 640 && frame.height == 200 && frame.dotsPerPixel == 2)
        for row in 0..<8 { #expect(frame.row(8 + row, 16, 16) == glyph(0x52, row, rgb[15], rgb[4], width: 2)) }
        #expect(frame.reduced.width == 320)
    }

    @Test("blinking characters and the cursor go by frames; without blinking the background is bright")
    func blinking() throws {
        let bench = CRTCBench(.cga)
        bench.set(14, 0)
        bench.set(15, 5)
        bench.put(0xDB, 0x91, cell: 0)
        var shown: [Bool] = []
        var cursor: [Bool] = []
        for _ in 0..<66 {
            let frame = try #require(bench.frame())
            shown.append(frame.color(x: 0, y: 0) == rgb[1])
            bench.put(0x20, 0x07, cell: 5)
            cursor.append(frame.color(x: 40, y: 7) == rgb[7])
        }
        #expect(shown.allSatisfy { $0 })
        bench.put(0xDB, 0x94, cell: 0)
        shown = try (0..<64).map { _ in try #require(bench.frame()).color(x: 0, y: 0) == rgb[4] }
        #expect(shown.filter { $0 }.count == 32)
        #expect(cursor.suffix(64).filter { $0 }.count == 32)
        bench.out(0x3D8, 0x09)
        #expect(try #require(bench.frame(2)).color(x: 0, y: 0) == rgb[4])
        bench.put(0x20, 0x94, cell: 0)
        #expect(try #require(bench.frame(2)).color(x: 0, y: 0) == rgb[9])
    }

    @Test(
        "320 by 200: palettes and background",
        arguments: [
            (UInt8(0x0A), UInt8(0x01), [1, 2, 4, 6]), (0x0A, 0x1B, [11, 10, 12, 14]), (0x0A, 0x20, [0, 3, 5, 7]),
            (0x0A, 0x34, [4, 11, 13, 15]), (0x0E, 0x00, [0, 3, 4, 7]), (0x0E, 0x12, [2, 11, 12, 15]),
        ])
    func pairs(mode: UInt8, color: UInt8, expected: [Int]) throws {
        let bench = CRTCBench(.cga)
        bench.program(CRTCBench.Registers.graphics)
        bench.out(0x3D8, mode)
        bench.out(0x3D9, color)
        bench.put([0b0001_1011], at: 0xB_8000)
        bench.put([0b1110_0100], at: 0xB_A000 + 79)
        let frame = try #require(bench.frame(3))
        #expect(frame.width == 640 && frame.height == 200 && frame.dotsPerPixel == 2)
        #expect(frame.row(0, 0, 8) == expected.flatMap { [rgb[$0], rgb[$0]] })
        #expect(frame.row(1, 632, 8) == expected.reversed().flatMap { [rgb[$0], rgb[$0]] })
    }

    @Test("640 by 200: one colour on black")
    func bits() throws {
        let bench = CRTCBench(.cga)
        bench.program(CRTCBench.Registers.graphics)
        bench.out(0x3D8, 0x1E)
        bench.out(0x3D9, 0x0C)
        bench.put([0b1010_0001], at: 0xB_8000 + 80 * 3 + 1)
        let frame = try #require(bench.frame(3))
        #expect(frame.row(6, 8, 8) == [1, 0, 1, 0, 0, 0, 0, 1].map { $0 == 1 ? rgb[12] : 0 })
        #expect(frame.dotsPerPixel == 1)
    }

    @Test("video off is black; memory is mirrored at BC000h")
    func videoOff() throws {
        let bench = CRTCBench(.cga)
        bench.memory.write8(0xB_C000, 0xDB)
        bench.memory.write8(0xB_C001, 0x0F)
        #expect(bench.memory.read8(0xB_8000) == 0xDB && bench.memory.read8(0xB_C001) == 0x0F)
        #expect(try #require(bench.frame(2)).color(x: 0, y: 0) == rgb[15])
        bench.out(0x3D8, 0x21)
        let frame = try #require(bench.frame(2))
        #expect(frame.width == 640 && frame.pixels.allSatisfy { $0 == 0 })
    }

    @Test("160 by 100: rows of two lines show the top of block characters")
    func blocks() throws {
        let bench = CRTCBench(.cga)
        bench.program(CRTCBench.Registers.color80)
        for (index, value): (UInt8, UInt8) in [(4, 0x7F), (6, 0x64), (7, 0x70), (9, 1)] { bench.set(index, value) }
        bench.set(10, 0x20)
        bench.out(0x3D8, 0x09)
        for cell in 0..<8_000 { bench.put(0xDE, UInt8(cell % 251), cell: cell) }
        let frame = try #require(bench.frame(3))
        #expect(frame.width == 640 && frame.height == 200)
        for (x, y) in [(0, 0), (79, 0), (3, 50), (79, 99)] {
            let attribute = Int(UInt8((y * 80 + x) % 251))
            let expected =
                [UInt32](repeating: rgb[attribute >> 4], count: 4)
                + [UInt32](repeating: rgb[attribute & 15], count: 4)
            #expect(frame.row(y * 2, x * 8, 8) == expected && frame.row(y * 2 + 1, x * 8, 8) == expected)
        }
        let screen = try #require(bench.adapter.textScreen(at: bench.now))
        #expect(screen.columns == 80 && screen.rows == 100)
    }

    @Test(
        "the sixteen artifact colours of 640 by 200, on both cards",
        arguments: [
            CRTCAdapter.Composite.oldCard, .newCard,
        ])
    func artifacts(card: CRTCAdapter.Composite) throws {
        let bench = CRTCBench(.cga) { $0.composite = card }
        bench.program(CRTCBench.Registers.graphics)
        bench.out(0x3D8, 0x1A)
        bench.out(0x3D9, 0x0F)
        for x in 0..<80 { bench.put([UInt8(x / 5 * 17)], at: 0xB_8000 + x) }
        let frame = try #require(bench.frame(3))
        // Black, dark green, blue, sky, red, gray, magenta, violet, olive, green, gray, aqua, orange, yellow, pink, white:
        // which of red, green and blue is strongest and weakest.
        let expected = "--- G-R B-G B-R R-G --- R-G B-G G-B G-B --- G-R R-B G-B R-G ---".split(separator: " ")
        for pattern in 0..<16 {
            let color = try #require(frame.color(x: pattern * 40 + 20, y: 0))
            for x in 4..<36 { #expect(frame.color(x: pattern * 40 + x, y: 0) == color, "\(pattern)") }
            let levels = [("R", color >> 16), ("G", color >> 8 & 255), ("B", color & 255)]
            let (high, low) = (levels.map(\.1).max() ?? 0, levels.map(\.1).min() ?? 0)
            let name = String(expected[pattern])
            if name == "---" {
                #expect(high == low)
            } else {
                #expect(levels.contains { name.hasPrefix($0.0) && $0.1 == high }, "\(pattern)")
                #expect(levels.contains { name.hasSuffix($0.0) && $0.1 == low }, "\(pattern)")
            }
        }
        #expect(frame.color(x: 20, y: 0) == 0 && frame.color(x: 620, y: 0) == 0xFF_FFFF)
        // Without the burst it is black and white.
        bench.out(0x3D8, 0x1E)
        let gray = try #require(bench.frame(2))
        #expect(Set(gray.row(0, 0, 640)) == [0, 0xFF_FFFF])
    }

    @Test("the hue control turns colours")
    func hue() throws {
        var colors: [UInt32] = []
        for degrees in [0, 90, 360, -270] {
            let bench = CRTCBench(.cga) {
                $0.composite = .oldCard
                $0.hueDegrees = degrees
            }
            bench.program(CRTCBench.Registers.graphics)
            bench.out(0x3D8, 0x1A)
            bench.out(0x3D9, 0x0F)
            bench.fill(0xB_8000..<0xB_C000, 0x22)
            colors.append(try #require(bench.frame(3)?.color(x: 100, y: 50)))
        }
        // Blue turned by a quarter is red.
        #expect(colors[0] & 255 == 255 && colors[1] >> 16 > colors[1] & 255)
        #expect(colors[0] == colors[2] && colors[1] == colors[3])
    }
}

@Suite struct MonochromeModeTests {
    private static let normal: UInt32 = 0x22_AA22
    private static let bright: UInt32 = 0x33_FF33

    private func row(_ code: UInt8, _ row: Int, _ on: UInt32, _ off: UInt32) -> [UInt32] {
        let bits = Font.cp437x14.row(row, of: code)
        let dots = (0..<8).map { bits >> UInt8(7 - $0) & 1 != 0 ? on : off }
        return dots + [(0xC0...0xDF).contains(code) ? dots[7] : off]
    }

    @Test("attributes and the ninth dot", arguments: [CRTCAdapter.Kind.mda, .hercules, .herculesPlus])
    func text(kind: CRTCAdapter.Kind) throws {
        let bench = CRTCBench(kind)
        let cells: [(UInt8, UInt8)] = [
            (0x41, 0x07), (0xC4, 0x0F), (0xB0, 0x70), (0x42, 0x01), (0x43, 0x00), (0xDB, 0x55),
        ]
        for (index, cell) in cells.enumerated() { bench.put(cell.0, cell.1, cell: 80 + index) }
        let frame = try #require(bench.frame(2))
        #expect(frame.width == 720 && frame.height == 350)
        for line in 0..<14 {
            #expect(frame.row(14 + line, 0, 9) == row(0x41, line, Self.normal, 0))
            #expect(frame.row(14 + line, 9, 9) == row(0xC4, line, Self.bright, 0))
            #expect(frame.row(14 + line, 18, 9) == row(0xB0, line, 0, Self.normal))
            let underlined = line == 12 ? [UInt32](repeating: Self.normal, count: 9) : row(0x42, line, Self.normal, 0)
            #expect(frame.row(14 + line, 27, 9) == underlined)
            #expect(frame.row(14 + line, 36, 9) == [UInt32](repeating: 0, count: 9))
            #expect(frame.row(14 + line, 45, 9) == row(0xDB, line, Self.normal, 0))
        }
    }

    @Test("the MDA's memory is mirrored up to B7FFFh")
    func mirrors() {
        let bench = CRTCBench(.mda)
        bench.memory.write8(0xB_7123, 0x5A)
        #expect(bench.memory.read8(0xB_0123) == 0x5A && bench.memory.read8(0xB_4123) == 0x5A)
    }

    @Test("phosphors")
    func phosphors() throws {
        for (phosphor, color) in [(CRTCAdapter.Phosphor.amber, 0xFF_B000), (.white, 0xFF_FFFF), (.green, 0x33_FF33)] {
            let bench = CRTCBench(.mda) { $0.phosphor = phosphor }
            bench.put(0xDB, 0x0F, cell: 0)
            #expect(try #require(bench.frame(2)).color(x: 0, y: 0) == UInt32(color))
        }
    }

    @Test("Hercules graphics: four banks, two pages, and the configuration switch")
    func graphics() throws {
        let bench = CRTCBench(.hercules)
        bench.out(0x3B8, 0x8A)
        #expect(bench.adapter.textScreen(at: bench.now) != nil, "graphics is not allowed yet")
        bench.memory.write8(0xB_8000, 0x12)
        #expect(bench.memory.read8(0xB_8000) == 0xFF, "the upper page is not there yet")
        bench.out(0x3BF, 3)
        #expect(bench.memory.read8(0xB_8000) == 0)
        bench.memory.write8(0xB_8000, 0b1010_0000)
        bench.memory.write8(0xB_E000 + 90 * 86 + 89, 0x01)
        bench.memory.write8(0xB_2000 + 1, 0x80)
        bench.program(CRTCBench.Registers.hercules)
        bench.out(0x3B8, 0x8A)
        #expect(bench.adapter.textScreen(at: bench.now) == nil)
        let upper = try #require(bench.frame(3))
        #expect(upper.width == 720 && upper.height == 348)
        #expect(upper.row(0, 0, 4) == [Self.normal, 0, Self.normal, 0])
        #expect(upper.color(x: 719, y: 347) == Self.normal)
        #expect(upper.pixels.filter { $0 != 0 }.count == 3)
        bench.out(0x3B8, 0x0A)
        let lower = try #require(bench.frame(2))
        #expect(lower.color(x: 8, y: 1) == Self.normal)
        #expect(lower.pixels.filter { $0 != 0 }.count == 1)
        bench.out(0x3BF, 1)
        #expect(bench.memory.read8(0xB_8000) == 0xFF)
    }
}

@Suite struct TandyModeTests {
    @Test("320 by 200 with 16 colours, in four banks of the pages 6 and 7", arguments: [CRTCAdapter.Kind.tandy, .pcjr])
    func sixteenColors(kind: CRTCAdapter.Kind) throws {
        let bench = CRTCBench(kind)
        bench.program(CRTCBench.Registers.fourBanks)
        bench.out(0x3DF, 0xF6)
        setMode(bench, pcjr: (0x1B, 0), tandy: (0x0B, 0x10))
        bench.memory.write8(0xB_8000, 0x1E)
        #expect(bench.memory.physical[0x1_8000] == 0x1E, "the window is on page 6")
        if kind == .pcjr {
            #expect(bench.memory.read8(0xB_C000) == 0x1E, "the PCjr's window has 16 KB, twice")
            bench.memory.physical[0x1_E000 + 160 * 49 + 159] = 0x46
        } else {
            bench.memory.write8(0xB_E000 + 160 * 49 + 159, 0x46)
        }
        let frame = try #require(bench.frame(3))
        #expect(frame.width == 640 && frame.height == 200 && frame.dotsPerPixel == 2)
        #expect(frame.row(0, 0, 4) == [rgb[1], rgb[1], rgb[14], rgb[14]])
        #expect(frame.row(199, 636, 4) == [rgb[4], rgb[4], rgb[6], rgb[6]])
        bench.setArray(0x11, 0x0C)
        #expect(try #require(bench.frame(2)).color(x: 0, y: 0) == rgb[12])
        bench.setArray(0x01, 0x07)
        #expect(try #require(bench.frame(2)).color(x: 2, y: 0) == rgb[6], "the mask takes bit 3")
    }

    @Test("the processor sees 32 KB from an even page of the Tandy, 16 KB twice from an odd one")
    func pages() {
        let bench = CRTCBench(.tandy)
        for page in UInt8(0)..<8 {
            bench.out(0x3DF, page << 3)
            bench.memory.write8(0xB_8000, page)
            bench.memory.write8(0xB_C000, 0x80 | page)
            let place = Int(page) * 0x4000
            let (first, second) = (bench.memory.physical[place], bench.memory.physical[(place + 0x4000) & 0x1_FFFF])
            #expect(page & 1 == 0 ? first == page && second == 0x80 | page : first == 0x80 | page)
        }
    }

    @Test("160 by 200 with 16 colours", arguments: [CRTCAdapter.Kind.tandy, .pcjr])
    func coarse(kind: CRTCAdapter.Kind) throws {
        let bench = CRTCBench(kind)
        bench.program(CRTCBench.Registers.graphics)
        bench.out(0x3DF, 0x7F)
        setMode(bench, pcjr: (0x1A, 0), tandy: (0x0A, 0x10))
        bench.memory.write8(0xB_8000 + 80, 0x2D)
        let frame = try #require(bench.frame(3))
        #expect(frame.width == 640 && frame.dotsPerPixel == 4)
        #expect(frame.row(2, 0, 8) == [2, 2, 2, 2, 13, 13, 13, 13].map { rgb[$0] })
    }

    @Test("640 by 200 with four colours", arguments: [CRTCAdapter.Kind.tandy, .pcjr])
    func planes(kind: CRTCAdapter.Kind) throws {
        let bench = CRTCBench(kind)
        bench.program(CRTCBench.Registers.fourBanks)
        bench.out(0x3DF, 0xF6)
        setMode(bench, pcjr: (0x0B, 0), tandy: (0x0B, 0x08))
        for (index, color) in [UInt8(1), 9, 5, 15].enumerated() { bench.setArray(UInt8(0x10 + index), color) }
        bench.memory.write8(0xB_A000, 0b0101_0000)
        bench.memory.write8(0xB_A001, 0b0011_0000)
        let frame = try #require(bench.frame(3))
        #expect(frame.row(1, 0, 5) == [1, 9, 5, 15, 1].map { rgb[$0] })
        #expect(frame.dotsPerPixel == 1)
    }

    @Test("the CGA's modes, and text in page 7", arguments: [CRTCAdapter.Kind.tandy, .pcjr])
    func compatible(kind: CRTCAdapter.Kind) throws {
        let bench = CRTCBench(kind)
        bench.memory.write8(0xB_8000 + 160, 0xDB)
        bench.memory.write8(0xB_8000 + 161, 0x05)
        #expect(bench.memory.physical[0x1_C0A0] == 0xDB)
        #expect(try #require(bench.frame(2)).color(x: 0, y: 8) == rgb[5])
        #expect(bench.adapter.textScreen(at: bench.now)?.cells[80].character == 0xDB)
        bench.program(CRTCBench.Registers.graphics)
        bench.out(0x3DF, 0x7F)
        setMode(bench, pcjr: (0x0A, 0), tandy: (0x0A, 0))
        if kind == .pcjr {
            for (index, color) in [UInt8(0), 3, 5, 7].enumerated() { bench.setArray(UInt8(0x10 + index), color) }
        } else {
            bench.out(0x3D9, 0x20)
        }
        bench.memory.write8(0xB_A000, 0b1101_0000)
        #expect(try #require(bench.frame(3)).row(1, 0, 5) == [7, 7, 3, 3, 0].map { rgb[$0] })
    }

    /// Mode registers, the gate array's register 3 the second.
    private func setMode(_ bench: CRTCBench, pcjr: (UInt8, UInt8), tandy: (UInt8, UInt8)) {
        if bench.adapter.kind == .pcjr {
            bench.setArray(0, pcjr.0)
            bench.setArray(3, pcjr.1)
        } else {
            bench.out(0x3D8, tandy.0)
            bench.setArray(3, tandy.1)
        }
    }
}
