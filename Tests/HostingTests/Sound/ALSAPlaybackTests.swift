import Foundation
import Testing

@testable import Hosting

/// Whether ALSA's library is there. Its devices `null` and `file` need no sound card.
private let hasALSA: Bool = {
    do throws(AudioDeviceError) { try ALSAPlayback(device: "null", rate: 48_000, latency: 10_000).close() } catch {
        return false
    }
    return true
}()

@Suite(.enabled(if: hasALSA, "ALSA is not installed")) struct ALSAPlaybackTests {
    @Test func theNullDeviceTakesEverything() throws {
        let device = try ALSAPlayback(device: "null", rate: 48_000, latency: 10_000)
        let samples = [Int16](repeating: 5, count: 96_000)
        #expect(samples.withUnsafeBufferPointer { device.write($0) } == nil)
        device.close()
    }

    @Test func aFileHoldsWhatWasPlayed() throws {
        let path = FileManager.default.temporaryDirectory.appending(
            path: "ochenta-\(UInt64.random(in: 0 ... .max)).wav")
        defer { try? FileManager.default.removeItem(at: path) }
        let device = try ALSAPlayback(device: "file:\(path.path),wav", rate: 44_100, latency: 20_000)
        let samples = (0..<88_200).map { Int16(truncatingIfNeeded: $0 * 7) }
        for start in stride(from: 0, to: samples.count, by: 1_764) {
            #expect(samples[start..<start + 1_764].withUnsafeBufferPointer { device.write($0) } == nil)
        }
        device.close()
        let bytes = [UInt8](try Data(contentsOf: path))
        #expect(bytes.count >= 44 + 176_400)
        let data = bytes[44..<44 + 176_400]
        let read = stride(from: 44, to: 44 + 176_400, by: 2).map { Int16(data[$0]) | Int16(data[$0 + 1]) << 8 }
        #expect(read == samples)
    }

    @Test func aDeviceThatIsNotThereIsALine() {
        #expect {
            try ALSAPlayback(device: "nonsense:1,2,3", rate: 48_000, latency: 10_000)
        } throws: { error in
            (error as? AudioDeviceError)?.message.hasPrefix("alsa:nonsense:1,2,3 cannot be opened: ") == true
        }
    }

    @Test func itsThreadPlaysTheFeedUntilItIsClosed() throws {
        let feed = AudioFeed(frames: 48_000)
        let device = try ALSAAudioDevice(device: "null", feed, AudioFormat(rate: 48_000, period: 240))
        #expect(device.failure == nil)
        [Int16](repeating: 1, count: 2_000).withUnsafeBufferPointer { feed.push($0, target: 0) }
        feed.end()
        // It ends when the thread has taken all of it.
        while !feed.isStopped { sched_yield() }
        device.close()
        #expect(feed.underruns == 0 && feed.fill == 0)
    }
}
