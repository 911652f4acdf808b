import Boards
import Core
import Testing

@Suite struct VGABorderTests {
    private func shade(_ index: Int) -> UInt32 { VGATestBoard.shade(index) }

    @Test("mode 12h has eight dots and eight lines of border")
    func mode12h() throws {
        let board = VGATestBoard(showsBorder: true)
        board.mode12h()
        board.attribute(0x11, 9)
        board.adapter.isWatched = true
        _ = board.nextFrame()
        let frame = try #require(board.nextFrame())
        #expect(frame.width == 656 && frame.height == 496)
        #expect(frame.border == Frame.Border(left: 8, top: 8, right: 8, bottom: 8))
        #expect(board.adapter.still(at: board.now)?.pixels == frame.pixels)
        for (x, y) in [(0, 0), (655, 495), (7, 250), (648, 250), (300, 7), (300, 488)] {
            #expect(frame.color(x: x, y: y) == shade(9), "\(x), \(y)")
        }
        #expect(frame.color(x: 8, y: 8) == shade(0) && frame.color(x: 647, y: 487) == shade(0))
    }

    @Test("mode 13h keeps its pixels inside the border")
    func mode13h() throws {
        let (plain, bordered) = (VGATestBoard(), VGATestBoard(showsBorder: true))
        var frames: [Frame] = []
        for board in [plain, bordered] {
            board.mode13h()
            for address in 0..<64_000 { board.write(0xA_0000 + address, UInt8(truncatingIfNeeded: address * 7)) }
            board.adapter.isWatched = true
            _ = board.nextFrame()
            frames.append(try #require(board.nextFrame()))
        }
        #expect(frames[1].withoutBorder.pixels == frames[0].pixels)
        // Seven lines, of which the odd one is no pixel.
        #expect(frames[1].border == Frame.Border(left: 8, top: 6, right: 8, bottom: 6))
        #expect(frames[1].reduced.width == 328 && frames[1].reduced.height == 206)
    }

    @Test("the overscan register acts where the beam is")
    func bars() throws {
        let board = VGATestBoard(showsBorder: true)
        board.mode12h()
        board.attribute(0x11, 3)
        board.adapter.isWatched = true
        _ = board.nextFrame()
        _ = board.nextFrame()
        // Lines of 800 dots; the retrace begins with line 490 of 525.
        let start = board.now
        func time(_ line: Int) -> Tick { Tick(start.count + Int64((35 + line) * 800) * Tick.perSecond / 25_175_000) }
        board.now = time(100)
        board.attribute(0x11, 5)
        board.now = time(120)
        board.attribute(0x11, 3)
        let frame = try #require(board.nextFrame())
        let lines = (0..<frame.height).filter { frame.color(x: 652, y: $0) == shade(5) }
        #expect(lines == Array(108..<128), "\(lines)")
        // The left end of a line comes just before it.
        #expect(frame.color(x: 2, y: 108 + 1) == shade(5) && frame.color(x: 2, y: 128) != shade(0))
        #expect(frame.color(x: 652, y: 50) == shade(3) && frame.color(x: 300, y: 490) == shade(3))
    }

    @Test("an EGA has a border around 200 lines")
    func ega() throws {
        let board = VGATestBoard(.ega(EGAFitting(monitor: .color)), showsBorder: true)
        // Mode 0Dh.
        board.mode(
            misc: 0x23, sequencer: [0x0B, 0x0F, 0x00, 0x06],
            crtc: [
                0x37, 0x27, 0x2D, 0x37, 0x30, 0x14, 0x04, 0x11, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xE1,
                0x24,
                0xC7, 0x14, 0x00, 0xE0, 0xF0, 0xA3, 0xFF,
            ], graphics: [0, 0, 0, 0, 0, 0, 0x05, 0x0F, 0xFF],
            attributes: [UInt8](0...15) + [0x01, 0x04, 0x0F, 0x00])
        board.adapter.isWatched = true
        _ = board.nextFrame()
        let frame = try #require(board.nextFrame())
        let border = frame.border
        #expect(frame.width - border.left - border.right == 320 && border.left > 0 && border.right > 0)
        #expect(frame.height - border.top - border.bottom == 200 && border.top == 16 && border.bottom == 16)
        #expect(frame.color(x: 1, y: 1) == 0xAA_0000)
    }
}
