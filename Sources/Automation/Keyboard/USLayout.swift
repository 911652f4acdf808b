import Core

/// What to press on a United States keyboard for a character.
public enum USLayout {
    /// The key that makes `scalar`, or nil if no single key does. ASCII control characters are the keys with Ctrl
    /// that make them, except those with keys of their own.
    public static func stroke(for scalar: Unicode.Scalar) -> KeyStroke? {
        guard scalar.isASCII else { return nil }
        switch UInt8(scalar.value) {
        case 0x08: return KeyStroke(.backspace)
        case 0x09: return KeyStroke(.tab)
        case 0x0A, 0x0D: return KeyStroke(.enter)
        case 0x1B: return KeyStroke(.escape)
        case 0x7F: return KeyStroke(.backspace, .control)
        case 0x1E: return KeyStroke(PCKey(scanCode: 0x07), .control)
        case 0x1F: return KeyStroke(PCKey(scanCode: 0x0C), .control)
        case 0x00: return KeyStroke(PCKey(scanCode: 0x03), .control)
        case let code where code < 0x20:
            return table[Int(code + 0x40)].map { KeyStroke($0.key, .control) }
        case let code: return table[Int(code)]
        }
    }

    /// The strokes that make `scalar`: its key, or its code of `codePage` typed on the keypad under Alt. Nil if the code
    /// page lacks it.
    public static func strokes(for scalar: Unicode.Scalar, _ codePage: CodePage = .cp437) -> [KeyStroke]? {
        if let stroke = stroke(for: scalar) { return [stroke] }
        guard let code = codePage.code(of: scalar) else { return nil }
        return [KeyStroke(altCode: code)]
    }

    private static let table: [KeyStroke?] = {
        var table = [KeyStroke?](repeating: nil, count: 128)
        let rows: [(first: UInt16, plain: StaticString, shifted: StaticString)] = [
            (0x02, "1234567890-=", "!@#$%^&*()_+"), (0x10, "qwertyuiop[]", "QWERTYUIOP{}"),
            (0x1E, "asdfghjkl;'`", "ASDFGHJKL:\"~"), (0x2B, "\\", "|"), (0x2C, "zxcvbnm,./", "ZXCVBNM<>?"),
            (0x39, " ", " "),
        ]
        func fill(_ text: StaticString, from first: UInt16, _ modifiers: KeyModifiers) {
            text.withUTF8Buffer {
                for (offset, code) in $0.enumerated() where table[Int(code)] == nil {
                    table[Int(code)] = KeyStroke(PCKey(scanCode: first + UInt16(offset)), modifiers)
                }
            }
        }
        for row in rows {
            fill(row.plain, from: row.first, [])
            fill(row.shifted, from: row.first, .shift)
        }
        // Ctrl with a letter names the letter's key: codes 40h to 5Fh, of which some are shifted characters.
        for code in 0x41...0x5A { table[code] = table[code + 0x20].map { KeyStroke($0.key, .shift) } }
        return table
    }()
}

extension KeyStroke {
    /// High byte of the scan code of strokes that stand for a code typed on the keypad under Alt.
    private static let altCodeMark: UInt16 = 0xA100

    /// A character code typed on the numeric keypad while Alt is held.
    public init(altCode: UInt8) {
        self.init(PCKey(scanCode: KeyStroke.altCodeMark | UInt16(altCode)))
    }

    /// The code, if the stroke is one typed on the keypad under Alt.
    public var altCode: UInt8? {
        key.scanCode & 0xFF00 == KeyStroke.altCodeMark ? UInt8(truncatingIfNeeded: key.scanCode) : nil
    }
}
