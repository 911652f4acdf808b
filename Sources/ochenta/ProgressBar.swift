import Glibc
import ProcessorSuites
import Synchronization

/// A bar on standard error that shows how far a run is; nothing when that is no terminal.
final class ProgressBar: Sendable {
    private static let width = 30
    /// Nanoseconds between two pictures.
    private static let interval: Int64 = 100_000_000
    /// When the bar was last drawn.
    private let last = Atomic<Int64>(0)

    init?() {
        guard isatty(2) != 0 else { return nil }
    }

    func show(_ progress: SuiteProgress) {
        let now = Self.now()
        guard now - last.load(ordering: .relaxed) >= Self.interval, progress.files > 0 else { return }
        last.store(now, ordering: .relaxed)
        let filled = Self.width * progress.filesDone / progress.files
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: Self.width - filled)
        let failed = progress.testsFailed > 0 ? ", \(progress.testsFailed) failed" : ""
        Self.write(
            "\r[\(bar)] \(progress.filesDone)/\(progress.files) files, \(progress.testsDone) tests\(failed)\u{1B}[K")
    }

    /// Takes the bar away.
    func clear() {
        if last.load(ordering: .relaxed) != 0 { Self.write("\r\u{1B}[K") }
    }

    private static func now() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    private static func write(_ text: String) {
        var text = text
        text.withUTF8 { _ = Glibc.write(2, $0.baseAddress, $0.count) }
    }
}
