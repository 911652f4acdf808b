import Boards
import Core
import Testing

private let rgb: [UInt32] = TextPalette.rgb.map { UInt32($0.red) << 16 | UInt32($0.green) << 8 | UInt32($0.blue) }

@Suite struct CRTCTimingTests {
    /// Dots of 14.318 MHz from power-on, which is the top left character.
    private func status(_ bench: CRTCBench, _ line: Int64, _ dot: Int64) -> UInt8 {
        bench.ports.read8(0x3DA, at: CRTCBench.dots(line * 912 + dot))
    }

    @Test("the CGA's status changes at exact dots")
    func colorStatus() {
        let bench = CRTCBench(.cga, isWatched: false)
        #expect(status(bench, 0, 0) == 0xF4)
        #expect(status(bench, 0, 639) == 0xF4)
        #expect(status(bench, 0, 640) == 0xF5)
        #expect(status(bench, 0, 911) == 0xF5)
        #expect(status(bench, 1, 0) == 0xF4)
        #expect(status(bench, 199, 639) == 0xF4)
        #expect(status(bench, 200, 0) == 0xF5)
        #expect(status(bench, 223, 911) == 0xF5)
        #expect(status(bench, 224, 0) == 0xFD)
        #expect(status(bench, 239, 911) == 0xFD)
        #expect(status(bench, 240, 0) == 0xF5)
        #expect(status(bench, 261, 911) == 0xF5)
        #expect(status(bench, 262, 0) == 0xF4)
        // One tick before the dot.
        #expect(bench.ports.read8(0x3DA, at: CRTCBench.dots(1_000_000 * 262 * 912) - Tick(1)) == 0xF5)
        #expect(bench.ports.read8(0x3DA, at: CRTCBench.dots(1_000_000 * 262 * 912)) == 0xF4)
    }

    @Test("frames end with the beginning of vertical sync: 59.92 Hz and 49.8 Hz")
    func frames() {
        let color = CRTCBench(.cga)
        #expect(color.adapter.frameEnd(after: .zero) == CRTCBench.dots(224 * 912))
        #expect(color.adapter.frameEnd(after: CRTCBench.dots(224 * 912)) == CRTCBench.dots((224 + 262) * 912))
        for kind in [CRTCAdapter.Kind.mda, .hercules, .herculesPlus] {
            let bench = CRTCBench(kind)
            bench.frame(1)
            let start = bench.now
            bench.frame(100)
            // 98 by 370 characters of nine dots.
            let expected = 100.0 * 98 * 9 * 370 / 16_257_000
            #expect(abs(Double((bench.now - start).count) / 2.52e9 - expected) < 1e-7)
        }
        let unwatched = CRTCBench(.cga, isWatched: false)
        #expect(unwatched.adapter.frameEnd(after: .zero) == CRTCBench.dots(224 * 912))
    }

