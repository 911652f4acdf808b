import Boards
import Core
import Foundation
import TestSupport
import Testing

private let rgb: [UInt32] = TextPalette.rgb.map { UInt32($0.red) << 16 | UInt32($0.green) << 8 | UInt32($0.blue) }

@Suite struct CRTCPictureTests {
    @Test("a frame in which nothing changes is the one before")
    func repeats() throws {
        let bench = CRTCBench(.cga)
        bench.program(CRTCBench.Registers.graphics)
        bench.out(0x3D8, 0x0A)
        let first = try #require(bench.frame(3))
        for _ in 0..<50 { #expect(bench.frame() == first) }
        _ = bench.in(0x3DA)
        bench.out(0x3D4, 3)
        #expect(bench.frame(1) == first, "polling and equal values are no change")
        bench.memory.physical[0xB_9000] = 0xFF
        let second = try #require(bench.frame())
        #expect(second != first && second.time == bench.now)
        bench.now += .seconds(1_000)
        #expect(bench.frame(2)?.pixels == second.pixels)
    }

    @Test("a picture before the first frame is the whole of what registers and memory say")
    func still() throws {
        for kind in CRTCAdapter.Kind.allCases {
            let bench = CRTCBench(kind, isWatched: false)
            bench.memory.write8(bench.base == 0x3B0 ? 0xB_0000 : 0xB_8000, 0xDB)
            bench.memory.write8(bench.base == 0x3B0 ? 0xB_0001 : 0xB_8001, 0x0F)
            for time in [Tick.zero, .milliseconds(7), .seconds(100_000)] {
                let still = try #require(bench.adapter.still(at: time))
                #expect(still.height == (bench.base == 0x3B0 ? 350 : 200))
                #expect(still.color(x: 0, y: 0) != 0)
                #expect(bench.adapter.frame(at: time)?.pixels == still.pixels)
            }
        }
    }

    /// What a program and a machine might do to an adapter: a register, memory, or time passes.
    private static func act(_ bench: CRTCBench, _ random: inout SeededGenerator, isWild: Bool) {
        let value = UInt8.random(in: 0...255, using: &random)
        switch Int.random(in: 0..<12, using: &random) {
        case 0...2:
            let index = UInt8.random(in: 0...(isWild ? 31 : 15), using: &random)
            // Tame values keep the frame near its size.
            if isWild || index >= 10 { bench.set(index, value) }
        case 3: bench.out(bench.base + 8, value)
        case 4: bench.out(bench.base + 9, value)
        case 5: bench.out(bench.base + UInt16.random(in: 0...15, using: &random), value)
        case 6: _ = bench.in(bench.base + UInt16.random(in: 0...15, using: &random))
        default:
            let address = UInt32(0xB_0000) + UInt32.random(in: 0..<0x1_0000, using: &random)
            bench.memory.write8(address, value)
        }
    }

    private static func kind(_ seed: UInt64) -> CRTCAdapter.Kind {
        CRTCAdapter.Kind.allCases[Int(seed) % CRTCAdapter.Kind.allCases.count]
    }

    @Test("drawn in one go or in many pieces, a frame is the same", arguments: 0..<20)
    func splitDrawing(seed: UInt64) throws {
        let benches = (0..<2).map { _ in CRTCBench(Self.kind(seed)) }
        for (index, bench) in benches.enumerated() {
            var random = SeededGenerator(seed: seed)
            var pace = SeededGenerator(seed: 99)
            for step in 0..<40 {
                for _ in 0..<6 { Self.act(bench, &random, isWild: false) }
                let target = bench.now + Tick(Int64.random(in: 1...100_000_000, using: &random))
                while index == 1, bench.now < target {
                    bench.now = min(target, bench.now + Tick(Int64.random(in: 1...9_000_000, using: &pace)))
                    switch Int.random(in: 0..<3, using: &pace) {
                    case 0: _ = bench.adapter.frame(at: bench.now)
                    case 1: _ = bench.adapter.frameEnd(after: bench.now)
                    default: _ = bench.adapter.still(at: bench.now)
                    }
                }
                bench.now = target
                if step == 20 { #expect(restore(bench.adapter, from: savedState(bench.adapter)) == nil) }
            }
        }
        #expect(savedState(benches[0].adapter) == savedState(benches[1].adapter))
        let frames = benches.map { bench in
            bench.now = bench.adapter.frameEnd(after: bench.now)
            bench.now = bench.adapter.frameEnd(after: bench.now)
            return bench.adapter.frame(at: bench.now)
        }
        #expect(frames[0]?.pixels == frames[1]?.pixels)
        #expect(frames[0] != nil)
    }

    @Test("watching changes nothing that is saved, and a copy goes on as the original", arguments: 0..<20)
    func watching(seed: UInt64) {
        let (watched, other) = (CRTCBench(Self.kind(seed)), CRTCBench(Self.kind(seed), isWatched: false))
        var (one, two) = (SeededGenerator(seed: seed), SeededGenerator(seed: seed))
        for round in 0..<30 {
            for (bench, isFirst) in [(watched, true), (other, false)] {
                for _ in 0..<10 {
                    if isFirst { Self.act(bench, &one, isWild: true) } else { Self.act(bench, &two, isWild: true) }
                    bench.now += Tick(1_234_567)
                    if isFirst { _ = bench.adapter.frame(at: bench.now) }
                }
            }
            #expect(savedState(watched.adapter) == savedState(other.adapter))
            guard round % 10 == 9 else { continue }
            let copy = CRTCAdapter(kind: other.adapter.kind, memory: other.memory)
            #expect(restore(copy, from: savedState(other.adapter)) == nil)
            #expect(savedState(copy) == savedState(other.adapter))
            let later = other.now + .milliseconds(3)
            #expect(copy.still(at: later) == other.adapter.still(at: later))
            #expect(copy.readPort(other.base + 10, at: later) == other.adapter.peekPort(other.base + 10, at: later))
            copy.attach(to: other.ports)
            other.adapter.attach(to: other.ports)
        }
    }

    /// Seeds of the fuzz tests; more by OCHENTA_FUZZ_SEEDS.
    private static let seeds: Range<UInt64> =
        0..<(ProcessInfo.processInfo.environment["OCHENTA_FUZZ_SEEDS"].flatMap { UInt64($0) } ?? 20)

    @Test("any write at any time leaves a picture of bounded size", arguments: seeds)
    func anything(seed: UInt64) throws {
        var random = SeededGenerator(seed: 77 + seed)
        let bench = CRTCBench(Self.kind(seed)) {
            $0.catchesEachWrite = seed % 3 == 0
            $0.isSnowing = seed % 4 == 0
            $0.composite = seed % 2 == 0 ? .newCard : .none
            $0.systemMemoryBase = [0, 0x8_0000, 0xE_0000][Int(seed) % 3]
            $0.showsBorder = seed / 5 % 2 != 0
        }
        for _ in 0..<150 {
            for _ in 0..<Int.random(in: 1...20, using: &random) { Self.act(bench, &random, isWild: true) }
            let pause: Int64 = [100, 50_000, 5_000_000, 90_000_000, 1 << 42][Int.random(in: 0..<5, using: &random)]
            bench.now += Tick(Int64.random(in: 0...pause, using: &random))
            let end = bench.adapter.frameEnd(after: bench.now)
            #expect(end > bench.now && end < bench.now + .milliseconds(60))
            let frame = try #require(bench.adapter.frame(at: bench.now))
            #expect(frame.width <= 1_200 && frame.height <= 450)
            _ = bench.adapter.textScreen(at: bench.now)
        }
    }

    @Test("a saved state of any bytes is taken or refused, and there is a picture")
    func anyState() throws {
        var random = SeededGenerator(seed: 11)
        for round in 0..<200 {
            let bench = CRTCBench(Self.kind(UInt64(round)))
            bench.frame(2)
            var bytes = savedState(bench.adapter)
            for _ in 0..<40 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            if round % 3 == 0 { bytes.removeLast(Int.random(in: 1..<bytes.count, using: &random)) }
            _ = restore(bench.adapter, from: bytes)
            for _ in 0..<3 {
                bench.now += .milliseconds(30)
                _ = bench.adapter.frameEnd(after: bench.now)
                #expect(bench.adapter.frame(at: bench.now) != nil)
                Self.act(bench, &random, isWild: true)
            }
        }
    }

    @Test("a monitor shows the border around the usual picture, in its colour, and the same picture inside")
    func border() throws {
        for mode in [UInt8(0x09), 0x08] {
            let (plain, bordered) = (CRTCBench(.cga), CRTCBench(.cga) { $0.showsBorder = true })
            for bench in [plain, bordered] {
                if mode == 0x08 { bench.program(CRTCBench.Registers.color40) }
                bench.out(0x3D8, mode)
                bench.out(0x3D9, 5)
                bench.put(0x41, 0x1E, cell: 0)
                bench.frame(2)
            }
            let (inner, whole) = (try #require(plain.frame()), try #require(bordered.frame()))
            #expect(whole.width == 704 && whole.height == 224 && whole.dotsPerPixel == inner.dotsPerPixel)
            #expect(whole.border == Frame.Border(left: 32, top: 12, right: 32, bottom: 12))
            #expect(whole.withoutBorder.pixels == inner.pixels)
            for (x, y) in [(0, 0), (703, 0), (31, 100), (672, 100), (300, 11), (300, 212), (703, 223)] {
                #expect(whole.color(x: x, y: y) == 0xAA_00AA, "\(x), \(y)")
            }
        }
    }

    @Test("the border of a monochrome card is dark; a shifted picture stays in it")
    func darkBorder() throws {
        let bench = CRTCBench(.mda) { $0.showsBorder = true }
        for cell in 0..<2_000 { bench.put(0xDB, 0x07, cell: cell) }
        var frame = try #require(bench.frame(3))
        #expect(frame.width == 756 && frame.height == 370)
        #expect(frame.border == Frame.Border(left: 18, top: 10, right: 18, bottom: 10))
        #expect(frame.color(x: 17, y: 100) == 0 && frame.color(x: 400, y: 365) == 0 && frame.color(x: 400, y: 9) == 0)
        #expect(frame.color(x: 18, y: 100) != 0)
        // The sync pulse two characters later.
        bench.set(2, 0x54)
        frame = try #require(bench.frame(3))
        #expect(frame.width == 756 && frame.border.left == 0 && frame.border.right == 36)
    }

    @Test("the border changes where its register does")
    func borderBars() throws {
        let bench = CRTCBench(.cga) { $0.showsBorder = true }
        bench.out(0x3D9, 1)
        bench.frame(3)
        // From the vertical pulse: 38 lines to the first one; the pulse is seen at the beginning of a line of 912 dots.
        let start = bench.now
        bench.now = start + CRTCBench.dots(912 * 60)
        bench.out(0x3D9, 2)
        bench.now = start + CRTCBench.dots(912 * 70)
        bench.out(0x3D9, 1)
        let frame = try #require(bench.frame())
        let green = (0..<frame.height).filter { frame.color(x: 4, y: $0) == 0x00_AA00 }
        #expect(green.count == 10 && (32...36).contains(green[0]), "\(green)")
        let next = try #require(bench.frame())
        #expect(!next.pixels.contains(0x00_AA00))
    }

    @Test("snow is the byte on the bus, in 80 columns only")
    func snow() throws {
        for (mode, isSnow) in [(UInt8(0x09), true), (0x08, false)] {
            let bench = CRTCBench(.cga) { $0.isSnowing = true }
            bench.set(10, 0x20)
            if mode == 0x08 { bench.program(CRTCBench.Registers.color40) }
            bench.set(10, 0x20)
            bench.out(0x3D8, mode)
            bench.frame(2)
            bench.now = bench.now + CRTCBench.dots((262 - 224 + 40) * 912 + 8 * 10)
            let timer = Clock(bench)
            bench.memory.connect(timer)
            // A block in 11 on 13.
            bench.memory.write8(0xB_8000 + 3_000, 0xDB)
            let frame = try #require(bench.frame())
            #expect((Set(frame.row(40, 80, 8)) == [rgb[11]]) == isSnow)
            #expect(Set(frame.row(41, 0, 640)) == [0])
        }
    }

    private final class Clock: TimeSource {
        let bench: CRTCBench
        init(_ bench: CRTCBench) { self.bench = bench }
        var now: Tick { bench.now }
    }

    @Test("in exact profiles a write to memory shows from its moment on")
    func writes() throws {
        let bench = CRTCBench(.cga) { $0.catchesEachWrite = true }
        let clock = Clock(bench)
        bench.memory.connect(clock)
        bench.set(10, 0x20)
        bench.frame(2)
        bench.now = bench.now + CRTCBench.dots((262 - 224 + 4) * 912 + 8 * 20)
        for cell in 0..<40 {
            bench.memory.write8(0xB_8000 + UInt32(cell * 2 + 1), 0x07)
            bench.memory.write8(0xB_8000 + UInt32(cell * 2), 0xDB)
        }
        let frame = try #require(bench.frame())
        #expect(Set(frame.row(3, 0, 640)) == [0])
        #expect(Set(frame.row(4, 0, 160)) == [0])
        #expect(Set(frame.row(4, 160, 160)) == [0xAA_AAAA])
        #expect(Set(frame.row(5, 0, 320)) == [0xAA_AAAA])
    }
}
