import Core

extension GravisGF1 {
    /// The card's memory: up to 1 MB in banks of 256 KB. Where there is none, writes are lost and reads give FFh.
    final class Memory {
        static let space = 1 << 20
        /// All of the space, so that voices need not look. What is missing is 0 to them.
        let bytes: UnsafeMutablePointer<UInt8>
        let count: Int

        /// - Parameter kilobytes: 256, 512, 768 or 1,024.
        init(kilobytes: Int) {
            count = min(max(kilobytes / 256, 1), 4) << 18
            bytes = .allocate(capacity: Memory.space)
            bytes.initialize(repeating: 0, count: Memory.space)
        }

        deinit { bytes.deallocate() }

        func read(_ address: UInt32) -> UInt8 {
            let place = Int(address & 0xF_FFFF)
            return place < count ? bytes[place] : 0xFF
        }

        func write(_ address: UInt32, _ value: UInt8) {
            let place = Int(address & 0xF_FFFF)
            if place < count { bytes[place] = value }
        }

        func transfer(_ coder: StateCoder) {
            var size = UInt32(count)
            coder.field("size", &size)
            guard Int(size) == count else { return coder.fail("the state has \(size) bytes of memory") }
            coder.pages(UnsafeMutableRawBufferPointer(start: bytes, count: count))
        }
    }
}
