/// A table between the PC's 8-bit characters and Unicode.
public struct CodePage: Sendable {
    /// The DOS number, such as 437.
    public let number: UInt16
    /// The Unicode scalar of each of the 256 codes, as shown on the screen (control codes have pictures).
    public let scalars: [Unicode.Scalar]
    private let codes: [Unicode.Scalar: UInt8]

    init(number: UInt16, upperHalf: String) {
        self.number = number
        let low = Array("\0☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼".unicodeScalars)
        let ascii = (0x20..<0x7F).map { Unicode.Scalar(UInt8($0)) }
        let all = low + ascii + ["⌂"] + Array(upperHalf.unicodeScalars)
        precondition(all.count == 256, "a code page has 256 characters")
        scalars = all
        codes = Dictionary(zip(all, (0...255).map { UInt8($0) }), uniquingKeysWith: { first, _ in first })
    }

    /// The code of `scalar`, or nil if the page lacks it. ASCII control characters are themselves.
    public func code(of scalar: Unicode.Scalar) -> UInt8? {
        scalar.isASCII ? UInt8(scalar.value) : codes[scalar]
    }

    /// `bytes` as text: control codes stay control codes, as in a file.
    public func text(_ bytes: some Sequence<UInt8>) -> String {
        var text = String.UnicodeScalarView()
        for byte in bytes { text.append(byte < 0x80 ? Unicode.Scalar(byte) : scalars[Int(byte)]) }
        return String(text)
    }

    /// The codes of `text`; what the page lacks becomes `replacement`, or is an error (nil) if there is none.
    public func bytes(_ text: String, replacement: UInt8? = UInt8(ascii: "?")) -> [UInt8]? {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars {
            guard let byte = code(of: scalar) ?? replacement else { return nil }
            bytes.append(byte)
        }
        return bytes
    }

    /// The original PC character set. Source: Unicode consortium, CP437.TXT; IBM's control pictures.
    public static let cp437 = CodePage(
        number: 437,
        upperHalf: "ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»"
            + "░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀"
            + "αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u{A0}")
}
