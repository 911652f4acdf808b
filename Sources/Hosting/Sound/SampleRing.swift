import Synchronization

/// Stereo frames between one thread that writes and one that reads. Neither waits for the other.
///
/// Unchecked: the memory is shared, and the two counts say which of the threads owns which part of it.
final class SampleRing: @unchecked Sendable {
    /// Frames; a power of two.
    let capacity: Int
    private let samples: UnsafeMutablePointer<Int16>
    /// Frames since the beginning. A difference is the number of frames that wait.
    private let written = Atomic<Int>(0)
    private let read = Atomic<Int>(0)

    /// - Parameter frames: room for at least so many.
    init(frames: Int) {
        var capacity = 1
        while capacity < frames { capacity *= 2 }
        self.capacity = capacity
        samples = .allocate(capacity: capacity * 2)
        samples.initialize(repeating: 0, count: capacity * 2)
    }

    deinit { samples.deallocate() }

    /// Frames that wait.
    var count: Int { written.load(ordering: .acquiring) - read.load(ordering: .acquiring) }

    /// Adds frames as far as there is room. For the writing thread. Returns how many were taken.
    func write(_ source: UnsafeBufferPointer<Int16>) -> Int {
        let start = written.load(ordering: .relaxed)
        let room = capacity - (start - read.load(ordering: .acquiring))
        let count = min(source.count / 2, room)
        for index in 0..<count {
            let place = (start + index) & (capacity - 1)
            samples[place * 2] = source[index * 2]
            samples[place * 2 + 1] = source[index * 2 + 1]
        }
        written.store(start + count, ordering: .releasing)
        return count
    }

    /// Adds silence as far as there is room. For the writing thread.
    func writeSilence(_ frames: Int) {
        let start = written.load(ordering: .relaxed)
        let count = min(frames, capacity - (start - read.load(ordering: .acquiring)))
        guard count > 0 else { return }
        for index in 0..<count {
            let place = (start + index) & (capacity - 1)
            samples[place * 2] = 0
            samples[place * 2 + 1] = 0
        }
        written.store(start + count, ordering: .releasing)
    }

    /// Takes frames as far as there are any. For the reading thread. Returns how many there were.
    func read(into target: UnsafeMutableBufferPointer<Int16>) -> Int {
        let start = read.load(ordering: .relaxed)
        let count = min(target.count / 2, written.load(ordering: .acquiring) - start)
        for index in 0..<count {
            let place = (start + index) & (capacity - 1)
            target[index * 2] = samples[place * 2]
            target[index * 2 + 1] = samples[place * 2 + 1]
        }
        read.store(start + count, ordering: .releasing)
        return count
    }
}
