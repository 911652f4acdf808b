import Core
import TestSupport
import Testing

@testable import Boards

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

    @Test func `a state with too long an event of the conductor does not let it grow`() {
        let bench = MPU401Bench()
        bench.songs[0xF9] = []
        bench.start()
        bench.run(to: bench.origin)
        #expect(bench.read() == 0xF9)
        bench.data(0)
        bench.mpu.state.event = [0xE0, 0xE0, 0xE0]
        bench.data(0xE0)
        #expect(bench.mpu.state.event == [])
    }

    /// One thing that a program might do. A request that is read is mostly answered as it should be.
    private func act(_ bench: MPU401Bench, _ dice: inout SeededGenerator) -> UInt8 {
        let value = UInt8.random(in: 0...255, using: &dice)
        let commands: [UInt8] = [0x05, 0x0A, 0x0B, 0x22, 0x2A, 0x15, 0x8F, 0x95, 0xB8, 0xB8, 0xB9, 0xC2, 0x79, 0x98]
        switch Int.random(in: 0..<8, using: &dice) {
        // A reset or UART mode ends much, so they are rare.
        case 0: bench.command(value == 0xFF || value == 0x3F ? 0x0A : value)
        case 1: bench.command(commands.randomElement(using: &dice) ?? 0)
        case 2: bench.command([0xE0, 0xE1, 0xE2, 0xE7, 0xEC, 0xED, 0xD0, 0xDF].randomElement(using: &dice) ?? 0, value)
        case 3: bench.data(value)
        case 4 where value < 6: bench.command(value < 3 ? 0xFF : 0x3F)
        default:
            let byte = bench.read()
            let (low, status) = (UInt8.random(in: 0...127, using: &dice), UInt8.random(in: 0x80...0x9F, using: &dice))
            switch byte {
            case 0xF9: bench.data(value & 15, value)
            case 0xF0...0xF7:
                if value < 20 { bench.data(0xF8) } else { bench.data(value & 15, status, low & 7, value & 127) }
            default: break
            }
            return byte
        }
        return bench.mpu.peekPort(0x331, at: bench.now)
    }

    @Test(arguments: soundSeeds(8)) func `random bytes do not trap, and a restored one goes on alike`(_ seed: UInt64) {
        var (dice, same) = (SeededGenerator(seed: seed), SeededGenerator(seed: seed))
        let first = MPU401Bench()
        var second = MPU401Bench()
        var seen: [[UInt8]] = [[], []]
        var sent: [UInt8] = []
        for _ in 0..<800 {
            seen[0].append(act(first, &dice))
            seen[1].append(act(second, &same))
            first.run(to: first.now + Tick(Int64.random(in: 0...60_000_000, using: &dice)))
            second.run(to: second.now + Tick(Int64.random(in: 0...60_000_000, using: &same)))
            sent += second.cable.bytes
            let copy = MPU401Bench()
            #expect(restore(copy.scheduler, from: savedState(second.scheduler)) == nil)
            #expect(restore(copy.mpu, from: savedState(second.mpu)) == nil)
            copy.now = second.now
            second = copy
        }
        #expect(seen[0] == seen[1])
        #expect(sent == first.cable.bytes && !sent.isEmpty)
        #expect(savedState(first.mpu) == savedState(second.mpu))
        #expect(savedState(first.scheduler) == savedState(second.scheduler))
        first.command(0xFF)
        first.command(0xFF)
        #expect(first.readAll().last == 0xFE && first.scheduler.nextDeadline == .never)
    }

    @Test(arguments: soundSeeds(8)) func `states that lie are refused or do no harm`(_ seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        let bench = MPU401Bench()
        for _ in 0..<200 {
            _ = act(bench, &dice)
            bench.run(to: bench.now + Tick(Int64.random(in: 0...60_000_000, using: &dice)))
        }
        let state = savedState(bench.mpu)
        for _ in 0..<100 {
            var bytes = state
            for _ in 0..<3 { bytes[Int.random(in: 0..<bytes.count, using: &dice)] = .random(in: 0...255, using: &dice) }
            let other = MPU401Bench()
            _ = restore(other.mpu, from: bytes)
            for _ in 0..<20 {
                _ = act(other, &dice)
                other.run(to: other.now + Tick(Int64.random(in: 0...60_000_000, using: &dice)))
            }
        }
    }
}
