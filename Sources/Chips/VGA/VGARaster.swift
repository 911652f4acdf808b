/// What the CRT controller's registers mean for the beam: lengths, positions and how display addresses are made.
///
/// Lines are scan lines from the first displayed one, columns are character clocks from the first displayed character.
public struct VGARaster: Hashable, Sendable {
    /// No raster has more lines than this: 1,025, twice.
    public static let lineLimit = 2_050

    /// Character clocks of a line, 2 to 260.
    public let columns: Int
    /// Displayed characters of a line, 1 to 256.
    public let displayedColumns: Int
    /// Lines of a frame, 2 to `lineLimit`.
    public let lines: Int
    /// Lines with display, 1 to 2,048; more than `lines` means all.
    public let displayedLines: Int
    public let retraceStart: Int
    public let retraceLength: Int
    /// The line behind which the address begins again at 0.
    public let lineCompare: Int
    /// The EGA shows the first line behind it twice.
    ///
    /// Source: [ABRASH] "The problem with the EGA split screen".
    public let repeatsSplitLine: Bool
    /// The last line of a character row, 0 to 31.
    public let lastScan: Int
    /// Each line is shown twice.
    public let isDoubled: Bool
    /// Addresses from one row to the next.
    public let pitch: Int
    public let presetScan: Int
    public let bytePanning: Int
    public let start: Int

    // How an address reaches the memory.
    public let isDoubleword: Bool
    public let isWord: Bool
    /// In word mode address bit 15 comes in at the bottom, otherwise bit 13.
    public let wrapsAt64K: Bool
    /// Row scan bits 0 and 1 stand for address bits 13 and 14, as on the CGA and the Hercules card.
    public let scanIsBit13: Bool
    public let scanIsBit14: Bool
    /// The address advances every 1, 2 or 4 characters: a shift.
    public let countShift: Int
    /// Bits of a display address.
    public let addressMask: Int

    public init(_ crtc: VGACRTController, isEGA: Bool) {
        func register(_ number: Int) -> Int { Int(crtc[number]) }
        func bit(_ number: Int, _ bit: Int) -> Int { register(number) >> bit & 1 }
        // Horizontal retrace select: the line counter counts every second line.
        let scale = bit(0x17, 2) + 1
        let high = isEGA ? 0 : 1
        columns = max(register(0) + (isEGA ? 2 : 5), 2)
        displayedColumns = register(1) + 1
        lines = ((register(6) | bit(7, 0) << 8 | (bit(7, 5) & high) << 9) + 2) * scale
        displayedLines = ((register(0x12) | bit(7, 1) << 8 | (bit(7, 6) & high) << 9) + 1) * scale
        let first = register(0x10) | bit(7, 2) << 8 | (bit(7, 7) & high) << 9
        retraceStart = first * scale
        // The end is the line whose low bits match.
        let endBits = isEGA ? 31 : 15
        retraceLength = ((register(0x11) - first - 1) & endBits + 1) * scale
        lineCompare = (register(0x18) | bit(7, 4) << 8 | (bit(9, 6) & high) << 9) * scale + scale - 1
        repeatsSplitLine = isEGA
        lastScan = register(9) & 31
        isDoubled = !isEGA && bit(9, 7) != 0
        pitch = register(0x13) * 2
        presetScan = register(8) & 31
        bytePanning = register(8) >> 5 & 3
        start = register(0x0C) << 8 | register(0x0D)
        isDoubleword = !isEGA && bit(0x14, 6) != 0
        isWord = bit(0x17, 6) == 0
        wrapsAt64K = bit(0x17, 5) != 0
        scanIsBit13 = bit(0x17, 0) == 0
        scanIsBit14 = bit(0x17, 1) == 0
        countShift = !isEGA && bit(0x14, 5) != 0 ? 2 : bit(0x17, 3)
        addressMask = 0xFFFF
    }

    /// The raster of the display interface while it is on: the timing of a monitor's mode that is large enough.
    ///
    /// Display addresses count words of the planes, so a character of eight dots takes two in packed modes.
    public init(_ display: BochsDisplayInterface, timing: VGADisplayTiming) {
        columns = timing.columns
        displayedColumns = display.width / 8
        lines = timing.lines
        displayedLines = display.height
        retraceStart = timing.retraceStart
        retraceLength = timing.retraceLength
        lineCompare = VGARaster.lineLimit
        repeatsSplitLine = false
        (lastScan, isDoubled, presetScan, bytePanning) = (0, false, 0, 0)
        let dots = display.isPacked ? 4 : 8
        pitch = display.pitch / dots
        start = (display.yOffset * display.pitch + display.xOffset) / dots & 0x3_FFFF
        (isDoubleword, isWord, wrapsAt64K, scanIsBit13, scanIsBit14) = (false, false, true, false, false)
        countShift = 0
        addressMask = 0x3_FFFF
    }

    /// The offset in the planes of display address `counter` on line `scan` of its row.
    @inlinable public func offset(of counter: Int, scan: Int) -> Int {
        var address = counter
        if isDoubleword {
            address = counter << 2 | counter >> 14 & 3
        } else if isWord {
            address = counter << 1 | counter >> (wrapsAt64K ? 15 : 13) & 1
        }
        if scanIsBit13 { address = address & ~0x2000 | (scan & 1) << 13 }
        if scanIsBit14 { address = address & ~0x4000 | (scan & 2) << 13 }
        return address & addressMask
    }

    /// Where a frame ends: the line at which the vertical retrace begins, or 0 if none does.
    public var frameBoundary: Int { retraceStart < lines ? retraceStart : 0 }

    public func isRetrace(_ line: Int) -> Bool {
        let passed = line >= retraceStart ? line - retraceStart : line + lines - retraceStart
        return retraceStart < lines && passed >= 0 && passed < retraceLength
    }
}
