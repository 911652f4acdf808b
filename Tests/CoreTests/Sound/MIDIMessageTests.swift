import Core
import TestSupport
import Testing

@Suite struct MIDIMessageTests {
    private func messages(_ bytes: [UInt8]) -> [[UInt8]] {
        var parser = MIDIMessageParser()
        return bytes.enumerated().compactMap { parser.take($1, at: Tick(Int64($0)))?.bytes }
    }

    @Test func messagesAreAsLongAsTheirStatusSays() {
        #expect(
            messages([0x80, 1, 2, 0x91, 3, 4, 0xA2, 5, 6, 0xB3, 7, 8, 0xC4, 9, 0xD5, 10, 0xE6, 11, 12])
                == [
                    [0x80, 1, 2], [0x91, 3, 4], [0xA2, 5, 6], [0xB3, 7, 8], [0xC4, 9], [0xD5, 10], [0xE6, 11, 12],
                ])
        #expect(messages([0xF1, 1, 0xF2, 2, 3, 0xF3, 4, 0xF6]) == [[0xF1, 1], [0xF2, 2, 3], [0xF3, 4], [0xF6]])
    }

    @Test func theStatusOfAChannelRunsOnUntilASystemMessage() {
        #expect(messages([0x90, 1, 2, 3, 4, 0xF6, 5, 6]) == [[0x90, 1, 2], [0x90, 3, 4], [0xF6]])
        #expect(messages([0xC0, 1, 2, 3]) == [[0xC0, 1], [0xC0, 2], [0xC0, 3]])
        #expect(messages([0xF4, 1, 2, 5]).isEmpty)
    }

    @Test func realTimeComesInBetween() {
        #expect(
            messages([0x90, 1, 0xF8, 2, 0xFE, 3, 0xFA, 4]) == [[0xF8], [0x90, 1, 2], [0xFE], [0xFA], [0x90, 3, 4]])
        #expect(messages([0xF0, 1, 0xF8, 2, 0xF7]) == [[0xF8], [0xF0, 1, 2, 0xF7]])
        #expect(messages([0xF9, 0xFD]).isEmpty)
    }

    @Test func whatIsIncompleteOrHasNoStatusIsLost() {
        #expect(messages([1, 2, 3, 0xF7, 0x90, 1, 0x91, 2, 3]) == [[0x91, 2, 3]])
        #expect(messages([0xF0, 1, 2, 0x90, 3, 4]) == [[0x90, 3, 4]])
    }

    @Test func anEndlessExclusiveMessageIsLostAndTakesNoRoom() {
        var parser = MIDIMessageParser()
        #expect(parser.take(0xF0, at: .zero) == nil)
        for _ in 0..<MIDIMessageParser.longestMessage + 10 { #expect(parser.take(1, at: .zero) == nil) }
        #expect(parser.take(0xF7, at: .zero) == nil)
        let bytes: [UInt8] = [0xF0, 5, 0xF7]
        #expect(bytes.compactMap { parser.take($0, at: .zero) } == [MIDIMessage(bytes: bytes, time: .zero)])
    }

    /// Whatever comes in, what comes out is well formed.
    @Test(arguments: UInt64(1)...20) func anyBytesGiveWholeMessages(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for message in messages((0..<50_000).map { _ in UInt8.random(in: 0...255, using: &random) }) {
            #expect(message[0] >= 0x80)
            switch message[0] {
            case 0xF0: #expect(message.last == 0xF7 && message.dropFirst().dropLast().allSatisfy { $0 < 0x80 })
            case 0xF8...: #expect(message.count == 1)
            default:
                #expect(message.dropFirst().allSatisfy { $0 < 0x80 })
                let expected = [0xC, 0xD].contains(message[0] >> 4) ? 2 : 3
                #expect(message[0] >= 0xF0 || message.count == expected)
            }
        }
    }
}
