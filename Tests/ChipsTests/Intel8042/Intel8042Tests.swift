import Chips
import Core
import TestSupport
import Testing

/// A controller with a keyboard and a clock.
private final class Bench {
    let scheduler = Scheduler()
    let keyboard: IBMATKeyboard
    let chip: Intel8042
    let (irq1, irq12, a20, reset) = (Line(), Line(), Line(), Line())
    let resetRecorder = LineRecorder()
    private(set) var now = Tick.milliseconds(5)

    init() {
        keyboard = IBMATKeyboard(
            typematicSlot: scheduler.makeSlot("typematic"), testSlot: scheduler.makeSlot("test"))
        chip = Intel8042(
            keyboard: keyboard, slot: scheduler.makeSlot("8042"), keyboardInterrupt: irq1, auxiliaryInterrupt: irq12,
            a20: a20, reset: reset)
        reset.connect(to: resetRecorder, as: 0)
    }

    func run(milliseconds: Int64) {
        now += Tick.milliseconds(milliseconds)
        scheduler.deliver(through: now)
    }

    func command(_ value: UInt8) { chip.writePort(0x64, value, at: now) }
    func data(_ value: UInt8) { chip.writePort(0x60, value, at: now) }
    func read() -> UInt8 { chip.readPort(0x60, at: now) }
    var status: UInt8 { chip.readPort(0x64, at: now) }
    var isFull: Bool { status & 1 != 0 }

    /// Everything that comes, with 2 ms for each byte.
    func drain(limit: Int = 40) -> [UInt8] {
        var bytes: [UInt8] = []
        run(milliseconds: 3)
        while isFull && bytes.count < limit {
            bytes.append(read())
            run(milliseconds: 3)
        }
        return bytes
    }

    /// As IBM's BIOS leaves the controller: interrupts, translation, keyboard enabled.
    func setUp(commandByte: UInt8 = 0x65) {
        command(0x60)
        data(commandByte)
    }

    func press(_ code: UInt16) { keyboard.key(code, isDown: true, at: now) }
    func release(_ code: UInt16) { keyboard.key(code, isDown: false, at: now) }
    func type(_ code: UInt16) {
        press(code)
        release(code)
    }

    func lock(_ lights: UInt8) {
        data(0xED)
        _ = drain()
        data(lights)
        _ = drain()
    }
}

@Suite struct Intel8042Tests {
    private let bench = Bench()

    @Test("the command byte reads back and its system flag shows in the status")
    func commandByte() {
        #expect(bench.status == 0b0001_0000)
        bench.setUp(commandByte: 0x74)
        #expect(bench.status == 0b0001_0100)
        bench.command(0x20)
        #expect(bench.status == 0b0001_1101)
        #expect(bench.read() == 0x74)
        #expect(bench.status == 0b0001_1100)
    }

    @Test("self-test and interface tests pass")
    func selfTests() {
        for (command, answer): (UInt8, UInt8) in [(0xAA, 0x55), (0xAB, 0x00), (0xA9, 0x00), (0xC0, 0xB0)] {
            bench.command(command)
            #expect(bench.read() == answer)
        }
    }

    @Test("a key arrives after a millisecond as set 1 and holds IRQ 1 until it is read")
    func key() {
        bench.setUp()
        bench.press(0x1E)
        #expect(!bench.isFull)
        bench.run(milliseconds: 1)
        #expect(bench.irq1.isAsserted)
        #expect(bench.read() == 0x1E)
        #expect(!bench.irq1.isAsserted)
        // Another read gives the same byte.
        #expect(bench.read() == 0x1E)
        bench.release(0x1E)
        #expect(bench.drain() == [0x9E])
    }

    @Test("without translation the codes are those of set 2")
    func untranslated() {
        bench.setUp(commandByte: 0x05)
        bench.type(0x1E)
        bench.type(0xE048)
        #expect(bench.drain() == [0x1C, 0xF0, 0x1C, 0xE0, 0x75, 0xE0, 0xF0, 0x75])
    }

    @Test("every key of the 101-key keyboard comes out as its set 1 code")
    func allKeys() {
        bench.setUp()
        for code in Array(UInt16(0x01)...0x53) + [0x57, 0x58] {
            bench.press(code)
            #expect(bench.drain() == [UInt8(code)])
            bench.release(code)
            #expect(bench.drain() == [UInt8(code) | 0x80])
        }
        for code: UInt16 in [0xE01C, 0xE01D, 0xE038, 0xE047, 0xE048, 0xE049, 0xE04B, 0xE04D, 0xE04F, 0xE053] {
            bench.press(code)
            #expect(bench.drain() == [0xE0, UInt8(code & 0xFF)])
            bench.release(code)
            #expect(bench.drain() == [0xE0, UInt8(code & 0xFF) | 0x80])
        }
    }

    @Test("a disabled keyboard keeps its keys")
    func disable() {
        bench.setUp()
        bench.command(0xAD)
        bench.type(0x02)
        #expect(bench.drain() == [])
        bench.command(0xAE)
        #expect(bench.drain() == [0x02, 0x82])
    }

    @Test("A20 follows the output port")
    func a20() {
        #expect(!bench.a20.isAsserted)
        bench.command(0xD1)
        bench.data(0xDF)
        #expect(bench.a20.isAsserted)
        bench.command(0xD0)
        #expect(bench.read() & 0b11 == 0b11)
        bench.command(0xD1)
        bench.data(0xDD)
        #expect(!bench.a20.isAsserted)
        #expect(bench.resetRecorder.changes.isEmpty)
    }

    @Test("FEh pulses the reset line")
    func reset() {
        bench.command(0xFF)
        #expect(bench.resetRecorder.changes.isEmpty)
        bench.command(0xFE)
        #expect(bench.resetRecorder.changes.map(\.isAsserted) == [true, false])
    }

