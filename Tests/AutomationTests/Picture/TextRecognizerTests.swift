import Core
import Fonts
import TestSupport
import Testing

@testable import Automation

/// Draws text as a BIOS does in a graphics mode.
func drawnText(
    _ lines: [String], font: Font, width: Int, height: Int, foreground: UInt32 = 0xFFFF55, background: UInt32 = 0x0000AA
) -> Frame {
    var pixels = [UInt32](repeating: background, count: width * height)
    for (row, line) in lines.enumerated() {
        for (column, byte) in (CodePage.cp437.bytes(line) ?? []).enumerated() where column < width / 8 {
            for (y, bits) in font.rows(of: byte).enumerated() {
                for x in 0..<8 where bits & (0x80 >> UInt8(x)) != 0 {
                    pixels[(row * font.height + y) * width + column * 8 + x] = foreground
                }
            }
        }
    }
    return Frame(width: width, height: height, pixels: pixels, dotAspect: .init(5, 6), time: .zero)
}

@Suite struct TextRecognizerTests {
    private static let lines = [
        "Hello, World! 0123", "", "C:\\>dir /w  \u{2554}\u{2550}\u{2557}", "BFPRKM[]{}|#@ gjpqy",
    ]

    @Test(arguments: [(8, 320, 200), (8, 640, 200), (14, 640, 350), (16, 640, 480)])
    func textInTheFontsOfTheMachineIsRead(_ fontHeight: Int, _ width: Int, _ height: Int) throws {
        let font = try #require(FontSet.cp437.font(height: fontHeight))
        let frame = drawnText(Self.lines, font: font, width: width, height: height)
        let screen = try #require(TextRecognizer().read(frame))
        #expect(screen.columns == width / 8 && screen.rows == height / fontHeight)
        for (row, line) in Self.lines.enumerated() { #expect(screen.line(row) == line) }
        // Yellow on blue, with bright backgrounds.
        #expect(screen.cells[0].attribute == 0x1E)
        #expect(!screen.isBlinkEnabled)
    }

    @Test func doubledPixelsAreReduced() throws {
        let small = drawnText(["READY."], font: .cp437x8, width: 320, height: 200)
        var pixels: [UInt32] = []
        for y in 0..<400 {
            for x in 0..<640 { pixels.append(small.pixels[y / 2 * 320 + x / 2]) }
        }
        let frame = Frame(
            width: 640, height: 400, pixels: pixels, dotAspect: .init(5, 6), dotsPerPixel: 2, linesPerPixel: 2,
            time: .zero)
        #expect(try #require(TextRecognizer().read(frame)).line(0) == "READY.")
    }

    @Test func everyCharacterIsItselfOrOneWithTheSameDots() throws {
        for font in [Font.cp437x8, .cp437x14, .cp437x16] {
            for code in UInt8(1)...0xFF {
                let text = "ABCD" + String(CodePage.cp437.scalars[Int(code)])
                let frame = drawnText([text], font: font, width: 640, height: font.height)
                let screen = try #require(TextRecognizer().read(frame))
                let found = screen.cells[4].character
                let (a, b) = (Array(font.rows(of: code)), Array(font.rows(of: found)))
                // A full block and a blank have one colour.
                let isPlain = Set(a).isSubset(of: [0]) || Set(a).isSubset(of: [0xFF])
                // Halves are each other with the colours exchanged.
                #expect(a == b || isPlain || a.map { ~$0 } == b, "\(font.height) \(code)")
            }
        }
    }

    @Test func aPictureIsNoTextAndTextInAPictureIsRead() throws {
        var random = SeededGenerator(seed: 3)
        var frame = drawnText([], font: .cp437x8, width: 320, height: 200)
        #expect(TextRecognizer().read(frame) == nil)
        let noise = (0..<320 * 200).map { _ in UInt32.random(in: 0..<2, using: &random) * 0xFFFFFF }
        frame = Frame(width: 320, height: 200, pixels: noise, dotAspect: .init(1, 1), time: .zero)
        #expect(TextRecognizer().read(frame) == nil)
        // A status line under a picture.
        let text = drawnText(Array(repeating: "", count: 24) + ["SCORE 100"], font: .cp437x8, width: 320, height: 200)
        let mixed = Array(noise[..<(320 * 192)]) + Array(text.pixels[(320 * 192)...])
        frame = Frame(width: 320, height: 200, pixels: mixed, dotAspect: .init(1, 1), time: .zero)
        #expect(try #require(TextRecognizer().read(frame)).line(24) == "SCORE 100")
    }

    @Test func anySizeIsRead() {
        for (width, height) in [(1, 1), (7, 200), (8, 8), (9, 15), (2_048, 3)] {
            let frame = Frame(
                width: width, height: height, pixels: Array(repeating: 5, count: width * height),
                dotAspect: .init(1, 1),
                time: .zero)
            #expect(TextRecognizer().read(frame) == nil)
        }
    }

    @Test func aFingerprintFollowsTheProgramsPixels() {
        let pixels: [UInt32] = [1, 1, 2, 2, 1, 1, 2, 2]
        func frame(_ width: Int, _ height: Int, _ pixels: [UInt32], _ dots: Int = 1) -> Frame {
            Frame(
                width: width, height: height, pixels: pixels, dotAspect: .init(1, 1), dotsPerPixel: dots,
                linesPerPixel: dots, time: .zero)
        }
        #expect(frame(4, 2, pixels, 2).fingerprint == frame(2, 1, [1, 2]).fingerprint)
        #expect(frame(2, 1, [1, 2]).fingerprint != frame(1, 2, [1, 2]).fingerprint)
        // The value is for ever: scripts compare it.
        #expect(frame(2, 1, [1, 2]).fingerprint == "2x1 6dda36a3e94618f5")
    }
}
