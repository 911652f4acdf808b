import Boards
import Chips
import Core
import TestSupport
import Testing

private typealias Model = SoundBlasterSettings.Model

@Suite struct SoundBlasterTests {
    @Test("a program finds the card: reset, version, interrupt, DMA", arguments: SoundBlasterSettings.Model.allCases)
    func detection(_ model: SoundBlasterSettings.Model) {
        let bench = SoundBlasterBench(model)
        #expect(bench.reset() == 0xAA)
        bench.send(0xE1)
        #expect([bench.receive(), bench.receive()] == [model.dspVersion.major, model.dspVersion.minor])
        // By F2h: one line rises.
        bench.send(0xF2)
        #expect(bench.lines.filter { $0.line.isAsserted }.map(\.number) == [bench.card.settings.irq])
        _ = bench.read(bench.base + 0xE)
        #expect(!bench.lines.contains { $0.line.isAsserted })
        // By transfers of one byte, with one channel after another.
        for channel in [0, 1, 3] as [UInt8] {
            bench.program(channel: channel, address: 0x1000, count: 1, mode: 0x48)
            bench.send(0x40, 0x9C, 0x14, 0, 0)
            bench.run(.milliseconds(2))
            #expect(bench.line(bench.card.settings.irq) == (Int(channel) == bench.card.settings.dma))
            bench.reset()
        }
        // E2h arrives in memory.
        guard model != .sb10 else { return }
        bench.program(channel: 1, address: 0x2000, count: 1, mode: 0x44)
        bench.send(0xE2, 0)
        #expect(bench.memory.physical[0x2000] == 0x40)
    }

    @Test("ports of nobody read FFh; a second card's base is its own")
    func bases() {
        let bench = SoundBlasterBench(SoundBlasterSettings(model: .sb20, base: 0x240, irq: 5))
        #expect(bench.reset() == 0xAA)
        #expect(bench.read(0x22E) == 0xFF && bench.read(0x24F) == 0xFF && bench.read(0x244) == 0xFF)
        bench.send(0xF2)
        #expect(bench.line(5))
    }

    @Test("BLASTER and the possible settings")
    func settings() {
        #expect(SoundBlasterSettings(model: .sb16).blasterVariable == "A220 I5 D1 H5 P330 T6")
        #expect(SoundBlasterSettings(model: .sb16, highDMA: nil).blasterVariable == "A220 I5 D1 H1 P330 T6")
        #expect(SoundBlasterSettings(model: .pro2, base: 0x240, irq: 10, dma: 3).blasterVariable == "A240 I10 D3 T4")
        #expect(SoundBlasterSettings(model: .sb10).blasterVariable == "A220 I7 D1 T1")
        #expect(SoundBlasterSettings.Model.allCases.allSatisfy { SoundBlasterSettings(model: $0).isPossible })
        #expect(!SoundBlasterSettings(model: .sb15, dma: 3).isPossible)
        #expect(!SoundBlasterSettings(model: .sb16, irq: 3).isPossible)
        #expect(!SoundBlasterSettings(model: .pro, base: 0x230).isPossible)
    }

