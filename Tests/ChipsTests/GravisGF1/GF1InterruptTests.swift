import Core
import TestSupport
import Testing

@testable import Chips

/// Interrupts of voices and ramps, timers, the reset.
@Suite struct GF1InterruptTests {
    @Test("a voice interrupts at the frame in which it goes past its end")
    func time() throws {
        let bench = GF1Bench()
        bench.play(begin: 0, start: 0, end: 1_000, step: 1, control: 0x28)
        bench.run(until: .milliseconds(40))
        let change = try #require(bench.recorder.changes.first)
        #expect(change.isAsserted)
        // The first frame of 14 voices in which it is past 1,000.
        #expect(change.time == GravisGF1.slots.time(ofCycle: 14 * 1_001))
        #expect(bench.chip.interruptStatus(at: bench.now) == 0x20)
        #expect(bench.get(0x80, voice: 0) == 0xA8)
        #expect(bench.get(0x8F) == 0x60)
        #expect(bench.get(0x8F) & 0xC0 == 0xC0)
        #expect(bench.recorder.changes.count == 2)
        #expect(bench.chip.interruptStatus(at: bench.now) == 0)
        // And again at the next turn of the loop.
        bench.run(until: .milliseconds(46))
        #expect(bench.recorder.changes.last?.time == GravisGF1.slots.time(ofCycle: 14 * 2_001))
    }

    @Test("register 8Fh gives the voices in turn, with both causes of each")
    func source() {
        let bench = GF1Bench()
        for voice in [2, 5, 13] { bench.play(voice: voice, begin: 0, start: 0, end: 10, step: 1, control: 0x28) }
        bench.set(0x06, 63, voice: 5)
        bench.set(0x08, 0x01, voice: 5)
        bench.setWord(0x09, 0, voice: 5)
        bench.set(0x0D, 0x20, voice: 5)
        bench.runFrames(11)
        #expect(bench.chip.interruptStatus(at: bench.now) == 0x60)
        #expect((0..<4).map { _ in bench.get(0x8F) } == [0x62, 0x25, 0x6D, 0xEE])
        #expect(bench.recorder.changes.map(\.isAsserted) == [true, false])
    }

    @Test("a voice that has stopped asks again until it is told to stop")
    func callsAgain() {
        let bench = GF1Bench()
        bench.play(begin: 0, start: 0, end: 10, step: 1, control: 0x20)
        bench.runFrames(11)
        for _ in 0..<3 {
            #expect(bench.get(0x8F) == 0x60)
            bench.runFrames(1)
        }
        bench.set(0x00, 0x23, voice: 0)
        bench.runFrames(5)
        #expect(bench.get(0x8F) & 0xC0 == 0xC0)
    }

    @Test("an end that is moved below the position interrupts at once")
    func movedEnd() {
        let bench = GF1Bench()
        bench.play(begin: 0, start: 0, end: 1_000, step: 1, control: 0x20)
        bench.runFrames(500)
        bench.setAddress(0x04, 100, voice: 0)
        bench.runFrames(1)
        #expect(bench.get(0x8F) == 0x60)
    }

    @Test("nothing interrupts without the master bit")
    func master() {
        let bench = GF1Bench()
        bench.set(0x4C, 3)
        bench.play(begin: 0, start: 0, end: 10, step: 1, control: 0x28)
        bench.run(until: .milliseconds(5))
        #expect(bench.recorder.changes.isEmpty)
        #expect(bench.chip.interruptStatus(at: bench.now) == 0x20)
        bench.set(0x4C, 7)
        #expect(bench.recorder.changes.count == 1)
    }

    @Test("out of the reset the two other bits need a second write")
    func reset() {
        let bench = GF1Bench(isRunning: false)
        #expect(bench.get(0x4C) == 0)
        bench.set(0x4C, 7)
        #expect(bench.get(0x4C) == 1)
        bench.set(0x4C, 7)
        #expect(bench.get(0x4C) == 7)
        bench.play(begin: 0, start: 0, end: 10, step: 1, control: 0x28)
        bench.runFrames(20)
        bench.set(0x4C, 0)
        #expect(bench.recorder.changes.map(\.isAsserted) == [true, false])
        // A chip in its reset takes nothing.
        bench.set(0x0C, 3, voice: 0)
        #expect(bench.get(0x8C, voice: 0) == 7)
        #expect(bench.chip.interruptStatus(at: bench.now) == 0)
    }

