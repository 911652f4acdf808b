import Core

/// What is wired to the three ports of an 8255.
public protocol Intel8255Wiring: AnyObject {
    /// The levels at the pins of `port` that are inputs.
    func inputs(of port: Intel8255.Port, at now: Tick) -> UInt8
    /// The output latch of `port` has changed, or the port has become an output.
    func outputsDidChange(of port: Intel8255.Port, to value: UInt8, at now: Tick)
}

/// Intel 8255A programmable peripheral interface: three 8-bit ports.
///
/// - In a PC: ports 60h-63h of the PC and XT (keyboard, switches, speaker, checks).
/// - Clock: none. Ports: A, B, C and control by address bits 1-0. Lines: none; the board is the `wiring`.
/// - Source: Intel 8255A data sheet (231308): mode 0, bit set/reset.
/// - Not implemented: modes 1 and 2 (strobed), which no PC wires up; the mode bits are kept and the ports work as in
///   mode 0.
public final class Intel8255: PortDevice, StateChunk {
    public enum Port: Int, Sendable { case a, b, c }

    public let chunkID: ChunkID
    private weak var wiring: (any Intel8255Wiring)?
    private var state = State()

    struct State: StateValue {
        /// The last mode word; after a reset all ports are inputs.
        var mode: UInt8 = 0b1001_1011
        var latches: [UInt8] = [0, 0, 0]

        mutating func transfer(_ coder: StateCoder) {
            coder.field("mode", &mode)
            latches.withUnsafeMutableBytes { coder.memory("latches", $0) }
        }
    }

    public init(chunkID: ChunkID) { self.chunkID = chunkID }

    public func connect(_ wiring: any Intel8255Wiring) { self.wiring = wiring }

    /// The bits of `port` that are inputs.
    private func inputMask(_ port: Port) -> UInt8 {
        switch port {
        case .a: state.mode & 0b0001_0000 != 0 ? 0xFF : 0
        case .b: state.mode & 0b0000_0010 != 0 ? 0xFF : 0
        case .c: (state.mode & 0b0000_1000 != 0 ? 0xF0 : 0) | (state.mode & 0b0000_0001 != 0 ? 0x0F : 0)
        }
    }

    /// The output latch of `port`, with 0 where the pins are inputs.
    public func outputs(of port: Port) -> UInt8 { state.latches[port.rawValue] & ~inputMask(port) }

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 { peekPort(port, at: now) }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        guard let port = Port(rawValue: Int(port & 3)) else { return 0xFF }
        let mask = inputMask(port)
        let pins = mask == 0 ? 0 : wiring?.inputs(of: port, at: now) ?? 0xFF
        return pins & mask | state.latches[port.rawValue] & ~mask
    }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        if let port = Port(rawValue: Int(port & 3)) {
            set(port, value, at: now)
        } else if value & 0b1000_0000 != 0 {
            state.mode = value
            state.latches = [0, 0, 0]
            for port in [Port.a, .b, .c] { wiring?.outputsDidChange(of: port, to: outputs(of: port), at: now) }
        } else {
            let bit = UInt8(1) << (value >> 1 & 7)
            set(.c, value & 1 != 0 ? state.latches[2] | bit : state.latches[2] & ~bit, at: now)
        }
    }

    private func set(_ port: Port, _ value: UInt8, at now: Tick) {
        state.latches[port.rawValue] = value
        if inputMask(port) != 0xFF { wiring?.outputsDidChange(of: port, to: outputs(of: port), at: now) }
    }

    public var chunkVersion: UInt16 { 1 }
    public func transfer(_ coder: StateCoder) { state.transfer(coder) }
    public func stateDidRestore() {}
}
