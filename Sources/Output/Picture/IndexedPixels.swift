/// Finds the number of a colour among up to 256, and gives new colours a number.
///
/// Numbers follow the order in which colours come, so that equal pictures have equal palettes.
public struct ColorTable: Sendable {
    public private(set) var colors: [UInt32] = []
    /// Colours by hash, and their numbers; -1 is a free place.
    private var keys = [UInt32](repeating: 0, count: ColorTable.places)
    private var numbers = [Int16](repeating: -1, count: ColorTable.places)

    private static let places = 1_024

    public init() {}

    /// The number of a colour of 24 bits. Nil if there are 256 others.
    public mutating func number(of color: UInt32) -> UInt8? {
        var place = Int((color &* 0x9E37_79B1) >> 22)
        while numbers[place] >= 0 {
            if keys[place] == color { return UInt8(truncatingIfNeeded: numbers[place]) }
            place = (place + 1) & (ColorTable.places - 1)
        }
        guard colors.count < 256 else { return nil }
        (keys[place], numbers[place]) = (color, Int16(colors.count))
        colors.append(color)
        return UInt8(colors.count - 1)
    }

    /// The numbers of all pixels; nil if a colour finds no place. What was added up to there stays.
    public mutating func indices(of pixels: [UInt32]) -> [UInt8]? {
        var indices: [UInt8] = []
        indices.reserveCapacity(pixels.count)
        var (last, lastNumber): (UInt32, UInt8) = (.max, 0)
        for pixel in pixels {
            if pixel != last {
                guard let number = number(of: pixel & 0xFF_FFFF) else { return nil }
                (last, lastNumber) = (pixel, number)
            }
            indices.append(lastNumber)
        }
        return indices
    }
}

/// Pixels as numbers of up to 256 colours.
public struct IndexedPixels: Hashable, Sendable {
    public let indices: [UInt8]
    /// 1 to 256 colours as 00RRGGBBh, in the order in which they occur.
    public let palette: [UInt32]

    /// Nil if there are more than 256 colours.
    public init?(_ pixels: [UInt32]) {
        var table = ColorTable()
        guard let indices = table.indices(of: pixels) else { return nil }
        self.indices = indices
        palette = table.colors
    }
}