    @Test("registers of 16 bits can be written in halves")
    func halves() {
        let bench = GF1Bench()
        bench.setWord(0x01, 0x1234, voice: 1)
        bench.chip.write(GF1Bench.Port.low, 0x56, at: bench.now)
        #expect(bench.getWord(0x81, voice: 1) == 0x1256)
        bench.set(0x01, 0x78, voice: 1)
        #expect(bench.getWord(0x81, voice: 1) == 0x7856)
        bench.setWord(0x0A, 0xFFFF, voice: 1)
        bench.setWord(0x0B, 0xFFFF, voice: 1)
        #expect(bench.getWord(0x8A, voice: 1) == 0x1FFF)
        #expect(bench.getWord(0x8B, voice: 1) == 0xFFFF)
        bench.setWord(0x05, 0xFFFF, voice: 1)
        #expect(bench.getWord(0x85, voice: 1) == 0xFFE0)
        #expect(bench.getWord(0x81, voice: 2) == 0)
    }

    // MARK: Timers

    @Test("the timers count in 80 and 320 us", arguments: [(1, 0x46, 80), (2, 0x47, 320)] as [(UInt8, UInt8, Int64)])
    func timers(number: UInt8, register: UInt8, microseconds: Int64) {
        let bench = GF1Bench()
        bench.set(register, 0xF0)
        bench.set(0x45, number << 2)
        bench.chip.writeTimerControl(number, at: bench.now)
        let period = Tick.microseconds(16 * microseconds)
        bench.run(until: period - Tick(1))
        #expect(bench.chip.readTimerStatus(at: bench.now) == 0)
        bench.run(until: period)
        let flag: UInt8 = number == 1 ? 0x40 : 0x20
        // And bit 2 or 1 for the interrupt.
        #expect(bench.chip.readTimerStatus(at: bench.now) == flag | 0x80 | flag >> 4)
        #expect(bench.chip.interruptStatus(at: bench.now) == number << 2)
        #expect(bench.recorder.changes.map(\.time) == [period])
        // The interrupt is acknowledged at 45h, the flag at 2X9h.
        bench.set(0x45, 0)
        bench.set(0x45, number << 2)
        bench.chip.writeTimerControl(0x80, at: bench.now)
        #expect(bench.chip.readTimerStatus(at: bench.now) == 0)
        bench.run(until: period * 2)
        #expect(bench.recorder.changes.map(\.time) == [period, period, period * 2])
        bench.chip.writeTimerControl(0, at: bench.now)
        bench.chip.writeTimerControl(0x80, at: bench.now)
        bench.run(until: period * 4)
        #expect(bench.chip.readTimerStatus(at: bench.now) & 0xE0 == 0)
    }

    /// As programs find an AdLib: mask and clear, start timer 1 with FFh, wait 80 us, expect C0h in the upper bits.
    @Test("a program that looks for an AdLib's timers finds them")
    func adLib() {
        let bench = GF1Bench()
        for value: UInt8 in [0x60, 0x80] { bench.chip.writeTimerControl(value, at: bench.now) }
        #expect(bench.chip.readTimerStatus(at: bench.now) & 0xE0 == 0)
        bench.set(0x46, 0xFF)
        bench.chip.writeTimerControl(0x21, at: bench.now)
        bench.run(until: .microseconds(100))
        #expect(bench.chip.readTimerStatus(at: bench.now) & 0xE0 == 0xC0)
        for value: UInt8 in [0x60, 0x80] { bench.chip.writeTimerControl(value, at: bench.now) }
        bench.run(until: .microseconds(500))
        #expect(bench.chip.readTimerStatus(at: bench.now) & 0xE0 == 0)
    }
}
