import Boards
import Core
import Testing

/// The text that an adapter shows, for terminals and scripts.
@Suite struct CRTCTextTests {
    private func print(_ text: String, cell: Int, _ bench: CRTCBench) {
        for (index, byte) in text.utf8.enumerated() {
            let base: UInt32 = bench.base == 0x3B0 ? 0xB_0000 : 0xB_8000
            bench.memory.write8(base + UInt32(cell + index) * 2, byte)
            bench.memory.write8(base + UInt32(cell + index) * 2 + 1, 0x1E)
        }
    }

    @Test("each adapter starts as 80 by 25 from its own memory", arguments: CRTCAdapter.Kind.allCases)
    func defaultMode(kind: CRTCAdapter.Kind) throws {
        let bench = CRTCBench(kind, isWatched: false)
        print("Ochenta", cell: 80 * 3 + 10, bench)
        let screen = try #require(bench.adapter.textScreen(at: .seconds(1)))
        #expect(screen.columns == 80 && screen.rows == 25)
        #expect(screen.line(3) == "          Ochenta")
        #expect(screen.cells[80 * 3 + 10].attribute == 0x1E)
        #expect(screen.cursor?.row == 0 && screen.cursor?.column == 0)
        #expect(screen.isBlinkEnabled && screen.time == .seconds(1))
    }

    @Test("start address and cursor follow the 6845, and addresses wrap in the memory")
    func scrolling() throws {
        let bench = CRTCBench(.cga, isWatched: false)
        print("top", cell: 8_190, bench)
        print("p wraps", cell: 0, bench)
        for (index, value): (UInt8, UInt8) in [(12, 0x1F), (13, 0xFE), (14, 0x20), (15, 0x50)] {
            bench.set(index, value)
        }
        let screen = try #require(bench.adapter.textScreen(at: .zero))
        #expect(screen.line(0) == "top wraps")
        #expect(screen.cursor?.row == 1 && screen.cursor?.column == 2)
        bench.set(10, 0x20)
        #expect(try #require(bench.adapter.textScreen(at: .zero)).cursor == nil)
    }

    @Test("40 columns, blink off, video off, graphics")
    func colorModes() throws {
        let bench = CRTCBench(.cga, isWatched: false)
        print("x", cell: 40, bench)
        bench.program(CRTCBench.Registers.color40)
        bench.out(0x3D8, 0x08)
        let screen = try #require(bench.adapter.textScreen(at: .zero))
        #expect(screen.columns == 40 && screen.line(1) == "x" && !screen.isBlinkEnabled)
        bench.out(0x3D8, 0x00)
        let dark = try #require(bench.adapter.textScreen(at: .zero))
        #expect(dark.text().allSatisfy { $0 == "\n" } && dark.cursor == nil)
        bench.out(0x3D8, 0x0A)
        #expect(bench.adapter.textScreen(at: .zero) == nil)
    }

    @Test("state survives a round trip", arguments: CRTCAdapter.Kind.allCases)
    func roundTrip(kind: CRTCAdapter.Kind) {
        let bench = CRTCBench(kind, isWatched: false)
        bench.now = .milliseconds(5)
        bench.set(0x0F, 0x21)
        let other = CRTCAdapter(kind: kind, memory: bench.memory)
        #expect(bench.adapter.textScreen(at: .zero)?.cursor?.column == 0x21)
        let coder = StateCoder.saving()
        bench.adapter.transfer(coder)
        let loading = StateCoder.loading(coder.bytes)
        other.transfer(loading)
        other.stateDidRestore()
        #expect(loading.isComplete)
        #expect(other.textScreen(at: .zero) == bench.adapter.textScreen(at: .zero))
    }
}
