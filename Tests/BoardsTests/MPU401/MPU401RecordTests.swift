import Boards
import Core
import TestSupport
import Testing

/// Recording from a MIDI IN where nothing is connected: times and marks.
@Suite struct MPU401RecordTests {
    private func bench() -> MPU401Bench {
        let bench = MPU401Bench()
        bench.commands([0xE0, 60])
        return bench
    }

    @Test func `a stop sends the time and the end of data`() {
        let bench = bench()
        bench.commands([0x22])
        #expect(bench.cable.bytes == [0xFA])
        bench.run(to: MPU401Bench.tick * 12)
        bench.command(0xAB)
        #expect(bench.readAll() == [0xFE, 12])
        bench.run(to: MPU401Bench.tick * 19)
        bench.command(0x11)
        #expect(bench.readAll() == [0xFE, 7, 0xFC])
        #expect(bench.cable.bytes == [0xFA, 0xFC])
        // There is nothing more to stop.
        bench.command(0x15)
        #expect(bench.readAll() == [0xFE])
        #expect(bench.scheduler.nextDeadline == .never)
    }

    @Test func `stand-by waits for a MIDI start`() {
        let bench = bench()
        bench.commands([0x08], [0x20])
        bench.run(to: MPU401Bench.tick * 10)
        bench.command(0x10)
        #expect(bench.readAll() == [0xFE, 0, 0xFC])
        bench.commands([0x20])
        bench.run(to: MPU401Bench.tick * 20)
        bench.commands([0x02])
        bench.run(to: MPU401Bench.tick * 35)
        bench.command(0x10)
        #expect(bench.readAll() == [0xFE, 15, 0xFC])
        // Time runs since the start, so that there is nothing to wait for.
        bench.commands([0x20])
        bench.run(to: MPU401Bench.tick * 40)
        bench.commands([0xBA])
        bench.run(to: MPU401Bench.tick * 43)
        bench.command(0x10)
        #expect(bench.readAll() == [0xFE, 3, 0xFC])
    }

    @Test func `the counter overflows at 240 ticks, and measures end where E4h and E6h say`() {
        let bench = bench()
        bench.commands([0x8C], [0x22])
        bench.run(to: MPU401Bench.tick * 241)
        #expect(bench.readAll() == [0xF8])
        bench.commands([0x11], [0x8D], [0xE4, 6], [0xE6, 2], [0x22])
        bench.run(to: MPU401Bench.tick * 363)
        #expect(bench.readAll() == [60, 0xF9, 60, 0xF9])
        // A measure of 240 ticks ends when the counter overflows.
        bench.commands([0x11], [0xE4, 24], [0x22])
        bench.run(to: bench.now + MPU401Bench.tick * 242)
        #expect(bench.readAll() == [0xF8, 0, 0xF9])
    }

    @Test func `recording in play tells how far the chosen tracks are`() {
        let bench = MPU401Bench()
        bench.songs = [0xF0: [[100, 0xFC]], 0xF1: [[120, 0xFC]], 0xF2: [[130, 0xFC]]]
        bench.commands([0xED, 0b011])
        bench.start()
        bench.play(to: 20)
        bench.command(0x20)
        #expect(bench.readAll() == [0xFE, 80, 100])
    }
}
