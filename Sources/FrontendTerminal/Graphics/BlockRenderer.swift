import Core
import Output

/// Draws pictures with block characters: two pixels a cell with half blocks, six with sextants, of which a cell shows the
/// two colours that come nearest.
struct BlockRenderer: PictureRenderer {
    enum Blocks: Sendable { case halves, sextants }

    private struct Cell: Hashable {
        /// The parts in the first colour: of a half block bit 0 is the upper one, of a sextant the bits go by rows.
        var mask: UInt8
        /// Numbers of the terminal's palette, or colours.
        var first: UInt32
        var second: UInt32
    }

    private let blocks: Blocks
    private let depth: ColorDepth
    private let grid: TerminalGrid
    private var layout: PictureLayout?
    private var shown: [Cell?] = []
    private var pen: (first: UInt32?, second: UInt32?) = (nil, nil)

    init(_ blocks: Blocks, depth: ColorDepth, grid: TerminalGrid) {
        (self.blocks, self.depth, self.grid) = (blocks, depth, grid)
    }

    mutating func render(_ frame: Frame) -> [UInt8] {
        var out: [UInt8] = []
        let picture = frame.reduced
        let layout = PictureLayout(picture, in: grid)
        if layout != self.layout {
            if self.layout != nil { out.text("\u{1B}[0m\u{1B}[2J") }
            self.layout = layout
            shown = Array(repeating: nil, count: layout.columns * layout.rows)
        }
        pen = (nil, nil)
        let (across, down) = blocks == .halves ? (1, 2) : (2, 3)
        let scaled = AreaScaler.scale(Picture(picture), width: layout.columns * across, height: layout.rows * down)
        scaled.pixels.withUnsafeBufferPointer { pixels in
            for row in 0..<layout.rows {
                var position = -1
                for column in 0..<layout.columns {
                    let start = row * down * scaled.width + column * across
                    let cell =
                        blocks == .halves ? half(pixels, start, scaled.width) : sextant(pixels, start, scaled.width)
                    let place = row * layout.columns + column
                    guard shown[place] != cell else { continue }
                    shown[place] = cell
                    if position != column {
                        out.text("\u{1B}[\(layout.row + row + 1);\(layout.column + column + 1)H")
                    }
                    draw(cell, &out)
                    position = column + 1
                }
            }
        }
        return out
    }

    mutating func end() -> [UInt8] { [] }

    // MARK: Cells

    private func half(_ pixels: UnsafeBufferPointer<UInt32>, _ start: Int, _ stride: Int) -> Cell {
        let (upper, lower) = (depth.nearest(pixels[start]), depth.nearest(pixels[start + stride]))
        return upper == lower ? Cell(mask: 0, first: 0, second: lower) : Cell(mask: 1, first: upper, second: lower)
    }

    /// The two sets of parts whose means leave the smallest squares of differences. All 31 ways are tried.
    private func sextant(_ pixels: UnsafeBufferPointer<UInt32>, _ start: Int, _ stride: Int) -> Cell {
        var parts = (SIMD4<Int32>.zero, SIMD4<Int32>.zero, SIMD4<Int32>.zero, SIMD4<Int32>.zero, SIMD4<Int32>.zero)
        func part(_ place: Int) -> SIMD4<Int32> {
            let color = pixels[place]
            return SIMD4(Int32(color >> 16 & 0xFF), Int32(color >> 8 & 0xFF), Int32(color & 0xFF), 0)
        }
        let first = pixels[start]
        if first == pixels[start + 1], first == pixels[start + stride], first == pixels[start + stride + 1],
            first == pixels[start + stride * 2], first == pixels[start + stride * 2 + 1]
        {
            return Cell(mask: 0, first: 0, second: depth.nearest(first))
        }
        parts = (
            part(start), part(start + 1), part(start + stride), part(start + stride + 1), part(start + stride * 2)
        )
        let total = parts.0 &+ parts.1 &+ parts.2 &+ parts.3 &+ parts.4 &+ part(start + stride * 2 + 1)
        var best: (score: Int64, mask: UInt8, sum: SIMD4<Int32>, count: Int32) = (-1, 0, .zero, 0)
        // The sixth part is always in the second set: exchanging the sets changes nothing.
        for mask in UInt8(1)..<32 {
            var sum = SIMD4<Int32>.zero
            if mask & 1 != 0 { sum &+= parts.0 }
            if mask & 2 != 0 { sum &+= parts.1 }
            if mask & 4 != 0 { sum &+= parts.2 }
            if mask & 8 != 0 { sum &+= parts.3 }
            if mask & 16 != 0 { sum &+= parts.4 }
            let count = Int32(mask.nonzeroBitCount)
            let rest = total &- sum
            // The smallest error is the largest sum of the squares of the sets' sums over their sizes (times 60).
            let (a, b) = ((sum &* sum).wrappedSum(), (rest &* rest).wrappedSum())
            let score = Int64(a) * Int64(60 / count) + Int64(b) * Int64(60 / (6 - count))
            if score > best.score { best = (score, mask, sum, count) }
        }
        func mean(_ sum: SIMD4<Int32>, _ count: Int32) -> UInt32 {
            let mean = (sum &+ SIMD4(repeating: count / 2)) / SIMD4(repeating: count)
            return depth.nearest(UInt32(mean.x) << 16 | UInt32(mean.y) << 8 | UInt32(mean.z))
        }
        let (set, rest) = (mean(best.sum, best.count), mean(total &- best.sum, 6 - best.count))
        return set == rest ? Cell(mask: 0, first: 0, second: rest) : Cell(mask: best.mask, first: set, second: rest)
    }

