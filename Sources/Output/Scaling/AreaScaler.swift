/// Scales single pictures as `PictureScaler` does.
public enum AreaScaler {
    /// - Precondition: sides within 1 to `Picture.largestSide`.
    public static func scale(_ picture: Picture, width: Int, height: Int) -> Picture {
        if (width, height) == (picture.width, picture.height) { return picture }
        let scaler = PictureScaler()
        picture.pixels.withUnsafeBufferPointer {
            scaler.draw($0, width: picture.width, height: picture.height, to: (width, height))
        }
        let pixels = UnsafeBufferPointer(start: scaler.output.base, count: width * height).map { $0 & 0xFF_FFFF }
        return Picture(width: width, height: height, pixels: pixels)
    }
}
