import Boards
import Core
import TestSupport
import Testing

@Suite struct InterruptControllerPairTests {
    private let output = Line()
    private let ports = PortMap()
    private let lines = (0..<16).map { _ in Line() }
    private let now = Tick(1)

    private func makePair(hasSlave: Bool) -> InterruptControllerPair {
        let pair = InterruptControllerPair(hasSlave: hasSlave, output: output)
        pair.attach(to: ports)
        for (number, line) in lines.enumerated() where number != 2 { pair.connect(line, toIRQ: number) }
        let sequence: [(UInt16, UInt8)] =
            hasSlave
            ? [
                (0x20, 0x11), (0x21, 0x08), (0x21, 0x04), (0x21, 0x01), (0xA0, 0x11), (0xA1, 0x70), (0xA1, 0x02),
                (0xA1, 0x01),
            ] : [(0x20, 0x13), (0x21, 0x08), (0x21, 0x09)]
        for (port, value) in sequence { ports.write8(port, value, at: now) }
        return pair
    }

    @Test("the AT's sixteen requests give vectors 08h-0Fh and 70h-77h")
    func vectors() {
        let pair = makePair(hasSlave: true)
        for number in 0..<16 where number != 2 {
            lines[number].set(true, at: now)
            #expect(output.isAsserted)
            #expect(pair.acknowledge(at: now) == UInt8(number < 8 ? 0x08 + number : 0x70 + number - 8))
            if number > 7 { ports.write8(0xA0, 0x20, at: now) }
            ports.write8(0x20, 0x20, at: now)
            lines[number].set(false, at: now)
            #expect(!output.isAsserted)
        }
    }

    @Test("two requests of the slave come one after the other")
    func slaveQueue() {
        let pair = makePair(hasSlave: true)
        lines[14].set(true, at: now)
        lines[8].set(true, at: now)
        #expect(pair.acknowledge(at: now) == 0x70)
        ports.write8(0xA0, 0x20, at: now)
        ports.write8(0x20, 0x20, at: now)
        #expect(output.isAsserted)
        #expect(pair.acknowledge(at: now) == 0x76)
    }

    @Test("a request of the slave that vanishes gives its IR7")
    func spuriousSlave() {
        let pair = makePair(hasSlave: true)
        lines[12].set(true, at: now)
        let ready = pair.master.peekPort(0x20, at: now)
        #expect(ready == 0b100)
        // The slave withdraws, and so does the master; its own IR7 answers.
        lines[12].set(false, at: now)
        #expect(pair.acknowledge(at: now) == 0x0F)
    }

    @Test("IRQ 2 of an AT is IRQ 9; a PC has eight requests")
    func irq2() {
        let pair = makePair(hasSlave: true)
        let line = Line()
        pair.connect(line, toIRQ: 2)
        line.set(true, at: now)
        #expect(pair.acknowledge(at: now) == 0x71)
        let single = makePair(hasSlave: false)
        single.connect(line, toIRQ: 2)
        single.connect(Line(), toIRQ: 12)
        line.set(false, at: now)
        line.set(true, at: now)
        #expect(single.acknowledge(at: now) == 0x0A)
    }

    @Test("state survives a round trip with interrupts in service and pending")
    func roundTrip() {
        let pair = makePair(hasSlave: true)
        lines[10].set(true, at: now)
        _ = pair.acknowledge(at: now)
        lines[1].set(true, at: now)
        let other = InterruptControllerPair(hasSlave: true, output: Line())
        for (chunk, copy) in zip(pair.chunks, other.chunks) {
            #expect(restore(copy, from: savedState(chunk)) == nil)
            #expect(savedState(copy) == savedState(chunk))
        }
        #expect(other.master.output.isAsserted)
        #expect(other.acknowledge(at: now) == 0x09)
    }
}
