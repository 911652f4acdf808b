import Chips
import Core

/// The VGA in its text modes, as far as text needs it.
///
/// - Ports: 3C0h-3CFh, 3D0h-3DFh and, while its miscellaneous output register says monochrome, 3B0h-3BBh.
/// - Memory: plain RAM of `GuestMemory`, 32 KB at B8000h.
/// - Clock: the character clock follows from the registers; status bits are functions of now, and nothing is armed.
/// - Lines: none. (IRQ 2 of the VGA's vertical interrupt is not implemented.)
/// - Source: IBM PS/2 Hardware Interface Technical Reference, "Video subsystem".
/// - The registers start as IBM's BIOS leaves them in 80-column text mode.
/// - Not implemented: graphics modes and planes (`textScreen` is then nil), fonts.
public final class TextAdapter: DisplayAdapter {
    private let registers: any TextRegisters = VGATextRegisters()
    private let memory: GuestMemory

    public init(memory: GuestMemory) { self.memory = memory }

    public func attach(to ports: PortMap) {
        for range in portRanges { ports.attach(self, at: range) }
    }

    public let portRanges: [ClosedRange<UInt16>] = [0x3B0...0x3BB, 0x3C0...0x3CF, 0x3D0...0x3DF]

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 { registers.readPort(port, at: now) }
    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 { registers.peekPort(port, at: now) }
    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        registers.writePort(port, value, at: now)
    }

    // MARK: Picture

    public var isWatched = false
    public func frameEnd(after now: Tick) -> Tick { now + Tick.milliseconds(20) }
    /// This adapter has characters only.
    public func frame(at now: Tick) -> Frame? { nil }
    public func still(at now: Tick) -> Frame? { nil }

    /// What the screen shows, or nil in a graphics mode and when the registers display no character at all.
    public func textScreen(at now: Tick) -> TextScreen? {
        guard let layout = registers.layout, layout.columns > 0, layout.rows > 0 else { return nil }
        var cells: [TextScreen.Cell] = []
        cells.reserveCapacity(layout.columns * layout.rows)
        for row in 0..<layout.rows {
            for column in 0..<layout.columns { cells.append(cell(row, column, layout)) }
        }
        var screen = TextScreen(columns: layout.columns, rows: layout.rows, cells: cells, time: now)
        screen.isBlinkEnabled = layout.isBlinkEnabled
        if layout.isEnabled { screen.cursor = cursor(layout) }
        return screen
    }

    private func cell(_ row: Int, _ column: Int, _ layout: TextLayout) -> TextScreen.Cell {
        guard layout.isEnabled else { return TextScreen.Cell(character: 0x20, attribute: 0) }
        let cell = layout.firstCell(of: row) + column
        let address = layout.memoryBase + (cell * 2) % layout.memorySize
        return TextScreen.Cell(character: memory.physical[address], attribute: memory.physical[address + 1])
    }

    private func cursor(_ layout: TextLayout) -> (column: Int, row: Int)? {
        guard let cursor = layout.cursorCell else { return nil }
        for row in 0..<layout.rows {
            let column = cursor - layout.firstCell(of: row)
            if (0..<layout.columns).contains(column) { return (column, row) }
        }
        return nil
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("TEXT") }
    public var chunkVersion: UInt16 { 1 }
    public func transfer(_ coder: StateCoder) { registers.transfer(coder) }
    public func stateDidRestore() {}
}

/// The registers of one kind of adapter.
protocol TextRegisters: PortDevice {
    /// How the memory is shown; nil in a graphics mode.
    var layout: TextLayout? { get }
    func transfer(_ coder: StateCoder)
}

/// How a text mode shows memory. A cell is a character with its attribute, two bytes.
struct TextLayout {
    var memoryBase: Int
    /// Bytes; addresses wrap in them.
    var memorySize: Int
    var columns: Int
    var rows: Int
    /// The cell at the top left.
    var start: Int
    /// Cells from one row to the next.
    var pitch: Int
    /// The first row that begins again at cell 0, below a split of the screen.
    var splitRow = Int.max
    /// Nil when the cursor is off.
    var cursorCell: Int?
    var isBlinkEnabled: Bool
    /// Off, the screen is dark.
    var isEnabled: Bool

    func firstCell(of row: Int) -> Int { row < splitRow ? start + row * pitch : (row - splitRow) * pitch }
}
