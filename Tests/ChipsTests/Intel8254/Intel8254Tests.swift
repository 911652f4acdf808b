import Chips
import Core
import TestSupport
import Testing

/// A timer with a clock of its own, counted in timer clocks.
private final class Bench {
    let scheduler: Scheduler
    let chip: Intel8254
    let recorder = LineRecorder()
    private(set) var clock: Int64 = 10

    init(_ variant: Intel8254.Variant = .i8254, listens: Bool = true) {
        let scheduler = Scheduler()
        self.scheduler = scheduler
        let outputs = [Line(), Line(), Line()]
        let slots = (0..<3).map { listens ? scheduler.makeSlot("counter \($0)") : nil }
        chip = Intel8254(variant: variant, outputs: outputs, slots: slots)
        outputs[0].connect(to: recorder, as: 0)
    }

    var now: Tick { ClockPeriod.timer * clock + Tick(7) }

    func run(_ clocks: Int64) {
        clock += clocks
        scheduler.deliver(through: now)
        chip.advance(to: now)
    }

    func control(_ word: UInt8) { chip.writePort(0x43, word, at: now) }
    func write(_ bytes: UInt8...) { for byte in bytes { chip.writePort(0x40, byte, at: now) } }
    func read() -> UInt8 { chip.readPort(0x40, at: now) }
    func readWord() -> UInt16 { UInt16(read()) | UInt16(read()) << 8 }
    func gate(_ level: Bool) { chip.lineDidChange(0, isAsserted: level, at: now) }
    var out: Bool { chip.level(ofOutput: 0, at: now) }

    /// Count (low byte) and output at each of the next clocks.
    func trace(_ clocks: Int) -> [String] {
        (0..<clocks).map { _ in
            run(1)
            return "\(chip.peekPort(0x40, at: now))\(out ? "H" : "L")"
        }
    }
}

@Suite struct Intel8254Tests {
    @Test func `the next rise of a rate generator is told before it comes, a count that is being loaded included`() {
        let bench = Bench(listens: false)
        bench.control(0b0001_0100)
        #expect(bench.chip.nextRise(ofOutput: 0, after: bench.now) == nil)
        bench.write(18)
        let first = bench.chip.nextRise(ofOutput: 0, after: bench.now)
        #expect(first == ClockPeriod.timer * (bench.clock + 1 + 18))
        bench.run(5)
        #expect(bench.chip.nextRise(ofOutput: 0, after: bench.now) == first)
        #expect(bench.chip.nextRise(ofOutput: 0, after: first ?? .zero) == first.map { $0 + ClockPeriod.timer * 18 })
        bench.control(0b0001_0000)
        bench.write(18)
        let end = bench.chip.nextRise(ofOutput: 0, after: bench.now)
        #expect(end != nil && bench.chip.nextRise(ofOutput: 0, after: end ?? .zero) == nil)
    }

    @Test("rises are counted as a listener hears them, in one step or many", arguments: [0x14, 0x16])
    func rises(control: UInt8) {
        for count in [UInt8(2), 3, 18, 19] {
            let (heard, leaping) = (Bench(), Bench(listens: false))
            for bench in [heard, leaping] {
                bench.control(control)
                bench.write(count)
            }
            // The control word's own rise is none of the count's.
            let before = heard.recorder.changes.count { $0.isAsserted }
            for _ in 0..<1_000 { heard.run(1) }
            let wanted = heard.recorder.changes.count { $0.isAsserted } - before
            #expect(heard.chip.rises(ofOutput: 0, at: heard.now) == Int64(wanted))
            #expect(leaping.chip.rises(ofOutput: 0, at: heard.now) == Int64(wanted), "count \(count)")
            #expect(wanted > 50)
        }
    }

    @Test("mode 0 ends N + 1 clocks after the count and then goes on from FFFFh")
    func mode0() {
        let bench = Bench()
        bench.control(0x10)
        bench.write(4)
        #expect(bench.trace(7) == ["4L", "3L", "2L", "1L", "0H", "255H", "254H"])
    }

