import Chips

/// Draws lines of dots from the planes. Its canvas has room for every raster.
final class VGAPainter {
    /// Dots from one line of the canvas to the next: not a power of two, for the host's caches.
    static let pitch = 2_048 + 80
    static let height = 2_048
    /// Dots of a line.
    static let width = 2_048

    /// `pitch * height` dots; pages of the host's memory that are not drawn on are not used.
    let canvas: UnsafeMutablePointer<UInt32>
    /// 16 colours of four bits, 256 of eight, and what stands where nothing is displayed.
    let colors: UnsafeMutablePointer<UInt32>
    static let borderIndex = 16 + 256
    private let words: UnsafeMutablePointer<UInt32>
    /// A byte as eight dots, the left one first: all ones where a bit is set.
    private let masks: UnsafeMutablePointer<SIMD8<UInt32>>
    /// A byte as eight nibbles, its bit 7 lowest.
    private let bits: UnsafeMutablePointer<UInt32>
    /// A byte as four nibbles of two bits each, its bits 7 and 6 lowest.
    private let pairs: UnsafeMutablePointer<UInt32>
    /// A line that is drawn with panning.
    private let scratch: UnsafeMutablePointer<UInt32>
    /// How far each line is drawn in the present frame.
    private let extents: UnsafeMutablePointer<Int32>
    /// The last whole line and what it showed, to be copied for the next equal one.
    private var lastLine = -1
    private var lastAddress = -1
    private var lastScan = -1

    init(planes: VGAPlanes) {
        words = planes.words
        canvas = .allocate(capacity: VGAPainter.pitch * VGAPainter.height)
        colors = .allocate(capacity: VGAPainter.borderIndex + 1)
        colors.initialize(repeating: 0, count: VGAPainter.borderIndex + 1)
        extents = .allocate(capacity: VGAPainter.height)
        extents.initialize(repeating: 0, count: VGAPainter.height)
        masks = .allocate(capacity: 256)
        bits = .allocate(capacity: 256)
        pairs = .allocate(capacity: 256)
        scratch = .allocate(capacity: 260 * 9 + 16)
        scratch.initialize(repeating: 0, count: 260 * 9 + 16)
        for byte in 0..<256 {
            var mask = SIMD8<UInt32>(repeating: 0)
            var (nibbles, twos): (UInt32, UInt32) = (0, 0)
            for dot in 0..<8 where byte >> (7 - dot) & 1 != 0 {
                mask[dot] = .max
                nibbles |= 1 << UInt32(dot * 4)
            }
            for pair in 0..<4 { twos |= UInt32(byte >> (6 - pair * 2) & 3) << UInt32(pair * 4) }
            (masks + byte).initialize(to: mask)
            (bits + byte).initialize(to: nibbles)
            (pairs + byte).initialize(to: twos)
        }
    }

    deinit {
        canvas.deallocate()
        colors.deallocate()
        extents.deallocate()
        masks.deallocate()
        bits.deallocate()
        pairs.deallocate()
        scratch.deallocate()
    }

    /// Registers or memory have changed: no line is known to be equal to the last one.
    func forgetLine() { lastLine = -1 }

    /// Nothing is drawn yet of a new frame.
    func beginFrame() {
        extents.update(repeating: 0, count: VGAPainter.height)
        lastLine = -1
    }

    /// The first `count` dots of `line`; what has not been drawn is black.
    func copy(line: Int, count: Int, to target: UnsafeMutablePointer<UInt32>) {
        let drawn = min(Int(extents[line]), count)
        target.initialize(from: canvas + line &* VGAPainter.pitch, count: drawn)
        (target + drawn).initialize(repeating: 0, count: count &- drawn)
    }

    /// Draws `count` character clocks of the beam's line, from its column.
    func paint(_ beam: VGABeam, count: Int, _ scan: VGAScan) {
        let line = beam.line
        guard line < min(scan.raster.displayedLines, VGAPainter.height) else { return }
        let limit = min(scan.raster.displayedColumns, VGAPainter.width / scan.dots)
        let first = beam.column
        let last = min(first &+ count, limit)
        guard first < last else { return }
        let row = canvas + line &* VGAPainter.pitch
        let isWhole = first == 0 && last == limit
        let drawn = Int(extents[line])
        if drawn < first &* scan.dots { (row + drawn).update(repeating: 0, count: first &* scan.dots &- drawn) }
        extents[line] = Int32(truncatingIfNeeded: max(drawn, last &* scan.dots))
        if isWhole && copyLast(beam, scan, to: row, dots: limit &* scan.dots) { return }
        let panning = beam.isBelowSplit ? scan.lowerPanning : scan.panning
        if panning == 0 {
            render(beam, first, last, scan, row + first &* scan.dots)
        } else {
            render(beam, first, last &+ 1, scan, scratch)
            (row + first &* scan.dots).update(from: scratch + panning, count: (last &- first) &* scan.dots)
        }
        if isWhole { (lastLine, lastAddress, lastScan) = (line, beam.rowAddress, beam.scan) }
    }

