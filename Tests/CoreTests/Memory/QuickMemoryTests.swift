import Core
import Testing

@Suite struct QuickMemoryTests {
    private final class Board: QuickMemoryDevice {
        var writes: [(address: UInt32, value: UInt8)] = []
        override func write(_ address: UInt32, _ value: UInt8) { writes.append((address, value)) }
    }

    @Test("a fill goes to the one device of its addresses, and not where there are others")
    func fill() {
        let (memory, board, other) = (GuestMemory(), Board(), Board())
        memory.route(0xA_0000..<0xA_4000, flags: [.device, .quick], device: board)
        memory.route(0xA_4000..<0xA_5000, flags: [.device, .quick], device: other)
        #expect(memory.fillQuickly(0xA_0FFF, count: 3, low: 1, high: 2))
        #expect(board.writes.map(\.address) == [0xA_0FFF, 0xA_1000, 0xA_1001])
        #expect(board.writes.map(\.value) == [1, 2, 1])
        for (address, count) in [(0x9_FFFF, 2), (0xA_3FFF, 2), (0xA_4FFF, 2), (0x5_0000, 4), (0xA_0000, 0)] {
            #expect(!memory.fillQuickly(UInt32(address), count: count, low: 0, high: 0))
        }
        #expect(!memory.fillQuickly(UInt32(GuestMemory.viewSize - 1), count: 2, low: 0, high: 0))
        #expect(board.writes.count == 3 && other.writes.isEmpty)
    }
}
