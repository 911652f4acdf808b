import Core
import Fonts
import Hosting
import TestSupport
import Testing

@testable import FrontendSDL

@Suite struct PictureScalerTests {
    private func layout(_ width: Int, _ height: Int) -> PictureLayout {
        PictureLayout(width: 1, height: 1, aspect: .init(width, height), in: (width, height), scaling: .smooth)
    }

    private func draw(
        _ scaler: PictureScaler, _ pixels: [UInt32], _ width: Int, _ height: Int, to size: (Int, Int)
    ) -> [UInt32] {
        pixels.withUnsafeBufferPointer {
            scaler.draw($0, width: width, height: height, layout: layout(size.0, size.1))
        }
        return (0..<size.0 * size.1).map { scaler.output.base[$0] & 0xFF_FFFF }
    }

    private func noise(_ count: Int, seed: UInt64 = 1) -> [UInt32] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in UInt32.random(in: 0...0xFF_FFFF, using: &random) }
    }

    @Test("light and values are inverse to each other")
    func linearLight() {
        let light = LinearLight()
        for code in 0..<256 { #expect(light.value[Int(light.light[code])] == UInt8(code)) }
        #expect(light.light[255] == UInt16(LinearLight.white))
        // Half of white's light is 188, not 128. Source: the transfer function of sRGB.
        #expect(light.mix(2, { $0 == 0 ? 0 : 0xFF_FFFF }, { _ in 128 }) & 0xFF == 188)
    }

    @Test("a picture of its own size, and whole multiples of it, are exact")
    func exact() {
        let pixels = noise(12 * 7)
        let scaler = PictureScaler(.smooth)
        #expect(draw(scaler, pixels, 12, 7, to: (12, 7)) == pixels)
        let large = draw(scaler, pixels, 12, 7, to: (36, 14))
        for y in 0..<14 { for x in 0..<36 { #expect(large[y * 36 + x] == pixels[y / 2 * 12 + x / 3]) } }
    }

    @Test("a dot between two is the mean of their light")
    func edges() {
        #expect(draw(PictureScaler(.smooth), [0, 0xFF_FFFF], 2, 1, to: (3, 1)) == [0, 0xBC_BCBC, 0xFF_FFFF])
        #expect(draw(PictureScaler(.smooth), [0, 0xFF_FFFF], 1, 2, to: (1, 3)) == [0, 0xBC_BCBC, 0xFF_FFFF])
        #expect(draw(PictureScaler(.smooth), [0, 0xFF_FFFF, 0, 0xFF_FFFF], 2, 2, to: (1, 1)) == [0xBC_BCBC])
    }

    @Test("scaling keeps the light of a picture, at any size", arguments: [(31, 17), (100, 61), (640, 480), (64, 41)])
    func conservation(width: Int, height: Int) {
        let light = LinearLight()
        func mean(_ pixels: [UInt32]) -> Double {
            pixels.reduce(0.0) { $0 + Double(light.light[Int($1 >> 8 & 0xFF)]) } / Double(pixels.count)
        }
        let pixels = noise(64 * 40)
        let scaled = draw(PictureScaler(.smooth), pixels, 64, 40, to: (width, height))
        #expect(abs(mean(scaled) / mean(pixels) - 1) < 0.01)
    }

    @Test("drawing only what has changed gives the same as drawing all")
    func changes() {
        for scaling in WindowSettings.Scaling.allCases {
            var random = SeededGenerator(seed: 7)
            let kept = PictureScaler(scaling)
            var pixels = [UInt32](repeating: 0x12_3456, count: 40 * 30)
            for _ in 0..<40 {
                // Some lines change, and some become like the one above.
                let line = Int.random(in: 0..<30, using: &random)
                if Bool.random(using: &random), line > 0 {
                    for x in 0..<40 { pixels[line * 40 + x] = pixels[(line - 1) * 40 + x] }
                } else {
                    for x in 0..<40 where Bool.random(using: &random) {
                        pixels[line * 40 + x] = UInt32.random(in: 0...0xFF_FFFF, using: &random)
                    }
                }
                let size = (97, 75)
                #expect(
                    draw(kept, pixels, 40, 30, to: size) == draw(PictureScaler(scaling), pixels, 40, 30, to: size))
            }
            _ = draw(kept, pixels, 40, 30, to: (97, 75))
            #expect(kept.changedRows.isEmpty)
        }
    }

    @Test("the tube's lines and mask are there, and the picture is about as bright as without")
    func tube() {
        let light = LinearLight()
        let gray = [UInt32](repeating: 0x80_8080, count: 60 * 40)
        let drawn = draw(PictureScaler(.crt), gray, 60, 40, to: (240, 160))
        let rows = (0..<160).map { row in
            (0..<240).reduce(0.0) { $0 + Double(light.light[Int(drawn[row * 240 + $1] >> 8 & 0xFF)]) } / 240
        }
        // Four rows a line: two near its middle are brighter than the two between lines.
        #expect(rows[81] > rows[79] * 1.5)
        #expect(rows[82] > rows[84] * 1.5)
        let mean = rows[20..<140].reduce(0, +) / 120
        #expect(abs(mean / Double(light.light[0x80]) - 1) < 0.05)
        // The green stripe lets more green through than the others.
        #expect(drawn[81 * 240 + 1] >> 8 & 0xFF > drawn[81 * 240] >> 8 & 0xFF)
        // A bright line is wider than a dark one.
        func edge(_ color: UInt32) -> Double {
            let drawn = draw(
                PictureScaler(.crt), [UInt32](repeating: color, count: 60 * 40), 60, 40, to: (240, 320))
            func amount(_ row: Int) -> Double { Double(light.light[Int(drawn[row * 240 + 1] >> 8 & 0xFF)]) }
            return amount(160) / amount(164)
        }
        #expect(edge(0xE0_E0E0) > edge(0x30_3030) * 1.2)
        // Too small for lines, it is drawn without.
        #expect(draw(PictureScaler(.crt), gray, 60, 40, to: (60, 40)) == gray)
    }

    @Test("blending is the mean of light by weight, and of the same size only")
    func blending() {
        func frame(_ color: UInt32, _ width: Int = 4) -> Frame {
            Frame(
                width: width, height: 2, pixels: [UInt32](repeating: color, count: 2 * width), dotAspect: .init(1, 1),
                time: .zero)
        }
        var blender = FrameBlender()
        let half = blender.blend([(frame(0), 128), (frame(0xFF_FFFF), 128)])
        #expect(half?.pixels == [UInt32](repeating: 0xBC_BCBC, count: 8))
        let other = blender.blend([(frame(0, 8), 200), (frame(0x12_3456), 56)])
        #expect(other?.pixels == frame(0x12_3456).pixels)
        let nothing = blender.blend([])
        #expect(nothing == nil)
    }
}

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
        #expect(layout.position(x: 240, y: 0).map { [$0.x, $0.y] } == [0, 0])
        #expect(layout.position(x: 1_679, y: 1_079).map { [$0.x, $0.y] } == [65_535, 65_535])
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

@Suite struct TextPictureTests {
    @Test("a text screen as a frame, with colours and cursor")
    func text() throws {
        var screen = TextScreen(
            columns: 2, rows: 1,
            cells: [.init(character: 0xDB, attribute: 0x1E), .init(character: 0, attribute: 0xC7)],
            time: .seconds(3))
        screen.cursor = (1, 0)
        let frame = try #require(TextPicture.frame(of: screen, font: .cp437x16))
        #expect((frame.width, frame.height, frame.time) == (16, 16, .seconds(3)))
        #expect(frame.color(x: 0, y: 0) == 0xFF_FF55)
        // Bit 7 blinks, and is no colour.
        #expect(frame.color(x: 8, y: 0) == 0xAA_0000)
        #expect(frame.color(x: 8, y: 15) == 0xAA_AAAA)
        screen.isBlinkEnabled = false
        #expect(TextPicture.frame(of: screen, font: .cp437x16)?.color(x: 8, y: 0) == 0xFF_5555)
        // 4:3 as a whole.
        #expect(frame.width * frame.dotAspect.width * 3 == frame.height * frame.dotAspect.height * 4)
        let wide = TextScreen(
            columns: 300, rows: 1, cells: .init(repeating: .init(character: 0, attribute: 7), count: 300), time: .zero)
        #expect(TextPicture.frame(of: wide, font: .cp437x16) == nil)
    }

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
