/// What the keys of a national keyboard mean, as the words that the BIOS keeps in its buffer: scan code in the high
/// byte, character in the low byte.
///
/// The words are those of the enhanced keyboard's BIOS. A low byte of F0h marks combinations that only the enhanced
/// calls (INT 16h AH=10h) return, E0h the keys of the enhanced keyboard's grey block.
///
/// Source: IBM PC AT Technical Reference, "Keyboard encoding and usage"; RBIL table 00006 of INTERRUP.A.
public struct KeyboardLayout: Sendable {
    /// The words of one key. Nil: the combination gives nothing.
    public struct Key: Sendable {
        public var plain: UInt16?
        public var shifted: UInt16?
        public var control: UInt16?
        public var alternate: UInt16?
        /// Caps Lock exchanges `plain` and `shifted`.
        public var isLetter = false
        /// Num Lock exchanges `plain` and `shifted`: the digits of the keypad.
        public var isKeypad = false
    }

    /// By scan code, 00h to 58h.
    public private(set) var keys: [Key?]
    /// Keys with the prefix E0h, by scan code.
    public private(set) var extendedKeys: [Key?]
    /// The word for each character that can be typed, for input that comes as text. Others have a scan code of 0.
    public private(set) var words: [UInt16] = (0...255).map { UInt16($0) }

    /// The keys of one row: the first scan code, and characters (in the guest's code page) without and with Shift.
    public struct Row: Sendable {
        var firstScanCode: UInt8
        var plain: [UInt8]
        var shifted: [UInt8]

        public init(_ firstScanCode: UInt8, plain: [UInt8], shifted: [UInt8]) {
            (self.firstScanCode, self.plain, self.shifted) = (firstScanCode, plain, shifted)
        }

        init(_ firstScanCode: UInt8, _ plain: String, _ shifted: String) {
            self.init(firstScanCode, plain: Array(plain.utf8), shifted: Array(shifted.utf8))
        }
    }

    /// A layout from the four rows of character keys; all other keys are alike everywhere.
    public init(rows: [Row]) {
        keys = Array(repeating: nil, count: 0x59)
        extendedKeys = Array(repeating: nil, count: 0x59)
        for row in rows {
            for (index, (plain, shifted)) in zip(row.plain, row.shifted).enumerated() {
                let scan = Int(row.firstScanCode) + index
                guard keys.indices.contains(scan) else { continue }
                keys[scan] = KeyboardLayout.characterKey(UInt8(scan), plain, shifted)
            }
        }
        setControlKeys()
        setFunctionKeys()
        setKeypad()
        setGreyKeys()
        setWords()
    }

    public static let unitedStates = KeyboardLayout(rows: [
        Row(0x02, "1234567890-=", "!@#$%^&*()_+"),
        Row(0x10, "qwertyuiop[]", "QWERTYUIOP{}"),
        Row(0x1E, "asdfghjkl;'`", "ASDFGHJKL:\"~"),
        Row(0x2B, "\\zxcvbnm,./", "|ZXCVBNM<>?"),
    ])

    // MARK: Construction

    private static func word(_ scan: UInt8, _ character: UInt8) -> UInt16 { UInt16(scan) << 8 | UInt16(character) }

    private static func characterKey(_ scan: UInt8, _ plain: UInt8, _ shifted: UInt8) -> Key {
        let isLetter = (0x61...0x7A).contains(plain)
        var key = Key(plain: word(scan, plain), shifted: word(scan, shifted))
        key.isLetter = isLetter || plain >= 0x80
        switch plain {
        case _ where isLetter: key.control = word(scan, plain & 0x1F)
        case UInt8(ascii: "2"): key.control = word(0x03, 0x00)
        case UInt8(ascii: "6"): key.control = word(scan, 0x1E)
        case UInt8(ascii: "-"): key.control = word(scan, 0x1F)
        case UInt8(ascii: "["), UInt8(ascii: "\\"), UInt8(ascii: "]"): key.control = word(scan, plain & 0x1F)
        default: break
        }
        key.alternate =
            switch scan {
            case 0x02...0x0D: word(scan + 0x76, 0x00)
            case _ where isLetter: word(scan, 0x00)
            default: word(scan, 0xF0)
            }
        return key
    }

