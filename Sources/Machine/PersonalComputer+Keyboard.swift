import Core

extension PersonalComputer {
    /// Whether the BIOS's keyboard buffer can take another key: typists outside the machine look, so that nothing
    /// is lost.
    ///
    /// Source: IBM PC AT Technical Reference, BIOS data area: 40:1Ah head, 40:1Ch tail, 40:80h start, 40:82h end.
    public var hasKeyboardRoom: Bool {
        func word(_ offset: UInt16) -> UInt16 { memory.read16(FarPointer(0x40, offset)) }
        var (start, end) = (word(0x80), word(0x82))
        // The first BIOSes have no such words, and a buffer at a fixed place.
        if start == 0 { (start, end) = (0x1E, 0x3E) }
        let next = word(0x1C) &+ 2
        return (next == end ? start : next) != word(0x1A)
    }
}
