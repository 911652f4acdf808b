import Core
import Fonts

/// Reads the text in a picture whose letters are those of the machine's fonts, as the BIOS draws them in graphics modes.
///
/// The picture is cut into cells of 8 dots by the height of a font. A cell of two colours whose dots are those of a
/// character is that character; a cell of one colour is a blank, and so is one that no character fits. Letters at other
/// places, in other fonts or over a pattern are not found.
public struct TextRecognizer: Sendable {
    /// Fewest letters and digits in a picture that counts as text. So many do not come about in a picture by chance.
    public static let fewestLetters = 4

    private let sets: [GlyphSet]

    public init(_ fonts: FontSet = .cp437) { sets = [fonts.x8, fonts.x14, fonts.x16].map(GlyphSet.init) }

    /// The text of a frame's pixels, with the nearest of the sixteen colours; nil if it shows none.
    public func read(_ frame: Frame) -> TextScreen? {
        let picture = frame.reduced
        var best: (letters: Int, known: Int, screen: TextScreen)?
        for set in sets {
            guard let (letters, known, screen) = set.read(picture) else { continue }
            if letters < TextRecognizer.fewestLetters { continue }
            if let best, (best.letters, best.known) >= (letters, known) { continue }
            best = (letters, known, screen)
        }
        return best?.screen
    }
}

/// The characters of one font by their dots.
private struct GlyphSet: Sendable {
    /// The dots of a cell of up to 16 rows, the first row in the highest byte.
    struct Dots: Hashable, Sendable {
        var high: UInt64 = 0
        var low: UInt64 = 0

        mutating func append(_ row: UInt8) {
            high = high << 8 | low >> 56
            low = low << 8 | UInt64(row)
        }

        /// With dots and background exchanged, for a font of `height` rows.
        func inverted(height: Int) -> Dots {
            let lowMask: UInt64 = height >= 8 ? .max : (1 << UInt64(height * 8)) - 1
            let highMask: UInt64 = height >= 16 ? .max : height > 8 ? (1 << UInt64((height - 8) * 8)) - 1 : 0
            return Dots(high: ~high & highMask, low: ~low & lowMask)
        }
    }

    let height: Int
    private var codes: [Dots: UInt8] = [:]

    init(_ font: Font) {
        height = font.height
        // Of characters with the same dots the printable one of ASCII is meant, and control pictures last.
        for code in Array(0x21...0x7E) + Array(0x80...0xFF) + Array(0x01...0x1F) + [0x7F] {
            var dots = Dots()
            for row in font.rows(of: UInt8(code)) { dots.append(row) }
            let blank = Dots()
            if dots == blank || dots.inverted(height: height) == blank || codes[dots] != nil { continue }
            codes[dots] = UInt8(code)
        }
    }

    /// The screen that a picture shows, how many letters and digits are on it, and how many characters.
    func read(_ picture: Frame) -> (letters: Int, known: Int, screen: TextScreen)? {
        let (columns, rows) = (picture.width / Font.width, picture.height / height)
        guard columns > 0, rows > 0, height <= 16 else { return nil }
        var cells: [TextScreen.Cell] = []
        cells.reserveCapacity(columns * rows)
        var (letters, known) = (0, 0)
        var colors = NearestColors()
        picture.pixels.withUnsafeBufferPointer { pixels in
            for row in 0..<rows {
                for column in 0..<columns {
                    let start = row * height * picture.width + column * Font.width
                    let cell = read(pixels, start, stride: picture.width, &colors)
                    if cell.character != 0x20 {
                        known += 1
                        if GlyphSet.isLetter(cell.character) { letters += 1 }
                    }
                    cells.append(cell)
                }
            }
        }
        var screen = TextScreen(columns: columns, rows: rows, cells: cells, time: picture.time)
        screen.isBlinkEnabled = false
        return (letters, known, screen)
    }

    private static func isLetter(_ code: UInt8) -> Bool {
        (0x30...0x39).contains(code) || (0x41...0x5A).contains(code & 0xDF)
    }

    private func read(
        _ pixels: UnsafeBufferPointer<UInt32>, _ start: Int, stride: Int, _ colors: inout NearestColors
    ) -> TextScreen.Cell {
        let first = pixels[start]
        var second: UInt32?
        var dots = Dots()
        for row in 0..<height {
            var bits: UInt8 = 0
            for column in 0..<Font.width {
                let color = pixels[start + row * stride + column]
                bits <<= 1
                if color == first { continue }
                if let second, second != color { return TextScreen.Cell(character: 0x20, attribute: 0x07) }
                second = color
                bits |= 1
            }
            dots.append(bits)
        }
        guard let second else { return TextScreen.Cell(character: 0x20, attribute: colors.number(first) << 4 | 7) }
        // The corner is mostly background, but not in every letter.
        if let code = codes[dots] {
            return TextScreen.Cell(character: code, attribute: colors.number(first) << 4 | colors.number(second))
        }
        guard let code = codes[dots.inverted(height: height)] else {
            return TextScreen.Cell(character: 0x20, attribute: 0x07)
        }
        return TextScreen.Cell(character: code, attribute: colors.number(second) << 4 | colors.number(first))
    }
}

/// Finds the nearest of the sixteen colours of a text mode, and remembers the last two.
private struct NearestColors {
    private var recent: [(color: UInt32, number: UInt8)] = []

    mutating func number(_ color: UInt32) -> UInt8 {
        if let known = recent.first(where: { $0.color == color }) { return known.number }
        func distance(_ number: Int) -> Int {
            let (red, green, blue) = TextPalette.rgb[number]
            let (a, b, c) = (
                Int(color >> 16 & 0xFF) - Int(red), Int(color >> 8 & 0xFF) - Int(green), Int(color & 0xFF) - Int(blue)
            )
            return a * a + b * b + c * c
        }
        let number = UInt8((0..<16).min { distance($0) < distance($1) } ?? 0)
        recent.insert((color, number), at: 0)
        if recent.count > 4 { recent.removeLast() }
        return number
    }
}

/// Finds text on a stage: that of a text mode, or what a picture shows. A picture that has not changed is read once.
public final class ScreenReader {
    private var recognizer: TextRecognizer?
    private var last: (frame: Frame, screen: TextScreen?)?

    public init() {}

    /// What the screen shows now. Nil if that is no text.
    public func textScreen(of stage: some ScriptStage) -> TextScreen? {
        if let screen = stage.textScreen() { return screen }
        guard let frame = stage.still()?.withoutBorder else { return nil }
        if let last, last.frame.pixels == frame.pixels, last.frame.width == frame.width {
            var screen = last.screen
            screen?.time = frame.time
            return screen
        }
        let recognizer = recognizer ?? TextRecognizer(stage.fonts)
        self.recognizer = recognizer
        let screen = recognizer.read(frame)
        last = (frame, screen)
        return screen
    }
}

extension Frame {
    /// A line that names the pixels of the program: size and a hash that is the same on every host.
    public var fingerprint: String {
        let picture = reduced
        var hash = StateHash()
        hash.combine([UInt8(truncatingIfNeeded: picture.width), UInt8(truncatingIfNeeded: picture.width >> 8)])
        picture.pixels.map(\.littleEndian).withUnsafeBytes { hash.combine($0) }
        return "\(picture.width)x\(picture.height) \(hash)"
    }
}
