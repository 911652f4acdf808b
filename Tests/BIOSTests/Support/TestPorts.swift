import Core

/// All ports of a test machine: plain latches with a log of the writes, and indexed registers where the PC has them.
final class TestPorts: PortDevice {
    struct Write: Equatable {
        let port: UInt16
        let value: UInt8
    }

    private(set) var writes: [Write] = []
    /// What a read of a port gives; the last value written unless set.
    var values: [UInt16: UInt8] = [:]
    /// Registers behind an index port: CRTC, sequencer, graphics controller, clock.
    private(set) var registers: [UInt16: [UInt8: UInt8]] = [:]
    private var indices: [UInt16: UInt8] = [:]
    /// The attribute controller, whose one port takes index and data in turn.
    private(set) var attributes: [UInt8: UInt8] = [:]
    private var attributeIndex: UInt8 = 0
    private var expectsAttributeData = false
    private(set) var dac = [UInt8](repeating: 0, count: 768)
    private var dacPosition = 0
    /// Reads of the clock's status A that still show an update.
    var updatingReads = 0

    private static let indexed: Set<UInt16> = [0x70, 0x3B4, 0x3D4, 0x3C4, 0x3CE]

    func clearLog() { writes = [] }

    func values(writtenTo port: UInt16) -> [UInt8] { writes.filter { $0.port == port }.map(\.value) }

    func setRegister(_ port: UInt16, _ index: UInt8, _ value: UInt8) { registers[port, default: [:]][index] = value }

    func register(_ port: UInt16, _ index: UInt8) -> UInt8? { registers[port]?[index] }

    func readPort(_ port: UInt16, at now: Tick) -> UInt8 {
        if TestPorts.indexed.contains(port &- 1) {
            let index = indices[port - 1] ?? 0
            if port == 0x71, index == 0x0A, updatingReads > 0 {
                updatingReads -= 1
                return 0xA6
            }
            let value = registers[port - 1]?[index] ?? 0
            if port == 0x71, index == 0x0C { setRegister(0x70, 0x0C, 0) }
            return value
        }
        switch port {
        case 0x3DA, 0x3BA:
            expectsAttributeData = false
            return values[port] ?? 0
        case 0x3C1: return attributes[attributeIndex & 0x1F] ?? 0
        case 0x3C9:
            defer { dacPosition = (dacPosition + 1) % 768 }
            return dac[dacPosition]
        // The switches of an EGA with the enhanced monitor, one by one.
        case 0x3C2: return (0b1001 >> (3 - (values[0x3C2] ?? 0) >> 2 & 3) & 1) << 4
        case 0x3CC: return values[0x3C2] ?? 0
        case 0x64: return values[port] ?? 0
        default: return values[port] ?? 0
        }
    }

    func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        writes.append(Write(port: port, value: value))
        switch port {
        case _ where TestPorts.indexed.contains(port): indices[port] = value
        case _ where TestPorts.indexed.contains(port &- 1): setRegister(port - 1, indices[port - 1] ?? 0, value)
        case 0x3C0:
            if expectsAttributeData { attributes[attributeIndex & 0x1F] = value } else { attributeIndex = value }
            expectsAttributeData.toggle()
        case 0x3C7, 0x3C8: dacPosition = Int(value) * 3
        case 0x3C9:
            dac[dacPosition] = value
            dacPosition = (dacPosition + 1) % 768
        case 0x64: break
        default: values[port] = value
        }
    }

    func peekPort(_ port: UInt16, at now: Tick) -> UInt8 { values[port] ?? 0 }
}

final class TestClock: TimeSource {
    var now = Tick.zero
}

/// Keeps what a program writes to standard output.
final class TestSink: StreamSink {
    private(set) var bytes: [UInt8] = []

    func write(_ bytes: UnsafeRawBufferPointer, toError: Bool) { self.bytes += bytes }

    var text: String { String(decoding: bytes, as: UTF8.self) }
}
