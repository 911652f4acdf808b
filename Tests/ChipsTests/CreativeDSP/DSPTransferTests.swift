import Chips
import Core
import TestSupport
import Testing

private typealias Version = CreativeDSP.Version

@Suite struct DSPTransferTests {
    /// 100 us a sample in versions 1 to 3.
    private func bench(_ version: CreativeDSP.Version) -> DSPBench {
        let bench = DSPBench(version)
        bench.reset()
        if version == .v405 { bench.send(0x41, 0x27, 0x10) } else { bench.send(0x40, 0x9C) }
        return bench
    }

    private func period(_ bench: DSPBench) -> ClockRatio {
        // 10,000 Hz * 23 / 4,096 = 56.15: 56 / 2^18 of 46.61512 MHz.
        bench.dsp.version == .v405
            ? ClockRatio(hertz: 56 * 46_615_120, over: 262_144) : ClockRatio(hertz: 10_000)
    }

    private func expectInterrupts(
        _ bench: DSPBench, from start: Tick, after samples: [Int64], line: Int = 8, _ comment: Comment? = nil
    ) {
        let times = samples.map { start + period(bench).time(ofCycle: $0) }
        #expect(bench.interrupts(line) == times, comment)
    }

    @Test("14h: the interrupt comes with the last of n + 1 samples", arguments: CreativeDSP.Version.allCases)
    func single(_ version: CreativeDSP.Version) {
        let bench = bench(version)
        bench.send(0x14, 0x04, 0x00)
        let start = bench.now
        bench.run(.milliseconds(5))
        #expect(bench.reads.map(\.value) == [0, 1, 2, 3, 4])
        expectInterrupts(bench, from: start, after: [5])
        #expect(bench.reads.map(\.time) == (1...5).map { start + period(bench).time(ofCycle: $0) })
        #expect(bench.read(0xE) & 0x80 == 0)
        #expect(!bench.narrow.isAsserted)
    }

    @Test("a length of zero moves one sample")
    func lengthZero() {
        for version in CreativeDSP.Version.allCases {
            let bench = bench(version)
            bench.send(0x14, 0, 0)
            let start = bench.now
            bench.run(.milliseconds(5))
            #expect(bench.reads.count == 1)
            expectInterrupts(bench, from: start, after: [1])
        }
    }

    @Test("1Ch goes on without gaps, acknowledged or not", arguments: [Version.v200, .v201, .v301, .v302, .v405])
    func automatic(_ version: CreativeDSP.Version) {
        let bench = bench(version)
        bench.send(0x48, 0x03, 0x00, 0x1C)
        let start = bench.now
        bench.run(to: start + period(bench).time(ofCycle: 17))
        #expect(bench.reads.map(\.time) == (1...17).map { start + period(bench).time(ofCycle: $0) })
        #expect(bench.reads.map(\.value) == Array(0..<17))
        // Nobody has acknowledged: one edge.
        expectInterrupts(bench, from: start, after: [4])
        _ = bench.read(0xE)
        bench.run(to: start + period(bench).time(ofCycle: 20))
        expectInterrupts(bench, from: start, after: [4, 20])
        // DAh ends with the block.
        bench.send(0xDA)
        bench.run(.milliseconds(5))
        #expect(bench.reads.count == 24)
        #expect(bench.scheduler.nextDeadline == .never)
    }

    @Test("14h during 1Ch plays one more block behind the present one", arguments: [Version.v201, .v405])
    func singleDuringAutomatic(_ version: CreativeDSP.Version) {
        let bench = bench(version)
        bench.send(0x48, 0x09, 0x00, 0x1C)
        let start = bench.now
        bench.run(.microseconds(450))
        bench.send(0x14, 0x01, 0x00)
        bench.run(to: start + period(bench).time(ofCycle: 10))
        _ = bench.read(0xE)
        bench.run(.milliseconds(5))
        #expect(bench.reads.count == 12)
        expectInterrupts(bench, from: start, after: [10, 12])
    }

    @Test(
        "48h during a transfer waits for D4h in version 4, but in the compressed forms; versions 2 and 3 pass over it")
    func blockLengthDuringTransfer() {
        let new = bench(.v405)
        new.send(0x48, 0x09, 0x00, 0x1C)
        let start = new.now
        new.run(.microseconds(450))
        new.send(0x48, 0x01, 0x00)
        for cycle in [10, 20] as [Int64] {
            new.run(to: start + period(new).time(ofCycle: cycle))
            _ = new.read(0xE)
        }
        expectInterrupts(new, from: start, after: [10, 20])
        new.send(0xD0, 0xD4)
        let again = new.now
        for cycle in [10, 12, 14] as [Int64] {
            new.run(to: again + period(new).time(ofCycle: cycle))
            _ = new.read(0xE)
        }
        #expect(new.reads.count == 34)
        #expect(Array(new.interrupts().suffix(3)) == [10, 12, 14].map { again + period(new).time(ofCycle: $0) })

        let compressed = bench(.v405)
        compressed.send(0x48, 0x09, 0x00, 0x7D, 0x48, 0x01, 0x00)
        for _ in 0..<50 {
            compressed.run(.microseconds(100))
            _ = compressed.read(0xE)
        }
        #expect(compressed.interrupts().count == 8)

        let old = bench(.v201)
        old.send(0x48, 0x09, 0x00, 0x1C)
        let oldStart = old.now
        old.run(.microseconds(450))
        // The arguments are commands of group 0, which do nothing.
        old.send(0x48, 0x01, 0x00)
        for cycle in [10, 20] as [Int64] {
            old.run(to: oldStart + period(old).time(ofCycle: cycle))
            _ = old.read(0xE)
        }
        expectInterrupts(old, from: oldStart, after: [10, 20])
    }

