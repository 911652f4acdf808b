/// A picture as an adapter's beam drew it, from one vertical retrace to the next.
///
/// It holds the lines and dots of the area in which the adapter displays something; the border is left out. A mode that
/// shows each pixel as two dots or two lines still gives every dot and line, because registers may change between them;
/// `reduced` gives the pixels of the program.
public struct Frame: Hashable, Sendable {
    /// A ratio of width to height.
    public struct Aspect: Hashable, Sendable {
        public var width: Int
        public var height: Int

        public init(_ width: Int, _ height: Int) {
            self.width = width
            self.height = height
        }
    }

    /// No adapter of the time shows more dots or lines than this.
    public static let largestSide = 2_048

    /// Dots of a line, 1 to `largestSide`.
    public private(set) var width: Int
    /// Lines, 1 to `largestSide`.
    public private(set) var height: Int
    /// Colours as 00RRGGBBh, `width * height`, line by line from the top left.
    public private(set) var pixels: [UInt32]
    /// The shape of one dot on the monitor: 5:6 for 640 by 400 dots on a screen of 4:3.
    public var dotAspect: Aspect
    /// How many neighbouring dots and lines make one pixel of the program in the whole frame; 1 where they are mixed.
    public private(set) var dotsPerPixel = 1
    public private(set) var linesPerPixel = 1
    /// When the frame was complete.
    public var time: Tick

    /// - Precondition: sides within 1 to `largestSide`, as many pixels, and sides that are multiples of a pixel's.
    public init(
        width: Int, height: Int, pixels: [UInt32], dotAspect: Aspect, dotsPerPixel: Int = 1, linesPerPixel: Int = 1,
        time: Tick
    ) {
        let sides = 1...Frame.largestSide
        precondition(sides.contains(width) && sides.contains(height), "a frame's sides are 1 to 2,048")
        precondition(pixels.count == width * height, "a frame has width * height pixels")
        precondition(
            dotsPerPixel > 0 && linesPerPixel > 0 && width % dotsPerPixel == 0 && height % linesPerPixel == 0,
            "a frame has whole pixels")
        (self.width, self.height, self.pixels, self.dotAspect) = (width, height, pixels, dotAspect)
        (self.dotsPerPixel, self.linesPerPixel, self.time) = (dotsPerPixel, linesPerPixel, time)
    }

    /// The colour of a dot as 00RRGGBBh; nil outside the frame.
    public func color(x: Int, y: Int) -> UInt32? {
        (0..<width).contains(x) && (0..<height).contains(y) ? pixels[y * width + x] : nil
    }

    /// The program's pixels: as 320 by 200 for a mode that shows each as two dots on two lines.
    ///
    /// Where dots or lines of a pixel differ, because a register changed between them, they stay as they are.
    public var reduced: Frame {
        let across = hasEqualDots ? dotsPerPixel : 1
        let down = hasEqualLines ? linesPerPixel : 1
        guard across > 1 || down > 1 else { return self }
        var result: [UInt32] = []
        result.reserveCapacity(pixels.count / (across * down))
        for y in stride(from: 0, to: height, by: down) {
            for x in stride(from: y * width, to: (y + 1) * width, by: across) { result.append(pixels[x]) }
        }
        return Frame(
            width: width / across, height: height / down, pixels: result,
            dotAspect: Aspect(dotAspect.width * across, dotAspect.height * down), time: time)
    }

    private var hasEqualDots: Bool {
        dotsPerPixel == 1
            || stride(from: 0, to: pixels.count, by: dotsPerPixel).allSatisfy { start in
                (start + 1..<start + dotsPerPixel).allSatisfy { pixels[$0] == pixels[start] }
            }
    }

    private var hasEqualLines: Bool {
        linesPerPixel == 1
            || (0..<height).allSatisfy { line in
                let first = line / linesPerPixel * linesPerPixel
                return line == first
                    || pixels[line * width..<(line + 1) * width]
                        .elementsEqual(pixels[first * width..<(first + 1) * width])
            }
    }
}
