import Automation
import Core
import Testing

@Suite struct MouseHandTests {
    @Test("movement goes at once, changes of buttons keep their distance, in their order")
    func pace() {
        var hand = MouseHand()
        var seen: [(InputEvent, Int64)] = []
        func act(_ milliseconds: Int64) {
            hand.act(at: .milliseconds(milliseconds)) { seen.append(($0, milliseconds)) }
        }
        let events: [InputEvent] = [
            .mousePosition(x: 1, y: 2), .mouseButtons(1), .mouseButtons(0), .mousePosition(x: 3, y: 4),
            .mousePosition(x: 5, y: 6), .mouseButtons(1),
        ]
        for event in events { hand.add(event, at: .milliseconds(100)) }
        act(99)
        #expect(seen.isEmpty)
        while let next = hand.nextTime, seen.count < 10 { act(next.count / Tick.milliseconds(1).count) }
        let expected: [(InputEvent, Int64)] = [
            (.mousePosition(x: 1, y: 2), 100), (.mouseButtons(1), 100), (.mouseButtons(0), 150),
            (.mousePosition(x: 5, y: 6), 150), (.mouseButtons(1), 200),
        ]
        #expect(seen.map(\.0) == expected.map(\.0))
        #expect(seen.map(\.1) == expected.map(\.1))
        #expect(hand.nextTime == nil)
        hand.add(.mouseMove(dx: 1, dy: 0), at: .milliseconds(201))
        act(201)
        #expect(seen.last?.0 == .mouseMove(dx: 1, dy: 0))
    }

    @Test("a flood is cut off, but for the release of the buttons")
    func flood() {
        var hand = MouseHand()
        for index in 0..<1_000 { hand.add(.mouseButtons(index & 1 == 0 ? 1 : 3), at: .zero) }
        hand.add(.mouseButtons(0), at: .zero)
        var seen: [InputEvent] = []
        while let next = hand.nextTime { hand.act(at: next) { seen.append($0) } }
        #expect(seen.count == MouseHand.limit + 1)
        #expect(seen.last == .mouseButtons(0))
    }
}
