import Testing

@testable import Chips

/// What the data sheets say about frequencies, envelopes and waveforms.
@Suite struct FMSoundTests {
    private static let sampleRate = 14_318_180.0 / 288

    /// Channel 0 with its second operator alone to be heard, at full level, and the key down.
    private func voice(
        _ variant: FM.Synthesizer.Variant = .opl3, frequency: Int = 0x244, block: Int = 4, waveform: UInt8 = 0,
        attackDecay: UInt8 = 0xF0, flags: UInt8 = 0x21
    ) -> FM.Synthesizer {
        let synthesizer = FM.Synthesizer(variant)
        synthesizer.write(0x105, 1)
        synthesizer.write(0x01, 0x20)
        synthesizer.write(0x40, 0x3F)
        synthesizer.write(0x23, flags)
        synthesizer.write(0x63, attackDecay)
        synthesizer.write(0x83, 0xF0)
        synthesizer.write(0xE3, waveform)
        synthesizer.write(0xC0, 0x31)
        synthesizer.write(0xA0, UInt8(frequency & 0xFF))
        synthesizer.write(0xB0, UInt8(0x20 | block << 2 | frequency >> 8))
        return synthesizer
    }

    private func left(_ synthesizer: FM.Synthesizer, _ count: Int) -> [Int] {
        var frames = [Int16](repeating: 0, count: 2 * count)
        frames.withUnsafeMutableBufferPointer { buffer in
            if let base = buffer.baseAddress { synthesizer.generate(base, count: count) }
        }
        return (0..<count).map { Int(frames[2 * $0]) }
    }

    /// The data sheet's formula: frequency number = f * 2^(20 - block) / sample rate.
    @Test(arguments: [(0x244, 4), (0x157, 1), (0x2AE, 6), (0x200, 3)])
    func `a tone has the frequency of its number and block`(_ number: Int, _ block: Int) {
        let samples = left(voice(frequency: number, block: block), 49_716)
        let rises = (1..<samples.count).filter { samples[$0 - 1] < 0 && samples[$0] >= 0 }.count
        let expected = Double(number) * Self.sampleRate / Double(1 << (20 - block))
        #expect(abs(Double(rises) - expected) <= 1)
    }

    @Test func `multiples are those of the data sheet`() {
        let samples = [0.5, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10, 12, 12, 15, 15]
        for (multiple, factor) in samples.enumerated() {
            let synthesizer = voice(flags: UInt8(0x20 | multiple))
            _ = left(synthesizer, 1)
            let before = synthesizer.operators[3].phase
            _ = left(synthesizer, 1)
            let step = Double(synthesizer.operators[3].phase - before)
            #expect(step == Double(0x244 << 3) * factor, "multiple \(multiple)")
        }
    }

    /// Times of the data sheet's table for a clock of 3.6 MHz, rates 4-8 (in ms), halved for each four rates.
    @Test(arguments: [(32, 39_280.64), (33, 31_416.32), (34, 26_173.44), (35, 22_446.08), (36, 19_640.32)])
    func `a decay takes the data sheet's time`(_ rate: Int, _ slow: Double) {
        #expect(abs(decayTime(rate: rate) / (slow / 128) - 1) < 0.015)
    }

    @Test(arguments: [(32, 2_826.24), (33, 2_252.80), (34, 1_884.16), (35, 1_597.44), (36, 1_413.12)])
    func `an attack takes the data sheet's time`(_ rate: Int, _ slow: Double) {
        let synthesizer = voice(attackDecay: UInt8(rate / 4) << 4)
        synthesizer.channels[0].keyScale = UInt8(rate % 4) << 2
        synthesizer.refresh()
        var samples = 0
        while synthesizer.operators[3].envelope.level > 0 && samples < 200_000 {
            synthesizer.makeBlock(1)
            samples += 1
        }
        // The table's end points are not said; the curve makes them matter.
        #expect(abs(Double(samples) * 1_000 / 50_000 / (slow / 128) - 1) < 0.12)
    }

    /// Milliseconds at 3.6 MHz for 90 dB.
    private func decayTime(rate: Int) -> Double {
        let synthesizer = voice(attackDecay: 0xF0 | UInt8(rate / 4))
        synthesizer.channels[0].keyScale = UInt8(rate % 4) << 2
        synthesizer.refresh()
        _ = left(synthesizer, 3)
        var samples = 0
        while synthesizer.operators[3].envelope.level < 480 && samples < 200_000 {
            synthesizer.makeBlock(1)
            samples += 1
        }
        return Double(samples) * 1_000 / 50_000
    }

    @Test func `tremolo is a triangle of 3_7 Hz and 4_8 or 1 dB`() {
        var oscillator = FM.LowFrequencyOscillator()
        for (isDeep, depth) in [(true, 26), (false, 6)] {
            oscillator.isTremoloDeep = isDeep
            let values = (0..<26_880).map { _ in
                oscillator.advance(by: 1)
                return Int(oscillator.tremolo)
            }
            #expect(values.max() == depth && values.min() == 0)
            #expect(values.prefix(13_440) == values.suffix(13_440))
        }
    }

