import Boards
import Chips
import Core
import TestSupport
import Testing

private final class HandRecorder: MouseDevice {
    private(set) var moves: [[Int16]] = []
    func move(dx: Int16, dy: Int16, at now: Tick) { moves.append([dx, dy]) }
    func setButtons(_ buttons: UInt8, at now: Tick) {}
}

@Suite struct AbsolutePointerTests {
    private func read(_ pointer: AbsolutePointer) -> [UInt8] {
        AbsolutePointer.ports.map { pointer.readPort($0, at: .zero) }
    }

    @Test("the mouse gets the movement, and the ports the place, once")
    func place() {
        let hand = HandRecorder()
        let pointer = AbsolutePointer(mouse: hand)
        #expect(read(pointer)[0] == 0)
        pointer.move(toX: 0x4000, y: 0xC000, at: .zero)
        pointer.move(toX: 0x4001, y: 0xC001, at: .zero)
        pointer.move(toX: 0xFFFF, y: 0, at: .zero)
        // Less than a count is one all the same, and not lost.
        #expect(hand.moves == [[-160, 100], [1, 0], [478, -300]])
        #expect(pointer.peekPort(0x8E80, at: .zero) == 3)
        #expect(read(pointer) == [3, 0xFF, 0xFF, 0, 0])
        #expect(pointer.peekPort(0x8E80, at: .zero) == 2)
    }

    @Test("buttons have the place again, unless the mouse was moved by counts since")
    func buttons() {
        let pointer = AbsolutePointer(mouse: HandRecorder())
        pointer.setButtons(1, at: .zero)
        #expect(read(pointer)[0] == 0)
        pointer.move(toX: 5, y: 6, at: .zero)
        #expect(read(pointer)[0] == 3)
        pointer.setButtons(0, at: .zero)
        #expect(read(pointer) == [3, 5, 0, 6, 0])
        pointer.move(dx: 4, dy: 4, at: .zero)
        pointer.setButtons(1, at: .zero)
        #expect(read(pointer)[0] == 0)
    }

    @Test("the state goes round")
    func state() {
        let (one, other) = (AbsolutePointer(mouse: HandRecorder()), AbsolutePointer(mouse: HandRecorder()))
        one.move(toX: 7, y: 9, at: .zero)
        #expect(restore(other, from: savedState(one)) == nil)
        #expect(read(one) == read(other))
    }

    @Test("every kind of input event is saved and comes back")
    func events() {
        let events: [InputEvent] = [
            .key(0xE01D, isDown: true), .mouseMove(dx: -3, dy: 300), .mouseButtons(5), .mousePosition(x: 65_535, y: 1),
        ]
        let scheduler = Scheduler()
        let (one, other) = (InputQueue(slot: scheduler.makeSlot("a")), InputQueue(slot: scheduler.makeSlot("b")))
        for event in events { one.push(event, at: .milliseconds(1)) }
        #expect(restore(other, from: savedState(one)) == nil)
        #expect(savedState(other) == savedState(one))
    }
}