    @Test("mode 0: the gate holds the count, a new count starts over")
    func mode0Gate() {
        let bench = Bench()
        bench.control(0x10)
        bench.write(3)
        #expect(bench.trace(2) == ["3L", "2L"])
        bench.gate(false)
        #expect(bench.trace(2) == ["2L", "2L"])
        bench.gate(true)
        #expect(bench.trace(1) == ["1L"])
        bench.write(2)
        #expect(bench.trace(3) == ["2L", "1L", "0H"])
    }

    @Test("mode 0: the first byte of a two-byte count stops the counting and lowers OUT")
    func mode0TwoBytes() {
        let bench = Bench()
        bench.control(0x30)
        bench.write(2, 0)
        _ = bench.trace(4)
        #expect(bench.out)
        bench.write(3)
        #expect(bench.trace(2) == ["255L", "255L"])
        bench.write(0)
        #expect(bench.trace(4) == ["3L", "2L", "1L", "0H"])
    }

    @Test("mode 1 is started, and started again, by the gate")
    func mode1() {
        let bench = Bench()
        bench.gate(false)
        bench.control(0x12)
        bench.write(3)
        _ = bench.trace(3)
        #expect(bench.out)
        bench.gate(true)
        #expect(bench.trace(5) == ["3L", "2L", "1L", "0H", "255H"])
        bench.gate(false)
        bench.gate(true)
        #expect(bench.trace(2) == ["3L", "2L"])
        bench.gate(false)
        bench.gate(true)
        #expect(bench.trace(4) == ["3L", "2L", "1L", "0H"])
    }

    @Test("mode 2 is low for the one clock in which the count is 1")
    func mode2() {
        let bench = Bench()
        bench.control(0x14)
        bench.write(3)
        #expect(bench.trace(7) == ["3H", "2H", "1L", "3H", "2H", "1L", "3H"])
        bench.write(5)
        #expect(bench.trace(4) == ["2H", "1L", "5H", "4H"])
        bench.gate(false)
        #expect(bench.trace(1) == ["4H"])
        bench.gate(true)
        #expect(bench.trace(2) == ["5H", "4H"])
    }

    @Test("mode 3 with an even count")
    func mode3Even() {
        let bench = Bench()
        bench.control(0x16)
        bench.write(4)
        #expect(bench.trace(6) == ["4H", "2H", "4L", "2L", "4H", "2H"])
    }

    @Test("mode 3 with an odd count: both chips make the same wave from different counts")
    func mode3Odd() {
        let new = Bench(.i8254)
        new.control(0x16)
        new.write(5)
        #expect(new.trace(6) == ["4H", "2H", "0H", "4L", "2L", "4H"])
        let old = Bench(.i8253)
        old.control(0x16)
        old.write(5)
        #expect(old.trace(6) == ["5H", "4H", "2H", "5L", "2L", "5H"])
    }

    @Test("mode 3: a closed gate raises OUT, an opened one starts over")
    func mode3Gate() {
        let bench = Bench()
        bench.control(0x16)
        bench.write(4)
        #expect(bench.trace(3) == ["4H", "2H", "4L"])
        bench.gate(false)
        #expect(bench.out)
        bench.gate(true)
        #expect(bench.trace(3) == ["4H", "2H", "4L"])
    }

    @Test("mode 4 strobes once, N + 1 clocks after the count")
    func mode4() {
        let bench = Bench()
        bench.control(0x18)
        bench.write(3)
        #expect(bench.trace(6) == ["3H", "2H", "1H", "0L", "255H", "254H"])
    }

    @Test("mode 5 strobes after a trigger")
    func mode5() {
        let bench = Bench()
        bench.gate(false)
        bench.control(0x1A)
        bench.write(2)
        #expect(bench.trace(2).allSatisfy { $0.hasSuffix("H") })
        bench.gate(true)
        #expect(bench.trace(4) == ["2H", "1H", "0L", "255H"])
    }

    @Test("BCD counts in decimal and wraps to 9999")
    func bcd() {
        let bench = Bench()
        bench.control(0x31)
        bench.write(0x00, 0x10)
        bench.run(2)
        #expect(bench.readWord() == 0x0999)
        bench.run(1_000)
        #expect(bench.readWord() == 0x9999)
    }

    @Test("reading a latched count returns low byte, then high byte")
    func latch() {
        let bench = Bench()
        bench.control(0x34)
        bench.write(0x34, 0x12)
        bench.run(2)
        bench.control(0x00)
        bench.run(100)
        bench.control(0x00)
        #expect(bench.readWord() == 0x1233)
        #expect(bench.readWord() == 0x1233 - 100)
    }