    @Test("pause and continue lose nothing", arguments: CreativeDSP.Version.allCases)
    func pause(_ version: CreativeDSP.Version) {
        let bench = bench(version)
        bench.send(0x14, 0x09, 0x00)
        bench.run(.microseconds(450))
        bench.send(0xD0)
        let count = bench.reads.count
        bench.run(.milliseconds(50))
        #expect(bench.reads.count == count && count == 4)
        #expect(bench.interrupts().isEmpty)
        bench.send(0xD4)
        let again = bench.now
        bench.run(.milliseconds(5))
        #expect(bench.reads.map(\.value) == Array(0..<10))
        expectInterrupts(bench, from: again, after: [6])
    }

    @Test("version 1 pauses when the speaker is switched")
    func speakerPauses() {
        let bench = bench(.v105)
        bench.send(0x14, 0xFF, 0x00)
        bench.run(.milliseconds(1))
        bench.send(0xD1)
        bench.run(.milliseconds(50))
        #expect(bench.reads.count == 10)
        bench.send(0xD4)
        bench.run(.milliseconds(1))
        #expect(bench.reads.count == 20)
    }

    @Test("90h, 91h: the chip hears nothing but a reset, which keeps its settings", arguments: [Version.v201, .v302])
    func highSpeed(_ version: CreativeDSP.Version) {
        let bench = bench(version)
        bench.send(0x40, 0xE9, 0xD1)
        bench.run(.milliseconds(20))
        bench.send(0x48, 0x0F, 0x00, 0x91)
        let start = bench.now
        bench.run(to: start + .microseconds(100))
        #expect(bench.read(0xC) == 0xFF)
        bench.write(0xC, 0xD0)
        bench.run(.milliseconds(1))
        #expect(bench.reads.count == 16)
        #expect(bench.interrupts() == [start + .microseconds(16 * 23)])
        _ = bench.read(0xE)
        bench.send(0x90)
        bench.run(.milliseconds(5))
        #expect(bench.reads.count > 200)
        #expect(bench.reset() == 0xAA)
        let count = bench.reads.count
        bench.run(.milliseconds(5))
        #expect(bench.reads.count == count)
        bench.send(0xD8)
        #expect(bench.receive() == 0xFF)
        // The rate and the length are still there.
        bench.send(0x91)
        let again = bench.now
        bench.run(.milliseconds(1))
        #expect(bench.interrupts().last == again + .microseconds(16 * 23))
    }

    @Test("80h: silence, then an interrupt", arguments: CreativeDSP.Version.allCases)
    func silence(_ version: CreativeDSP.Version) {
        let bench = bench(version)
        bench.send(0x80, 0x13, 0x00)
        let start = bench.now
        bench.run(.milliseconds(5))
        #expect(bench.reads.isEmpty)
        expectInterrupts(bench, from: start, after: [20])
    }

    @Test("compressed forms: n bytes behind the reference, an interrupt one sample after the last")
    func compressed() {
        for (command, samples) in [(0x17, 4), (0x77, 3), (0x75, 2)] as [(UInt8, Int64)] {
            for version in CreativeDSP.Version.allCases {
                let bench = bench(version)
                bench.send(command, 0x05, 0x00)
                let start = bench.now
                bench.run(.milliseconds(5))
                #expect(bench.reads.count == 6)
                expectInterrupts(bench, from: start, after: [5 * samples + 1])
            }
        }
    }

    @Test("compressed forms go on by themselves", arguments: [0x1F, 0x7D, 0x7F] as [UInt8])
    func compressedAutomatic(_ command: UInt8) {
        let bench = bench(.v201)
        bench.send(0x48, 0x05, 0x00, command)
        for _ in 0..<10 {
            bench.run(.milliseconds(10))
            #expect(bench.narrow.isAsserted)
            _ = bench.read(0xE)
        }
        bench.send(0xDA)
        bench.run(.milliseconds(10))
        #expect(bench.scheduler.nextDeadline == .never)
    }

