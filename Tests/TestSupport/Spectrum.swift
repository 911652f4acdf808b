import Foundation

/// The spectrum of a sound, for tests: amplitudes by frequency, through a Blackman-Harris window (-92 dB).
public struct Spectrum {
    public let rate: Double
    /// Amplitudes of sines, from 0 to half the rate. A sine of amplitude 1 has a peak of 1, three bins wide.
    public let amplitudes: [Double]
    /// Bins on each side of a peak that belong to it.
    private static let spread = 6

    /// - Parameter samples: as many as the greatest power of two among them are looked at.
    public init(_ samples: some Collection<Double>, rate: Int) {
        var length = 1
        while length * 2 <= samples.count { length *= 2 }
        self.rate = Double(rate)
        var real = Array(samples.prefix(length))
        var imaginary = [Double](repeating: 0, count: length)
        for index in 0..<length {
            let angle = 2 * Double.pi * Double(index) / Double(length)
            real[index] *= 0.35875 - 0.48829 * cos(angle) + 0.14128 * cos(2 * angle) - 0.01168 * cos(3 * angle)
        }
        Spectrum.transform(&real, &imaginary)
        // The mean of the window is 0.35875.
        let scale = 2 / (0.35875 * Double(length))
        amplitudes = (0..<length / 2).map { scale * (real[$0] * real[$0] + imaginary[$0] * imaginary[$0]).squareRoot() }
    }

    /// A fast Fourier transform in place; the length is a power of two.
    private static func transform(_ real: inout [Double], _ imaginary: inout [Double]) {
        let count = real.count
        var target = 0
        for index in 1..<max(count, 2) - 1 {
            var bit = count >> 1
            while target & bit != 0 {
                target ^= bit
                bit >>= 1
            }
            target |= bit
            if index < target {
                real.swapAt(index, target)
                imaginary.swapAt(index, target)
            }
        }
        var length = 2
        while length <= count {
            let half = length / 2
            for offset in 0..<half {
                let angle = -2 * Double.pi * Double(offset) / Double(length)
                let (cosine, sine) = (cos(angle), sin(angle))
                for start in stride(from: offset, to: count, by: length) {
                    let other = start + half
                    let (re, im) = (
                        real[other] * cosine - imaginary[other] * sine, real[other] * sine + imaginary[other] * cosine
                    )
                    (real[other], imaginary[other]) = (real[start] - re, imaginary[start] - im)
                    (real[start], imaginary[start]) = (real[start] + re, imaginary[start] + im)
                }
            }
            length *= 2
        }
    }

    private var binWidth: Double { rate / Double(2 * amplitudes.count) }

    /// The amplitude of the sine near `hertz`: that of the highest bin there, up to 0.8 dB low.
    public func amplitude(near hertz: Double) -> Double {
        let bin = Int((hertz / binWidth).rounded())
        let range = max(bin - 2, 0)...min(bin + 2, amplitudes.count - 1)
        return range.isEmpty ? 0 : amplitudes[range].max() ?? 0
    }

    /// The frequency of the strongest sine above `hertz`, between bins by the shape of the window's peak.
    public func strongest(above hertz: Double = 20) -> Double {
        let first = Int(hertz / binWidth) + 1
        guard let peak = (first..<amplitudes.count - 1).max(by: { amplitudes[$0] < amplitudes[$1] }) else { return 0 }
        let (low, middle, high) = (
            log(amplitudes[peak - 1] + 1e-30), log(amplitudes[peak] + 1e-30), log(amplitudes[peak + 1] + 1e-30)
        )
        let shift = (low - high) / (2 * (low - 2 * middle + high))
        return (Double(peak) + shift) * binWidth
    }

    /// The strongest of everything that is no harmonic of `fundamental`, from 20 Hz on.
    public func strongest(besideHarmonicsOf fundamental: Double) -> Double {
        var result = 0.0
        for bin in Int(20 / binWidth) + Spectrum.spread..<amplitudes.count {
            let frequency = Double(bin) * binWidth
            let harmonic = (frequency / fundamental).rounded() * fundamental
            if abs(frequency - harmonic) > Double(Spectrum.spread) * binWidth { result = max(result, amplitudes[bin]) }
        }
        return result
    }
}

/// A ratio of amplitudes in decibels.
public func decibels(_ ratio: Double) -> Double { 20 * log10(max(ratio, 1e-30)) }
