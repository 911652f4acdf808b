import CSound

/// A FLAC file of 16 bit stereo samples, written by libsndfile, which is loaded for it.
final class FLACFile: SampleFile {
    private let library: ochenta_sndfile
    private var file: OpaquePointer?
    private let path: String
    private(set) var failure: String?

    /// FLAC counts frames in 36 bits.
    private static let frameLimit = 1 << 36
    private var frames = 0

    /// Makes the file, or throws a line that says why not.
    init(path: String, rate: Int) throws(SoundFileError) {
        self.path = path
        library = try FLACFile.load()
        var format = ochenta_sf_info()
        (format.samplerate, format.channels) = (Int32(clamping: rate), 2)
        format.format = Int32(OCHENTA_SF_FORMAT_FLAC | OCHENTA_SF_FORMAT_PCM_16)
        file = library.open(path, Int32(OCHENTA_SFM_WRITE), &format)
        if file == nil {
            throw SoundFileError("\(path) cannot be made as FLAC: \(String(cString: library.strerror(nil)))")
        }
    }

    /// Why FLAC files cannot be written here; nil if they can.
    static var obstacle: String? {
        do throws(SoundFileError) { _ = try load() } catch { return error.message }
        return nil
    }

    private static func load() throws(SoundFileError) -> ochenta_sndfile {
        var reason: UnsafePointer<CChar>?
        guard let table = ochenta_sndfile_load(&reason) else {
            let text = reason.map { String(cString: $0) } ?? ""
            throw SoundFileError("FLAC files need libsndfile (Debian: libsndfile1): \(text)")
        }
        return table.pointee
    }

    var isFull: Bool { frames >= FLACFile.frameLimit }

    func append(_ samples: ArraySlice<Int16>) {
        guard failure == nil, let file else { return }
        let count = samples.withUnsafeBufferPointer { samples -> Int64 in
            guard let start = samples.baseAddress else { return 0 }
            return library.writef_short(file, start, Int64(samples.count / 2))
        }
        frames += samples.count / 2
        if count != samples.count / 2 { failure = String(cString: library.strerror(file)) }
    }

    func close() -> String? {
        if let file, library.close(file) != 0, failure == nil { failure = "cannot be written" }
        file = nil
        return failure.map { "\(path): \($0)" }
    }

    deinit { if let file { _ = library.close(file) } }
}
