/// A real-mode address, segment:offset.
public struct FarPointer: Hashable, Sendable, CustomStringConvertible {
    public var segment: UInt16
    public var offset: UInt16

    @inlinable public init(_ segment: UInt16, _ offset: UInt16) {
        self.segment = segment
        self.offset = offset
    }

    /// The linear address, up to 10FFEFh.
    @inlinable public var linear: UInt32 { UInt32(segment) << 4 &+ UInt32(offset) }

    /// The pointer `count` bytes on; the offset wraps in its segment.
    @inlinable public static func + (pointer: FarPointer, count: Int) -> FarPointer {
        FarPointer(pointer.segment, pointer.offset &+ UInt16(truncatingIfNeeded: count))
    }

    public var description: String { "\(hex(segment)):\(hex(offset))" }
}

/// `value` in hexadecimal, upper case, with all its digits.
public func hex<Value: FixedWidthInteger & UnsignedInteger>(_ value: Value) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: Value.bitWidth / 4 - digits.count) + digits
}

extension FarPointer: StateValue {
    public init() { self.init(0, 0) }

    public mutating func transfer(_ coder: StateCoder) {
        coder.field("segment", &segment)
        coder.field("offset", &offset)
    }
}

/// Access by segment and offset, as a program in real mode makes it: the offset wraps inside its segment.
extension GuestMemory {
    public func read8(_ p: FarPointer) -> UInt8 { read8(p.linear) }
    public func write8(_ p: FarPointer, _ value: UInt8) { write8(p.linear, value) }

    public func read16(_ p: FarPointer) -> UInt16 {
        UInt16(read8(p.linear)) | UInt16(read8((p + 1).linear)) << 8
    }

    public func write16(_ p: FarPointer, _ value: UInt16) {
        write8(p.linear, UInt8(truncatingIfNeeded: value))
        write8((p + 1).linear, UInt8(truncatingIfNeeded: value >> 8))
    }

    public func read32(_ p: FarPointer) -> UInt32 { UInt32(read16(p)) | UInt32(read16(p + 2)) << 16 }

    public func write32(_ p: FarPointer, _ value: UInt32) {
        write16(p, UInt16(truncatingIfNeeded: value))
        write16(p + 2, UInt16(truncatingIfNeeded: value >> 16))
    }

    /// A far pointer stored in memory: offset, then segment.
    public func readPointer(_ p: FarPointer) -> FarPointer { FarPointer(read16(p + 2), read16(p)) }

    public func writePointer(_ p: FarPointer, _ value: FarPointer) {
        write16(p, value.offset)
        write16(p + 2, value.segment)
    }

    /// `count` bytes from `p`, at most 64 KB.
    public func readBytes(_ p: FarPointer, _ count: Int) -> [UInt8] {
        let count = min(max(count, 0), 0x1_0000)
        if let plain = plainBytes(p, count, forbidding: .deviceRead) { return Array(plain) }
        return (0..<count).map { read8(p + $0) }
    }

    /// Writes `bytes` from `p` on, at most 64 KB; the offset wraps in its segment.
    public func writeBytes(_ p: FarPointer, _ bytes: some Collection<UInt8>) {
        if let plain = plainBytes(p, bytes.count, forbidding: [.device, .writeProtected]) {
            return plain.copyBytes(from: bytes)
        }
        for (index, byte) in bytes.prefix(0x1_0000).enumerated() { write8(p + index, byte) }
    }

    /// The memory itself, if `count` bytes from `p` neither wrap nor touch a page with one of the flags.
    private func plainBytes(_ p: FarPointer, _ count: Int, forbidding flags: PageFlags)
        -> UnsafeMutableRawBufferPointer?
    {
        let start = Int(p.linear)
        guard count > 0, Int(p.offset) + count <= 0x1_0000, start + count <= GuestMemory.viewSize else { return nil }
        for page in (start >> 12)...((start + count - 1) >> 12) where pageFlags[page] & flags.rawValue != 0 {
            return nil
        }
        return UnsafeMutableRawBufferPointer(start: base + start, count: count)
    }

    /// The bytes from `p` up to, not including, `terminator`; at most `limit` (which may not exceed 64 KB).
    public func readString(_ p: FarPointer, terminator: UInt8 = 0, limit: Int = 128) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < limit {
            let byte = read8(p + bytes.count)
            if byte == terminator { break }
            bytes.append(byte)
        }
        return bytes
    }

    /// The interrupt vector `number`.
    public func vector(_ number: UInt8) -> FarPointer { readPointer(FarPointer(0, UInt16(number) * 4)) }

    public func setVector(_ number: UInt8, _ value: FarPointer) {
        writePointer(FarPointer(0, UInt16(number) * 4), value)
    }
}
