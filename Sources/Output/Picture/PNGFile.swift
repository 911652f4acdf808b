import CPNG
import Core

/// Pictures as PNG files, by libpng. Pictures of up to 256 colours are written with a palette.
public enum PNGFile {
    /// The bytes of a file; nil if libpng has no memory for it.
    public static func encode(_ picture: Picture) -> [UInt8]? {
        let (width, height) = (UInt32(picture.width), UInt32(picture.height))
        let bound = ochenta_png_bound(width, height)
        guard bound > 0 else { return nil }
        let indexed = IndexedPixels(picture.pixels)
        let pixels = indexed?.indices ?? rgb(picture.pixels)
        let palette = indexed.map { rgb($0.palette) }
        let bytes = [UInt8](unsafeUninitializedCapacity: bound) { memory, count in
            count = pixels.withUnsafeBytes { pixels in
                guard let palette, let colors = indexed?.palette.count else {
                    return ochenta_png_write(
                        memory.baseAddress, bound, width, height, pixels.baseAddress, nil, 0)
                }
                return palette.withUnsafeBytes {
                    ochenta_png_write(
                        memory.baseAddress, bound, width, height, pixels.baseAddress, $0.baseAddress, UInt32(colors))
                }
            }
        }
        // The room for the worst case is not kept.
        return bytes.isEmpty ? nil : Array(bytes[...])
    }

    private static func rgb(_ colors: [UInt32]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(colors.count * 3)
        for color in colors {
            bytes.append(UInt8(truncatingIfNeeded: color >> 16))
            bytes.append(UInt8(truncatingIfNeeded: color >> 8))
            bytes.append(UInt8(truncatingIfNeeded: color))
        }
        return bytes
    }
}
