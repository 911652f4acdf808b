import Core
import Foundation
import TestSupport
import Testing

@testable import Output

@Suite struct SoundRecordingTests {
    private func noise(_ frames: Int, seed: UInt64) -> [Int16] {
        var random = SeededGenerator(seed: seed)
        return (0..<frames * 2).map { _ in Int16.random(in: .min ... .max, using: &random) }
    }

    /// Blocks of odd lengths from frame `first` on.
    private func blocks(_ samples: [Int16], rate: Int, first: Int64 = 0) -> [AudioBlock] {
        let clock = ClockRatio(hertz: Int64(rate))
        var (blocks, place, size): ([AudioBlock], Int, Int) = ([], 0, 1)
        while place < samples.count / 2 {
            let end = min(place + size, samples.count / 2)
            blocks.append(
                AudioBlock(
                    rate: rate, samples: Array(samples[place * 2..<end * 2]),
                    time: clock.time(ofCycle: first + Int64(place))))
            (place, size) = (end, size * 3 % 1_009 + 1)
        }
        return blocks
    }

    @Test(arguments: [44_100, 48_000, 49_716]) func everySampleComesBack(_ rate: Int) throws {
        let folder = try TemporaryFolder()
        let samples = noise(20_011, seed: 1)
        let recording = try SoundRecording(path: folder.path("a.wav"), rate: rate)
        for block in blocks(samples, rate: rate, first: 12_345) { recording.add(block) }
        #expect(recording.finish() == nil)
        let file = try ByteReader(file: folder.file("a.wav"))
        #expect(file.tag(0) == "RIFF" && file.tag(8) == "WAVE" && file.number(4) == file.bytes.count - 8)
        let chunks = file.chunks(12..<file.bytes.count)
        #expect(chunks.map(\.name) == ["fmt ", "data"])
        let format = chunks[0].content.lowerBound
        // PCM, two channels, rate, bytes a second, bytes a frame, bits.
        #expect(file.number(format, 2) == 1 && file.number(format + 2, 2) == 2 && file.number(format + 4) == rate)
        #expect(file.number(format + 8) == rate * 4 && file.number(format + 12, 2) == 4)
        #expect(file.number(format + 14, 2) == 16)
        #expect(file.samples(chunks[1].content) == samples)
    }

    @Test func aBlockStandsAtItsTime() throws {
        let folder = try TemporaryFolder()
        let recording = try SoundRecording(path: folder.path("a.WAV"), rate: 48_000)
        let block = AudioBlock(rate: 48_000, samples: [1, 2, 3, 4], time: .seconds(3))
        recording.add(block)
        recording.add(AudioBlock(rate: 48_000, samples: [5, 6], time: .seconds(4)))
        // Of another rate; earlier; late by what is rounding.
        recording.add(AudioBlock(rate: 44_100, samples: [7, 7], time: .seconds(4)))
        recording.add(AudioBlock(rate: 48_000, samples: [8, 9], time: .seconds(4)))
        recording.add(
            AudioBlock(rate: 48_000, samples: [10, 11], time: .seconds(4) + Tick(Tick.perSecond * 3 / 48_000)))
        #expect(recording.finish() == nil)
        let file = try ByteReader(file: folder.file("a.WAV"))
        let samples = file.samples(44..<file.bytes.count)
        #expect(samples.count == 48_003 * 2)
        #expect(samples[..<4] == [1, 2, 3, 4] && samples[4..<96_000].allSatisfy { $0 == 0 })
        #expect(samples[96_000...] == [5, 6, 8, 9, 10, 11])
    }

    @Test func aFileOfAKilledWriterSaysHowMuchThereIs() throws {
        let folder = try TemporaryFolder()
        let file = try #require(WAVFile(path: folder.path("a.wav"), rate: 48_000))
        let samples = noise(400_000, seed: 2)
        file.append(samples[...])
        let written = try ByteReader(file: folder.file("a.wav"))
        #expect(written.number(40) == 1_600_000 && written.number(4) == 1_600_036)
        #expect(written.samples(44..<written.bytes.count)[...] == samples[..<((written.bytes.count - 44) / 2)])
        #expect(file.close() == nil)
    }

    @Test func theLimitOfTheFormatCutsAndIsSaid() throws {
        let folder = try TemporaryFolder()
        let wav = try #require(WAVFile(path: folder.path("a.wav"), rate: 10, sizeLimit: 44 + 402))
        let recording = SoundRecording(path: "a.wav", file: wav, rate: 10)
        for block in blocks(noise(200, seed: 3), rate: 10) { recording.add(block) }
        #expect(recording.isCut)
        #expect(recording.finish()?.hasPrefix("a.wav: the recording ends after ") == true)
        let file = try ByteReader(file: folder.file("a.wav"))
        #expect(file.bytes.count == 44 + 400 && file.number(40) == 400)
        #expect(file.samples(44..<444)[...] == noise(200, seed: 3)[..<200])
        // The largest size is that of whole frames whose RIFF size fits.
        #expect(WAVFile.largestSize - 8 <= 0xFFFF_FFFF && WAVFile.largestSize % 4 == 0)
    }

    @Test func whatCannotBeWrittenIsSaid() throws {
        #expect(throws: SoundFileError.self) { try SoundRecording(path: "/nonexistent/a.wav", rate: 48_000) }
        let full = try SoundRecording(path: "/dev/full", rate: 48_000)
        full.add(AudioBlock(rate: 48_000, samples: noise(10, seed: 4), time: .zero))
        #expect(full.finish() == "/dev/full: No space left on device")
    }

    @Test(.enabled(if: SoundRecording.obstacle("a.flac") == nil, "libsndfile is not installed"))
    func losslessCompressionComesBackWithTheRightHeader() throws {
        let folder = try TemporaryFolder()
        let samples = (0..<96_000).map { Int16(sin(Double($0 / 2) * 0.05) * 20_000) }
        let recording = try SoundRecording(path: folder.path("a.flac"), rate: 48_000)
        for block in blocks(samples, rate: 48_000) { recording.add(block) }
        #expect(recording.finish() == nil)
        let file = try ByteReader(file: folder.file("a.flac"))
        #expect(file.tag(0) == "fLaC" && file.number(4, 1) & 0x7F == 0)
        // STREAMINFO: 20 bits of rate, 3 of channels less one, 5 of bits less one, 36 of frames; then an MD5.
        let packed = file.bigNumber(8 + 10, 8)
        #expect(packed >> 44 & 0xF_FFFF == 48_000 && packed >> 41 & 7 == 1 && packed >> 36 & 31 == 15)
        #expect(packed & 0xF_FFFF_FFFF == 48_000)
        #expect(file.bytes.count < 96_000)
        #expect(throws: SoundFileError.self) { try SoundRecording(path: "/nonexistent/a.flac", rate: 48_000) }
    }
}
