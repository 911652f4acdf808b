import Chips
import Core
import TestSupport
import Testing

/// Hears what a port sends, and sends to it.
private final class FarEnd: SerialLineDevice {
    private(set) var heard: [UInt8] = []
    private(set) var times: [Tick] = []
    private(set) var lines = (dtr: false, rts: false)
    private weak var receiver: (any SerialReceiver)?

    func receive(_ character: UInt8, as format: SerialFormat, at now: Tick) {
        heard.append(character)
        times.append(now)
    }
    func setModemOutputs(dtr: Bool, rts: Bool, at now: Tick) { lines = (dtr, rts) }
    func connect(to receiver: any SerialReceiver) { self.receiver = receiver }
    func send(_ byte: UInt8, as format: SerialFormat, at now: Tick) { receiver?.receive(byte, as: format, at: now) }
}

private final class Bench {
    let scheduler = Scheduler()
    let far = FarEnd()
    let irq = Line()
    let chip: NS8250
    private(set) var now = Tick.milliseconds(1)

    init(_ variant: NS8250.Variant = .ins8250) {
        chip = NS8250(variant: variant, slot: scheduler.makeSlot("COM1"), interrupt: irq, device: far)
    }

    subscript(_ register: UInt16) -> UInt8 {
        get { chip.readPort(0x3F8 + register, at: now) }
        set { chip.writePort(0x3F8 + register, newValue, at: now) }
    }

    func run(_ time: Tick) {
        now += time
        scheduler.deliver(through: now)
    }

    /// Divisor, then the line control register.
    func setUp(divisor: UInt16, line: UInt8 = 0b011) {
        self[3] = 0x80
        self[0] = UInt8(truncatingIfNeeded: divisor)
        self[1] = UInt8(divisor >> 8)
        self[3] = line
    }
}

@Suite struct NS8250Tests {
    @Test("after power-on nothing interrupts and the transmitter is empty")
    func reset() {
        let bench = Bench()
        #expect((0..<7).map { bench[$0] } == [0, 0, 1, 0, 0, 0x60, 0])
        bench[7] = 0x5A
        #expect(bench[7] == 0xFF)
        let later = Bench(.ns16450)
        later[7] = 0x5A
        #expect(later[7] == 0x5A)
    }

    @Test("the divisor is behind bit 7 of the line control register; unused bits read 0")
    func divisor() {
        let bench = Bench()
        bench.setUp(divisor: 0x1234)
        #expect(bench[3] == 0x03)
        bench[3] = 0x83
        #expect(bench[0] == 0x34 && bench[1] == 0x12)
        bench[3] = 0x03
        bench[1] = 0xFF
        bench[4] = 0xFF
        #expect(bench[1] == 0x0F && bench[4] == 0x1F)
    }

    @Test(
        "a character lasts its bits at the baud rate",
        arguments: [
            (UInt16(12), UInt8(0b011), Int64(20)), (96, 0b010, 18), (48, 0b1_1110, 22), (1, 0b100, 15),
            (384, 0b111, 22),
        ])
    func timing(divisor: UInt16, line: UInt8, halfBits: Int64) {
        let bench = Bench()
        bench.setUp(divisor: divisor, line: line)
        let start = bench.now
        bench[0] = 0xFF
        bench.run(.seconds(1))
        // 1.8432 MHz / 16 / divisor.
        #expect(bench.far.times == [start + Tick(21_875 * Int64(divisor) * halfBits / 2)])
        #expect(bench.far.heard == [0xFF >> (3 - line & 3)])
    }

    @Test("the holding register takes one character while another is sent")
    func twoCharacters() {
        let bench = Bench()
        bench.setUp(divisor: 12)
        let character = Tick(21_875 * 12 * 10)
        bench[0] = 1
        #expect(bench[5] == 0x20)
        bench[0] = 2
        #expect(bench[5] == 0x00)
        bench.run(character)
        #expect(bench[5] == 0x20 && bench.far.heard == [1])
        bench.run(character)
        #expect(bench[5] == 0x60 && bench.far.heard == [1, 2])
    }

