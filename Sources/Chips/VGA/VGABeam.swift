import Core

/// Where the beam is, and the counters that go with it.
///
/// `advance` gives the same in one step or many. It works line by line up to the end of a frame, and skips whole frames.
public struct VGABeam: StateValue, Hashable {
    /// The character clock, since power-on, at which the beam is here.
    public var cycle: Int64 = 0
    public private(set) var column = 0
    public private(set) var line = 0
    /// The display address at the beginning of the row, 16 bits; 18 with the display interface.
    public private(set) var rowAddress = 0
    /// The line of the row, 0 to 31.
    public private(set) var scan = 0
    /// The second of two equal lines.
    public private(set) var isSecond = false
    /// The line compare has been passed.
    public private(set) var isBelowSplit = false
    /// The start address that the last retrace has taken over.
    public private(set) var start = 0
    /// Frames since power-on, for blinking.
    public private(set) var frames: Int64 = 0

    public init() {}

    /// A beam at the beginning of a frame that shows what the registers say now.
    public init(frameOf raster: VGARaster, frames: Int64) {
        start = raster.start
        self.frames = frames &- 1
        beginFrame(raster)
    }

    private mutating func beginFrame(_ raster: VGARaster) {
        line = 0
        column = 0
        rowAddress = (start &+ raster.bytePanning) & raster.addressMask
        scan = raster.presetScan
        isSecond = false
        isBelowSplit = false
        frames &+= 1
        if raster.retraceStart == 0 { start = raster.start }
    }

    /// Moves within a line, not to its end.
    public mutating func move(by columns: Int) {
        column &+= columns
        cycle &+= Int64(columns)
    }

    /// Clocks from here to the end of the line.
    public func clocksToLineEnd(_ raster: VGARaster) -> Int { max(raster.columns - column, 0) }

    /// Goes to the beginning of the next line.
    public mutating func nextLine(_ raster: VGARaster) {
        cycle &+= Int64(clocksToLineEnd(raster))
        column = 0
        if line == raster.lineCompare {
            (rowAddress, scan, isSecond, isBelowSplit) = (0, 0, false, true)
        } else if raster.repeatsSplitLine && line == raster.lineCompare + 1 {
            // As it is.
        } else if raster.isDoubled && !isSecond {
            isSecond = true
        } else {
            isSecond = false
            if scan == raster.lastScan {
                scan = 0
                rowAddress = (rowAddress &+ raster.pitch) & raster.addressMask
            } else {
                scan = (scan + 1) & 31
            }
        }
        line += 1
        if line == raster.lines || line >= VGARaster.lineLimit { return beginFrame(raster) }
        if line == raster.retraceStart { start = raster.start }
    }

    /// Goes on to character clock `target`; earlier ones change nothing.
    public mutating func advance(to target: Int64, _ raster: VGARaster) {
        let frame = Int64(raster.columns * raster.lines)
        var seen = frames
        while cycle < target {
            let rest = target &- cycle
            let lineRest = Int64(clocksToLineEnd(raster))
            if rest < lineRest { return move(by: Int(rest)) }
            nextLine(raster)
            // A frame that began here with the registers as they are repeats itself.
            if frames &- seen >= 2, line == 0, target &- cycle >= frame {
                let whole = (target &- cycle) / frame
                cycle &+= whole &* frame
                frames &+= whole
                seen = frames
            }
        }
    }

    /// Clocks to the beginning of `boundary`, a line of the raster; a whole frame if the beam is just there.
    public func clocks(toLine boundary: Int, _ raster: VGARaster) -> Int64 {
        var lines = boundary - line
        if line >= raster.lines {
            lines = VGARaster.lineLimit - line + boundary
        } else if lines <= 0 {
            lines += raster.lines
        }
        return Int64(max(lines * raster.columns - min(column, raster.columns), 1))
    }

    /// Line and column at `target`, by arithmetic, while the registers stay as they are.
    public func position(at target: Int64, _ raster: VGARaster) -> (line: Int, column: Int) {
        guard line < raster.lines else {
            var copy = self
            copy.advance(to: target, raster)
            return (copy.line, copy.column)
        }
        let frame = Int64(raster.columns * raster.lines)
        let passed = max(target &- cycle, 0) % frame
        let place = (passed + Int64(line * raster.columns + min(column, raster.columns - 1))) % frame
        let (row, column) = place.quotientAndRemainder(dividingBy: Int64(raster.columns))
        return (Int(row), Int(column))
    }

    public mutating func transfer(_ coder: StateCoder) {
        coder.field("cycle", &cycle)
        coder.field("column", &column)
        coder.field("line", &line)
        coder.field("rowAddress", &rowAddress)
        coder.field("scan", &scan)
        coder.field("isSecond", &isSecond)
        coder.field("isBelowSplit", &isBelowSplit)
        coder.field("start", &start)
        coder.field("frames", &frames)
        let isPossible =
            cycle >= 0 && (0..<512).contains(column) && (0..<VGARaster.lineLimit).contains(line)
            && (0...0x3_FFFF).contains(rowAddress) && (0...31).contains(scan) && (0...0x3_FFFF).contains(start)
        if !isPossible {
            coder.fail("there is no such place of the beam")
            self = VGABeam()
        }
    }
}
