import Core

/// Shows several frames as one: the mean of their light.
public struct FrameBlender {
    private let light = LinearLight.shared
    private var pixels: [UInt32] = []

    public init() {}

    /// The mean of `parts`, whose weights are in 1/256 and have the sum 256. Frames of another size than the newest are left out.
    public mutating func blend(_ parts: [(frame: Frame, weight: Int)]) -> Frame? {
        guard let newest = parts.last?.frame else { return nil }
        var parts = parts.filter { ($0.frame.width, $0.frame.height) == (newest.width, newest.height) }
        parts[parts.count - 1].weight += 256 - parts.reduce(0) { $0 + $1.weight }
        if parts.count == 1 { return newest }
        pixels = newest.pixels
        for index in pixels.indices {
            let color = pixels[index]
            guard parts.contains(where: { $0.frame.pixels[index] != color }) else { continue }
            pixels[index] =
                light.mix(parts.count, { parts[$0].frame.pixels[index] }, { parts[$0].weight * Taps.whole / 256 })
                & 0xFF_FFFF
        }
        return Frame(
            width: newest.width, height: newest.height, pixels: pixels, dotAspect: newest.dotAspect,
            dotsPerPixel: newest.dotsPerPixel, linesPerPixel: newest.linesPerPixel, border: newest.border,
            time: newest.time)
    }
}
