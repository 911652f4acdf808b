import Foundation
import TestSupport
import Testing

@testable import Hosting

@Suite struct DriftResamplerTests {
    private func resample(_ samples: [Int16], correction: Double, pieces: Int) -> [Int16] {
        let resampler = DriftResampler()
        var result: [Int16] = []
        for start in stride(from: 0, to: samples.count, by: pieces * 2) {
            let block = Array(samples[start..<min(start + pieces * 2, samples.count)])
            resampler.process(block, correction: correction) { result += $0 }
        }
        return result
    }

    private func sine(_ frequency: Double, frames: Int) -> [Int16] {
        (0..<frames).flatMap { frame -> [Int16] in
            let angle = 2 * .pi * frequency * Double(frame)
            return [Int16((sin(angle) * 20_000).rounded()), Int16((cos(angle) * 20_000).rounded())]
        }
    }

    @Test func withoutDriftTheSamplesAreTheSame() {
        var random = SeededGenerator(seed: 1)
        let samples = (0..<20_000).map { _ in Int16.random(in: .min ... .max, using: &random) }
        let result = resample(samples, correction: 0, pieces: 480)
        #expect(result[(DriftResampler.delay * 2)...] == samples[..<(20_000 - DriftResampler.delay * 2)])
    }

    @Test func piecesMakeNoDifference() {
        let samples = sine(0.01, frames: 10_000)
        let whole = resample(samples, correction: 0.003, pieces: 10_000)
        #expect(resample(samples, correction: 0.003, pieces: 1) == whole)
        #expect(resample(samples, correction: 0.003, pieces: 777) == whole)
    }

    @Test(arguments: [0.0045, 0.001, -0.003, -0.0045], [0.001, 0.02, 0.2, 0.4])
    func aSineStaysASine(_ correction: Double, _ frequency: Double) {
        let frames = 48_000
        let result = resample(sine(frequency, frames: frames), correction: correction, pieces: 480)
        #expect(abs(Double(result.count / 2) - Double(frames) * (1 + correction)) < 3 + Double(DriftResampler.delay))
        var (error, power) = (0.0, 0.0)
        for frame in 1_000..<40_000 {
            let place = Double(frame) / (1 + correction) - Double(DriftResampler.delay)
            let angle = 2 * Double.pi * frequency * place
            for (sample, exact) in [(result[frame * 2], sin(angle)), (result[frame * 2 + 1], cos(angle))] {
                error += (Double(sample) - exact * 20_000) * (Double(sample) - exact * 20_000)
                power += exact * exact * 4e8
            }
        }
        // What remains is mostly the rounding to 16 bits.
        #expect(10 * log10(error / power) < (frequency < 0.3 ? -80 : -70))
    }

    @Test func fullLevelDoesNotWrapAround() {
        let square = (0..<4_000).flatMap { frame -> [Int16] in frame / 50 % 2 == 0 ? [.max, .min] : [.min, .max] }
        let result = resample(square, correction: 0.002, pieces: 480)
        for frame in 100..<3_900 {
            let phase = Double(frame) / 1.002 - Double(DriftResampler.delay)
            let inside = phase.truncatingRemainder(dividingBy: 50)
            guard inside > 20, inside < 30 else { continue }
            #expect((result[frame * 2] > 0) == (Int(phase) / 50 % 2 == 0))
        }
    }

    @Test func anythingCanBeAskedFor() {
        let resampler = DriftResampler()
        var frames = 0
        for correction in [1e9, -1e9, .infinity, -.infinity] {
            resampler.process([Int16](repeating: 1, count: 2_000), correction: correction) { frames += $0.count / 2 }
        }
        #expect((3_900...4_100).contains(frames))
        resampler.process([], correction: 0) { _ in }
    }
}
