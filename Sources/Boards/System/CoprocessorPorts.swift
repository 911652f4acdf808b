import Core

/// The NMI mask of the PC and XT, with the 8087's interrupt behind it.
///
/// - In a PC: main board. Parity errors, which the mask also holds back, do not happen on this machine.
/// - Ports: A0h, write only: bit 7 lets NMI through. Off after power-on.
/// - Lines: `nmi`. Line 0 of this listener is the 8087's interrupt, which reaches it when the switch of SW1 says that
///   there is an 8087.
/// - Source: [PCTR] "System board", NMI to the 8088; I/O address map.
public final class NMIMask: PortDevice, LineListener, StateChunk {
    public let nmi: Line
    private var isEnabled = false
    private var isRequested = false

    public init(nmi: Line) { self.nmi = nmi }

    public func attach(to ports: PortMap) { ports.attach(self, at: 0xA0...0xA0) }

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 { 0xFF }
    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 { 0xFF }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        isEnabled = value & 0x80 != 0
        nmi.set(isEnabled && isRequested, at: now)
    }

    public func lineDidChange(_ line: Int, isAsserted: Bool, at now: Tick) {
        isRequested = isAsserted
        nmi.set(isEnabled && isRequested, at: now)
    }

    public var chunkID: ChunkID { ChunkID("NMIM") }
    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) {
        coder.field("isEnabled", &isEnabled)
        coder.field("isRequested", &isRequested)
    }

    public func stateDidRestore() { nmi.restore(isEnabled && isRequested) }
}

/// The latch between the 80287's ERROR output and the processor of an AT.
///
/// When ERROR is asserted, the latch requests IRQ 13 and keeps the processor's BUSY input asserted, so that no further
/// numeric instruction begins before the handler has run.
///
/// - In a PC: AT main board.
/// - Ports, write only: F0h clears the latch; F1h clears it and resets the 80287.
/// - Lines: `interrupt` (IRQ 13), `busyHold`, `reset` (a pulse). Line 0 of this listener is ERROR.
/// - Source: [ATTR] "Math coprocessor", I/O address map.
public final class NumericErrorLatch: PortDevice, LineListener, StateChunk {
    public let interrupt: Line
    public let busyHold: Line
    public let reset: Line
    private var isLatched = false

    public init(interrupt: Line, busyHold: Line, reset: Line) {
        self.interrupt = interrupt
        self.busyHold = busyHold
        self.reset = reset
    }

    public func attach(to ports: PortMap) { ports.attach(self, at: 0xF0...0xF1) }

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 { 0xFF }
    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 { 0xFF }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        latch(false, at: now)
        guard port == 0xF1 else { return }
        reset.set(true, at: now)
        reset.set(false, at: now)
    }

    public func lineDidChange(_ line: Int, isAsserted: Bool, at now: Tick) {
        if isAsserted { latch(true, at: now) }
    }

    private func latch(_ level: Bool, at now: Tick) {
        isLatched = level
        busyHold.set(level, at: now)
        interrupt.set(level, at: now)
    }

    public var chunkID: ChunkID { ChunkID("NERR") }
    public var chunkVersion: UInt16 { 1 }
    public func transfer(_ coder: StateCoder) { coder.field("isLatched", &isLatched) }

    public func stateDidRestore() {
        busyHold.restore(isLatched)
        interrupt.restore(isLatched)
    }
}
