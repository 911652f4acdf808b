import Core
import Glibc

/// Writes the frames of a machine to AVI files, dot for dot and at the machine's own rate.
///
/// A file has one size of picture and one rate. A frame of another size begins a new file, and so does a file that is
/// full: `game.avi`, `game-2.avi`, `game-3.avi`. While a program sets a mode, the beam makes frames of odd lengths: a file
/// begins when two of a size have been equally long, and a size that comes and goes before that has no file.
///
/// Equal dots of one pixel stay in the file, because registers may change between them; they cost next to nothing
/// compressed.
public final class VideoRecording {
    /// Most files of one recording. A program that changes its mode for ever does not fill a directory.
    public static let fileLimit = 100
    /// Most frames by which one is held when none come.
    private static let gapLimit: Int64 = 600

    private let path: String
    private var sound: FilmSound?
    private var file: AVIFile?
    private var encoder: ZMBVEncoder?
    private var format: AVIFile.Format?
    /// The time of the first frame of the present file, and of one frame.
    private var start = Tick.zero
    private var period = Tick.zero
    private var lastPixels: [UInt32] = []
    /// Frames of a new size, until it is certain how long they are shown.
    private var held: [Entry] = []
    public private(set) var fileCount = 0
    public private(set) var failure: String?
    /// Whether frames were left out because there are `fileLimit` files.
    public private(set) var isCut = false

    private struct Entry {
        var frame: Frame
        var time: Tick
        var period: Tick
    }

    /// Most frames that are held.
    private static let heldLimit = 8

    /// - Parameters:
    ///   - path: the first file. It is made when the first frame comes.
    ///   - soundRate: frames of sound a second, if the film has sound.
    public init(path: String, soundRate: Int? = nil) {
        self.path = path
        sound = soundRate.map { FilmSound(rate: $0) }
    }

    /// Adds sound. What was heard while a frame was shown should come before that frame; blocks of another rate are
    /// left out.
    public func add(_ block: AudioBlock) { sound?.add(block) }

    /// Adds what was shown up to `time`.
    /// - Parameter period: how long a frame is shown.
    public func add(_ frame: Frame, at time: Tick, period: Tick) {
        guard failure == nil, !isCut, period > .zero else { return }
        let entry = Entry(frame: frame, time: time, period: period)
        if file != nil, let format, format.width == frame.width, format.height == frame.height {
            return write(entry)
        }
        end()
        if let first = held.first?.frame, first.width != frame.width || first.height != frame.height { held = [] }
        held.append(entry)
        guard let last = held.dropLast().last else { return }
        if abs((last.period - period).count) <= period.count / 1_000 || held.count == VideoRecording.heldLimit {
            writeHeld()
        }
    }

    /// Ends the last file. Returns what went wrong, or nil.
    public func finish() -> String? {
        writeHeld()
        end()
        return failure
    }

    /// Begins a file with the frames that have been held.
    private func writeHeld() {
        guard let first = held.first, let last = held.last else { return }
        begin(first.frame, at: first.time, period: last.period)
        for entry in held { write(entry) }
        held = []
    }

    private func write(_ entry: Entry) {
        guard let file, failure == nil, period > .zero else { return }
        // The place by the clock, so that the film keeps the machine's time whatever frames come.
        var place = ((entry.time - start).count + period.count / 2) / period.count
        let done = Int64(file.frameCount)
        if place - done > VideoRecording.gapLimit {
            start += Tick((place - done) * period.count)
            place = done
        }
        guard place >= done else { return }
        for _ in done..<place { append(lastPixels) }
        append(entry.frame.pixels)
        lastPixels = entry.frame.pixels
        if var sound = self.sound {
            // A frame stands for the time before its own, in which the beam drew it.
            let first = start - period
            let (from, to) = (sound.position(of: first), sound.position(of: first + period * Int64(file.frameCount)))
            file.append(sound: sound.take(from: from + Int64(file.soundCount), to: to))
            self.sound = sound
        }
        if file.failure != nil || file.isFull(for: lastPixels.count * 5) { end() }
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
        var format = AVIFile.Format(frame, period: period)
        format.soundRate = sound?.rate
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