    @Test("24h, 2Ch, 99h record", arguments: [Version.v105, .v201, .v302, .v405])
    func record(_ version: CreativeDSP.Version) {
        let bench = bench(version)
        bench.dsp.setInput(left: 0x1234, right: 0, at: bench.now)
        bench.send(0x24, 0x02, 0x00)
        bench.run(.milliseconds(5))
        #expect(bench.writes.map(\.value) == [0x92, 0x92, 0x92])
        #expect(bench.narrow.isAsserted)
        guard version != .v105 else { return }
        _ = bench.read(0xE)
        bench.send(0x48, 0x02, 0x00, 0x2C)
        bench.run(.milliseconds(2))
        bench.send(0xDA)
        bench.run(.milliseconds(5))
        #expect(bench.writes.count % 3 == 0 && bench.writes.count > 18)
        bench.send(0x99)
        let count = bench.writes.count
        bench.run(.milliseconds(5))
        #expect(bench.writes.count == count + 3)
    }

    @Test("the Pro's stereo: a silent byte, then left and right in turn")
    func stereoOrder() {
        let bench = bench(.v302)
        bench.send(0xD1)
        bench.dsp.setStereoOutput(true, at: bench.now)
        bench.memory = [0x80, 0x10, 0x20, 0x30, 0x40]
        bench.send(0x14, 0, 0)
        bench.run(.milliseconds(1))
        bench.send(0x14, 0x03, 0)
        bench.run(.milliseconds(1))
        #expect(bench.dsp.levels.left == -0x5000)
        #expect(bench.dsp.levels.right == -0x4000)
        bench.dsp.setStereoOutput(false, at: bench.now)
        bench.send(0x10, 0xFF)
        #expect(bench.dsp.levels.left == 0x7F00 && bench.dsp.levels.right == 0x7F00)
    }

    @Test("A8h records both sides in turn")
    func stereoInput() {
        let bench = bench(.v302)
        bench.dsp.setInput(left: 0x1000, right: -0x1000, at: bench.now)
        bench.send(0xA8, 0x24, 0x03, 0x00)
        bench.run(.milliseconds(1))
        #expect(bench.writes.map(\.value) == [0x90, 0x70, 0x90, 0x70])
    }

    @Test("D4h without a transfer does nothing; commands that a version lacks do nothing")
    func nothing() {
        let bench = bench(.v105)
        for byte in [0xD4, 0x1C, 0x2C, 0x90, 0x91, 0xA8, 0xC0, 0xB0, 0xD8, 0xDA, 0xE8, 0x7D] as [UInt8] {
            bench.send(byte)
        }
        bench.run(.milliseconds(10))
        #expect(bench.reads.isEmpty && bench.writes.isEmpty && bench.interrupts().isEmpty)
        bench.send(0xE1)
        #expect(bench.receive() == 1)
    }

    @Test("14h while a transfer is paused starts over; while one runs it follows, in version 4 it starts over too")
    func pausedAndRunning() {
        for version in CreativeDSP.Version.allCases {
            let bench = bench(version)
            bench.send(0x14, 0x09, 0x00)
            bench.run(.microseconds(350))
            bench.send(0xD0, 0x14, 0x01, 0x00)
            bench.run(.milliseconds(5))
            #expect(bench.reads.count == 5)
            _ = bench.read(0xE)
            bench.send(0x14, 0x03, 0x00, 0x14, 0x01, 0x00)
            bench.run(.milliseconds(5))
            #expect(bench.reads.count == (version == .v405 ? 7 : 11))
        }
    }

    @Test("versions 1 to 3 take no more than 23,000 samples a second, and 47,600 at high speed")
    func limits() {
        for (command, micros) in [(0x1C, 43), (0x90, 21)] as [(UInt8, Int64)] {
            let bench = bench(.v201)
            bench.send(0x40, 0xFF, 0x48, 0xFF, 0xFF, command)
            let start = bench.now
            bench.run(.milliseconds(10))
            #expect(bench.reads.count == Int(10_000 / micros))
            #expect(bench.reads.first?.time == start + .microseconds(micros))
        }
    }

    @Test("a channel that does not answer holds the sound, shows the request, and loses nothing")
    func starvation() {
        for version in CreativeDSP.Version.allCases {
            let bench = bench(version)
            bench.budget = 3
            bench.send(0x14, 0x05, 0x00)
            bench.run(.milliseconds(20))
            #expect(bench.reads.count == 3)
            #expect(bench.isRequested)
            #expect(bench.interrupts().isEmpty)
            bench.budget = .max
            bench.run(.milliseconds(2))
            #expect(bench.reads.map(\.value) == Array(0..<6))
            #expect(!bench.isRequested)
            #expect(bench.narrow.isAsserted)
            // And never: the chip still answers.
            bench.isChannelEnabled = false
            bench.send(0x14, 0x05, 0x00)
            bench.run(.milliseconds(20))
            bench.send(0xD0)
            #expect(!bench.isRequested)
            #expect(bench.reset() == 0xAA)
        }
    }
}
