import Core
import TestSupport
import Testing

@testable import Chips

/// Expected values are worked out from the toolkit's text: the rates of chapter 1.4, the example of interpolation there,
/// the address bits of 2.6.2, the meaning of the control bits of 2.6.2.1 and 2.6.2.14.
@Suite struct GF1VoiceTests {
    /// Samples of 8 bits that tell their address: 10, 20, 30...
    private static let stairs: [UInt8] = (1...12).map { UInt8($0 * 10) }

    private func stairs(_ numbers: [Int]) -> [Int] { numbers.map { loudest(($0 + 1) * 10 << 8) } }

    private func isClose(_ a: [Int], _ b: [Int]) -> Bool {
        zip(a, b).allSatisfy { abs($0 - $1) <= 1 } && a.count == b.count
    }

    @Test("the number of voices sets the rate", arguments: [(14, 44_100), (24, 25_725), (32, 19_293), (9, 44_100)])
    func rates(voices: Int, hertz: Int) {
        let bench = GF1Bench()
        bench.set(0x0E, UInt8(0xC0 | voices - 1))
        #expect(bench.get(0x8E) == UInt8(0xE0 + max(voices, 14) - 1))
        // What has been read can be written.
        bench.set(0x0E, bench.get(0x8E))
        // A level for each frame: 64, -64, and so on.
        bench.poke(0, [0x40, 0xC0, 0x40])
        bench.play(begin: 0, start: 0, end: 2, step: 1, control: 0x08)
        bench.run(until: .milliseconds(100))
        _ = bench.drain()
        bench.run(until: .milliseconds(1_100))
        #expect(abs(bench.drain().count - hertz) <= 1)
    }

    @Test("samples between two are made of both", arguments: [2, 4])
    func interpolation(parts: Int) {
        let bench = GF1Bench()
        bench.poke(0, [0, 64, 0xC0, 0xC0])
        bench.play(begin: 0, start: 0, end: 3, step: 1 / Double(parts), control: 0)
        let levels = bench.frames(2 * parts + 1)
        let expected = (0...2 * parts).map { frame -> Int in
            let place = Double(frame) / Double(parts)
            return loudest(Int((place < 1 ? 64 * place : 64 - 128 * (place - 1)) * 256))
        }
        #expect(isClose(levels, expected))
    }

    @Test("a voice of 16 bits counts words within its quarter of the memory")
    func words() {
        let bench = GF1Bench()
        // Address 40010h of words is byte 40020h.
        bench.poke(0x4_0020, [0x34, 0x12, 0x00, 0x80, 0xFF, 0x7F])
        bench.play(begin: 0x4_0010, start: 0, end: 0x4_0100, step: 1, control: 0x04)
        #expect(isClose(bench.frames(3), [loudest(0x1234), loudest(-0x8000), loudest(0x7FFF)]))
    }

    @Test("a voice without a loop stops at its end and stays there")
    func once() {
        let bench = GF1Bench()
        bench.poke(0, Self.stairs)
        bench.play(begin: 2, start: 0, end: 5, step: 1, control: 0)
        #expect(isClose(bench.frames(6), stairs([2, 3, 4, 5, 5, 5])))
        #expect(bench.get(0x80, voice: 0) == 0x01)
        #expect(bench.position(0) == 5)
        bench.play(begin: 4, start: 2, end: 9, step: 1, control: 0x40)
        #expect(isClose(bench.frames(5), stairs([4, 3, 2, 2, 2])))
        #expect(bench.get(0x80, voice: 0) == 0x41)
    }

    @Test("loops lead from limit to limit, and keep the fraction")
    func loops() {
        let bench = GF1Bench()
        bench.poke(0, Self.stairs)
        bench.play(begin: 1, start: 1, end: 4, step: 1, control: 0x08)
        #expect(isClose(bench.frames(7), stairs([1, 2, 3, 4, 2, 3, 4])))
        bench.play(begin: 4, start: 1, end: 4, step: 1, control: 0x48)
        #expect(isClose(bench.frames(7), stairs([4, 3, 2, 1, 3, 2, 1])))
        bench.play(begin: 0, start: 0, end: 5, step: 1.75, control: 0x08)
        let places = (0..<40).map { _ in
            bench.runFrames(1)
            return bench.position(0)
        }
        // At 5 it is not past its end yet.
        let expected = (1...40).map { frame -> Double in
            let place = (1.75 * Double(frame)).truncatingRemainder(dividingBy: 5)
            return place == 0 ? 5 : place
        }
        #expect(places == expected)
    }

