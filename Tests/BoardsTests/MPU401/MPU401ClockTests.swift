import Boards
import Core
import TestSupport
import Testing

@Suite struct MPU401ClockTests {
    private typealias Note = MPU401Bench.Note

    private static func seconds(_ time: Tick) -> Double { Double(time.count) / Double(Tick.perSecond) }

    /// The ticks between clocks to the host; nothing plays.
    private func clocks(_ parameter: UInt8, count: Int) -> [Double] {
        let bench = MPU401Bench()
        bench.commands([0xE0, 60], [0xE7, parameter], [0x95])
        var times: [Double] = []
        while times.count <= count {
            bench.run(to: bench.scheduler.nextDeadline)
            for byte in bench.readAll() where byte == 0xFD { times.append(bench.ticks(bench.now)) }
        }
        return zip(times, times.dropFirst()).map { $1 - $0 }
    }

    @Test func `clocks to the host come in quarter ticks, the long ones first, while nothing plays`() {
        #expect(clocks(240, count: 3) == [60, 60, 60])
        #expect(clocks(44, count: 4) == [11, 11, 11, 11])
        #expect(clocks(45, count: 5) == [12, 11, 11, 11, 12])
        #expect(clocks(7, count: 5) == [2, 2, 2, 1, 2])
    }

    @Test func `a start sets the clock, a continue goes on with it, and E7h takes no 0`() {
        let bench = MPU401Bench()
        bench.songs[0xF0] = [[0xF8], [0xF8]]
        bench.commands([0xE7, 40], [0xE7, 0])
        bench.start()
        bench.commands([0x95])
        #expect(bench.play(to: 12) == [Note(0, 0xFD), Note(10, 0xFD)])
        bench.commands([0x05], [0x94])
        bench.run(to: bench.now + .seconds(3))
        bench.commands([0x0B], [0x95])
        bench.origin = bench.now + MPU401Bench.tick
        // Seven of ten ticks were to come.
        #expect(bench.play(to: 20) == [Note(7, 0xFD), Note(17, 0xFD)])
    }

    @Test func `clocks that the host does not read are kept, up to a limit`() {
        let bench = MPU401Bench()
        bench.commands([0xE0, 60], [0xE7, 40], [0x95])
        bench.run(to: MPU401Bench.tick * 31)
        #expect(bench.readAll() == [0xFD, 0xFD, 0xFD, 0xFD])
        bench.run(to: MPU401Bench.tick * 1_000)
        #expect(bench.readAll().count == 21)
    }

    @Test func `the conductor turns the clock on again, by an answer that comes when it is due`() {
        let bench = MPU401Bench()
        bench.songs[0xF9] = []
        bench.start()
        bench.run(to: bench.origin)
        #expect(bench.read() == 0xF9)
        bench.commands([0x82])
        #expect(bench.scheduler.nextDeadline == .never)
        bench.data(0, 0x80)
        #expect(bench.scheduler.nextDeadline == bench.now + MPU401Bench.tick)
    }

    @Test func `nothing drifts`() {
        let bench = MPU401Bench()
        bench.commands([0xE0, 77], [0xE7, 44], [0x95], [0x08])
        var clocks = 0
        for second in 1...60 {
            bench.run(to: .seconds(Int64(second)))
            clocks += bench.readAll().filter { $0 == 0xFD }.count
        }
        #expect(clocks == 77 * 120 / 11)
    }

    @Test(arguments: [
        // Timebase, tempo, relative tempo; ticks a minute, beats as AFh gives them.
        (UInt8(0xC2), UInt8(100), UInt8(0x40), 4_800.0, UInt8(100)), (0xC8, 100, 0x40, 19_200, 100),
        (0xC5, 100, 0x80, 24_000, 200), (0xC5, 100, 0x41, 12_187.5, 102), (0xC5, 1, 0x40, 457.763, 4),
        (0xC5, 0, 0x40, 457.763, 4), (0xC5, 255, 0x40, 30_000, 250), (0xC6, 255, 0x40, 30_000, 208),
        (0xC8, 200, 0x40, 30_000, 156), (0xC2, 200, 0xFF, 30_000, 255),
    ]) func `the tempo and its limits`(_ base: UInt8, _ tempo: UInt8, _ relative: UInt8, _ rate: Double, _ told: UInt8)
    {
        let bench = MPU401Bench()
        bench.commands([base], [0xE0, tempo], [0xE1, relative])
        bench.command(0xAF)
        #expect(bench.readAll() == [0xFE, told])
        bench.commands([0x95])
        #expect(abs(60 / Self.seconds(bench.scheduler.nextDeadline) / rate - 1) < 1e-4)
    }

    /// The share of the way that the relative tempo has gone at each MIDI clock.
    private func way(_ graduation: UInt8, to relative: UInt8, clocks: Int) -> [Double] {
        let bench = MPU401Bench()
        bench.commands([0xE2, graduation], [0xE1, relative], [0x95])
        var list: [Double] = []
        for _ in 0..<clocks {
            for _ in 0..<5 { bench.run(to: bench.scheduler.nextDeadline) }
            _ = bench.readAll()
            list.append(0.005 / Self.seconds(bench.scheduler.nextDeadline - bench.now) * 64)
        }
        return list
    }

    @Test func `a graduation goes the unit's own way from tempo to tempo`() {
        // Measured on the unit's program, in parts of 64 of the tempo.
        for (graduation, relative, expected) in [
            (UInt8(255), UInt8(0x20), [60.1, 54.3, 48.1, 42.7, 38.7, 35.9, 34.1, 33.0, 32.4]),
            (16, 0x80, [64.1, 64.3, 64.8, 65.3, 65.9, 66.7, 67.5, 68.7, 69.6, 71.0]), (0, 0x20, [32, 32]),
        ] {
            let list = way(graduation, to: relative, clocks: expected.count)
            for (value, wanted) in zip(list, expected) { #expect(abs(value - wanted) < 0.4, "\(list)") }
        }
        #expect(way(16, to: 0x80, clocks: 100).last == 128)
        #expect(way(1, to: 0x20, clocks: 400).last == 32)
    }

    @Test func `a relative tempo is taken back as it was given`() {
        let bench = MPU401Bench()
        bench.commands([0xE1, 0x80], [0xB1])
        bench.command(0xAF)
        #expect(bench.readAll() == [0xFE, 100])
    }

    @Test func `outer clocks, of which there are none, let nothing go on`() {
        let bench = MPU401Bench()
        bench.commands([0x82], [0x95])
        #expect(bench.scheduler.nextDeadline == .never)
        bench.commands([0x80])
        #expect(bench.scheduler.nextDeadline != .never)
    }
}