    @Test("FM: OPL2, two of them, OPL3, at their ports")
    func fm() {
        let status: (UInt16, SoundBlasterBench) -> UInt8 = { $1.read($0) & 0b110 }
        for model in Model.allCases {
            let bench = SoundBlasterBench(model)
            let isOPL3 = model == .pro2 || model == .sb16
            #expect(status(0x388, bench) == (isOPL3 ? 0 : 6))
            #expect(status(0x228, bench) == (isOPL3 ? 0 : 6))
            if model == .pro { #expect(status(0x220, bench) == 6 && status(0x222, bench) == 6) }
            if model == .sb10 { #expect(bench.read(0x220) == 0xFF) }
            // AdLib's timer test.
            for (register, value) in [(4, 0x60), (4, 0x80), (2, 0xFF), (4, 0x21)] as [(UInt8, UInt8)] {
                bench.out(0x388, register)
                bench.out(0x389, value)
            }
            bench.run(.microseconds(100))
            #expect(bench.read(0x388) & 0xE0 == 0xC0)
        }
    }

    /// Plays a tone on the FM chip at `port` and gives the greatest levels of both sides.
    private func tone(_ bench: SoundBlasterBench, at port: UInt16) -> (Int, Int) {
        for (register, value) in [
            (0x20, 0x01), (0x23, 0x01), (0x40, 0x10), (0x43, 0x00), (0x60, 0xF0), (0x63, 0xF0), (0x80, 0x0F),
            (0x83, 0x0F), (0xC0, 0x30), (0xA0, 0x98), (0xB0, 0x31),
        ] as [(UInt8, UInt8)] {
            bench.out(port, register)
            bench.out(port + 1, value)
        }
        bench.run(.milliseconds(20))
        var peaks = (0, 0)
        withUnsafeTemporaryAllocation(of: Int16.self, capacity: 2_048) { frames in
            frames.initialize(repeating: 0)
            let count = bench.card.music.generate(into: frames, until: bench.now)
            for frame in 0..<count {
                peaks.0 = max(peaks.0, abs(Int(frames[2 * frame])))
                peaks.1 = max(peaks.1, abs(Int(frames[2 * frame + 1])))
            }
        }
        return peaks
    }

    @Test("the Pro's two OPL2 are left and right")
    func dualOPL2() {
        let left = tone(SoundBlasterBench(.pro), at: 0x220)
        #expect(left.0 > 1_000 && left.1 == 0)
        let right = tone(SoundBlasterBench(.pro), at: 0x222)
        #expect(right.0 == 0 && right.1 > 1_000)
        for port in [0x388, 0x228] as [UInt16] {
            let both = tone(SoundBlasterBench(.pro), at: port)
            #expect(both.0 > 1_000 && both.1 == both.0)
        }
    }

    @Test("8-bit automatic transfers from memory that the program writes behind the reader")
    func automatic() {
        let bench = SoundBlasterBench(.pro2)
        bench.reset()
        bench.card.levels.isHeard = true
        for index in 0..<16 { bench.memory.physical[0x1_0000 + index] = 0x80 }
        bench.program(channel: 1, address: 0x1_0000, count: 16, mode: 0x58)
        bench.send(0xD1, 0x40, 0x9C, 0x48, 0x07, 0x00, 0x1C)
        bench.run(.microseconds(450))
        // Sample 5 is read half a period from now.
        bench.memory.physical[0x1_0004] = 0xFF
        bench.memory.physical[0x1_0003] = 0xFF
        bench.run(.microseconds(100))
        #expect(bench.card.levels.left == 0x7F00)
        bench.run(.microseconds(100))
        #expect(bench.card.levels.left == 0)
        for _ in 0..<50 {
            bench.run(.microseconds(800))
            #expect(bench.line(7))
            _ = bench.read(0x22E)
        }
    }

    @Test("single-cycle DMA under an automatic DSP: the sound waits at the end and goes on when the channel does")
    func singleUnderAutomatic() {
        let bench = SoundBlasterBench(.sb20)
        bench.reset()
        bench.program(channel: 1, address: 0x1_0000, count: 8, mode: 0x48)
        bench.send(0x40, 0x9C, 0x48, 0x07, 0x00, 0x1C)
        bench.run(.milliseconds(10))
        #expect(bench.rises(7) == 1)
        // The request shows in the controller's status.
        #expect(bench.read(0x08) & 0b0010_0010 == 0b0010_0010)
        _ = bench.read(0x22E)
        bench.program(channel: 1, address: 0x1_0000, count: 8, mode: 0x48)
        bench.run(.milliseconds(1))
        #expect(bench.rises(7) == 2)
        #expect(bench.card.dsp.isInterrupt8Pending)
    }

    @Test("the 16: words by channel 5, by channel 1, and by none")
    func words() {
        for high in [5, 7, nil] as [Int?] {
            let bench = SoundBlasterBench(SoundBlasterSettings(model: .sb16, highDMA: high))
            bench.reset()
            for index in 0..<8 { bench.memory.physical[0x2_0000 + index] = UInt8(0x10 + index) }
            if let high {
                bench.programWide(channel: UInt8(high), address: 0x2_0000, count: 4, mode: 0x48)
            } else {
                bench.program(channel: 1, address: 0x2_0000, count: 8, mode: 0x48)
            }
            bench.send(0x41, 0x56, 0x22, 0xB0, 0x30, 0x03, 0x00)
            bench.run(.milliseconds(1))
            #expect(bench.line(5))
            #expect(bench.card.levels.left == 0x1514 && bench.card.levels.right == 0x1716)
            #expect(bench.mixer(0x82) == 0b10)
            _ = bench.read(0x22E)
            #expect(bench.line(5))
            _ = bench.read(0x22F)
            #expect(!bench.line(5) && bench.mixer(0x82) == 0)
        }
        let bench = SoundBlasterBench(SoundBlasterSettings(model: .sb16), isAT: false)
        bench.reset()
        bench.send(0xB0, 0x30, 0x03, 0x00)
        bench.run(.milliseconds(50))
        #expect(!bench.line(5) && bench.reset() == 0xAA)
    }

    @Test("the 16's registers 80h and 81h move the interrupt and the channel")
    func resources() {
        let bench = SoundBlasterBench(.sb16)
        bench.reset()
        bench.send(0xF2)
        #expect(bench.line(5))
        bench.setMixer(0x80, 0b0100)
        #expect(bench.line(7) && !bench.line(5))
        bench.setMixer(0x80, 0)
        #expect(!bench.line(7))
        bench.setMixer(0x80, 0b1000)
        #expect(bench.line(10) && bench.mixer(0x82) == 1)
        _ = bench.read(0x22E)
        #expect(!bench.line(10))
        bench.setMixer(0x81, 0b1000)
        bench.program(channel: 3, address: 0x1000, count: 1, mode: 0x48)
        bench.send(0xC0, 0, 0, 0)
        bench.run(.milliseconds(2))
        #expect(bench.line(10))
    }

    @Test("the Pro's mixer switches the DSP's stereo, the filter and the gains")
    func mixer() {
        let bench = SoundBlasterBench(.pro)
        bench.reset()
        bench.send(0xD1)
        bench.setMixer(0x0E, 0x22)
        #expect(bench.card.outputFilterHertz == nil)
        bench.send(0x10, 0x80, 0x10, 0x90, 0x10, 0xA0)
        #expect(bench.card.levels.left == 0x1000 && bench.card.levels.right == 0x2000)
        bench.setMixer(0x22, 0xFF)
        bench.setMixer(0x04, 0xF1)
        #expect(bench.card.voiceGain.left == 65_536 && bench.card.voiceGain.right < 400)
        bench.setMixer(0, 0)
        #expect(bench.card.outputFilterHertz == 3_200)
        #expect(SoundBlasterBench(.sb20).card.voiceGain == .unity)
    }

    @Test("DMA programmed wrongly: other direction, verify, cascade, decrement, one byte")
    func wrongDMA() {
        for mode in [0x44, 0x40, 0xC8, 0x68, 0x4C, 0x08, 0x88, 0x78] as [UInt8] {
            for model in Model.allCases {
                let bench = SoundBlasterBench(model)
                bench.reset()
                bench.program(channel: 1, address: 0x1_0000, count: 1, mode: mode)
                bench.send(0x40, 0xD3, 0x14, 0xFF, 0x00)
                bench.run(.milliseconds(20))
                #expect(bench.reset() == 0xAA)
                #expect(bench.scheduler.nextDeadline == .never)
                #expect(bench.read(0x08) & 0b0010_0000 == 0)
            }
        }
    }
}

/// Random accesses to all ports of a card. `OCHENTA_SOUND_STREAMS` makes more of them.
@Suite struct SoundBlasterPropertyTests {
    static let streams = soundStreams(2)

    private func act(_ bench: SoundBlasterBench, _ random: inout SeededGenerator) {
        let value = UInt8.random(in: 0...255, using: &random)
        switch Int.random(in: 0..<14, using: &random) {
        case 0: bench.out(bench.base + UInt16.random(in: 0..<16, using: &random), value)
        case 1: bench.out(0x388 + UInt16.random(in: 0..<4, using: &random), value)
        case 2: bench.setMixer([0x0E, 0x22, 0x80, 0x81, 0x04, 0].randomElement(using: &random) ?? 0, value)
        case 3: bench.out(UInt16.random(in: 0..<16, using: &random), value)
        case 4: bench.program(channel: value & 3, address: Int(value) << 12, count: 1 + Int(value), mode: 0x58)
        case 5: bench.programWide(channel: 5, address: Int(value) << 12, count: 1 + Int(value), mode: 0x58)
        case 6: _ = bench.read(bench.base + UInt16.random(in: 0..<16, using: &random))
        case 7: bench.out(bench.base + 0xC, [0x1C, 0xC6, 0xB6, 0x90, 0x75, 0x7D].randomElement(using: &random) ?? 0)
        default: bench.out(bench.base + 0xC, value)
        }
    }

    @Test("any stream to any card: it goes on, and its state goes on alike", arguments: Model.allCases)
    func streams(_ model: SoundBlasterSettings.Model) throws {
        for seed in 0..<UInt64(SoundBlasterPropertyTests.streams) {
            var random = SeededGenerator(seed: seed &* 31 &+ UInt64(model.rawValue))
            let bench = SoundBlasterBench(model)
            for index in 0..<0x1_0000 { bench.memory.physical[index] = UInt8(truncatingIfNeeded: index &* 37) }
            bench.reset()
            for _ in 0..<4 {
                for _ in 0..<150 {
                    act(bench, &random)
                    bench.run(Tick(Int64.random(in: 0..<500_000, using: &random)))
                }
                let other = try #require(bench.copy())
                #expect(other.state == bench.state)
                let seen = bench.recorder.changes.count
                bench.run(.milliseconds(20))
                other.run(.milliseconds(20))
                #expect(other.state == bench.state, "seed \(seed)")
                #expect(other.lines.map(\.line.isAsserted) == bench.lines.map(\.line.isAsserted))
                #expect(other.recorder.changes == Array(bench.recorder.changes.dropFirst(seen)))
            }
            bench.out(bench.base + 6, 0)
            #expect(bench.reset() == 0xAA)
        }
    }
}
