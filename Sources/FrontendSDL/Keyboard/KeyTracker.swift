import Core
import Hosting

/// What a hot key of the window does.
enum HotKey: Hashable, Sendable {
    case fullScreen, screenshot, status, slower, faster, fullSpeed, pause, releaseMouse, quit, paste, copy
    case mute, quieter, louder, nextPart
}

/// Follows the host's keyboard: which keys the guest believes to be down, and which strokes are the window's own.
struct KeyTracker {
    /// What a key comes to.
    enum Action: Hashable {
        case input(InputEvent)
        case hotKey(HotKey)
    }

    /// USB usages.
    private enum Key {
        static let c = 6
        static let v = 25
        static let enter = 40
        static let f3 = 60
        static let f4 = 61
        static let f5 = 62
        static let f6 = 63
        static let f7 = 64
        static let f8 = 65
        static let f9 = 66
        static let f10 = 67
        static let f11 = 68
        static let f12 = 69
        static let pause = 72
        static let leftControl = 224
        static let leftShift = 225
        static let leftAlt = 226
        static let rightControl = 228
        static let rightShift = 229
    }

    private let modifier: WindowSettings.HotKeys
    /// The host's keys that are down.
    private var held: Set<Int> = []
    /// Those of which the guest knows, in the order of pressing.
    private var sent: [Int] = []

    init(hotKeys modifier: WindowSettings.HotKeys) { self.modifier = modifier }

    /// A key of the host has moved. Repeats are left out: the PC's keyboard repeats by itself.
    mutating func key(usage: Int, isDown: Bool, isRepeat: Bool = false) -> [Action] {
        if isRepeat { return [] }
        guard isDown else {
            held.remove(usage)
            guard let place = sent.firstIndex(of: usage), let code = ScanCodes.code(usage: usage) else { return [] }
            sent.remove(at: place)
            return [.input(.key(code, isDown: false))]
        }
        held.insert(usage)
        if let hotKey = hotKey(usage) {
            // Typed text must not meet the Ctrl and Shift of the hot key.
            let released = hotKey == .paste || hotKey == .copy ? releaseAll() : []
            return released.map { .input($0) } + [.hotKey(hotKey)]
        }
        guard let code = ScanCodes.code(usage: usage), !sent.contains(usage) else { return [] }
        sent.append(usage)
        return [.input(.key(code, isDown: true))]
    }

    /// The breaks of all keys that the guest believes to be down, the last one first: the window has lost the keyboard.
    mutating func releaseAll() -> [InputEvent] {
        defer { sent = [] }
        return sent.reversed().compactMap { usage in
            ScanCodes.code(usage: usage).map { .key($0, isDown: false) }
        }
    }

    /// The window has lost the keyboard: what is held from now on is unknown.
    mutating func loseFocus() -> [InputEvent] {
        held = []
        return releaseAll()
    }

    private func hotKey(_ usage: Int) -> HotKey? {
        let isControl = held.contains(Key.leftControl) || held.contains(Key.rightControl)
        let isShift = held.contains(Key.leftShift) || held.contains(Key.rightShift)
        let isAlt = held.contains(Key.leftAlt)
        // Whatever is chosen, there is a way out.
        if usage == Key.f10, isControl, !isAlt { return .releaseMouse }
        guard modifier != .none else { return nil }
        switch usage {
        case Key.enter where isAlt && !isControl: return .fullScreen
        case Key.pause where isAlt && !isControl: return .pause
        case Key.f12 where isAlt && !isControl: return .fullSpeed
        case Key.c where isControl && isShift && !isAlt: return .copy
        case Key.v where isControl && isShift && !isAlt: return .paste
        default: break
        }
        guard modifier == .control ? isControl : held.contains(Key.rightControl), !isAlt, !isShift else { return nil }
        switch usage {
        case Key.f3: return .nextPart
        case Key.f4: return .mute
        case Key.f5: return .screenshot
        case Key.f6: return .quieter
        case Key.f7: return .louder
        case Key.f8: return .status
        case Key.f9: return .quit
        case Key.f11: return .slower
        case Key.f12: return .faster
        default: return nil
        }
    }
}
