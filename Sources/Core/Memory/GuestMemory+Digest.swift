/// A number that tells whether memory has changed, cheap enough to be asked some dozens of times a second.
extension GuestMemory {
    /// A 64-bit digest of the storage behind the 1,088 KB that the processor sees: the same on every host. It finds
    /// changes; it is not cryptographic.
    ///
    /// Sixteen independent chains of additions and xorshifts, which the host computes side by side. Each step maps
    /// different words, and different states before, to different states, so a single change cannot get lost in a
    /// chain.
    public var digest: UInt64 {
        typealias Lanes = SIMD4<UInt64>
        let words = UnsafeRawPointer(base).assumingMemoryBound(to: Lanes.self)
        var a = Lanes(1, 2, 3, 4)
        var (b, c, d) = (a &+ 4, a &+ 8, a &+ 12)
        var index = 0
        while index < GuestMemory.viewSize / MemoryLayout<Lanes>.size {
            a = GuestMemory.mix(a, words[index])
            b = GuestMemory.mix(b, words[index &+ 1])
            c = GuestMemory.mix(c, words[index &+ 2])
            d = GuestMemory.mix(d, words[index &+ 3])
            index &+= 4
        }
        var sum = StateHash()
        for lanes in [a, b, c, d] { withUnsafeBytes(of: lanes) { sum.combine($0) } }
        return sum.value
    }

    @inline(__always)
    private static func mix(_ chain: SIMD4<UInt64>, _ word: SIMD4<UInt64>) -> SIMD4<UInt64> {
        var chain = chain &+ word
        chain ^= chain &<< 13
        chain ^= chain &>> 7
        return chain
    }
}
