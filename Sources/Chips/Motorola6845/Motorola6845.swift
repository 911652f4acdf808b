import Core

/// Motorola MC6845 CRT controller.
///
/// - In a PC: on the MDA and the Hercules card (3B4h, 3B5h), on the CGA and in the PCjr and Tandy 1000 (3D4h, 3D5h).
/// - Clock: the adapter's character clock. The adapter counts characters and tells the chip how many have passed
///   (`advance(by:)`) before it looks at an output or writes a register, so a new value acts at the character where it
///   is written.
/// - Ports: index at even, data at odd addresses. Lines: none; the adapter asks for the outputs in `beam`.
/// - Source: [6845] "CRTC register file description", "CRTC internal registers", figure 13 (timing). Registers 0-13 are
///   write-only and read as 0.
/// - A horizontal sync width of 0 lasts 16 characters. Source: [CRTCTYPES] type 2.
/// - Not implemented: interlaced modes (register 8 is kept and does nothing).
public final class Motorola6845: PortDevice, StateChunk {
    public let chunkID: ChunkID
    private var state = State()
    /// The registers as the beam uses them.
    private(set) var settings = Settings()

    struct State: StateValue {
        var index: UInt8 = 0
        var registers = [UInt8](repeating: 0, count: 18)
        var beam = Beam()

        mutating func transfer(_ coder: StateCoder) {
            coder.field("index", &index)
            registers.withUnsafeMutableBytes { coder.memory("registers", $0) }
            coder.field("beam", &beam)
            index &= 31
        }
    }

    /// Bits that exist in registers 0-17.
    private static let masks: [UInt8] = [
        0xFF, 0xFF, 0xFF, 0x0F, 0x7F, 0x1F, 0x7F, 0x7F, 0x03, 0x1F, 0x7F, 0x1F, 0x3F, 0xFF, 0x3F, 0xFF, 0x3F, 0xFF,
    ]
    private static let writableCount = 16

    /// - Parameter registers: what registers 0-15 hold at power-on; the real chip's are undefined.
    public init(chunkID: ChunkID, registers: [UInt8] = []) {
        self.chunkID = chunkID
        for (index, value) in registers.prefix(Motorola6845.writableCount).enumerated() {
            state.registers[index] = value & Motorola6845.masks[index]
        }
        updateSettings()
    }

    private func word(_ index: Int) -> Int { register(index) << 8 | register(index + 1) }
    private func register(_ index: Int) -> Int { Int(state.registers[index] & Motorola6845.masks[index]) }

    private func updateSettings() {
        settings = Settings(
            horizontalTotal: register(0), displayedColumns: register(1), syncColumn: register(2),
            syncWidth: register(3) == 0 ? 16 : register(3), verticalTotal: register(4), verticalAdjust: register(5),
            displayedRows: register(6), syncRow: register(7), maximumScanLine: register(9),
            cursorStart: register(10) & 31, cursorEnd: register(11), cursorMode: register(10) >> 5 & 3,
            startAddress: word(12), cursorAddress: word(14))
    }

    // MARK: Settings

    /// The register that the data port reaches, 0 to 31. A board may have some of its own beside the chip's.
    public var index: UInt8 { state.index }
    /// Characters displayed in a row, 0-255.
    public var columns: Int { settings.displayedColumns }
    /// Rows displayed, 0-127.
    public var rows: Int { settings.displayedRows }
    /// Scan lines of a row, 1-32.
    public var linesPerRow: Int { settings.maximumScanLine + 1 }
    /// 14 bits.
    public var startAddress: Int { settings.startAddress }
    /// 14 bits.
    public var cursorAddress: Int { settings.cursorAddress }
    /// Whether the cursor shows at all: it is not switched off and starts inside the row.
    public var isCursorShown: Bool {
        settings.cursorMode != 0b01 && settings.cursorStart <= settings.maximumScanLine
    }

    // MARK: Beam

    /// What the counters are at the present character.
    public var beam: Beam { state.beam }

    /// `count` character clocks pass.
    public func advance(by count: Int64) {
        if count > 0 { state.beam.advance(settings, by: count) }
    }

    /// Moves a copy of the beam on to its next change, at most `limit` (at least 1) characters.
    public func step(_ beam: inout Beam, limit: Int) -> Span { beam.step(settings, limit: max(limit, 1)) }

    /// Moves a copy of the beam on by `count` characters.
    public func advance(_ beam: inout Beam, by count: Int64) {
        if count > 0 { beam.advance(settings, by: count) }
    }

    /// Takes the other beam, which has gone the same way, as the chip's own.
    public func adopt(_ beam: Beam) { state.beam = beam }

    // MARK: Ports

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 { peekPort(port, at: now) }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        guard port & 1 != 0 else { return 0xFF }
        return (14...17).contains(state.index) ? state.registers[Int(state.index)] : 0
    }

    /// The beam has been advanced to `now`.
    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        if port & 1 == 0 {
            state.index = value & 31
        } else if state.index < Motorola6845.writableCount {
            let index = Int(state.index)
            state.registers[index] = value & Motorola6845.masks[index]
            updateSettings()
        }
    }

    /// Whether a write would change anything that the beam goes by.
    public func isChange(_ port: UInt16, _ value: UInt8) -> Bool {
        guard port & 1 != 0, state.index < Motorola6845.writableCount else { return false }
        let index = Int(state.index)
        return state.registers[index] != value & Motorola6845.masks[index]
    }

    /// A rising edge at the light pen input: the present address is kept in registers 16 and 17.
    public func strobeLightPen() {
        state.registers[16] = UInt8(truncatingIfNeeded: state.beam.address >> 8)
        state.registers[17] = UInt8(truncatingIfNeeded: state.beam.address)
    }

    // MARK: State

    public var chunkVersion: UInt16 { 2 }
    public func transfer(_ coder: StateCoder) {
        state.transfer(coder)
        if coder.direction == .load { updateSettings() }
    }
    public func stateDidRestore() {}
}
