/// The PC's scan codes of the keys of a host's keyboard.
///
/// A key is the one at its place, whatever is printed on it and whatever layout the host has: the guest has a keyboard
/// layout of its own. The host's places are the usage numbers of USB, which SDL calls scan codes.
///
/// Source: [HID] keyboard/keypad page (07h); IBM PS/2 Hardware Interface Technical
/// Reference, Keyboards (101/102-key), scan code set 1.
enum ScanCodes {
    /// The scan code of set 1 of the key with a USB usage, E0h in the high byte for extended keys and E11Dh for Pause,
    /// as in `InputEvent.key`. Nil for a key that a keyboard of 101 or 102 keys lacks.
    static func code(usage: Int) -> UInt16? {
        guard table.indices.contains(usage), table[usage] != 0 else { return nil }
        return table[usage]
    }

    /// How many usages have a code: 101 keys, the key beside the left Shift, and the one that replaces the backslash.
    static var count: Int { table.count { $0 != 0 } }

    private static let table: [UInt16] = {
        var table = [UInt16](repeating: 0, count: 232)
        func fill(_ first: Int, _ codes: [UInt16]) {
            for (offset, code) in codes.enumerated() { table[first + offset] = code }
        }
        // A to Z
        fill(
            4,
            [
                0x1E, 0x30, 0x2E, 0x20, 0x12, 0x21, 0x22, 0x23, 0x17, 0x24, 0x25, 0x26, 0x32, 0x31, 0x18, 0x19, 0x10,
                0x13, 0x1F, 0x14, 0x16, 0x2F, 0x11, 0x2D, 0x15, 0x2C,
            ])
        // 1 to 9, 0; Enter, Esc, Backspace, Tab, Space; - = [ ] \ and the key in its place elsewhere; ; ' ` , . /
        fill(30, [0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0A, 0x0B])
        fill(40, [0x1C, 0x01, 0x0E, 0x0F, 0x39, 0x0C, 0x0D, 0x1A, 0x1B, 0x2B, 0x2B])
        fill(51, [0x27, 0x28, 0x29, 0x33, 0x34, 0x35])
        // Caps Lock; F1 to F12; Print Screen, Scroll Lock, Pause
        fill(57, [0x3A, 0x3B, 0x3C, 0x3D, 0x3E, 0x3F, 0x40, 0x41, 0x42, 0x43, 0x44, 0x57, 0x58])
        fill(70, [0xE037, 0x46, 0xE11D])
        // Insert, Home, Page Up, Delete, End, Page Down; right, left, down, up
        fill(73, [0xE052, 0xE047, 0xE049, 0xE053, 0xE04F, 0xE051, 0xE04D, 0xE04B, 0xE050, 0xE048])
        // Num Lock / * - + Enter, 1 to 9, 0 and the point of the keypad; the key beside the left Shift
        fill(83, [0x45, 0xE035, 0x37, 0x4A, 0x4E, 0xE01C])
        fill(89, [0x4F, 0x50, 0x51, 0x4B, 0x4C, 0x4D, 0x47, 0x48, 0x49, 0x52, 0x53, 0x56])
        // Left Ctrl, Shift, Alt; right Ctrl, Shift, Alt
        fill(224, [0x1D, 0x2A, 0x38])
        fill(228, [0xE01D, 0x36, 0xE038])
        return table
    }()
}
