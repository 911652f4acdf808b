import Boards
import Core
import TestSupport
import Testing

@Suite struct VGARegisterTests {
    private let memory = GuestMemory()
    private let ports = PortMap()

    private func make() -> VGAAdapter {
        let adapter = VGAAdapter(memory: memory)
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

    @Test("it starts as 80 by 25 from B8000h")
    func defaultMode() throws {
        let adapter = make()
        print("Ochenta", cell: 80 * 3 + 10)
        let screen = try #require(adapter.textScreen(at: .seconds(1)))
        #expect(screen.columns == 80 && screen.rows == 25)
        #expect(screen.line(3) == "          Ochenta")
        #expect(screen.cells[80 * 3 + 10].attribute == 0x1E)
        #expect(screen.cursor?.row == 0 && screen.cursor?.column == 0)
        #expect(screen.isBlinkEnabled)
        #expect(screen.time == .seconds(1))
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

    @Test("43 and 50 rows on the VGA")
    func moreRows() throws {
        let adapter = make()
        set(0x3D4, 0x09, 0x47)
        #expect(try #require(adapter.textScreen(at: .zero)).rows == 50)
        // 350 lines.
        set(0x3D4, 0x12, 0x5D)
        #expect(try #require(adapter.textScreen(at: .zero)).rows == 43)
        // 200 lines doubled: 25 rows of 8.
        set(0x3D4, 0x12, 0x8F)
        set(0x3D4, 0x09, 0xC7)
        #expect(try #require(adapter.textScreen(at: .zero)).rows == 25)
    }

    @Test("row pitch and split screen of the VGA")
    func pitchAndSplit() throws {
        let adapter = make()
        set(0x3D4, 0x13, 0x50)
        print("second", cell: 160 + 1_000)
        print("status", cell: 0)
        set(0x3D4, 0x0C, UInt8(1_000 >> 8))
        set(0x3D4, 0x0D, UInt8(1_000 & 0xFF))
        // The split begins at line 384, row 24.
        set(0x3D4, 0x18, 0x7F)
        set(0x3D4, 0x09, 0x0F)
        let screen = try #require(adapter.textScreen(at: .zero))
        #expect(screen.line(1) == "second")
        #expect(screen.line(24) == "status")
    }

    @Test("VGA graphics modes give no text; the monochrome address moves with the miscellaneous register")
    func vgaGraphics() throws {
        let adapter = make()
        set(0x3CE, 0x06, 0x05)
        #expect(adapter.textScreen(at: .zero) == nil)
        set(0x3CE, 0x06, 0x0A)
        out(0x3C2, 0x66)
        print("mono", cell: 0, base: 0xB_0000)
        #expect(try #require(adapter.textScreen(at: .zero)).line(0) == "mono")
        #expect(ports.read8(0x3D4, at: .zero) == 0xFF)
        set(0x3B4, 0x0F, 0x12)
        #expect(ports.read8(0x3B5, at: .zero) == 0x12)
    }

    @Test("the attribute flip-flop is reset by status 1, and the palette is locked while it shows")
    func attributes() {
        let adapter = make()
        _ = ports.read8(0x3DA, at: .zero)
        out(0x3C0, 0x30)
        out(0x3C0, 0x84)
        _ = ports.read8(0x3DA, at: .zero)
        out(0x3C0, 0x30)
        #expect(ports.read8(0x3C1, at: .zero) == 0x84)
        #expect(adapter.textScreen(at: .zero)?.isBlinkEnabled == false)
        _ = ports.read8(0x3DA, at: .zero)
        out(0x3C0, 0x21)
        out(0x3C0, 0x3F)
        #expect(ports.read8(0x3C1, at: .zero) == 0x01)
        out(0x3C0, 0x01)
        out(0x3C0, 0x3F)
        #expect(ports.read8(0x3C1, at: .zero) == 0x3F)
        out(0x3C0, 0x20)
    }

    @Test("the DAC writes and reads colours by threes")
    func dac() {
        _ = make()
        out(0x3C8, 200)
        for value: UInt8 in [1, 2, 3, 0x44, 5, 6] { out(0x3C9, value) }
        #expect(ports.read8(0x3C8, at: .zero) == 202)
        out(0x3C7, 200)
        #expect(ports.read8(0x3C7, at: .zero) == 0b11)
        #expect((0..<6).map { _ in ports.read8(0x3C9, at: .zero) } == [1, 2, 3, 4, 5, 6])
        // Brown: number 14h of the EGA's 64.
        out(0x3C7, 0x14)
        #expect((0..<3).map { _ in ports.read8(0x3C9, at: .zero) } == [42, 21, 0])
    }

    @Test("CRTC registers 0-7 of the VGA are protected by register 11h")
    func protection() {
        _ = make()
        set(0x3D4, 0x00, 0x12)
        #expect(ports.read8(0x3D5, at: .zero) == 0x5F)
        set(0x3D4, 0x07, 0x00)
        #expect(ports.read8(0x3D5, at: .zero) == 0x0F)
        set(0x3D4, 0x11, 0x0E)
        set(0x3D4, 0x00, 0x12)
        #expect(ports.read8(0x3D5, at: .zero) == 0x12)
    }

    @Test("the VGA's status shows 70 frames a second")
    func vgaStatus() {
        _ = make()
        let shares = statusShares(0x3DA)
        // 28.322 MHz / 9 / 100 / 449 = 70.09 Hz.
        #expect((70...71).contains(shares.frames))
        #expect(abs(shares.bit0 - (1 - 80.0 * 400 / (100 * 449))) < 0.01)
        #expect(abs(shares.bit3 - 2.0 / 449) < 0.002)
    }
}
