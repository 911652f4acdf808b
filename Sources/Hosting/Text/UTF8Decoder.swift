/// Decodes UTF-8 that arrives in pieces. A byte that belongs to no character stands for itself, as in Latin-1.
public struct UTF8Decoder: Sendable {
    private var held: [UInt8] = []

    public init() {}

    /// Whether the beginning of a character is held.
    public var isInCharacter: Bool { !held.isEmpty }

    /// Takes a byte and returns the characters that are complete now.
    public mutating func feed(_ byte: UInt8) -> [Unicode.Scalar] {
        if held.isEmpty, byte < 0x80 { return [Unicode.Scalar(byte)] }
        held.append(byte)
        let length = UTF8Decoder.length(held[0])
        // What can no longer become a character is given up, but the new byte may begin another.
        guard length > 1, held.count == 1 || byte & 0xC0 == 0x80 else {
            let last = held.removeLast()
            let given = flush()
            return given.isEmpty ? [Unicode.Scalar(last)] : given + feed(last)
        }
        guard held.count == length else { return [] }
        guard let text = String(validating: held, as: UTF8.self), let scalar = text.unicodeScalars.first else {
            return flush()
        }
        held = []
        return [scalar]
    }

    /// No more bytes come: what is held stands for itself.
    public mutating func flush() -> [Unicode.Scalar] {
        defer { held = [] }
        return held.map { Unicode.Scalar($0) }
    }

    /// The length of a character by its first byte; 0 if none begins with it.
    private static func length(_ first: UInt8) -> Int {
        switch first {
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 0
        }
    }
}
