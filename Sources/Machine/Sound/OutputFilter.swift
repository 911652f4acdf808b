import Core

/// What is between a source and the ear, for one side: a low-pass filter, such as a loudspeaker's cone or the filter
/// behind a converter, and a coupling capacitor.
struct OutputFilter {
    /// A filter of two poles (Butterworth), as a state variable filter: its state is a signal, so that its edge may move.
    struct LowPass {
        /// Nil lets everything through.
        private(set) var hertz: Int?
        private var a1 = 1.0
        private var a2 = 0.0
        private var a3 = 0.0

        init(hertz: Int?, rate: Int) {
            guard let hertz, Double(hertz) < 0.45 * Double(rate) else { return }
            self.hertz = max(hertz, 10)
            let g = SignalFunctions.tangentPi(Double(max(hertz, 10)) / Double(rate))
            a1 = 1 / (1 + g * (g + 2.0.squareRoot()))
            a2 = g * a1
            a3 = g * a2
        }

        @inline(__always)
        func apply(_ input: Double, _ first: inout Double, _ second: inout Double) -> Double {
            guard hertz != nil else {
                second = input
                return input
            }
            let difference = input - second
            let band = a1 * first + a2 * difference
            let low = second + a2 * first + a3 * difference
            first = 2 * band - first
            second = 2 * low - second
            return low
        }
    }

    /// The part of a charge that the capacitor keeps from one frame to the next.
    struct Coupling {
        /// The edge of the high-pass filter that coupling capacitors and amplifiers make.
        /// Assumption: 10 Hz, for all sources.
        static let hertz = 10
        let decay: Double

        init(rate: Int) {
            let g = SignalFunctions.tangentPi(Double(Coupling.hertz) / Double(rate))
            decay = (1 - g) / (1 + g)
        }
    }

    private var first = 0.0
    private var second = 0.0
    private var lastInput = 0.0
    private var output = 0.0

    @inline(__always)
    mutating func apply(_ input: Double, _ lowPass: LowPass, _ coupling: Coupling) -> Double {
        let low = lowPass.apply(input, &first, &second)
        output = coupling.decay * output + (1 + coupling.decay) / 2 * (low - lastInput)
        lastInput = low
        return output
    }

    /// Whether nothing is heard of what has been, when the input stays as it is.
    func isSettled(_ input: Double) -> Bool { abs(output) < 1e-3 && abs(lastInput - input) < 1e-4 && abs(first) < 1e-4 }

    /// As after a long time at one level.
    mutating func settle(at input: Double) { (first, second, lastInput, output) = (0, input, input, 0) }
}
