/// What is wrong with a file of captured tests.
public struct SuiteError: Error, Hashable, Sendable, CustomStringConvertible {
    public let path: String
    /// Byte offset in the (decompressed) file, nil if the file as a whole is meant.
    public let offset: Int?
    public let reason: String

    public init(_ path: String, offset: Int? = nil, _ reason: String) {
        self.path = path
        self.offset = offset
        self.reason = reason
    }

    public var description: String {
        offset.map { "\(path): at byte \($0): \(reason)" } ?? "\(path): \(reason)"
    }
}
