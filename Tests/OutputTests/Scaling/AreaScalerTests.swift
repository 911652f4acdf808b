import Core
import TestSupport
import Testing

@testable import Output

@Suite struct AreaScalerTests {
    @Test func areasOfOneColourKeepItAtEverySize() {
        for code in stride(from: UInt32(0), through: 255, by: 1) {
            let color = code << 16 | (255 - code) << 8 | code / 2
            let picture = Picture(width: 5, height: 3, pixels: Array(repeating: color, count: 15))
            for (width, height) in [(1, 1), (7, 4), (10, 6), (3, 2)] {
                let scaled = AreaScaler.scale(picture, width: width, height: height)
                #expect(Set(scaled.pixels) == [color])
            }
        }
    }

    @Test func wholeMultiplesRepeatPixels() {
        let picture = Picture(width: 2, height: 2, pixels: [1, 2, 3, 0xFF_FFFF])
        #expect(
            AreaScaler.scale(picture, width: 4, height: 6).pixels
                == [1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2]
                + [3, 3, 0xFF_FFFF, 0xFF_FFFF, 3, 3, 0xFF_FFFF, 0xFF_FFFF, 3, 3, 0xFF_FFFF, 0xFF_FFFF])
    }

    @Test func lightIsAveragedAndNotCodes() {
        // Half of full light is code 188, not 128.
        let picture = Picture(width: 2, height: 1, pixels: [0, 0xFF_FFFF])
        #expect(AreaScaler.scale(picture, width: 1, height: 1).pixels == [0xBC_BCBC])
        // Three pixels on two: each takes one and a half.
        let three = Picture(width: 3, height: 1, pixels: [0xFF_0000, 0, 0xFF_0000])
        let two = AreaScaler.scale(three, width: 2, height: 1).pixels
        #expect(two[0] == two[1])
        #expect(two[0] >> 16 == 0xD5)
    }

    @Test func sizesFollowTheShapeOfADot() {
        func size(_ width: Int, _ height: Int, _ aspect: Frame.Aspect) -> [Int] {
            let pixels = [UInt32](repeating: 7, count: width * height)
            let frame = Frame(width: width, height: height, pixels: pixels, dotAspect: aspect, time: .zero)
            let picture = Picture.square(frame)
            return [picture.width, picture.height]
        }
        #expect(size(320, 200, .init(5, 6)) == [1_280, 960])
        #expect(size(640, 200, .init(5, 12)) == [1_280, 960])
        #expect(size(640, 480, .init(1, 1)) == [1_280, 960])
        #expect(size(720, 400, .init(20, 27)) == [1_440, 1_080])
        #expect(size(160, 200, .init(5, 3)) == [1_333, 1_000])
        // What cannot be seen counts as square, and nothing grows beyond its bounds.
        #expect(size(2_048, 1, .init(1, 0)) == [8_192, 4])
        #expect(size(1, 2_048, .init(-1, 900)) == [1, 2_048])
        #expect(size(10, 10, .init(.max, .max)) == [640, 640])
    }
}
