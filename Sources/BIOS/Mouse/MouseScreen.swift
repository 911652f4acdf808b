import Core

/// What the mouse driver knows of a video mode: the size of its coordinates and how its memory is laid out.
///
/// Coordinates are those of a virtual screen, at least 640 wide: text cells have 8 by 8 of its points, 16 by 8 with 40
/// columns, and a pixel of the 320-pixel modes has two.
///
/// Source: [RBIL] INT 33h AX=0000h, 0003h, 0026h; [MOUSEPR] screen modes and virtual screens.
struct MouseScreen: Equatable {
    enum Kind: Equatable {
        case text
        case graphics(GraphicsLayout)
        /// A mode in which the driver keeps the position and draws nothing.
        case unknown
    }

    let kind: Kind
    let mode: UInt8
    /// Points of the virtual screen.
    let width: Int
    let height: Int
    /// Points of a cell: positions are told as multiples of it.
    let cellWidth: Int
    let cellHeight: Int

    /// - Parameter display: that of a VGA with 1 MB.
    init(data: BIOSDataArea, video: VideoKind, display: DisplayInterface? = nil) {
        let mode = data[.videoMode] & 0x7F
        self.mode = mode
        let extended = display.flatMap { display in ExtendedMode(data).flatMap { GraphicsLayout($0, display) } }
        if let layout = extended ?? GraphicsLayout(mode: mode, video: video, data: data) {
            kind = .graphics(layout)
            (cellWidth, cellHeight) = (layout.pointsPerPixel, 1)
            (width, height) = (layout.width * layout.pointsPerPixel, layout.height)
        } else if mode <= 0x03 || mode == 0x07 {
            kind = .text
            let hasLastRow = video == .ega || video == .vga
            let lastRow = hasLastRow ? Int(data[.lastRow]) : 24
            cellWidth = data[.columns] == 40 ? 16 : 8
            cellHeight = 8
            width = 640
            height = (lastRow == 0 ? 25 : lastRow + 1) * 8
        } else {
            kind = .unknown
            (width, height, cellWidth, cellHeight) = (640, 200, 1, 1)
        }
    }

    func truncatedX(_ x: Int) -> Int { x - MouseScreen.rest(x, cellWidth) }
    func truncatedY(_ y: Int) -> Int { y - MouseScreen.rest(y, cellHeight) }

    /// An edge of a range: a whole cell of text, any point of a picture.
    func edgeX(_ x: Int) -> Int { kind == .text ? truncatedX(x) : x }
    func edgeY(_ y: Int) -> Int { kind == .text ? truncatedY(y) : y }

    /// What is above the next lower multiple, for negative numbers too.
    private static func rest(_ value: Int, _ cell: Int) -> Int { ((value % cell) + cell) % cell }
}

/// How a graphics mode keeps its pixels.
///
/// Sources: [PCTR] Color/Graphics Monitor Adapter; [PCJRTR]; [DISPI]; IBM PS/2 Hardware Interface Technical Reference, "Video
/// subsystem"; Hercules Graphics Card owner's manual, memory map.
/// Assumption: the modes 8 to 0Ah of PCjr and Tandy have the virtual screen of the others with 200 lines, so that a pixel of
/// mode 8 has four points; the drivers' references do not name them.
struct GraphicsLayout: Equatable {
    let segment: UInt16
    /// Pixels.
    let width: Int
    let height: Int
    let bytesPerRow: Int
    /// Rows that follow each other lie 2000h apart; the row after this many goes on in the first bank.
    let banks: Int
    let bitsPerPixel: Int
    /// Bytes that have the same pixels, a bit of each: 2 in mode 0Ah, else 1.
    let bytesPerGroup: Int
    /// Planes behind one address; 1 where memory is plain.
    let planes: Int
    /// Points of the virtual screen, 1, 2 or 4.
    let pointsPerPixel: Int
    /// Of a mode of the VESA BIOS extension: the byte at which the picture begins in the memory, which is seen in banks of 64
    /// KB.
    let start: Int?

