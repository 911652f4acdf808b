import CZlib

/// Reads gzip files (RFC 1952).
enum Gzip {
    static func isCompressed(_ bytes: [UInt8]) -> Bool { bytes.starts(with: [0x1F, 0x8B]) }

    /// The contents of all members. Nil if the data are damaged or cut off, or the contents are larger than `limit` bytes.
    static func contents(of compressed: [UInt8], limit: Int) -> [UInt8]? {
        var stream = z_stream()
        // 15 window bits, and 16 for the gzip header.
        guard inflateInit2_(&stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        var input = compressed
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 15)
        var status = Z_OK
        input.withUnsafeMutableBufferPointer { source in
            stream.next_in = source.baseAddress
            stream.avail_in = UInt32(clamping: source.count)
            while status == Z_OK && output.count <= limit {
                buffer.withUnsafeMutableBufferPointer { target in
                    stream.next_out = target.baseAddress
                    stream.avail_out = UInt32(target.count)
                    status = inflate(&stream, Z_NO_FLUSH)
                    output += target[..<(target.count - Int(stream.avail_out))]
                }
                if status == Z_STREAM_END && stream.avail_in > 0 { status = inflateReset(&stream) }
            }
        }
        return status == Z_STREAM_END && output.count <= limit ? output : nil
    }
}
