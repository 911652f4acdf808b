/// A key of the PC keyboard, by its scan code of set 1. The keys that the enhanced keyboard added carry E0h in the high
/// byte, as in `InputEvent.key`.
///
/// Source: IBM PS/2 Hardware Interface Technical Reference, Keyboards (101/102-key), scan code set 1.
public struct PCKey: Hashable, Sendable {
    public let scanCode: UInt16

    public init(scanCode: UInt16) { self.scanCode = scanCode }

    public static let escape = PCKey(scanCode: 0x01)
    public static let backspace = PCKey(scanCode: 0x0E)
    public static let tab = PCKey(scanCode: 0x0F)
    public static let enter = PCKey(scanCode: 0x1C)
    public static let space = PCKey(scanCode: 0x39)
    public static let leftControl = PCKey(scanCode: 0x1D)
    public static let leftShift = PCKey(scanCode: 0x2A)
    public static let leftAlt = PCKey(scanCode: 0x38)
    public static let capsLock = PCKey(scanCode: 0x3A)
    public static let numLock = PCKey(scanCode: 0x45)
    public static let scrollLock = PCKey(scanCode: 0x46)
    /// Sends the code that the enhanced keyboard sends for Ctrl with the Pause key.
    public static let breakKey = PCKey(scanCode: 0xE046)
    public static let printScreen = PCKey(scanCode: 0xE037)
    public static let up = PCKey(scanCode: 0xE048)
    public static let down = PCKey(scanCode: 0xE050)
    public static let left = PCKey(scanCode: 0xE04B)
    public static let right = PCKey(scanCode: 0xE04D)
    public static let home = PCKey(scanCode: 0xE047)
    public static let end = PCKey(scanCode: 0xE04F)
    public static let pageUp = PCKey(scanCode: 0xE049)
    public static let pageDown = PCKey(scanCode: 0xE051)
    public static let insert = PCKey(scanCode: 0xE052)
    public static let delete = PCKey(scanCode: 0xE053)
    public static let keypadEnter = PCKey(scanCode: 0xE01C)
    public static let keypadDivide = PCKey(scanCode: 0xE035)
    public static let keypadMultiply = PCKey(scanCode: 0x37)
    public static let keypadMinus = PCKey(scanCode: 0x4A)
    public static let keypadPlus = PCKey(scanCode: 0x4E)
    public static let keypadPoint = PCKey(scanCode: 0x53)

    /// F1 to F12; nil for other numbers.
    public static func function(_ number: Int) -> PCKey? {
        switch number {
        case 1...10: PCKey(scanCode: 0x3B + UInt16(number - 1))
        case 11, 12: PCKey(scanCode: 0x57 + UInt16(number - 11))
        default: nil
        }
    }

    /// A digit of the numeric keypad; nil for other numbers.
    public static func keypad(_ digit: Int) -> PCKey? {
        let codes: [UInt16] = [0x52, 0x4F, 0x50, 0x51, 0x4B, 0x4C, 0x4D, 0x47, 0x48, 0x49]
        return codes.indices.contains(digit) ? PCKey(scanCode: codes[digit]) : nil
    }
}

/// Keys that are held while another is pressed.
public struct KeyModifiers: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    public static let shift = KeyModifiers(rawValue: 1)
    public static let alt = KeyModifiers(rawValue: 2)
    public static let control = KeyModifiers(rawValue: 4)

    /// The keys to hold, in the order in which they go down.
    public var keys: [PCKey] {
        (contains(.control) ? [.leftControl] : []) + (contains(.alt) ? [.leftAlt] : [])
            + (contains(.shift) ? [.leftShift] : [])
    }
}

/// A key pressed and released once, with the modifiers that are held meanwhile.
public struct KeyStroke: Hashable, Sendable {
    public var key: PCKey
    public var modifiers: KeyModifiers

    public init(_ key: PCKey, _ modifiers: KeyModifiers = []) {
        self.key = key
        self.modifiers = modifiers
    }
}