    @Test("interrupts by priority: line status, data, empty holding register, modem; each with its own remedy")
    func interrupts() {
        let bench = Bench()
        bench.setUp(divisor: 12)
        bench[1] = 0x0F
        #expect(!bench.irq.isAsserted, "OUT2 is off")
        bench[4] = 0x08
        #expect(bench.irq.isAsserted)
        bench.far.send(0x41, as: bench.chip.format, at: bench.now)
        bench.far.send(0x42, as: bench.chip.format, at: bench.now)
        bench.chip.setModemInputs(0x30, at: bench.now)
        #expect(bench[2] == 0b110)
        #expect(bench[5] == 0x63)
        #expect(bench[5] == 0x61)
        #expect(bench[2] == 0b100)
        #expect(bench[0] == 0x42)
        // Reading it is the remedy.
        #expect(bench[2] == 0b010)
        #expect(bench[2] == 0b000)
        #expect(bench.irq.isAsserted)
        #expect(bench[6] == 0x33)
        #expect(bench[6] == 0x30)
        #expect(bench[2] == 0b001 && !bench.irq.isAsserted)
        bench[1] = 0x00
        bench[1] = 0x02
        #expect(bench[2] == 0b010)
        bench[0] = 7
        #expect(bench[2] == 0b010, "the shift register takes it at once")
    }

    @Test("in loopback characters and modem lines come back, and the cable is quiet")
    func loopback() {
        let bench = Bench()
        bench.setUp(divisor: 12)
        bench[4] = 0x03
        #expect(bench.far.lines.dtr && bench.far.lines.rts)
        bench[4] = 0x1A
        #expect(!bench.far.lines.dtr && !bench.far.lines.rts)
        #expect(bench[6] & 0xF0 == 0x90)
        bench[4] = 0x15
        #expect(bench[6] & 0xF0 == 0x60)
        bench[4] = 0x10
        // The ring indicator has ended.
        #expect(bench[6] & 0x0F == 0b0110)
        bench[0] = 0xA5
        bench.run(.milliseconds(2))
        #expect(bench[5] & 1 == 1 && bench[0] == 0xA5)
        #expect(bench.far.heard == [])
        bench[3] = 0x43
        bench[0] = 0xA5
        bench.run(.milliseconds(2))
        #expect(bench[5] == 0x79 && bench[0] == 0)
    }

    @Test("characters of another format arrive as the receiver cuts them")
    func formats() {
        let bench = Bench()
        bench.setUp(divisor: 96)
        bench.far.send(0x4D, as: SerialFormat(bitTime: Tick(2_100_000), dataBits: 7), at: bench.now)
        #expect(bench[5] == 0x61 && bench[0] == 0xCD)
        bench.setUp(divisor: 96, line: 0b010)
        bench.far.send(0x4D, as: SerialFormat(bitTime: Tick(2_100_000), dataBits: 7), at: bench.now)
        #expect(bench[5] == 0x61 && bench[0] == 0x4D)
        bench.setUp(divisor: 12)
        bench.far.send(0x4D, as: SerialFormat(bitTime: Tick(2_100_000), dataBits: 7), at: bench.now)
        #expect(bench[5] == 0x69 && bench[0] == 0)
    }

    @Test("random port accesses never trap, and the state goes round")
    func random() {
        var generator = SeededGenerator(seed: 8_250)
        for _ in 0..<40 {
            let (bench, other) = (Bench(.ns16450), Bench(.ns16450))
            func step(_ bench: Bench, _ kind: UInt8, _ register: UInt16, _ value: UInt8) {
                switch kind {
                case 0...2: bench[register] = value
                case 3: _ = bench[register]
                case 4: bench.chip.setModemInputs(value, at: bench.now)
                case 5:
                    bench.far.send(
                        value, as: SerialFormat(bitTime: Tick(Int64(value) * 21_875), dataBits: 8), at: bench.now)
                default: bench.run(Tick(Int64(value) * 100_000))
                }
            }
            func next() -> (UInt8, UInt16, UInt8) {
                (
                    .random(in: 0...7, using: &generator), .random(in: 0...7, using: &generator),
                    .random(in: 0...255, using: &generator)
                )
            }
            for _ in 0..<100 {
                let (kind, register, value) = next()
                step(bench, kind, register, value)
            }
            other.run(bench.now - other.now)
            #expect(restore(other.chip, from: savedState(bench.chip)) == nil)
            #expect(restore(other.scheduler, from: savedState(bench.scheduler)) == nil)
            for _ in 0..<100 {
                let (kind, register, value) = next()
                step(bench, kind, register, value)
                step(other, kind, register, value)
                #expect(bench.irq.isAsserted == other.irq.isAsserted)
            }
            #expect(savedState(bench.chip) == savedState(other.chip))
        }
    }
}
