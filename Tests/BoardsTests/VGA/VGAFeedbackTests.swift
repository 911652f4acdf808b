@testable import Boards
import Core
import TestSupport
import Testing

/// What a program can read of the picture: two lines of the attribute controller, and the monitor's lines.
@Suite struct VGAFeedbackTests {
    /// The time at which a character of a line begins to be displayed, with 640x480 at 25.175 MHz.
    private func time(line: Int, column: Int) -> Tick {
        Tick((Int64(line * 100 + column) * 8 + 1) * Tick.perSecond / 25_175_000)
    }

    private func status(_ board: VGATestBoard, line: Int, column: Int) -> UInt8 {
        board.now = time(line: line, column: column)
        return board.in(0x3DA)
    }

    @Test("bits 4 and 5 of the status are the chosen lines of the colour at the beam", arguments: [false, true])
    func colorLines(isScreenOff: Bool) {
        let board = VGATestBoard()
        board.mode12h()
        // Lines 10 and 20, characters 5 to 79, in colour 5; its number is 2Ch.
        board.attribute(5, 0x2C)
        board.graphics(0, 5)
        board.graphics(1, 15)
        for line in [10, 20] { for column in 5..<80 { board.write(0xA_0000 + line * 80 + column, 0) } }
        // The sequencer keeps the screen dark; the attribute controller goes on.
        if isScreenOff { board.sequencer(1, 0x21) }
        // Lines 2 and 0, 5 and 4, 3 and 1, 7 and 6.
        for (choice, expected) in zip([0x0F, 0x1F, 0x2F, 0x3F] as [UInt8], [0x20, 0x20, 0x20, 0x00] as [UInt8]) {
            board.now = .zero
            board.attribute(0x12, choice)
            #expect(status(board, line: 10, column: 4) == 0)
            #expect(status(board, line: 10, column: 5) == expected)
            #expect(status(board, line: 10, column: 79) == expected)
            #expect(status(board, line: 11, column: 40) == 0)
            #expect(status(board, line: 20, column: 40) == expected)
            #expect(status(board, line: 20, column: 80) & 1 == 1)
        }
    }

    @Test("text is seen too, in plain memory, and what is written later")
    func text() {
        let board = VGATestBoard()
        board.sequencer(1, 1)
        board.out(0x3C2, 0x63)
        // A font whose character DBh is full.
        for (index, value): (UInt8, UInt8) in [(2, 4), (4, 7)] { board.sequencer(index, value) }
        board.graphics(5, 0)
        board.graphics(6, 4)
        for line in 0..<16 { board.write(0xA_0000 + 0xDB * 32 + line, 0xFF) }
        for (index, value): (UInt8, UInt8) in [(2, 3), (4, 2)] { board.sequencer(index, value) }
        board.graphics(5, 0x10)
        board.graphics(6, 0x0E)
        #expect(status(board, line: 3, column: 10) & 0x30 == 0)
        board.write(0xB_8000 + 20, 0xDB)
        board.write(0xB_8001 + 20, 0x0F)
        #expect(status(board, line: 4, column: 10) & 0x30 == 0x30)
        #expect(status(board, line: 4, column: 11) & 0x30 == 0)
    }

    @Test(
        "the switch sense bit falls when a line to the monitor is high",
        arguments: [
            (UInt8(0x14), UInt8(0x14), UInt8(0x14), true), (0x2D, 0x14, 0x14, false), (0x14, 0x2D, 0x14, false),
            (0x14, 0x14, 0x2D, false), (0x2D, 0x2D, 0x2D, false), (0, 0, 0, true),
        ])
    func comparators(red: UInt8, green: UInt8, blue: UInt8, isLow: Bool) {
        let board = VGATestBoard()
        board.mode12h()
        board.out(0x3C6, 0)
        board.color(0, red, green, blue)
        board.now = time(line: 100, column: 10)
        #expect(board.in(0x3C2) & 0x10 == (isLow ? 0x10 : 0))
        // Nothing is displayed.
        board.now = time(line: 100, column: 90)
        #expect(board.in(0x3C2) & 0x10 == 0x10)
    }

    /// In planes, and in plain memory: linear, words, and words with lines by turns.
    @Test("reading them changes no picture and no state", arguments: ["12h", "13h", "text", "4"])
    func isPure(mode: String) throws {
        func frame(asks: Bool) throws -> (Frame, [UInt8]) {
            let board = VGATestBoard()
            board.adapter.isWatched = true
            switch mode {
            case "12h": board.mode12h()
            case "13h": board.mode13h()
            case "4":
                // From text: dots for characters, and the lines in two halves of the memory.
                board.crtc(0x17, 0xA2)
                board.crtc(0x09, 0x41)
                board.graphics(5, 0x30)
                board.graphics(6, 0x0F)
                board.sequencer(2, 3)
            default: break
            }
            let isPlain = mode != "12h"
            #expect((board.adapter.mapping != .device) == isPlain)
            let start = isPlain ? board.adapter.mapping.window.lowerBound : 0xA_0000
            for index in 0..<8_000 { board.write(start + index * 4, UInt8(truncatingIfNeeded: index * 7)) }
            if asks {
                for step in 0..<400 {
                    board.now += .microseconds(31)
                    _ = board.ports.peek8(0x3DA, at: board.now)
                    if step == 200 { _ = board.ports.peek8(0x3C2, at: board.now) }
                }
            } else {
                board.now += .microseconds(31 * 400)
            }
            let frame = try #require(board.nextFrame())
            return (frame, savedState(board.adapter))
        }
        let (quiet, asked) = (try frame(asks: false), try frame(asks: true))
        #expect(quiet.0.pixels == asked.0.pixels && quiet.1 == asked.1)
    }
}
