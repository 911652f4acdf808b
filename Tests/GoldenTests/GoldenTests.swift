import Output
import Testing

/// The comparison itself.
@Suite struct GoldenTests {
    private func picture(_ pixels: [UInt32], width: Int = 8) -> Picture {
        Picture(width: width, height: pixels.count / width, pixels: pixels)
    }

    @Test("a difference says how many pixels differ, and the first; or that the size does")
    func difference() {
        let old = picture([UInt32](repeating: 7, count: 16))
        var pixels = old.pixels
        (pixels[11], pixels[14]) = (0xAB_CDEF, 8)
        #expect(
            Golden.difference(picture(pixels), old) == "2 pixels differ, the first at 3, 1: ABCDEF, not 000007")
        #expect(Golden.difference(picture(pixels, width: 4), old) == "4 by 4 pixels, not 8 by 2")
    }

    @Test("an edge may move by as many dots as it has play, and nothing else may change")
    func play() {
        func bar(_ start: Int, _ color: UInt32 = 1) -> Picture {
            picture((0..<32).map { $0 % 8 >= start ? color : 0 })
        }
        let play = Golden.Play(dots: 2, lines: 0)
        #expect(Golden.isClose(bar(3), bar(5), play) && Golden.isClose(bar(5), bar(3), play))
        #expect(!Golden.isClose(bar(3), bar(6), play))
        #expect(!Golden.isClose(bar(3), bar(3, 2), play))
        #expect(!Golden.isClose(bar(3), bar(8), play))
    }
}