    /// A line that shows the same as the last one is copied.
    private func copyLast(_ beam: VGABeam, _ scan: VGAScan, to row: UnsafeMutablePointer<UInt32>, dots: Int) -> Bool {
        guard lastLine >= 0, lastAddress == beam.rowAddress, scan.panning == scan.lowerPanning || !beam.isBelowSplit
        else { return false }
        let needsScan = scan.kind == .text || scan.raster.scanIsBit13 || scan.raster.scanIsBit14
        guard !needsScan || lastScan == beam.scan else { return false }
        row.update(from: canvas + lastLine &* VGAPainter.pitch, count: dots)
        return true
    }

    /// The first dot of the beam's character.
    func dot(_ beam: VGABeam, _ scan: VGAScan) -> UInt32 {
        render(beam, beam.column, beam.column &+ 2, scan, scratch)
        return scratch[beam.isBelowSplit ? scan.lowerPanning : scan.panning]
    }

    private func render(
        _ beam: VGABeam, _ first: Int, _ last: Int, _ scan: VGAScan, _ target: UnsafeMutablePointer<UInt32>
    ) {
        switch scan.kind {
        case .blank:
            target.update(repeating: colors[VGAPainter.borderIndex], count: (last &- first) &* scan.dots)
        case .text: renderText(beam, first, last, scan, target)
        case .packed: renderPacked(beam, first, last, scan, target)
        case .linear: renderLinear(beam, first, last, scan, target)
        case .planar, .interleaved, .nibbles: renderNibbles(beam, first, last, scan, target)
        }
    }

    /// The word of the planes at a character of the beam's row.
    @inline(__always) private func word(_ beam: VGABeam, _ column: Int, _ scan: VGAScan) -> UInt32 {
        let counter = (beam.rowAddress &+ column &>> scan.raster.countShift) & scan.raster.addressMask
        return words[scan.raster.offset(of: counter, scan: beam.scan) & scan.offsetMask]
    }

    /// Eight bits a pixel, two dots each.
    private func renderPacked(
        _ beam: VGABeam, _ first: Int, _ last: Int, _ scan: VGAScan, _ target: UnsafeMutablePointer<UInt32>
    ) {
        var target = target
        let wide = colors + 16
        for column in first..<last {
            let word = word(beam, column, scan)
            let dots = (
                wide[Int(word & 0xFF)], wide[Int(word >> 8 & 0xFF)], wide[Int(word >> 16 & 0xFF)], wide[Int(word >> 24)]
            )
            let group = SIMD8<UInt32>(dots.0, dots.0, dots.1, dots.1, dots.2, dots.2, dots.3, dots.3)
            UnsafeMutableRawPointer(target).storeBytes(of: group, as: SIMD8<UInt32>.self)
            if scan.dots == 9 { target[8] = dots.3 }
            target += scan.dots
        }
    }

    /// Eight bits a pixel and dot, from two words.
    private func renderLinear(
        _ beam: VGABeam, _ first: Int, _ last: Int, _ scan: VGAScan, _ target: UnsafeMutablePointer<UInt32>
    ) {
        var target = target
        let wide = colors + 16
        for index in first &* 2..<last &* 2 {
            let word = words[(beam.rowAddress &+ index) & scan.offsetMask]
            target[0] = wide[Int(word & 0xFF)]
            target[1] = wide[Int(word >> 8 & 0xFF)]
            target[2] = wide[Int(word >> 16 & 0xFF)]
            target[3] = wide[Int(word >> 24)]
            target += 4
        }
    }

