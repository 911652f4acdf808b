import Glibc

/// The lines of a picture tube: each is a beam with soft edges, which widens with its brightness, behind a mask of red,
/// green and blue stripes.
///
/// A beam keeps its light: where it is narrow its middle is brighter, so that the picture as a whole is as bright as
/// without lines. Only the brightest colours, whose middle cannot be brighter than white, lose a little.
///
/// Assumption: the beam's width and the mask's depth are chosen by eye, to look like a good monitor of the time; a
/// measured beam profile of a monitor would replace them.
struct TubeLines {
    /// Half-widths (standard deviations) of the beam in lines, for black and for white.
    private static let widths = (dark: 0.28, bright: 0.42)
    /// Places across the distance between two lines for which the beam's profile is known.
    private static let places = 32
    /// How much light passes through a stripe of the dot's own colour and through the two others, in 1/256; on average
    /// all of it.
    private static let stripes = (own: 316, other: 226)

    private let lineCount: Int
    private let rowCount: Int
    /// For each place and each value, the light that a line gives: place 0 is the middle of the line, `places` that of
    /// the next.
    private let profile: [Int32]

    init(lines: Int, rows: Int) {
        (lineCount, rowCount) = (lines, rows)
        let light = LinearLight.shared
        var profile: [Int32] = []
        profile.reserveCapacity((TubeLines.places + 1) * 256)
        for place in 0...TubeLines.places {
            let distance = Double(place) / Double(TubeLines.places)
            for value in 0..<256 {
                let amount = Double(light.light[value])
                let brightness = LinearLight.light(ofValue: Double(value) / 255)
                let width = TubeLines.widths.dark + (TubeLines.widths.bright - TubeLines.widths.dark) * brightness
                let share = exp(-distance * distance / (2 * width * width)) / (width * (2 * Double.pi).squareRoot())
                profile.append(Int32((amount * share).rounded()))
            }
        }
        self.profile = profile
    }

    /// Twice the place of a row's middle among the lines' middles, in 1/`rowCount` lines.
    private func place(_ row: Int) -> Int { (2 * row + 1) * lineCount - rowCount }

    /// The line above and the line below the middle of a row.
    func lines(of row: Int) -> Range<Int> {
        let place = place(row)
        let above = place < 0 ? 0 : min(place / (2 * rowCount), lineCount - 1)
        return above..<min(above + 2, lineCount)
    }

    /// Draws a row from the lines above and below it, which may be the same.
    func draw(
        _ row: Int, _ above: UnsafeMutablePointer<UInt32>, _ below: UnsafeMutablePointer<UInt32>,
        to result: UnsafeMutablePointer<UInt32>, width: Int
    ) {
        let lines = lines(of: row)
        let distance = abs(place(row) - lines.lowerBound * 2 * rowCount)
        let first = min(distance * TubeLines.places / (2 * rowCount), TubeLines.places)
        let isAlone = lines.count == 1
        let second = TubeLines.places - first
        let light = LinearLight.shared
        let (own, other) = (TubeLines.stripes.own, TubeLines.stripes.other)
        profile.withUnsafeBufferPointer { profile in
            guard let base = profile.baseAddress else { return }
            let near = base + first * 256
            let far = base + second * 256
            var stripe = 0
            for x in 0..<width {
                let (a, b) = (above[x], below[x])
                func amount(_ shift: UInt32, _ gain: Int) -> Int {
                    var sum = Int(near[Int(a >> shift & 0xFF)])
                    if !isAlone { sum &+= Int(far[Int(b >> shift & 0xFF)]) }
                    return min((sum &* gain) >> 8, LinearLight.white)
                }
                result[x] = light.pack(
                    amount(16, stripe == 0 ? own : other), amount(8, stripe == 1 ? own : other),
                    amount(0, stripe == 2 ? own : other))
                stripe = stripe == 2 ? 0 : stripe &+ 1
            }
        }
    }
}
