import CZlib

/// Compresses pictures without loss as frames of the Zip Motion Blocks Video codec (ZMBV), which players know from the
/// captures of other DOS emulators.
///
/// A key frame is a header of seven bytes and all pixels; another frame says for each block of 16 by 16 pixels whether
/// it has changed, and holds the exclusive-or of those that have. All of it goes through one zlib stream that begins
/// anew at each key frame. Pixels are numbers of a palette of 256 colours as long as these suffice, from then on 32 bits.
/// No motion is looked for: all vectors are zero.
///
/// Source: [ZMBV].
public final class ZMBVEncoder {
    /// Sides of a block.
    private static let block = 16
    /// Most frames from one key frame to the next, so that players can find places.
    private static let keyDistance = 300

    private let width: Int
    private let height: Int
    private var table = ColorTable()
    /// Bytes of a pixel, 1 or 4.
    private var depth = 1
    /// The last frame as it is compressed: numbers of colours, or blue, green, red and a zero.
    private var last: [UInt8] = []
    private var framesSinceKey = 0
    // zlib keeps a pointer to it, so its place must not change.
    private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

    /// Nil if zlib has no memory.
    public init?(width: Int, height: Int) {
        (self.width, self.height) = (width, height)
        stream.initialize(to: z_stream())
        let status = deflateInit_(stream, 4, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard status == Z_OK else {
            stream.deallocate()
            return nil
        }
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// The bytes of one frame, and whether it is a key frame.
    /// - Parameter pixels: as 00RRGGBBh, `width * height`.
    public func encode(_ pixels: [UInt32]) -> (bytes: [UInt8], isKey: Bool) {
        precondition(pixels.count == width * height, "a frame has width * height pixels")
        var isKey = last.isEmpty || framesSinceKey >= ZMBVEncoder.keyDistance
        if isKey { table = ColorTable() }
        let knownColors = table.colors.count
        var current: [UInt8]?
        if depth == 1 {
            current = table.indices(of: pixels)
            if current == nil, !isKey {
                // Old colours may no longer be in use.
                (table, isKey) = (ColorTable(), true)
                current = table.indices(of: pixels)
            }
            if current == nil { (depth, isKey) = (4, true) }
        }
        let frame = current ?? ZMBVEncoder.bytes(pixels)
        let newColors = depth == 1 && !isKey ? knownColors..<table.colors.count : 0..<0
        var (head, body): ([UInt8], [UInt8])
        if isKey {
            // Version 0.1, zlib, 8 or 32 bits a pixel, size of the blocks.
            head = [1, 0, 1, 1, depth == 1 ? 4 : 8, UInt8(ZMBVEncoder.block), UInt8(ZMBVEncoder.block)]
            body = depth == 1 ? palette(0..<table.colors.count) + frame : frame
            framesSinceKey = 0
            deflateReset(stream)
        } else {
            // Bit 1: the palette has changed.
            head = [newColors.isEmpty ? 0 : 2]
            // Colours are added in places that were zero, so that the exclusive-or is the colour.
            body = newColors.isEmpty ? [] : palette(newColors)
            appendChanges(from: last, to: frame, &body)
        }
        framesSinceKey += 1
        last = frame
        compress(&body, into: &head)
        return (head, isKey)
    }

    private static func bytes(_ pixels: [UInt32]) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: pixels.count * 4) { target, count in
            for (index, pixel) in pixels.enumerated() {
                target[index * 4] = UInt8(truncatingIfNeeded: pixel)
                target[index * 4 + 1] = UInt8(truncatingIfNeeded: pixel >> 8)
                target[index * 4 + 2] = UInt8(truncatingIfNeeded: pixel >> 16)
                target[index * 4 + 3] = 0
            }
            count = pixels.count * 4
        }
    }

    /// A palette of 256 colours in which those that are not in `range` are zero.
    private func palette(_ range: Range<Int>) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 768)
        for number in range {
            let color = table.colors[number]
            bytes[number * 3] = UInt8(truncatingIfNeeded: color >> 16)
            bytes[number * 3 + 1] = UInt8(truncatingIfNeeded: color >> 8)
            bytes[number * 3 + 2] = UInt8(truncatingIfNeeded: color)
        }
        return bytes
    }

    /// Two bytes a block, the first with bit 0 set if it has changed; then the exclusive-or of those blocks.
    private func appendChanges(from old: [UInt8], to new: [UInt8], _ body: inout [UInt8]) {
        let size = ZMBVEncoder.block
        let (across, down) = ((width + size - 1) / size, (height + size - 1) / size)
        let vectors = body.count
        // The list of blocks is filled up to a multiple of four bytes.
        body += [UInt8](repeating: 0, count: (across * down * 2 + 3) & ~3)
        if old == new { return }
        let stride = width * depth
        old.withUnsafeBufferPointer { old in
            new.withUnsafeBufferPointer { new in
                for index in 0..<across * down {
                    let (x, y) = (index % across * size * depth, index / across * size)
                    let bytes = min(size * depth, stride - x)
                    let lines = y..<min(y + size, height)
                    let hasChanged = lines.contains { line in
                        let start = line * stride + x
                        return (start..<start + bytes).contains { old[$0] != new[$0] }
                    }
                    guard hasChanged else { continue }
                    body[vectors + index * 2] = 1
                    for line in lines {
                        let start = line * stride + x
                        for place in start..<start + bytes { body.append(old[place] ^ new[place]) }
                    }
                }
            }
        }
    }

    /// Compresses up to a byte boundary, so that each frame can be read when its bytes are there.
    private func compress(_ body: inout [UInt8], into output: inout [UInt8]) {
        body.withUnsafeMutableBufferPointer { body in
            stream.pointee.next_in = body.baseAddress
            stream.pointee.avail_in = UInt32(body.count)
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            repeat {
                buffer.withUnsafeMutableBufferPointer { target in
                    stream.pointee.next_out = target.baseAddress
                    stream.pointee.avail_out = UInt32(target.count)
                    deflate(stream, Z_SYNC_FLUSH)
                    output += target[..<(target.count - Int(stream.pointee.avail_out))]
                }
            } while stream.pointee.avail_out == 0
            stream.pointee.next_in = nil
        }
    }
}
