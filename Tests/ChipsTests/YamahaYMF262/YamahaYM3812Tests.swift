import Core
import TestSupport
import Testing

@testable import Chips

@Suite struct YamahaYM3812Tests {
    private let sample = Tick(176 * 288)

    /// Streams of the compatible mode that do not use the noise.
    @Test func `operators do what those of the YMF262 do in its compatible mode`() throws {
        for name in RegisterStream.names where name.hasPrefix("opl2-voices") || name.hasPrefix("opl2-waves") {
            let stream = try #require(RegisterStream(name))
            let (opl2, opl3) = (FM.Synthesizer(.opl2), FM.Synthesizer(.opl3))
            var writes = stream.writes[...]
            for index in 0..<4_000 {
                while let write = writes.first, write.sample <= index {
                    for synthesizer in [opl2, opl3] { synthesizer.write(write.register, write.value) }
                    writes.removeFirst()
                }
                opl2.makeBlock(1)
                opl3.makeBlock(1)
                let differing = (0..<18).first { opl2.operators[$0].output != opl3.operators[$0].output }
                #expect(differing == nil, "\(name), sample \(index)")
                let heard = (0..<18).reduce(0) { $0 + opl2.operators[$1].output * Int32(opl2.leftWeights[$1]) }
                #expect(opl2.left[0] == heard)
            }
        }
    }

    @Test func `without the enable bit waveforms cannot be written, and those written stay`() {
        let chip = YamahaYM3812()
        chip.writeRegister(0xE0, 2, at: .zero)
        #expect(chip.chip.synthesizer.operators[0].waveform == 0)
        chip.writeRegister(0x01, 0x20, at: .zero)
        chip.writeRegister(0xE0, 7, at: .zero)
        #expect(chip.chip.synthesizer.operators[0].waveform == 3)
        chip.writeRegister(0x01, 0, at: .zero)
        chip.writeRegister(0xE0, 1, at: .zero)
        #expect(chip.chip.synthesizer.operators[0].waveform == 3)
    }

    @Test func `there is no second bank and no NEW bit`() {
        let chip = YamahaYM3812()
        let before = savedState(chip)
        chip.chip.synthesizer.write(0x105, 1)
        chip.chip.synthesizer.write(0x120, 0xFF)
        #expect(savedState(chip) == before)
    }

    @Test func `loud samples have ten significant bits`() {
        for rounds in [true, false] {
            let chip = YamahaYM3812(roundsOutput: rounds)
            let set: [(Int, UInt8)] = [
                (0x40, 0x3F), (0x23, 0x21), (0x63, 0xF0), (0x83, 0xF0), (0xC0, 0x01), (0xA0, 0x44), (0xB0, 0x32),
            ]
            for (register, value) in set { chip.writeRegister(register, value, at: .zero) }
            var frames = [Int16](repeating: 0, count: 2_000)
            let count = frames.withUnsafeMutableBufferPointer { chip.generate(into: $0, until: sample * 1_000) }
            #expect(count == 1_000)
            let areRounded = frames.allSatisfy { $0.magnitude < 512 || $0 & 1 == 0 }
            #expect(areRounded == rounds)
            #expect(frames.contains { $0 > 4_000 } && frames.contains { $0 < -4_000 })
            #expect(stride(from: 0, to: 2_000, by: 2).allSatisfy { frames[$0] == frames[$0 + 1] })
        }
    }

    /// Composite sine waves: timer 1 presses all keys for a sample.
    @Test func `with CSM an overflow of timer 1 starts every envelope`() {
        let scheduler = Scheduler()
        let (one, many) = (YamahaYM3812(), YamahaYM3812(slot: scheduler.makeSlot("OPL")))
        for chip in [one, many] {
            let set: [(Int, UInt8)] = [
                (0x63, 0xF0), (0x83, 0x03), (0xA0, 0x44), (0xB0, 0x12), (0x08, 0x80), (0x02, 0xC0), (0x04, 0x01),
            ]
            for (register, value) in set { chip.writeRegister(register, value, at: .zero) }
        }
        let envelope = many.chip.synthesizer.operators + 3
        // Timer 1 overflows before sample 256, and every 256 samples from there.
        many.advance(to: sample * 256 - Tick(1))
        #expect(envelope.pointee.envelope.level == 0x1FF)
        for step in 1..<3_000 {
            scheduler.deliver(through: Tick(100_003) * Int64(step))
            many.advance(to: Tick(100_003) * Int64(step))
        }
        let end = sample * 6_150
        scheduler.deliver(through: end)
        one.advance(to: end)
        many.advance(to: end)
        #expect(savedState(one) == savedState(many))
        // The last overflow was six samples ago: loud at once, and the key is up again.
        #expect(envelope.pointee.envelope.level < 8 && envelope.pointee.envelope.keys.isEmpty)
        #expect(envelope.pointee.envelope.stage == .release)
        #expect(many.readPort(0x388, at: end) == 0xC6)
    }

    @Test(arguments: 1...6) func `random registers and times give the same after a restore`(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let chip = YamahaYM3812()
        var copy = YamahaYM3812()
        var now = Tick.zero
        for step in 0..<500 {
            now += Tick(Int64.random(in: 0...3_000_000, using: &random))
            let register = Int.random(in: 0...0xFF, using: &random)
            let value = UInt8.random(in: 0...255, using: &random)
            for chip in [chip, copy] { chip.writeRegister(register, value, at: now) }
            if step % 50 == 31 {
                #expect(savedState(chip) == savedState(copy))
                copy = YamahaYM3812()
                #expect(restore(copy, from: savedState(chip)) == nil)
            }
        }
        #expect(savedState(chip) == savedState(copy))
    }
}
