import Core
import Hosting
import TestSupport
import Testing

@testable import FrontendSDL

@Suite struct PictureLayoutTests {
    private func size(
        _ width: Int, _ height: Int, in area: (Int, Int), _ scaling: WindowSettings.Scaling
    ) -> (Int, Int) {
        let layout = PictureLayout(
            width: width, height: height, aspect: .init(4 * height, 3 * width), in: area, scaling: scaling)
        #expect(layout.x >= 0 && layout.x + layout.width <= area.0)
        #expect(layout.y >= 0 && layout.y + layout.height <= area.1)
        #expect(abs(area.0 - layout.width - 2 * layout.x) <= 1)
        return (layout.width, layout.height)
    }

    @Test("all classic modes have the shape 4:3")
    func shape() {
        for (width, height) in [(640, 400), (720, 400), (720, 350), (320, 200), (640, 480), (720, 348), (360, 480)] {
            #expect(size(width, height, in: (1_920, 1_080), .smooth) == (1_440, 1_080))
            #expect(size(width, height, in: (900, 1_600), .crt) == (900, 675))
        }
    }

    @Test("whole multiples of lines, and of dots where the shape allows it")
    func whole() {
        #expect(size(320, 200, in: (1_600, 1_200), .integer) == (1_600, 1_200))
        #expect(size(320, 200, in: (1_920, 1_080), .integer) == (1_280, 1_000))
        #expect(size(640, 480, in: (1_920, 1_080), .integer) == (1_280, 960))
        #expect(size(720, 400, in: (1_920, 1_080), .integer) == (1_067, 800))
        // Too small for one multiple: as large as fits.
        #expect(size(640, 480, in: (320, 300), .integer) == (320, 240))
        #expect(size(640, 480, in: (1, 1), .integer) == (1, 1))
    }

    @Test("places in the picture go from 0 to 65,535")
    func positions() {
        let layout = PictureLayout(
            width: 640, height: 480, aspect: .init(1, 1), in: (1_920, 1_080), scaling: .smooth)
        #expect(layout.position(x: 239, y: 0) == nil)
        #expect(layout.position(x: 240, y: 0).map { [$0.x, $0.y] } == [22, 30])
        #expect(layout.position(x: 1_679, y: 1_079).map { [$0.x, $0.y] } == [65_513, 65_505])
        #expect(layout.position(x: 1_680, y: 0) == nil)
    }

    @Test("random areas and pictures stay inside")
    func random() {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<2_000 {
            let area = (Int.random(in: 1...3_000, using: &random), Int.random(in: 1...3_000, using: &random))
            let scaling = WindowSettings.Scaling.allCases.randomElement(using: &random) ?? .smooth
            let drawn = size(
                Int.random(in: 1...2_048, using: &random), Int.random(in: 1...2_048, using: &random), in: area, scaling)
            #expect(drawn.0 >= 1 && drawn.1 >= 1)
        }
    }
}

@Suite struct StatusPanelTests {
    @Test("a panel holds its lines, cut to the window")
    func panel() {
        let panel = StatusPanel(["speed: 100 %", "C: /home"], scale: 2, limit: 400)
        #expect((panel.width, panel.height) == ((12 * 8 + 16) * 2, (32 + 16) * 2))
        #expect(panel.pixels.count == panel.width * panel.height)
        #expect(Set(panel.pixels).count == 2)
        #expect(StatusPanel(["a very long line of text"], scale: 1, limit: 64).width == 64)
        #expect(StatusPanel([], scale: 1, limit: 1).height == 16)
    }
}
