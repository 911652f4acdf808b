import Chips
import Core
import TestSupport
import Testing

@Suite struct Intel8259ATests {
    private let output = Line()
    private let chip: Intel8259A
    private let now = Tick(100)

    init() { chip = Intel8259A(chunkID: ChunkID("PIC1"), isMaster: true, output: output) }

    private func command(_ value: UInt8) { chip.writePort(0x20, value, at: now) }
    private func data(_ value: UInt8) { chip.writePort(0x21, value, at: now) }

    /// As IBM's BIOS does on a PC, with other modes on request.
    private func initialize(icw1: UInt8 = 0x13, icw4: UInt8 = 0x09) {
        command(icw1)
        data(0x08)
        if icw1 & 2 == 0 { data(0x04) }
        data(icw4)
        data(0x00)
    }

    private func raise(_ level: Int) { chip.lineDidChange(level, isAsserted: true, at: now) }
    private func lower(_ level: Int) { chip.lineDidChange(level, isAsserted: false, at: now) }

    @Test("nothing is requested before initialization")
    func beforeInitialization() {
        raise(0)
        #expect(!output.isAsserted)
    }

    @Test("a request is acknowledged with base plus level and enters service")
    func simpleRequest() {
        initialize()
        raise(1)
        #expect(output.isAsserted)
        #expect(chip.acknowledge(at: now) == .vector(0x09))
        #expect(!output.isAsserted)
        command(0x0B)
        #expect(chip.readPort(0x20, at: now) == 0b10)
        command(0x0A)
        #expect(chip.readPort(0x20, at: now) == 0)
        command(0x20)
        command(0x0B)
        #expect(chip.readPort(0x20, at: now) == 0)
    }

    @Test("an edge-triggered input that stays high asks once; a level-triggered one asks again after EOI")
    func triggers() {
        initialize()
        raise(3)
        _ = chip.acknowledge(at: now)
        command(0x20)
        #expect(!output.isAsserted)
        lower(3)
        raise(3)
        #expect(output.isAsserted)

        initialize(icw1: 0x1B)
        #expect(output.isAsserted)
        _ = chip.acknowledge(at: now)
        #expect(!output.isAsserted)
        command(0x20)
        #expect(output.isAsserted)
    }

    @Test("an input that is high at ICW1 must fall before it can ask")
    func edgeResetByICW1() {
        raise(5)
        initialize()
        #expect(!output.isAsserted)
        lower(5)
        raise(5)
        #expect(output.isAsserted)
    }

    @Test("a higher level interrupts a lower one, a lower one waits")
    func nesting() {
        initialize()
        raise(4)
        #expect(chip.acknowledge(at: now) == .vector(0x0C))
        raise(6)
        #expect(!output.isAsserted)
        raise(2)
        #expect(output.isAsserted)
        #expect(chip.acknowledge(at: now) == .vector(0x0A))
        command(0x20)
        #expect(!output.isAsserted)
        command(0x20)
        #expect(chip.acknowledge(at: now) == .vector(0x0E))
    }

    @Test("masked requests wait in the IRR")
    func mask() {
        initialize()
        data(0b0000_0010)
        raise(1)
        #expect(!output.isAsserted)
        #expect(chip.readPort(0x20, at: now) == 0b10)
        data(0)
        #expect(output.isAsserted)
        #expect(chip.readPort(0x21, at: now) == 0)
    }

    @Test("a request that vanishes gives IR7 without service")
    func spurious() {
        initialize()
        raise(1)
        lower(1)
        #expect(!output.isAsserted)
        #expect(chip.acknowledge(at: now) == .vector(0x0F))
        command(0x0B)
        #expect(chip.readPort(0x20, at: now) == 0)
    }

