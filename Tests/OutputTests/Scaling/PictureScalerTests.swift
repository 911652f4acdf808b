import Core
import TestSupport
import Testing

@testable import Output

@Suite struct PictureScalerTests {
    private func draw(
        _ scaler: PictureScaler, _ pixels: [UInt32], _ width: Int, _ height: Int, to size: (Int, Int)
    ) -> [UInt32] {
        pixels.withUnsafeBufferPointer {
            scaler.draw($0, width: width, height: height, to: size)
        }
        return (0..<size.0 * size.1).map { scaler.output.base[$0] & 0xFF_FFFF }
    }

    private func noise(_ count: Int, seed: UInt64 = 1) -> [UInt32] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in UInt32.random(in: 0...0xFF_FFFF, using: &random) }
    }

    @Test("light and values are inverse to each other")
    func linearLight() {
        let light = LinearLight.shared
        for code in 0..<256 { #expect(light.value[Int(light.light[code])] == UInt8(code)) }
        #expect(light.light[255] == UInt16(LinearLight.white))
        // Half of white's light is 188, not 128. Source: the transfer function of sRGB.
        #expect(light.mix(2, { $0 == 0 ? 0 : 0xFF_FFFF }, { _ in Taps.whole / 2 }) & 0xFF == 188)
    }

    @Test("a picture of its own size, and whole multiples of it, are exact")
    func exact() {
        let pixels = noise(12 * 7)
        let scaler = PictureScaler()
        #expect(draw(scaler, pixels, 12, 7, to: (12, 7)) == pixels)
        let large = draw(scaler, pixels, 12, 7, to: (36, 14))
        for y in 0..<14 { for x in 0..<36 { #expect(large[y * 36 + x] == pixels[y / 2 * 12 + x / 3]) } }
    }

    @Test("a dot between two is the mean of their light")
    func edges() {
        #expect(draw(PictureScaler(), [0, 0xFF_FFFF], 2, 1, to: (3, 1)) == [0, 0xBC_BCBC, 0xFF_FFFF])
        #expect(draw(PictureScaler(), [0, 0xFF_FFFF], 1, 2, to: (1, 3)) == [0, 0xBC_BCBC, 0xFF_FFFF])
        #expect(draw(PictureScaler(), [0, 0xFF_FFFF, 0, 0xFF_FFFF], 2, 2, to: (1, 1)) == [0xBC_BCBC])
    }

    @Test("scaling keeps the light of a picture, at any size", arguments: [(31, 17), (100, 61), (640, 480), (64, 41)])
    func conservation(width: Int, height: Int) {
        let light = LinearLight.shared
        func mean(_ pixels: [UInt32]) -> Double {
            pixels.reduce(0.0) { $0 + Double(light.light[Int($1 >> 8 & 0xFF)]) } / Double(pixels.count)
        }
        let pixels = noise(64 * 40)
        let scaled = draw(PictureScaler(), pixels, 64, 40, to: (width, height))
        #expect(abs(mean(scaled) / mean(pixels) - 1) < 0.01)
    }

    @Test("drawing only what has changed gives the same as drawing all")
    func changes() {
        for isTube in [false, true] {
            var random = SeededGenerator(seed: 7)
            let kept = PictureScaler(isTube: isTube)
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
                    draw(kept, pixels, 40, 30, to: size)
                        == draw(PictureScaler(isTube: isTube), pixels, 40, 30, to: size))
            }
            _ = draw(kept, pixels, 40, 30, to: (97, 75))
            #expect(kept.changedRows.isEmpty)
        }
    }

    @Test("the tube's lines and mask are there, and the picture is about as bright as without")
    func tube() {
        let light = LinearLight.shared
        let gray = [UInt32](repeating: 0x80_8080, count: 60 * 40)
        let drawn = draw(PictureScaler(isTube: true), gray, 60, 40, to: (240, 160))
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
                PictureScaler(isTube: true), [UInt32](repeating: color, count: 60 * 40), 60, 40, to: (240, 320))
            func amount(_ row: Int) -> Double { Double(light.light[Int(drawn[row * 240 + 1] >> 8 & 0xFF)]) }
            return amount(160) / amount(164)
        }
        #expect(edge(0xE0_E0E0) > edge(0x30_3030) * 1.2)
        // Too small for lines, it is drawn without.
        #expect(draw(PictureScaler(isTube: true), gray, 60, 40, to: (60, 40)) == gray)
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
