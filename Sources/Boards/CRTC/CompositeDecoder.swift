/// A colour monitor on the composite output of a CGA: colours of the signal that the card makes of its dots.
///
/// The card makes colours as square waves of the 3.58 MHz subcarrier, whose period is four dots; a wave's phase, in
/// eighths of a period, is its hue, and yellow has the phase of the burst. Dots that change within a period look like a
/// wave too: that is where artifact colours come from. The monitor takes brightness and colour from a window of four
/// dots, one period.
///
/// Source: [PCTR] color/graphics adapter, schematic of the composite output; [CGASIGNAL] levels of both cards.
/// Assumption: the levels in `level` and ideal square waves. Measured levels of transitions between colours, which
/// differ by some per cent with the delays of the gates, would disprove them in detail.
final class CompositeDecoder {
    /// The bit of a dot that says that its line has no burst: the monitor shows it in black and white.
    static let noBurst: UInt8 = 0x10

    /// The signal by colour (4 bits) and phase (2 bits), white as 4,080.
    private let signal: UnsafeMutablePointer<Int32>
    /// Rotation by the hue control, in 1/1,024.
    private let cosine: Int32
    private let sine: Int32
    private static let white = 4_080.0

    /// The eighth of a period at which each colour's wave rises. Black and white have none.
    private static let rise = [0, 3, 6, 5, 1, 2, 7, 0]

    init(isNewCard: Bool, hueDegrees: Int) {
        signal = .allocate(capacity: 64)
        for color in 0..<16 {
            for phase in 0..<4 {
                let level = CompositeDecoder.level(color, phase: phase, isNewCard: isNewCard)
                (signal + (color << 2 | phase)).initialize(
                    to: Int32((level * CompositeDecoder.white).rounded()))
            }
        }
        (sine, cosine) = CompositeDecoder.rotation(degrees: hueDegrees)
    }

    deinit { signal.deallocate() }

    /// 0 black to 1 bright white.
    private static func level(_ color: Int, phase: Int, isNewCard: Bool) -> Double {
        let (red, green, blue) = (Double(color >> 2 & 1), Double(color >> 1 & 1), Double(color & 1))
        let (bright, chroma) = (Double(color >> 3), chroma(color & 7, phase: phase))
        return isNewCard
            ? 0.29 * chroma + 0.32 * bright + 0.10 * red + 0.22 * green + 0.07 * blue
            : 0.72 * chroma + 0.28 * bright
    }

    /// The wave in one dot, which has two eighths of the period.
    private static func chroma(_ color: Int, phase: Int) -> Double {
        if color == 0 || color == 7 { return Double(color & 1) }
        let halves = (0..<2).map { ((phase * 2 + $0 - rise[color]) & 7) < 4 ? 0.5 : 0.0 }
        return halves[0] + halves[1]
    }

    /// Sine and cosine in 1/1,024. By small steps, so that they are the same on every host.
    private static func rotation(degrees: Int) -> (Int32, Int32) {
        let steps = ((degrees % 360) + 360) % 360
        // Of one degree.
        let (stepSine, stepCosine) = (0.017452406437283512, 0.9998476951563913)
        var (sine, cosine) = (0.0, 1.0)
        for _ in 0..<steps {
            (sine, cosine) = (sine * stepCosine + cosine * stepSine, cosine * stepCosine - sine * stepSine)
        }
        return (Int32((sine * 1_024).rounded()), Int32((cosine * 1_024).rounded()))
    }

    // MARK: Decoding

    @inline(__always) private func sample(_ dot: UInt8, _ x: Int) -> Int32 {
        signal[Int(dot & 15) &<< 2 | (x & 3)]
    }

    /// - Parameter x: the place of the first dot in its line; the burst stands at multiples of four. Two dots before and
    ///   one behind are read.
    func decode(_ dots: UnsafePointer<UInt8>, x: Int, count: Int, into pixels: UnsafeMutablePointer<UInt32>) {
        for index in 0..<count {
            let place = x &+ index
            if dots[index] & CompositeDecoder.noBurst != 0 {
                let level = UInt32(CompositeDecoder.clamp(sample(dots[index], place) &>> 4))
                (pixels + index).initialize(to: level &* 0x01_0101)
                continue
            }
            // The window's dots by their phase.
            let first = place &- 2
            let (a, b) = (sample(dots[index &- 2], first), sample(dots[index &- 1], first &+ 1))
            let (c, d) = (sample(dots[index], first &+ 2), sample(dots[index &+ 1], first &+ 3))
            let luma = (a &+ b &+ c &+ d) &>> 2
            let (even, odd) = ((c &- a) / 2, (d &- b) / 2)
            // Phase 2 less phase 0 is U, phase 1 less phase 3 is V.
            let (u, v): (Int32, Int32) =
                switch first & 3 {
                case 0: (even, 0 &- odd)
                case 1: (0 &- odd, 0 &- even)
                case 2: (0 &- even, odd)
                default: (odd, even)
                }
            (pixels + index).initialize(to: color(luma, u, v))
        }
    }

    /// Source: the colour equations of the NTSC signal.
    @inline(__always) private func color(_ luma: Int32, _ u: Int32, _ v: Int32) -> UInt32 {
        let turnedU = (u &* cosine &- v &* sine) &>> 10
        let turnedV = (u &* sine &+ v &* cosine) &>> 10
        let red = luma &+ (turnedV &* 1_167) &>> 10
        let green = luma &- (turnedU &* 404 &+ turnedV &* 595) &>> 10
        let blue = luma &+ (turnedU &* 2_081) &>> 10
        return UInt32(CompositeDecoder.clamp(red &>> 4)) &<< 16 | UInt32(CompositeDecoder.clamp(green &>> 4)) &<< 8
            | UInt32(CompositeDecoder.clamp(blue &>> 4))
    }

    @inline(__always) private static func clamp(_ level: Int32) -> Int32 { min(max(level, 0), 255) }
}