    @Test("the MDA's status: horizontal sync, and the dot that is drawn")
    func monochromeStatus() {
        let bench = CRTCBench(.mda, isWatched: false)
        bench.set(10, 0x20)
        bench.put(0xDD, 0x07, cell: 1)  // the left half
        let clock = ClockRatio(hertz: 16_257_000)
        func status(_ dot: Int64) -> UInt8 { bench.ports.read8(0x3BA, at: clock.time(ofCycle: dot)) }
        #expect(
            (0..<18).map { status($0) } == [UInt8](repeating: 0xF0, count: 9)
                + [0xF8, 0xF8, 0xF8, 0xF8, 0xF0, 0xF0, 0xF0, 0xF0, 0xF0])
        #expect(status(82 * 9 - 1) == 0xF0 && status(82 * 9) == 0xF1)
        #expect(status(97 * 9 - 1) == 0xF1 && status(97 * 9) == 0xF0)
    }

    @Test("bit 7 of the Hercules' status is 0 in the vertical sync")
    func herculesStatus() {
        let bench = CRTCBench(.hercules, isWatched: false)
        let clock = ClockRatio(hertz: 16_257_000)
        func isSync(_ line: Int64) -> Bool { bench.ports.read8(0x3BA, at: clock.time(ofCycle: line * 882)) & 0x80 == 0 }
        #expect(!isSync(0) && !isSync(349) && isSync(350) && isSync(365) && !isSync(366))
    }

    @Test("a colour that changes in the middle of a line changes at that character")
    func midLine() throws {
        let bench = CRTCBench(.cga)
        bench.program(CRTCBench.Registers.graphics)
        bench.out(0x3D8, 0x0A)
        bench.out(0x3D9, 0x01)
        bench.frame(2)
        let top = bench.now + CRTCBench.dots((262 - 224) * 912)
        bench.now = top + CRTCBench.dots(10 * 912 + 160)
        bench.out(0x3D9, 0x04)
        bench.now = top + CRTCBench.dots(10 * 912 + 320 + 7)
        bench.out(0x3D9, 0x02)
        let frame = try #require(bench.frame())
        #expect(Set(frame.row(9, 0, 640)) == [rgb[1]])
        #expect(Set(frame.row(10, 0, 160)) == [rgb[1]])
        #expect(Set(frame.row(10, 160, 160)) == [rgb[4]])
        #expect(Set(frame.row(10, 320, 320)) == [rgb[2]])
        #expect(Set(frame.row(11, 0, 640)) == [rgb[2]])
        #expect(Set(try #require(bench.frame()).pixels) == [rgb[2]])
    }

    @Test("text above and graphics below")
    func modeSplit() throws {
        let bench = CRTCBench(.cga)
        bench.program(CRTCBench.Registers.color40)
        bench.out(0x3D8, 0x08)
        bench.out(0x3D9, 0x20)
        bench.fill(0xB_8000..<0xB_C000, 0xDB)
        bench.frame(2)
        let top = bench.now + CRTCBench.dots((262 - 224) * 912)
        bench.now = top + CRTCBench.dots(100 * 912)
        bench.out(0x3D8, 0x0A)
        let frame = try #require(bench.frame())
        #expect(frame.height == 200)
        #expect(Set(frame.row(99, 0, 640)) == [rgb[11]])
        // 11 01 10 11
        #expect(frame.row(100, 0, 8) == [7, 7, 3, 3, 5, 5, 7, 7].map { rgb[$0] })
    }

    @Test("a screen of two frames of the 6845, from two start addresses")
    func screenSplit() throws {
        let bench = CRTCBench(.cga)
        bench.set(10, 0x20)
        for cell in 0..<8_192 { bench.put(0xDB, cell < 4_096 ? 1 : 2, cell: cell) }
        bench.frame(2)
        // From the top on: 12 rows of address 0, then 13 and the rest of address 1000h.
        bench.now = bench.now + CRTCBench.dots((262 - 224) * 912)
        bench.set(4, 11)
        bench.set(5, 0)
        bench.set(12, 0x10)
        bench.now = bench.now + CRTCBench.dots(96 * 912 + 912 * 4)
        bench.set(4, 0x1F - 12)
        bench.set(5, 6)
        bench.set(6, 13)
        bench.set(7, 0x1C - 12)
        bench.set(12, 0)
        let frame = try #require(bench.frame())
        #expect(frame.width == 640 && frame.height == 200)
        #expect(Set(frame.row(95, 0, 640)) == [rgb[1]])
        #expect(Set(frame.row(96, 0, 640)) == [rgb[2]])
        #expect(Set(frame.row(199, 0, 640)) == [rgb[2]])
    }

    @Test("the start address counts from the next frame on")
    func startAddress() throws {
        let bench = CRTCBench(.cga)
        bench.set(10, 0x20)
        for cell in 0..<8_192 { bench.put(0xDB, cell < 4_096 ? 1 : 2, cell: cell) }
        bench.frame(2)
        bench.now = bench.now + CRTCBench.dots((262 - 224 + 50) * 912)
        bench.set(12, 0x10)
        #expect(Set(try #require(bench.frame()).pixels) == [rgb[1]])
        #expect(Set(try #require(bench.frame()).pixels) == [rgb[2]])
    }

    @Test("the light pen latch")
    func lightPen() {
        let bench = CRTCBench(.cga, isWatched: false)
        bench.now = CRTCBench.dots(912 * 80 + 8 * 17)
        bench.out(0x3DC, 0)
        #expect(bench.in(0x3DA) & 2 != 0)
        bench.out(0x3D4, 0x11)
        #expect(bench.in(0x3D5) == UInt8((800 + 17) & 0xFF))
        bench.out(0x3DB, 0)
        #expect(bench.in(0x3DA) & 2 == 0)
    }
}
