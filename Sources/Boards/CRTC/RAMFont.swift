import Chips
import Core

/// The loadable characters of the Hercules Graphics Card Plus, and the registers behind the 6845's that are for them.
///
/// - 14h, xMode: bit 0 characters come from memory; bit 1 they are eight dots wide, for 90 in a row; bit 2 twelve fonts.
/// - 15h, 16h: the line of a row that underscores, and the one that strikes over.
/// - Memory: a font is 256 characters of 16 rows. The first is at B4000h; with twelve the others follow up to BFFFFh.
/// - With twelve fonts bits 0-3 of the attribute name the font, bit 4 underscores, bit 5 strikes over. With blinking allowed
///   (3B8h bit 5) bit 6 blinks and bit 7 is bright; without, bit 6 is reverse and bit 7 draws each dot two wide.
///
/// Source: [HGCPLUS]; [RBIL] memory B400h.
/// Assumption: bit 7 with blinking; fonts 12 to 15 are 4 to 7; reset clears the registers; cells reach 16 KB.
struct RAMFont: StateValue, Equatable {
    private var mode: Mode = []
    private var underscore: UInt8 = 0
    private var overstrike: UInt8 = 0

    private struct Mode: OptionSet {
        let rawValue: UInt8
        static let isOn = Mode(rawValue: 0b001)
        static let has90Columns = Mode(rawValue: 0b010)
        static let hasTwelve = Mode(rawValue: 0b100)
    }

    static let registers: ClosedRange<UInt8> = 0x14...0x16
    /// Cells, less 1.
    static let textMask = 0x1FFF
    private static let offset = 0x4000
    private static let size = 0x1000

    var dotsPerCharacter: Int { mode.contains(.has90Columns) ? 8 : MonochromePainting.dotsPerCharacter }
    /// Twelve fonts, with attributes of their own.
    var isLarge: Bool { mode.contains([.isOn, .hasTwelve]) }

    mutating func set(_ register: UInt8, _ value: UInt8) {
        switch register {
        case 0x14: mode = Mode(rawValue: value & 0b111)
        case 0x15: underscore = value & 15
        case 0x16: overstrike = value & 15
        default: break
        }
    }

    /// - Parameter memory: the card's 64 KB.
    func paint(
        _ span: Motorola6845.Span, _ memory: UnsafePointer<UInt8>, _ painting: MonochromePainting, width: Int,
        into dots: UnsafeMutablePointer<UInt8>
    ) {
        guard isLarge, painting.mode.contains(.video) else {
            let font = mode.contains(.isOn) ? memory + RAMFont.offset : nil
            return painting.paintText(
                span, memory, font: font, width: width, mask: RAMFont.textMask, into: dots)
        }
        let row = span.scanLine & 15
        let (isUnderscore, isOverstrike) = (row == Int(underscore), row == Int(overstrike))
        let isBlinking = painting.mode.contains(.blink)
        let isBlinkDark = isBlinking && span.frames & 16 != 0
        let cursor = span.frames & 8 == 0 ? span.cursor : -1
        for index in 0..<span.count {
            let cell = ((span.address &+ index) & RAMFont.textMask) &* 2
            let (code, attribute) = (Int(memory[cell]), memory[cell &+ 1])
            let font = RAMFont.offset &+ RAMFont.font(attribute) &* RAMFont.size
            var bits = memory[font &+ code &* 16 &+ row]
            var ninth = code & 0xE0 == 0xC0 ? bits & 1 : 0
            let (isSixth, isSeventh) = (attribute & 0x40 != 0, attribute & 0x80 != 0)
            if !isBlinking, isSeventh {
                ninth |= bits & 1
                bits |= bits >> 1
            }
            if isBlinkDark, isSixth { (bits, ninth) = (0, 0) }
            let isLine =
                attribute & 0x10 != 0 && isUnderscore || attribute & 0x20 != 0 && isOverstrike || index == cursor
            if isLine { (bits, ninth) = (0xFF, 1) }
            let ink = isBlinking && isSeventh ? MonochromePainting.Level.bright : MonochromePainting.Level.normal
            let isReverse = !isBlinking && isSixth && index != cursor
            let dark = MonochromePainting.Level.dark
            let (front, back) = isReverse ? (dark, ink) : (ink, dark)
            let place = dots + index &* width
            DotPatterns.store(DotPatterns.blend(DotPatterns.mask(bits), front, back), place)
            if width == 9 { place[8] = ninth != 0 ? front : back }
        }
    }

    private static func font(_ attribute: UInt8) -> Int {
        let number = Int(attribute & 15)
        return number < 12 ? number : number & 7
    }

    /// The attribute of the MDA that comes nearest to one of twelve fonts.
    static func monochrome(_ attribute: UInt8, _ mode: MonochromeMode) -> UInt8 {
        let isBlinking = mode.contains(.blink)
        let isReverse = !isBlinking && attribute & 0x40 != 0
        var result: UInt8 = isReverse ? 0x70 : attribute & 0x10 != 0 ? 0x01 : 0x07
        if attribute & 0x80 != 0 { result |= 0x08 }
        if isBlinking, attribute & 0x40 != 0 { result |= 0x80 }
        return result
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.field("mode", &mode)
        coder.field("underscore", &underscore)
        coder.field("overstrike", &overstrike)
        self.set(0x14, mode.rawValue)
        self.set(0x15, underscore)
        self.set(0x16, overstrike)
    }
}