    /// Eight nibbles for the dots of a character, the left one lowest.
    @inline(__always) private func nibbles(_ word: UInt32, _ kind: VGAScan.Kind) -> UInt32 {
        let bytes = (Int(word & 0xFF), Int(word >> 8 & 0xFF), Int(word >> 16 & 0xFF), Int(word >> 24))
        switch kind {
        case .planar: return bits[bytes.0] | bits[bytes.1] << 1 | bits[bytes.2] << 2 | bits[bytes.3] << 3
        case .interleaved:
            return pairs[bytes.0] | pairs[bytes.2] << 2 | (pairs[bytes.1] | pairs[bytes.3] << 2) << 16
        default: return (word & 0x0F0F_0F0F) << 4 | word >> 4 & 0x0F0F_0F0F
        }
    }

    /// What the shift registers hold for a character. In those after a load, the next planes have moved on.
    ///
    /// Source: [IBM EGA] clocking mode register, shift load: chained for 16 bits; [86BOX] issue 2944: plane 1 follows plane
    /// 0, plane 3 follows plane 2. Assumption: zeros follow them.
    @inline(__always) private func loaded(_ beam: VGABeam, _ column: Int, _ scan: VGAScan) -> UInt32 {
        let passed = column & scan.loadMask
        let word = word(beam, column &- passed, scan)
        if passed == 0 { return word }
        return word &>> UInt32(truncatingIfNeeded: passed &* 8) & (scan.loadMask == 1 ? 0x00FF_00FF : .max)
    }

    private func renderNibbles(
        _ beam: VGABeam, _ first: Int, _ last: Int, _ scan: VGAScan, _ target: UnsafeMutablePointer<UInt32>
    ) {
        var target = target
        let (colors, wide) = (colors, colors + 16)
        for column in first..<last {
            let dots = nibbles(loaded(beam, column, scan), scan.kind)
            if scan.isWide {
                for dot in stride(from: 0, to: 8, by: 2) {
                    let pair = dots >> UInt32(truncatingIfNeeded: dot &* 4)
                    let color = wide[Int(pair << 4 & 0xF0 | pair >> 4 & 0x0F)]
                    target[dot] = color
                    target[dot &+ 1] = color
                }
            } else {
                target[0] = colors[Int(dots & 15)]
                target[1] = colors[Int(dots >> 4 & 15)]
                target[2] = colors[Int(dots >> 8 & 15)]
                target[3] = colors[Int(dots >> 12 & 15)]
                target[4] = colors[Int(dots >> 16 & 15)]
                target[5] = colors[Int(dots >> 20 & 15)]
                target[6] = colors[Int(dots >> 24 & 15)]
                target[7] = colors[Int(dots >> 28)]
            }
            if scan.dots == 9 { target[8] = target[7] }
            target += scan.dots
        }
    }

    private func renderText(
        _ beam: VGABeam, _ first: Int, _ last: Int, _ scan: VGAScan, _ target: UnsafeMutablePointer<UInt32>
    ) {
        var target = target
        let cursor = scan.hasCursor(beam.scan) && VGAScan.showsCursor(beam.frames) ? scan.cursor : -1
        let isHidden = scan.isBlinking && !VGAScan.showsCharacters(beam.frames)
        let line = beam.scan
        for column in first..<last {
            let cell = word(beam, column, scan)
            let (character, attribute) = (Int(cell & 0xFF), Int(cell >> 8 & 0xFF))
            let font = attribute & 8 == 0 ? scan.fontOff : scan.fontOn
            var dots = Int(words[(font &+ character &* 32 &+ line) & scan.offsetMask] >> 16 & 0xFF)
            var (front, back) = (attribute & 15, attribute >> 4)
            if scan.isBlinking {
                back &= 7
                if isHidden && attribute & 0x80 != 0 { front = back }
            }
            let isUnderlined = line == scan.underline && attribute & 0x77 == 1
            let isCursor = (beam.rowAddress &+ column) & 0xFFFF == cursor
            if isUnderlined || isCursor { (dots, front) = (0xFF, attribute & 15) }
            let (ink, paper) = (colors[front], colors[back])
            let group = SIMD8(repeating: paper) ^ masks[dots] & SIMD8(repeating: ink ^ paper)
            UnsafeMutableRawPointer(target).storeBytes(of: group, as: SIMD8<UInt32>.self)
            if scan.dots == 9 {
                let extends = isUnderlined || isCursor || (scan.extendsLines && character & 0xE0 == 0xC0)
                target[8] = extends && dots & 1 != 0 ? ink : paper
            }
            target += scan.dots
        }
    }
}
