import Boards
import Chips
import Core
import TestSupport
import Testing

private final class Bench {
    let scheduler = Scheduler()
    let ports = PortMap()
    let keyboard: IBMXTKeyboard
    let timer: Intel8254
    let board: XTPeripherals
    let (irq1, gate, speaker) = (Line(), Line(), Line())
    var now = Tick.milliseconds(1)

    init(_ model: XTPeripherals.Model = .xt) {
        keyboard = IBMXTKeyboard(
            typematicSlot: scheduler.makeSlot("typematic"), testSlot: scheduler.makeSlot("test"))
        timer = Intel8254(variant: .i8253, outputs: [Line(), Line(), Line()], slots: [nil, nil, nil])
        gate.connect(to: timer, as: 2)
        board = XTPeripherals(
            model: model, switches: 0x6D, expansionSwitches: 0x12, keyboard: keyboard,
            slot: scheduler.makeSlot("shift register"), timer: timer, keyboardInterrupt: irq1, timerGate: gate,
            speakerData: speaker)
        board.attach(to: ports)
        out(0x63, 0x99)
        out(0x61, 0x48)
    }

    func out(_ port: UInt16, _ value: UInt8) { ports.write8(port, value, at: now) }
    func read(_ port: UInt16) -> UInt8 { ports.read8(port, at: now) }

    func run(milliseconds: Int64) {
        now += Tick.milliseconds(milliseconds)
        scheduler.deliver(through: now)
    }

    /// As IBM's INT 09h handler does.
    func acknowledge() {
        let value = read(0x61)
        out(0x61, value | 0x80)
        out(0x61, value)
    }
}

@Suite struct XTPeripheralsTests {
    @Test("a scan code raises IRQ 1 until bit 7 of port 61h is pulsed; the next one waits")
    func keyboard() {
        let bench = Bench()
        bench.keyboard.key(0x1E, isDown: true, at: bench.now)
        bench.keyboard.key(0x1E, isDown: false, at: bench.now)
        bench.run(milliseconds: 5)
        #expect(bench.irq1.isAsserted)
        #expect(bench.read(0x60) == 0x1E)
        #expect(bench.read(0x60) == 0x1E)
        bench.acknowledge()
        #expect(!bench.irq1.isAsserted)
        bench.run(milliseconds: 5)
        #expect(bench.read(0x60) == 0x9E)
        bench.acknowledge()
        bench.run(milliseconds: 5)
        #expect(bench.read(0x60) == 0)
    }

    @Test("IBM's keyboard reset brings AAh")
    func reset() {
        let bench = Bench()
        bench.out(0x61, 0x08)
        bench.run(milliseconds: 20)
        bench.out(0x61, 0xC8)
        bench.out(0x61, 0x48)
        bench.run(milliseconds: 30)
        #expect(bench.read(0x60) == 0xAA)
    }

    @Test("the switches of an XT are in two halves at port C")
    func xtSwitches() {
        let bench = Bench(.xt)
        bench.out(0x61, 0x40)
        #expect(bench.read(0x62) & 15 == 0x0D)
        bench.out(0x61, 0x48)
        #expect(bench.read(0x62) & 15 == 0x06)
    }

    @Test("the switches of a PC are at port A, those for memory at port C")
    func pcSwitches() {
        let bench = Bench(.pc)
        bench.out(0x61, 0xCC)
        #expect(bench.read(0x60) == 0x6D)
        #expect(bench.read(0x62) & 15 == 0x02)
        bench.out(0x61, 0x48)
        #expect(bench.read(0x60) == 0)
        #expect(bench.read(0x62) & 15 == 0x01)
    }

    @Test("timer 2 is gated by bit 0 and seen in bit 5 of port C")
    func timer2() {
        let bench = Bench()
        bench.ports.attach(bench.timer, at: 0x40...0x43)
        bench.out(0x43, 0x90)
        bench.out(0x42, 100)
        bench.run(milliseconds: 1)
        #expect(bench.read(0x62) & 0x20 == 0)
        bench.out(0x61, 0x49)
        bench.run(milliseconds: 1)
        #expect(bench.read(0x62) & 0x20 != 0)
        bench.out(0x61, 0x4A)
        #expect(bench.speaker.isAsserted)
    }

    @Test("state survives a round trip with a code in the register")
    func roundTrip() {
        let bench = Bench()
        bench.keyboard.key(0x10, isDown: true, at: bench.now)
        bench.run(milliseconds: 3)
        let other = Bench()
        for (chunk, copy) in zip(bench.board.chunks, other.board.chunks) {
            #expect(restore(copy, from: savedState(chunk)) == nil)
        }
        #expect(other.irq1.isAsserted)
        #expect(other.read(0x60) == 0x10)
    }
}
