import Chips
import Core
import TestSupport
import Testing

/// A mouse behind a controller.
private final class Bench {
    let scheduler = Scheduler()
    let mouse: PS2Mouse
    let chip: Intel8042
    let (irq1, irq12) = (Line(), Line())
    private(set) var now = Tick.milliseconds(5)

    init() {
        mouse = PS2Mouse(sampleSlot: scheduler.makeSlot("sample"), testSlot: scheduler.makeSlot("mouse test"))
        let keyboard = IBMATKeyboard(
            typematicSlot: scheduler.makeSlot("typematic"), testSlot: scheduler.makeSlot("test"))
        chip = Intel8042(
            keyboard: keyboard, auxiliary: mouse, slot: scheduler.makeSlot("8042"), keyboardInterrupt: irq1,
            auxiliaryInterrupt: irq12, a20: Line(), reset: Line())
        // Both interrupts, both ports.
        chip.writePort(0x64, 0x60, at: now)
        chip.writePort(0x60, 0x47, at: now)
    }

    func run(milliseconds: Int64) {
        now += Tick.milliseconds(milliseconds)
        scheduler.deliver(through: now)
    }

    func send(_ bytes: UInt8...) -> [UInt8] {
        var answers: [UInt8] = []
        for byte in bytes {
            chip.writePort(0x64, 0xD4, at: now)
            chip.writePort(0x60, byte, at: now)
            answers += drain()
        }
        return answers
    }

    /// Everything that comes within a few milliseconds of each other.
    func drain(patience: Int64 = 3) -> [UInt8] {
        var bytes: [UInt8] = []
        run(milliseconds: patience)
        while chip.peekPort(0x64, at: now) & 1 != 0, bytes.count < 64 {
            #expect(chip.peekPort(0x64, at: now) & 0x20 != 0)
            bytes.append(chip.readPort(0x60, at: now))
            run(milliseconds: patience)
        }
        return bytes
    }

    var state: [UInt8] { savedState(mouse) + savedState(chip) + savedState(scheduler) }
}

@Suite struct PS2MouseTests {
    @Test("a reset is acknowledged, and half a second later the test result and the type follow")
    func reset() {
        let bench = Bench()
        #expect(bench.send(0xFF) == [0xFA])
        bench.run(milliseconds: 480)
        #expect(bench.drain() == [])
        bench.run(milliseconds: 20)
        #expect(bench.drain() == [0xAA, 0x00])
        #expect(bench.send(0xF2) == [0xFA, 0x00])
        #expect(bench.send(0xE9) == [0xFA, 0x00, 0x02, 100])
    }

    @Test("reports are sent while they are enabled, with IRQ 12 for each byte")
    func streaming() {
        let bench = Bench()
        bench.mouse.move(dx: 3, dy: 5, at: bench.now)
        #expect(bench.drain() == [])
        #expect(bench.send(0xF4) == [0xFA])
        #expect(bench.drain(patience: 20) == [])
        bench.mouse.move(dx: 3, dy: 5, at: bench.now)
        bench.run(milliseconds: 2)
        #expect(bench.irq12.isAsserted && !bench.irq1.isAsserted)
        // Up is positive for the mouse.
        #expect(bench.drain() == [0x28, 3, 0xFB])
        #expect(!bench.irq12.isAsserted)
        bench.mouse.setButtons(0b101, at: bench.now)
        bench.mouse.move(dx: -1, dy: 0, at: bench.now)
        #expect(bench.drain(patience: 12) == [0x1D, 0xFF, 0])
        bench.mouse.setButtons(0, at: bench.now)
        #expect(bench.drain(patience: 12) == [0x08, 0, 0])
        #expect(bench.send(0xF5) == [0xFA])
        bench.mouse.move(dx: 9, dy: 9, at: bench.now)
        #expect(bench.drain(patience: 20) == [])
    }

    @Test("the sample rate is the distance of the reports, and far movement takes several")
    func rate() {
        let bench = Bench()
        #expect(bench.send(0xF3, 40, 0xF4) == [0xFA, 0xFA, 0xFA])
        bench.run(milliseconds: 50)
        bench.mouse.move(dx: 600, dy: 0, at: bench.now)
        #expect(bench.drain(patience: 2) == [0x08, 255, 0])
        bench.run(milliseconds: 16)
        #expect(bench.drain(patience: 1) == [])
        bench.run(milliseconds: 4)
        #expect(bench.drain(patience: 4) == [0x08, 255, 0])
        #expect(bench.drain(patience: 25) == [0x08, 90, 0])
        #expect(bench.drain(patience: 50) == [])
    }

