import Core

/// What is plugged into a parallel port.
public protocol ParallelAttachment: AnyObject {
    /// The data lines carry another byte.
    func dataDidChange(to data: UInt8, at now: Tick)
    /// The control register is another: bit 0 strobe, 1 auto feed, 2 init, 3 select. Bits 0, 1 and 3 are inverted on the
    /// connector.
    func controlDidChange(to control: UInt8, at now: Tick)
    /// Bits 7-3 of the status register as the attachment's lines make them; no side effects.
    func status(at now: Tick) -> UInt8
}

/// A parallel printer port.
///
/// - In a PC: at 378h (LPT1), 278h (LPT2), or 3BCh on the monochrome adapter, with IRQ 7 or 5.
/// - Ports, from the base: 0 data; 1 status (bits 7-3; bit 7 is inverted); 2 control, read as written with bits 7-5 set.
/// - Lines: `interrupt` is asserted while ACK is low and bit 4 of the control register is set. Line 0 of this listener
///   is ACK low, for attachments that request interrupts.
/// - With nothing attached the status reads 7Fh: the open inputs are high, and so BUSY is 1, which reads as 0.
/// - With bit 5 of the control register set, a bidirectional port reads the open data lines, FFh.
/// - Source: [PCTR], [ATTR] "Printer adapter"; IBM PS/2 Hardware Interface Technical Reference, "Parallel port".
/// - Not implemented: attachments that drive the data lines; EPP and ECP.
public final class ParallelPort: PortDevice, LineListener, StateChunk {
    public let chunkID: ChunkID
    public let interrupt: Line
    private let base: UInt16
    private let isBidirectional: Bool
    /// Plugged in while the machine is wired; it saves itself.
    public var attachment: (any ParallelAttachment)?
    private var data: UInt8 = 0
    private var control: UInt8 = 0
    private var isAcknowledging = false

    public init(base: UInt16, interrupt: Line, isBidirectional: Bool = false, chunkID: ChunkID = ChunkID("LPT1")) {
        self.base = base
        self.interrupt = interrupt
        self.isBidirectional = isBidirectional
        self.chunkID = chunkID
    }

    public func attach(to ports: PortMap) { ports.attach(self, at: base...(base &+ 2)) }

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 { peekPort(port, at: now) }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        switch port &- base {
        case 0: isBidirectional && control & 0b0010_0000 != 0 ? 0xFF : data
        case 1: (attachment?.status(at: now) ?? 0b0111_1000) & 0b1111_1000 | 0b0000_0111
        case 2: control & 0b0001_1111 | 0b1110_0000
        default: 0xFF
        }
    }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        switch port &- base {
        case 0:
            data = value
            attachment?.dataDidChange(to: value, at: now)
        case 2:
            control = value & 0b0011_1111
            attachment?.controlDidChange(to: control & 0b0000_1111, at: now)
            interrupt.set(requestsInterrupt, at: now)
        default: break
        }
    }

    public func lineDidChange(_ line: Int, isAsserted: Bool, at now: Tick) {
        isAcknowledging = isAsserted
        interrupt.set(requestsInterrupt, at: now)
    }

    private var requestsInterrupt: Bool { isAcknowledging && control & 0b0001_0000 != 0 }

    // MARK: State

    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) {
        coder.field("data", &data)
        coder.field("control", &control)
        coder.field("isAcknowledging", &isAcknowledging)
    }

    public func stateDidRestore() { interrupt.restore(requestsInterrupt) }
}
