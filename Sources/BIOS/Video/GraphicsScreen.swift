import Core
import X86

/// The screen of a graphics mode, as INT 10h draws on it.
protocol GraphicsScreen {
    /// Cells of a character across and down.
    var columns: Int { get }
    var rows: Int { get }
    /// Whether bit 7 of a colour means exclusive or; otherwise it is part of the colour.
    var hasExclusiveColors: Bool { get }
    /// Coordinates are 0 to 65,535; addresses stay in the mode's memory.
    subscript(x: Int, y: Int) -> UInt8 { get nonmutating set }
    /// IBM's BIOS has one page, and takes the cursor of page 0 whatever page is asked for.
    var hasOnePage: Bool { get }
    /// Bit 7 of `color` draws by exclusive or, where it means that. The background is 0, in 256 colours `background`.
    func draw(_ character: UInt8, color: UInt8, background: UInt8, at position: TextPosition)
    /// The character whose picture is at a position; 0 if it is none.
    func character(at position: TextPosition) -> UInt8
    /// Scrolls a window of character cells, corners included, by `lines`; 0 clears it. New lines get `fill`. Returns the
    /// number of bytes that were written.
    func scroll(by lines: Int, up isUp: Bool, from first: TextPosition, to last: TextPosition, fill: UInt8) -> Int
}

extension VideoService {
    /// The screen of the present graphics mode; nil in a text mode. Page nil is the active one.
    func graphics(_ call: BIOSCall, page: UInt8? = nil) -> (any GraphicsScreen)? {
        if let mode = ColorGraphicsMode(call.data[.videoMode] & 0x7F, video: configuration.video) {
            // The BIOS of an EGA follows its own pointer, the older one has a place in the ROM.
            let font = isPlanar ? call.memory.vector(0x43) : FarPointer(ServiceROM.segment, IBMEntry.font)
            let base = graphicsBase(mode.number, call.data)
            return ColorGraphics(mode: mode, memory: call.memory, base: base, font: font)
        }
        return isPlanar ? GraphicsPage(page ?? call.data[.activePage], call) : nil
    }

    /// AH=0Ch: pixel CX, DX of page BH gets colour AL, by exclusive or with bit 7. AH=0Dh: AL is its colour.
    func pixel(_ call: BIOSCall) {
        let cpu = call.cpu
        guard let screen = graphics(call, page: cpu.bh) else { return }
        let (x, y) = (Int(cpu.cx), Int(cpu.dx))
        if cpu.ah == 0x0D {
            cpu.al = screen[x, y]
        } else if screen.hasExclusiveColors, cpu.al & 0x80 != 0 {
            screen[x, y] ^= cpu.al & 0x7F
        } else {
            screen[x, y] = cpu.al
        }
        call.spend(clocks: 150)
    }

    /// Cells of mode 11h, which has one colour, are in all planes.
    func cellColor(_ color: UInt8, _ data: BIOSDataArea) -> UInt8 {
        isVGA && data[.videoMode] & 0x7F == 0x11 ? color & 0x80 | 0x3F : color
    }

    /// AH=09h, 0Ah: CX times AL in colour BL from the cursor of page BH, which stays. As in IBM's BIOS they do not go on in the
    /// next row.
    func drawCells(_ screen: any GraphicsScreen, _ call: BIOSCall) {
        let cpu = call.cpu
        let start = cursor(page: screen.hasOnePage ? 0 : cpu.bh & 7, call)
        // More would go round all of the memory.
        let count = min(Int(cpu.cx), 0x4000)
        let color = cpu.ah == 0x09 ? cellColor(cpu.bl, call.data) : cpu.bl
        for cell in 0..<count {
            let position = TextPosition(row: start.row, column: start.column + cell)
            screen.draw(cpu.al, color: color, background: cpu.bh, at: position)
        }
        mirror.writeCells(cpu.al, count: count, at: start, columns: screen.columns)
        call.spend(clocks: 150 + count * 200)
    }
}
