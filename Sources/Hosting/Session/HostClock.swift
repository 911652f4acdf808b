import CLinux
import Glibc

/// The host's clock and its way to sleep. Tests have one of their own.
public protocol HostClock: AnyObject {
    /// Nanoseconds of a clock that is never set.
    var now: Int64 { get }
    /// Sleeps until one of `descriptors` can be read (or has ended), or `deadline` comes; nil is never. Returns those
    /// that can be read; it may come back early with none.
    func wait(for descriptors: [Int32], until deadline: Int64?) -> [Int32]
}

/// The monotonic clock and poll(2).
public final class SystemClock: HostClock {
    /// An hour, in nanoseconds.
    private static let longestWait: Int64 = 3_600_000_000_000

    public init() {}

    public var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    public func wait(for descriptors: [Int32], until deadline: Int64?) -> [Int32] {
        var polled = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        let time = deadline.map { max($0 &- now, 0) } ?? -1
        let count = ochenta_poll(&polled, UInt32(polled.count), min(time, SystemClock.longestWait))
        guard count > 0 else { return [] }
        return polled.filter { $0.revents != 0 }.map(\.fd)
    }
}
