import Chips
import Core
import Fonts

/// A display adapter around a Motorola 6845: MDA, Hercules, CGA, and the video of the PCjr and the Tandy 1000.
///
/// - Ports: MDA and Hercules 3B0h-3BBh, Hercules also 3BFh; the others 3D0h-3DFh.
/// - Memory: plain RAM of `GuestMemory`. MDA: 4 KB at B0000h, mirrored up to B7FFFh. Hercules: 64 KB at B0000h. CGA:
///   16 KB at B8000h, mirrored at BC000h. PCjr and Tandy: system memory, seen through a window at B8000h.
/// - Clock: 16.257 MHz (MDA, Hercules) or 14.318 MHz; a character is 8, 9 or 16 dots. Where the beam is follows from the
///   time and the registers; a register acts from the character on at which it is written.
/// - Lines: none.
/// - Sources: [PCTR] Monochrome Display and Printer Adapter, Color/Graphics Monitor Adapter; [HERCULES]; [PCJRTR];
///   [TANDY1000].
/// - The registers start as IBM's BIOS leaves them in the adapter's 80-column text mode.
/// - Not implemented: interlace; the PCjr's vertical retrace interrupt; the
///   video signal on bit 4 of the PCjr's status.
public final class CRTCAdapter: DisplayAdapter {
    public enum Kind: Sendable, CaseIterable { case mda, hercules, herculesPlus, cga, tandy, pcjr }

    /// The colour of a monochrome monitor.
    public enum Phosphor: Sendable, CaseIterable { case green, amber, white }

    /// What the composite output of a CGA is connected to.
    public enum Composite: Sendable, CaseIterable {
        /// Nothing: the monitor is on the RGBI output.
        case none
        /// A colour monitor, on the card of 1981, whose colours have equal brightness.
        case oldCard
        /// A colour monitor, on the later card, with resistors that give each colour its brightness.
        case newCard
    }

    public struct Settings: Sendable {
        public var phosphor = Phosphor.green
        public var composite = Composite.none
        /// The hue control of a composite monitor, in degrees from the position in which the burst is right.
        public var hueDegrees = 0
        /// Whether a CGA shows what is on its bus while the processor accesses its memory in 80-column text.
        public var isSnowing = false
        /// Whether frames have the border.
        public var showsBorder = false
        /// Exact profiles catch the beam up at each write to video memory.
        public var catchesEachWrite = false
        public var fonts = FontSet.cp437
        /// Where the memory begins that a PCjr or Tandy can show: a multiple of 16 KB.
        public var systemMemoryBase = 0

        public init() {}
    }

    public let kind: Kind
    private let card: any CRTCCard
    private let memory: GuestMemory
    public let sharedMemory: SharedMemory

    /// Mirrors and windows are routed by this: lay out memory before.
    public init(kind: Kind, memory: GuestMemory, settings: Settings = Settings()) {
        self.kind = kind
        self.memory = memory
        sharedMemory = SharedMemory(kind.memorySlots)
        card =
            switch kind {
            case .mda: MDACard(memory: memory, settings: settings)
            case .hercules: HerculesCard(isPlus: false, memory: memory, settings: settings)
            case .herculesPlus: HerculesCard(isPlus: true, memory: memory, settings: settings)
            case .cga: CGACard(memory: memory, settings: settings)
            case .tandy: TandyCard(isPCjr: false, memory: memory, settings: settings)
            case .pcjr: TandyCard(isPCjr: true, memory: memory, settings: settings)
            }
    }

    public func attach(to ports: PortMap) {
        for range in portRanges { ports.attach(self, at: range) }
    }

