/// A picture as an adapter's beam drew it, from one vertical retrace to the next.
///
/// It holds the lines and dots of the area in which the adapter displays something, and around it the border, if the machine
/// shows one. A mode that shows each pixel as two dots or two lines still gives every dot and line, because registers may
/// change between them; `reduced` gives the pixels of the program.
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

    /// Dots and lines at the sides of a frame that are the border, each at least 0.
    public struct Border: Hashable, Sendable {
        public var left: Int
        public var top: Int
        public var right: Int
        public var bottom: Int

        public init(left: Int = 0, top: Int = 0, right: Int = 0, bottom: Int = 0) {
            (self.left, self.top, self.right, self.bottom) = (left, top, right, bottom)
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
    /// What the adapter sends beside its display area; all 0 where it is left out.
    public private(set) var border = Border()
    /// When the frame was complete.
    public var time: Tick

    /// - Precondition: sides within 1 to `largestSide`, as many pixels, sides and a border that are multiples of a pixel's,
    ///   and a border that leaves something.
    public init(
        width: Int, height: Int, pixels: [UInt32], dotAspect: Aspect, dotsPerPixel: Int = 1, linesPerPixel: Int = 1,
        border: Border = Border(), time: Tick
    ) {
        let sides = 1...Frame.largestSide
        precondition(sides.contains(width) && sides.contains(height), "a frame's sides are 1 to 2,048")
        precondition(pixels.count == width * height, "a frame has width * height pixels")
        precondition(
            dotsPerPixel > 0 && linesPerPixel > 0 && width % dotsPerPixel == 0 && height % linesPerPixel == 0,
            "a frame has whole pixels")
        precondition(
            [border.left, border.right].allSatisfy { $0 >= 0 && $0 % dotsPerPixel == 0 }
                && [border.top, border.bottom].allSatisfy { $0 >= 0 && $0 % linesPerPixel == 0 }
                && border.left + border.right < width && border.top + border.bottom < height,
            "a border has whole pixels and leaves something")
        (self.width, self.height, self.pixels, self.dotAspect) = (width, height, pixels, dotAspect)
        (self.dotsPerPixel, self.linesPerPixel, self.border, self.time) = (dotsPerPixel, linesPerPixel, border, time)
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
            dotAspect: Aspect(dotAspect.width * across, dotAspect.height * down),
            border: Border(
                left: border.left / across, top: border.top / down, right: border.right / across,
                bottom: border.bottom / down),
            time: time)
    }

    /// The display area alone.
    public var withoutBorder: Frame {
        guard border != Border() else { return self }
        let columns = border.left..<width - border.right
        var result: [UInt32] = []
        result.reserveCapacity(columns.count * (height - border.top - border.bottom))
        for y in border.top..<height - border.bottom {
            result += pixels[y * width + columns.lowerBound..<y * width + columns.upperBound]
        }
        return Frame(
            width: columns.count, height: height - border.top - border.bottom, pixels: result, dotAspect: dotAspect,
            dotsPerPixel: dotsPerPixel, linesPerPixel: linesPerPixel, time: time)
    }

    /// The place in the display area, in parts of 65,536, of a place in the whole frame, in such parts. A place in the border
    /// is the nearest in the display area.
    public func displayPlace(x: UInt16, y: UInt16) -> (x: UInt16, y: UInt16) {
        func part(_ value: UInt16, _ side: Int, _ before: Int, _ behind: Int) -> UInt16 {
            let place = Int(value) * side - before * 0x1_0000
            let size = max(side - before - behind, 1)
            return UInt16(clamping: place / size)
        }
        return (part(x, width, border.left, border.right), part(y, height, border.top, border.bottom))
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