    @Test func `vibrato is of 6_1 Hz and 14 or 7 cents`() {
        var oscillator = FM.LowFrequencyOscillator()
        oscillator.isVibratoDeep = true
        #expect((0..<8).map { oscillator.vibrato(of: 0x380, at: $0) } == [0, 3, 7, 3, 0, -3, -7, -3])
        oscillator.isVibratoDeep = false
        #expect((0..<8).map { oscillator.vibrato(of: 0x380, at: $0) } == [0, 1, 3, 1, 0, -1, -3, -1])
        oscillator.advance(by: 8_191)
        #expect(oscillator.vibratoPosition == 7)
        oscillator.advance(by: 1)
        #expect(oscillator.vibratoPosition == 0)
    }

    @Test func `the eight waveforms have their shapes`() {
        let tables = FM.Tables()
        let shapes = (0..<8).map { wave in
            (0..<1_024).map { place in
                let entry = tables.waveforms[wave << 10 + place]
                let power = Int(tables.exponents[Int(entry & 0xFF)]) >> Int(entry >> 8 & 0x1F)
                return entry & 0x8000 != 0 ? -power : power
            }
        }
        #expect(shapes.map { $0.max() } == [4_084, 4_084, 4_084, 4_084, 4_084, 4_084, 4_084, 4_084])
        #expect(shapes.map { $0.min() } == [-4_084, 0, 12, 0, -4_084, 0, -4_084, -4_084])
        #expect((0..<512).allSatisfy { shapes[0][$0] == -shapes[0][$0 + 512] && shapes[2][$0] == shapes[0][$0] })
        #expect((0..<512).allSatisfy { shapes[1][$0] == shapes[0][$0] && shapes[1][$0 + 512] == 0 })
        #expect((0..<256).allSatisfy { shapes[3][$0] == shapes[0][$0] && shapes[3][$0 + 256] == 0 })
        #expect((0..<256).allSatisfy { shapes[4][$0 + 256] == -shapes[4][$0] && shapes[5][$0 + 256] == shapes[4][$0] })
        #expect((0..<512).allSatisfy { shapes[6][$0] == 4_084 && shapes[7][$0] == -shapes[7][1_023 - $0] })
        #expect((1..<512).allSatisfy { shapes[7][$0] <= shapes[7][$0 - 1] })
    }

    @Test func `the ROMs hold the values seen on the die`() {
        let tables = FM.Tables()
        // First and last of the log-sine ROM, and of the exponential ROM in its reversed order.
        #expect([0, 1, 2, 254, 255].map { tables.waveforms[$0] } == [2_137, 1_731, 1_543, 0, 0])
        #expect([255, 254, 253, 1, 0].map { tables.exponents[$0] / 2 - 1_024 } == [0, 3, 6, 1_013, 1_018])
    }

    @Test func `pitch attenuates by the data sheet's table`() {
        // Block 7, in 3 dB an octave: 0.375 dB a unit.
        let expected = [
            0, 9, 12, 13.875, 15, 16.125, 16.875, 17.625, 18, 18.75, 19.125, 19.5, 19.875, 20.25, 20.625, 21,
        ]
        for (index, decibels) in expected.enumerated() {
            let synthesizer = voice(frequency: index << 6, block: 7)
            synthesizer.write(0x43, 0x40)
            #expect(Double(synthesizer.operators[3].fixedAttenuation) * 0.1875 == decibels)
        }
    }

    @Test func `noise that leaps is noise that steps`() {
        var (stepping, leaping) = (FM.NoiseGenerator(), FM.NoiseGenerator())
        for _ in 0..<1_000 { stepping.advance(operators: 36) }
        leaping.advance(by: 36_000)
        #expect(stepping.register == leaping.register && leaping.register != 1)
        leaping.advance(by: 1 << 23 - 1)
        #expect(stepping.register == leaping.register)
    }

    @Test(arguments: [0, 1, 5, 4_095, 0xF_FFFF_FFFD, 0xF_FFFF_FFFF] as [UInt64])
    func `an envelope clock that leaps is one that steps, its wrap included`(_ start: UInt64) {
        for count in [1, 2, 3, 4, 5, 6, 7, 8, 9, 100, 12_345] as [Int64] {
            for isStepping in [false, true] {
                var stepping = FM.EnvelopeClock()
                (stepping.count, stepping.isStepping) = (start, isStepping)
                var leaping = stepping
                for _ in 0..<count { stepping.advance() }
                leaping.advance(by: count)
                #expect(stepping.count == leaping.count && stepping.isStepping == leaping.isStepping)
                #expect(stepping.step == leaping.step && stepping.low == leaping.low)
                #expect(stepping.hasWrapped == leaping.hasWrapped)
            }
        }
    }
}
