/// A RIFF WAVE file of 16 bit stereo samples.
///
/// The sizes in its header are brought up to date now and then, so that a file whose writer was killed still opens. A
/// size is 32 bits: the file ends before 4 GB.
///
/// Source: [WAVE].
final class WAVFile: SampleFile {
    private let file: OutputFile
    private let rate: Int
    private let sizeLimit: Int
    private var nextHeader = WAVFile.headerDistance

    static let headerSize = 44
    /// The largest multiple of a frame whose RIFF size fits.
    static let largestSize = 0xFFFF_FFFF - 3
    /// Bytes from one header to the next.
    private static let headerDistance = 1 << 16

    /// - Returns: nil with errno set if the file cannot be made.
    init?(path: String, rate: Int, sizeLimit: Int = WAVFile.largestSize) {
        guard let file = OutputFile(path: path) else { return nil }
        (self.file, self.rate, self.sizeLimit) = (file, rate, sizeLimit)
        file.append(header)
    }

    var failure: String? { file.failure }
    var isFull: Bool { file.size + 4 > sizeLimit }

    func append(_ samples: ArraySlice<Int16>) {
        let room = (sizeLimit - file.size) / 4 * 2
        var content = RIFFBytes()
        content.samples(samples.prefix(max(room, 0)))
        file.append(content.bytes)
        guard file.size >= nextHeader else { return }
        nextHeader = file.size + WAVFile.headerDistance
        file.replace(at: 0, with: header)
    }

    func close() -> String? {
        file.replace(at: 0, with: header)
        return file.close()
    }

    private var header: [UInt8] {
        let data = max(file.size - WAVFile.headerSize, 0)
        var riff = RIFFBytes()
        riff.tag("RIFF")
        riff.word(WAVFile.headerSize - 8 + data)
        riff.tag("WAVE")
        riff.chunk("fmt ") { $0.stereoFormat(rate: rate) }
        riff.tag("data")
        riff.word(data)
        return riff.bytes
    }
}