    @Test("without a mouse a byte to the auxiliary port times out")
    func noMouse() {
        bench.setUp(commandByte: 0x47)
        bench.command(0xD4)
        bench.data(0xF4)
        #expect(bench.status & 0b0110_0001 == 0b0110_0001)
        #expect(bench.irq12.isAsserted)
        #expect(bench.read() == 0xFE)
        #expect(bench.status & 0b0110_0001 == 0)
        bench.command(0xD3)
        bench.data(0x12)
        #expect(bench.status & 0b0110_0001 == 0b0010_0001)
        #expect(bench.read() == 0x12)
        bench.command(0xD2)
        bench.data(0x13)
        #expect(bench.irq1.isAsserted)
        #expect(bench.read() == 0x13)
    }

    @Test("the keyboard answers echo, identify and lights")
    func keyboardCommands() {
        bench.setUp()
        bench.data(0xEE)
        #expect(bench.drain() == [0xEE])
        bench.data(0xF2)
        // The 8042 translates 83h to 41h.
        #expect(bench.drain() == [0xFA, 0xAB, 0x41])
        bench.data(0xED)
        #expect(bench.drain() == [0xFA])
        bench.data(0b101)
        #expect(bench.drain() == [0xFA])
        #expect(bench.keyboard.lights == 0b101)
        bench.data(0x10)
        #expect(bench.drain() == [0xFE])
        bench.data(0xF0)
        bench.data(0x00)
        #expect(bench.drain() == [0xFA, 0xFA, 0x41])
    }

    @Test("reset is acknowledged and passes the self-test 300 ms later")
    func keyboardReset() {
        bench.setUp()
        bench.data(0xFF)
        #expect(bench.drain() == [0xFA])
        bench.run(milliseconds: 290)
        #expect(!bench.isFull)
        #expect(
            {
                bench.run(milliseconds: 20)
                return bench.read()
            }() == 0xAA)
    }

    @Test("F5h stops the scanning, F4h starts it")
    func scanning() {
        bench.setUp()
        bench.data(0xF5)
        _ = bench.drain()
        bench.type(0x10)
        #expect(bench.drain() == [])
        bench.data(0xF4)
        #expect(bench.drain() == [0xFA])
        bench.type(0x10)
        #expect(bench.drain() == [0x10, 0x90])
    }

    @Test("a held key repeats after the delay at the rate")
    func typematic() {
        bench.setUp()
        bench.data(0xF3)
        bench.data(0x00)
        _ = bench.drain()
        bench.press(0x20)
        #expect(bench.drain() == [0x20])
        var makes = 0
        for _ in 0..<1_250 {
            bench.run(milliseconds: 1)
            if bench.isFull {
                #expect(bench.read() == 0x20)
                makes += 1
            }
        }
        // 250 ms, then 30 a second for a second.
        #expect((29...31).contains(makes))
        bench.release(0x20)
        #expect(bench.drain() == [0xA0])
        bench.run(milliseconds: 1_000)
        #expect(!bench.isFull)
    }

    @Test("Num Lock and Shift wrap the navigation keys in pretended Shifts")
    func pretendedShift() {
        bench.setUp()
        bench.press(0x2A)
        bench.press(0xE04B)
        bench.release(0xE04B)
        #expect(bench.drain() == [0x2A, 0xE0, 0xAA, 0xE0, 0x4B, 0xE0, 0xCB, 0xE0, 0x2A])
        bench.release(0x2A)
        _ = bench.drain()
        bench.lock(0b010)
        bench.type(0xE04B)
        #expect(bench.drain() == [0xE0, 0x2A, 0xE0, 0x4B, 0xE0, 0xCB, 0xE0, 0xAA])
    }

    @Test("Pause and PrtSc send their odd sequences")
    func oddKeys() {
        bench.setUp()
        bench.type(0xE11D)
        #expect(bench.drain() == [0xE1, 0x1D, 0x45, 0xE1, 0x9D, 0xC5])
        bench.type(0xE037)
        #expect(bench.drain() == [0xE0, 0x2A, 0xE0, 0x37, 0xE0, 0xB7, 0xE0, 0xAA])
        bench.press(0x1D)
        bench.type(0xE11D)
        #expect(bench.drain() == [0x1D, 0xE0, 0x46, 0xE0, 0xC6])
        bench.release(0x1D)
        bench.press(0x38)
        _ = bench.drain()
        bench.type(0xE037)
        #expect(bench.drain() == [0x54, 0xD4])
    }

    @Test("a full keyboard sends its overrun code")
    func overrun() {
        bench.setUp()
        bench.command(0xAD)
        for code: UInt16 in 0x02...0x20 { bench.press(code) }
        bench.command(0xAE)
        #expect(bench.drain() == (0x02...0x11).map { UInt8($0) } + [0xFF])
    }

    @Test("state survives a round trip with a byte on the cable")
    func roundTrip() {
        bench.setUp()
        bench.press(0xE048)
        bench.run(milliseconds: 1)
        let other = Bench()
        #expect(restore(other.keyboard, from: savedState(bench.keyboard)) == nil)
        #expect(restore(other.scheduler, from: savedState(bench.scheduler)) == nil)
        #expect(restore(other.chip, from: savedState(bench.chip)) == nil)
        other.run(milliseconds: 1)
        bench.run(milliseconds: 1)
        #expect(other.irq1.isAsserted)
        #expect(other.drain() == bench.drain())
        other.release(0xE048)
        bench.release(0xE048)
        #expect(other.drain() == bench.drain())
        #expect(savedState(other.chip) == savedState(bench.chip))
    }
}
