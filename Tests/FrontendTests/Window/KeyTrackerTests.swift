import Core
import Hosting
import Testing

@testable import FrontendSDL

@Suite struct KeyTrackerTests {
    private var keys = KeyTracker(hotKeys: .rightControl)

    /// Presses keys one after the other and holds them.
    private func press(_ usages: Int..., with keys: inout KeyTracker) -> [KeyTracker.Action] {
        usages.flatMap { keys.key(usage: $0, isDown: true) }
    }

    private func down(_ code: UInt16) -> KeyTracker.Action { .input(.key(code, isDown: true)) }
    private func up(_ code: UInt16) -> KeyTracker.Action { .input(.key(code, isDown: false)) }

    @Test("every key of 101, and the two of other keyboards, has a code of its own")
    func allKeys() {
        let codes = (0..<512).compactMap { ScanCodes.code(usage: $0) }
        #expect(codes.count == ScanCodes.count)
        #expect(ScanCodes.count == 103)
        // The key left of Enter is the backslash in another place.
        #expect(Set(codes).count == 102)
    }

    @Test(
        "keys have the codes of the PC",
        arguments: [
            (4, 0x1E), (29, 0x2C), (30, 0x02), (39, 0x0B), (40, 0x1C), (41, 0x01), (42, 0x0E), (49, 0x2B),
            (53, 0x29), (56, 0x35), (57, 0x3A), (58, 0x3B), (67, 0x44), (68, 0x57), (69, 0x58), (70, 0xE037),
            (71, 0x46), (72, 0xE11D), (73, 0xE052), (76, 0xE053), (79, 0xE04D), (82, 0xE048), (83, 0x45),
            (84, 0xE035), (85, 0x37), (88, 0xE01C), (89, 0x4F), (95, 0x47), (98, 0x52), (99, 0x53), (100, 0x56),
            (224, 0x1D), (225, 0x2A), (226, 0x38), (228, 0xE01D), (229, 0x36), (230, 0xE038),
        ])
    func codes(usage: Int, code: Int) {
        #expect(ScanCodes.code(usage: usage) == UInt16(code))
    }

    @Test("a key is made once, however the host repeats it, and broken once")
    mutating func repeats() {
        #expect(keys.key(usage: 4, isDown: true) == [down(0x1E)])
        #expect(keys.key(usage: 4, isDown: true, isRepeat: true) == [])
        #expect(keys.key(usage: 4, isDown: true) == [])
        #expect(keys.key(usage: 4, isDown: false) == [up(0x1E)])
        #expect(keys.key(usage: 4, isDown: false) == [])
        #expect(keys.key(usage: 227, isDown: true) == [], "a key that the PC lacks")
    }

    @Test("a window that loses the keyboard lets all keys go, the last one first")
    mutating func focus() {
        _ = press(225, 4, 5, with: &keys)
        #expect(
            keys.loseFocus() == [.key(0x30, isDown: false), .key(0x1E, isDown: false), .key(0x2A, isDown: false)])
        #expect(keys.loseFocus() == [])
        #expect(keys.key(usage: 4, isDown: false) == [])
    }

    @Test("hot keys take the right Ctrl and leave the left one to programs")
    mutating func rightControl() {
        #expect(press(228, 66, with: &keys) == [down(0xE01D), .hotKey(.quit)])
        #expect(keys.key(usage: 66, isDown: false) == [], "the guest has not seen it go down")
        var left = KeyTracker(hotKeys: .rightControl)
        #expect(press(224, 66, with: &left) == [down(0x1D), down(0x43)])
        #expect(press(67, with: &left) == [.hotKey(.releaseMouse)], "but the mouse can always be had back")
        var either = KeyTracker(hotKeys: .control)
        #expect(
            press(224, 60, 61, 62, 63, 64, 65, 66, 68, 69, with: &either).dropFirst() == [
                .hotKey(.nextPart), .hotKey(.mute), .hotKey(.screenshot), .hotKey(.quieter), .hotKey(.louder),
                .hotKey(.status), .hotKey(.quit), .hotKey(.slower), .hotKey(.faster),
            ])
        var none = KeyTracker(hotKeys: .none)
        #expect(press(228, 66, 67, with: &none) == [down(0xE01D), down(0x43), .hotKey(.releaseMouse)])
    }

    @Test("Alt with Enter, Pause and F12")
    mutating func alt() {
        #expect(
            press(226, 40, 72, 69, with: &keys)
                == [down(0x38), .hotKey(.fullScreen), .hotKey(.pause), .hotKey(.fullSpeed)])
    }

    @Test("pasting and copying let Ctrl and Shift go first")
    mutating func paste() {
        #expect(press(224, 225, with: &keys) == [down(0x1D), down(0x2A)])
        #expect(keys.key(usage: 25, isDown: true) == [up(0x2A), up(0x1D), .hotKey(.paste)])
        #expect(keys.key(usage: 25, isDown: false) == [])
        #expect(keys.key(usage: 6, isDown: true) == [.hotKey(.copy)])
        #expect(keys.key(usage: 225, isDown: false) == [])
    }
}
