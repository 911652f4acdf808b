import Dispatch
import Glibc
import Synchronization
import Testing

@testable import Hosting

/// A pseudo-terminal whose other side is read all the time.
final class PseudoTerminal: Sendable {
    let master: Int32
    let slave: Int32
    private let bytes = Mutex<[UInt8]>([])

    init(columns: UInt16, rows: UInt16) throws {
        // The calls of posix_openpt(3) are not in the Glibc module; these are what they do (see pts(4)).
        master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
        var (unlocked, number): (Int32, UInt32) = (0, 0)
        try #require(ioctl(master, 0x4004_5431, &unlocked) == 0 && ioctl(master, 0x8004_5430, &number) == 0)
        slave = open("/dev/pts/\(number)", O_RDWR | O_NOCTTY)
        try #require(slave >= 0)
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        _ = ioctl(slave, UInt(TIOCSWINSZ), &size)
        DispatchQueue.global().async { [self] in
            var buffer = [UInt8](repeating: 0, count: 4_096)
            while case let count = read(master, &buffer, buffer.count), count > 0 {
                bytes.withLock { $0 += buffer[..<count] }
            }
        }
    }

    var settings: termios {
        var settings = termios()
        tcgetattr(slave, &settings)
        return settings
    }

    /// What has been shown, up to and with `ending`, for which it waits at most ten seconds.
    func output(upTo ending: String) -> String {
        for _ in 0..<1_000 {
            let text = String(decoding: bytes.withLock { $0 }, as: UTF8.self)
            if text.contains(ending) { return text }
            usleep(10_000)
        }
        return String(decoding: bytes.withLock { $0 }, as: UTF8.self)
    }

    /// Types when the prompt is there, as a person does.
    func typeAtPrompt(_ text: String) { type(text, after: "C:\\>") }

    /// Types when `ending` has been shown.
    func type(_ text: String, after ending: String) {
        DispatchQueue.global().async { [self] in
            _ = output(upTo: ending)
            _ = HostFile.writeAll(Array(text.utf8), to: master)
        }
    }
}
