import Core
import TestSupport
import Testing

@testable import Output

@Suite struct StandardMIDIFileTests {
    @Test func messagesComeBackAtTheirTimes() throws {
        let folder = try TemporaryFolder()
        let file = try StandardMIDIFile(path: folder.path("a.mid"))
        // Running status, a real time byte amid a message, system exclusive, a song position, program change.
        let bytes: [UInt8] = [
            0x90, 60, 100, 64, 0xF8, 90, 0xF0, 0x41, 0x10, 0x42, 0xF7, 0x33, 0xC5, 7, 8, 0xF2, 1, 2, 60, 0x90, 60, 0,
        ]
        for (number, byte) in bytes.enumerated() { file.sendMIDI(byte, at: .milliseconds(Int64(number) * 10)) }
        #expect(file.finish(at: .seconds(1)) == nil)
        let read = MIDIFileReader(try ByteReader(file: folder.file("a.mid")))
        #expect(read.ticksPerSecond == 10_000)
        let expected: [(Int, [UInt8])] = [
            (20, [0x90, 60, 100]), (40, [0xF8]), (50, [0x90, 64, 90]), (100, [0xF0, 0x41, 0x10, 0x42, 0xF7]),
            (130, [0xC5, 7]), (140, [0xC5, 8]), (170, [0xF2, 1, 2]), (210, [0x90, 60, 0]),
        ]
        #expect(read.events.map(\.bytes) == expected.map(\.1))
        #expect(read.events.map(\.time) == expected.map { ($0.0 - 20) * 10 })
        #expect(read.end == (1_000 - 20) * 10)
    }

    @Test func aRunningStatusIsNotRepeated() throws {
        let folder = try TemporaryFolder()
        let file = try StandardMIDIFile(path: folder.path("a.mid"))
        for number in UInt8(0)..<100 {
            file.add(MIDIMessage(bytes: [0x91, number, 1], time: .milliseconds(Int64(number))))
        }
        #expect(file.finish(at: .milliseconds(99)) == nil)
        // A delta time and two data each, the status once, and the end of the track.
        #expect(try ByteReader(file: folder.file("a.mid")).bytes.count == 22 + 100 * 3 + 1 + 4)
    }

    @Test func aSilenceOfDaysIsKept() throws {
        let folder = try TemporaryFolder()
        let file = try StandardMIDIFile(path: folder.path("a.mid"))
        file.add(MIDIMessage(bytes: [0x90, 1, 1], time: .zero))
        file.add(MIDIMessage(bytes: [0x90, 2, 1], time: .seconds(100_000)))
        #expect(file.finish(at: .seconds(100_000)) == nil)
        let read = MIDIFileReader(try ByteReader(file: folder.file("a.mid")))
        #expect(read.events.map(\.time) == [0, 1_000_000_000])
    }

    @Test func anEmptyFileIsAFile() throws {
        let folder = try TemporaryFolder()
        #expect(try StandardMIDIFile(path: folder.path("a.mid")).finish(at: .seconds(3)) == nil)
        #expect(MIDIFileReader(try ByteReader(file: folder.file("a.mid"))).events.isEmpty)
        #expect(throws: SoundFileError.self) { try StandardMIDIFile(path: "/nonexistent/a.mid") }
    }

    /// Any bytes make a file that can be read, with the messages that the parser found.
    @Test(arguments: UInt64(1)...8) func anyBytesMakeAFile(_ seed: UInt64) throws {
        let folder = try TemporaryFolder()
        var random = SeededGenerator(seed: seed)
        let file = try StandardMIDIFile(path: folder.path("a.mid"))
        var parser = MIDIMessageParser()
        var messages: [MIDIMessage] = []
        var time = Tick.seconds(1)
        for _ in 0..<20_000 {
            let isStatus = Int.random(in: 0..<6, using: &random) == 0
            let byte = UInt8.random(in: isStatus ? 0x80...0xFF : 0...0x7F, using: &random)
            time += Tick(.random(in: 0...10_000_000, using: &random))
            file.sendMIDI(byte, at: time)
            if let message = parser.take(byte, at: time) { messages.append(message) }
        }
        #expect(file.finish(at: time) == nil)
        let read = MIDIFileReader(try ByteReader(file: folder.file("a.mid")))
        #expect(read.events.map(\.bytes) == messages.map(\.bytes))
        let start = try #require(messages.first).time
        #expect(read.events.map(\.time) == messages.map { Int(($0.time - start).count / (Tick.perSecond / 10_000)) })
    }
}
