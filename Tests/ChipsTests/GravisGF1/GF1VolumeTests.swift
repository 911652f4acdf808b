import Core
import TestSupport
import Testing

@testable import Chips

/// Volumes, ramps and positions between left and right.
@Suite struct GF1VolumeTests {
    /// A voice that stands on the greatest sample.
    private func standing(volume: UInt16 = 0xFFF0, pan: UInt8 = 0) -> GF1Bench {
        let bench = GF1Bench()
        bench.poke(0, [0xFF, 0x7F, 0xFF, 0x7F])
        bench.play(begin: 0, start: 0, end: 1, step: 0, control: 7, volume: volume, pan: pan)
        bench.runFrames(1)
        return bench
    }

    /// The toolkit's table of 512 linear volumes has these at these places.
    @Test(
        "volumes are as the toolkit's table of linear ones has them",
        arguments: [
            (1, 0x700), (2, 0x7FF), (3, 0x880), (5, 0x940), (9, 0xA20), (16, 0xAFF), (33, 0xC08), (64, 0xCFF),
            (65, 0xD04),
            (100, 0xD90),
        ])
    func linear(_ place: Int, _ volume: Int) {
        let level = Double(standing(volume: UInt16(volume << 4)).chip.levels.left)
        #expect(abs(level - 32_703 * Double(place) / 511) < 1.5 + Double(place) / 4)
    }

    @Test("no volume is no sound")
    func silence() { #expect(standing(volume: 0).chip.levels.left == 0) }

    /// Both sides together have the same power at each position.
    @Test("sixteen positions from left to right", arguments: UInt8(0)...15)
    func pan(_ position: UInt8) {
        let chip = standing(pan: position).chip
        let (left, right) = (Double(chip.levels.left), Double(chip.levels.right))
        #expect(abs((left * left + right * right).squareRoot() - 32_703) < 2)
        #expect(abs(right * right / (32_703 * 32_703) - Double(position) / 15) < 0.000_2)
    }

    /// Chapter 2.22 has a table of a ramp's time over all volumes, made with 1.6 us a voice; its second line of rate 2 is
    /// printed as rate 3.
    @Test(
        "ramps take the time of the toolkit's table",
        arguments: [
            (14, 0x3F, 0.001_4), (14, 0x01, 0.091_7), (14, 0x7F, 0.011_5), (14, 0x41, 0.733_8), (14, 0xBF, 0.091_8),
            (14, 0x81, 5.9), (14, 0xFF, 0.734), (14, 0xC1, 47.0), (32, 0x3F, 0.003_3), (32, 0x01, 0.209_7),
            (32, 0x41, 1.7), (32, 0xFF, 1.7),
        ])
    func rampTimes(_ voices: Int, _ rate: UInt8, _ seconds: Double) throws {
        let bench = GF1Bench()
        bench.chip.levels.isHeard = false
        bench.set(0x0E, UInt8(0xC0 | voices - 1))
        bench.set(0x06, rate, voice: 0)
        bench.set(0x07, 0x00, voice: 0)
        bench.set(0x08, 0xFF, voice: 0)
        bench.set(0x0D, 0x20, voice: 0)
        bench.run(until: .seconds(60))
        let end = try #require(bench.recorder.changes.first?.time)
        #expect(abs(Double(end.count) / Double(Tick.perSecond) / seconds - 1) < 0.06)
        #expect(bench.get(0x8F) == 0xA0)
        #expect(bench.get(0x8D, voice: 0) == 0x21)
        #expect(bench.getWord(0x89, voice: 0) == 0xFF00)
    }

    @Test("a ramp adds its increment to the volume, up or down", arguments: [0, 1])
    func steps(_ rate: UInt8) {
        let bench = GF1Bench()
        bench.runFrames(rate == 0 ? 1 : Int(8 - bench.chip.state.frame % 8))
        bench.set(0x06, rate << 6 | 10, voice: 0)
        bench.set(0x07, 0x10, voice: 0)
        bench.set(0x08, 0x20, voice: 0)
        bench.setWord(0x09, 0x1000, voice: 0)
        bench.set(0x0D, 0x00, voice: 0)
        let volumes = (0..<30).map { _ -> Int in
            bench.runFrames(rate == 0 ? 1 : 8)
            return Int(bench.getWord(0x89, voice: 0)) >> 4
        }
        #expect(volumes == (1...30).map { min(0x100 + 10 * $0, 0x200) })
        bench.set(0x0D, 0x40, voice: 0)
        bench.runFrames(rate == 0 ? 3 : 24)
        #expect(bench.getWord(0x89, voice: 0) >> 4 == 0x200 - 30)
    }

    @Test("a ramp can loop, one way or both ways")
    func loops() {
        func volumes(_ control: UInt8) -> [Int] {
            let bench = GF1Bench()
            bench.set(0x06, 5, voice: 3)
            bench.set(0x07, 0x10, voice: 3)
            bench.set(0x08, 0x11, voice: 3)
            bench.setWord(0x09, 0x1000, voice: 3)
            bench.set(0x0D, control, voice: 3)
            return (0..<8).map { _ in
                bench.runFrames(1)
                return Int(bench.getWord(0x89, voice: 3)) >> 4
            }
        }
        #expect(volumes(0x08) == [0x105, 0x10A, 0x10F, 0x104, 0x109, 0x10E, 0x103, 0x108])
        #expect(volumes(0x18) == [0x105, 0x10A, 0x10F, 0x10C, 0x107, 0x102, 0x103, 0x108])
    }

    /// "Allowing the volume ramps to go to the extremes can cause a random oscillation of the volume": chapter 2.22.
    @Test("a ramp that overshoots the end of all volumes goes on at the other one")
    func overshoot() {
        let bench = GF1Bench()
        bench.set(0x06, 63, voice: 0)
        bench.set(0x08, 0xFF, voice: 0)
        bench.setWord(0x09, 0xFEF0, voice: 0)
        bench.set(0x0D, 0x00, voice: 0)
        bench.runFrames(1)
        #expect(bench.getWord(0x89, voice: 0) >> 4 == 0xFEF + 63 - 0x1000)
        #expect(bench.get(0x8D, voice: 0) == 0)
    }

    @Test("what is heard of a ramp is the curve of its volumes")
    func curve() {
        let bench = standing(volume: 0x4000)
        bench.set(0x06, 1, voice: 0)
        bench.set(0x08, 0xF0, voice: 0)
        bench.set(0x0D, 0, voice: 0)
        let levels = bench.frames(2_000)
        let expected = (0..<2_000).map { frame -> Double in
            let volume = 0x400 + frame
            return 32_767 * Double(256 + (volume & 255)) * Double(1 << (volume >> 8)) / Double(1 << 24)
        }
        #expect(zip(levels, expected).allSatisfy { abs(Double($0) - $1) < 1 })
    }
}
