import Core
import TestSupport
import Testing

@testable import Hosting

/// A device that only says what a test wants.
private final class StillDevice: AudioDevice {
    var failure: String?
    private(set) var isClosed = false
    func close() { isClosed = true }
}

@Suite struct AudioPlayerTests {
    private static let rate = 48_000

    private func block(_ level: Int16, frames: Int = 480, rate: Int = AudioPlayerTests.rate) -> AudioBlock {
        AudioBlock(rate: rate, samples: Array(repeating: level, count: frames * 2), time: .zero)
    }

    private func pull(_ player: AudioPlayer, _ frames: Int) -> [Int16] {
        var target = [Int16](repeating: 77, count: frames * 2)
        target.withUnsafeMutableBufferPointer { player.feed.pull(into: $0) }
        return target
    }

    private func player(log: @escaping (String) -> Void = { _ in }, device: StillDevice = StillDevice()) -> AudioPlayer
    {
        let player = AudioPlayer(rate: AudioPlayerTests.rate, latency: 24, log: log) { _, _ in device }
        // As a device that has begun.
        for _ in 0..<3 { _ = pull(player, 1) }
        return player
    }

    @Test func theDeviceIsOpenedWithTheFirstSound() {
        var opened: [AudioFormat] = []
        let player = AudioPlayer(rate: 48_000, latency: 24, log: { _ in }) { _, format in
            opened.append(format)
            return StillDevice()
        }
        for _ in 0..<100 { player.play(block(0)) }
        player.play(block(100, rate: 44_100))
        player.play(block(100, frames: 0))
        #expect(opened.isEmpty)
        player.play(block(100))
        player.play(block(100))
        #expect(opened == [AudioFormat(rate: 48_000, period: 192)])
    }

    @Test func aDeviceThatCannotBeOpenedIsOneLine() {
        var (lines, count): ([String], Int) = ([], 0)
        let player = AudioPlayer(rate: 48_000, latency: 24, log: { lines.append($0) }) {
            _, _ throws(AudioDeviceError) in
            count += 1
            throw AudioDeviceError("there is none")
        }
        for _ in 0..<1_000 { player.play(block(100)) }
        #expect(lines == ["no sound: there is none"] && count == 1)
        #expect(player.feed.fill == 0)
    }

    @Test func aDeviceThatDisappearsIsOneLineToo() {
        var lines: [String] = []
        let device = StillDevice()
        let player = player(log: { lines.append($0) }, device: device)
        player.play(block(100))
        device.failure = "unplugged"
        for _ in 0..<1_000 { player.play(block(100)) }
        #expect(lines == ["the sound device is gone: unplugged; the machine runs on, silent"])
        #expect(device.isClosed)
    }

    @Test func afterTheEndNothingIsMissing() {
        let player = player()
        player.play(block(100))
        player.close()
        for _ in 0..<10 { _ = pull(player, 480) }
        #expect(player.underruns == 0)
        player.play(block(100))
        #expect(player.feed.fill == 0)
    }

    @Test func aDeviceFillsItsOwnBuffersFirst() {
        let player = AudioPlayer(rate: AudioPlayerTests.rate, latency: 24, log: { _ in }) { _, _ in StillDevice() }
        player.play(block(100))
        #expect(player.feed.fill == 0)
        for _ in 0..<3 { _ = pull(player, 192) }
        player.play(block(100))
        #expect(player.feed.fill >= 496 + 480 && player.feed.underruns == 0)
    }

    @Test func theFirstSoundDoesNotWaitForTheSilenceBeforeIt() {
        let player = player()
        let samples = [Int16](repeating: 0, count: 400) + [Int16](repeating: 100, count: 80)
        player.play(AudioBlock(rate: AudioPlayerTests.rate, samples: samples, time: .zero))
        // 24 ms, without three periods of 4 ms and the delay of two filters.
        #expect(player.feed.fill == 1_152 - 576 - 80 + 40)
    }

    @Test func silenceEndsTheFlowAndSoundBeginsItAgain() {
        let player = player()
        player.play(block(100))
        for _ in 0..<49 {
            _ = pull(player, 480)
            player.play(block(0))
        }
        #expect(!player.feed.isStopped)
        for _ in 0..<10 {
            player.play(block(0))
            _ = pull(player, 480)
        }
        _ = pull(player, 4_800)
        #expect(player.feed.isStopped && player.feed.underruns == 0)
        player.play(block(100))
        #expect(!player.feed.isStopped)
    }

