import Glibc

/// A file that is written in order, and of which a part may be written again, such as a header with sizes.
final class OutputFile {
    let path: String
    private let descriptor: Int32
    private var buffer: [UInt8] = []
    private var written = 0
    /// What went wrong; nothing is written after it.
    private(set) var failure: String?

    private static let bufferSize = 1 << 16

    /// Makes the file, or empties it.
    /// - Returns: nil with errno set if the file cannot be made.
    init?(path: String) {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { return nil }
        buffer.reserveCapacity(OutputFile.bufferSize)
    }

    /// Bytes so far.
    var size: Int { written + buffer.count }

    func append(_ bytes: some Collection<UInt8>) {
        guard failure == nil else { return }
        buffer += bytes
        if buffer.count >= OutputFile.bufferSize { flush() }
    }

    /// Writes bytes that are there already, after all that was appended has been written.
    func replace(at place: Int, with bytes: [UInt8]) {
        flush()
        write(bytes, at: place)
    }

    /// Writes what waits and closes the file. Returns what went wrong since it was made, or nil.
    func close() -> String? {
        flush()
        if Glibc.close(descriptor) != 0, failure == nil { failure = String(cString: strerror(errno)) }
        return failure.map { "\(path): \($0)" }
    }

    private func flush() {
        write(buffer, at: written)
        written += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }

    private func write(_ bytes: [UInt8], at place: Int) {
        guard failure == nil else { return }
        bytes.withUnsafeBytes { bytes in
            var done = 0
            while done < bytes.count {
                let count = pwrite(
                    descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done, off_t(place + done))
                if count > 0 {
                    done += count
                } else if !(count < 0 && errno == EINTR) {
                    failure = count < 0 ? String(cString: strerror(errno)) : "cannot be written"
                    return
                }
            }
        }
    }
}
