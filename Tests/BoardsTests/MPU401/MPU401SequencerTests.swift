import Boards
import Core
import TestSupport
import Testing

@Suite struct MPU401SequencerTests {
    private typealias Note = MPU401Bench.Note

    @Test func `an event without a time goes out with the one before it, and the next one comes when it should`() {
        let bench = MPU401Bench()
        bench.songs[0xF0] = [
            [0, 0x90, 0x3C, 0x40], [0, 0x40, 0x40], [0, 0x43, 0x40], [100, 0x3C, 0], [0, 0x40, 0], [0, 0x43, 0],
            [50, 0xC0, 1], [0, 0xFC],
        ]
        bench.songs[0xF1] = [[100, 0xC1, 2], [50, 3], [0, 0xFC]]
        bench.start()
        #expect(bench.play(to: 200) == [Note(150, 0xFC)])
        #expect(
            bench.sent == [
                Note(0, 0x90, 0x3C, 0x40), Note(0, 0x90, 0x40, 0x40), Note(0, 0x90, 0x43, 0x40), Note(100, 0xC1, 2),
                Note(100, 0x90, 0x3C, 0), Note(100, 0x90, 0x40, 0), Note(100, 0x90, 0x43, 0), Note(100, 0xB0, 0x7B, 0),
                Note(150, 0xC1, 3), Note(150, 0xC0, 1),
            ])
    }

    @Test func `requests come with the first tick, the last track first, and one at a time`() {
        let bench = MPU401Bench()
        bench.songs = [0xF0: [], 0xF3: [], 0xF9: []]
        bench.start()
        #expect(bench.readAll() == [])
        bench.run(to: bench.origin)
        #expect(bench.readAll() == [0xF9])
        bench.data(9, 0x95)
        #expect(bench.readAll() == [0xF3])
        bench.data(0xF8)
        #expect(bench.readAll() == [0xF0])
        bench.data(5, 0xFC)
        #expect(bench.readAll() == [])
    }

    @Test func `tracks become active with B8h only`() {
        let bench = MPU401Bench()
        bench.commands([0xEC, 1], [0x0A])
        bench.run(to: .seconds(1))
        #expect(bench.readAll() == [])
        bench.commands([0x05], [0xB8], [0x0A])
        bench.run(to: .seconds(2))
        #expect(bench.readAll() == [0xF0])
    }

    @Test func `a late answer delays nothing that follows`() {
        let bench = MPU401Bench()
        bench.songs = [0xF0: [], 0xF1: [[30, 0xC1, 1], [30, 2], [239, 0xFC]]]
        bench.start()
        bench.play(to: 0)
        bench.data(10, 0xC0, 0)
        // Read at 10, answered at 13.5 and due at 20; then answered at 32.5, due at 30, and the next due at 40.
        bench.play(to: 13)
        bench.run(to: bench.now + Tick(10_500_000))
        bench.data(10, 1)
        bench.play(to: 32)
        bench.run(to: bench.now + Tick(10_500_000))
        bench.data(10, 2)
        #expect(bench.play(to: 33) == [Note(32.5, 0xF0)])
        bench.data(10, 3)
        bench.play(to: 50)
        #expect(
            bench.sent == [
                Note(10, 0xC0, 0), Note(20, 0xC0, 1), Note(30, 0xC1, 1), Note(32.5, 0xC0, 2), Note(40, 0xC0, 3),
            ])
    }

    @Test func `240 ticks without an event, marks without effect, and running status`() {
        let bench = MPU401Bench()
        bench.songs[0xF0] = [[10, 0xB0, 7, 100], [0xF8], [5, 0xF8], [5, 10, 64], [7, 0xF9], [7, 0xFC]]
        bench.start()
        #expect(bench.play(to: 300) == [Note(274, 0xFC)])
        #expect(bench.sent == [Note(10, 0xB0, 7, 100), Note(260, 0xB0, 10, 64)])
    }

    @Test func `a stop keeps what is due, a continue goes on with it`() {
        let bench = MPU401Bench()
        bench.songs[0xF0] = [[100, 0xC0, 1], [239, 0xFC]]
        bench.start()
        bench.play(to: 40)
        bench.commands([0x05])
        bench.play(to: 90)
        bench.commands([0x0B])
        #expect(bench.scheduler.nextDeadline == bench.now + MPU401Bench.tick)
        bench.play(to: 170)
        #expect(bench.sent == [Note(40, 0xFC), Note(90, 0xFB), Note(150, 0xC0, 1)])
    }

    @Test func `who waited for data when play stopped asks again, and data for nobody is passed over`() {
        let bench = MPU401Bench()
        bench.songs[0xF0] = []
        bench.start()
        bench.run(to: bench.origin)
        // The request is read after the stop: its answer belongs to nothing.
        bench.command(0x05)
        #expect(bench.readAll() == [0xF0, 0xFE])
        bench.data(0, 0xC0, 1)
        bench.commands([0x0B])
        bench.run(to: bench.now + MPU401Bench.tick)
        #expect(bench.read() == 0xF0)
        bench.data(0, 0xC0, 2)
        #expect(bench.cable.bytes == [0xFC, 0xFB, 0xC0, 2])
    }

    @Test func `a request that waits when a command is sent is answered first`() {
        let bench = MPU401Bench()
        bench.songs[0xF0] = []
        bench.start()
        bench.run(to: bench.origin)
        bench.command(0xD1)
        #expect(bench.read() == 0xF0)
        bench.data(20, 0xC0, 5)
        #expect(bench.readAll() == [0xFE])
        bench.data(0xC1, 6)
        bench.play(to: 30)
        #expect(bench.sent == [Note(0, 0xC1, 6), Note(20, 0xC0, 5)])
    }

    @Test func `commands of start and stop that have no function do nothing`() {
        let bench = MPU401Bench()
        bench.commands([0xEC, 1], [0xB8], [0x0C], [0x30], [0x00])
        #expect(bench.scheduler.nextDeadline == .never && bench.cable.bytes == [])
    }

    // MARK: The conductor

    @Test func `the conductor changes the tempo at its tick`() {
        let bench = MPU401Bench()
        bench.songs[0xF0] = [[100, 0xC0, 1], [100, 2], [100, 3], [100, 4], [20, 0xFC]]
        bench.songs[0xF9] = [[200, 0xE0, 200], [220, 0xFC]]
        bench.start()
        // From tick 200 on a tick is 60/200 of what it was.
        #expect(bench.play(to: 300) == [Note(266, 0xFC)])
        #expect(bench.sent == [Note(100, 0xC0, 1), Note(200, 0xC0, 2), Note(230, 0xC0, 3), Note(260, 0xC0, 4)])
    }

    @Test func `commands of the conductor are carried out without an acknowledgement, after its next request`() {
        let bench = MPU401Bench()
        // At 20 a message of track 4, whose bytes come with the next answer; at 40 a play counter, before the track's tick; at 50 two at once.
        bench.songs[0xF0] = [[100, 0xC0, 1], [200, 0xFC]]
        bench.songs[0xF9] = [[20, 0xD3], [0xC3, 0x33, 20, 0xA0], [10, 0xE7, 40], [0, 0x95], [0, 0xF9], [0xF8]]
        bench.start()
        #expect(bench.play(to: 65) == [Note(40, 61), Note(51, 0xFD), Note(61, 0xFD)])
        #expect(bench.sent == [Note(20, 0xC3, 0x33)])
    }

    @Test func `the conductor stops the play`() {
        let bench = MPU401Bench()
        bench.songs[0xF0] = [[10, 0x90, 0x30, 0x40], [100, 0xFC]]
        bench.songs[0xF9] = [[30, 0x05]]
        bench.start()
        #expect(bench.play(to: 60) == [])
        #expect(
            bench.sent == [
                Note(10, 0x90, 0x30, 0x40), Note(30, 0xFC), Note(30, 0x90, 0x30, 0), Note(30, 0xB0, 0x7B, 0),
            ])
        #expect(bench.scheduler.nextDeadline == .never)
    }

    @Test func `all tracks have ended once, if the conductor has as well`() {
        let bench = MPU401Bench()
        bench.songs = [0xF0: [[10, 0xFC]], 0xF9: [[5, 0xFC]]]
        bench.start()
        #expect(bench.play(to: 100) == [Note(10, 0xFC)])
        bench.songs = [0xF0: [[10, 0xFC]], 0xF9: [[50, 0xF8], [50, 0xFC]]]
        bench.start()
        #expect(bench.play(to: 200) == [])
    }
}
