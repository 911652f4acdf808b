import Boards
import Core
import TestSupport
import Testing

@Suite struct MPU401Tests {
    @Test func `programs find it: reset and UART mode are acknowledged, a reset out of UART mode is not`() {
        let bench = MPU401Bench()
        #expect(bench.mpu.readPort(0x331, at: .zero) & 0xC0 == 0x80)
        bench.command(0xFF)
        #expect(bench.mpu.interrupt.isAsserted)
        #expect(bench.readAll() == [0xFE])
        #expect(!bench.mpu.interrupt.isAsserted)
        bench.command(0x3F)
        #expect(bench.readAll() == [0xFE])
        bench.cable.bytes = []
        bench.data(0x90, 0x3C, 0x40)
        #expect(bench.cable.bytes == [0x90, 0x3C, 0x40])
        bench.command(0xFF)
        #expect(bench.readAll() == [])
        bench.command(0xAC)
        #expect(bench.readAll() == [0xFE, 0x15])
        bench.command(0xAD)
        #expect(bench.readAll() == [0xFE, 0x01])
        bench.command(0xAF)
        #expect(bench.readAll() == [0xFE, 100])
    }

    @Test func `a reset stops everything, as MIDI OUT is told`() {
        let bench = MPU401Bench()
        bench.songs[0xF0] = [[10, 0x90, 0x30, 0x40]]
        bench.start()
        bench.play(to: 5)
        bench.command(0xFF)
        #expect(bench.readAll() == [0xFE])
        #expect(bench.cable.bytes == [0xFC])
        #expect(bench.scheduler.nextDeadline == .never)
    }

    @Test(arguments: 1...8) func `random bytes do not trap, and a restored one goes on alike`(_ seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        let first = MPU401Bench()
        var second = MPU401Bench()
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
            let copy = MPU401Bench()
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
