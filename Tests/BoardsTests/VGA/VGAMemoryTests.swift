import Boards
import Core
import TestSupport
import Testing

/// The graphics controller as the books say it, bit by bit.
private struct SlowVGA {
    var planes = [[UInt8]](repeating: [UInt8](repeating: 0, count: 0x1_0000), count: 4)
    var latches = [UInt8](repeating: 0, count: 4)
    var gc: [UInt8] = [0, 0, 0, 0, 0, 0, 5, 15, 0xFF]
    var mapMask: UInt8 = 15
    var memoryMode: UInt8 = 6

    private var isChain4: Bool { memoryMode & 8 != 0 }
    private var isChained: Bool { gc[6] & 2 != 0 }

    private func bitOf(_ byte: UInt8, _ bit: UInt8) -> UInt8 { byte >> bit & 1 }

    mutating func read(_ address: Int) -> UInt8 {
        var plane = Int(gc[4] & 3)
        var offset = address
        if isChain4 {
            plane = address & 3
            offset = address & ~3
        } else {
            if gc[5] & 0x10 != 0 { plane = plane & 2 | address & 1 }
            if isChained { offset = address & ~1 }
        }
        for index in 0..<4 { latches[index] = planes[index][offset & 0xFFFF] }
        if gc[5] & 8 == 0 { return latches[plane] }
        var result: UInt8 = 0
        for bit in UInt8(0)..<8 {
            var isEqual = true
            for plane in 0..<4 where bitOf(gc[7], UInt8(plane)) != 0 {
                if bitOf(latches[plane], bit) != bitOf(gc[2], UInt8(plane)) { isEqual = false }
            }
            if isEqual { result |= 1 << bit }
        }
        return result
    }

    mutating func write(_ address: Int, _ value: UInt8) {
        var offset = address
        let rotation = gc[3] & 7
        let rotated = rotation == 0 ? value : value >> rotation | value << (8 - rotation)
        if isChain4 { offset = address & ~3 } else if isChained { offset = address & ~1 }
        for plane in 0..<4 where mapMask >> UInt8(plane) & 1 != 0 {
            if isChain4 && address & 3 != plane { continue }
            if !isChain4 && memoryMode & 4 == 0 && address & 1 != plane & 1 { continue }
            let full: UInt8 = gc[0] >> UInt8(plane) & 1 != 0 ? 0xFF : 0
            var (data, mask) = (rotated, gc[8])
            switch gc[5] & 3 {
            case 0: if gc[1] >> UInt8(plane) & 1 != 0 { data = full }
            case 1:
                planes[plane][offset & 0xFFFF] = latches[plane]
                continue
            case 2: data = value >> UInt8(plane) & 1 != 0 ? 0xFF : 0
            default:
                data = full
                mask &= rotated
            }
            switch gc[3] >> 3 & 3 {
            case 1: data &= latches[plane]
            case 2: data |= latches[plane]
            case 3: data ^= latches[plane]
            default: break
            }
            planes[plane][offset & 0xFFFF] = data & mask | latches[plane] & ~mask
        }
    }
}

@Suite struct VGAMemoryTests {
    @Test("reads and writes in all modes equal the books', plain or not", arguments: [UInt64(1), 2, 3, 4])
    func random(seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        let board = VGATestBoard()
        board.mode12h()
        var model = SlowVGA()
        for step in 0..<60_000 {
            let number = dice.next()
            let value = UInt8(truncatingIfNeeded: number >> 8)
            switch number % 64 {
            case 0:
                let index = Int(number >> 16 & 0xFFFF) % 9
                // The window stays at A0000h with 64 KB.
                model.gc[index] = index == 6 ? 5 | value & 2 : value
                board.graphics(UInt8(index), model.gc[index])
            case 1:
                model.mapMask = value & 15
                board.sequencer(2, value)
            case 2:
                model.memoryMode = value
                board.sequencer(4, value)
            case 3:
                // What mode 13h has: plain memory.
                model.gc = [0, 0, 0, 0, 0, 0x40, 5, 15, 0xFF]
                (model.mapMask, model.memoryMode) = (15, 14)
                for (index, value) in model.gc.enumerated() { board.graphics(UInt8(index), value) }
                board.sequencer(2, 15)
                board.sequencer(4, 14)
            case 4...33:
                let address = Int(number >> 20) & 0x1FF
                board.write(0xA_0000 + address, value)
                model.write(address, value)
            default:
                let address = Int(number >> 20) & 0x1FF
                let isNeutral = model.gc[5] & 0x0B == 0 && model.gc[3] & 0x1F == 0 && model.gc[1] & 15 == 0
                let isPlain =
                    model.memoryMode & 8 != 0 && model.mapMask == 15 && isNeutral && model.gc[8] == 0xFF
                let latches = model.latches
                let expected = model.read(address)
                // Plain memory does not load the latches.
                if isPlain { model.latches = latches }
                let read = board.read(0xA_0000 + address)
                #expect(read == expected, "step \(step), address \(address)")
                if read != expected { return }
            }
        }
    }

