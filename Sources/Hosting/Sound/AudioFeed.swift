import Synchronization

/// What a sound device plays: it pulls frames on its own thread, while the machine's thread supplies them.
///
/// When the machine is silent or stands still the feed is stopped and gives silence. When it flows and frames are missing
/// all the same, that is counted, and the feed stops until it has been filled to its target again.
final class AudioFeed: Sendable {
    private enum Flow: UInt8, AtomicRepresentable {
        case stopped
        /// Frames are expected.
        case flowing
        /// What is there is played, and nothing comes after it.
        case ending
    }

    private let ring: SampleRing
    private let flow = Atomic<Flow>(.stopped)
    private let shortages = Atomic<Int>(0)
    private let pulls = Atomic<Int>(0)
    /// The last frame, which fades out where frames are missing. It belongs to the device's thread.
    private let last = Atomic<UInt32>(0)

    init(frames: Int) { ring = SampleRing(frames: frames) }

    /// How often the device found too few frames while they were expected.
    var underruns: Int { shortages.load(ordering: .relaxed) }
    /// Whether the device has begun. At first it takes some periods at once, for its own buffers.
    var isWarm: Bool { pulls.load(ordering: .relaxed) >= 3 }
    /// Frames that wait.
    var fill: Int { ring.count }
    var isStopped: Bool { flow.load(ordering: .acquiring) == .stopped }

    // MARK: The machine's thread

    /// Adds frames. If nothing flows, silence comes before them, so that `target` frames wait when it begins.
    func push(_ frames: UnsafeBufferPointer<Int16>, target: Int) {
        if flow.compareExchange(expected: .ending, desired: .flowing, ordering: .acquiringAndReleasing).original
            == .stopped
        {
            ring.writeSilence(target - frames.count / 2 - ring.count)
            _ = ring.write(frames)
            flow.store(.flowing, ordering: .releasing)
        } else {
            _ = ring.write(frames)
        }
    }

    /// Nothing comes any more: what is there is played, then silence.
    func end() {
        _ = flow.compareExchange(expected: .flowing, desired: .ending, ordering: .acquiringAndReleasing)
    }

    // MARK: The device's thread

    /// Fills `target`, which has two elements for each frame.
    func pull(into target: UnsafeMutableBufferPointer<Int16>) {
        pulls.add(1, ordering: .relaxed)
        let state = flow.load(ordering: .acquiring)
        let count = state == .stopped ? 0 : ring.read(into: target)
        if count < target.count / 2, state != .stopped {
            if state == .flowing { shortages.add(1, ordering: .relaxed) }
            // The machine's thread may have turned an end into a flow in the meantime.
            flow.store(.stopped, ordering: .releasing)
        }
        var (left, right) = unpack(last.load(ordering: .relaxed))
        if count > 0 { (left, right) = (target[count * 2 - 2], target[count * 2 - 1]) }
        for index in count..<target.count / 2 {
            (left, right) = (faded(left), faded(right))
            target[index * 2] = left
            target[index * 2 + 1] = right
        }
        last.store(pack(left, right), ordering: .relaxed)
    }

    /// To silence within some hundred frames: a jump would be heard as a click.
    private func faded(_ sample: Int16) -> Int16 { Int16(truncatingIfNeeded: Int(sample) * 31 / 32) }

    private func pack(_ left: Int16, _ right: Int16) -> UInt32 {
        UInt32(UInt16(bitPattern: left)) << 16 | UInt32(UInt16(bitPattern: right))
    }

    private func unpack(_ frame: UInt32) -> (Int16, Int16) {
        (Int16(truncatingIfNeeded: frame >> 16), Int16(truncatingIfNeeded: frame))
    }
}
