import Core
import Glibc

/// Writes the frames of a machine to AVI files, dot for dot and at the machine's own rate.
///
/// A file has one size of picture and one rate. A frame of another size begins a new file, and so does a file that is
/// full: `game.avi`, `game-2.avi`, `game-3.avi`. Equal dots of one pixel stay in the file, because registers may change
/// between them; they cost next to nothing compressed.
public final class VideoRecording {
    /// Most files of one recording. A program that changes its mode for ever does not fill a directory.
    public static let fileLimit = 100
    /// Most frames by which one is held when none come.
    private static let gapLimit: Int64 = 600

    private let path: String
    private var file: AVIFile?
    private var encoder: ZMBVEncoder?
    private var format: AVIFile.Format?
    /// The time of the first frame of the present file, and of one frame.
    private var start = Tick.zero
    private var period = Tick.zero
    private var lastPixels: [UInt32] = []
    public private(set) var fileCount = 0
    public private(set) var failure: String?
    /// Whether frames were left out because there are `fileLimit` files.
    public private(set) var isCut = false

    /// - Parameter path: the first file. It is made when the first frame comes.
    public init(path: String) { self.path = path }

    /// Adds what was shown up to `time`.
    /// - Parameter period: how long a frame is shown.
    public func add(_ frame: Frame, at time: Tick, period: Tick) {
        guard failure == nil, !isCut, period > .zero else { return }
        let isSame = format.map { $0.width == frame.width && $0.height == frame.height } ?? false
        if !isSame || file == nil {
            begin(frame, at: time, period: period)
        }
        guard let file, failure == nil, self.period > .zero else { return }
        // The place by the clock, so that the film keeps the machine's time whatever frames come.
        var place = ((time - start).count + self.period.count / 2) / self.period.count
        let done = Int64(file.frameCount)
        if place - done > VideoRecording.gapLimit {
            start += Tick((place - done) * self.period.count)
            place = done
        }
        guard place >= done else { return }
        for _ in done..<place { append(lastPixels) }
        append(frame.pixels)
        lastPixels = frame.pixels
        if file.failure != nil || file.isFull(for: frame.pixels.count * 5) { end() }
    }

    /// Ends the last file. Returns what went wrong, or nil.
    public func finish() -> String? {
        end()
        return failure
    }

    private func append(_ pixels: [UInt32]) {
        guard let file, let encoder, pixels.count == (format.map { $0.width * $0.height } ?? 0) else { return }
        let (bytes, isKey) = encoder.encode(pixels)
        file.append(bytes, isKey: isKey)
    }

    private func begin(_ frame: Frame, at time: Tick, period: Tick) {
        end()
        guard failure == nil else { return }
        guard fileCount < VideoRecording.fileLimit else {
            isCut = true
            return
        }
        let format = AVIFile.Format(frame, period: period)
        let name = VideoRecording.name(path, number: fileCount + 1)
        guard let file = AVIFile(path: name, format: format) else {
            failure = "\(name): \(String(cString: strerror(errno)))"
            return
        }
        fileCount += 1
        (self.file, self.format) = (file, format)
        encoder = ZMBVEncoder(width: frame.width, height: frame.height)
        if encoder == nil { failure = "\(name): no memory" }
        (start, self.period, lastPixels) = (time, period, [])
    }

    private func end() {
        guard let file else { return }
        if let message = file.close(), failure == nil { failure = message }
        (self.file, encoder, format) = (nil, nil, nil)
    }

    /// `game.avi` for the first, then `game-2.avi`.
    static func name(_ path: String, number: Int) -> String {
        guard number > 1 else { return path }
        let ending = ".avi"
        guard path.lowercased().hasSuffix(ending) else { return "\(path)-\(number)" }
        return "\(path.dropLast(ending.count))-\(number)\(path.suffix(ending.count))"
    }
}

extension AVIFile.Format {
    init(_ frame: Frame, period: Tick) {
        // Players hold the ratio in 31 bits each: a millionth of a frame a second is near enough.
        let rate = min(max((Double(Tick.perSecond) / Double(period.count) * 1e6).rounded(), 1), 2e9)
        var aspect = (frame.width * max(frame.dotAspect.width, 1), frame.height * max(frame.dotAspect.height, 1))
        var (a, b) = aspect
        while b != 0 { (a, b) = (b, a % b) }
        aspect = (aspect.0 / a, aspect.1 / a)
        // Two bytes each.
        while max(aspect.0, aspect.1) > 0xFFFF { aspect = (max(aspect.0 / 2, 1), max(aspect.1 / 2, 1)) }
        self.init(width: frame.width, height: frame.height, rate: Int(rate), scale: 1_000_000, aspect: aspect)
    }
}