    @Test("what is written through chain 4 is in the planes, and the other way round")
    func chain4() {
        let board = VGATestBoard()
        board.mode13h()
        for address in 0..<0x1_0000 { board.write(0xA_0000 + address, UInt8(truncatingIfNeeded: address * 7 >> 3)) }
        board.sequencer(4, 6)
        for address in stride(from: 0, to: 0x1_0000, by: 37) {
            board.graphics(4, UInt8(address & 3))
            #expect(board.read(0xA_0000 + address & ~3) == UInt8(truncatingIfNeeded: address * 7 >> 3))
        }
        board.sequencer(2, 4)
        board.write(0xA_0010, 0x99)
        board.sequencer(2, 15)
        board.sequencer(4, 14)
        #expect(board.read(0xA_0012) == 0x99)
    }

    @Test("outside the window, and with the memory switched off, there is nothing")
    func window() {
        let board = VGATestBoard()
        board.write(0xB_8000, 0x41)
        #expect(board.read(0xB_8000) == 0x41 && board.read(0xB_0000) == 0xFF && board.read(0xA_0000) == 0xFF)
        board.out(0x3C2, 0x65)
        #expect(board.read(0xB_8000) == 0xFF)
        board.out(0x3C2, 0x67)
        board.out(0x3C3, 0)
        board.write(0xB_8000, 0x42)
        board.out(0x3C3, 1)
        #expect(board.read(0xB_8000) == 0x41)
    }

    @Test("odd/even addresses reach odd offsets by the miscellaneous output register, or by bit 16 of 128 KB")
    func pages() {
        let board = VGATestBoard()
        /// Plane 0 without odd/even addressing.
        func plane0(_ offset: Int) -> UInt8 {
            board.sequencer(4, 6)
            board.graphics(5, 0)
            board.graphics(6, 4)
            defer {
                board.sequencer(4, 2)
                board.graphics(5, 0x10)
            }
            return board.read(0xA_0000 + offset)
        }
        board.write(0xB_8004, 0x11)
        board.out(0x3C2, 0x47)
        board.write(0xB_8004, 0x22)
        #expect(board.read(0xB_8004) == 0x22)
        #expect(plane0(4) == 0x11 && plane0(5) == 0x22)
        board.graphics(6, 2)
        board.write(0xA_0008, 0x33)
        board.write(0xB_0008, 0x44)
        #expect(board.read(0xA_0008) == 0x33 && board.read(0xB_0008) == 0x44)
        #expect(plane0(8) == 0x33 && plane0(9) == 0x44)
    }

    @Test("a font goes into plane 2 while the text stays")
    func font() throws {
        let board = VGATestBoard()
        board.write(0xB_8000, 0x41)
        for (index, value): (UInt8, UInt8) in [(2, 4), (4, 7)] { board.sequencer(index, value) }
        board.graphics(5, 0)
        board.graphics(6, 4)
        board.write(0xA_0000 + 0x41 * 32, 0x55)
        #expect(try #require(board.adapter.textScreen(at: .zero)).cells[0].character == 0x41)
        for (index, value): (UInt8, UInt8) in [(2, 3), (4, 2)] { board.sequencer(index, value) }
        board.graphics(5, 0x10)
        board.graphics(6, 0x0E)
        #expect(board.read(0xB_8000) == 0x41)
    }
}
