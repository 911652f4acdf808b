import Boards
import Core
import TestSupport
import Testing

@Suite struct TextAdapterTests {
    private let memory = GuestMemory()
    private let ports = PortMap()

    private func make(_ kind: TextAdapter.Kind) -> TextAdapter {
        let adapter = TextAdapter(kind: kind, memory: memory)
        adapter.attach(to: ports)
        return adapter
    }

    private func out(_ port: UInt16, _ value: UInt8) { ports.write8(port, value, at: .zero) }
    private func set(_ port: UInt16, _ index: UInt8, _ value: UInt8) {
        out(port, index)
        out(port + 1, value)
    }

    private func print(_ text: String, cell: Int, base: Int = 0xB_8000) {
        for (index, byte) in text.utf8.enumerated() {
            memory.physical[base + (cell + index) * 2] = byte
            memory.physical[base + (cell + index) * 2 + 1] = 0x1E
        }
    }

    @Test("each adapter starts as 80 by 25 from its own memory", arguments: [TextAdapter.Kind.mda, .cga])
    func defaultMode(kind: TextAdapter.Kind) throws {
        let adapter = make(kind)
        print("Ochenta", cell: 80 * 3 + 10, base: kind == .mda ? 0xB_0000 : 0xB_8000)
        let screen = try #require(adapter.textScreen(at: .seconds(1)))
        #expect(screen.columns == 80 && screen.rows == 25)
        #expect(screen.line(3) == "          Ochenta")
        #expect(screen.cells[80 * 3 + 10].attribute == 0x1E)
        #expect(screen.cursor?.row == 0 && screen.cursor?.column == 0)
        #expect(screen.isBlinkEnabled)
        #expect(screen.time == .seconds(1))
    }

    @Test("start address and cursor follow the CRTC, and addresses wrap in the memory")
    func scrolling() throws {
        let adapter = make(.cga)
        print("top", cell: 8_190)
        print("p wraps", cell: 0)
        set(0x3D4, 0x0C, 0x1F)
        set(0x3D4, 0x0D, 0xFE)
        set(0x3D4, 0x0E, 0x20)
        set(0x3D4, 0x0F, 0x50)
        let screen = try #require(adapter.textScreen(at: .zero))
        #expect(screen.line(0) == "top wraps")
        #expect(screen.cursor?.row == 1 && screen.cursor?.column == 2)
        set(0x3D4, 0x0A, 0x20)
        #expect(try #require(adapter.textScreen(at: .zero)).cursor == nil)
    }

    @Test("40 columns, blink off, video off, graphics on the CGA")
    func colorModes() throws {
        let adapter = make(.cga)
        print("x", cell: 40)
        for (index, value): (UInt8, UInt8) in [(0, 0x38), (1, 0x28), (2, 0x2D)] { set(0x3D4, index, value) }
        out(0x3D8, 0x08)
        let screen = try #require(adapter.textScreen(at: .zero))
        #expect(screen.columns == 40)
        #expect(screen.line(1) == "x")
        #expect(!screen.isBlinkEnabled)
        out(0x3D8, 0x00)
        let dark = try #require(adapter.textScreen(at: .zero))
        #expect(dark.text().allSatisfy { $0 == "\n" })
        #expect(dark.cursor == nil)
        out(0x3D8, 0x0A)
        #expect(adapter.textScreen(at: .zero) == nil)
    }

    /// Frames in one second, and the shares of time with bits 0 and 3 of the status set.
    private func statusShares(_ port: UInt16) -> (frames: Int, bit0: Double, bit3: Double) {
        var (frames, bit0, bit3) = (0, 0, 0)
        var last: UInt8 = 0
        let samples = 100_000
        for sample in 0..<samples {
            let status = ports.read8(port, at: .microseconds(10 * Int64(sample)))
            if status & 8 != 0 && last & 8 == 0 { frames += 1 }
            bit0 += Int(status & 1)
            bit3 += Int(status >> 3 & 1)
            last = status
        }
        return (frames, Double(bit0) / Double(samples), Double(bit3) / Double(samples))
    }

    @Test("the CGA's status shows 60 frames a second")
    func colorStatus() {
        _ = make(.cga)
        let shares = statusShares(0x3DA)
        // 14.31818 MHz / 8 / 114 / 262 = 59.92 Hz.
        #expect((59...60).contains(shares.frames))
        #expect(abs(shares.bit0 - (1 - 80.0 * 200 / (114 * 262))) < 0.01)
        #expect(abs(shares.bit3 - 16.0 / 262) < 0.01)
    }

    @Test("the MDA's horizontal sync and video bits both change")
    func monochromeStatus() {
        _ = make(.mda)
        let statuses = Set((0..<2_000).map { ports.read8(0x3BA, at: .microseconds($0)) })
        #expect(statuses == [0xF0, 0xF1, 0xF8])
    }

    @Test("any register values give a screen or none, never a trap")
    func anyValues() {
        for kind in [TextAdapter.Kind.mda, .cga] {
            let adapter = make(kind)
            for value: UInt8 in [0x00, 0xFF, 0x7F, 0x80, 0x1F] {
                for port in adapter.portRanges.joined() {
                    for index in 0..<UInt8(0x20) {
                        if [4, 14].contains(port & 15) { out(port, index) }
                        out(port, value)
                        _ = ports.read8(port, at: Tick(Int64(value) * 12_345_678_901))
                    }
                }
                _ = adapter.textScreen(at: .zero)
                for index in 0..<UInt8(0x12) { set(kind == .mda ? 0x3B4 : 0x3D4, index, value) }
                _ = adapter.textScreen(at: .zero)
                _ = ports.read8(0x3DA, at: .seconds(1_000_000))
                _ = ports.read8(0x3BA, at: .seconds(1_000_000))
            }
        }
    }

    @Test("state survives a round trip", arguments: [TextAdapter.Kind.mda, .cga])
    func roundTrip(kind: TextAdapter.Kind) {
        let adapter = make(kind)
        set(kind == .mda ? 0x3B4 : 0x3D4, 0x0F, 0x21)
        let other = TextAdapter(kind: kind, memory: memory)
        #expect(restore(other, from: savedState(adapter)) == nil)
        #expect(savedState(other) == savedState(adapter))
        #expect(
            other.textScreen(at: .zero)?.cursor?.column
                == adapter.textScreen(at: .zero)?.cursor?.column)
    }
}
