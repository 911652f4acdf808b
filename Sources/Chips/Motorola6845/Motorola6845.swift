import Core

/// Motorola MC6845 CRT controller.
///
/// - In a PC: on the MDA (3B4h, 3B5h) and the CGA (3D4h, 3D5h).
/// - Clock: the adapter's character clock; the raster position is a function of the count of characters.
/// - Ports: index at even, data at odd addresses. Lines: none; the adapter asks for the position.
/// - Source: Motorola MC6845 data sheet (DS-9838): "CRTC register file description", "Timing". Registers 0-13 are
///   write-only and read as 0.
/// - Not implemented: interlaced modes (register 8), light pen (16 and 17 read 0), skew.
public final class Motorola6845: PortDevice, StateChunk {
    /// What the beam does at one character clock.
    public struct Position: Hashable, Sendable {
        /// Character column and scan line from the top left of the displayed area.
        public var column: Int
        public var line: Int
        public var isDisplayed: Bool
        public var isHorizontalSync: Bool
        public var isVerticalSync: Bool
    }

    public let chunkID: ChunkID
    private var state = State()

    struct State: StateValue {
        var index: UInt8 = 0
        var registers = [UInt8](repeating: 0, count: 18)

        mutating func transfer(_ coder: StateCoder) {
            coder.field("index", &index)
            registers.withUnsafeMutableBytes { coder.memory("registers", $0) }
            index &= 31
        }
    }

    /// Bits that exist in registers 0-15.
    private static let masks: [UInt8] = [
        0xFF, 0xFF, 0xFF, 0x0F, 0x7F, 0x1F, 0x7F, 0x7F, 0x03, 0x1F, 0x7F, 0x1F, 0x3F, 0xFF, 0x3F, 0xFF,
    ]

    /// - Parameter registers: what registers 0-15 hold at power-on; the real chip's are undefined.
    public init(chunkID: ChunkID, registers: [UInt8] = []) {
        self.chunkID = chunkID
        for (index, value) in registers.prefix(16).enumerated() { set(index, value) }
    }

    private func set(_ index: Int, _ value: UInt8) {
        guard Motorola6845.masks.indices.contains(index) else { return }
        state.registers[index] = value & Motorola6845.masks[index]
    }

    private func word(_ index: Int) -> Int { Int(state.registers[index]) << 8 | Int(state.registers[index + 1]) }
    private func register(_ index: Int) -> Int { Int(state.registers[index]) }

    // MARK: Settings

    /// Characters displayed in a row, 0-255.
    public var columns: Int { register(1) }
    /// Rows displayed, 0-127.
    public var rows: Int { register(6) }
    /// Scan lines of a row, 1-32.
    public var linesPerRow: Int { register(9) + 1 }
    /// 14 bits.
    public var startAddress: Int { word(12) }
    /// 14 bits.
    public var cursorAddress: Int { word(14) }
    /// Whether the cursor shows at all: it is not switched off and starts inside the row.
    public var isCursorShown: Bool { register(10) & 0b110_0000 != 0b010_0000 && register(10) & 31 < linesPerRow }

    private var charactersPerLine: Int { register(0) + 1 }
    private var linesPerFrame: Int { (register(4) + 1) * linesPerRow + register(5) }

    /// Characters of one frame, at least 1.
    public var charactersPerFrame: Int { charactersPerLine * linesPerFrame }

    /// Where the beam is, `characters` character clocks after the top left of some frame.
    public func position(after characters: Int64) -> Position {
        let inFrame = Int(characters % Int64(charactersPerFrame))
        let (line, column) = inFrame.quotientAndRemainder(dividingBy: charactersPerLine)
        let syncColumn = column - register(2)
        // The vertical sync pulse of this chip is always 16 lines.
        let syncLine = line - register(7) * linesPerRow
        return Position(
            column: column, line: line, isDisplayed: column < columns && line < rows * linesPerRow,
            isHorizontalSync: (0..<register(3)).contains(syncColumn), isVerticalSync: (0..<16).contains(syncLine))
    }

    // MARK: Ports

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 { peekPort(port, at: now) }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        guard port & 1 != 0 else { return 0xFF }
        return (14...17).contains(state.index) ? state.registers[Int(state.index)] : 0
    }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        if port & 1 == 0 {
            state.index = value & 31
        } else {
            set(Int(state.index), value)
        }
    }

    // MARK: State

    public var chunkVersion: UInt16 { 1 }
    public func transfer(_ coder: StateCoder) { state.transfer(coder) }
    public func stateDidRestore() {}
}