    // MARK: Output

    private mutating func draw(_ cell: Cell, _ out: inout [UInt8]) {
        if cell.mask != 0, pen.first != cell.first {
            out.text("\u{1B}[" + depth.parameters(cell.first, isBackground: false) + "m")
            pen.first = cell.first
        }
        if pen.second != cell.second {
            out.text("\u{1B}[" + depth.parameters(cell.second, isBackground: true) + "m")
            pen.second = cell.second
        }
        if cell.mask == 0 {
            out.append(0x20)
        } else {
            let scalar = blocks == .halves ? "\u{2580}" : BlockRenderer.sextant(cell.mask)
            out += UTF8.encode(scalar).map(Array.init) ?? [0x20]
        }
    }

    /// The character of a set of parts, 1 to 62. The left and right half have older characters.
    ///
    /// Source: the Unicode Standard, Symbols for Legacy Computing: U+1FB00 to U+1FB3B.
    static func sextant(_ mask: UInt8) -> Unicode.Scalar {
        switch mask {
        case 21: return "\u{258C}"
        case 42: return "\u{2590}"
        default:
            let number = UInt32(mask) &- 1 &- (mask > 21 ? 1 : 0) &- (mask > 42 ? 1 : 0)
            return Unicode.Scalar(0x1FB00 + min(number, 59)) ?? " "
        }
    }
}

extension ColorDepth {
    /// The steps of each side of xterm's cube of colours.
    private static let cube: [UInt32] = [0, 95, 135, 175, 215, 255]

    /// What the terminal shows for a colour: the colour itself, or the number of the nearest of its palette.
    func nearest(_ color: UInt32) -> UInt32 {
        let channels = [color >> 16 & 0xFF, color >> 8 & 0xFF, color & 0xFF]
        switch self {
        case .truecolor: return color & 0xFF_FFFF
        case .indexed256: return ColorDepth.indexed(channels)
        case .basic16:
            func distance(_ number: Int) -> Int {
                let rgb = TextPalette.rgb[number]
                let (red, green, blue) = (
                    Int(channels[0]) - Int(rgb.red), Int(channels[1]) - Int(rgb.green), Int(channels[2]) - Int(rgb.blue)
                )
                return red * red + green * green + blue * blue
            }
            return UInt32((0..<16).min { distance($0) < distance($1) } ?? 0)
        }
    }

    private static func indexed(_ channels: [UInt32]) -> UInt32 {
        func distance(_ a: UInt32, _ b: UInt32) -> UInt32 { (a &- b) &* (a &- b) }
        let steps = channels.map { channel in
            UInt32((0..<6).min { distance(cube[$0], channel) < distance(cube[$1], channel) } ?? 0)
        }
        let cubeError = zip(steps, channels).reduce(0) { $0 &+ distance(cube[Int($1.0)], $1.1) }
        let mean = channels.reduce(0, +) / 3
        // 24 greys: 8, 18 ... 238.
        let grey = min(max(Int(mean) - 3, 0) / 10, 23)
        let greyError = channels.reduce(0) { $0 &+ distance(UInt32(8 + grey * 10), $1) }
        return greyError < cubeError ? UInt32(232 + grey) : 16 + steps[0] * 36 + steps[1] * 6 + steps[2]
    }

    /// The parameters of the sequence that selects what `nearest` gave.
    func parameters(_ color: UInt32, isBackground: Bool) -> String {
        switch self {
        case .truecolor:
            return "\(isBackground ? 48 : 38);2;\(color >> 16 & 0xFF);\(color >> 8 & 0xFF);\(color & 0xFF)"
        case .indexed256: return "\(isBackground ? 48 : 38);5;\(color)"
        case .basic16:
            let number = ScreenRenderer.basic[Int(color & 7)] + (color & 8 != 0 ? 90 : 30)
            return "\(number + (isBackground ? 10 : 0))"
        }
    }
}
