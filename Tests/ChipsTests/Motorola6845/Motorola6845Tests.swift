import Core
import TestSupport
import Testing

@testable import Chips

/// IBM's values for 80 by 25 on the CGA.
private let colorText: [UInt8] = [0x71, 0x50, 0x5A, 0x0A, 0x1F, 0x06, 0x19, 0x1C, 0x02, 0x07, 0x06, 0x07]

@Suite struct Motorola6845Tests {
    private let chip = Motorola6845(chunkID: ChunkID("CRTC"), registers: colorText)

    private func set(_ index: UInt8, _ value: UInt8) {
        chip.writePort(0x3D4, index, at: .zero)
        chip.writePort(0x3D5, value, at: .zero)
    }

    /// Characters until `isDone` holds, at most a million.
    private func count(until isDone: (Motorola6845.Beam) -> Bool) -> Int {
        var count = 0
        repeat {
            chip.advance(by: 1)
            count += 1
        } while !isDone(chip.beam) && count < 1_000_000
        return count
    }

    @Test("a frame of the CGA has 114 by 262 characters")
    func frame() {
        var (shown, vertical, horizontal) = (0, 0, 0)
        for _ in 0..<114 * 262 {
            let beam = chip.beam
            if beam.isDisplayed { shown += 1 }
            if beam.isVerticalSync { vertical += 1 }
            if beam.isHorizontalSync { horizontal += 1 }
            chip.advance(by: 1)
        }
        #expect(chip.beam.frames == 1 && chip.beam.column == 0 && chip.beam.row == 0)
        #expect(shown == 80 * 200)
        #expect(vertical == 16 * 114)
        #expect(horizontal == 10 * 262)
    }

    @Test("sync pulses begin at their character and row")
    func syncs() {
        #expect(count { $0.isHorizontalSync } == 0x5A)
        #expect(count { !$0.isHorizontalSync } == 10)
        #expect(count { $0.isVerticalSync } == 114 * 28 * 8 - 100)
        #expect(count { !$0.isVerticalSync } == 114 * 16)
    }

    @Test("a sync width of 0 is 16 characters")
    func zeroWidth() {
        set(3, 0)
        _ = count { $0.isHorizontalSync }
        #expect(count { !$0.isHorizontalSync } == 16)
    }

    @Test("addresses go on by a row when the last line of the row has been displayed")
    func addresses() {
        chip.advance(by: 114 * 7 + 79)
        #expect(chip.beam.address == 79 && chip.beam.scanLine == 7)
        chip.advance(by: 35)
        #expect(chip.beam.address == 80 && chip.beam.scanLine == 0 && chip.beam.row == 1)
    }

    @Test("rows repeat when the display does not end before the line")
    func unlatchedRows() {
        set(1, 0x80)
        chip.advance(by: 114 * 8 * 3)
        #expect(chip.beam.row == 3 && chip.beam.address == 0)
    }

    @Test("the start address is taken at the beginning of a frame")
    func startAddress() {
        chip.advance(by: 114 * 100)
        set(12, 0x01)
        set(13, 0x23)
        #expect(chip.beam.address == 12 * 80)
        chip.advance(by: 114 * 161)
        #expect(chip.beam.address != 0x123)
        chip.advance(by: 114)
        #expect(chip.beam.address == 0x123 && chip.beam.row == 0)
    }

    @Test("a vertical total that changes in the frame splits the screen")
    func split() {
        // The first frame of two ends after 10 rows, without adjustment and without sync.
        set(4, 9)
        set(5, 0)
        set(12, 0x10)
        chip.advance(by: 114 * 80 - 1)
        #expect(chip.beam.frames == 0)
        chip.advance(by: 1)
        #expect(chip.beam.frames == 1 && chip.beam.address == 0x1000 && chip.beam.scanLine == 0)
        // The other has the rest of the 262 lines.
        set(4, 0x1F - 10)
        set(5, 6)
        set(7, 0x1C - 10)
        #expect(count { $0.isVerticalSync } == 114 * (0x1C - 10) * 8)
        #expect(count { $0.frames == 2 } == 114 * 182 - 114 * (0x1C - 10) * 8)
    }

    @Test("a total below its counter lets the counter go round")
    func overrun() {
        chip.advance(by: 100)
        set(0, 50)
        // From 100 to 255 and from 0 to 50.
        #expect(count { $0.scanLine == 1 } == 156 + 51)
        #expect(count { $0.scanLine == 2 } == 51)
        chip.advance(by: 51 * 18)
        #expect(chip.beam.row == 2)
        set(4, 1)
        #expect(count { $0.frames == 1 } == 51 * ((128 - 2 + 2) * 8 - 4 + 6))
    }

    @Test("the vertical adjustment adds lines")
    func adjustment() {
        for lines: UInt8 in [0, 1, 6, 9, 31] {
            let chip = Motorola6845(chunkID: ChunkID("CRTC"), registers: colorText)
            chip.writePort(0, 5, at: .zero)
            chip.writePort(1, lines, at: .zero)
            chip.advance(by: 114 * (256 + Int64(lines)) - 1)
            #expect(chip.beam.frames == 0)
            chip.advance(by: 1)
            #expect(chip.beam.frames == 1)
        }
    }

