import Chips
import Core
import TestSupport
import Testing

private final class Wiring: Intel8255Wiring {
    var log: [String] = []
    func inputs(of port: Intel8255.Port, at now: Tick) -> UInt8 { [0xA5, 0xB6, 0xC7][port.rawValue] }
    func outputsDidChange(of port: Intel8255.Port, to value: UInt8, at now: Tick) { log.append("\(port)=\(value)") }
}

@Suite struct Intel8255Tests {
    private let chip = Intel8255(chunkID: ChunkID("PPI "))
    private let wiring = Wiring()

    init() { chip.connect(wiring) }

    private func read(_ port: UInt16) -> UInt8 { chip.readPort(port, at: .zero) }
    private func write(_ port: UInt16, _ value: UInt8) { chip.writePort(port, value, at: .zero) }

    @Test("after reset all ports are inputs; IBM's mode makes B an output")
    func directions() {
        #expect([read(0x60), read(0x61), read(0x62)] == [0xA5, 0xB6, 0xC7])
        write(0x63, 0x99)
        write(0x61, 0x4C)
        #expect([read(0x60), read(0x61), read(0x62)] == [0xA5, 0x4C, 0xC7])
        #expect(wiring.log.last == "b=76")
    }

    @Test("port C is split, and its bits are set one by one")
    func portC() {
        // Upper half out, lower half in.
        write(0x63, 0x81)
        write(0x63, 0b0000_1101)
        #expect(read(0x62) == 0b0100_0111)
        write(0x63, 0b0000_1100)
        #expect(read(0x62) == 0b0000_0111)
    }

    @Test("a mode word clears the latches")
    func modeClears() {
        write(0x63, 0x80)
        write(0x60, 0x12)
        #expect(read(0x60) == 0x12)
        write(0x63, 0x80)
        #expect(read(0x60) == 0)
    }

    @Test("state survives a round trip")
    func roundTrip() {
        write(0x63, 0x99)
        write(0x61, 0x33)
        let other = Intel8255(chunkID: ChunkID("PPI "))
        #expect(restore(other, from: savedState(chip)) == nil)
        #expect(other.readPort(0x61, at: .zero) == 0x33)
    }
}
