import Core
import TestSupport
import Testing

@testable import Output

@Suite struct PNGFileTests {
    /// The pixels of a PNG file, read by libpng; nil if it is none.
    private func decode(_ bytes: [UInt8]) -> Picture? {
        PNGReader(bytes).map { Picture(width: $0.width, height: $0.height, pixels: $0.pixels) }
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
