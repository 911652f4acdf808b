import Chips
import Core
import Fonts

/// How the CGA and its descendants make dots of memory. Dots are RGBI colours, perhaps with a mark.
struct ColorPainting {
    private let generator: CharacterGenerator
    private let colors: [UInt32]

    init(_ font: Font) {
        generator = CharacterGenerator(font, rows: 8)
        colors = (0..<256).map { dot in
            let color = TextPalette.rgb[dot & 15]
            return UInt32(color.red) << 16 | UInt32(color.green) << 8 | UInt32(color.blue)
        }
    }

    /// Colours as a 5153 shows them.
    func convert(_ dots: UnsafePointer<UInt8>, count: Int, into pixels: UnsafeMutablePointer<UInt32>) {
        colors.withUnsafeBufferPointer { colors in
            guard let colors = colors.baseAddress else { return }
            for index in 0..<count { (pixels + index).initialize(to: colors[Int(dots[index])]) }
        }
    }

    /// Characters of 8 dots, or of 8 double dots.
    /// - Parameters:
    ///   - mask: which bits of a cell's number reach the memory.
    ///   - palette: the colours of 16 attributes; nil for the CGA's, which are their own.
    func paintText(
        _ span: Motorola6845.Span, _ memory: UnsafePointer<UInt8>, mask: Int, dotsPerCharacter: Int,
        isBlinkEnabled: Bool, mark: UInt8, palette: UnsafePointer<UInt8>? = nil, into dots: UnsafeMutablePointer<UInt8>
    ) {
        let font = generator.bytes + (span.scanLine & 7)
        let isBlinkDark = span.frames & 16 != 0
        // The board itself blinks the cursor, also one that the 6845 does not.
        let cursor = span.frames & 8 == 0 ? span.cursor : -1
        for index in 0..<span.count {
            let cell = ((span.address &+ index) & mask) &* 2
            let attribute = memory[cell &+ 1]
            var bits = font[Int(memory[cell]) &* 8]
            var background = attribute &>> 4
            var foreground = attribute & 15
            if isBlinkEnabled {
                background &= 7
                if isBlinkDark, attribute & 0x80 != 0 { bits = 0 }
            }
            if index == cursor { bits = 0xFF }
            if let palette {
                foreground = palette[Int(foreground)]
                background = palette[Int(background)]
            }
            (foreground, background) = (foreground | mark, background | mark)
            let place = dots + index &* dotsPerCharacter
            if dotsPerCharacter == 8 {
                DotPatterns.store(DotPatterns.blend(DotPatterns.mask(bits), foreground, background), place)
            } else {
                let (left, right) = (DotPatterns.doubledMask(bits &>> 4), DotPatterns.doubledMask(bits))
                DotPatterns.store(DotPatterns.blend(left, foreground, background), place)
                DotPatterns.store(DotPatterns.blend(right, foreground, background), place + 8)
            }
        }
    }

    /// Two bytes a character, a dot a bit. With the clock of 80 columns only the first byte is shifted out.
    func paintBits(
        _ span: Motorola6845.Span, _ bank: UnsafePointer<UInt8>, dotsPerCharacter: Int, foreground: UInt8,
        background: UInt8, into dots: UnsafeMutablePointer<UInt8>
    ) {
        for index in 0..<span.count {
            let offset = ((span.address &+ index) & 0xFFF) &* 2
            let place = dots + index &* dotsPerCharacter
            DotPatterns.store(
                DotPatterns.blend(DotPatterns.mask(bank[offset]), foreground, background), place)
            guard dotsPerCharacter == 16 else { continue }
            DotPatterns.store(
                DotPatterns.blend(DotPatterns.mask(bank[offset &+ 1]), foreground, background), place + 8)
        }
    }

    /// Two bytes a character, four pixels a byte, each of two dots; one with the clock of 80 columns.
    func paintPairs(
        _ span: Motorola6845.Span, _ bank: UnsafePointer<UInt8>, dotsPerCharacter: Int, colors: UInt32,
        into dots: UnsafeMutablePointer<UInt8>
    ) {
        for index in 0..<span.count {
            let offset = ((span.address &+ index) & 0xFFF) &* 2
            let place = dots + index &* dotsPerCharacter
            if dotsPerCharacter == 16 {
                DotPatterns.store(DotPatterns.doubledPairs(bank[offset], colors), place)
                DotPatterns.store(DotPatterns.doubledPairs(bank[offset &+ 1], colors), place + 8)
            } else {
                DotPatterns.store(DotPatterns.pairs(bank[offset], colors), place)
                DotPatterns.store(DotPatterns.pairs(bank[offset &+ 1], colors), place + 4)
            }
        }
    }

    /// The four colours of the 320-dot mode as bytes of a word.
    ///
    /// Source: [PCTR] color select register; the third palette of the black-and-white setting is cyan, red, white.
    static func palette(_ register: UInt8, isBlackAndWhite: Bool, mark: UInt8) -> UInt32 {
        let bright: UInt8 = register & 0x10 != 0 ? 8 : 0
        let three: (UInt8, UInt8, UInt8) =
            isBlackAndWhite ? (3, 4, 7) : register & 0x20 != 0 ? (3, 5, 7) : (2, 4, 6)
        func byte(_ color: UInt8, _ position: UInt32) -> UInt32 { UInt32(color | mark) << (position * 8) }
        return byte(register & 15, 0) | byte(three.0 | bright, 1) | byte(three.1 | bright, 2)
            | byte(three.2 | bright, 3)
    }
}
