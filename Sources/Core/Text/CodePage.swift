/// A table between the PC's 8-bit characters and Unicode.
public struct CodePage: Hashable, Sendable {
    /// The DOS number, such as 437.
    public let number: UInt16
    /// The Unicode scalar of each of the 256 codes, as shown on the screen (control codes have pictures). U+FFFD is a
    /// code that the page leaves open. Codes below 80h are the same in all pages; page 864's Arabic percent sign is 25h's
    /// ASCII one here.
    public let scalars: [Unicode.Scalar]
    private let codes: [Unicode.Scalar: UInt8]

    init(number: UInt16, upperHalf: String) {
        self.number = number
        let low = Array("\0☺☻♥♦♣♠•◘○◙♂♀♪♫☼►◄↕‼¶§▬↨↑↓→←∟↔▲▼".unicodeScalars)
        let ascii = (0x20..<0x7F).map { Unicode.Scalar(UInt8($0)) }
        let all = low + ascii + ["⌂"] + Array(upperHalf.unicodeScalars)
        precondition(all.count == 256, "a code page has 256 characters")
        scalars = all
        var codes: [Unicode.Scalar: UInt8] = [:]
        // A character of the upper half goes before its picture among the control codes: the section sign of page 850.
        for code in Array((0..<0x80).reversed()) + (0x80...0xFF).reversed() where all[code] != "\u{FFFD}" {
            codes[all[code]] = UInt8(code)
        }
        self.codes = codes
    }

    public static func == (a: CodePage, b: CodePage) -> Bool { a.number == b.number }
    public func hash(into hasher: inout Hasher) { hasher.combine(number) }

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

    /// The page with a DOS number: 437, 737, 850, 852, 855, 857, 858, 860 to 866, 869 or 874. Nil for another.
    public static func named(_ number: Int) -> CodePage? { pages[number] }

    /// The numbers of all pages, in order.
    public static let numbers: [Int] = CodePageTables.upperHalves.map { Int($0.number) }

    private static let pages: [Int: CodePage] = {
        var pages: [Int: CodePage] = [437: cp437]
        for (number, characters) in CodePageTables.upperHalves where number != 437 {
            pages[Int(number)] = CodePage(number: number, upperHalf: characters)
        }
        return pages
    }()

    /// The original PC character set. Source: [CODEPAGES]; IBM's control pictures.
    public static let cp437 = CodePage(number: 437, upperHalf: CodePageTables.upperHalves[0].characters)
}
