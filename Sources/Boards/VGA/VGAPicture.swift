import Chips
import Core

/// What a watched adapter has drawn: the canvas, the beam that draws, and finished frames. No part of a machine's state.
final class VGAPicture {
    let painter: VGAPainter
    /// If the machine shows one.
    let border: VGABorder?
    /// Up to where the canvas is drawn. It runs with the adapter's beam, further on.
    var beam: VGABeam
    /// The beam came into the middle of the present frame.
    var missesBeginning = true
    /// The present frame has been drawn in parts, between changes.
    var isPartlyDrawn = false
    /// The last complete frame.
    var last: Frame?
    /// Frames without a change in them, by what they showed: the phases of blinking.
    private var uniform: [(key: Key, frame: Frame)] = []
    var colorGeneration: UInt64 = .max
    /// The colours are those of pixels that blink.
    var hasBlinkColors = false

    /// Equal keys make equal frames.
    struct Key: Equatable {
        var generation: UInt64
        var memoryGeneration: UInt64
        var start: Int
        var showsCursor: Bool
        var showsCharacters: Bool
    }

    init(_ adapter: VGAAdapter) {
        painter = VGAPainter(planes: adapter.planes)
        border = adapter.showsBorder ? VGABorder() : nil
        beam = adapter.state.beam
    }

    func beginFrame() {
        painter.beginFrame()
        border?.beginFrame()
    }

    func clockDidChange(to cycle: Int64) { beam.cycle = cycle }

    /// The frame of `key`, if it is known. It is complete at `time`; shown without a change it stays that of before.
    func known(_ key: Key, at time: Tick) -> Frame? {
        guard let place = uniform.firstIndex(where: { $0.key == key }) else { return nil }
        if uniform[place].frame.time != last?.time { uniform[place].frame.time = time }
        return uniform[place].frame
    }

    func remember(_ frame: Frame, as key: Key) {
        uniform.removeAll { $0.key.generation != key.generation || $0.key.memoryGeneration != key.memoryGeneration }
        if uniform.count >= 4 { uniform.removeFirst() }
        uniform.append((key, frame))
    }
}

extension VGAAdapter {
    public var isWatched: Bool {
        get { picture != nil }
        set {
            if newValue != isWatched { picture = newValue ? VGAPicture(self) : nil }
        }
    }

    public func frame(at now: Tick) -> Frame? {
        guard let picture else { return still(at: now) }
        catchUp(to: now, finishing: true)
        return picture.last ?? still(at: now)
    }

    public func still(at now: Tick) -> Frame? {
        var beam = state.beam
        beam.advance(to: clock.cycles(at: now), raster)
        synchronise()
        let painter = VGAPainter(planes: planes)
        let border = showsBorder ? VGABorder() : nil
        let start = VGABeam(frameOf: raster, frames: beam.frames)
        fillPalette(painter, isBlinkPhase(start))
        paintAll(start, painter, border)
        return frame(from: painter, border, time: now)
    }

    /// Draws what the beam has passed until `now`; `finishing`: no further than the end of the last frame.
    func catchUp(to now: Tick, finishing: Bool = false) {
        guard let picture else { return }
        let target = clock.cycles(at: now)
        let whole = Int64(raster.columns * raster.lines)
        while picture.beam.cycle < target {
            let end = picture.beam.cycle &+ picture.beam.clocks(toLine: raster.frameBoundary, raster)
            if target < end {
                if !finishing { paintPart(to: target) }
                return
            }
            if target &- end > whole {
                // Of frames that nobody has asked for only the last is drawn.
                picture.beam.advance(to: end &+ (target &- end) / whole &* whole &- whole, raster)
                picture.missesBeginning = picture.beam.line != raster.frameBoundary || picture.beam.column != 0
                picture.isPartlyDrawn = false
                picture.beginFrame()
                continue
            }
            finishFrame(at: end)
        }
    }

    /// From the beam's place into the middle of the frame.
    private func paintPart(to target: Int64) {
        guard let picture else { return }
        var end = picture.beam
        end.advance(to: target, raster)
        let isBorder = picture.beam.line == end.line && picture.beam.column >= raster.displayedColumns
        let isVisible = picture.border != nil || picture.beam.line < raster.displayedLines && !isBorder
        if isVisible || end.line < picture.beam.line {
            synchronise(from: picture.beam, to: end)
            paint(to: target)
        } else {
            picture.beam = end
        }
        picture.isPartlyDrawn = true
    }

