import CPNG
import Core
import TestSupport
import Testing

@testable import Output

@Suite struct PNGFileTests {
    /// The pixels of a PNG file, read by libpng; nil if it is none.
    private func decode(_ bytes: [UInt8]) -> Picture? {
        var image = png_image()
        image.version = UInt32(PNG_IMAGE_VERSION)
        return bytes.withUnsafeBytes { source -> Picture? in
            guard png_image_begin_read_from_memory(&image, source.baseAddress, source.count) != 0 else { return nil }
            image.format = UInt32(PNG_FORMAT_FLAG_COLOR)
            let (width, height) = (Int(image.width), Int(image.height))
            var rgb = [UInt8](repeating: 0, count: width * height * 3)
            guard png_image_finish_read(&image, nil, &rgb, 0, nil) != 0 else { return nil }
            let pixels = (0..<width * height).map { index -> UInt32 in
                UInt32(rgb[index * 3]) << 16 | UInt32(rgb[index * 3 + 1]) << 8 | UInt32(rgb[index * 3 + 2])
            }
            return Picture(width: width, height: height, pixels: pixels)
        }
    }

    @Test(arguments: [1, 2, 16, 256, 257, 5_000])
    func aPictureComesBackWhateverItsColours(_ colors: UInt32) throws {
        var random = SeededGenerator(seed: UInt64(colors))
        let palette = (0..<colors).map { _ in UInt32.random(in: 0...0xFF_FFFF, using: &random) }
        let pixels = (0..<73 * 91).map { palette[$0 % palette.count] }
        let picture = Picture(width: 73, height: 91, pixels: pixels)
        let bytes = try #require(PNGFile.encode(picture))
        #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]))
        // Colour type 3 has a palette, 2 has none.
        #expect(bytes[25] == (colors <= 256 ? 3 : 2))
        #expect(decode(bytes) == picture)
    }

    @Test func rawPixelsAreThoseOfTheProgram() throws {
        let pixels: [UInt32] = [1, 1, 2, 2, 1, 1, 2, 2]
        let frame = Frame(
            width: 4, height: 2, pixels: pixels, dotAspect: .init(5, 6), dotsPerPixel: 2, linesPerPixel: 2, time: .zero)
        #expect(Picture.raw(frame) == Picture(width: 2, height: 1, pixels: [1, 2]))
        #expect(try decode(#require(PNGFile.encode(.raw(frame)))) == Picture.raw(frame))
    }
}
