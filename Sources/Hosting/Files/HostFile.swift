import Glibc

/// Whole small files of the host: configuration, scripts, results. DOS's files go through `HostVolume`.
public enum HostFile {
    public enum Kind: Sendable { case file, directory, other }

    /// The text of the last system error.
    static func errorText(_ number: Int32 = errno) -> String { String(cString: strerror(number)) }

    /// Whether `path` exists, and what it is; symbolic links are followed.
    public static func kind(_ path: String) -> Kind? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        switch status.st_mode & 0o170000 {
        case 0o100000: return .file
        case 0o040000: return .directory
        default: return .other
        }
    }

    /// The absolute path without symbolic links, or nil if it does not exist.
    public static func resolved(_ path: String) -> String? {
        guard let pointer = realpath(path, nil) else { return nil }
        defer { free(pointer) }
        return String(cString: pointer)
    }

    /// The names in a directory, sorted, without `.` and `..`; nil if it cannot be read.
    public static func names(in directory: String) -> [String]? {
        guard let stream = opendir(directory) else { return nil }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The contents of a file of at most `limit` bytes; nil if it does not exist.
    public static func read(_ path: String, limit: Int = 1 << 20) throws(HostingError) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw HostingError("\(path): \(errorText())")
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw HostingError("\(path): \(errorText())") }
            guard count > 0 else { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= limit else { throw HostingError("\(path): longer than \(limit) bytes") }
        }
    }

    /// Reads UTF-8 text; nil if the file does not exist.
    public static func readText(_ path: String) throws(HostingError) -> String? {
        guard let bytes = try read(path) else { return nil }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw HostingError("\(path): not UTF-8 text")
        }
        return text
    }

    /// Writes a file, replacing what was there. Returns what was wrong, or nil.
    public static func write(_ text: String, to path: String) -> String? { write(Array(text.utf8), to: path) }

    /// The same for bytes.
    public static func write(_ bytes: [UInt8], to path: String) -> String? {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { return "\(path): \(errorText())" }
        defer { close(descriptor) }
        return writeAll(bytes, to: descriptor).map { "\(path): \(errorText($0))" }
    }

    /// What keeps `write` from writing `path`, as far as that can be told without touching it; nil if nothing does.
    public static func obstacle(writing path: String) -> String? {
        switch kind(path) {
        case .directory: return "\(path): \(errorText(EISDIR))"
        case .file, .other: return access(path, W_OK) == 0 ? nil : "\(path): \(errorText())"
        case nil: break
        }
        let (directory, name) = ProgramLocator.split(path)
        guard !name.isEmpty else { return "\(path): \(errorText(path.isEmpty ? ENOENT : EISDIR))" }
        let parent = directory.isEmpty ? "." : directory
        switch kind(parent) {
        case .directory: return access(parent, W_OK | X_OK) == 0 ? nil : "\(path): \(errorText())"
        case nil: return "\(path): there is no directory \(parent)"
        default: return "\(path): \(parent) is no directory"
        }
    }

    /// Writes all bytes; returns the system's error number if that fails.
    public static func writeAll(_ bytes: some Collection<UInt8>, to descriptor: Int32) -> Int32? {
        let failure: Int32?? = bytes.withContiguousStorageIfAvailable {
            writeAll(UnsafeRawBufferPointer($0), to: descriptor)
        }
        return failure ?? Array(bytes).withUnsafeBytes { writeAll($0, to: descriptor) }
    }

    private static func writeAll(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Int32? {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if count < 0, errno == EAGAIN {
                var wait = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                _ = poll(&wait, 1, -1)
            } else if !(count < 0 && errno == EINTR) {
                return errno
            }
        }
        return nil
    }
}

/// Writes a line to standard error.
public func printError(_ line: String) {
    _ = HostFile.writeAll(Array((line + "\n").utf8), to: STDERR_FILENO)
}
