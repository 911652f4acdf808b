import Boards
import Chips
import Core
import TestSupport
import Testing

/// The display interface of a VGA with 1 MB.
@Suite struct VGADisplayInterfaceTests {
    private func set(_ board: VGATestBoard, _ register: UInt16, _ value: UInt16) {
        board.ports.write16(0x1CE, register, at: board.now)
        board.ports.write16(0x1CF, value, at: board.now)
    }

    private func get(_ board: VGATestBoard, _ register: UInt16) -> UInt16 {
        board.ports.write16(0x1CE, register, at: board.now)
        return board.ports.read16(0x1CF, at: board.now)
    }

    private func turnOn(_ board: VGATestBoard, _ width: UInt16, _ height: UInt16, depth: UInt16 = 8) {
        for (register, value) in [(UInt16(4), UInt16(0)), (1, width), (2, height), (3, depth), (4, 1)] {
            set(board, register, value)
        }
    }

    @Test("a plain VGA has no such ports")
    func absent() {
        let board = VGATestBoard()
        set(board, 0, 0xB0C0)
        #expect(get(board, 0) == 0xFFFF)
    }

    @Test("versions 0 to 2, capabilities and memory")
    func identity() {
        let board = VGATestBoard(.superVGA)
        for version in UInt16(0xB0C0)...0xB0C2 {
            set(board, 0, version)
            #expect(get(board, 0) == version)
        }
        set(board, 0, 0xB0C5)
        #expect(get(board, 0) == 0xB0C2)
        set(board, 4, 2)
        #expect([1, 2, 3].map { get(board, $0) } == [1_024, 768, 8])
        set(board, 4, 0)
        #expect([1, 2, 3, 10].map { get(board, $0) } == [640, 480, 8, 16])
    }

    @Test("bytes of all banks lie one after the other, and the picture begins at any dot")
    func banks() throws {
        let board = VGATestBoard(.superVGA)
        turnOn(board, 800, 600)
        for number in 0..<256 { board.color(UInt8(number), UInt8(number & 63), UInt8(number >> 6), 1) }
        for bank in UInt16(0)..<16 {
            set(board, 5, bank)
            for offset in stride(from: UInt32(0), to: 0x1_0000, by: 7) {
                let place = UInt32(bank) << 16 | offset
                board.memory.write8(0xA_0000 + offset, UInt8(truncatingIfNeeded: place &* 0x9E37 >> 8))
            }
        }
        for (x, y) in [(UInt16(0), UInt16(0)), (1, 0), (6, 300), (3, 700)] {
            set(board, 6, 816)
            set(board, 8, x)
            set(board, 9, y)
            let frame = try #require(board.adapter.still(at: board.now))
            #expect(frame.width == 800 && frame.height == 600)
            var wrong = 0
            for line in stride(from: 0, to: 600, by: 13) {
                for dot in 0..<800 {
                    let place = (Int(y) + line) * 816 + Int(x) + dot
                    let offset = UInt32(place & 0xFFFF)
                    let isSet = offset % 7 == 0
                    let value = isSet ? UInt8(truncatingIfNeeded: UInt32(place) &* 0x9E37 >> 8) : 0
                    let (red, green) = (UInt32(value & 63), UInt32(value >> 6))
                    let color = (red << 2 | red >> 4) << 16 | (green << 2 | green >> 4) << 8 | 4
                    if frame.color(x: dot, y: line) != color { wrong += 1 }
                }
            }
            #expect(wrong == 0)
        }
    }

    @Test("frames come at 60 a second, of 628 lines of 1,056 dots at 40 MHz")
    func timing() {
        let board = VGATestBoard(.superVGA)
        turnOn(board, 800, 600)
        let first = board.adapter.frameEnd(after: .zero)
        let second = board.adapter.frameEnd(after: first)
        let expected = 2_520_000_000 * 628 * 1_056 / 40_000_000
        #expect(abs((second - first).count - Int64(expected)) <= 1)
    }

    @Test("a colour that changes in the middle of a frame changes there")
    func midFrame() throws {
        let board = VGATestBoard(.superVGA)
        turnOn(board, 640, 480)
        board.color(0, 0, 0, 0)
        board.adapter.isWatched = true
        board.now = board.adapter.frameEnd(after: board.now)
        _ = board.adapter.frame(at: board.now)
        let end = board.adapter.frameEnd(after: board.now)
        // 35 lines of the retrace and what follows it, then 240 lines.
        let line = Double((end - board.now).count) / 525
        board.now = board.now + Tick(Int64(line * 275))
        board.color(0, 63, 0, 0)
        board.now = end
        let frame = try #require(board.adapter.frame(at: board.now))
        #expect(frame.color(x: 10, y: 200) == 0)
        #expect(frame.color(x: 10, y: 300) == 0xFF_0000)
        let change = (0..<480).first { frame.color(x: 639, y: $0) != 0 } ?? 0
        #expect((238...242).contains(change))
    }

    @Test("the state comes back, memory of all banks included")
    func state() throws {
        let board = VGATestBoard(.superVGA)
        turnOn(board, 1_024, 768)
        set(board, 5, 11)
        board.memory.write8(0xA_1234, 0x0F)
        set(board, 9, 3)
        let other = VGATestBoard(.superVGA)
        #expect(restore(other.adapter, from: savedState(board.adapter)) == nil)
        #expect(get(other, 5) == 11)
        #expect(other.memory.read8(0xA_1234) == 0x0F)
        let (before, after) = (board.adapter.still(at: board.now), other.adapter.still(at: board.now))
        #expect(before?.pixels == after?.pixels && after?.width == 1_024)
    }

    @Test("writes of anything keep the board alive, with a picture", arguments: 1...8)
    func nonsense(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let board = VGATestBoard(.superVGA)
        board.adapter.isWatched = seed.isMultiple(of: 2)
        for _ in 0..<3_000 {
            board.now = board.now + Tick(Int64.random(in: 0..<3_000_000, using: &random))
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1:
                let value: UInt16 =
                    [0, 1, 3, 4, 8, 0x81, 320, 640, 800, 1_024, 480, 600].randomElement(using: &random) ?? 0
                set(
                    board, .random(in: 0..<12, using: &random),
                    Bool.random(using: &random) ? value : .random(in: 0...0xFFFF, using: &random))
            case 2: board.crtc(.random(in: 0..<0x19, using: &random), .random(in: 0...255, using: &random))
            case 3: board.graphics(.random(in: 0..<9, using: &random), .random(in: 0...255, using: &random))
            case 4: board.sequencer(.random(in: 0..<5, using: &random), .random(in: 0...255, using: &random))
            default:
                let address = UInt32.random(in: 0xA_0000..<0xC_0000, using: &random)
                board.memory.write8(address, board.memory.read8(address) &+ 1)
            }
        }
        #expect((1...2_048).contains(board.adapter.frame(at: board.now)?.width ?? 0))
    }
}
