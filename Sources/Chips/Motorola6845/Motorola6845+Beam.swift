import Core

extension Motorola6845 {
    /// Registers 0 to 11 as numbers, for the beam.
    struct Settings: Equatable {
        var horizontalTotal = 0
        var displayedColumns = 0
        var syncColumn = 0
        /// 1 to 16 characters.
        var syncWidth = 16
        var verticalTotal = 0
        var verticalAdjust = 0
        var displayedRows = 0
        var syncRow = 0
        var maximumScanLine = 0
        var cursorStart = 0
        var cursorEnd = 0
        var cursorMode = 0
        var startAddress = 0
        var cursorAddress = 0
    }

    /// Characters one after the other on which the chip's outputs do not change, but for the address that counts on.
    public struct Span: Sendable {
        /// 1 to 256.
        public var count: Int
        /// The memory address of the first character, 14 bits.
        public var address: Int
        /// The row address, 0 to 31.
        public var scanLine: Int
        public var isDisplayed: Bool
        public var isHorizontalSync: Bool
        public var isVerticalSync: Bool
        /// The character on which the cursor output is asserted, counted from the first one; -1 for none.
        public var cursor: Int
        /// Frames begun since power-on, 6 bits, for boards that blink by it.
        public var frames: Int
    }

    /// The counters and flip-flops of the chip behind its registers.
    ///
    /// All comparisons are for equality and counters wrap at their width, as on the chip: a total that is set below its
    /// counter lets the counter go round.
    public struct Beam: Hashable, Sendable {
        /// The horizontal counter, 8 bits.
        public private(set) var column = 0
        /// The row address, 5 bits.
        public private(set) var scanLine = 0
        /// The row counter, 7 bits.
        public private(set) var row = 0
        /// Lines of the vertical adjustment that have passed, 5 bits.
        public private(set) var adjustLine = 0
        public private(set) var isAdjusting = false
        /// The memory address at the left end of this row and of the next, 14 bits.
        public private(set) var rowAddress = 0
        public private(set) var nextRowAddress = 0
        public private(set) var isInDisplayedColumns = true
        public private(set) var isInDisplayedRows = true
        /// Characters and lines that the sync pulses still last.
        public private(set) var syncCharactersLeft = 0
        public private(set) var syncLinesLeft = 0
        /// Frames begun, 6 bits; cursors blink by it.
        public private(set) var frames = 0

        public var isDisplayed: Bool { isInDisplayedColumns && isInDisplayedRows }
        public var isHorizontalSync: Bool { syncCharactersLeft > 0 }
        public var isVerticalSync: Bool { syncLinesLeft > 0 }
        /// The memory address of the present character, 14 bits.
        public var address: Int { (rowAddress &+ column) & 0x3FFF }

        /// Lines that a vertical sync pulse lasts on this chip.
        static let verticalSyncLines = 16
        static let frameMask = 63

        public init() {}

        /// For comparisons: the count of frames is left out.
        public mutating func clearFrames() { frames = 0 }

        /// `count` whole frames pass.
        public mutating func countFrames(_ count: Int) { frames = (frames &+ count) & Self.frameMask }
    }
}

extension Motorola6845.Beam {
    typealias Settings = Motorola6845.Settings
    typealias Span = Motorola6845.Span

    /// Goes on to the next change of an output, at most `limit` (at least 1) characters, and says what has passed.
    mutating func step(_ settings: Settings, limit: Int) -> Span {
        let toLineEnd = ((settings.horizontalTotal &- column) & 0xFF) &+ 1
        var count = min(limit, toLineEnd)
        if isInDisplayedColumns { count = min(count, ((settings.displayedColumns &- column &- 1) & 0xFF) &+ 1) }
        if syncCharactersLeft > 0 {
            count = min(count, syncCharactersLeft)
        } else {
            count = min(count, ((settings.syncColumn &- column &- 1) & 0xFF) &+ 1)
        }
        let span = Span(
            count: count, address: address, scanLine: scanLine, isDisplayed: isDisplayed,
            isHorizontalSync: isHorizontalSync, isVerticalSync: isVerticalSync,
            cursor: cursor(settings, count: count), frames: frames)
        // A row's end is latched where the display ends, so a count that passes that place in the dark stops there too.
        if !isInDisplayedColumns, scanLine == settings.maximumScanLine {
            let toLatch = ((settings.displayedColumns &- column &- 1) & 0xFF) &+ 1
            if toLatch <= count, toLatch < toLineEnd {
                nextRowAddress = (rowAddress &+ settings.displayedColumns) & 0x3FFF
            }
        }
        if syncCharactersLeft > 0 { syncCharactersLeft &-= count }
        if count == toLineEnd {
            column = 0
            isInDisplayedColumns = true
            beginLine(settings)
        } else {
            column = (column &+ count) & 0xFF
        }
        if column == settings.displayedColumns {
            isInDisplayedColumns = false
            if scanLine == settings.maximumScanLine { nextRowAddress = (rowAddress &+ column) & 0x3FFF }
        }
        if column == settings.syncColumn, syncCharactersLeft == 0 { syncCharactersLeft = settings.syncWidth }
        return span
    }