    /// From the beam's place to the end of the frame, which is then complete.
    private func finishFrame(at end: Int64) {
        guard let picture else { return }
        let isUniform = !picture.isPartlyDrawn && !picture.missesBeginning
        synchronise()
        if picture.missesBeginning {
            picture.beam.advance(to: end, raster)
            let start = VGABeam(frameOf: raster, frames: picture.beam.frames)
            fillPalette(picture.painter, isBlinkPhase(start))
            picture.colorGeneration = .max
            paintAll(start, picture.painter, picture.border)
            let frame = frame(from: picture.painter, picture.border, time: clock.time(ofCycle: end))
            picture.last = frame
            picture.remember(frame, as: key(start))
        } else if isUniform {
            let key = self.key(picture.beam)
            if let known = picture.known(key, at: clock.time(ofCycle: end)) {
                picture.beam.advance(to: end, raster)
                picture.last = known
            } else {
                paint(to: end)
                let frame = frame(from: picture.painter, picture.border, time: clock.time(ofCycle: end))
                picture.last = frame
                picture.remember(frame, as: key)
            }
        } else {
            paint(to: end)
            picture.last = frame(from: picture.painter, picture.border, time: clock.time(ofCycle: end))
        }
        (picture.missesBeginning, picture.isPartlyDrawn) = (false, false)
        picture.beginFrame()
    }

    /// What a frame shows that begins with the beam as it is, behind a vertical retrace.
    private func key(_ beam: VGABeam) -> VGAPicture.Key {
        let scan = self.scan
        // The frame counter goes up between the retrace and the first line.
        let frames = beam.line == 0 ? beam.frames : beam.frames &+ 1
        let hasCursor = scan.kind == .text && scan.cursor >= 0
        return VGAPicture.Key(
            generation: generation, memoryGeneration: memoryGeneration, start: beam.start,
            showsCursor: hasCursor && VGAScan.showsCursor(frames),
            showsCharacters: (scan.kind == .text ? scan.isBlinking : state.attributes.hasBlinkingPixels)
                && VGAScan.showsCharacters(frames))
    }

    /// Pixels that blink have their other colour in the beam's frame.
    func isBlinkPhase(_ beam: VGABeam) -> Bool {
        state.attributes.hasBlinkingPixels && !VGAScan.showsCharacters(beam.frames)
    }

    /// Takes over the part of plain memory that the beam reads on its way.
    private func synchronise(from beam: VGABeam, to end: VGABeam) {
        let isLinear = mapping == .chain4 ? raster.isDoubleword : raster.isWord && !raster.isDoubleword
        let isDirect =
            isLinear && beam.line <= end.line && beam.isBelowSplit == end.isBelowSplit
            && beam.rowAddress <= end.rowAddress && !raster.scanIsBit13 && !raster.scanIsBit14
        guard isDirect else { return synchronise() }
        let unit = mapping.unit
        synchronise(bytes: beam.rowAddress * unit..<(end.rowAddress + raster.displayedColumns + 1) * unit)
    }

    // MARK: Drawing

    private func fillPalette(_ painter: VGAPainter, _ isBlinkPhase: Bool) {
        fillColors(painter.colors, isBlinkPhase: isBlinkPhase)
        painter.colors[VGAPainter.borderIndex] = shown(state.attributes.overscan)
        painter.forgetLine()
    }

    /// Draws on the way of the watching beam to `target`.
    private func paint(to target: Int64) {
        guard let picture else { return }
        let painter = picture.painter
        painter.forgetLine()
        let (scan, raster) = (self.scan, self.raster)
        var beam = picture.beam
        func updatePalette() {
            let isBlinkPhase = isBlinkPhase(beam)
            guard picture.colorGeneration != generation || picture.hasBlinkColors != isBlinkPhase else { return }
            fillPalette(painter, isBlinkPhase)
            (picture.colorGeneration, picture.hasBlinkColors) = (generation, isBlinkPhase)
        }
        updatePalette()
        let borderColor = painter.colors[VGAPainter.borderIndex]
        while beam.cycle < target {
            let rest = target &- beam.cycle
            let lineRest = beam.clocksToLineEnd(raster)
            let count = Int(min(rest, Int64(lineRest)))
            painter.paint(beam, count: count, scan)
            picture.border?.paint(beam, count: count, raster, color: borderColor)
            if count < lineRest {
                beam.move(by: count)
            } else {
                beam.nextLine(raster)
                if beam.line == 0 { updatePalette() }
            }
        }
        picture.beam = beam
    }

