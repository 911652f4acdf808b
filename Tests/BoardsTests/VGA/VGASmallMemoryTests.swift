import Boards
import Core
import Testing

/// EGAs with less than 256 KB: what answers, how two planes hold a picture of 640x350, and how it is shown.
@Suite struct VGASmallMemoryTests {
    private func board(_ kilobytes: Int) -> VGATestBoard {
        VGATestBoard(.ega(EGAFitting(kilobytes: kilobytes)))
    }

    private func modeD(_ board: VGATestBoard) {
        board.sequencer(2, 15)
        board.sequencer(4, 6)
        board.graphics(5, 0)
        board.graphics(6, 5)
    }

    /// IBM's mode 10h with 64 KB.
    private func mode10(_ board: VGATestBoard) {
        board.mode(
            misc: 0xA7, sequencer: [5, 15, 0, 0],
            crtc: [
                0x5B, 0x4F, 0x53, 0x17, 0x50, 0xBA, 0x6C, 0x1F, 0, 0, 0, 0, 0, 0, 0, 0, 0x5E, 0x2B, 0x5D, 20, 15, 0x5F,
                10,
                0x8B, 0xFF,
            ], graphics: [0, 0, 0, 0, 0, 0x10, 7, 15, 0xFF],
            attributes: [0, 1, 0, 0, 4, 7, 0, 0, 0, 1, 0, 0, 4, 7, 0, 0, 1, 0, 5, 0])
    }

    @Test("nothing answers where no memory is fitted", arguments: [(64, 0x4000), (128, 0x8000), (256, 0x1_0000)])
    func absent(kilobytes: Int, size: Int) {
        let board = board(kilobytes)
        modeD(board)
        for offset in stride(from: 0, to: 0x1_0000, by: 0x2000) {
            board.write(0xA_0000 + offset, UInt8(offset >> 12))
            board.write(0xA_0001 + offset, 0x5A)
        }
        for offset in stride(from: 0, to: 0x1_0000, by: 0x2000) {
            #expect(board.read(0xA_0000 + offset) == (offset < size ? UInt8(offset >> 12) : 0xFF))
        }
        // Without the bit for extended memory, two bits of an address are not looked at.
        board.sequencer(4, 4)
        #expect(board.read(0xA_C000) == 0 && board.read(0xA_C001) == 0x5A)
    }

    @Test("with 64 KB, address bit 14 is bit 0 of two chained planes, which have 32 KB together")
    func chained() {
        let board = board(64)
        mode10(board)
        for offset in 0..<28_000 { board.write(0xA_0000 + offset, UInt8(truncatingIfNeeded: offset * 5 >> 3)) }
        #expect(
            (0..<28_000).allSatisfy { board.read(0xA_0000 + $0) == UInt8(truncatingIfNeeded: $0 * 5 >> 3) })
        // The first byte is in planes 0 and 2 at offset 0, byte 4000h at offset 1.
        board.write(0xA_0000, 0x11)
        board.write(0xA_4000, 0x22)
        modeD(board)
        board.graphics(4, 2)
        #expect(board.read(0xA_0000) == 0x11 && board.read(0xA_0001) == 0x22)
    }

    @Test("a load of the shift registers lasts for two characters: plane 0, then plane 1")
    func shiftLoad() throws {
        let board = board(64)
        mode10(board)
        // Bit 0 of the colour in planes 0 and 1, bit 2 in planes 2 and 3. Lines 0 and 349; 349 lies behind 16 KB.
        for line in [0, 349] {
            let start = 0xA_0000 + line * 80
            board.sequencer(2, 0b0011)
            board.write(start, 0b1000_0001)
            board.write(start + 1, 0b0100_0000)
            board.sequencer(2, 0b1100)
            board.write(start + 1, 0b0010_0000)
            board.write(start + 79, 0b0000_0001)
            board.sequencer(2, 0b1111)
            board.write(start + 40, 0b0001_0000)
        }
        let frame = try #require(board.nextFrame() ?? board.nextFrame())
        #expect(frame.width == 640 && frame.height == 350)
        for line in [0, 349] {
            let lit = (0..<640).filter { frame.color(x: $0, y: line) != 0 }
            #expect(lit == [0, 7, 9, 10, 323, 639])
            // Blue, blue, blue, red, white, red.
            let colors = lit.map { frame.color(x: $0, y: line) }
            #expect(colors == [0xAA, 0xAA, 0xAA, 0xAA_0000, 0xAA_AAAA, 0xAA_0000])
        }
        #expect((1..<349).allSatisfy { line in (0..<640).allSatisfy { frame.color(x: $0, y: line) == 0 } })
    }
}