    /// The horizontal counter has been reset.
    private mutating func beginLine(_ settings: Settings) {
        if syncLinesLeft > 0 { syncLinesLeft &-= 1 }
        if isAdjusting { adjustLine = (adjustLine &+ 1) & 31 }
        if isAdjusting, adjustLine == settings.verticalAdjust {
            beginFrame(settings)
        } else if scanLine == settings.maximumScanLine {
            scanLine = 0
            rowAddress = nextRowAddress
            let isLast = !isAdjusting && row == settings.verticalTotal
            row = (row &+ 1) & 127
            if isLast {
                if settings.verticalAdjust == 0 {
                    beginFrame(settings)
                } else {
                    isAdjusting = true
                    adjustLine = 0
                }
            }
        } else {
            scanLine = (scanLine &+ 1) & 31
        }
        if row == settings.displayedRows { isInDisplayedRows = false }
        if row == settings.syncRow, scanLine == 0, syncLinesLeft == 0 { syncLinesLeft = Self.verticalSyncLines }
    }

    private mutating func beginFrame(_ settings: Settings) {
        (scanLine, row, adjustLine, isAdjusting) = (0, 0, 0, false)
        rowAddress = settings.startAddress
        nextRowAddress = settings.startAddress
        isInDisplayedRows = true
        frames = (frames &+ 1) & Self.frameMask
    }

    /// The place of the cursor among the next `count` characters, or -1.
    private func cursor(_ settings: Settings, count: Int) -> Int {
        guard isDisplayed else { return -1 }
        let distance = (settings.cursorAddress &- address) & 0x3FFF
        return distance < count && settings.showsCursor(scanLine: scanLine, frames: frames) ? distance : -1
    }

    // MARK: Long ways

    /// Goes on by `count` characters. Whole frames are skipped by arithmetic, so any time costs a few frames at most.
    mutating func advance(_ settings: Settings, by count: Int64) {
        var rest = count
        while rest > 0 {
            let frame = frames
            rest &-= Int64(step(settings, limit: Int(min(rest, 0x1_0000))).count)
            if frames != frame, rest > 0 { skipFrames(settings, &rest) }
        }
    }

    /// At the beginning of a frame: repeats frames until one is found that leads back to a state that was there, and
    /// leaves out all periods that fit into `rest`.
    private mutating func skipFrames(_ settings: Settings, _ rest: inout Int64) {
        var (reference, passed, count, power) = (self, Int64(0), 0, 1)
        while true {
            var next = self
            var length: Int64 = 0
            while next.frames == frames {
                length &+= Int64(next.step(settings, limit: 0x1_0000).count)
                if length > rest { return }
            }
            self = next
            rest &-= length
            passed &+= length
            count &+= 1
            next.clearFrames()
            reference.clearFrames()
            if next == reference {
                let periods = rest / passed
                rest &-= periods &* passed
                countFrames(Int(periods & 63) &* count)
                return
            }
            if count == power {
                (reference, passed, count, power) = (self, 0, 0, power &* 2)
            }
        }
    }
}

extension Motorola6845.Settings {
    /// Whether the cursor shows on a line of its row, `frames` frames after power-on.
    ///
    /// Source: [6845] table 7, cursor start register: modes 10 and 11 blink with 16 and 32 frames. A cursor that ends
    /// before it starts has two parts.
    func showsCursor(scanLine: Int, frames: Int) -> Bool {
        switch cursorMode {
        case 0b01: return false
        case 0b10 where frames & 8 != 0, 0b11 where frames & 16 != 0: return false
        default: break
        }
        guard cursorStart <= maximumScanLine else { return false }
        return cursorStart <= cursorEnd
            ? scanLine >= cursorStart && scanLine <= cursorEnd : scanLine >= cursorStart || scanLine <= cursorEnd
    }
}

extension Motorola6845.Beam: StateValue {
    /// Values out of range are cut to the width of their counters.
    public mutating func transfer(_ coder: StateCoder) {
        func counter(_ name: String, _ value: inout Int, _ mask: Int) {
            var word = UInt16(truncatingIfNeeded: value)
            coder.field(name, &word)
            value = Int(word) & mask
        }
        counter("column", &column, 0xFF)
        counter("scanLine", &scanLine, 31)
        counter("row", &row, 127)
        counter("adjustLine", &adjustLine, 31)
        coder.field("isAdjusting", &isAdjusting)
        counter("rowAddress", &rowAddress, 0x3FFF)
        counter("nextRowAddress", &nextRowAddress, 0x3FFF)
        coder.field("isInDisplayedColumns", &isInDisplayedColumns)
        coder.field("isInDisplayedRows", &isInDisplayedRows)
        counter("syncCharactersLeft", &syncCharactersLeft, 31)
        counter("syncLinesLeft", &syncLinesLeft, 31)
        counter("frames", &frames, Self.frameMask)
    }
}
