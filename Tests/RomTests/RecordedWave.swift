import Foundation

/// One side of a WAV file of 16 bits in stereo, with its head of 44 bytes.
struct RecordedWave {
    var rate: Double
    var samples: [Double]

    init(_ bytes: [UInt8], isRight: Bool = false) {
        func number(_ place: Int, _ count: Int) -> Int {
            (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << ($1 * 8) }
        }
        rate = Double(number(24, 4))
        samples = stride(from: isRight ? 46 : 44, to: bytes.count - 3, by: 4).map {
            Double(Int16(truncatingIfNeeded: number($0, 2)))
        }
    }

    /// The level of one frequency between two seconds, by Goertzel's algorithm with a Hann window: a sine of
    /// amplitude A gives A.
    func level(_ frequency: Double, from start: Double, to end: Double) -> Double {
        let part = samples[Int(start * rate)..<min(Int(end * rate), samples.count)]
        let factor = 2 * cos(2 * .pi * frequency / rate)
        var (one, two) = (0.0, 0.0)
        for (index, sample) in part.enumerated() {
            let window = 1 - cos(2 * .pi * Double(index) / Double(part.count))
            (one, two) = (sample * window + factor * one - two, one)
        }
        return (one * one + two * two - factor * one * two).squareRoot() * 2 / Double(part.count)
    }

    func loudness(from start: Double, to end: Double) -> Double {
        let part = samples[Int(start * rate)..<min(Int(end * rate), samples.count)]
        return (part.reduce(0) { $0 + $1 * $1 } / Double(max(part.count, 1))).squareRoot()
    }
}
