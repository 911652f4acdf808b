import Core

/// An 8.3 file name as DOS keeps it: eleven bytes of the code page, padded with blanks, upper case.
public struct ShortName: Hashable, Sendable, CustomStringConvertible {
    /// Exactly 11 bytes: 8 of the name, 3 of the extension.
    public let bytes: [UInt8]

    /// - Parameter bytes: exactly 11 bytes. They are taken as they are.
    public init(padded bytes: [UInt8]) {
        precondition(bytes.count == 11, "a short name has eleven bytes")
        self.bytes = bytes
    }

    /// Reads `NAME.EXT` as DOS parses a name: upper case, cut to 8 and 3 characters. Nil if it is empty or holds a
    /// character that DOS does not allow in a name; `*` and `?` are not allowed here.
    public init?(_ text: some Collection<UInt8>) {
        let parts = text.split(separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let name = parts.first, !name.isEmpty else { return nil }
        let suffix = parts.count > 1 ? Array(parts[1]) : []
        guard (Array(name) + suffix).allSatisfy(ShortName.isAllowed) else { return nil }
        bytes = ShortName.pad(name, to: 8) + ShortName.pad(suffix, to: 3)
    }

    public init?(_ text: String) {
        guard let bytes = CodePage.cp437.bytes(text, replacement: nil) else { return nil }
        self.init(bytes)
    }

    private static func pad(_ part: some Collection<UInt8>, to count: Int) -> [UInt8] {
        let upper = part.prefix(count).map(uppercase)
        return upper + [UInt8](repeating: UInt8(ascii: " "), count: count - upper.count)
    }

    /// `NAME.EXT` without padding, in the code page.
    public var dottedBytes: [UInt8] {
        let name = ShortName.trim(bytes[0..<8])
        let suffix = ShortName.trim(bytes[8..<11])
        return suffix.isEmpty ? name : name + [UInt8(ascii: ".")] + suffix
    }

    private static func trim(_ part: ArraySlice<UInt8>) -> [UInt8] {
        var part = part
        while part.last == UInt8(ascii: " ") { part.removeLast() }
        return Array(part)
    }

    public var description: String { CodePage.cp437.text(dottedBytes) }

    /// Whether DOS allows `byte` in a file name.
    public static func isAllowed(_ byte: UInt8) -> Bool {
        byte > 0x20 && !"\"*+,./:;<=>?[\\]|".utf8.contains(byte)
    }

    /// Upper case in code page 437, as DOS's own table for the United States has it.
    public static func uppercase(_ byte: UInt8) -> UInt8 {
        if (0x61...0x7A).contains(byte) { return byte - 0x20 }
        guard byte >= 0x80 else { return byte }
        return upperHalf[byte] ?? byte
    }

    /// Source: MS-DOS 4.00, file name upper-case table of country 001 (INT 21h AX=6504h), code page 437.
    private static let upperHalf: [UInt8: UInt8] = [
        0x81: 0x9A, 0x82: 0x45, 0x83: 0x41, 0x84: 0x8E, 0x85: 0x41, 0x86: 0x8F, 0x87: 0x80, 0x88: 0x45,
        0x89: 0x45, 0x8A: 0x45, 0x8B: 0x49, 0x8C: 0x49, 0x8D: 0x49, 0x91: 0x92, 0x93: 0x4F, 0x94: 0x99,
        0x95: 0x4F, 0x96: 0x55, 0x97: 0x55, 0x98: 0x59, 0xA0: 0x41, 0xA1: 0x49, 0xA2: 0x4F, 0xA3: 0x55,
        0xA4: 0xA5,
    ]
}
