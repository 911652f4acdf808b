import Core
import Glibc

/// Why a recording cannot be made, as a line for the user.
public struct SoundFileError: Error, Hashable, Sendable {
    public var message: String

    init(_ message: String) { self.message = message }
}

/// Writes what a machine sounds like to a file: WAV or FLAC, by the end of its name.
///
/// The place of a block in the file is that of its time, so that the file keeps the machine's time: silence stands for
/// what was not drawn.
public final class SoundRecording {
    /// Ends of names, in lower case.
    public static let endings = [".wav", ".flac"]

    private let path: String
    private let file: any SampleFile
    private let rate: Int
    private let clock: ClockRatio
    /// The place of the first frame in the machine's time, and the frames so far.
    private var start: Int64?
    private var count: Int64 = 0
    /// Whether the end is missing, because the format takes no more.
    public private(set) var isCut = false

    /// Silence is written in pieces of so many frames.
    private static let pieceSize = 1 << 14

    /// Makes the file.
    /// - Parameter rate: frames a second, 1 to 655,350.
    public convenience init(path: String, rate: Int) throws(SoundFileError) {
        if path.lowercased().hasSuffix(".flac") {
            self.init(path: path, file: try FLACFile(path: path, rate: rate), rate: rate)
        } else {
            guard let file = WAVFile(path: path, rate: rate) else {
                throw SoundFileError("\(path): \(String(cString: strerror(errno)))")
            }
            self.init(path: path, file: file, rate: rate)
        }
    }

    init(path: String, file: any SampleFile, rate: Int) {
        (self.path, self.file, self.rate) = (path, file, rate)
        clock = ClockRatio(hertz: Int64(rate))
    }

    /// Why a recording to `path` cannot work here, whatever its directory; nil if it can.
    public static func obstacle(_ path: String) -> String? {
        path.lowercased().hasSuffix(".flac") ? FLACFile.obstacle : nil
    }

    /// Adds a block. Blocks of another rate are left out.
    public func add(_ block: AudioBlock) {
        guard block.rate == rate, failure == nil, !isCut else { return }
        // Half a frame more, as the mixer's times are whole ticks.
        let place = clock.cycles(at: max(block.time, .zero) + Tick(Tick.perSecond / Int64(rate) / 2))
        let start = start ?? place
        self.start = start
        var missing = place - start - count
        // One frame is rounding.
        guard missing > 1 else { return append(block.samples[...]) }
        let silence = [Int16](repeating: 0, count: SoundRecording.pieceSize * 2)
        while missing > 0, !isCut, failure == nil {
            let piece = Int(min(missing, Int64(SoundRecording.pieceSize)))
            append(silence[..<(piece * 2)])
            missing -= Int64(piece)
        }
        append(block.samples[...])
    }

    /// Completes the file. Returns a line about what went wrong, or nil.
    public func finish() -> String? {
        if let message = file.close() { return message }
        return isCut ? "\(path): the recording ends after \(count / Int64(rate)) s; the format takes no more" : nil
    }

    /// What has gone wrong so far.
    public var failure: String? { file.failure }

    private func append(_ samples: ArraySlice<Int16>) {
        guard !isCut else { return }
        if file.isFull { return isCut = true }
        file.append(samples)
        count += Int64(samples.count / 2)
    }
}
