import CLinux
import Glibc

/// The signals that a session takes.
public enum HostSignal: Int32, Sendable {
    case hangUp = 1
    case interrupt = 2
    case quit = 3
    case terminate = 15
    case goOn = 18
    case stop = 20
    case windowChange = 28

    public var asksToEnd: Bool {
        switch self {
        case .hangUp, .interrupt, .quit, .terminate: true
        case .goOn, .stop, .windowChange: false
        }
    }

    /// Begins to catch signals. Returns a descriptor that can be read when one has come; nil if the host refuses.
    public static func catchAll() -> Int32? {
        let descriptor = ochenta_signals_catch()
        return descriptor >= 0 ? descriptor : nil
    }

    /// The next signal that has come, or nil.
    static func take() -> Int32? {
        let number = ochenta_signals_take()
        return number > 0 ? number : nil
    }
}
