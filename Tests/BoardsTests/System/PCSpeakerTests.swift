import Boards
import Chips
import Core
import TestSupport
import Testing

private final class Bench {
    let timer = Intel8254(variant: .i8253, outputs: [Line(), Line(), Line()], slots: [nil, nil, nil])
    let speaker: PCSpeaker
    let (gate, data) = (Line(), Line())

    init(isHeard: Bool = true) {
        speaker = PCSpeaker(timer: timer)
        gate.connect(to: timer, as: 2)
        data.connect(to: speaker, as: 0)
        speaker.levels.isHeard = isHeard
    }

    func control61(_ value: UInt8, at now: Tick) {
        gate.set(value & 1 != 0, at: now)
        data.set(value & 2 != 0, at: now)
    }

    func program(_ control: UInt8, _ count: Int, at now: Tick) {
        timer.writePort(0x43, control, at: now)
        if control & 0x10 != 0 { timer.writePort(0x42, UInt8(count & 0xFF), at: now) }
        if control & 0x20 != 0 { timer.writePort(0x42, UInt8(count >> 8), at: now) }
    }

    func changes(to now: Tick) -> [LevelChange] {
        speaker.catchUpSound(to: now)
        var list: [LevelChange] = []
        while let change = speaker.levels.take(before: .never) { list.append(change) }
        return list
    }
}

/// Clock `number` of the timer.
private func clock(_ number: Int64) -> Tick { ClockPeriod.timer * number }

@Suite struct PCSpeakerTests {
    /// The data sheet: OUT of mode 3 is high for (N + 1) / 2 clocks and low for (N - 1) / 2, from the clock after the load.
    @Test(arguments: [49, 1_000, 1_355, 2_712])
    func `a square wave has each edge at its clock`(_ divisor: Int) {
        let bench = Bench()
        bench.control61(3, at: clock(10))
        bench.program(0xB6, divisor, at: clock(10))
        var expected = [LevelChange(time: clock(10), left: PCSpeaker.amplitude, right: PCSpeaker.amplitude)]
        var time: Int64 = 11
        var isHigh = true
        while true {
            time += Int64(isHigh ? (divisor + 1) / 2 : divisor / 2)
            isHigh.toggle()
            guard time <= 30_000 else { break }
            let level = isHigh ? PCSpeaker.amplitude : 0
            expected.append(LevelChange(time: clock(time), left: level, right: level))
        }
        #expect(bench.changes(to: clock(30_000)) == expected)
    }

    /// Samples of 64 levels at 18.6 kHz, as digitized sound through the speaker does: one mode 0 count each.
    @Test func `pulse width modulation gives pulses of exactly the written widths`() {
        let bench = Bench()
        bench.control61(3, at: .zero)
        bench.program(0x90, 1, at: .zero)
        _ = bench.changes(to: clock(99))
        var widths: [Int64] = []
        for sample in 0..<50 {
            let width = 1 + sample * 37 % 60
            widths.append(Int64(width))
            bench.timer.writePort(0x42, UInt8(width), at: clock(100 + Int64(sample) * 64))
        }
        let changes = bench.changes(to: clock(100 + 50 * 64))
        #expect(changes.count == 100)
        for (sample, width) in widths.enumerated() where 2 * sample + 1 < changes.count {
            let start = 100 + Int64(sample) * 64
            #expect(changes[2 * sample] == LevelChange(time: clock(start), left: 0, right: 0))
            // One clock loads, the count runs down, OUT rises.
            #expect(changes[2 * sample + 1].time == clock(start + 1 + width))
        }
    }

    @Test func `with the gate closed bit 1 moves the cone by itself, at its own tick`() {
        let bench = Bench()
        bench.program(0xB6, 1_000, at: clock(1))
        let times = [Tick(50_001), Tick(70_123), Tick(90_999)]
        for (index, time) in times.enumerated() { bench.control61(index & 1 == 0 ? 2 : 0, at: time) }
        let changes = bench.changes(to: Tick(200_000))
        #expect(changes.map(\.time) == times)
        #expect(changes.map(\.left) == [PCSpeaker.amplitude, 0, PCSpeaker.amplitude])
    }

    @Test(arguments: 1...48) func `a wave above hearing is its mean and costs no edges`(_ divisor: Int) {
        for mode: UInt8 in [0xB6, 0xB4] {
            let bench = Bench()
            bench.control61(3, at: clock(10))
            bench.program(mode, divisor, at: clock(10))
            let changes = bench.changes(to: Tick.seconds(5))
            #expect(changes.count <= 3)
            let high =
                mode == 0xB6
                ? (divisor == 1 ? 0.5 : Double((divisor + 1) / 2) / Double(divisor))
                : Double(divisor - 1) / Double(divisor)
            #expect(abs(Double(bench.speaker.levels.left) - 16_384 * high) <= 1)
        }
    }

    @Test func `the highest tone that is kept has fewer than 50,000 edges a second, and a long silence costs no time`()
    {
        let bench = Bench()
        bench.control61(3, at: .zero)
        bench.program(0xB6, 49, at: .zero)
        #expect(bench.changes(to: .seconds(1)).count < 50_000)
        _ = bench.changes(to: .seconds(1_000_000))
    }

    @Test(arguments: soundSeeds(20))
    func `one step or many give the same edges and state, and a restored one goes on alike`(_ seed: UInt64) {
        var dice = SeededGenerator(seed: seed)
        let (first, second) = (Bench(), Bench())
        var third = Bench()
        var lists: [[LevelChange]] = [[], []]
        var now = Tick.zero
        for _ in 0..<150 {
            let kind = Int.random(in: 0..<8, using: &dice)
            let value = UInt8.random(in: 0...255, using: &dice)
            for bench in [first, second, third] {
                switch kind {
                case 0: bench.timer.writePort(0x43, 0x80 | value & 0x3F, at: now)
                case 1, 2, 3: bench.timer.writePort(0x42, kind == 1 ? value & 3 : value, at: now)
                case 4: _ = bench.timer.readPort(0x42, at: now)
                default: bench.control61(value & 3, at: now)
                }
            }
            let span = Int64.random(in: 0...(kind == 7 ? 40_000_000 : 900_000), using: &dice)
            for _ in 0..<5 { lists[1] += second.changes(to: now + Tick(Int64.random(in: 0...span, using: &dice))) }
            now += Tick(span)
            let (timer, speaker) = (savedState(third.timer), savedState(third.speaker))
            third = Bench()
            #expect(restore(third.timer, from: timer) == nil)
            #expect(restore(third.speaker, from: speaker) == nil)
            third.gate.restore(first.gate.isAsserted)
            third.data.restore(first.data.isAsserted)
        }
        for (index, bench) in [first, second].enumerated() { lists[index] += bench.changes(to: now) }
        third.speaker.catchUpSound(to: now)
        #expect(lists[0] == lists[1])
        #expect(savedState(first.speaker) == savedState(second.speaker))
        #expect(savedState(first.speaker) == savedState(third.speaker))
        #expect(savedState(first.timer) == savedState(third.timer))
    }

    @Test func `a state that lies is refused or taken, and nothing hangs`() {
        var dice = SeededGenerator(seed: 5)
        for _ in 0..<200 {
            let bench = Bench()
            bench.control61(3, at: .zero)
            bench.program(0xB6, 100, at: .zero)
            var bytes = savedState(bench.timer)
            for _ in 0..<6 { bytes[Int.random(in: 0..<bytes.count, using: &dice)] = .random(in: 0...255, using: &dice) }
            _ = restore(bench.timer, from: bytes)
            _ = bench.changes(to: .seconds(2))
        }
    }
}
