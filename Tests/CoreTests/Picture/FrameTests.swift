import Core
import Testing

@Suite struct FrameTests {
    private let square = Frame.Aspect(1, 1)

    @Test func aPixelOfTwoDotsOnTwoLinesIsOne() {
        let frame = Frame(
            width: 4, height: 4, pixels: [1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 4], dotAspect: .init(5, 6),
            dotsPerPixel: 2, linesPerPixel: 2, time: .zero)
        let reduced = frame.reduced
        #expect(reduced.width == 2 && reduced.height == 2)
        #expect(reduced.pixels == [1, 2, 3, 4])
        #expect(reduced.dotAspect == .init(10, 12))
    }

    @Test func linesThatDifferStay() {
        let frame = Frame(
            width: 2, height: 2, pixels: [1, 1, 2, 2], dotAspect: square, dotsPerPixel: 2, linesPerPixel: 2, time: .zero
        )
        let reduced = frame.reduced
        #expect(reduced.width == 1 && reduced.height == 2)
        #expect(reduced.pixels == [1, 2])
    }

    @Test func dotsThatDifferStay() {
        let frame = Frame(
            width: 2, height: 2, pixels: [1, 2, 1, 2], dotAspect: square, dotsPerPixel: 2, linesPerPixel: 2, time: .zero
        )
        #expect(frame.reduced.pixels == [1, 2])
        #expect(frame.reduced.width == 2)
    }

    /// Two by two pixels of two dots and lines each, with a border of one pixel on the left, two above, none elsewhere.
    private var bordered: Frame {
        var pixels = [UInt32](repeating: 9, count: 6 * 8)
        for y in 4..<8 { for x in 2..<6 { pixels[y * 6 + x] = UInt32((y - 4) / 2 * 2 + (x - 2) / 2) } }
        return Frame(
            width: 6, height: 8, pixels: pixels, dotAspect: .init(5, 6), dotsPerPixel: 2, linesPerPixel: 2,
            border: .init(left: 2, top: 4), time: Tick(5))
    }

    @Test func theBorderCanBeTakenAway() {
        let inner = bordered.withoutBorder
        #expect(inner.width == 4 && inner.height == 4 && inner.border == Frame.Border() && inner.time == Tick(5))
        #expect(inner.reduced.pixels == [0, 1, 2, 3])
        #expect(inner.withoutBorder == inner)
    }

    @Test func aReducedBorderCountsPixels() {
        let reduced = bordered.reduced
        #expect(reduced.border == Frame.Border(left: 1, top: 2))
        #expect(reduced.pixels == [9, 9, 9, 9, 9, 9, 9, 0, 1, 9, 2, 3])
        #expect(reduced.withoutBorder.pixels == [0, 1, 2, 3])
    }

    @Test func placesCountInTheDisplayArea() {
        let frame = bordered
        // In the border the nearest place.
        #expect(frame.displayPlace(x: 0, y: 0xC000) == frame.displayPlace(x: 0x5555, y: 0xC000))
        #expect(frame.displayPlace(x: 0, y: 0).x == 0 && frame.displayPlace(x: 0, y: 0).y == 0)
        // The third and fourth of six dots, the fifth of eight lines.
        let first = frame.displayPlace(x: 0x5556, y: 0x8000)
        #expect(first.x == 1 && first.y == 0)
        let last = frame.displayPlace(x: 0xFFFF, y: 0xFFFF)
        #expect(last.x >= 0xFFFE && last.y >= 0xFFFE)
        let middle = frame.displayPlace(x: 0xAAAB, y: 0xC000)
        #expect(middle.x == 0x8000 && middle.y == 0x8000)
    }

    @Test func outsideIsNoColor() {
        let frame = Frame(width: 1, height: 1, pixels: [7], dotAspect: square, time: .zero)
        #expect(frame.color(x: 0, y: 0) == 7)
        #expect(frame.color(x: 1, y: 0) == nil && frame.color(x: 0, y: -1) == nil)
    }
}