    /// Draws one frame from its beginning.
    private func paintAll(_ start: VGABeam, _ painter: VGAPainter, _ border: VGABorder?) {
        painter.beginFrame()
        border?.beginFrame()
        let scan = self.scan
        let borderColor = painter.colors[VGAPainter.borderIndex]
        var beam = start
        let lines = border == nil ? min(raster.displayedLines, raster.lines) : raster.lines
        for _ in 0..<min(lines, VGAPainter.height) {
            painter.paint(beam, count: raster.columns, scan)
            border?.paint(beam, count: raster.columns, raster, color: borderColor)
            beam.nextLine(raster)
        }
    }

    private func frame(from painter: VGAPainter, _ border: VGABorder?, time: Tick) -> Frame {
        let dots = characterWidth
        let columns = max(min(raster.displayedColumns, raster.columns, VGAPainter.width / dots), 1)
        let lines = max(min(raster.displayedLines, raster.lines, VGAPainter.height), 1)
        let scan = self.scan
        let showsRowsOnce = scan.kind != .text && !raster.scanIsBit13 && !raster.scanIsBit14
        var down = (raster.isDoubled ? 2 : 1) * (showsRowsOnce ? raster.lastScan + 1 : 1)
        let size = border == nil ? VGABorderSize() : borderSize(columns: columns, lines: lines, pixel: down)
        let (width, height) = ((columns + size.left + size.right) * dots, lines + size.top + size.bottom)
        let pixels = [UInt32](unsafeUninitializedCapacity: width * height) { buffer, count in
            guard let target = buffer.baseAddress else { return }
            for row in 0..<height {
                let place = target + row * width
                guard let border else {
                    painter.copy(line: row, count: width, to: place)
                    continue
                }
                let line = row - size.top
                border.copy(line: line, size, raster, columns: columns, dots: dots, to: place) {
                    painter.copy(line: line, count: columns * dots, to: $0)
                }
            }
            count = width * height
        }
        var across = scan.isWide ? 2 : 1
        let frameBorder = Frame.Border(
            left: size.left * dots, top: size.top, right: size.right * dots, bottom: size.bottom)
        if [width, frameBorder.left, frameBorder.right].contains(where: { $0 % across != 0 }) { across = 1 }
        if [height, size.top, size.bottom].contains(where: { $0 % down != 0 }) { down = 1 }
        return Frame(
            width: width, height: height, pixels: pixels, dotAspect: dotAspect, dotsPerPixel: across,
            linesPerPixel: down, border: frameBorder, time: time)
    }

    /// The border of the present registers, none with the display interface. It has whole pixels of `pixel` lines.
    private func borderSize(columns: Int, lines: Int, pixel: Int) -> VGABorderSize {
        guard !isExtended, columns == raster.displayedColumns, lines == raster.displayedLines else {
            return VGABorderSize()
        }
        let size = VGABorderSize(state.crtc, raster, isEGA: isEGA, characterWidth: characterWidth)
        let isTooLarge =
            (columns + size.left + size.right) * characterWidth > Frame.largestSide
            || lines + size.top + size.bottom > Frame.largestSide
        return isTooLarge ? VGABorderSize() : size.wholePixels(of: pixel)
    }

    /// The shape of a dot when the monitor shows 4:3. The VGA's lines are told by the polarities of its syncs.
    private var dotAspect: Frame.Aspect {
        if isExtended { return VGAAdapter.aspect(width: state.display.width, height: state.display.height) }
        let across = variant.fullWidth(clockSelect: clockSelect) / (state.sequencer.isClockHalved ? 2 : 1)
        let lines: Int
        switch (state.miscellaneous >> 6, isEGA) {
        case (0b10, _): lines = 350
        case (0b11, false): lines = 480
        case (_, false): lines = 400
        default: lines = 200
        }
        return VGAAdapter.aspect(width: across, height: lines)
    }

    /// Of a dot, where so many dots and lines fill a screen of 4:3.
    private static func aspect(width: Int, height: Int) -> Frame.Aspect {
        var (divisor, rest) = (4 * height, 3 * width)
        while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
        return Frame.Aspect(4 * height / divisor, 3 * width / divisor)
    }
}
