import Testing

@testable import Hosting

@Suite struct AudioFeedTests {
    private func push(_ feed: AudioFeed, _ samples: [Int16], target: Int) {
        samples.withUnsafeBufferPointer { feed.push($0, target: target) }
    }

    private func pull(_ feed: AudioFeed, _ frames: Int) -> [Int16] {
        var target = [Int16](repeating: 77, count: frames * 2)
        target.withUnsafeMutableBufferPointer { feed.pull(into: $0) }
        return target
    }

    @Test func aStoppedFeedIsSilentAndNothingIsMissing() {
        let feed = AudioFeed(frames: 100)
        #expect(pull(feed, 5) == [Int16](repeating: 0, count: 10))
        #expect(feed.underruns == 0 && feed.isStopped)
    }

    @Test func itBeginsWithItsTargetOfFrames() {
        let feed = AudioFeed(frames: 100)
        push(feed, [1, 2, 3, 4], target: 5)
        #expect(feed.fill == 5 && !feed.isStopped)
        #expect(pull(feed, 5) == [0, 0, 0, 0, 0, 0, 1, 2, 3, 4])
        push(feed, [5, 6], target: 5)
        #expect(feed.fill == 1)
    }

    @Test func missingFramesAreCountedFadeOutAndAreFilledUpOnce() {
        let feed = AudioFeed(frames: 4_096)
        push(feed, [1_000, -1_000, 2_000, -3_000], target: 0)
        let heard = pull(feed, 1_000)
        #expect(feed.underruns == 1 && feed.isStopped)
        #expect(heard[..<4] == [1_000, -1_000, 2_000, -3_000])
        for index in stride(from: 4, to: 2_000, by: 2) {
            #expect(abs(heard[index]) <= abs(heard[index - 2]) && abs(heard[index + 1]) <= abs(heard[index - 1]))
        }
        #expect(heard[1_998] == 0 && heard[1_999] == 0 && heard[10] > 1_000)
        // Without frames it is no shortage any more.
        _ = pull(feed, 10)
        #expect(feed.underruns == 1)
        push(feed, [9, 9], target: 50)
        #expect(feed.fill == 50)
    }

    @Test func anEndIsNoShortage() {
        let feed = AudioFeed(frames: 100)
        push(feed, [1, 2, 3, 4], target: 2)
        feed.end()
        #expect(pull(feed, 1) == [1, 2])
        #expect(!feed.isStopped)
        #expect(pull(feed, 2)[..<2] == [3, 4])
        #expect(feed.underruns == 0 && feed.isStopped)
        // Sound again before it has ended.
        push(feed, [1, 2, 3, 4], target: 2)
        feed.end()
        push(feed, [5, 6], target: 90)
        #expect(pull(feed, 3) == [1, 2, 3, 4, 5, 6])
        _ = pull(feed, 1)
        #expect(feed.underruns == 1)
    }
}
