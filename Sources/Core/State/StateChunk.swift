/// The four ASCII letters that name a part of a saved machine.
public struct ChunkID: Hashable, Sendable, CustomStringConvertible {
    public let code: UInt32

    /// `text` is exactly four ASCII characters.
    public init(_ text: StaticString) {
        precondition(text.utf8CodeUnitCount == 4 && text.isASCII, "a chunk name has four ASCII letters")
        code = text.withUTF8Buffer { $0.reduce(0) { $0 >> 8 | UInt32($1) << 24 } }
    }

    public init(code: UInt32) { self.code = code }

    public var description: String {
        String(decoding: (0..<4).map { UInt8(truncatingIfNeeded: code >> (8 * $0)) }, as: UTF8.self)
    }
}

/// A part of a machine that is saved as one chunk: a chip, a board, a service, the processor.
///
/// One function, `transfer`, names every field once; it serves save, load, compare and print.
public protocol StateChunk: AnyObject {
    var chunkID: ChunkID { get }
    /// Raised whenever the fields change; a chunk of another version is refused.
    var chunkVersion: UInt16 { get }
    /// Names every field of the state, once, in a fixed order.
    func transfer(_ coder: StateCoder)
    /// Rebuilds what is derived from the state: caches, line levels. Called when all chunks are loaded.
    func stateDidRestore()
}

/// A value with named fields that can stand in arrays and groups of a chunk.
public protocol StateValue {
    init()
    mutating func transfer(_ coder: StateCoder)
}
