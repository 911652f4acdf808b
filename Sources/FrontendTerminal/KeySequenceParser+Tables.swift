import Automation

extension KeySequenceParser {
    /// The parameters of a control sequence: separated by `;`, their parts by `:`. What is no number is left out.
    static func parameters(_ bytes: [UInt8]) -> [[Int]] {
        bytes.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { parameter in
            parameter.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map { part in
                part.prefix(9).reduce(0) { (48...57).contains($1) ? $0 * 10 + Int($1) - 48 : $0 }
            }
        }
    }

    /// The modifier parameter is one more than its bits: 1 Shift, 2 Alt, 4 Ctrl, 32 Meta (taken as Alt).
    static func modifiers(_ parameter: Int) -> KeyModifiers {
        let bits = max(parameter, 1) - 1
        var modifiers: KeyModifiers = []
        if bits & 1 != 0 { modifiers.insert(.shift) }
        if bits & 0b10_0010 != 0 { modifiers.insert(.alt) }
        if bits & 4 != 0 { modifiers.insert(.control) }
        return modifiers
    }

    /// Keys whose sequence ends in a letter, after CSI or SS3.
    static func letterKey(_ letter: UInt8) -> PCKey? {
        switch letter {
        case UInt8(ascii: "A"): .up
        case UInt8(ascii: "B"): .down
        case UInt8(ascii: "C"): .right
        case UInt8(ascii: "D"): .left
        case UInt8(ascii: "E"): .keypad(5)
        case UInt8(ascii: "F"): .end
        case UInt8(ascii: "H"): .home
        case UInt8(ascii: "P")...UInt8(ascii: "S"): .function(Int(letter) - 0x4F)
        default: nil
        }
    }

    /// The keypad in application mode, after SS3.
    static func keypadKey(_ letter: UInt8) -> PCKey? {
        switch letter {
        case UInt8(ascii: "M"): .keypadEnter
        case UInt8(ascii: "j"): .keypadMultiply
        case UInt8(ascii: "k"): .keypadPlus
        case UInt8(ascii: "m"): .keypadMinus
        case UInt8(ascii: "n"): .keypadPoint
        case UInt8(ascii: "o"): .keypadDivide
        case UInt8(ascii: "p")...UInt8(ascii: "y"): .keypad(Int(letter) - 0x70)
        default: nil
        }
    }

    /// Keys whose sequence is CSI, a number and a tilde.
    static let numberedKeys: [Int: PCKey] = [
        1: .home, 2: .insert, 3: .delete, 4: .end, 5: .pageUp, 6: .pageDown, 7: .home, 8: .end,
    ]

    static let functionNumbers: [Int: Int] = [
        11: 1, 12: 2, 13: 3, 14: 4, 15: 5, 17: 6, 18: 7, 19: 8, 20: 9, 21: 10, 23: 11, 24: 12, 25: 13, 26: 14,
        28: 15, 29: 16, 31: 17, 32: 18, 33: 19, 34: 20,
    ]

    /// Keys that kitty's protocol numbers in Unicode's private area.
    static func kittyKey(_ code: Int) -> PCKey? {
        switch code {
        case 57_358: .capsLock
        case 57_359: .scrollLock
        case 57_360: .numLock
        case 57_361: .printScreen
        case 57_399...57_408: .keypad(code - 57_399)
        case 57_409: .keypadPoint
        case 57_410: .keypadDivide
        case 57_411: .keypadMultiply
        case 57_412: .keypadMinus
        case 57_413: .keypadPlus
        case 57_414: .keypadEnter
        case 57_417...57_427:
            [
                .left, .right, .up, .down, .pageUp, .pageDown, .home, .end, .insert, .delete, .keypad(5) ?? .space,
            ][code - 57_417]
        default: nil
        }
    }
}
