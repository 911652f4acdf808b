import Core

/// A device at the end of a keyboard or mouse cable, as its controller sees it.
public protocol SerialPeripheral: AnyObject {
    /// Asserted while the device has a byte to send. The controller connects itself.
    var byteReady: Line { get }
    /// The next byte, which leaves the device. Nil if there is none.
    func takeByte(at now: Tick) -> UInt8?
    /// A byte from the controller.
    func receive(_ byte: UInt8, at now: Tick)
}

/// A keyboard with keys to press.
///
/// Keys are named by their scan code of set 1 without the break bit, with E0h in the high byte for the keys that the
/// 101-key keyboard added. E11Dh is Pause.
public protocol KeyboardDevice: SerialPeripheral {
    /// A key goes down or up. Pressing a key that is down, or releasing one that is up, does nothing: the keyboard
    /// repeats by itself.
    func key(_ code: UInt16, isDown: Bool, at now: Tick)
    /// The lock lights: bit 0 Scroll Lock, bit 1 Num Lock, bit 2 Caps Lock.
    var lights: UInt8 { get }
}

/// Codes of single keys in the sense of `KeyboardDevice`.
enum KeyCode {
    static let leftControl: UInt16 = 0x1D
    static let rightControl: UInt16 = 0xE01D
    static let leftShift: UInt16 = 0x2A
    static let rightShift: UInt16 = 0x36
    static let leftAlt: UInt16 = 0x38
    static let rightAlt: UInt16 = 0xE038
    static let keypadSlash: UInt16 = 0xE035
    static let printScreen: UInt16 = 0xE037
    static let controlBreak: UInt16 = 0xE046
    static let pause: UInt16 = 0xE11D
    /// Insert, Delete, Home, End, Page Up, Page Down and the arrows between the typewriter keys and the keypad.
    static let navigation: Set<UInt16> = [
        0xE047, 0xE048, 0xE049, 0xE04B, 0xE04D, 0xE04F, 0xE050, 0xE051, 0xE052, 0xE053,
    ]
}

/// The keys that are down and the one that repeats.
struct KeyMatrix: StateValue {
    /// In the order of pressing.
    private(set) var pressed: [UInt16] = []
    /// 0: none.
    var repeating: UInt16 = 0

    func isDown(_ code: UInt16) -> Bool { pressed.contains(code) }

    /// Returns whether anything changed.
    mutating func set(_ code: UInt16, isDown: Bool) -> Bool {
        if isDown {
            guard !pressed.contains(code) else { return false }
            pressed.append(code)
            return true
        }
        guard let index = pressed.firstIndex(of: code) else { return false }
        pressed.remove(at: index)
        if repeating == code { repeating = 0 }
        return true
    }

    mutating func transfer(_ coder: StateCoder) {
        coder.array("pressed", &pressed, limit: 512)
        coder.field("repeating", &repeating)
    }
}