    public var portRanges: [ClosedRange<UInt16>] {
        switch kind {
        case .mda: [0x3B0...0x3BB]
        case .hercules, .herculesPlus: [0x3B0...0x3BB, 0x3BF...0x3BF]
        case .cga, .tandy, .pcjr: [0x3D0...0x3DF]
        }
    }

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 { card.readPort(port, at: now) }
    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 { card.peekPort(port, at: now) }
    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) { card.writePort(port, value, at: now) }

    // MARK: Picture

    public var isWatched: Bool {
        get { card.raster.isWatched }
        set { card.raster.isWatched = newValue }
    }
    public func frameEnd(after now: Tick) -> Tick { card.raster.frameEnd(after: now) }
    public func frame(at now: Tick) -> Frame? { card.raster.frame(at: now) }
    public func still(at now: Tick) -> Frame? { card.raster.still(at: now) }

    /// What the screen shows, or nil in a graphics mode and when the registers display no character at all.
    public func textScreen(at now: Tick) -> TextScreen? { card.grid?.screen(memory, at: now) }

    // MARK: State

    public var chunkID: ChunkID {
        switch kind {
        case .mda: ChunkID("MDA ")
        case .hercules: ChunkID("HERC")
        case .herculesPlus: ChunkID("HGCP")
        case .cga: ChunkID("CGA ")
        case .tandy: ChunkID("TNDY")
        case .pcjr: ChunkID("PCJR")
        }
    }
    public var chunkVersion: UInt16 { 1 }
    public func transfer(_ coder: StateCoder) { card.transfer(coder) }
    public func stateDidRestore() { card.stateDidRestore() }
}

/// One kind of adapter around a 6845: its registers beside the chip's, and how they make dots of memory.
protocol CRTCCard: PortDevice, CRTCPainter {
    var raster: CRTCRaster { get }
    /// How a text mode shows memory; nil in a graphics mode.
    var grid: CharacterGrid? { get }
    func transfer(_ coder: StateCoder)
    func stateDidRestore()
}

extension CRTCCard {
    var crtc: Motorola6845 { raster.crtc }

    /// The status tells where the beam is.
    func readPort(_ port: UInt16, at now: Tick) -> UInt8 {
        if port & 15 == 10 { raster.sync(to: now) }
        return peekPort(port, at: now)
    }

    /// Index and data ports of the 6845.
    func writeCRTC(_ port: UInt16, _ value: UInt8, at now: Tick) {
        if crtc.isChange(port, value) { raster.willChange(at: now) }
        crtc.writePort(port, value, at: now)
    }
}

/// How a text mode shows memory. A cell is a character with its attribute, two bytes.
struct CharacterGrid {
    /// Physical address.
    var memoryBase: Int
    /// Bytes; addresses wrap in them.
    var memorySize: Int
    var crtc: Motorola6845
    /// Of memory's attributes those that a screen of text has.
    var attribute: (UInt8) -> UInt8 = { $0 }
    var isBlinkEnabled: Bool
    /// Off, the screen is dark.
    var isEnabled: Bool

    /// Nil when the registers display no character.
    func screen(_ memory: GuestMemory, at now: Tick) -> TextScreen? {
        let (columns, rows) = (crtc.columns, crtc.rows)
        guard columns > 0, rows > 0 else { return nil }
        var cells = [TextScreen.Cell](
            repeating: TextScreen.Cell(character: 0x20, attribute: 0), count: columns * rows)
        if isEnabled {
            for index in cells.indices {
                let address = memoryBase + (crtc.startAddress + index) * 2 % memorySize
                guard memory.physical.indices.contains(address + 1) else { continue }
                cells[index] = TextScreen.Cell(
                    character: memory.physical[address], attribute: attribute(memory.physical[address + 1]))
            }
        }
        var screen = TextScreen(columns: columns, rows: rows, cells: cells, time: now)
        screen.isBlinkEnabled = isBlinkEnabled
        let cursor = crtc.cursorAddress - crtc.startAddress
        if isEnabled, crtc.isCursorShown, cells.indices.contains(cursor) {
            screen.cursor = (cursor % columns, cursor / columns)
        }
        return screen
    }
}

/// The ROM with the pictures of characters, as a board addresses it: character, then row.
final class CharacterGenerator {
    /// Rows of a character in the ROM, 8 or 16.
    let rows: Int
    let bytes: UnsafePointer<UInt8>
    private let storage: UnsafeMutablePointer<UInt8>

    init(_ font: Font, rows: Int) {
        self.rows = rows
        storage = .allocate(capacity: 256 * rows)
        storage.initialize(repeating: 0, count: 256 * rows)
        for code in 0..<256 {
            for row in 0..<min(rows, font.height) { storage[code * rows + row] = font.row(row, of: UInt8(code)) }
        }
        bytes = UnsafePointer(storage)
    }

    deinit { storage.deallocate() }
}
