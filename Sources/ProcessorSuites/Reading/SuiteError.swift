/// What is wrong with a file of captured tests.
public struct SuiteError: Error, Hashable, Sendable, CustomStringConvertible {
    public let path: String
    /// Byte offset in the file (in the decompressed contents, unless it is the compression that is wrong); nil if the
    /// file as a whole is meant.
    public let offset: Int?
    public let reason: String
    /// There is no such file or no tests in it.
    public let isNotFound: Bool

    public init(_ path: String, offset: Int? = nil, isNotFound: Bool = false, _ reason: String) {
        self.path = path
        self.offset = offset
        self.reason = reason
        self.isNotFound = isNotFound
    }

    public var description: String {
        offset.map { "\(path): at byte \($0): \(reason)" } ?? "\(path): \(reason)"
    }
}