    @Test func aPauseIsSilentAndNothingPilesUp() {
        let player = player()
        for _ in 0..<3 {
            player.play(block(100))
            _ = pull(player, 480)
        }
        player.pause()
        for _ in 0..<10 { _ = pull(player, 480) }
        #expect(pull(player, 10) == [Int16](repeating: 0, count: 20))
        #expect(player.feed.underruns == 0)
        player.play(block(100))
        let wait = player.feed.fill
        #expect((672...1_200).contains(wait), "\(wait) frames wait")
    }

    @Test func whatCannotBePlayedInTimeIsLeftOut() {
        let player = player()
        // A device that takes nothing.
        for _ in 0..<1_000 { player.play(block(100)) }
        #expect(player.dropped > 900)
        #expect(player.feed.fill < 48_000 * 50 / 1_000)
    }

    @Test func loudnessIsThatOfTheDeviceAlone() {
        let player = player()
        func level() -> Int16 {
            for _ in 0..<3 {
                player.play(block(1_000))
                _ = pull(player, 480)
            }
            player.play(block(1_000))
            return pull(player, 480)[0]
        }
        #expect(level() == 1_000)
        player.volume = 50
        #expect(level() == 500)
        player.volume = 1_000
        #expect(player.volume == 200)
        #expect(level() == 2_000)
        player.isMuted = true
        #expect(level() == 0)
        player.isMuted = false
        player.volume = 100
        #expect(level() == 1_000)
    }

    // MARK: Clocks that differ

    /// A device whose clock runs at `speed`, which pulls with up to `deviceJitter` seconds of delay, and a machine whose
    /// blocks come up to `machineJitter` late. Nothing of it is real time. `look` is told how long after its own time a
    /// block is heard, in seconds: what waits before it, one period that is taken and two in the device.
    private func simulate(
        speed: Double, deviceJitter: Double, machineJitter: Double, seconds: Double, seed: UInt64,
        _ look: (_ time: Double, _ late: Double, _ player: AudioPlayer) -> Void
    ) -> AudioPlayer {
        var random = SeededGenerator(seed: seed)
        let player = player()
        let rate = Double(AudioPlayerTests.rate)
        let period = 192
        let frames = 240
        var (machineTime, pulls) = (0.0, 0)
        var (nextBlock, nextPull) = (0.0, 0.0)
        while machineTime < seconds {
            if nextBlock <= nextPull {
                player.play(block(1_000, frames: frames))
                look(nextBlock, nextBlock - machineTime + Double(player.feed.fill - frames + period * 3) / rate, player)
                machineTime += Double(frames) / rate
                nextBlock = max(machineTime + .random(in: 0...machineJitter, using: &random), nextBlock)
            } else {
                _ = pull(player, period)
                pulls += 1
                nextPull = max(
                    Double(pulls * period) / (rate * speed) + .random(in: 0...deviceJitter, using: &random), nextPull)
            }
        }
        return player
    }

    @Test(arguments: [1.003, 0.997, 1.0, 1.0001], [0.0, 0.003])
    func aDriftIsCorrectedAndNothingIsEverMissing(_ speed: Double, _ jitter: Double) {
        var (largest, sum, count) = (0.0, 0.0, 0)
        var lates: [Double] = []
        let player = simulate(speed: speed, deviceJitter: jitter, machineJitter: jitter, seconds: 80, seed: 11) {
            time, late, player in
            largest = max(largest, abs(player.correction))
            lates.append(late)
            if time > 50 {
                sum += player.correction
                count += 1
            }
        }
        #expect(player.feed.underruns == 0 && player.dropped == 0)
        #expect(largest < 0.005)
        // The correction is the drift.
        #expect(abs(sum / Double(count) - (speed - 1)) < 0.0002)
        // The latency: 30 ms at most, and while the drift is not yet known 5 more.
        #expect((lates.max() ?? 0) < 0.035, "\(lates.max() ?? 0) s")
        let later = lates[(lates.count / 2)...]
        #expect((later.max() ?? 0) < 0.030, "\(later.max() ?? 0) s")
    }

    @Test func aDeviceFarTooSlowIsLateByLittle() {
        var most = 0
        let player = simulate(speed: 0.97, deviceJitter: 0, machineJitter: 0, seconds: 60, seed: 1) { _, _, player in
            most = max(most, player.feed.fill)
            #expect(abs(player.correction) < 0.005)
        }
        #expect(player.dropped > 0 && player.feed.underruns == 0)
        #expect(most < 48_000 * 60 / 1_000)
    }

    @Test func aDeviceFarTooFastIsFilledAgainAndAgain() {
        let player = simulate(speed: 1.05, deviceJitter: 0, machineJitter: 0, seconds: 10, seed: 1) { _, _, player in
            #expect(abs(player.correction) < 0.005)
        }
        // A twentieth is missing: some 50 times the 10 ms that wait.
        #expect((10...80).contains(player.feed.underruns), "\(player.feed.underruns)")
    }
}
