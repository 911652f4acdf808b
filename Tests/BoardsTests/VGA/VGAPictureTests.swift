import Boards
import Core
import TestSupport
import Testing

@Suite struct VGAPictureTests {
    private func shade(_ index: Int) -> UInt32 { VGATestBoard.shade(index) }

    private func watched(_ set: (VGATestBoard) -> Void) -> VGATestBoard {
        let board = VGATestBoard()
        set(board)
        board.adapter.isWatched = true
        return board
    }

    /// The time at which the beam is at a dot of the present or next frame, by 800 dots at 25.175 MHz.
    private func time(of line: Int, dot: Int = 700, in board: VGATestBoard) -> Tick {
        let end = board.adapter.frameEnd(after: board.now)
        let retrace = board.ports.peek8(0x3DA, at: end) & 8
        #expect(retrace != 0)
        // From the retrace to line 0 are 449 - 412 lines.
        return Tick(end.count + Int64((37 + line) * 800 + dot) * Tick.perSecond / 25_175_000)
    }

    @Test("mode 13h shows each byte as two dots on two lines")
    func mode13h() throws {
        let board = watched { $0.mode13h() }
        for address in 0..<64_000 { board.write(0xA_0000 + address, UInt8(truncatingIfNeeded: address ^ address >> 8)) }
        let frame = try #require(board.nextFrame())
        #expect(frame.width == 640 && frame.height == 400)
        #expect(frame.dotsPerPixel == 2 && frame.linesPerPixel == 2 && frame.dotAspect == Frame.Aspect(5, 6))
        let reduced = frame.reduced
        #expect(reduced.width == 320 && reduced.height == 200)
        for address in 0..<64_000 {
            let color = UInt8(truncatingIfNeeded: address ^ address >> 8)
            #expect(reduced.pixels[address] == shade(Int(color)))
        }
        #expect(board.nextFrame() == frame)
        board.write(0xA_0000 + 320 * 199 + 319, 77)
        #expect(try #require(board.nextFrame()).color(x: 639, y: 399) == shade(77))
    }

    @Test("a split screen at any line begins again at address 0", arguments: [0, 1, 100, 199, 398])
    func split(line: Int) throws {
        let board = watched { $0.mode13h() }
        for address in 0..<64_000 { board.write(0xA_0000 + address, UInt8(truncatingIfNeeded: address / 320)) }
        board.crtc(0x0C, 0x1F)
        board.crtc(0x0D, 0x40)
        board.crtc(0x18, UInt8(truncatingIfNeeded: line))
        board.crtc(0x07, 0x1F & ~0x10 | UInt8(line >> 8 & 1) << 4)
        board.crtc(0x09, 0x01)
        _ = board.nextFrame()
        let frame = try #require(board.nextFrame())
        // The start is 8,000 words of four pixels, line 100.
        for y in 0..<400 {
            let row = y <= line ? 100 + y / 2 : (y - line - 1) / 2
            #expect(frame.color(x: 5, y: y) == shade(row < 200 ? row : (row * 320 < 65_536 ? 0 : 0)), "line \(y)")
        }
    }

    @Test("panning moves the line to the left, and not below the split if the mode says so")
    func panning() throws {
        let board = watched { $0.mode13h() }
        for address in 0..<64_000 { board.write(0xA_0000 + address, UInt8(truncatingIfNeeded: address % 320)) }
        board.attribute(0x13, 4)
        var frame = try #require(board.nextFrame())
        #expect(frame.color(x: 0, y: 10) == shade(2) && frame.color(x: 2, y: 10) == shade(3))
        #expect(frame.color(x: 639, y: 10) == shade(1))
        board.crtc(0x18, 99)
        board.crtc(0x07, 0x0F)
        board.crtc(0x09, 0x01)
        board.attribute(0x10, 0x61)
        frame = try #require(board.nextFrame())
        frame = try #require(board.nextFrame())
        #expect(frame.color(x: 0, y: 99) == shade(2))
        #expect(frame.color(x: 0, y: 100) == shade(0))
    }

