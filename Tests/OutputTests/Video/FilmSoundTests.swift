import Core
import Foundation
import Testing

@testable import Output

@Suite struct FilmSoundTests {
    private func frame(_ number: Int, width: Int = 32) -> Frame {
        Frame(
            width: width, height: 24, pixels: Array(repeating: UInt32(number) &* 0x10203, count: width * 24),
            dotAspect: .init(1, 1), time: .zero)
    }

    /// Frame `n` of the machine's sound has the samples 3n and -3n, so that each says where it belongs.
    private func block(from: Tick, to: Tick, rate: Int) -> AudioBlock {
        let clock = ClockRatio(hertz: Int64(rate))
        let range = clock.cycles(at: from)..<clock.cycles(at: to)
        return AudioBlock(
            rate: rate,
            samples: range.flatMap { [Int16(truncatingIfNeeded: $0 * 3), Int16(truncatingIfNeeded: $0 * -3)] },
            time: clock.time(ofCycle: range.lowerBound))
    }

    private struct Film {
        var pictures = 0
        var sound: [Int16] = []
        /// Frames of sound before each picture.
        var soundBefore: [Int] = []
        var streams: [(kind: String, scale: Int, rate: Int, length: Int)] = []

        init(_ file: ByteReader) throws {
            #expect(file.tag(0) == "RIFF" && file.tag(8) == "AVI " && file.number(4) == file.bytes.count - 8)
            let chunks = file.chunks(12..<file.bytes.count)
            let lists = chunks.filter { $0.name == "LIST" }.map(\.content)
            let head = try #require(lists.first { file.tag($0.lowerBound) == "hdrl" })
            let movie = try #require(lists.first { file.tag($0.lowerBound) == "movi" })
            let index = try #require(chunks.first { $0.name == "idx1" }).content
            let headers = file.chunks(head.lowerBound + 4..<head.upperBound)
            let main = try #require(headers.first { $0.name == "avih" }).content.lowerBound
            for list in headers where list.name == "LIST" {
                let parts = file.chunks(list.content.lowerBound + 4..<list.content.upperBound)
                let place = try #require(parts.first { $0.name == "strh" }).content.lowerBound
                streams.append(
                    (file.tag(place), file.number(place + 20), file.number(place + 24), file.number(place + 32)))
            }
            #expect(file.number(main + 24) == streams.count)
            let entries = file.chunks(movie.lowerBound + 4..<movie.upperBound)
            #expect(index.count == entries.count * 16)
            for (number, entry) in entries.enumerated() {
                let place = index.lowerBound + number * 16
                #expect(file.tag(place) == entry.name && file.number(place + 12) == entry.content.count)
                #expect(file.number(place + 8) + movie.lowerBound + 8 == entry.content.lowerBound)
                if entry.name == "01wb" {
                    sound += file.samples(entry.content)
                } else {
                    #expect(entry.name == "00dc")
                    pictures += 1
                    soundBefore.append(sound.count / 2)
                }
            }
        }
    }

    @Test func soundAndPicturesAreOfTheSameTime() throws {
        let folder = try TemporaryFolder()
        let rate = 48_000
        let recording = VideoRecording(path: folder.path("a.avi"), soundRate: rate)
        let period = Tick(Tick.perSecond * 10 / 701)
        var (time, heard) = (Tick.seconds(7), Tick.seconds(6))
        for number in 0..<200 {
            // Blocks of 10 ms, which the frames do not keep to.
            while heard < time + period {
                recording.add(block(from: heard, to: heard + .milliseconds(10), rate: rate))
                heard += .milliseconds(10)
            }
            time += period
            recording.add(frame(number), at: time, period: period)
        }
        #expect(recording.finish() == nil)
        let film = try Film(try ByteReader(file: folder.file("a.avi")))
        #expect(film.pictures == 200)
        #expect(film.streams.map(\.kind) == ["vids", "auds"])
        #expect(film.streams[1].rate / film.streams[1].scale == rate && film.streams[1].length == film.sound.count / 2)
        // The first frame was drawn from second 7 on; the sound ends with the last.
        let clock = ClockRatio(hertz: Int64(rate))
        let first = clock.cycles(at: .seconds(7))
        #expect(Int64(film.sound.count / 2) == clock.cycles(at: .seconds(7) + period * 200) - first)
        for index in 0..<film.sound.count / 2 {
            let expected = Int16(truncatingIfNeeded: (first + Int64(index)) * 3)
            if film.sound[index * 2] != expected || film.sound[index * 2 + 1] != 0 &- expected {
                Issue.record("frame \(index)")
                break
            }
        }
        // Interleaved: the sound is never far from the pictures.
        for (number, sound) in film.soundBefore.enumerated() where number > 1 {
            #expect(abs(Int64(sound) - clock.cycles(at: period * Int64(number))) < 700)
        }
    }

    @Test func soundThatIsMissingIsSilence() throws {
        let folder = try TemporaryFolder()
        let recording = VideoRecording(path: folder.path("a.avi"), soundRate: 1_000)
        let period = Tick.milliseconds(20)
        for number in 0..<100 {
            let time = period * Int64(number)
            if !(20..<60).contains(number) { recording.add(block(from: time, to: time + period, rate: 1_000)) }
            recording.add(frame(number), at: time + period, period: period)
        }
        #expect(recording.finish() == nil)
        let film = try Film(try ByteReader(file: folder.file("a.avi")))
        #expect(film.sound.count == 2_000 * 2)
        for index in 0..<2_000 {
            #expect(film.sound[index * 2] == ((400..<1_200).contains(index) ? 0 : Int16(index * 3)))
        }
    }

    @Test func aNewFileGoesOnWithItsOwnSound() throws {
        let folder = try TemporaryFolder()
        let recording = VideoRecording(path: folder.path("a.avi"), soundRate: 1_000)
        let period = Tick.milliseconds(20)
        for number in 0..<40 {
            let time = period * Int64(number)
            recording.add(block(from: time, to: time + period, rate: 1_000))
            recording.add(frame(number, width: number < 20 ? 32 : 48), at: time + period, period: period)
        }
        #expect(recording.finish() == nil)
        let second = try Film(try ByteReader(file: folder.file("a-2.avi")))
        #expect(second.pictures == 20 && second.sound.count == 400 * 2)
        #expect(second.sound.first == 1_200)
    }

    @Test func soundWithoutPicturesTakesNoRoom() {
        var sound = FilmSound(rate: 100)
        for second in Int64(0)..<1_000 {
            sound.add(block(from: .seconds(second), to: .seconds(second + 1), rate: 100))
        }
        // The last ten seconds are there.
        #expect(sound.take(from: 99_000, to: 99_001) == [-30_680, 30_680])
        #expect(sound.take(from: 0, to: 99_900).count <= 100 * 10 * 2)
    }

    @Test func aFilmWithoutSoundHasOneStream() throws {
        let folder = try TemporaryFolder()
        let recording = VideoRecording(path: folder.path("a.avi"))
        recording.add(block(from: .zero, to: .seconds(1), rate: 1_000))
        for number in 0..<3 {
            recording.add(frame(number), at: .milliseconds(Int64(number) * 20), period: .milliseconds(20))
        }
        #expect(recording.finish() == nil)
        let film = try Film(try ByteReader(file: folder.file("a.avi")))
        #expect(film.streams.count == 1 && film.sound.isEmpty)
    }
}
