import CZlib
import Glibc

/// Reads files of captured tests, gzip-compressed or plain.
enum SuiteFile {
    static func isFile(_ path: String) -> Bool { kind(path) == S_IFREG }
    static func isDirectory(_ path: String) -> Bool { kind(path) == S_IFDIR }

    private static func kind(_ path: String) -> mode_t {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & S_IFMT : 0
    }

    /// The names in a directory, sorted; empty if it cannot be read.
    static func names(in directory: String) -> [String] {
        guard let stream = opendir(directory) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted()
    }

    /// The bytes of a file, which must be no more than `limit`; with `prefix`, only so many of them.
    static func read(
        _ path: String, limit: Int = SuiteLimit.fileSize, prefix: Int? = nil
    ) throws(SuiteError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw SuiteError(path, isNotFound: errno == ENOENT, String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var status = stat()
        var bytes: [UInt8] = []
        if fstat(descriptor, &status) == 0 { bytes.reserveCapacity(min(max(Int(status.st_size), 0), prefix ?? limit)) }
        var buffer = [UInt8](repeating: 0, count: prefix ?? 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 { throw SuiteError(path, String(cString: strerror(errno))) }
            if count == 0 { return bytes }
            guard bytes.count + count <= limit else {
                throw SuiteError(path, offset: limit, "the file is larger than \(limit) bytes")
            }
            bytes += buffer[..<count]
            if let prefix, bytes.count >= prefix { return bytes }
        }
    }

    /// The contents of a gzip file (RFC 1952); a file that does not begin like one is returned as it is.
    static func readCompressed(_ path: String) throws(SuiteError) -> [UInt8] {
        let bytes = try read(path)
        return isCompressed(bytes) ? try inflate(bytes, path) : bytes
    }

    static func isCompressed(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

    /// The contents of the gzip members in `compressed`. With `prefix`, at least so many bytes, if there are, and no
    /// check of what follows.
    static func inflate(
        _ compressed: [UInt8], _ path: String, prefix: Int? = nil
    ) throws(SuiteError) -> [UInt8] {
        var stream = z_stream()
        // 15 window bits, and 16 for the gzip header.
        guard inflateInit2_(&stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw SuiteError(path, "zlib does not start")
        }
        defer { inflateEnd(&stream) }
        var input = compressed
        var output: [UInt8] = []
        if prefix == nil { output.reserveCapacity(announcedSize(compressed)) }
        var buffer = [UInt8](repeating: 0, count: min(1 << 16, max(prefix ?? 1 << 16, 1)))
        var status = Z_OK
        input.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            while status == Z_OK && output.count < prefix ?? SuiteLimit.fileSize {
                let room = buffer.count
                buffer.withUnsafeMutableBufferPointer { target in
                    stream.next_out = target.baseAddress
                    stream.avail_out = UInt32(room)
                    status = CZlib.inflate(&stream, Z_NO_FLUSH)
                    output += UnsafeBufferPointer(rebasing: target[..<(room - Int(stream.avail_out))])
                }
                if status == Z_STREAM_END && stream.avail_in > 0 { status = inflateReset(&stream) }
            }
        }
        if status == Z_STREAM_END || prefix != nil && status == Z_OK { return output }
        let place = compressed.count - Int(stream.avail_in)
        throw SuiteError(path, offset: place, describe(status, isAtEnd: stream.avail_in == 0))
    }

    private static func describe(_ status: Int32, isAtEnd: Bool) -> String {
        if status == Z_OK { return "the contents are larger than \(SuiteLimit.fileSize) bytes" }
        return isAtEnd && status == Z_BUF_ERROR ? "the compressed data are cut off" : "the compressed data are damaged"
    }

    /// What a gzip file says of its size, as far as it can be true: deflate makes at most 1032 bytes of one.
    private static func announcedSize(_ compressed: [UInt8]) -> Int {
        let size = compressed.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        return min(size, compressed.count * 1_032, SuiteLimit.fileSize)
    }
}
