import Core

/// The operand in memory, by physical address: its words follow each other without regard to segments.
///
/// `mask` holds the address lines of the processor: an 8087 counts on from the top of memory to its beginning.
extension CoprocessorOperand {
    /// Reads the words in `range` of an operand that begins at `address`.
    public mutating func read(_ range: Range<Int>, from memory: GuestMemory, at address: UInt32, mask: UInt32) {
        for index in range {
            let place = address &+ UInt32(truncatingIfNeeded: 2 &* index)
            self[index] = UInt16(memory.readBus(place & mask)) | UInt16(memory.readBus((place &+ 1) & mask)) << 8
        }
    }

    /// Writes the first `count` words to `address`.
    public func write(_ count: Int, to memory: GuestMemory, at address: UInt32, mask: UInt32) {
        for index in 0..<count {
            let place = address &+ UInt32(truncatingIfNeeded: 2 &* index)
            memory.writeBus(place & mask, UInt8(truncatingIfNeeded: self[index]))
            memory.writeBus((place &+ 1) & mask, UInt8(truncatingIfNeeded: self[index] >> 8))
        }
    }
}