    @Test("a colour that changes in the middle of a frame changes at its dot")
    func palette() throws {
        let board = watched { $0.mode13h() }
        _ = board.nextFrame()
        let before = shade(0)
        for line in [50, 200, 201] {
            _ = board.nextFrame()
            board.color(0, 0, 0, 0)
            board.now = time(of: line, dot: 324, in: board)
            board.color(0, 63, 0, 0)
            let frame = try #require(board.nextFrame())
            let columns = (0..<640).filter { frame.color(x: $0, y: line) == 0xFF_0000 }
            let first = try #require(columns.first)
            #expect((316...328).contains(first) && first % 8 == 0 && columns.count == 640 - first)
            #expect(frame.color(x: 639, y: line - 1) == before && frame.color(x: 0, y: line + 1) == 0xFF_0000)
            #expect(frame.color(x: 0, y: 0) == before)
            #expect(frame.color(x: 639, y: 399) == 0xFF_0000)
        }
    }

    @Test("mode X: planes are pixels, and a page flips at the retrace")
    func modeX() throws {
        let board = watched { $0.modeX() }
        for (plane, color) in [UInt8(10), 20, 30, 40].enumerated() {
            board.sequencer(2, 1 << UInt8(plane))
            for offset in 0..<16_000 { board.write(0xA_0000 + offset, color) }
        }
        board.sequencer(2, 15)
        for offset in 16_000..<32_000 { board.write(0xA_0000 + offset, 50) }
        let frame = try #require(board.nextFrame()).reduced
        #expect((0..<5).map { frame.color(x: $0, y: 100) } == [10, 20, 30, 40, 10].map { shade($0) })
        board.now = time(of: 100, in: board)
        board.crtc(0x0C, UInt8(16_000 >> 8))
        board.crtc(0x0D, UInt8(16_000 & 0xFF))
        let same = try #require(board.nextFrame()).reduced
        #expect(same.pixels == frame.pixels)
        let flipped = try #require(board.nextFrame()).reduced
        #expect(flipped.pixels.allSatisfy { $0 == shade(50) })
    }

    @Test("360 by 480 in 256 colours")
    func tweaked() throws {
        let board = watched { $0.modeX() }
        board.out(0x3C2, 0xE7)
        board.crtc(0x11, 0x0C)
        for (index, value): (UInt8, UInt8) in [
            (0, 0x6B), (1, 0x59), (2, 0x5A), (3, 0x8E), (4, 0x5E), (5, 0x8A), (6, 0x0D), (7, 0x3E), (9, 0x40),
            (0x10, 0xEA), (0x11, 0xAC), (0x12, 0xDF), (0x13, 0x2D), (0x15, 0xE7), (0x16, 0x06),
        ] {
            board.crtc(index, value)
        }
        board.sequencer(2, 8)
        board.write(0xA_0000 + 90 * 479 + 89, 9)
        _ = board.nextFrame()
        let frame = try #require(board.nextFrame())
        #expect(frame.width == 720 && frame.height == 480 && frame.dotAspect == Frame.Aspect(8, 9))
        #expect(frame.reduced.width == 360 && frame.reduced.color(x: 359, y: 479) == shade(9))
        #expect(frame.reduced.color(x: 358, y: 479) == shade(0))
    }

    @Test("16 colours of four planes in mode 12h")
    func planar() throws {
        let board = watched { $0.mode12h() }
        board.graphics(5, 2)
        for bit in 0..<8 {
            board.graphics(8, 0x80 >> UInt8(bit))
            _ = board.read(0xA_0000 + 80 * 479 + 79)
            board.write(0xA_0000 + 80 * 479 + 79, UInt8(bit + 8))
        }
        let frame = try #require(board.nextFrame())
        #expect(frame.width == 640 && frame.height == 480 && frame.dotAspect == Frame.Aspect(1, 1))
        #expect((632..<640).map { frame.color(x: $0, y: 479) } == (8..<16).map { shade($0) })
        #expect(frame.color(x: 631, y: 479) == shade(0))
        #expect(board.adapter.textScreen(at: board.now) == nil)
    }

    /// Puts `rows` into the font of character `code` of a block.
    private func font(_ board: VGATestBoard, _ code: Int, _ rows: [UInt8], block: Int = 0) {
        for (index, value): (UInt8, UInt8) in [(2, 4), (4, 7)] { board.sequencer(index, value) }
        board.graphics(5, 0)
        board.graphics(6, 4)
        for (line, bits) in rows.enumerated() { board.write(0xA_0000 + block + code * 32 + line, bits) }
        for (index, value): (UInt8, UInt8) in [(2, 3), (4, 3)] { board.sequencer(index, value) }
        board.graphics(5, 0x10)
        board.graphics(6, 0x0E)
    }

