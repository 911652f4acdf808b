/// Bytes of a RIFF file and its like, low byte first.
struct RIFFBytes {
    var bytes: [UInt8] = []

    mutating func tag(_ text: StaticString) { text.withUTF8Buffer { bytes += $0 } }

    mutating func word(_ value: Int) {
        let value = UInt32(truncatingIfNeeded: value)
        for shift in stride(from: UInt32(0), to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: value >> shift)) }
    }

    mutating func half(_ value: Int) {
        bytes.append(UInt8(truncatingIfNeeded: value))
        bytes.append(UInt8(truncatingIfNeeded: value >> 8))
    }

    mutating func zeros(_ count: Int) { bytes += [UInt8](repeating: 0, count: count) }

    mutating func samples(_ samples: some Collection<Int16>) {
        bytes.reserveCapacity(bytes.count + samples.count * 2)
        for sample in samples {
            bytes.append(UInt8(truncatingIfNeeded: sample))
            bytes.append(UInt8(truncatingIfNeeded: sample >> 8))
        }
    }

    /// The format of 16 bit stereo samples as chunks `fmt ` and `strf` hold it.
    mutating func stereoFormat(rate: Int) {
        half(1)  // PCM
        half(2)  // channels
        word(rate)
        word(rate * 4)  // bytes a second
        half(4)  // bytes a frame
        half(16)  // bits a sample
    }

    mutating func chunk(_ name: StaticString, _ fill: (inout RIFFBytes) -> Void) {
        var inner = RIFFBytes()
        fill(&inner)
        tag(name)
        word(inner.bytes.count)
        bytes += inner.bytes
    }

    mutating func list(_ name: StaticString, _ fill: (inout RIFFBytes) -> Void) {
        chunk("LIST") {
            $0.tag(name)
            fill(&$0)
        }
    }
}
