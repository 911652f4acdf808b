/// A 64-bit hash of state bytes: the same on every host and every run. It finds differences; it is not cryptographic.
public struct StateHash: Hashable, Sendable, CustomStringConvertible {
    public private(set) var value: UInt64 = 0x9E37_79B9_7F4A_7C15

    public init() {}

    public static func of(_ bytes: UnsafeRawBufferPointer) -> StateHash {
        var hash = StateHash()
        hash.combine(bytes)
        return hash
    }

    public mutating func combine(_ bytes: UnsafeRawBufferPointer) {
        var offset = 0
        while offset + 8 <= bytes.count {
            mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
            offset += 8
        }
        var tail: UInt64 = 0
        for index in offset..<bytes.count { tail = tail << 8 | UInt64(bytes[index]) }
        mix(tail)
        mix(UInt64(bytes.count))
    }

    public mutating func combine(_ bytes: [UInt8]) { bytes.withUnsafeBytes { combine($0) } }

    private mutating func mix(_ word: UInt64) {
        // The finishing steps of SplitMix64, chained.
        var x = (value ^ word) &+ 0x9E37_79B9_7F4A_7C15
        x = (x ^ (x >> 30)) &* 0xBF58_476D_1CE4_E5B9
        x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
        value = x ^ (x >> 31)
    }

    public var description: String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
