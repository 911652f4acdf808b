import Boards
import Core
import TestSupport
import Testing

@Suite struct VGATimingTests {
    /// The first tick at or after which a bit of the status changes to `isSet`, found by halving.
    private func nextChange(_ board: VGATestBoard, bit: UInt8, to isSet: Bool, step: Int64) -> Tick {
        func has(_ time: Int64) -> Bool { board.ports.peek8(0x3DA, at: Tick(time)) & bit != 0 }
        var time = board.now.count
        while has(time) == isSet { time += step }
        while has(time) != isSet { time += step }
        var (low, high) = (time - step, time)
        while high - low > 1 {
            let middle = (low + high) / 2
            if has(middle) == isSet { high = middle } else { low = middle }
        }
        return Tick(high)
    }

    @Test("mode 3, 12h and 13h have 31.469 kHz and 70.086 or 59.94 Hz, tick for tick", arguments: [3, 0x12, 0x13])
    func rates(mode: Int) {
        let board = VGATestBoard()
        if mode == 0x12 { board.mode12h() }
        if mode == 0x13 { board.mode13h() }
        // Dots of a line, lines of a frame, where the retrace begins.
        let (dots, lines, hertz): (Int64, Int64, Int64) =
            mode == 3 ? (900, 449, 28_322_000) : mode == 0x12 ? (800, 525, 25_175_000) : (800, 449, 25_175_000)
        let dot = ClockRatio(hertz: hertz)
        let first = nextChange(board, bit: 8, to: true, step: 100_000)
        board.now = first
        let second = nextChange(board, bit: 8, to: true, step: 100_000)
        let cycles = dot.cycles(at: first) + dots * lines
        #expect(abs((dot.time(ofCycle: cycles) - second).count) <= 101)
        board.now = first
        let end = nextChange(board, bit: 8, to: false, step: 10_000)
        #expect(abs((end - first).count - dots * 2 * Tick.perSecond / hertz) <= 202)
        // Of 800 or 900 dots 640 or 720 are displayed.
        board.now = Tick(second.count + 100 * dots * Tick.perSecond / hertz)
        let shown = nextChange(board, bit: 1, to: false, step: 2_000)
        board.now = shown
        let hidden = nextChange(board, bit: 1, to: true, step: 2_000)
        #expect(abs((hidden - shown).count - (dots == 900 ? 720 : 640) * Tick.perSecond / hertz) <= 202)
    }

    @Test("the frame ends where the vertical retrace begins")
    func frameEnd() {
        let board = VGATestBoard()
        board.mode12h()
        for _ in 0..<3 {
            let end = board.adapter.frameEnd(after: board.now)
            #expect(board.ports.peek8(0x3DA, at: Tick(end.count - 1)) & 8 == 0)
            #expect(board.ports.peek8(0x3DA, at: end) & 8 == 8)
            board.now = end
        }
    }

    @Test("the vertical interrupt comes with the retrace, once for each time it is enabled")
    func interrupt() {
        let board = VGATestBoard()
        let listener = Listener()
        board.interrupt.connect(to: listener, as: 0)
        board.crtc(0x11, 0x8E & ~0x20)
        #expect(!board.interrupt.isAsserted && board.scheduler.nextDeadline == .never)
        board.crtc(0x11, 0x9E)
        let end = board.adapter.frameEnd(after: board.now)
        #expect(board.scheduler.nextDeadline == end)
        #expect(board.in(0x3C2) & 0x80 == 0)
        board.scheduler.deliver(through: end)
        board.now = end
        #expect(board.interrupt.isAsserted && board.in(0x3C2) & 0x80 != 0)
        board.now = board.adapter.frameEnd(after: board.now)
        #expect(listener.changes == 1)
        board.crtc(0x11, 0x8E)
        #expect(!board.interrupt.isAsserted && board.in(0x3C2) & 0x80 == 0)
        // Noted but not interrupting.
        board.crtc(0x11, 0xBE)
        #expect(board.scheduler.nextDeadline == .never && board.in(0x3C2) & 0x80 == 0)
        board.now = board.adapter.frameEnd(after: board.now)
        #expect(board.in(0x3C2) & 0x80 != 0 && !board.interrupt.isAsserted)
    }

    private final class Listener: LineListener {
        var changes = 0
        func lineDidChange(_ line: Int, isAsserted: Bool, at now: Tick) { changes += 1 }
    }

    @Test("the EGA has 21.85 kHz with 350 lines, and its registers cannot be read")
    func ega() throws {
        let board = VGATestBoard(.ega(EGAFitting()))
        let first = board.adapter.frameEnd(after: .zero)
        let second = board.adapter.frameEnd(after: first)
        // 16.257 MHz by 8 dots, 93 characters and 366 lines.
        let expected = 93 * 8 * 366 * Tick.perSecond / 16_257_000
        #expect(abs((second - first).count - expected) < 2_000)
        #expect(board.in(0x3C5) == 0xFF && board.in(0x3CF) == 0xFF && board.in(0x3CC) == 0xFF)
        board.crtc(0x0F, 0x34)
        #expect(board.in(0x3D5) == 0x34)
        board.crtc(0x01, 0x4F)
        #expect(board.in(0x3D5) == 0xFF)
        // Switches 1001 through the switch sense bit.
        let bits = [UInt8(0xC), 8, 4, 0].map { (select: UInt8) -> UInt8 in
            board.out(0x3C2, 0xA3 | select)
            return board.in(0x3C2) >> 4 & 1
        }
        #expect(bits == [1, 0, 0, 1])
        // The light pen's address.
        board.out(0x3C2, 0xA7)
        board.out(0x3DC, 0)
        #expect(board.in(0x3DA) & 2 != 0)
        board.out(0x3DB, 0)
        #expect(board.in(0x3DA) & 2 == 0)
    }
}
