import Chips
import Core
import TestSupport
import Testing

@Suite struct Motorola6845Tests {
    /// IBM's values for 80 by 25 on the CGA.
    private let chip = Motorola6845(
        chunkID: ChunkID("CRTC"),
        registers: [0x71, 0x50, 0x5A, 0x0A, 0x1F, 0x06, 0x19, 0x1C, 0x02, 0x07, 0x06, 0x07])

    private func set(_ index: UInt8, _ value: UInt8) {
        chip.writePort(0x3D4, index, at: .zero)
        chip.writePort(0x3D5, value, at: .zero)
    }

    @Test("a frame of the CGA has 114 by 262 characters")
    func frame() {
        #expect(chip.charactersPerFrame == 114 * 262)
        var (shown, vertical, horizontal) = (0, 0, 0)
        for clock in 0..<Int64(chip.charactersPerFrame) {
            let position = chip.position(after: clock)
            if position.isDisplayed { shown += 1 }
            if position.isVerticalSync { vertical += 1 }
            if position.isHorizontalSync { horizontal += 1 }
        }
        #expect(shown == 80 * 200)
        #expect(vertical == 16 * 114)
        #expect(horizontal == 10 * 262)
        #expect(chip.position(after: 114 * 262 * 1_000 + 114 * 3 + 5).line == 3)
    }

    @Test("only cursor and light pen registers read back")
    func reading() {
        set(0x0C, 0xFF)
        #expect(chip.readPort(0x3D5, at: .zero) == 0)
        #expect(chip.startAddress == 0x3F00)
        set(0x0E, 0xFF)
        #expect(chip.readPort(0x3D5, at: .zero) == 0x3F)
        set(0x0F, 0x12)
        #expect(chip.cursorAddress == 0x3F12)
        set(0x1F, 0x12)
        #expect(chip.readPort(0x3D5, at: .zero) == 0)
    }

    @Test("the cursor hides by its mode or by starting below the row")
    func cursor() {
        #expect(chip.isCursorShown)
        set(0x0A, 0x20)
        #expect(!chip.isCursorShown)
        set(0x0A, 0x08)
        #expect(!chip.isCursorShown)
        set(0x0A, 0x60)
        #expect(chip.isCursorShown)
    }

    @Test("any register values give a position")
    func anyValues() {
        for value: UInt8 in [0, 1, 0x7F, 0xFF] {
            for index: UInt8 in 0...17 { set(index, value) }
            #expect(chip.charactersPerFrame > 0)
            _ = chip.position(after: .max)
        }
    }

    @Test("state survives a round trip")
    func roundTrip() {
        set(0x0F, 0x77)
        let other = Motorola6845(chunkID: ChunkID("CRTC"))
        #expect(restore(other, from: savedState(chip)) == nil)
        #expect(savedState(other) == savedState(chip))
        #expect(other.cursorAddress == 0x77)
    }
}
