import Chips
import Core
import TestSupport
import Testing

private final class Bench {
    let scheduler = Scheduler()
    let interrupt = Line()
    let nmiMask = Line()
    let recorder = LineRecorder()
    let chip: MotorolaMC146818
    var now = Tick.zero

    init(_ date: ClockDate = ClockDate(year: 1987, month: 4, day: 2, hour: 13, minute: 58, second: 57)) {
        chip = MotorolaMC146818(
            date: date, interrupt: interrupt, nmiMask: nmiMask, slot: scheduler.makeSlot("RTC"))
        interrupt.connect(to: recorder, as: 8)
    }

    func run(_ span: Tick) {
        now += span
        scheduler.deliver(through: now)
    }

    func read(_ index: UInt8) -> UInt8 {
        chip.writePort(0x70, index, at: now)
        return chip.readPort(0x71, at: now)
    }

    func write(_ index: UInt8, _ value: UInt8) {
        chip.writePort(0x70, index, at: now)
        chip.writePort(0x71, value, at: now)
    }

    /// Year, month, day, hour, minute, second, weekday.
    var time: [UInt8] { [0x09, 0x08, 0x07, 0x04, 0x02, 0x00, 0x06].map(read) }
}

@Suite struct MotorolaMC146818Tests {
    @Test("the seed is there in BCD, a Thursday, with its century")
    func seed() {
        let bench = Bench()
        #expect(bench.time == [0x87, 0x04, 0x02, 0x13, 0x58, 0x57, 5])
        #expect(bench.read(0x32) == 0x19)
        #expect(bench.read(0x0D) == 0x80)
        #expect(bench.read(0x0A) == 0x26)
        #expect(bench.read(0x0B) == 0x02)
    }

    @Test("time counts over minute, hour, day, month and year")
    func counting() {
        let bench = Bench()
        bench.run(.seconds(63))
        #expect(bench.time == [0x87, 0x04, 0x02, 0x14, 0x00, 0x00, 5])
        let eve = Bench(ClockDate(year: 1999, month: 12, day: 31, hour: 23, minute: 59, second: 59))
        eve.run(.seconds(1))
        #expect(eve.time == [0x00, 0x01, 0x01, 0x00, 0x00, 0x00, 7])
        let leap = Bench(ClockDate(year: 1988, month: 2, day: 28, hour: 23, minute: 59, second: 59))
        leap.run(.seconds(1))
        #expect(leap.time == [0x88, 0x02, 0x29, 0x00, 0x00, 0x00, 2])
        leap.run(.seconds(86_400))
        #expect(leap.time == [0x88, 0x03, 0x01, 0x00, 0x00, 0x00, 3])
    }

    @Test("12-hour mode and binary mode")
    func modes() {
        let bench = Bench()
        bench.write(0x0B, 0x84)
        bench.write(0x04, 0x80 | 11)
        bench.write(0x02, 59)
        bench.write(0x00, 59)
        bench.write(0x0B, 0x04)
        bench.run(.seconds(1))
        #expect(bench.read(0x04) == 12)
        #expect(bench.read(0x07) == 3)
        bench.run(.seconds(3_600))
        #expect(bench.read(0x04) == 1)
        bench.run(.seconds(3_600 * 11))
        #expect(bench.read(0x04) == 0x80 | 12)
        #expect(bench.read(0x07) == 3)
    }

    @Test("SET stops the updates and nothing is made up")
    func set() {
        let bench = Bench()
        bench.write(0x0B, 0x82)
        bench.run(.seconds(10))
        #expect(bench.read(0x00) == 0x57)
        bench.write(0x0B, 0x02)
        bench.run(.seconds(1))
        #expect(bench.read(0x00) == 0x58)
    }

    @Test("update-in-progress rises 2,228 us before the new second")
    func updateInProgress() {
        let bench = Bench()
        bench.run(.microseconds(997_771))
        #expect(bench.read(0x0A) & 0x80 == 0)
        bench.run(.microseconds(1))
        #expect(bench.read(0x0A) & 0x80 != 0)
        #expect(bench.read(0x00) == 0x57)
        bench.run(.microseconds(2_228))
        #expect(bench.read(0x0A) & 0x80 == 0)
        #expect(bench.read(0x00) == 0x58)
    }

