import Core
import TestSupport
import Testing

@Suite struct InputQueueTests {
    private final class Recorder: InputSink {
        var events: [StampedInput] = []
        func receive(_ event: InputEvent, at now: Tick) { events.append(StampedInput(time: now, event: event)) }
    }

    private static let all: [InputEvent] = [
        .key(0xE048, isDown: true), .mouseMove(dx: -32_768, dy: 7), .mouseButtons(5), .mousePosition(x: 0, y: 65_535),
        .joystickAxis(3, position: 65_535), .joystickAxis(1, position: 0), .joystickAxis(2, position: nil),
        .joystickButton(2, isDown: true), .joystickButton(0, isDown: false),
    ]

    @Test("every kind of event comes back with the state, and has its effect in the order of the stamps")
    func state() {
        let scheduler = Scheduler()
        let queue = InputQueue(slot: scheduler.makeSlot("a"))
        for (index, event) in Self.all.enumerated().reversed() { queue.push(event, at: Tick(Int64(index / 2))) }
        let slot = scheduler.makeSlot("b")
        let (restored, recorder) = (InputQueue(slot: slot), Recorder())
        restored.connect(recorder)
        #expect(restore(restored, from: savedState(queue)) == nil)
        restored.eventDue(slot, at: Tick(100))
        #expect(recorder.events.map(\.time.count) == [0, 0, 1, 1, 2, 2, 3, 3, 4])
        #expect(Set(recorder.events.map(\.event)) == Set(Self.all))
        #expect(recorder.events.last?.event == Self.all.last)
    }

    @Test("an event of an unknown kind is refused")
    func unknown() {
        let scheduler = Scheduler()
        let queue = InputQueue(slot: scheduler.makeSlot("a"))
        queue.push(.mouseButtons(0), at: .zero)
        let saved = savedState(queue)
        var bytes = saved
        // The count of events, then the time of eight bytes, then the kind.
        let kind = bytes.count - 5
        #expect(bytes[kind] == 2)
        bytes[kind] = 7
        #expect(restore(InputQueue(slot: scheduler.makeSlot("b")), from: bytes) != nil)
    }
}