    @Test("a loop of both ways turns at each limit")
    func bothWays() {
        let bench = GF1Bench()
        bench.poke(0, Self.stairs)
        bench.play(begin: 1, start: 1, end: 4, step: 1, control: 0x18)
        #expect(isClose(bench.frames(10), stairs([1, 2, 3, 4, 3, 2, 1, 2, 3, 4])))
        #expect(bench.get(0x80, voice: 0) & 0x40 != 0)
        // A triangle of period 2 * 3 with fractions.
        bench.play(begin: 1, start: 1, end: 4, step: 0.875, control: 0x18)
        let places = (0..<30).map { _ in
            bench.runFrames(1)
            return bench.position(0)
        }
        let expected = (1...30).map { frame -> Double in
            let along = (0.875 * Double(frame)).truncatingRemainder(dividingBy: 6)
            return 1 + (along <= 3 ? along : 6 - along)
        }
        #expect(places == expected)
    }

    @Test("with the rollover bit a voice goes on past its end; a loop comes first")
    func rollover() {
        let bench = GF1Bench()
        bench.poke(0, Self.stairs)
        bench.set(0x0D, 0x07, voice: 0)
        bench.play(begin: 2, start: 0, end: 4, step: 1, control: 0x20)
        #expect(isClose(bench.frames(6), stairs([2, 3, 4, 5, 6, 7])))
        #expect(bench.get(0x80, voice: 0) == 0xA0)
        bench.play(begin: 2, start: 0, end: 4, step: 1, control: 0x08)
        #expect(isClose(bench.frames(5), stairs([2, 3, 4, 1, 2])))
    }

    @Test("a step below address 0 misses the start, as the card does")
    func wrapsBelowZero() {
        let bench = GF1Bench()
        bench.play(begin: 5, start: 2, end: 100, step: 4, control: 0x48)
        bench.runFrames(1)
        #expect(bench.position(0) == 99)
        bench.play(begin: 5, start: 1, end: 100, step: 3, control: 0x48)
        bench.runFrames(2)
        #expect(bench.position(0) == 1_048_575)
    }

    @Test("all voices add up, and what is too much is cut off")
    func sum() {
        let bench = GF1Bench()
        bench.poke(0, [20, 20, 100, 100])
        for voice in 0..<3 { bench.play(voice: voice, begin: 0, start: 0, end: 1, step: 0, control: 3) }
        #expect(isClose(bench.frames(1), [3 * loudest(20 << 8)]))
        for voice in 0..<3 { bench.setAddress(0x0A, 2, voice: voice) }
        #expect(bench.frames(1) == [32_767])
    }

    @Test("voices beyond the number that is set do nothing")
    func inactive() {
        let bench = GF1Bench()
        bench.poke(0, [100, 100])
        bench.play(voice: 14, begin: 0, start: 0, end: 100, step: 1, control: 0)
        #expect(bench.frames(2) == [0, 0])
        bench.set(0x0E, 0xC0 | 14)
        bench.runFrames(2, voices: 15)
        #expect(bench.chip.levels.left > 0)
    }

    @Test("without the converter there is no sound, and none after a reset")
    func converter() {
        let bench = GF1Bench()
        bench.poke(0, [100, 100])
        bench.play(begin: 0, start: 0, end: 1, step: 0, control: 3)
        #expect(bench.frames(1) != [0])
        bench.set(0x4C, 5)
        #expect(bench.frames(1) == [0])
        bench.set(0x4C, 7)
        #expect(bench.frames(1) != [0])
        bench.set(0x4C, 0)
        #expect(bench.chip.levels.left == 0)
        #expect(bench.get(0x80, voice: 0) == 0x01)
    }
}
