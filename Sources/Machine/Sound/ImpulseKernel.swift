import Core

/// A band-limited impulse at every fractional position between two frames: a sinc under a Kaiser window.
///
/// An impulse that is added to a stream of frames, and the sum of all impulses so far, which is a step, have no content
/// above half the rate but for what the window lets through (-72 dB). The taps are integers that add up to the same sum
/// at every position, so that a sum of steps ends at exactly the level that it stands for, whatever went before.
final class ImpulseKernel {
    /// A frame is divided into 2^13 positions: 128 rows of the table, and 64 positions between two rows.
    static let positionBits: Int64 = 13
    private static let rows = 128
    private static let fractionBits: Int32 = 6
    /// What a tap of 1 is, in bits: 17 of the table and 6 of the interpolation.
    static let scaleBits = 17 + 6

    /// A multiple of 8.
    let taps: Int
    private let table: UnsafeMutablePointer<Int32>

    /// - Parameters:
    ///   - band: where the stop band begins, in parts of half the frames' rate; at most 1.
    ///   - sum: what the taps add up to.
    init(band: Double = 1, sum: Double = 1) {
        taps = Int((64 / band / 8).rounded(.up)) * 8
        table = .allocate(capacity: (ImpulseKernel.rows + 1) * taps)
        // A Kaiser window of beta 7 reaches -72 dB; its transition takes 0.07 of the rate with 64 taps.
        let cutoff = band * 0.5 - 4.47 / Double(taps) / 2
        for row in 0...ImpulseKernel.rows { fill(row, cutoff: cutoff, sum: sum) }
    }

    deinit { table.deallocate() }

    private func fill(_ row: Int, cutoff: Double, sum: Double) {
        let half = Double(taps / 2)
        let position = Double(row) / Double(ImpulseKernel.rows)
        var values = [Double](repeating: 0, count: taps)
        for tap in 0..<taps {
            let time = Double(tap) - (half - 1) - position
            values[tap] = SignalFunctions.sinc(2 * cutoff * time) * SignalFunctions.kaiser(time / half, beta: 7)
        }
        let unit = sum * Double(1 << 17)
        let scale = unit / values.reduce(0, +)
        let start = table + row * taps
        for tap in 0..<taps { start[tap] = Int32((values[tap] * scale).rounded()) }
        let error = Int32(unit.rounded()) - (0..<taps).reduce(Int32(0)) { $0 + start[$1] }
        start[taps / 2] += error
    }

    /// Adds an impulse to stereo frames in a ring.
    /// - Parameters:
    ///   - position: in parts of a frame; the first tap goes to the frame `first` and the table says where between.
    ///   - mask: the ring's length in frames, less one.
    @inline(__always)
    func add(
        left: Int64, right: Int64, to ring: UnsafeMutablePointer<Int64>, mask: Int64, first: Int64, position: Int64
    ) {
        let part = Int32(truncatingIfNeeded: position) & (1 << 13 - 1)
        let fraction = part & (1 << ImpulseKernel.fractionBits - 1)
        let low = table + Int(part >> ImpulseKernel.fractionBits) &* taps
        let high = low + taps
        let rest = 1 << ImpulseKernel.fractionBits &- fraction
        for tap in 0..<taps {
            let weight = Int64(low[tap] &* rest &+ high[tap] &* fraction)
            let slot = 2 &* Int((first &+ Int64(tap)) & mask)
            ring[slot] &+= weight &* left
            ring[slot &+ 1] &+= weight &* right
        }
    }
}
