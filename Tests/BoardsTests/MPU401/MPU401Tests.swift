import Boards
import Core
import TestSupport
import Testing

private final class Cable: MIDIOutput {
    var bytes: [UInt8] = []
    var times: [Tick] = []
    func sendMIDI(_ byte: UInt8, at now: Tick) {
        bytes.append(byte)
        times.append(now)
    }
}

private final class Bench {
    let scheduler = Scheduler()
    let cable = Cable()
    let mpu: MPU401
    var now = Tick.zero

    init() {
        mpu = MPU401(interrupt: Line(), slot: scheduler.makeSlot("mpu"))
        mpu.output = cable
    }

    func command(_ bytes: UInt8...) {
        mpu.writePort(0x331, bytes[0], at: now)
        for byte in bytes.dropFirst() { mpu.writePort(0x330, byte, at: now) }
    }

    func data(_ bytes: UInt8...) { for byte in bytes { mpu.writePort(0x330, byte, at: now) } }

    func readAll() -> [UInt8] {
        var list: [UInt8] = []
        while mpu.readPort(0x331, at: now) & 0x80 == 0 { list.append(mpu.readPort(0x330, at: now)) }
        return list
    }

    func run(to time: Tick) {
        scheduler.deliver(through: time)
        now = time
    }
}

@Suite struct MPU401Tests {
    @Test func `programs find it: reset and UART mode are acknowledged, a reset out of UART mode is not`() {
        let bench = Bench()
        #expect(bench.mpu.readPort(0x331, at: .zero) & 0xC0 == 0x80)
        bench.command(0xFF)
        #expect(bench.mpu.interrupt.isAsserted)
        #expect(bench.readAll() == [0xFE])
        #expect(!bench.mpu.interrupt.isAsserted)
        bench.command(0x3F)
        #expect(bench.readAll() == [0xFE])
        bench.data(0x90, 0x3C, 0x40)
        #expect(bench.cable.bytes == [0x90, 0x3C, 0x40])
        bench.command(0xFF)
        #expect(bench.readAll() == [])
        bench.command(0xAC)
        #expect(bench.readAll() == [0xFE, 0x15])
    }

    @Test func `two tracks play at the times of their timing bytes`() {
        let bench = Bench()
        // Tempo 60, timebase 120: 120 ticks a second, 21,000,000 ticks of the machine each.
        bench.command(0xE0, 60)
        bench.command(0xEC, 0b0000_0011)
        _ = bench.readAll()
        bench.command(0x0A)
        #expect(bench.readAll() == [0xFE, 0xF0])
        bench.data(10, 0x90, 0x30, 0x7F)
        #expect(bench.readAll() == [0xF1])
        bench.data(25, 0xC1, 0x05)
        #expect(bench.readAll() == [])
        bench.run(to: Tick(21_000_000) * 24)
        #expect(bench.cable.bytes == [0xFA, 0x90, 0x30, 0x7F])
        #expect(bench.cable.times.last == Tick(21_000_000) * 10)
        #expect(bench.readAll() == [0xF0])
        // Running status, late: the track waits for its data.
        bench.data(2, 0x31, 0x00)
        bench.run(to: Tick(21_000_000) * 26)
        #expect(Array(bench.cable.bytes.dropFirst(4)) == [0xC1, 0x05, 0x90, 0x31, 0x00])
        #expect(bench.cable.times[4] == Tick(21_000_000) * 25)
        #expect(bench.cable.times[6] == Tick(21_000_000) * 26)
        #expect(bench.readAll() == [0xF1])
        bench.data(1, 0xFC)
        #expect(bench.readAll() == [0xF0])
        bench.data(0xF8)
        bench.run(to: Tick(21_000_000) * 265)
        #expect(bench.readAll() == [])
        bench.run(to: Tick(21_000_000) * 266)
        #expect(bench.readAll() == [0xF0])
        bench.data(1, 0xFC)
        bench.run(to: Tick(21_000_000) * 300)
        #expect(bench.readAll() == [0xFC])
        #expect(bench.scheduler.nextDeadline == .never)
    }

    @Test func `the clock to the host comes at its interval, and nothing drifts`() {
        let bench = Bench()
        bench.command(0xE0, 77)
        bench.command(0xE7, 44)
        bench.command(0x95)
        bench.command(0x08)
        _ = bench.readAll()
        var clocks = 0
        for second in 1...60 {
            bench.run(to: .seconds(Int64(second)))
            clocks += bench.readAll().filter { $0 == 0xFD }.count
        }
        // 77 * 120 ticks a minute, one clock in 11.
        #expect(clocks == 77 * 120 / 11)
    }

    @Test(arguments: 1...8) func `random bytes do not trap, and a restored one goes on alike`(_ seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        let first = Bench()
        var second = Bench()
        var seen: [[UInt8]] = [[], []]
        for _ in 0..<800 {
            let (kind, value) = (Int.random(in: 0..<5, using: &dice), UInt8.random(in: 0...255, using: &dice))
            let span = Tick(Int64.random(in: 0...60_000_000, using: &dice))
            for (index, bench) in [first, second].enumerated() {
                switch kind {
                case 0: bench.mpu.writePort(0x331, value == 0x3F ? 0x0A : value, at: bench.now)
                case 1, 2: bench.mpu.writePort(0x330, value, at: bench.now)
                default: seen[index].append(bench.mpu.readPort(0x330, at: bench.now))
                }
                bench.run(to: bench.now + span)
            }
            let copy = Bench()
            #expect(restore(copy.scheduler, from: savedState(second.scheduler)) == nil)
            #expect(restore(copy.mpu, from: savedState(second.mpu)) == nil)
            copy.now = second.now
            second = copy
        }
        #expect(seen[0] == seen[1])
        #expect(savedState(first.mpu) == savedState(second.mpu))
        #expect(savedState(first.scheduler) == savedState(second.scheduler))
    }
}
