import Core
import Testing

@Suite struct PortMapTests {
    /// Notes what it is asked.
    private final class Device: PortDevice {
        var log: [String] = []
        func readPort(_ port: UInt16, at now: Tick) -> UInt8 {
            log.append("r\(port)")
            return UInt8(truncatingIfNeeded: port)
        }
        func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) { log.append("w\(port)=\(value)") }
        func peekPort(_ port: UInt16, at now: Tick) -> UInt8 { 0x77 }
        func writePort16(_ port: UInt16, _ value: UInt16, at now: Tick) { log.append("W\(port)=\(value)") }
    }

    @Test("ports of nobody read all ones, and writes to them are lost")
    func nobody() {
        let ports = PortMap()
        ports.write8(5, 1, at: .zero)
        ports.write16(0xFFFF, 1, at: .zero)
        #expect(ports.read8(5, at: .zero) == 0xFF && ports.read16(4, at: .zero) == 0xFFFF)
        #expect(ports.peek8(5, at: .zero) == 0xFF && ports.device(at: 5) == nil)
    }

    @Test("a word at an even port of one device is one access, elsewhere two; the last port's neighbour is the first")
    func words() {
        let (ports, first, second) = (PortMap(), Device(), Device())
        ports.attach(first, at: 0x10...0x13)
        ports.attach(second, at: 0x14...0x14)
        ports.attach(first, at: 0xFFFF...0xFFFF)
        ports.write16(0x10, 0x0201, at: .zero)
        ports.write16(0x11, 0x0201, at: .zero)
        ports.write16(0x13, 0x0201, at: .zero)
        ports.write16(0xFFFF, 0x0201, at: .zero)
        #expect(first.log == ["W16=513", "w17=1", "w18=2", "w19=1", "w65535=1"])
        #expect(second.log == ["w20=2"])
        #expect(ports.read16(0x13, at: .zero) == 0x1413 && ports.peek8(0x14, at: .zero) == 0x77)
        // A later device takes the place of an earlier one.
        ports.attach(second, at: 0x10...0x10)
        #expect(ports.device(at: 0x10) === second && ports.device(at: 0x11) === first)
        #expect(ports.read8(0x10, at: .zero) == 0x10 && second.log.last == "r16")
    }
}
