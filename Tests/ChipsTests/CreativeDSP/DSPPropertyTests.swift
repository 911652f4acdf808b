import Chips
import Core
import TestSupport
import Testing

/// Streams of random accesses. `OCHENTA_SOUND_STREAMS` makes more of them.
@Suite struct DSPPropertyTests {
    static let streams = soundStreams(4)

    private static let commands: [UInt8] = [
        0x10, 0x14, 0x16, 0x17, 0x1C, 0x1F, 0x20, 0x24, 0x2C, 0x30, 0x34, 0x38, 0x40, 0x41, 0x48, 0x75, 0x77, 0x7D,
        0x80, 0x90, 0x91, 0x99, 0xB6, 0xC6, 0xB0, 0xC0, 0xCE, 0xD0, 0xD1, 0xD3, 0xD4, 0xD5, 0xD6, 0xD9, 0xDA, 0xE0,
        0xE1, 0xE2, 0xE3, 0xF2, 0xF3,
    ]

    /// One thing that a program might do; what it sees comes back.
    private func act(_ bench: DSPBench, _ random: inout SeededGenerator) -> UInt8 {
        switch Int.random(in: 0..<12, using: &random) {
        case 0: bench.write(UInt16.random(in: 0..<16, using: &random), UInt8.random(in: 0...255, using: &random))
        case 1...4: bench.write(0xC, DSPPropertyTests.commands.randomElement(using: &random) ?? 0)
        case 5...6: bench.write(0xC, UInt8.random(in: 0...255, using: &random))
        case 7: return bench.read(UInt16.random(in: 0..<16, using: &random))
        case 8: return bench.read(0xA)
        case 9 where Int.random(in: 0..<20, using: &random) == 0:
            bench.write(6, 1)
            bench.write(6, 0)
        case 10: bench.isChannelEnabled = Int.random(in: 0..<4, using: &random) != 0
        default: bench.dsp.receiveMIDI(UInt8.random(in: 0...255, using: &random), at: bench.now)
        }
        return 0
    }

    @Test("any stream to any version: the chip goes on, and answers a reset", arguments: CreativeDSP.Version.allCases)
    func survival(_ version: CreativeDSP.Version) {
        for seed in 0..<UInt64(DSPPropertyTests.streams) {
            var random = SeededGenerator(seed: seed)
            let bench = DSPBench(version)
            for _ in 0..<3_000 {
                _ = act(bench, &random)
                bench.run(Tick(Int64.random(in: 0..<1_000_000, using: &random)))
            }
            bench.isChannelEnabled = true
            bench.write(6, 0)
            #expect(bench.reset() == 0xAA)
            bench.run(.milliseconds(1))
            #expect(bench.scheduler.nextDeadline == .never)
        }
    }

    @Test("one step or many, and a copy of the state, give the same", arguments: CreativeDSP.Version.allCases)
    func splitsAndCopies(_ version: CreativeDSP.Version) throws {
        for seed in 0..<UInt64(DSPPropertyTests.streams) {
            var random = SeededGenerator(seed: 1_000 + seed)
            let bench = DSPBench(version)
            bench.reset()
            for round in 0..<20 {
                for _ in 0..<30 {
                    _ = act(bench, &random)
                    bench.run(Tick(Int64.random(in: 0..<500_000, using: &random)))
                }
                let (one, many) = (try #require(bench.copy()), try #require(bench.copy()))
                #expect(one.state() == bench.state(), "seed \(seed) round \(round)")
                let duration = Tick(Int64.random(in: 0..<20_000_000, using: &random))
                let end = bench.now + duration
                one.run(to: end)
                while many.now < end {
                    many.run(to: min(many.now + Tick(Int64.random(in: 1..<300_000, using: &random)), end))
                    _ = many.dsp.peek(0xC, at: many.now)
                    many.dsp.advance(to: many.now)
                }
                bench.run(to: end)
                #expect(one.state() == bench.state() && many.state() == bench.state(), "seed \(seed) round \(round)")
                #expect(one.narrow.isAsserted == bench.narrow.isAsserted)
                #expect(Array(one.reads) == Array(bench.reads.suffix(one.reads.count)))
            }
        }
    }

    @Test("states that lie are refused or do no harm")
    func lyingStates() {
        let bench = DSPBench(.v405)
        bench.reset()
        bench.send(0xB6, 0x30, 0x10, 0x00)
        bench.run(.milliseconds(1))
        let bytes = savedState(bench.dsp)
        var random = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            var lie = bytes
            for _ in 0..<3 {
                lie[Int.random(in: 0..<min(lie.count, 300), using: &random)] = UInt8.random(in: 0...255, using: &random)
            }
            let other = DSPBench(.v405)
            _ = restore(other.dsp, from: lie)
            other.run(to: .microseconds(200))
            _ = other.read(0xA)
        }
    }
}
