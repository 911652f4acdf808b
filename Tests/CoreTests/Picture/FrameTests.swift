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

    @Test func outsideIsNoColor() {
        let frame = Frame(width: 1, height: 1, pixels: [7], dotAspect: square, time: .zero)
        #expect(frame.color(x: 0, y: 0) == 7)
        #expect(frame.color(x: 1, y: 0) == nil && frame.color(x: 0, y: -1) == nil)
    }
}
