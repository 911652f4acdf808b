import CPNG

/// A PNG file as libpng reads it: another reader than our own writer.
public struct PNGReader {
    public let width: Int
    public let height: Int
    /// 00RRGGBBh, line by line.
    public let pixels: [UInt32]

    /// Nil: the bytes are no PNG file.
    public init?(_ bytes: [UInt8]) {
        var image = png_image()
        image.version = UInt32(PNG_IMAGE_VERSION)
        var rgb: [UInt8] = []
        let isRead = bytes.withUnsafeBytes { source in
            guard png_image_begin_read_from_memory(&image, source.baseAddress, source.count) != 0 else { return false }
            image.format = UInt32(PNG_FORMAT_FLAG_COLOR)
            rgb = [UInt8](repeating: 0, count: Int(image.width) * Int(image.height) * 3)
            return png_image_finish_read(&image, nil, &rgb, 0, nil) != 0
        }
        guard isRead else { return nil }
        (width, height) = (Int(image.width), Int(image.height))
        pixels = stride(from: 0, to: rgb.count, by: 3).map {
            UInt32(rgb[$0]) << 16 | UInt32(rgb[$0 + 1]) << 8 | UInt32(rgb[$0 + 2])
        }
    }
}
