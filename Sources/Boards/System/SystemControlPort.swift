import Chips
import Core

/// Port 61h of the AT: speaker, parity, refresh and timer 2.
///
/// - In a PC: AT main board; on the PC and XT the port is port B of the 8255 (`XTPeripherals`).
/// - Ports: 61h. Lines: `timerGate` (gate of timer 2), `speakerData`.
/// - Source: IBM PC/AT Technical Reference, "System board I/O", port 61h: bits 0-3 are written and read back; bit 4
///   changes with each refresh request, every 15.085 us (18 clocks of the timer); bit 5 is the output of timer 2; bits
///   6 and 7 report channel and parity errors, which this machine does not have.
public final class SystemControlPort: PortDevice, StateChunk {
    public let timerGate: Line
    public let speakerData: Line
    private let timer: any LevelSource
    private var latch: UInt8 = 0

    private static let refreshPeriod = ClockPeriod.timer * 18

    /// - Parameter timer: whose output 2 is read.
    public init(timer: any LevelSource, timerGate: Line, speakerData: Line) {
        self.timer = timer
        self.timerGate = timerGate
        self.speakerData = speakerData
    }

    public func attach(to ports: PortMap) { ports.attach(self, at: 0x61...0x61) }

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 { peekPort(port, at: now) }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        let isRefreshHigh = now.count / SystemControlPort.refreshPeriod.count & 1 != 0
        return latch | (isRefreshHigh ? 0b0001_0000 : 0) | (timer.level(ofOutput: 2, at: now) ? 0b0010_0000 : 0)
    }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        latch = value & 0b0000_1111
        timerGate.set(latch & 0b01 != 0, at: now)
        speakerData.set(latch & 0b10 != 0, at: now)
    }

    public var chunkID: ChunkID { ChunkID("P61 ") }
    public var chunkVersion: UInt16 { 1 }
    public func transfer(_ coder: StateCoder) { coder.field("latch", &latch) }

    public func stateDidRestore() {
        latch &= 0b0000_1111
        timerGate.restore(latch & 0b01 != 0)
        speakerData.restore(latch & 0b10 != 0)
    }
}

/// Port 92h: the fast gates for A20 and reset that PS/2s and later AT compatibles have.
///
/// - Ports: 92h. Lines: `a20`, `reset` (a pulse when bit 0 goes from 0 to 1).
/// - Source: IBM PS/2 Hardware Interface Technical Reference, "System control port A": bit 1 A20, bit 3 security lock,
///   bits 6-7 fixed-disk light; the rest reads 0.
public final class SystemControlPortA: PortDevice, StateChunk {
    public let a20: Line
    public let reset: Line
    private var latch: UInt8 = 0

    public init(a20: Line, reset: Line) {
        self.a20 = a20
        self.reset = reset
    }

    public func attach(to ports: PortMap) { ports.attach(self, at: 0x92...0x92) }

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 { latch }
    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 { latch }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        let resets = value & 1 != 0 && latch & 1 == 0
        // The security lock can only be set.
        latch = value & 0b1100_1011 | latch & 0b0000_1000
        a20.set(latch & 0b10 != 0, at: now)
        if resets {
            reset.set(true, at: now)
            reset.set(false, at: now)
        }
    }

    public var chunkID: ChunkID { ChunkID("P92 ") }
    public var chunkVersion: UInt16 { 1 }
    public func transfer(_ coder: StateCoder) { coder.field("latch", &latch) }
    public func stateDidRestore() { a20.restore(latch & 0b10 != 0) }
}

/// Joins lines: the output is asserted while any input is. For A20 and reset, which the 8042 and port 92h share.
public final class OrGate: LineListener, StateChunk {
    public let chunkID: ChunkID
    public let output: Line
    private var inputs: UInt8 = 0

    public init(chunkID: ChunkID, output: Line) {
        self.chunkID = chunkID
        self.output = output
    }

    /// Inputs are lines 0-7.
    public func lineDidChange(_ line: Int, isAsserted: Bool, at now: Tick) {
        let bit = UInt8(1) << UInt8(truncatingIfNeeded: line & 7)
        inputs = isAsserted ? inputs | bit : inputs & ~bit
        output.set(inputs != 0, at: now)
    }

    public var chunkVersion: UInt16 { 1 }
    public func transfer(_ coder: StateCoder) { coder.field("inputs", &inputs) }
    public func stateDidRestore() { output.restore(inputs != 0) }
}
