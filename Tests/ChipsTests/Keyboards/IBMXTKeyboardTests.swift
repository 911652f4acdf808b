import Chips
import Core
import TestSupport
import Testing

@Suite struct IBMXTKeyboardTests {
    private let scheduler = Scheduler()
    private let keyboard: IBMXTKeyboard

    init() {
        keyboard = IBMXTKeyboard(
            typematicSlot: scheduler.makeSlot("typematic"), testSlot: scheduler.makeSlot("test"))
    }

    private func drain() -> [UInt8] {
        var bytes: [UInt8] = []
        while let byte = keyboard.takeByte(at: .zero) { bytes.append(byte) }
        return bytes
    }

    private func type(_ code: UInt16) -> [UInt8] {
        keyboard.key(code, isDown: true, at: .zero)
        keyboard.key(code, isDown: false, at: .zero)
        return drain()
    }

    @Test("keys of the enhanced keyboard press their older neighbours")
    func keys() {
        #expect(type(0x1E) == [0x1E, 0x9E])
        #expect(type(0xE048) == [0x48, 0xC8])
        #expect(type(0xE037) == [0x2A, 0x37, 0xB7, 0xAA])
        #expect(type(0xE11D) == [0x1D, 0x45, 0xC5, 0x9D])
        #expect(type(0x57) == [])
    }

    @Test("a held key repeats ten times a second after half a second")
    func typematic() {
        keyboard.key(0x39, isDown: true, at: .zero)
        scheduler.deliver(through: .milliseconds(1_050))
        #expect(drain() == [UInt8](repeating: 0x39, count: 7))
        keyboard.key(0x39, isDown: false, at: .milliseconds(1_050))
        scheduler.deliver(through: .seconds(3))
        #expect(drain() == [0xB9])
    }

    @Test("a long low clock resets, a short one does not")
    func reset() {
        keyboard.key(0x10, isDown: true, at: .zero)
        keyboard.setClockHeld(true, at: .milliseconds(1))
        keyboard.setClockHeld(false, at: .milliseconds(2))
        #expect(drain() == [0x10])
        keyboard.setClockHeld(true, at: .milliseconds(10))
        keyboard.setClockHeld(false, at: .milliseconds(30))
        scheduler.deliver(through: .milliseconds(100))
        #expect(keyboard.byteReady.isAsserted)
        #expect(drain() == [0xAA])
    }

    @Test("the buffer holds 16 codes and then FFh")
    func overrun() {
        for code: UInt16 in 0x02...0x1D { keyboard.key(code, isDown: true, at: .zero) }
        #expect(drain() == (0x02...0x11).map { UInt8($0) } + [0xFF])
    }

    @Test("state survives a round trip")
    func roundTrip() {
        keyboard.key(0x02, isDown: true, at: .zero)
        let other = IBMXTKeyboard(
            typematicSlot: scheduler.makeSlot("typematic 2"), testSlot: scheduler.makeSlot("test 2"))
        #expect(restore(other, from: savedState(keyboard)) == nil)
        #expect(other.byteReady.isAsserted)
        #expect(savedState(other) == savedState(keyboard))
    }
}