    private func text(_ board: VGATestBoard, _ cells: [(UInt8, UInt8)]) {
        for (index, cell) in cells.enumerated() {
            board.write(0xB_8000 + index * 2, cell.0)
            board.write(0xB_8001 + index * 2, cell.1)
        }
    }

    @Test("text has nine dots; line characters reach into the ninth, others do not")
    func text() throws {
        let board = watched { board in
            font(board, 0xC4, [0xFF])
            font(board, 0x41, [0xFF])
            text(board, [(0xC4, 0x1F), (0x41, 0x1F), (0x20, 0x40)])
            board.crtc(0x0A, 0x20)
        }
        let frame = try #require(board.nextFrame())
        #expect(frame.width == 720 && frame.height == 400 && frame.dotAspect == Frame.Aspect(20, 27))
        let (white, blue, red): (UInt32, UInt32, UInt32) = (0xFF_FFFF, 0x00_00AA, 0xAA_0000)
        #expect((0..<18).map { frame.color(x: $0, y: 0) } == [UInt32](repeating: white, count: 17) + [blue])
        #expect(frame.color(x: 18, y: 0) == red && frame.color(x: 0, y: 1) == blue)
        // Without line graphics the ninth dot is always background.
        board.attribute(0x10, 8)
        #expect(try #require(board.nextFrame()).color(x: 8, y: 0) == blue)
    }

    @Test("512 characters: attribute bit 3 chooses the font")
    func twoFonts() throws {
        let board = watched { board in
            font(board, 0x41, [0x80])
            font(board, 0x41, [0x40], block: 0x4000)
            text(board, [(0x41, 0x07), (0x41, 0x0F)])
            board.crtc(0x0A, 0x20)
            board.sequencer(3, 0x04)
        }
        let frame = try #require(board.nextFrame())
        #expect(frame.color(x: 0, y: 0) == 0xAA_AAAA && frame.color(x: 1, y: 0) == 0)
        #expect(frame.color(x: 9, y: 0) == 0 && frame.color(x: 10, y: 0) == 0xFF_FFFF)
    }

    @Test("the cursor has its lines and blinks every eight frames; blinking characters every sixteen")
    func cursor() throws {
        let board = watched { board in
            font(board, 0x41, [UInt8](repeating: 0xFF, count: 16))
            text(board, [(0x20, 0x07), (0x41, 0x87)])
            board.crtc(0x0A, 3)
            board.crtc(0x0B, 5)
        }
        var (cursor, character): ([Bool], [Bool]) = ([], [])
        for _ in 0..<64 {
            let frame = try #require(board.nextFrame())
            let lines = (0..<16).filter { frame.color(x: 4, y: $0) != 0 }
            #expect(lines == [3, 4, 5] || lines.isEmpty)
            cursor.append(!lines.isEmpty)
            character.append(frame.color(x: 12, y: 0) != 0)
        }
        #expect(runs(cursor).dropFirst().dropLast().allSatisfy { $0 == 8 })
        #expect(runs(character).dropFirst().dropLast().allSatisfy { $0 == 16 })
        #expect(runs(cursor).count >= 8 && runs(character).count >= 4)
    }

    private func runs(_ values: [Bool]) -> [Int] {
        var (runs, last): ([Int], Bool?) = ([], nil)
        for value in values {
            if value == last { runs[runs.count - 1] += 1 } else { runs.append(1) }
            last = value
        }
        return runs
    }

    @Test("the EGA shows 64 colours with 350 lines and the CGA's sixteen with 200")
    func ega() throws {
        let board = VGATestBoard(.ega(EGAFitting()))
        board.adapter.isWatched = true
        text(board, [(0x20, 0x60), (0x20, 0x10)])
        board.attribute(1, 0x3C)
        board.attribute(6, 0x06)
        var frame = try #require(board.nextFrame())
        #expect(frame.width == 640 && frame.height == 350 && frame.dotAspect == Frame.Aspect(35, 48))
        #expect(frame.color(x: 0, y: 0) == 0xAA_AA00 && frame.color(x: 8, y: 0) == 0xFF_5555)
        board.out(0x3C2, 0x27)
        frame = try #require(board.nextFrame())
        #expect(frame.color(x: 0, y: 0) == 0xAA_5500)
    }
}
