import Core
import Testing

@testable import Automation

@Suite struct KeyboardTests {
    @Test func everyPrintableCharacterOfASCIIHasAKey() {
        for code in UInt8(0x20)...0x7E {
            #expect(USLayout.stroke(for: Unicode.Scalar(code)) != nil, "\(code)")
        }
        let strokes = (UInt8(0x20)...0x7E).compactMap { USLayout.stroke(for: Unicode.Scalar($0)) }
        #expect(Set(strokes).count == 95)
    }

    @Test func shiftedCharactersAreOnTheKeysOfAUSKeyboard() {
        #expect(USLayout.stroke(for: "a") == KeyStroke(PCKey(scanCode: 0x1E)))
        #expect(USLayout.stroke(for: "A") == KeyStroke(PCKey(scanCode: 0x1E), .shift))
        #expect(USLayout.stroke(for: "@") == KeyStroke(PCKey(scanCode: 0x03), .shift))
        #expect(USLayout.stroke(for: "\\") == KeyStroke(PCKey(scanCode: 0x2B)))
        #expect(USLayout.stroke(for: "_") == KeyStroke(PCKey(scanCode: 0x0C), .shift))
        #expect(USLayout.stroke(for: "~") == KeyStroke(PCKey(scanCode: 0x29), .shift))
        #expect(USLayout.stroke(for: "?") == KeyStroke(PCKey(scanCode: 0x35), .shift))
        #expect(USLayout.stroke(for: " ") == KeyStroke(.space))
    }

    @Test func controlCharactersAreLettersWithControl() {
        #expect(USLayout.stroke(for: "\u{03}") == KeyStroke(PCKey(scanCode: 0x2E), .control))
        #expect(USLayout.stroke(for: "\u{1A}") == KeyStroke(PCKey(scanCode: 0x2C), .control))
        #expect(USLayout.stroke(for: "\u{1D}") == KeyStroke(PCKey(scanCode: 0x1B), .control))
        #expect(USLayout.stroke(for: "\r") == KeyStroke(.enter))
        #expect(USLayout.stroke(for: "é") == nil)
    }

    @Test func otherCharactersAreTypedOnTheKeypadUnderAlt() {
        #expect(USLayout.strokes(for: "é") == [KeyStroke(altCode: 0x82)])
        #expect(KeyStroke(altCode: 0x82).altCode == 0x82)
        #expect(KeyStroke(.enter).altCode == nil)
        #expect(USLayout.strokes(for: "\u{4E00}") == nil)
    }

    @Test func keyNames() {
        #expect(KeyNames.parse("Enter") == KeyStroke(.enter))
        #expect(KeyNames.parse("f10") == KeyStroke(PCKey(scanCode: 0x44)))
        #expect(KeyNames.parse("F12") == KeyStroke(PCKey(scanCode: 0x58)))
        #expect(KeyNames.parse("f13") == nil)
        #expect(KeyNames.parse("alt+x") == KeyStroke(PCKey(scanCode: 0x2D), .alt))
        #expect(KeyNames.parse("ctrl+shift+left") == KeyStroke(.left, [.control, .shift]))
        #expect(KeyNames.parse("ctrl++") == KeyStroke(PCKey(scanCode: 0x0D), [.control, .shift]))
        #expect(KeyNames.parse("+") == KeyStroke(PCKey(scanCode: 0x0D), .shift))
        #expect(KeyNames.parse("ctrl+break") == KeyStroke(.breakKey, .control))
        #expect(KeyNames.parse("pause") == KeyStroke(.numLock, .control))
        #expect(KeyNames.parse("kp5") == KeyStroke(PCKey(scanCode: 0x4C)))
        for bad in ["", "hyper+x", "ctrl+", "enterr", "f0", "f99999999999999999999", "kp10", "+x"] {
            #expect(KeyNames.parse(bad) == nil, "\(bad)")
        }
    }

    /// Runs a typist to its end and gives what it sent, with times in milliseconds.
    private func play(_ strokes: [KeyStroke], hasRoom: (Tick) -> Bool = { _ in true }) -> [(Int, InputEvent)] {
        var typist = Typist()
        typist.add(strokes, at: .zero)
        var sent: [(Int, InputEvent)] = []
        while let now = typist.nextTime, now < .seconds(100) {
            typist.act(at: now, hasRoom: hasRoom(now)) { sent.append((Int(now.count / 2_520_000), $0)) }
        }
        return sent
    }

    @Test func aStrokeHoldsItsModifiersAroundTheKey() {
        let sent = play([KeyStroke(PCKey(scanCode: 0x1E), [.control, .shift])])
        let codes: [(UInt16, Bool)] = [
            (0x1D, true), (0x2A, true), (0x1E, true), (0x1E, false), (0x2A, false), (0x1D, false),
        ]
        #expect(sent.map(\.1) == codes.map { InputEvent.key($0.0, isDown: $0.1) })
        #expect(sent.map(\.0) == [0, 2, 4, 14, 16, 18])
    }

    @Test func anAltCodeIsThreeDigitsOnTheKeypad() {
        let downs = play([KeyStroke(altCode: 132)]).compactMap { event -> UInt16? in
            if case .key(let code, isDown: true) = event.1 { code } else { nil }
        }
        #expect(downs == [0x38, 0x4F, 0x51, 0x50])
    }

    @Test func aFullBufferDelaysTheNextKeyButNotForEver() {
        let strokes = [KeyStroke(.enter), KeyStroke(.escape)]
        let later = play(strokes) { $0 >= .seconds(1) }
        #expect(later.first?.0 == 1_000)
        let never = play(strokes) { _ in false }
        #expect(never.count == 4)
        #expect(never.first?.0 == 5_000)
    }

    @Test func everyKeyThatGoesDownComesUp() {
        var down: Set<UInt16> = []
        let text = "Hello, World! é {}|~"
        for (_, event) in play(text.unicodeScalars.flatMap { USLayout.strokes(for: $0) ?? [] }) {
            guard case .key(let code, let isDown) = event else { continue }
            if isDown { #expect(down.insert(code).inserted) } else { #expect(down.remove(code) != nil) }
        }
        #expect(down.isEmpty)
    }

    @Test func keysThatComeAllAtOnceFollowEachOther() {
        var typist = Typist()
        for code in UInt16(1)...20 {
            typist.addKey(code, isDown: true, at: .milliseconds(5))
            typist.addKey(code, isDown: false, at: .milliseconds(5))
        }
        var times: [Tick] = []
        var events: [InputEvent] = []
        while let next = typist.nextTime {
            typist.act(at: next, hasRoom: false) {
                times.append(next)
                events.append($0)
            }
        }
        #expect(events == (UInt16(1)...20).flatMap { [.key($0, isDown: true), .key($0, isDown: false)] })
        #expect(times.first == .milliseconds(5))
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 == .milliseconds(2) })
        #expect(typist.isIdle)
    }
}
