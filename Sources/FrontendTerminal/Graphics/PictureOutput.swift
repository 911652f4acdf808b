import Glibc

/// Bytes for a terminal that may not take them: what it does not take waits, and nobody else does.
///
/// It has a descriptor of its own that does not block, because the terminal's is shared with the shell.
final class PictureOutput {
    private let descriptor: Int32
    private let isOwn: Bool
    private var waiting: [UInt8] = []
    private var position = 0

    init(_ output: Int32) {
        let own = open("/proc/self/fd/\(output)", O_WRONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        (descriptor, isOwn) = own >= 0 ? (own, true) : (output, false)
    }

    deinit { if isOwn { close(descriptor) } }

    /// Whether everything has been taken.
    var isEmpty: Bool { waiting.isEmpty }

    func push(_ bytes: [UInt8]) { waiting += bytes }

    /// Gives up what has not been taken.
    func discard() { (waiting, position) = ([], 0) }

    /// Writes as much as is taken now. False if nobody reads any more.
    func flush() -> Bool {
        while position < waiting.count {
            var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            guard Glibc.poll(&poll, 1, 0) > 0 else { return true }
            // A descriptor that blocks gets so little that there is room.
            let most = isOwn ? waiting.count - position : min(waiting.count - position, 64)
            let count = waiting.withUnsafeBytes { write(descriptor, $0.baseAddress.map { $0 + position }, most) }
            if count > 0 {
                position += count
            } else if count < 0, errno == EAGAIN {
                return true
            } else if !(count < 0 && errno == EINTR) {
                discard()
                return false
            }
        }
        discard()
        return true
    }

    /// Writes all if that takes no longer than so many milliseconds; drops the rest.
    func drain(milliseconds: Int) {
        for _ in 0..<max(milliseconds / 5, 1) {
            guard flush(), !isEmpty else { break }
            var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            _ = Glibc.poll(&poll, 1, 5)
        }
        discard()
    }
}
