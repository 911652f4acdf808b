import Core
import X86

/// How a graphics mode of the CGA, the PCjr or the Tandy 1000 lies in memory; the EGA and the VGA have those of the CGA.
///
/// Sources: [PCTR] Color/Graphics Monitor Adapter, graphics storage maps; [TANDY1000] "Operating modes" for modes 8 to 0Ah.
struct ColorGraphicsMode {
    let number: UInt8
    /// Pixels across; there are always 200 lines.
    let width: Int
    let bitsPerPixel: Int
    /// Lines are spread over 2 or 4 banks of 8 KB.
    let banks: Int
    let bytesPerLine: Int
    /// The even byte has bit 0 of eight pixels, the odd one bit 1.
    let hasBitPairsInBytes: Bool

    static let height = 200
    var columns: Int { width / 8 }
    var size: Int { banks * 0x2000 }

    /// Nil for text, and for modes that these adapters do not have.
    init?(_ number: UInt8, video: VideoKind) {
        guard !video.isMonochrome, number < 8 || video.hasSixteenColors else { return nil }
        self.number = number
        switch number {
        case 4, 5: (width, bitsPerPixel, banks) = (320, 2, 2)
        case 6: (width, bitsPerPixel, banks) = (640, 1, 2)
        case 8: (width, bitsPerPixel, banks) = (160, 4, 2)
        case 9: (width, bitsPerPixel, banks) = (320, 4, 4)
        case 10: (width, bitsPerPixel, banks) = (640, 2, 4)
        default: return nil
        }
        bytesPerLine = width * bitsPerPixel / 8
        hasBitPairsInBytes = number == 10
    }
}

/// The screen of such a mode. Whatever coordinates a program gives, addresses stay inside it.
struct ColorGraphics: GraphicsScreen {
    let mode: ColorGraphicsMode
    let memory: GuestMemory
    /// The physical address of its memory: B8000h, or that of a page of the PCjr.
    let base: UInt32
    /// The first 128 characters, eight bytes each. The others are where INT 1Fh points.
    let font: FarPointer

    var columns: Int { mode.columns }
    var rows: Int { ColorGraphicsMode.height / 8 }
    var hasExclusiveColors: Bool { true }
    var hasOnePage: Bool { true }

    private func address(_ offset: Int) -> UInt32 { base + UInt32(offset & (mode.size - 1)) }

    private func line(_ y: Int) -> Int { (y % mode.banks) * 0x2000 + y / mode.banks * mode.bytesPerLine }

    /// The byte of a pixel and the place of its lowest bit in it.
    private func place(_ x: Int, _ y: Int) -> (offset: Int, shift: UInt8) {
        if mode.hasBitPairsInBytes { return (line(y) + x / 8 * 2, UInt8(7 - x % 8)) }
        let perByte = 8 / mode.bitsPerPixel
        return (line(y) + x / perByte, UInt8((perByte - 1 - x % perByte) * mode.bitsPerPixel))
    }

    private var pixelMask: UInt8 { UInt8((1 << mode.bitsPerPixel) - 1) }

    /// Coordinates are 0 to 65,535, colours are cut to the bits of a pixel.
    subscript(x: Int, y: Int) -> UInt8 {
        get {
            let place = place(x, y)
            let byte = memory.read8(address(place.offset))
            guard mode.hasBitPairsInBytes else { return byte >> place.shift & pixelMask }
            return byte >> place.shift & 1 | (memory.read8(address(place.offset + 1)) >> place.shift & 1) << 1
        }
        nonmutating set {
            let place = place(x, y)
            func put(_ bits: UInt8, _ mask: UInt8, _ offset: Int) {
                let byte = memory.read8(address(offset))
                memory.write8(address(offset), byte & ~(mask << place.shift) | (bits & mask) << place.shift)
            }
            if mode.hasBitPairsInBytes {
                put(newValue, 1, place.offset)
                put(newValue >> 1, 1, place.offset + 1)
            } else {
                put(newValue, pixelMask, place.offset)
            }
        }
    }

    // MARK: Characters

    /// Draws a character; bit 7 of the colour draws by exclusive or. With two colours it is always in the other one.
    func draw(_ code: UInt8, color: UInt8, background: UInt8, at position: TextPosition) {
        let color = mode.bitsPerPixel == 1 ? color | 1 : color
        let glyph = glyph(code)
        let isExclusive = color & 0x80 != 0
        for row in 0..<8 {
            let y = position.row * 8 + row
            for column in 0..<8 {
                let isSet = glyph[row] >> UInt8(7 - column) & 1 != 0
                let x = position.column * 8 + column
                if isExclusive {
                    if isSet { self[x, y] ^= color & 0x7F }
                } else {
                    self[x, y] = isSet ? color : 0
                }
            }
        }
    }

    /// The character whose picture is at a position; 0 if it is none.
    func character(at position: TextPosition) -> UInt8 {
        let rows = (0..<8).map { row in
            (0..<8).reduce(UInt8(0)) { bits, column in
                bits << 1 | (self[position.column * 8 + column, position.row * 8 + row] != 0 ? 1 : 0)
            }
        }
        return (UInt8.min...UInt8.max).first { glyph($0) == rows } ?? 0
    }

    private func glyph(_ code: UInt8) -> [UInt8] {
        let table = code < 0x80 ? font : memory.vector(0x1F)
        return memory.readBytes(table + Int(code & 0x7F) * 8, 8)
    }

    // MARK: Scrolling

    /// Scrolls a window of character cells, corners included, by `lines`: up if positive, all of it for 0. New lines are
    /// bytes of `fill`. Returns the number of bytes that were written.
    func scroll(
        by lines: Int, up isUp: Bool, from topLeft: TextPosition, to bottomRight: TextPosition, fill: UInt8
    ) -> Int {
        let bottom = min(bottomRight.row, ColorGraphicsMode.height / 8 - 1)
        let right = min(bottomRight.column, mode.columns - 1)
        guard topLeft.row <= bottom, topLeft.column <= right else { return 0 }
        let bytesPerCell = mode.bytesPerLine / mode.columns
        let (first, width) = (topLeft.column * bytesPerCell, (right - topLeft.column + 1) * bytesPerCell)
        let (top, height) = (topLeft.row * 8, (bottom - topLeft.row + 1) * 8)
        let distance = lines == 0 ? height : min(lines * 8, height)
        for step in 0..<height {
            let y = isUp ? top + step : top + height - 1 - step
            let target = line(y) + first
            if step < height - distance {
                let source = line(isUp ? y + distance : y - distance) + first
                for byte in 0..<width {
                    memory.write8(address(target + byte), memory.read8(address(source + byte)))
                }
            } else {
                for byte in 0..<width { memory.write8(address(target + byte), fill) }
            }
        }
        return width * height
    }
}
