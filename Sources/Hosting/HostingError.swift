/// The exit statuses of the command, as `help exit` lists them. Any other status is the DOS program's own.
public enum ExitStatus {
    public static let success: Int32 = 0
    public static let scriptFailed: Int32 = 1
    public static let wrongUsage: Int32 = 2
    public static let timeLimit: Int32 = 124
    public static let ownFailure: Int32 = 125
    public static let cannotLoad: Int32 = 126
    public static let notFound: Int32 = 127
}

/// What keeps a session from starting or ends it: one line for the user, and the exit status.
public struct HostingError: Error, Hashable, Sendable, CustomStringConvertible {
    public var message: String
    public var status: Int32

    public init(_ message: String, status: Int32 = ExitStatus.wrongUsage) {
        self.message = message
        self.status = status
    }

    public var description: String { message }
}
