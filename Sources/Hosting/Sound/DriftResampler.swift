import Core

/// Stretches or shortens stereo sound by a fraction of a percent, with a windowed sinc filter.
///
/// Frequencies up to 0.42 of the rate pass unchanged; errors are under -80 dB. Frames are delayed by `delay`.
final class DriftResampler {
    /// Frames by which sound is delayed.
    static let delay = taps / 2
    private static let taps = 32
    private static let phases = 256
    /// Longest piece that is resampled at once.
    private static let pieceSize = 1_024

    /// `phases` + 1 filters of `taps` coefficients.
    private let filters: UnsafeMutablePointer<Float>
    /// The last frames, left and right, as the filters need them.
    private let history: UnsafeMutablePointer<Float>
    private var waiting = taps - 1
    /// The place of the next frame in `history`, in 2^-32 frames.
    private var position: UInt64 = 0
    private let output: UnsafeMutablePointer<Int16>
    private static let outputSize = pieceSize + pieceSize / 64 + 8

    init() {
        let (taps, phases) = (DriftResampler.taps, DriftResampler.phases)
        filters = .allocate(capacity: (phases + 1) * taps)
        history = .allocate(capacity: (DriftResampler.pieceSize + taps) * 2)
        history.initialize(repeating: 0, count: (DriftResampler.pieceSize + taps) * 2)
        output = .allocate(capacity: DriftResampler.outputSize * 2)
        output.initialize(repeating: 0, count: DriftResampler.outputSize * 2)
        for phase in 0...phases {
            var sum = 0.0
            var values: [Double] = []
            for tap in 0..<taps {
                let x = Double(tap) - Double(taps / 2 - 1) - Double(phase) / Double(phases)
                let value = SignalFunctions.sinc(x) * SignalFunctions.kaiser(x / Double(taps / 2), beta: 8)
                values.append(value)
                sum += value
            }
            // Each filter passes a constant unchanged.
            for tap in 0..<taps { filters[phase * taps + tap] = Float(values[tap] / sum) }
        }
    }

    deinit {
        filters.deallocate()
        history.deallocate()
        output.deallocate()
    }

    /// Resamples frames and hands them out in pieces.
    /// - Parameter correction: frames made for each frame taken, less one; -0.01 to 0.01.
    func process(_ samples: [Int16], correction: Double, _ use: (UnsafeBufferPointer<Int16>) -> Void) {
        let factor = 1 + min(max(correction, -0.01), 0.01)
        let step = UInt64((4_294_967_296 / factor).rounded())
        samples.withUnsafeBufferPointer { samples in
            var start = 0
            while start < samples.count / 2 {
                let count = min(samples.count / 2 - start, DriftResampler.pieceSize)
                for index in 0..<count * 2 { history[waiting * 2 + index] = Float(samples[start * 2 + index]) }
                waiting += count
                start += count
                use(UnsafeBufferPointer(start: output, count: makeFrames(step: step) * 2))
            }
        }
    }

    /// Makes what can be made of the frames that wait. Returns the number of frames.
    private func makeFrames(step: UInt64) -> Int {
        let taps = DriftResampler.taps
        var count = 0
        while Int(position >> 32) + taps <= waiting, count < DriftResampler.outputSize {
            let fraction = UInt32(truncatingIfNeeded: position)
            let filter = filters + Int(fraction >> 24) * taps
            let weight = Float(fraction & 0xFF_FFFF) / 16_777_216
            let source = history + Int(position >> 32) * 2
            var (left, right): (Float, Float) = (0, 0)
            for tap in 0..<taps {
                let coefficient = filter[tap] + (filter[taps + tap] - filter[tap]) * weight
                left += source[tap * 2] * coefficient
                right += source[tap * 2 + 1] * coefficient
            }
            output[count * 2] = Int16(min(max(left.rounded(), -32_768), 32_767))
            output[count * 2 + 1] = Int16(min(max(right.rounded(), -32_768), 32_767))
            count += 1
            position &+= step
        }
        let used = min(Int(position >> 32), waiting)
        history.update(from: history + used * 2, count: (waiting - used) * 2)
        waiting -= used
        position &-= UInt64(used) << 32
        return count
    }
}
