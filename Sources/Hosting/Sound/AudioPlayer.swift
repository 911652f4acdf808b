import Core
import Machine

/// Plays a machine's sound on a device of the host. Everything here belongs to the machine's thread.
///
/// The device is opened when there is something to be heard, and not before. When it cannot be opened, or is gone, that
/// is said in one line, and the machine runs on, silent.
public final class AudioPlayer {
    private let format: AudioFormat
    private let open: (AudioFeed, AudioFormat) throws(AudioDeviceError) -> any AudioDevice
    private let log: (String) -> Void
    private var device: (any AudioDevice)?
    private var isUseless = false
    let feed: AudioFeed
    private let resampler = DriftResampler()
    private var control: DriftControl
    /// Frames without any sound since the last that had some.
    private var silence = Int.max
    /// Blocks left out because too much waited.
    private(set) var dropped = 0
    private var scaled: [Int16] = []

    /// Loudness, 0 to 200 percent of what the machine gives.
    public var volume = 100 {
        didSet { volume = min(max(volume, 0), 200) }
    }
    public var isMuted = false

    /// Milliseconds that the device plays at once. SDL's dummy driver knows whole ones.
    private static let periodTime = 4
    /// Milliseconds above the target from which blocks are left out.
    private static let excess = 20
    /// Milliseconds of silence after which the device is left alone.
    private static let patience = 500

    /// - Parameters:
    ///   - latency: milliseconds from the machine to the device's output, 10 to 500.
    ///   - log: says a line to the user.
    init(
        rate: Int, latency: Int, log: @escaping (String) -> Void,
        open: @escaping (AudioFeed, AudioFormat) throws(AudioDeviceError) -> any AudioDevice
    ) {
        // A device holds two periods and takes one at a time, and two filters delay; the rest waits here before each block.
        let period = rate * AudioPlayer.periodTime / 1_000
        format = AudioFormat(rate: rate, period: period)
        (self.log, self.open) = (log, open)
        feed = AudioFeed(frames: rate)
        let elsewhere = period * 3 + PersonalComputer.audioDelay + DriftResampler.delay
        control = DriftControl(target: Double(max(rate * latency / 1_000 - elsewhere, period)), rate: Double(rate))
    }

    /// The correction in force, as a part of the rate.
    var correction: Double { control.correction }

    /// Turns the volume by a tenth, and the sound on.
    public func step(up isLouder: Bool) {
        volume += isLouder ? 10 : -10
        isMuted = false
    }

    /// Plays a block.
    public func play(_ block: AudioBlock) {
        guard !isUseless, block.rate == format.rate, !block.samples.isEmpty else { return }
        let frames = block.samples.count / 2
        if volume == 0 || isMuted || block.samples.allSatisfy({ $0 == 0 }) {
            silence += min(frames, Int.max - silence)
        } else {
            silence = 0
        }
        guard isPlaying else { return feed.end() }
        guard hasDevice(), feed.isWarm else { return }
        // The first sound need not wait for the silence before it.
        let silent = feed.isStopped ? block.samples.prefix { $0 == 0 }.count / 2 : 0
        guard silent < frames else { return }
        push(silent == 0 ? block.samples : Array(block.samples.dropFirst(silent * 2)), frames: frames - silent)
    }

    /// Whether there is something to be heard, or was a moment ago.
    public var isPlaying: Bool { silence <= format.rate * AudioPlayer.patience / 1_000 && !isUseless }

    public var canPlay: Bool { !isUseless }

    private func push(_ samples: [Int16], frames: Int) {
        if feed.isStopped { control.restart() }
        // The first frame of the block is heard after those that wait before it.
        let fill = feed.isStopped ? control.target : Double(feed.fill)
        // More than the drift can explain: the device has stood still for a while, or is far too slow.
        guard fill < control.target + Double(format.rate * AudioPlayer.excess / 1_000) else { return dropped += 1 }
        control.update(fill: fill, frames: frames)
        let target = Int(control.target) + frames
        resampler.process(loud(samples), correction: control.correction) { feed.push($0, target: target) }
    }

    private func loud(_ samples: [Int16]) -> [Int16] {
        if volume == 100, !isMuted { return samples }
        let factor = isMuted ? 0 : volume * 65_536 / 100
        scaled.removeAll(keepingCapacity: true)
        scaled.append(contentsOf: samples.lazy.map { Int16(clamping: (Int($0) * factor) >> 16) })
        return scaled
    }

    /// Nothing is heard until the next block: the machine stands still, or its time is not the host's.
    public func pause() {
        feed.end()
        silence = Int.max
    }

    /// Gives the device back.
    public func close() {
        // What the device asks for until it has stopped is not missing.
        feed.end()
        device?.close()
        device = nil
        isUseless = true
    }

    private func hasDevice() -> Bool {
        if let device {
            guard let failure = device.failure else { return true }
            log("the sound device is gone: \(failure); the machine runs on, silent")
            close()
            return false
        }
        do throws(AudioDeviceError) {
            device = try open(feed, format)
            return true
        } catch {
            log("no sound: \(error.message)")
            isUseless = true
            return false
        }
    }
}
