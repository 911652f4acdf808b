/// Block moves as the processor would make them, by linear address, without a call for each byte where the pages are
/// plain RAM.
extension GuestMemory {
    /// True if every page of `range` is plain RAM inside the view.
    private func isPlain(_ range: Range<Int>) -> Bool {
        guard range.lowerBound >= 0, range.upperBound <= GuestMemory.viewSize, !range.isEmpty else { return false }
        return (range.lowerBound >> 12...(range.upperBound - 1) >> 12).allSatisfy { pageFlags[$0] == 0 }
    }

    /// Copies `count` bytes; the ranges may overlap. `count` is at most 64 KB.
    public func copy(from source: UInt32, to target: UInt32, count: Int) {
        let count = min(max(count, 0), 0x1_0000)
        let (from, to) = (Int(source), Int(target))
        if isPlain(from..<from + count), isPlain(to..<to + count) {
            (base + to).update(from: base + from, count: count)
            return
        }
        let bytes = (0..<count).map { read8(source &+ UInt32($0)) }
        for (index, byte) in bytes.enumerated() { write8(target &+ UInt32(index), byte) }
    }

    /// Writes the word `value` (low byte first) `count` times from `address`. `count` is at most 32,768.
    public func fill16(_ address: UInt32, with value: UInt16, count: Int) {
        let count = min(max(count, 0), 0x8000)
        let start = Int(address)
        let (low, high) = (UInt8(truncatingIfNeeded: value), UInt8(value >> 8))
        if isPlain(start..<start + count * 2) {
            for index in 0..<count {
                base[start + index * 2] = low
                base[start + index * 2 + 1] = high
            }
            return
        }
        for index in 0..<count {
            write8(address &+ UInt32(index * 2), low)
            write8(address &+ UInt32(index * 2 + 1), high)
        }
    }
}
