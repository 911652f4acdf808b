/// A file of the Audio Video Interleave format with a stream of ZMBV pictures, and one of samples if there is sound.
///
/// The header is brought up to date at every key frame, so that a file whose writer was killed still opens; only the
/// index at its end is missing then.
///
/// Source: [AVI]; [OPENDML] for the video properties.
final class AVIFile {
    /// What a file is about.
    struct Format: Hashable {
        var width: Int
        var height: Int
        /// Frames a second as a ratio, each 1 to 2,147,483,647.
        var rate: Int
        var scale: Int
        /// The shape of the whole picture.
        var aspect: (width: Int, height: Int)
        /// Frames of 16 bit stereo sound a second; nil for a silent film.
        var soundRate: Int?

        static func == (a: Format, b: Format) -> Bool {
            (a.width, a.height, a.rate, a.scale) == (b.width, b.height, b.rate, b.scale) && a.aspect == b.aspect
                && a.soundRate == b.soundRate
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(width)
            hasher.combine(height)
        }
    }

    /// Players of the format's first version stop at 1 GB.
    static let sizeLimit = 1_000_000_000
    static let frameLimit = 1_000_000

    let path: String
    private let format: Format
    private let file: OutputFile
    private(set) var frameCount = 0
    private var largestFrame = 0
    /// Frames of sound, and the bytes of the largest chunk.
    private(set) var soundCount = 0
    private var largestSound = 0
    private var index: [UInt8] = []
    /// What went wrong; nothing is written after it.
    var failure: String? { file.failure }

    /// - Returns: nil with errno set if the file cannot be made.
    init?(path: String, format: Format) {
        (self.path, self.format) = (path, format)
        guard let file = OutputFile(path: path) else { return nil }
        self.file = file
        file.append(header(indexSize: nil))
    }

    /// Whether another frame of `size` bytes has to go to another file.
    func isFull(for size: Int) -> Bool {
        frameCount >= AVIFile.frameLimit || file.size + size + index.count + 64 > AVIFile.sizeLimit
    }

    func append(_ frame: [UInt8], isKey: Bool) {
        append("00dc", frame, isKey: isKey)
        frameCount += 1
        largestFrame = max(largestFrame, frame.count)
        if isKey { file.replace(at: 0, with: header(indexSize: nil)) }
    }

    /// Adds stereo samples, left first, that belong to the frames before and after.
    func append(sound samples: some Collection<Int16>) {
        guard format.soundRate != nil, !samples.isEmpty else { return }
        var content = RIFFBytes()
        content.samples(samples)
        append("01wb", content.bytes, isKey: true)
        soundCount += samples.count / 2
        largestSound = max(largestSound, content.bytes.count)
    }

    private func append(_ name: StaticString, _ content: [UInt8], isKey: Bool) {
        var entry = RIFFBytes()
        entry.tag(name)
        entry.word(isKey ? 0x10 : 0)
        // Counted from the word `movi`.
        entry.word(file.size - AVIFile.headerSize + 4)
        entry.word(content.count)
        index += entry.bytes
        var chunk = RIFFBytes()
        chunk.tag(name)
        chunk.word(content.count)
        chunk.bytes += content
        // Chunks begin at even places.
        if content.count % 2 == 1 { chunk.bytes.append(0) }
        file.append(chunk.bytes)
    }

    /// Writes the index and closes the file. Returns what went wrong, or nil.
    func close() -> String? {
        var end = RIFFBytes()
        end.tag("idx1")
        end.word(index.count)
        end.bytes += index
        let header = header(indexSize: end.bytes.count)
        file.append(end.bytes)
        file.replace(at: 0, with: header)
        return file.close()
    }

    // MARK: Header

    private static let headerSize = 4_096

    /// Everything before the first frame, always `headerSize` bytes.
    private func header(indexSize: Int?) -> [UInt8] {
        let end = max(file.size, AVIFile.headerSize)
        var riff = RIFFBytes()
        riff.tag("RIFF")
        riff.word(end - 8 + (indexSize ?? 0))
        riff.tag("AVI ")
        riff.list("hdrl") {
            $0.chunk("avih") { mainHeader(&$0) }
            $0.list("strl") {
                $0.chunk("strh") { streamHeader(&$0) }
                $0.chunk("strf") { bitmapHeader(&$0) }
                $0.chunk("vprp") { videoProperties(&$0) }
            }
            guard let rate = format.soundRate else { return }
            $0.list("strl") {
                $0.chunk("strh") { soundHeader(&$0, rate: rate) }
                $0.chunk("strf") { $0.stereoFormat(rate: rate) }
            }
        }
        let room = AVIFile.headerSize - 12 - riff.bytes.count - 8
        riff.chunk("JUNK") { $0.zeros(room) }
        riff.tag("LIST")
        riff.word(end - AVIFile.headerSize + 4)
        riff.tag("movi")
        return riff.bytes
    }

    private func mainHeader(_ out: inout RIFFBytes) {
        out.word(Int((Double(format.scale) / Double(format.rate) * 1e6).rounded()))  // microseconds a frame
        out.word(0)  // bytes a second: not known
        out.word(0)  // padding
        out.word(format.soundRate == nil ? 0x10 : 0x110)  // has an index; is interleaved
        out.word(frameCount)
        out.word(0)  // initial frames
        out.word(format.soundRate == nil ? 1 : 2)  // streams
        out.word(max(largestFrame, largestSound))
        out.word(format.width)
        out.word(format.height)
        out.zeros(16)
    }

    private func streamHeader(_ out: inout RIFFBytes) {
        out.tag("vids")
        out.tag("ZMBV")
        out.zeros(12)  // flags, priority, language, initial frames
        out.word(format.scale)
        out.word(format.rate)
        out.word(0)  // start
        out.word(frameCount)
        out.word(largestFrame)
        out.word(-1)  // quality: the codec's
        out.word(0)  // samples differ in size
        out.half(0)
        out.half(0)
        out.half(format.width)
        out.half(format.height)
    }

    private func soundHeader(_ out: inout RIFFBytes, rate: Int) {
        out.tag("auds")
        out.zeros(16)  // codec, flags, priority, language, initial frames
        out.word(4)
        out.word(rate * 4)
        out.word(0)  // start
        out.word(soundCount)
        out.word(largestSound)
        out.word(-1)  // quality: the codec's
        out.word(4)  // bytes a frame
        out.zeros(8)
    }

    private func bitmapHeader(_ out: inout RIFFBytes) {
        out.word(40)
        out.word(format.width)
        out.word(format.height)
        out.half(1)  // planes
        out.half(24)
        out.tag("ZMBV")
        out.word(format.width * format.height * 4)
        out.zeros(16)
    }

    private func videoProperties(_ out: inout RIFFBytes) {
        out.word(0)  // format: unknown
        out.word(0)  // standard: unknown
        out.word(Int((Double(format.rate) / Double(format.scale)).rounded()))  // refresh rate
        out.word(format.width)
        out.word(format.height)
        out.half(format.aspect.height)
        out.half(format.aspect.width)
        out.word(format.width)
        out.word(format.height)
        out.word(1)  // fields a frame
        // The one field: all of the picture.
        out.word(format.height)
        out.word(format.width)
        out.word(format.height)
        out.word(format.width)
        out.zeros(16)
    }
}
