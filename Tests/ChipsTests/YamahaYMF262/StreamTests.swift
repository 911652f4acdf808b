import Core
import TestSupport
import Testing

@testable import Chips

/// The register streams of `OCHENTA_OPL_TESTS`, and streams of our own played in two ways.
@Suite struct StreamTests {
    @Test func `the YMF262 gives every sample of the register streams`() throws {
        if RegisterStream.names.isEmpty {
            print("not run: OPL register streams, which are not in \(RegisterStream.root)")
            return #expect(!RegisterStream.isRequired, "the OPL register streams are required here")
        }
        var exact = 0
        for name in RegisterStream.names {
            let stream = try #require(RegisterStream(name))
            #expect(!stream.expected.isEmpty, "\(name) has no samples")
            let frames = stream.play(on: FM.Synthesizer(.opl3), count: stream.expected.count / 2)
            let first = zip(frames, stream.expected).enumerated().first { $0.element.0 != $0.element.1 }
            if first == nil { exact += 1 }
            #expect(first == nil, "\(name): element \(first?.offset ?? -1)")
        }
        print("OPL register streams: \(exact) of \(RegisterStream.names.count) exact")
    }

    /// By ports and time, with samples drawn in pieces of a mixer's size.
    @Test func `a register stream by ports and ticks gives the same samples`() throws {
        for name in RegisterStream.names where name.hasSuffix("-03") {
            let stream = try #require(RegisterStream(name))
            let chip = YamahaYMF262()
            var frames: [Int16] = []
            var writes = stream.writes[...]
            for piece in stride(from: 500, through: 12_000, by: 500) {
                while let write = writes.first, write.sample < piece {
                    send(write, to: chip)
                    writes.removeFirst()
                }
                frames += drawn(chip, until: YamahaYMF262.sampleRate.time(ofCycle: Int64(piece)))
            }
            let isExact = frames == stream.expected
            #expect(isExact, "\(name)")
        }
    }

    private func send(_ write: RegisterStream.Write, to chip: YamahaYMF262) {
        let now = YamahaYMF262.sampleRate.time(ofCycle: Int64(write.sample)) + Tick(1)
        // The streams reach the second bank whatever 105h says; ports do so only after it.
        if write.register < 0x100 {
            chip.writePort(0x388, UInt8(write.register), at: now)
            chip.writePort(0x389, write.value, at: now)
        } else {
            chip.writeRegister(write.register, write.value, at: now)
        }
    }

    private func drawn(_ chip: YamahaYMF262, until now: Tick) -> [Int16] {
        var buffer = [Int16](repeating: 0, count: 600)
        var frames: [Int16] = []
        while true {
            let count = buffer.withUnsafeMutableBufferPointer { chip.generate(into: $0, until: now) }
            if count == 0 { return frames }
            frames += buffer.prefix(2 * count)
        }
    }

    @Test(arguments: 1...12) func `silence that is skipped sounds like silence that is computed`(_ seed: UInt64) {
        let stream = RegisterStream.random(seed: seed, samples: 20_000, gap: 40, registers: 0..<0x200)
        for variant in [FM.Synthesizer.Variant.opl2, .opl3] {
            let (skipping, plain) = (FM.Synthesizer(variant), FM.Synthesizer(variant))
            plain.skipsSilence = false
            let areEqual = stream.play(on: skipping, count: 20_000) == stream.play(on: plain, count: 20_000)
            #expect(areEqual)
            #expect(state(skipping) == state(plain))
        }
    }

    @Test(arguments: 1...8) func `samples made one at a time are those made in blocks`(_ seed: UInt64) {
        let stream = RegisterStream.random(seed: seed, samples: 6_000, gap: 100, registers: 0..<0x200)
        let (whole, split) = (FM.Synthesizer(.opl3), FM.Synthesizer(.opl3))
        // Writes that change nothing end a block.
        var single = stream
        single.writes = (0..<6_000).flatMap { sample in
            stream.writes.filter { $0.sample == sample } + [.init(sample: sample, register: 0x106, value: 0)]
        }
        let areEqual = stream.play(on: whole, count: 6_000) == single.play(on: split, count: 6_000)
        #expect(areEqual)
        #expect(state(whole) == state(split))
    }

    @Test(arguments: 1...24) func `a quiet chip that leaps over time is where the others are`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let stream = RegisterStream.random(seed: seed, samples: 3_000, gap: 20, registers: 0x20..<0x200)
        let variant: FM.Synthesizer.Variant = seed % 2 == 0 ? .opl2 : .opl3
        let (leaping, plain) = (FM.Synthesizer(variant), FM.Synthesizer(variant))
        plain.skipsSilence = false
        for synthesizer in [leaping, plain] {
            _ = stream.play(on: synthesizer, count: 3_000)
            release(synthesizer)
            synthesizer.skip(3_000)
            #expect(synthesizer.isQuiet)
            var passages = SeededGenerator(seed: seed)
            for _ in 0..<6 { synthesizer.skip(Int64.random(in: 1...40_000, using: &passages)) }
        }
        #expect(state(leaping) == state(plain))
        let more = RegisterStream.random(seed: random.next(), samples: 2_000, gap: 20, registers: 0..<0x200)
        let areEqual = more.play(on: leaping, count: 2_000) == more.play(on: plain, count: 2_000)
        #expect(areEqual)
    }

    /// Lets all keys go, with the fastest release.
    private func release(_ synthesizer: FM.Synthesizer) {
        synthesizer.write(0x105, 1)
        synthesizer.write(0x104, 0)
        for bank in [0, 0x100] {
            for offset in 0..<0x20 { synthesizer.write(bank + 0x80 + offset, 0xFF) }
            for channel in 0..<9 { synthesizer.write(bank + 0xB0 + channel, UInt8(channel * 3)) }
        }
        synthesizer.write(0xBD, 0xC0)
    }

    private func state(_ synthesizer: FM.Synthesizer) -> [UInt8] {
        let coder = StateCoder.saving()
        synthesizer.transfer(coder)
        return coder.bytes
    }
}