    @Test("remote mode sends a report for EBh, wrap mode sends everything back")
    func modes() {
        let bench = Bench()
        #expect(bench.send(0xF0, 0xF4) == [0xFA, 0xFA])
        bench.mouse.move(dx: -7, dy: 0, at: bench.now)
        #expect(bench.drain(patience: 20) == [])
        #expect(bench.send(0xEB) == [0xFA, 0x18, 0xF9, 0])
        #expect(bench.send(0xEB) == [0xFA, 0x08, 0, 0])
        #expect(bench.send(0xE9) == [0xFA, 0x60, 2, 100])
        #expect(bench.send(0xEE, 0xE9, 0x12, 0xF4) == [0xFA, 0xE9, 0x12, 0xF4])
        #expect(bench.send(0xEC, 0xEA) == [0xFA, 0xFA])
        #expect(bench.send(0xE9) == [0xFA, 0x20, 2, 100])
    }

    @Test("resolution divides the counts and keeps what is left over; 2:1 scaling follows its table")
    func resolution() {
        let bench = Bench()
        #expect(bench.send(0xE8, 0x00, 0xF4) == [0xFA, 0xFA, 0xFA])
        bench.run(milliseconds: 20)
        bench.mouse.move(dx: 3, dy: 0, at: bench.now)
        #expect(bench.drain(patience: 20) == [])
        bench.mouse.move(dx: 6, dy: 0, at: bench.now)
        #expect(bench.drain(patience: 20) == [0x08, 2, 0])
        bench.mouse.move(dx: 3, dy: 0, at: bench.now)
        #expect(bench.drain(patience: 20) == [0x08, 1, 0])
        #expect(bench.send(0xE8, 0x03, 0xE7) == [0xFA, 0xFA, 0xFA])
        for (counts, scaled) in [(Int16(1), UInt8(1)), (2, 6), (3, 12), (10, 40)] {
            bench.mouse.move(dx: counts, dy: 0, at: bench.now)
            #expect(bench.drain(patience: 20) == [0x08, scaled, 0])
        }
        #expect(bench.send(0xE9) == [0xFA, 0x30, 3, 100])
        // Remote data are never scaled.
        bench.mouse.move(dx: 2, dy: 0, at: bench.now)
        #expect(bench.send(0xF0) == [0xFA])
        bench.mouse.move(dx: 2, dy: 0, at: bench.now)
        #expect(bench.send(0xEB) == [0xFA, 0x08, 4, 0])
    }

    @Test("a wrong byte is answered with FEh, a second one with FCh; FEh repeats the last report")
    func errors() {
        let bench = Bench()
        #expect(bench.send(0x55) == [0xFE])
        #expect(bench.send(0x55) == [0xFC])
        #expect(bench.send(0xF3, 33) == [0xFA, 0xFE])
        #expect(bench.send(60) == [0xFA])
        #expect(bench.send(0xE8, 9, 9) == [0xFA, 0xFE, 0xFC])
        #expect(bench.send(0xF2) == [0xFA, 0x00])
        #expect(bench.send(0xFE) == [0xFA, 0x00])
        #expect(bench.send(0xE9) == [0xFA, 0x00, 2, 60])
    }

    @Test("a state in the middle of a report goes on as the machine did", arguments: 0..<6)
    func roundTrip(at step: Int64) {
        let (bench, other) = (Bench(), Bench())
        _ = bench.send(0xF4)
        bench.run(milliseconds: 20)
        bench.mouse.move(dx: 300, dy: -40, at: bench.now)
        bench.mouse.setButtons(2, at: bench.now)
        bench.run(milliseconds: step)
        if step > 2 { _ = bench.chip.readPort(0x60, at: bench.now) }
        other.run(milliseconds: (bench.now - other.now).count / Tick.milliseconds(1).count)
        #expect(restore(other.mouse, from: savedState(bench.mouse)) == nil)
        #expect(restore(other.chip, from: savedState(bench.chip)) == nil)
        #expect(restore(other.scheduler, from: savedState(bench.scheduler)) == nil)
        #expect(bench.drain(patience: 7) == other.drain(patience: 7))
        #expect(bench.state == other.state)
    }

    @Test("random bytes and movement never trap, and one advance equals many")
    func random() {
        var generator = SeededGenerator(seed: 33)
        for _ in 0..<60 {
            let bench = Bench()
            for _ in 0..<120 {
                switch UInt8.random(in: 0...5, using: &generator) {
                case 0: bench.mouse.move(dx: .random(in: .min ... .max, using: &generator), dy: .min, at: bench.now)
                case 1: bench.mouse.setButtons(.random(in: .min ... .max, using: &generator), at: bench.now)
                case 2: _ = bench.send(.random(in: 0xE6...0xFF, using: &generator))
                case 3: _ = bench.send(.random(in: .min ... .max, using: &generator))
                default: bench.run(milliseconds: .random(in: 0...30, using: &generator))
                }
            }
            #expect(savedState(bench.mouse).count < 80)
        }
    }
}
