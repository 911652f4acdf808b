import Chips
import Core

/// The interrupt controllers of a PC: one 8259A, or two in cascade on the AT.
///
/// - Ports: 20h-21h; on the AT also A0h-A1h.
/// - Lines: `connect(_:toIRQ:)` for IRQ 0-7, or 0-15; `output` is the processor's INTR.
/// - Source: IBM PC/AT Technical Reference, "System interrupts": the slave is on IR2, and the bus's IRQ 2 is IRQ 9.
public final class InterruptControllerPair {
    public let master: Intel8259A
    /// Nil on a PC or XT.
    public let slave: Intel8259A?
    private let cascade = Line()

    public init(hasSlave: Bool, output: Line) {
        master = Intel8259A(chunkID: ChunkID("PIC1"), isMaster: true, output: output)
        slave = hasSlave ? Intel8259A(chunkID: ChunkID("PIC2"), isMaster: false, output: cascade) : nil
        cascade.connect(to: master, as: 2)
    }

    public func attach(to ports: PortMap) {
        ports.attach(master, at: 0x20...0x21)
        if let slave { ports.attach(slave, at: 0xA0...0xA1) }
    }

    /// All that must be saved.
    public var chunks: [any StateChunk] { [master] + (slave.map { [$0] } ?? []) }

    /// Connects a request line. Numbers that the machine lacks are ignored; IRQ 2 of an AT is IRQ 9.
    public func connect(_ line: Line, toIRQ number: Int) {
        let number = slave != nil && number == 2 ? 9 : number
        switch number {
        case 0...7: line.connect(to: master, as: number)
        case 8...15: if let slave { line.connect(to: slave, as: number - 8) }
        default: break
        }
    }

    /// The processor's acknowledge cycles: the vector number.
    public func acknowledge(at now: Tick) -> UInt8 {
        switch master.acknowledge(at: now) {
        case .vector(let vector): return vector
        case .slave(let number):
            // Only a chip that was given this number answers; otherwise the bus floats.
            guard let slave, number == 2, slave.slaveNumber == number else { return 0xFF }
            guard case .vector(let vector) = slave.acknowledge(at: now) else { return 0xFF }
            return vector
        }
    }
}
