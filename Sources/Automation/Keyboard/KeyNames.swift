/// Names of keys as scripts spell them: `enter`, `f10`, `alt+x`, `ctrl+shift+left`.
public enum KeyNames {
    /// The key called `name`, in any case, or the key of a single character. Nil if there is none.
    static func stroke(named name: String) -> KeyStroke? {
        let lower = name.lowercased()
        if let key = keys[lower] { return KeyStroke(key) }
        if lower.hasPrefix("f"), let number = Int(lower.dropFirst()), let key = PCKey.function(number) {
            return KeyStroke(key)
        }
        if lower.hasPrefix("kp"), let digit = Int(lower.dropFirst(2)), let key = PCKey.keypad(digit) {
            return KeyStroke(key)
        }
        let scalars = name.unicodeScalars
        guard scalars.count == 1, let scalar = scalars.first else { return nil }
        return USLayout.stroke(for: scalar)
    }

    /// Reads a key with the modifiers before it, joined by `+`. Nil if a part is unknown.
    public static func parse(_ text: String) -> KeyStroke? {
        var parts = text.split(separator: "+", omittingEmptySubsequences: false).map(String.init)
        // The plus key itself: "+", "ctrl++".
        if parts.count > 1, parts.suffix(2).allSatisfy(\.isEmpty) {
            parts.replaceSubrange((parts.count - 2)..., with: ["+"])
        }
        guard let last = parts.popLast() else { return nil }
        var modifiers: KeyModifiers = []
        for part in parts {
            guard let modifier = modifierNames[part.lowercased()] else { return nil }
            modifiers.insert(modifier)
        }
        if last.lowercased() == "pause" {
            // As on the first keyboards: Ctrl with NumLock, which the enhanced keyboard imitates.
            return KeyStroke(.numLock, modifiers.union(.control))
        }
        guard var stroke = stroke(named: last) else { return nil }
        stroke.modifiers.formUnion(modifiers)
        return stroke
    }

    private static let modifierNames: [String: KeyModifiers] = [
        "shift": .shift, "alt": .alt, "ctrl": .control, "control": .control,
    ]

    private static let keys: [String: PCKey] = [
        "enter": .enter, "return": .enter, "esc": .escape, "escape": .escape, "tab": .tab, "space": .space,
        "backspace": .backspace, "bs": .backspace, "up": .up, "down": .down, "left": .left, "right": .right,
        "home": .home, "end": .end, "pgup": .pageUp, "pageup": .pageUp, "pgdn": .pageDown, "pagedown": .pageDown,
        "ins": .insert, "insert": .insert, "del": .delete, "delete": .delete, "break": .breakKey,
        "printscreen": .printScreen, "prtsc": .printScreen, "capslock": .capsLock, "numlock": .numLock,
        "scrolllock": .scrollLock, "shift": .leftShift, "ctrl": .leftControl, "control": .leftControl,
        "alt": .leftAlt, "kpenter": .keypadEnter, "kp/": .keypadDivide, "kp*": .keypadMultiply, "kp-": .keypadMinus,
        "kp+": .keypadPlus, "kp.": .keypadPoint, "plus": PCKey(scanCode: 0x0D), "quote": PCKey(scanCode: 0x28),
    ]
}