    private mutating func setControlKeys() {
        keys[0x01] = Key(plain: 0x011B, shifted: 0x011B, control: 0x011B, alternate: 0x01F0)
        keys[0x0E] = Key(plain: 0x0E08, shifted: 0x0E08, control: 0x0E7F, alternate: 0x0EF0)
        keys[0x0F] = Key(plain: 0x0F09, shifted: 0x0F00, control: 0x9400, alternate: 0xA500)
        keys[0x1C] = Key(plain: 0x1C0D, shifted: 0x1C0D, control: 0x1C0A, alternate: 0x1CF0)
        keys[0x39] = Key(plain: 0x3920, shifted: 0x3920, control: 0x3920, alternate: 0x3920)
        // The 102nd key.
        keys[0x56] = keys[0x56] ?? Key(plain: 0x565C, shifted: 0x567C)
    }

    private mutating func setFunctionKeys() {
        for index in UInt8(0)..<10 {
            keys[Int(0x3B + index)] = Key(
                plain: UInt16(0x3B + index) << 8, shifted: UInt16(0x54 + index) << 8,
                control: UInt16(0x5E + index) << 8, alternate: UInt16(0x68 + index) << 8)
        }
        keys[0x57] = Key(plain: 0x8500, shifted: 0x8700, control: 0x8900, alternate: 0x8B00)
        keys[0x58] = Key(plain: 0x8600, shifted: 0x8800, control: 0x8A00, alternate: 0x8C00)
    }

    private mutating func setKeypad() {
        keys[0x37] = Key(plain: 0x372A, shifted: 0x372A, control: 0x9600, alternate: 0x37F0)
        keys[0x4A] = Key(plain: 0x4A2D, shifted: 0x4A2D, control: 0x8E00, alternate: 0x4AF0)
        keys[0x4E] = Key(plain: 0x4E2B, shifted: 0x4E2B, control: 0x9000, alternate: 0x4EF0)
        let digits: [(UInt8, Character, UInt16)] = [
            (0x47, "7", 0x7700), (0x48, "8", 0x8D00), (0x49, "9", 0x8400), (0x4B, "4", 0x7300), (0x4C, "5", 0x8F00),
            (0x4D, "6", 0x7400), (0x4F, "1", 0x7500), (0x50, "2", 0x9100), (0x51, "3", 0x7600), (0x52, "0", 0x9200),
            (0x53, ".", 0x9300),
        ]
        for (scan, digit, control) in digits {
            // With Alt, digits make a character code; see `KeyboardInterrupt`.
            let plain: UInt8 = scan == 0x4C ? 0xF0 : 0x00
            keys[Int(scan)] = Key(
                plain: KeyboardLayout.word(scan, plain),
                shifted: KeyboardLayout.word(scan, digit.asciiValue ?? 0), control: control, isKeypad: true)
        }
    }

    private mutating func setGreyKeys() {
        extendedKeys[0x1C] = Key(plain: 0xE00D, shifted: 0xE00D, control: 0xE00A, alternate: 0xA600)
        extendedKeys[0x35] = Key(plain: 0xE02F, shifted: 0xE02F, control: 0x9500, alternate: 0xA400)
        for scan: UInt8 in [0x47, 0x48, 0x49, 0x4B, 0x4D, 0x4F, 0x50, 0x51, 0x52, 0x53] {
            let plain = KeyboardLayout.word(scan, 0xE0)
            let control = keys[Int(scan)]?.control.map { $0 | 0xE0 }
            extendedKeys[Int(scan)] = Key(
                plain: plain, shifted: plain, control: control, alternate: UInt16(scan + 0x50) << 8)
        }
    }

    private mutating func setWords() {
        var isKnown = [Bool](repeating: false, count: 256)
        let columns: [KeyPath<Key, UInt16?>] = [\.plain, \.shifted, \.control]
        for column in columns {
            for key in keys.compactMap({ $0 }) where !key.isKeypad {
                guard let word = key[keyPath: column], word & 0xFF != 0xF0 else { continue }
                let character = Int(word & 0xFF)
                // A zero character is a function key, except for Ctrl-2.
                if (character == 0 && word != 0x0300) || isKnown[character] { continue }
                isKnown[character] = true
                words[character] = word
            }
        }
    }
}
