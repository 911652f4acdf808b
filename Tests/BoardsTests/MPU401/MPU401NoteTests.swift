import Boards
import Core
import TestSupport
import Testing

@Suite struct MPU401NoteTests {
    private typealias Note = MPU401Bench.Note

    /// Two notes are on, one of them on a channel without a reference table.
    private func playing() -> MPU401Bench {
        let bench = MPU401Bench()
        bench.songs[0xF0] = [[10, 0x90, 0x30, 0x40], [2, 0x94, 0x31, 0x40], [200, 0xFC]]
        bench.start()
        bench.play(to: 20)
        bench.cable.bytes = []
        bench.cable.times = []
        return bench
    }

    private static let silence: [UInt8] = [0x90, 0x30, 0, 0xB0, 0x7B, 0, 0x94, 0x31, 0, 0xB4, 0x7B, 0]

    @Test func `a stop turns off the notes that are on`() {
        for (command, bytes) in [(UInt8(0x05), [0xFC] + Self.silence), (0x04, Self.silence), (0xB9, Self.silence)] {
            let bench = playing()
            bench.commands([command], [command])
            #expect(bench.cable.bytes == (command == 0x05 ? bytes + [0xFC] : bytes))
        }
        let quiet = playing()
        quiet.commands([0x30], [0x05])
        #expect(quiet.cable.bytes == [0xFC, 0x90, 0x30, 0, 0x94, 0x31, 0])
    }

    @Test func `so does the end of the last track`() {
        let bench = MPU401Bench()
        bench.songs = [0xF0: [[10, 0x90, 0x30, 0x40], [10, 0xFC]], 0xF1: [[30, 0xFC]]]
        bench.start()
        bench.play(to: 40)
        #expect(bench.sent == [Note(10, 0x90, 0x30, 0x40), Note(30, 0x90, 0x30, 0), Note(30, 0xB0, 0x7B, 0)])
    }

    @Test func `B8h turns nothing off, but a stop after it does`() {
        let bench = playing()
        bench.commands([0xB8])
        #expect(bench.cable.bytes == [])
        bench.run(to: bench.now + MPU401Bench.tick)
        #expect(bench.readAll() == [0xF0])
        bench.commands([0x04])
        #expect(bench.cable.bytes == Self.silence)
    }

    /// Track 1 holds a note from 10 to 50, track 2 from 20 to 80.
    private func overlap(_ channel: UInt8, _ commands: [UInt8]...) -> [Note] {
        let bench = MPU401Bench()
        bench.songs[0xF0] = [[10, 0x90 | channel, 0x30, 0x40], [40, 0x30, 0], [239, 0xFC]]
        bench.songs[0xF1] = [[20, 0x90 | channel, 0x30, 0x41], [60, 0x80 | channel, 0x30, 0x22], [239, 0xFC]]
        for command in commands { bench.commands(command) }
        bench.start()
        bench.play(to: 100)
        return bench.sent
    }

    @Test func `with a reference table a note is struck again, and ends with the last track that holds it`() {
        func expected(_ channel: UInt8) -> [Note] {
            [
                Note(10, 0x90 | channel, 0x30, 0x40), Note(20, 0x90 | channel, 0x30, 0),
                Note(20, 0x90 | channel, 0x30, 0x41),
                Note(80, 0x80 | channel, 0x30, 0x22), Note(80, 0xB0 | channel, 0x7B, 0),
            ]
        }
        #expect(overlap(0) == expected(0))
        #expect(overlap(3) == expected(3))
        // Table D looks after channel 10 and no longer after channel 4.
        #expect(overlap(9, [0x79]) == expected(9))
        #expect(overlap(0, [0x98], [0x99]) == expected(0))
    }

    @Test func `without one it ends when any track lets it go`() {
        func expected(_ channel: UInt8) -> [Note] {
            [
                Note(10, 0x90 | channel, 0x30, 0x40), Note(20, 0x90 | channel, 0x30, 0),
                Note(20, 0x90 | channel, 0x30, 0x41),
                Note(50, 0x90 | channel, 0x30, 0), Note(50, 0xB0 | channel, 0x7B, 0),
            ]
        }
        #expect(overlap(5) == expected(5))
        #expect(overlap(0, [0x98]) == expected(0))
        #expect(overlap(3, [0x79]) == expected(3))
        #expect(overlap(3, [0x30], [0x9E]) == Array(expected(3).dropLast()))
    }

    @Test func `data that the host wants to send go out at once, with running status by track`() {
        let bench = MPU401Bench()
        func sent(_ command: UInt8, _ data: UInt8...) -> [UInt8] {
            bench.cable.bytes = []
            bench.commands([command] + data)
            return bench.cable.bytes
        }
        #expect(sent(0xD0, 0x90, 0x30, 0x40) == [0x90, 0x30, 0x40])
        #expect(sent(0xD1, 0xC3, 7) == [0xC3, 7])
        #expect(sent(0xD0, 0x31, 0x41) == [0x90, 0x31, 0x41])
        #expect(sent(0xD1, 8) == [0xC3, 8])
        // Off what was never on, a system message, a message that is not complete when the next command comes.
        #expect(sent(0xD0, 0x35, 0) == [])
        #expect(sent(0xD2, 0xF0, 1, 2) == [])
        #expect(sent(0xD3, 0xB0, 7) == [])
        #expect(sent(0xD3, 0xB0, 7, 100) == [0xB0, 7, 100])
        #expect(sent(0xD0, 0x30, 0) == [0x90, 0x30, 0])
        #expect(sent(0xB9) == [0x90, 0x31, 0, 0xB0, 0x7B, 0])
    }

    @Test func `system messages of the host end as they must`() {
        let bench = MPU401Bench()
        func sent(_ data: UInt8...) -> [UInt8] {
            bench.cable.bytes = []
            bench.commands([0xDF] + data)
            // Data that belong to no command.
            bench.data(0x11, 0x22)
            return bench.cable.bytes
        }
        #expect(sent(0xF0, 0x41, 0x10, 0xF7) == [0xF0, 0x41, 0x10, 0xF7])
        #expect(sent(0xF0, 0x41, 0x90) == [0xF0, 0x41, 0x90])
        #expect(sent(0xF2, 1, 2) == [0xF2, 1, 2])
        #expect(sent(0xF3, 1) == [0xF3, 1])
        #expect(sent(0xF6) == [0xF6])
        #expect(sent(0xF8) == [])
        #expect(sent(0x45) == [])
    }
}
