import Core
import Testing

@testable import FrontendSDL
@testable import Hosting

@Suite struct JoystickMapTests {
    @Test("the first device is joystick A, the second B, the third nothing, and those behind move up")
    func two() {
        var map = JoystickMap(.two)
        #expect(
            map.connect(7, axisCount: 6) == [
                .joystickAxis(0, position: 0x8080), .joystickAxis(1, position: 0x8080),
            ])
        #expect(map.connect(7, axisCount: 6).isEmpty)
        #expect(map.move(7, axis: 0, to: -32_768) == [.joystickAxis(0, position: 0)])
        #expect(map.move(7, axis: 1, to: 32_767) == [.joystickAxis(1, position: 65_535)])
        #expect(map.move(7, axis: 2, to: 32_767).isEmpty, "its second stick is not joystick B")
        #expect(map.press(7, button: 1, isDown: true) == [.joystickButton(1, isDown: true)])
        // Alone, it has four buttons.
        #expect(map.press(7, button: 2, isDown: true) == [.joystickButton(2, isDown: true)])
        #expect(
            map.connect(9, axisCount: 2) == [
                .joystickAxis(2, position: 0x8080), .joystickAxis(3, position: 0x8080),
                .joystickButton(2, isDown: false),
            ])
        #expect(map.press(9, button: 1, isDown: true) == [.joystickButton(3, isDown: true)])
        #expect(map.connect(3, axisCount: 2).isEmpty)
        #expect([7, 9, 3, 1].map { map.name(of: $0) } == ["A", "B", nil, nil])
        #expect(
            map.disconnect(7) == [
                .joystickAxis(0, position: 0x8080), .joystickAxis(1, position: 0x8080),
                .joystickButton(3, isDown: false),
            ], "9 is A now, and its second button is still down")
        #expect(map.disconnect(9).contains(.joystickButton(1, isDown: false)))
        #expect(map.disconnect(3) == [.joystickAxis(0, position: nil), .joystickAxis(1, position: nil)])
        #expect(map.disconnect(3).isEmpty)
    }

    @Test("one device can be both joysticks, with the axes that it has")
    func one() {
        var map = JoystickMap(.one)
        #expect(map.connect(0, axisCount: 3).count == 3)
        #expect(map.name(of: 0) == "A and B")
        #expect(map.move(0, axis: 2, to: 0x4000) == [.joystickAxis(2, position: 0xC0C0)])
        #expect(map.move(0, axis: 3, to: 0x4000).isEmpty)
        #expect(map.move(0, axis: 9, to: 0x4000).isEmpty)
        #expect(map.press(0, button: 3, isDown: true) == [.joystickButton(3, isDown: true)])
        #expect(map.press(0, button: 4, isDown: true).isEmpty)
        #expect(map.connect(1, axisCount: 4).isEmpty && map.press(1, button: 0, isDown: true).isEmpty)
    }

    @Test("a direction pad goes before the stick, and gives it back")
    func pad() {
        var map = JoystickMap(.two)
        _ = map.connect(0, axisCount: 0)
        #expect(map.movePad(0, x: -1, y: 0) == [.joystickAxis(0, position: 0)])
        #expect(map.move(0, axis: 0, to: 0x7FFF).isEmpty)
        #expect(map.movePad(0, x: -1, y: 1) == [.joystickAxis(1, position: 65_535)])
        #expect(map.movePad(0, x: 0, y: 0).count == 2)
        #expect(map.movePad(0, x: 1, y: 0).isEmpty, "the stick is there already")
    }

    @Test("a stick that trembles does nothing, and nobody's device neither")
    func quiet() {
        var map = JoystickMap(.two)
        _ = map.connect(0, axisCount: 2)
        for value in [1, 200, 255, 0] as [Int16] { #expect(map.move(0, axis: 0, to: value).isEmpty) }
        #expect(map.move(5, axis: 0, to: 9_999).isEmpty && map.press(5, button: 0, isDown: true).isEmpty)
        #expect(map.movePad(5, x: 1, y: 0).isEmpty && map.disconnect(5).isEmpty)
        var none = JoystickMap(.none)
        #expect(none.connect(0, axisCount: 2).isEmpty && none.name(of: 0) == nil)
    }
}