    @Test("read-back latches status and count; null count tells whether the count is in use")
    func readBack() {
        let bench = Bench()
        bench.control(0x34)
        bench.write(0x10, 0x00)
        bench.control(0b1110_0010)
        #expect(bench.read() == 0b1111_0100)
        bench.run(1)
        bench.control(0b1100_0010)
        bench.run(3)
        #expect(bench.read() == 0b1011_0100)
        #expect(bench.readWord() == 0x10)
        let old = Bench(.i8253)
        old.control(0x34)
        old.write(0x10, 0x00)
        old.run(3)
        old.control(0b1110_0010)
        #expect(old.read() == 0x0E)
    }

    @Test("only low, only high byte access")
    func singleBytes() {
        let bench = Bench()
        bench.control(0x24)
        bench.write(0x02)
        bench.run(2)
        #expect(bench.read() == 0x01)
        #expect(bench.read() == 0x01)
    }

    @Test("IRQ 0 of a PC comes every 65,536 clocks, at the exact tick")
    func systemTimer() {
        let bench = Bench()
        bench.control(0x36)
        bench.write(0, 0)
        let loaded = bench.clock + 1
        bench.run(65_536 * 3 + 5)
        let rises = bench.recorder.changes.filter(\.isAsserted).dropFirst().map(\.time)
        #expect(rises == (1...3).map { ClockPeriod.timer * (loaded + 65_536 * $0) })
    }

    @Test("a new count in mode 3 takes effect at the end of the half period")
    func newCount() {
        let bench = Bench()
        bench.control(0x16)
        bench.write(8)
        #expect(bench.trace(2) == ["8H", "6H"])
        bench.write(4)
        #expect(bench.trace(5) == ["4H", "2H", "4L", "2L", "4H"])
    }

    @Test("one step or many give the same", arguments: 0..<12)
    func split(mode: Int) {
        let variant: Intel8254.Variant = mode < 6 ? .i8254 : .i8253
        for count: UInt8 in [1, 2, 3, 7, 10, 255] {
            let (stepped, leaped, listening) = (
                Bench(variant, listens: false), Bench(variant, listens: false), Bench(variant)
            )
            for bench in [stepped, leaped, listening] {
                bench.gate(false)
                bench.control(0x10 | UInt8(mode % 6) << 1)
                bench.write(count)
                bench.gate(true)
            }
            for span: Int64 in [1, 2, 3, 5, 254, 700] {
                for _ in 0..<span { stepped.run(1) }
                leaped.run(span)
                listening.run(span)
                #expect(savedState(stepped.chip) == savedState(leaped.chip), "count \(count), span \(span)")
                #expect(savedState(listening.chip) == savedState(leaped.chip), "count \(count), span \(span)")
            }
            for span: Int64 in [65_536, 9_999] {
                leaped.run(span)
                listening.run(span)
                #expect(savedState(listening.chip) == savedState(leaped.chip), "count \(count), span \(span)")
            }
        }
    }

    @Test("state survives a round trip at any clock")
    func roundTrip() {
        for mode: UInt8 in 0..<6 {
            let bench = Bench()
            bench.control(0x30 | mode << 1)
            bench.write(9, 0)
            for _ in 0..<25 {
                let saved = savedState(bench.chip)
                let other = Bench()
                #expect(restore(other.chip, from: saved) == nil)
                #expect(savedState(other.chip) == saved)
                bench.run(1)
            }
        }
    }

    @Test("a change to BCD leaves a state that can be restored")
    func changeToBCD() {
        let bench = Bench()
        bench.control(0x34)
        bench.write(0xFF, 0xFF)
        bench.run(3)
        bench.control(0x31)
        bench.run(3)
        #expect(restore(Bench().chip, from: savedState(bench.chip)) == nil)
    }

    @Test("a lying state is refused")
    func lyingState() {
        let bench = Bench()
        var bytes = savedState(bench.chip)
        for index in 12..<24 { bytes[index] = 0xFF }
        #expect(restore(bench.chip, from: bytes) != nil)
        bench.control(0x36)
        bench.write(0, 0)
        bench.run(100)
    }
}
