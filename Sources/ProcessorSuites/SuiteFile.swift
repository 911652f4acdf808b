import CZlib
import Glibc

/// Reads files of captured tests, gzip-compressed or plain.
enum SuiteFile {
    /// No file of a suite comes near this; a larger one is a mistake or an attack.
    static let sizeLimit = 1 << 28

    static func read(_ path: String) throws(SuiteError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SuiteError(path, String(cString: strerror(errno))) }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 { throw SuiteError(path, String(cString: strerror(errno))) }
            if count == 0 { return bytes }
            guard bytes.count + count <= sizeLimit else { throw SuiteError(path, "the file is too large") }
            bytes += buffer[..<count]
        }
    }

    /// The contents of a gzip file (RFC 1952); a file that does not begin like one is returned as it is.
    static func readCompressed(_ path: String) throws(SuiteError) -> [UInt8] {
        let bytes = try read(path)
        guard bytes.starts(with: [0x1F, 0x8B]) else { return bytes }
        return try inflate(bytes, path)
    }

    static func inflate(_ compressed: [UInt8], _ path: String) throws(SuiteError) -> [UInt8] {
        var stream = z_stream()
        // 15 window bits, and 16 for the gzip header.
        guard inflateInit2_(&stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
            throw SuiteError(path, "zlib does not start")
        }
        defer { inflateEnd(&stream) }
        var input = compressed
        var output: [UInt8] = []
        output.reserveCapacity(min(compressed.count * 24, sizeLimit))
        var buffer = [UInt8](repeating: 0, count: 1 << 18)
        var status = Z_OK
        input.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(source.count)
            while status == Z_OK && output.count < sizeLimit {
                let room = buffer.count
                buffer.withUnsafeMutableBufferPointer { target in
                    stream.next_out = target.baseAddress
                    stream.avail_out = UInt32(room)
                    status = CZlib.inflate(&stream, Z_NO_FLUSH)
                    output += UnsafeBufferPointer(rebasing: target[..<(room - Int(stream.avail_out))])
                }
            }
        }
        guard status == Z_STREAM_END else {
            let reason = status == Z_OK ? "the contents are too large" : "the compressed data are damaged or cut off"
            throw SuiteError(path, offset: output.count, reason)
        }
        return output
    }
}
