/// How much is said on standard error.
public enum LogLevel: String, CaseIterable, Comparable, Sendable {
    case warning, info, debug, trace

    private var rank: Int { LogLevel.allCases.firstIndex(of: self) ?? 0 }
    public static func < (a: LogLevel, b: LogLevel) -> Bool { a.rank < b.rank }
}

/// Lines for standard error. They are held back while a front end draws over it.
public final class SessionLog {
    public let level: LogLevel
    public var isHeld = false {
        didSet {
            guard !isHeld else { return }
            held.forEach(write)
            held = []
        }
    }
    private var held: [String] = []
    private let write: (String) -> Void
    private static let limit = 10_000

    public init(level: LogLevel, write: @escaping (String) -> Void = printError) {
        self.level = level
        self.write = write
    }

    public func log(_ level: LogLevel, _ line: String) {
        guard level <= self.level else { return }
        if !isHeld {
            write("ochenta: \(line)")
        } else if held.count < SessionLog.limit {
            held.append("ochenta: \(line)")
        }
    }
}