    @Test("after a divider reset the first second ends half a second later")
    func dividerReset() {
        let bench = Bench()
        bench.run(.milliseconds(300))
        bench.write(0x0A, 0x76)
        bench.run(.seconds(5))
        #expect(bench.read(0x00) == 0x57)
        bench.write(0x0A, 0x26)
        bench.run(.milliseconds(499))
        #expect(bench.read(0x00) == 0x57)
        bench.run(.milliseconds(1))
        #expect(bench.read(0x00) == 0x58)
    }

    @Test("the update interrupt comes each second until register C is read")
    func updateInterrupt() {
        let bench = Bench()
        bench.write(0x0B, 0x12)
        bench.run(.milliseconds(1_500))
        #expect(bench.recorder.changes.map(\.time) == [.seconds(1)])
        #expect(bench.read(0x0C) == 0b1101_0000)
        #expect(!bench.interrupt.isAsserted)
        #expect(bench.read(0x0C) == 0)
        bench.run(.milliseconds(500))
        #expect(bench.interrupt.isAsserted)
    }

    @Test("the alarm comes at its time; bytes from C0h match any")
    func alarm() {
        let bench = Bench()
        bench.write(0x01, 0x00)
        bench.write(0x03, 0x59)
        bench.write(0x05, 0xC0)
        bench.write(0x0B, 0x22)
        bench.run(.seconds(10))
        #expect(bench.recorder.changes.map(\.time) == [.seconds(3)])
        #expect(bench.read(0x0C) & 0b1010_0000 == 0b1010_0000)
    }

    @Test("the periodic interrupt at 1,024 Hz is exact")
    func periodic() {
        let bench = Bench()
        bench.write(0x0B, 0x42)
        var count = 0
        while bench.now < .seconds(1) {
            bench.run(min(bench.scheduler.nextDeadline, .seconds(1)) - bench.now)
            if bench.read(0x0C) & 0xC0 == 0xC0 { count += 1 }
        }
        #expect(count == 1_024)
    }

    @Test("the flags are set without their enable bits, and raise no interrupt")
    func flags() {
        let bench = Bench()
        bench.run(.seconds(2))
        #expect(bench.read(0x0C) == 0b0101_0000)
        #expect(bench.recorder.changes.isEmpty)
    }

    @Test("bit 7 of port 70h masks the NMI; the memory and its checksum")
    func memory() {
        let bench = Bench()
        bench.chip.writePort(0x70, 0x80 | 0x20, at: bench.now)
        #expect(bench.nmiMask.isAsserted)
        bench.chip.writePort(0x71, 0xAB, at: bench.now)
        #expect(!bench.nmiMask.isAsserted == false)
        #expect(bench.read(0x20) == 0xAB)
        #expect(!bench.nmiMask.isAsserted)
        bench.chip.store(0x60, at: 0x21)
        bench.chip.updateChecksum()
        #expect(bench.read(0x2E) == 0x01)
        #expect(bench.read(0x2F) == 0x0B)
    }

    @Test("one step or many give the same")
    func split() {
        let (one, many) = (Bench(), Bench())
        for bench in [one, many] { bench.write(0x0B, 0x42) }
        one.now = .seconds(5_000)
        one.chip.advance(to: one.now)
        for _ in 0..<5_000 {
            many.now += .seconds(1)
            many.chip.advance(to: many.now)
        }
        #expect(savedState(one.chip) == savedState(many.chip))
        #expect(one.time == many.time)
    }

    @Test("state survives a round trip")
    func roundTrip() {
        let bench = Bench()
        bench.write(0x0B, 0x52)
        for _ in 0..<5 {
            bench.run(.milliseconds(777))
            let other = Bench()
            #expect(restore(other.chip, from: savedState(bench.chip)) == nil)
            other.now = bench.now
            #expect(other.interrupt.isAsserted == bench.interrupt.isAsserted)
            #expect(other.read(0x0C) == bench.read(0x0C))
            #expect(other.time == bench.time)
        }
    }
}
