/// GNU Unifont's list of glyphs, as text: `0041:0000000018242442427E424242420000`. Only those of 8x16 dots are taken.
struct UnifontFile: Sendable {
    private(set) var glyphs: [Unicode.Scalar: [UInt8]] = [:]

    /// The largest file, in bytes.
    static let sizeLimit = 1 << 24

    /// Takes the characters in `wanted`. Lines that are not understood are passed over.
    init(_ bytes: [UInt8], wanted: Set<Unicode.Scalar>) {
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            // Four to six digits, a colon, two digits a row.
            guard let colon = line.prefix(7).firstIndex(of: UInt8(ascii: ":")) else { continue }
            let digits = line[(colon + 1)...].prefix { $0 != 0x0D }
            guard digits.count == 32, let value = UnifontFile.number(line[..<colon]),
                let scalar = Unicode.Scalar(value), wanted.contains(scalar)
            else { continue }
            let rows = stride(from: digits.startIndex, to: digits.endIndex, by: 2).compactMap {
                UnifontFile.number(digits[$0..<$0 + 2]).map { UInt8(truncatingIfNeeded: $0) }
            }
            if rows.count == 16 { glyphs[scalar] = rows }
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt32? {
        guard (1...6).contains(digits.count) else { return nil }
        var value: UInt32 = 0
        for digit in digits {
            switch digit {
            case 0x30...0x39: value = value << 4 | UInt32(digit - 0x30)
            case 0x41...0x46: value = value << 4 | UInt32(digit - 0x41 + 10)
            case 0x61...0x66: value = value << 4 | UInt32(digit - 0x61 + 10)
            default: return nil
            }
        }
        return value
    }
}
