import Foundation
import Testing

/// WAVES.COM run by the command: the converters' frequency and level, measured from the recording.
@Suite struct WaveCaptureTests {
    /// A way to play a sine, and what comes of it.
    ///
    /// A unit of a converter of 8 bits is 256 of a sample (Sound Blaster, both sides of zero) or 128 (the others, which
    /// go up from zero), with all volumes at their top. A converter's steps take sin(x) / x, x being pi times frequency
    /// by rate, from the level.
    struct Way: CustomTestStringConvertible, Sendable {
        var letter: String
        var options: [String]
        var left: Double
        var right: Double
        var level: Double

        init(_ letter: String, _ options: String..., left: Double, right: Double? = nil, level: Double) {
            (self.letter, self.options, self.left, self.right, self.level) = (
                letter, options, left, right ?? left, level
            )
        }

        var testDescription: String { "\(letter) \(options.joined(separator: " "))" }
    }

    static let ways: [Way] = [
        Way("d", "--set", "sound.lpt1=disney", left: 500, level: 100 * 128),
        Way(
            "t", "--machine", "tandy1000", "--set", "machine.board_sound=tandydac", left: 39_375_000 / 11.0 / 447 / 16,
            level: 100 * 128),
        Way("x", "--set", "sound.card=sb1", left: 14_318_180 / 12.0 / 149 / 16, level: 100 * 256),
        Way("x", "--set", "sound.card=sb16", left: 14_318_180 / 12.0 / 149 / 16, level: 100 * 256),
        Way("n", "--set", "sound.card=sb2", left: 500, level: 100 * 256),
        Way("n", "--set", "sound.card=sbpro2", left: 500, level: 100 * 256),
        Way("c", "--set", "sound.lpt1=covox", left: 14_318_180 / 12.0 / 149 / 16, level: 100 * 128),
        // Square waves from 0 to the full level: their fundamental is 2 / pi of it. Source: [SN76489], [SAA1099] for the
        // formulas; the levels are those of the chips' headers.
        Way("s", "--machine", "pcjr", left: 3_579_545 / 32.0 / 254, level: 8_191 * 2 / Double.pi),
        Way("s", "--machine", "tandy1000", left: 3_579_545 / 32.0 / 254, level: 8_191 * 2 / Double.pi),
        Way(
            "g", "--set", "sound.card=gameblaster", left: 7_159_090 / 512.0 * 16 / (511 - 85),
            right: 7_159_090 / 512.0 * 32 / (511 - 53), level: 15 * 180 * 2 / Double.pi),
        // The nearest rate of a Sound Blaster 16 is 45 * 46.61512 MHz / 2^18.
        Way("w", "--set", "sound.card=sb16", left: 500.14, right: 1_000.27, level: 20_000),
    ]

    @Test("a converter's sine has its frequency and level", arguments: ways)
    func sine(way: Way) throws {
        guard FileManager.default.fileExists(atPath: TestROM.directory.appending(path: "WAVES.COM").path) else {
            return
        }
        let rom = TestROM(
            program: "WAVES.COM", path: "test-roms/sound/waves", needs: [], arguments: [way.letter], status: 0,
            writesFile: false, settings: [], model: nil, expected: "")
        let file = FileManager.default.temporaryDirectory.appending(path: "ochenta-wave-\(UUID().uuidString).wav")
        defer { try? FileManager.default.removeItem(at: file) }
        let result = try ROMRunner(rom, options: way.options + ["--audio", file.path]).run()
        #expect(result.status == 0 && result.errors.isEmpty, "\(result.errors)")
        let bytes = [UInt8](try Data(contentsOf: file))
        for (frequency, isRight) in [(way.left, false), (way.right, true)] {
            let wave = RecordedWave(bytes, isRight: isRight)
            func level(_ hertz: Double) -> Double { wave.level(hertz, from: 0.2, to: 0.8) }
            let measured = level(frequency)
            // Within 0.2 %: a hertz beside it is less.
            #expect(level(frequency * 0.998) < measured && level(frequency * 1.002) < measured)
            let decibels = 20 * log10(measured / way.level)
            #expect(abs(decibels) < 1, "\(decibels) dB")
            // Nothing of the other side's tone.
            let other = isRight ? way.left : way.right
            if other != frequency { #expect(level(other) < measured / 300) }
        }
    }
}