    @Test("only cursor and light pen registers read back")
    func reading() {
        set(0x0C, 0xFF)
        #expect(chip.readPort(0x3D5, at: .zero) == 0)
        #expect(chip.startAddress == 0x3F00)
        set(0x0E, 0xFF)
        #expect(chip.readPort(0x3D5, at: .zero) == 0x3F)
        set(0x0F, 0x12)
        #expect(chip.readPort(0x3D5, at: .zero) == 0x12)
        #expect(chip.cursorAddress == 0x3F12)
        set(0x10, 0x55)
        #expect(chip.readPort(0x3D5, at: .zero) == 0)
        set(0x1F, 0x12)
        #expect(chip.readPort(0x3D5, at: .zero) == 0)
    }

    @Test("the light pen latches the address")
    func lightPen() {
        chip.advance(by: 114 * 8 * 20 + 33)
        chip.strobeLightPen()
        set(16, 0)
        #expect(chip.readPort(0x3D5, at: .zero) == UInt8((20 * 80 + 33) >> 8))
        set(17, 0)
        #expect(chip.readPort(0x3D5, at: .zero) == UInt8((20 * 80 + 33) & 0xFF))
    }

    /// The lines of the first row on which the cursor shows in the present frame.
    private func cursorLines() -> [Int] {
        var beam = chip.beam
        var lines: [Int] = []
        let frame = beam.frames
        while beam.frames == frame {
            let span = chip.step(&beam, limit: 256)
            if span.cursor >= 0 {
                lines.append(span.scanLine)
                #expect(span.address + span.cursor == 3)
            }
        }
        return lines
    }

    @Test("the cursor hides by its mode or by starting below the row, and blinks")
    func cursor() {
        set(15, 3)
        #expect(chip.isCursorShown)
        #expect(cursorLines() == [6, 7])
        set(0x0A, 0x20)
        #expect(!chip.isCursorShown && cursorLines().isEmpty)
        set(0x0A, 0x08)
        #expect(!chip.isCursorShown && cursorLines().isEmpty)
        set(0x0A, 0x05)
        set(0x0B, 0x01)
        #expect(cursorLines() == [0, 1, 5, 6, 7])
        for (mode, period): (UInt8, Int) in [(0x40, 16), (0x60, 32)] {
            set(0x0A, mode)
            let shown = (0..<64).filter { _ in
                chip.advance(by: 114 * 262)
                return !cursorLines().isEmpty
            }
            #expect(shown.count == 32 && chip.isCursorShown)
            #expect(shown.contains(period - 1) && !shown.contains(period / 2))
        }
    }

    @Test("state survives a round trip in the middle of a frame")
    func roundTrip() {
        set(0x0F, 0x77)
        chip.advance(by: 12_345)
        let other = Motorola6845(chunkID: ChunkID("CRTC"))
        #expect(restore(other, from: savedState(chip)) == nil)
        #expect(savedState(other) == savedState(chip))
        #expect(other.cursorAddress == 0x77 && other.beam == chip.beam)
        chip.advance(by: 54_321)
        other.advance(by: 54_321)
        #expect(other.beam == chip.beam)
    }
}

@Suite struct Motorola6845RandomTests {
    /// Registers of any values, more of them small, so that frames end.
    private static func registers(_ random: inout SeededGenerator) -> [UInt8] {
        let largest: UInt8 = [3, 15, 127, 255].randomElement(using: &random) ?? 3
        return (0..<16).map { _ in UInt8.random(in: 0...largest, using: &random) }
    }

    @Test("one step and many lead to the same place, with any registers", arguments: 0..<60)
    func splitAdvance(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let registers = Self.registers(&random)
        let (one, many) = (
            Motorola6845(chunkID: ChunkID("CRTC"), registers: registers),
            Motorola6845(chunkID: ChunkID("CRTC"), registers: registers)
        )
        for _ in 0..<8 {
            let count = Int64.random(in: 1...400_000, using: &random)
            one.advance(by: count)
            var left = count
            while left > 0 {
                let part = min(left, Int64.random(in: 1...(left > 5_000 ? 5_000 : 7), using: &random))
                many.advance(by: part)
                left -= part
            }
            #expect(one.beam == many.beam, "\(registers)")
            let (index, value) = (UInt8.random(in: 0...15, using: &random), UInt8.random(in: 0...255, using: &random))
            for chip in [one, many] {
                chip.writePort(0, index, at: .zero)
                chip.writePort(1, value, at: .zero)
            }
        }
    }

    @Test("a century passes in no time, with any registers", arguments: 0..<40)
    func longAdvance(seed: UInt64) {
        var random = SeededGenerator(seed: 1_000 + seed)
        let chip = Motorola6845(chunkID: ChunkID("CRTC"), registers: Self.registers(&random))
        for _ in 0..<20 { chip.advance(by: 1 << 58) }
        let beam = chip.beam
        #expect((0..<256).contains(beam.column) && (0..<32).contains(beam.scanLine) && (0..<128).contains(beam.row))
    }

    @Test("a saved state with any bytes is taken or refused, and goes on")
    func anyState() {
        var random = SeededGenerator(seed: 5)
        for _ in 0..<200 {
            let chip = Motorola6845(chunkID: ChunkID("CRTC"))
            let size = savedState(chip).count
            _ = restore(chip, from: (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) & 0x81 })
            chip.advance(by: 1_000_000)
            #expect((0..<256).contains(chip.beam.column))
        }
    }
}
