import Chips
import Core
import TestSupport
import Testing

/// A mouse on the cable of a port that keeps what arrives, with its time.
private final class Bench: SerialReceiver {
    let scheduler = Scheduler()
    let mouse: SerialMouse
    private(set) var now = Tick.zero
    private(set) var arrivals: [(byte: UInt8, time: Tick)] = []
    private(set) var bits: Set<Int> = []

    init(_ kind: SerialMouse.Dialect = .microsoft) {
        mouse = SerialMouse(kind, slot: scheduler.makeSlot("mouse"))
        mouse.connect(to: self)
    }

    func receive(_ character: UInt8, as format: SerialFormat, at now: Tick) {
        arrivals.append((character, now))
        bits.insert(format.dataBits)
    }

    func run(milliseconds: Int64) {
        now += Tick.milliseconds(milliseconds)
        scheduler.deliver(through: now)
    }

    func power(_ isOn: Bool) { mouse.setModemOutputs(dtr: isOn, rts: isOn, at: now) }

    func take() -> [UInt8] {
        defer { arrivals = [] }
        return arrivals.map(\.byte)
    }
}

@Suite struct SerialMouseTests {
    /// Nine bits at 1,200 baud.
    private let character = Tick(2_100_000 * 9)

    @Test("RTS and DTR wake the mouse, which says M")
    func wake() {
        let bench = Bench()
        bench.mouse.setModemOutputs(dtr: true, rts: false, at: bench.now)
        bench.mouse.move(dx: 5, dy: 5, at: bench.now)
        bench.run(milliseconds: 100)
        #expect(bench.take() == [])
        let start = bench.now
        bench.power(true)
        bench.run(milliseconds: 100)
        #expect(bench.arrivals.map(\.time) == [start + .milliseconds(14) + character])
        #expect(bench.take() == [0x4D])
        #expect(bench.bits == [7])
    }

    @Test("a packet is three characters, one after the other, with the high bits in the first")
    func packets() {
        let bench = Bench()
        bench.power(true)
        bench.run(milliseconds: 100)
        _ = bench.take()
        let start = bench.now
        bench.mouse.move(dx: 70, dy: -3, at: bench.now)
        bench.run(milliseconds: 30)
        #expect(bench.arrivals.map(\.time) == (1...3).map { start + character * $0 })
        #expect(bench.take() == [0x4D, 0x06, 0x3D])
        bench.mouse.setButtons(0b111, at: bench.now)
        bench.run(milliseconds: 30)
        #expect(bench.take() == [0x70, 0, 0])
        bench.mouse.setButtons(0b101, at: bench.now)
        bench.run(milliseconds: 30)
        #expect(bench.take() == [0x60, 0, 0])
        // The middle button does not exist here.
        bench.mouse.setButtons(0b001, at: bench.now)
        bench.run(milliseconds: 30)
        #expect(bench.take() == [])
    }

    @Test("movement during a packet is in the next, and a button in between is not lost")
    func following() {
        let bench = Bench()
        bench.power(true)
        bench.run(milliseconds: 100)
        _ = bench.take()
        bench.mouse.move(dx: 130, dy: 0, at: bench.now)
        bench.run(milliseconds: 10)
        bench.mouse.move(dx: 2, dy: 1, at: bench.now)
        bench.mouse.setButtons(1, at: bench.now)
        bench.run(milliseconds: 100)
        #expect(bench.take() == [0x41, 0x3F, 0, 0x60, 5, 1])
        bench.power(false)
        bench.mouse.move(dx: 1, dy: 1, at: bench.now)
        bench.run(milliseconds: 100)
        #expect(bench.take() == [])
    }

    @Test("a Mouse Systems packet has five characters of eight bits, up positive")
    func mouseSystems() {
        let bench = Bench(.mouseSystems)
        bench.power(true)
        bench.run(milliseconds: 100)
        #expect(bench.take() == [])
        bench.mouse.move(dx: 4, dy: 6, at: bench.now)
        bench.run(milliseconds: 10)
        bench.mouse.move(dx: 1, dy: -1, at: bench.now)
        bench.run(milliseconds: 60)
        #expect(bench.take() == [0x87, 4, 0xFA, 1, 1])
        bench.mouse.setButtons(0b110, at: bench.now)
        bench.run(milliseconds: 60)
        #expect(bench.take() == [0x84, 0, 0, 0, 0])
        #expect(bench.bits == [8])
    }

    @Test("a state in the middle of a packet goes on as the machine did", arguments: [0, 5, 10, 17, 24])
    func roundTrip(milliseconds: Int64) {
        let (bench, other) = (Bench(), Bench())
        bench.power(true)
        bench.run(milliseconds: 50)
        bench.mouse.move(dx: 300, dy: -9, at: bench.now)
        bench.run(milliseconds: milliseconds)
        _ = bench.take()
        other.run(milliseconds: 50 + milliseconds)
        #expect(restore(other.mouse, from: savedState(bench.mouse)) == nil)
        #expect(restore(other.scheduler, from: savedState(bench.scheduler)) == nil)
        for each in [bench, other] {
            each.mouse.setButtons(2, at: each.now)
            each.run(milliseconds: 200)
        }
        #expect(bench.take() == other.take())
        #expect(savedState(bench.mouse) == savedState(other.mouse))
    }
}