    /// Nil: not a graphics mode of the adapter that the driver knows. On a Hercules card a program writes mode 6 (page 0) or
    /// 5 (page 1) into the data area.
    init?(mode: UInt8, video: VideoKind, data: BIOSDataArea) {
        typealias Shape = (UInt16, Int, Int, Int, Int, Int, Int, Int, Int)
        let shape: Shape
        switch (mode, video) {
        case (0x05, .hercules): shape = (0xB800, 720, 348, 90, 4, 1, 1, 1, 1)
        case (0x06, .hercules): shape = (0xB000, 720, 348, 90, 4, 1, 1, 1, 1)
        case (0x0D, .ega), (0x0D, .vga): shape = (0xA000, 320, 200, 40, 1, 1, 1, 4, 2)
        case (0x0E, .ega), (0x0E, .vga): shape = (0xA000, 640, 200, 80, 1, 1, 1, 4, 1)
        case (0x0F...0x10, .ega), (0x0F...0x10, .vga): shape = (0xA000, 640, 350, 80, 1, 1, 1, 4, 1)
        case (0x11...0x12, .vga): shape = (0xA000, 640, 480, 80, 1, 1, 1, 4, 1)
        case (0x13, .vga): shape = (0xA000, 320, 200, 320, 1, 8, 1, 1, 2)
        default:
            guard let color = ColorGraphicsMode(mode, video: video) else { return nil }
            let (bits, group) = color.hasBitPairsInBytes ? (1, 2) : (color.bitsPerPixel, 1)
            let segment = UInt16(VideoService.graphicsBase(mode, video, data) >> 4)
            shape = (
                segment, color.width, ColorGraphicsMode.height, color.bytesPerLine, color.banks, bits, group, 1,
                640 / color.width
            )
        }
        (segment, width, height, bytesPerRow, banks, bitsPerPixel, bytesPerGroup, planes, pointsPerPixel) = shape
        start = nil
    }

    /// A graphics mode of the VESA BIOS extension, with lines as long as they are now. Nil: the picture is not the
    /// interface's.
    init?(_ mode: ExtendedMode, _ display: DisplayInterface) {
        // The program may be between an index and its data.
        let index = display.context.in(DisplayInterface.indexPort)
        defer { display.context.out(DisplayInterface.indexPort, index) }
        guard mode.layout != .text, display[.enable] & 1 != 0 else { return nil }
        let isPacked = mode.layout == .packed
        let dots = isPacked ? 1 : 8
        (segment, width, height) = (0xA000, mode.width, mode.height)
        bytesPerRow = max(Int(display[.virtualWidth]), mode.width) / dots
        (banks, bytesPerGroup, pointsPerPixel) = (1, 1, 1)
        (bitsPerPixel, planes) = isPacked ? (8, 1) : (1, 4)
        start = Int(display[.yOffset]) * bytesPerRow + Int(display[.xOffset]) / dots
    }

    private var pixelsPerGroup: Int { 8 / bitsPerPixel }

    /// Pixels of byte `column` of a row.
    func pixels(inByte column: Int) -> Range<Int> {
        let first = column / bytesPerGroup * pixelsPerGroup
        return first..<first + pixelsPerGroup
    }

    /// The bytes of a row that have these pixels.
    func bytes(of pixels: Range<Int>) -> Range<Int> {
        let (first, last) = (pixels.lowerBound / pixelsPerGroup, (pixels.upperBound - 1) / pixelsPerGroup)
        return first * bytesPerGroup..<(last + 1) * bytesPerGroup
    }

    /// The bank, and the place in it, of byte `column` of `row` of a mode with banks.
    func bankedPlace(row: Int, column: Int) -> (bank: UInt16, place: FarPointer) {
        let offset = (start ?? 0) + row * bytesPerRow + column
        return (UInt16(truncatingIfNeeded: offset >> 16), FarPointer(segment, UInt16(truncatingIfNeeded: offset)))
    }

    /// The place of byte `column` of `row`, both inside the picture, with `base` added for the page.
    func place(row: Int, column: Int, base: UInt16) -> FarPointer {
        let offset = row % banks * 0x2000 + row / banks * bytesPerRow + column
        return FarPointer(segment, base &+ UInt16(truncatingIfNeeded: offset))
    }
}