    @Test("automatic EOI leaves nothing in service, and rotates when told to")
    func automaticEOI() {
        initialize(icw4: 0x03)
        raise(0)
        _ = chip.acknowledge(at: now)
        command(0x0B)
        #expect(chip.readPort(0x20, at: now) == 0)
        command(0b1000_0000)
        lower(0)
        raise(0)
        #expect(chip.acknowledge(at: now) == .vector(0x08))
        lower(0)
        raise(0)
        raise(1)
        #expect(chip.acknowledge(at: now) == .vector(0x09))
    }

    @Test("rotation on EOI makes the ended level the lowest")
    func rotation() {
        initialize()
        raise(2)
        _ = chip.acknowledge(at: now)
        command(0b1010_0000)
        lower(2)
        raise(2)
        raise(3)
        #expect(chip.acknowledge(at: now) == .vector(0x0B))
        command(0b0110_0011)
        // Set priority: 6 lowest, so 7 is highest.
        command(0b1100_0110)
        raise(7)
        #expect(chip.acknowledge(at: now) == .vector(0x0F))
    }

    @Test("specific EOI with rotation ends and rotates that level")
    func specificRotation() {
        initialize()
        raise(4)
        _ = chip.acknowledge(at: now)
        command(0b1110_0100)
        raise(5)
        lower(4)
        raise(4)
        #expect(chip.acknowledge(at: now) == .vector(0x0D))
    }

    @Test("in special mask mode a masked level in service lets lower ones through")
    func specialMask() {
        initialize()
        raise(4)
        _ = chip.acknowledge(at: now)
        raise(6)
        #expect(!output.isAsserted)
        data(0b0001_0000)
        #expect(!output.isAsserted)
        command(0b0110_1000)
        #expect(output.isAsserted)
        #expect(chip.acknowledge(at: now) == .vector(0x0E))
        // A non-specific EOI passes over the masked level 4.
        command(0x20)
        command(0x0B)
        #expect(chip.readPort(0x20, at: now) == 0b0001_0000)
    }

    @Test("a poll reads the level with bit 7 and puts it in service")
    func poll() {
        initialize()
        command(0x0C)
        #expect(chip.readPort(0x20, at: now) == 0)
        raise(5)
        command(0x0C)
        #expect(chip.peekPort(0x20, at: now) == 0x85)
        #expect(chip.readPort(0x20, at: now) == 0x85)
        #expect(!output.isAsserted)
        command(0x0B)
        #expect(chip.readPort(0x20, at: now) == 0b0010_0000)
    }

    @Test("a master names the slave, and in special fully nested mode lets it interrupt again")
    func cascade() {
        initialize(icw1: 0x11, icw4: 0x01)
        raise(2)
        #expect(chip.acknowledge(at: now) == .slave(2))
        lower(2)
        raise(2)
        #expect(!output.isAsserted)
        initialize(icw1: 0x11, icw4: 0x11)
        lower(2)
        raise(2)
        #expect(chip.acknowledge(at: now) == .slave(2))
        lower(2)
        raise(2)
        #expect(output.isAsserted)
        raise(3)
        _ = chip.acknowledge(at: now)
        #expect(!output.isAsserted)
    }

    @Test("the output falls in the acknowledge, so that a master sees a new edge")
    func outputEdge() {
        initialize()
        let recorder = LineRecorder()
        output.connect(to: recorder, as: 2)
        raise(1)
        raise(0)
        _ = chip.acknowledge(at: now)
        command(0x20)
        #expect(recorder.changes.map(\.isAsserted) == [true, false, true])
    }

    @Test("state survives a round trip")
    func roundTrip() {
        initialize(icw1: 0x11, icw4: 0x01)
        raise(1)
        raise(4)
        _ = chip.acknowledge(at: now)
        let saved = savedState(chip)
        let other = Intel8259A(chunkID: ChunkID("PIC1"), isMaster: true, output: Line())
        #expect(restore(other, from: saved) == nil)
        #expect(savedState(other) == saved)
        #expect(other.output.isAsserted == output.isAsserted)
        other.writePort(0x20, 0x20, at: now)
        #expect(other.acknowledge(at: now) == .vector(0x0C))
    }
}
