import Core

/// Pixels without a time and a beam: what scaling makes and files hold.
public struct Picture: Hashable, Sendable {
    /// Sides, 1 to `largestSide`.
    public let width: Int
    public let height: Int
    /// Colours as 00RRGGBBh, line by line from the top left.
    public let pixels: [UInt32]

    public static let largestSide = 8_192

    /// - Precondition: sides within 1 to `largestSide`, and as many pixels.
    public init(width: Int, height: Int, pixels: [UInt32]) {
        let sides = 1...Picture.largestSide
        precondition(sides.contains(width) && sides.contains(height), "a picture's sides are 1 to 8,192")
        precondition(pixels.count == width * height, "a picture has width * height pixels")
        (self.width, self.height, self.pixels) = (width, height, pixels)
    }

    /// The dots of a frame as they are.
    public init(_ frame: Frame) { self.init(width: frame.width, height: frame.height, pixels: frame.pixels) }

    /// The frame's pixels, each as one.
    public static func raw(_ frame: Frame) -> Picture { Picture(frame.reduced) }

    /// Fewest lines of a picture with square dots.
    static let squareLines = 960

    /// The frame as a monitor shows it, in square dots: its pixels in the smallest whole multiple that gives 960 lines
    /// or more, and the other side averaged. 320 by 200 pixels on a screen of 4:3 become 1,280 by 960.
    public static func square(_ frame: Frame) -> Picture {
        let picture = Picture.raw(frame)
        let (width, height) = squareSize(frame.reduced)
        return AreaScaler.scale(picture, width: width, height: height)
    }

    private static func squareSize(_ frame: Frame) -> (width: Int, height: Int) {
        // An aspect that is none, or that nobody can see, counts as square.
        let sides = 1...1_000_000
        var (across, down) = (frame.dotAspect.width, frame.dotAspect.height)
        if !sides.contains(across) || !sides.contains(down) || across > down * 16 || down > across * 16 {
            (across, down) = (1, 1)
        }
        var best = (frame.width, frame.height)
        for multiple in 1...64 {
            let size =
                down >= across
                ? (frame.width * multiple, (frame.height * multiple * down + across / 2) / across)
                : ((frame.width * multiple * across + down / 2) / down, frame.height * multiple)
            if max(size.0, size.1) > Picture.largestSide { break }
            best = size
            if size.1 >= squareLines { break }
        }
        return best
    }
}
