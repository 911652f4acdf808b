import Boards
import Core
import Testing
import TestSupport

#if canImport(Glibc)
    import Glibc
#endif

@Suite struct VGARobustnessTests {
    /// `OCHENTA_VGA_FUZZ` is how many seeds are tried beyond the fixed ones.
    private static var seeds: [UInt64] {
        let more = getenv("OCHENTA_VGA_FUZZ").flatMap { Int(String(cString: $0)) } ?? 0
        return (0..<UInt64(6 + max(more, 0))).map { $0 }
    }

    /// One random thing that a program does.
    private func act(_ dice: inout SeededGenerator, _ board: VGATestBoard) {
        let number = dice.next()
        let value = UInt8(truncatingIfNeeded: number >> 8)
        switch number % 16 {
        case 0...3: board.crtc(UInt8(number >> 16 & 31), value)
        case 4: board.sequencer(UInt8(number >> 16 & 7), value)
        case 5: board.graphics(UInt8(number >> 16 & 15), value)
        case 6: board.attribute(UInt8(number >> 16 & 31), value)
        case 7: board.out(UInt16(0x3B0 + number >> 16 & 0x3F), value)
        case 8: _ = board.in(UInt16(0x3B0 + number >> 16 & 0x3F))
        case 9...11: board.write(0xA_0000 + Int(number >> 16 & 0x1_FFFF), value)
        case 12: _ = board.read(0xA_0000 + Int(number >> 16 & 0x1_FFFF))
        default: board.now = board.now + Tick(Int64(number >> 16 & 0xF_FFFF))
        }
    }

    @Test("random registers in time leave a picture of bounded size", arguments: seeds)
    func fuzz(seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        let variants: [VGAVariant] = [.vga, .ega(EGAFitting(kilobytes: 64)), .ega(EGAFitting(monitor: .monochrome))]
        let board = VGATestBoard(
            variants[Int(seed % 3)], seesEveryAccess: seed & 1 == 1, showsBorder: seed % 4 > 1)
        board.adapter.isWatched = true
        for step in 0..<4_000 {
            act(&dice, board)
            if step % 64 == 0 {
                board.scheduler.deliver(through: board.now)
                board.now = board.adapter.frameEnd(after: board.now)
                let frame = board.adapter.frame(at: board.now)
                #expect(frame != nil)
                _ = board.adapter.textScreen(at: board.now)
            }
            if step % 1_000 == 0 {
                board.now = board.now + .seconds(100_000)
                #expect(board.adapter.still(at: board.now) != nil)
            }
        }
    }

    @Test("watching changes nothing that a program or a saved state could tell", arguments: [UInt64(11), 12, 13])
    func watching(seed: UInt64) {
        var (first, second) = (SeededGenerator(seed: seed), SeededGenerator(seed: seed))
        let (dark, seen) = (VGATestBoard(), VGATestBoard())
        seen.adapter.isWatched = true
        for step in 0..<3_000 {
            act(&first, dark)
            act(&second, seen)
            if step % 100 == 0 {
                _ = seen.adapter.frame(at: seen.now)
                #expect(dark.in(0x3DA) == seen.in(0x3DA))
                #expect(savedState(dark.adapter) == savedState(seen.adapter))
            }
        }
    }

    @Test("many steps and one draw the same frames", arguments: [UInt64(21), 22, 23, 24])
    func split(seed: UInt64) {
        var (first, second) = (SeededGenerator(seed: seed), SeededGenerator(seed: seed))
        let (coarse, fine) = (VGATestBoard(showsBorder: seed > 22), VGATestBoard(showsBorder: seed > 22))
        for board in [coarse, fine] {
            if seed & 1 == 0 { board.mode13h() } else { board.mode12h() }
            board.adapter.isWatched = true
        }
        for step in 0..<400 {
            act(&first, coarse)
            let before = fine.now
            act(&second, fine)
            // The same register written again catches nothing up; the border's index does.
            let after = fine.now
            for part in 1..<4 {
                fine.now = Tick(before.count + (after - before).count * Int64(part) / 4)
                let color = fine.ports.peek8(0x3C6, at: fine.now)
                fine.adapter.planesWillChange(at: fine.now)
                #expect(color == fine.ports.peek8(0x3C6, at: fine.now))
            }
            fine.now = after
            if step % 10 == 0 {
                coarse.now = coarse.adapter.frameEnd(after: coarse.now)
                fine.now = fine.adapter.frameEnd(after: fine.now)
                #expect(coarse.now == fine.now)
                let frames = (coarse.adapter.frame(at: coarse.now), fine.adapter.frame(at: fine.now))
                #expect(frames.0?.pixels == frames.1?.pixels, "step \(step)")
            }
        }
    }

    @Test("a state restored in the middle of a frame goes on the same way", arguments: [UInt64(31), 32, 33])
    func roundTrip(seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        let board = VGATestBoard()
        board.mode13h()
        for _ in 0..<500 { act(&dice, board) }
        let state = savedState(board.adapter)
        let other = VGATestBoard()
        other.now = board.now
        #expect(restore(other.adapter, from: state) == nil)
        #expect(savedState(other.adapter) == state)
        var copy = dice
        for _ in 0..<500 {
            act(&dice, board)
            act(&copy, other)
        }
        #expect(savedState(other.adapter) == savedState(board.adapter))
        #expect(other.adapter.still(at: other.now)?.pixels == board.adapter.still(at: board.now)?.pixels)
    }
}
