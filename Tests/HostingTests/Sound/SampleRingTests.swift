import Glibc
import TestSupport
import Testing

@testable import Hosting

@Suite struct SampleRingTests {
    private func frames(_ range: Range<Int>) -> [Int16] {
        range.flatMap { [Int16(truncatingIfNeeded: $0), Int16(truncatingIfNeeded: -$0)] }
    }

    private func read(_ ring: SampleRing, _ count: Int) -> [Int16] {
        var target = [Int16](repeating: 99, count: count * 2)
        let got = target.withUnsafeMutableBufferPointer { ring.read(into: $0) }
        return Array(target[..<(got * 2)])
    }

    @Test(arguments: UInt64(1)...5) func framesComeOutInOrderAndNoneIsLost(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let ring = SampleRing(frames: 100)
        #expect(ring.capacity == 128)
        var (written, taken) = (0, 0)
        for _ in 0..<5_000 {
            let count = Int.random(in: 0...90, using: &random)
            if Bool.random(using: &random) {
                let accepted = frames(written..<written + count).withUnsafeBufferPointer { ring.write($0) }
                #expect(accepted == min(count, 128 - (written - taken)))
                written += accepted
            } else {
                let expected = taken..<taken + min(count, written - taken)
                #expect(read(ring, count) == frames(expected))
                taken = expected.upperBound
            }
            #expect(ring.count == written - taken)
        }
    }

    @Test func silenceTakesItsPlaceAmongTheFrames() {
        let ring = SampleRing(frames: 8)
        _ = frames(1..<3).withUnsafeBufferPointer { ring.write($0) }
        ring.writeSilence(100)
        #expect(ring.count == 8)
        #expect(read(ring, 10) == frames(1..<3) + [Int16](repeating: 0, count: 12))
        ring.writeSilence(-3)
        #expect(ring.count == 0)
    }

    /// Two threads, as many switches between them as come: whatever they are, the frames are those that were written.
    @Test func twoThreadsNeedNoLock() throws {
        let ring = SampleRing(frames: 64)
        let total = 40_000
        let thread = HostThread {
            var (next, size) = (0, 1)
            while next < total {
                let block = (next..<min(next + size, total)).flatMap { number in
                    [Int16(truncatingIfNeeded: number), Int16(truncatingIfNeeded: number >> 15)]
                }
                let count = block.withUnsafeBufferPointer { ring.write($0) }
                if count == 0 { sched_yield() }
                next += count
                size = size * 5 % 61 + 1
            }
        }
        let writer = try #require(thread)
        var (next, errors) = (0, 0)
        var target = [Int16](repeating: 0, count: 74)
        while next < total {
            let got = target.withUnsafeMutableBufferPointer { ring.read(into: $0) }
            if got == 0 { sched_yield() }
            for index in 0..<got {
                let expected = (Int16(truncatingIfNeeded: next), Int16(truncatingIfNeeded: next >> 15))
                if (target[index * 2], target[index * 2 + 1]) != expected { errors += 1 }
                next += 1
            }
        }
        writer.join()
        #expect(errors == 0 && ring.count == 0)
    }
}
