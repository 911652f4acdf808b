/// What a mode sets: one entry of the video parameter table, which IBM's BIOS keeps in its ROM and programs find through
/// the save pointer table at 0040:00A8.
///
/// Source: IBM EGA and PS/2 BIOS, "Video parameter table"; [IBM VGA] "Default register values".
struct VideoParameters: Equatable {
    var columns: UInt8
    var rows: UInt8
    var characterHeight: UInt8
    /// Bytes of a page.
    var pageSize: UInt16
    /// Sequencer registers 1 to 4.
    var sequencer: [UInt8]
    var miscellaneous: UInt8
    /// CRT controller registers 0 to 18h.
    var crtc: [UInt8]
    /// Attribute controller registers 0 to 13h.
    var attributes: [UInt8]
    /// Graphics controller registers 0 to 8.
    var graphics: [UInt8]

    /// The entry as it stands in the ROM, 64 bytes.
    var bytes: [UInt8] {
        [columns, rows - 1, characterHeight, UInt8(truncatingIfNeeded: pageSize), UInt8(pageSize >> 8)] + sequencer
            + [miscellaneous] + crtc + attributes + graphics
    }

    static let size = 64

    /// An entry as it stands in memory. Programs may have changed it: anything is possible in it.
    init?(bytes: [UInt8]) {
        guard bytes.count == VideoParameters.size else { return nil }
        columns = bytes[0]
        rows = bytes[1] &+ 1
        characterHeight = bytes[2]
        pageSize = UInt16(bytes[4]) << 8 | UInt16(bytes[3])
        sequencer = Array(bytes[5..<9])
        miscellaneous = bytes[9]
        crtc = Array(bytes[10..<35])
        attributes = Array(bytes[35..<55])
        graphics = Array(bytes[55..<64])
    }

    init(
        columns: UInt8, rows: UInt8, characterHeight: UInt8, pageSize: UInt16, sequencer: [UInt8],
        miscellaneous: UInt8, crtc: [UInt8], attributes: [UInt8], graphics: [UInt8]
    ) {
        self.columns = columns
        self.rows = rows
        self.characterHeight = characterHeight
        self.pageSize = pageSize
        self.sequencer = sequencer
        self.miscellaneous = miscellaneous
        self.crtc = crtc
        self.attributes = attributes
        self.graphics = graphics
    }

    /// The parts that many modes share.
    enum Part {
        /// The 16 colours of 350 lines and more: numbers of the EGA's 64.
        static let palette64: [UInt8] = [0, 1, 2, 3, 4, 5, 0x14, 7, 0x38, 0x39, 0x3A, 0x3B, 0x3C, 0x3D, 0x3E, 0x3F]
        /// The 16 colours of 200 lines: intensity is bit 4.
        static let palette16: [UInt8] = [0, 1, 2, 3, 4, 5, 6, 7, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17]
        static let paletteMonochrome: [UInt8] =
            [0] + [UInt8](repeating: 8, count: 7) + [0x10]
            + [UInt8](repeating: 0x18, count: 7)
        static let paletteMonochromeGraphics: [UInt8] = [0, 8, 0, 0, 0x18, 0x18, 0, 0, 0, 8, 0, 0, 0, 0x18, 0, 0]
        /// Four colours in planes 0 and 2: black, blue, red, white.
        static let paletteFourSmall: [UInt8] = [0, 1, 0, 0, 4, 7, 0, 0, 0, 1, 0, 0, 4, 7, 0, 0]
        static let paletteFour: [UInt8] = [0, 0x13, 0x15, 0x17, 2, 4, 6, 7] + [UInt8](0x10...0x17)
        static func paletteTwo(_ color: UInt8) -> [UInt8] { [0] + [UInt8](repeating: color, count: 15) }

        /// The graphics controller with mode and miscellaneous register as they differ.
        static func graphics(_ mode: UInt8, _ miscellaneous: UInt8, careAbout: UInt8) -> [UInt8] {
            [0, 0, 0, 0, 0, mode, miscellaneous, careAbout, 0xFF]
        }
    }

    /// The CRT controller's registers in groups: horizontal (0-5), vertical total and overflow (6-7), maximum scan line
    /// (9), cursor (0Ah-0Bh), vertical (10h-12h), offset, underline, vertical blanking (15h-16h), mode.
    static func crtc(
        _ horizontal: [UInt8], _ total: [UInt8], _ maximum: UInt8, cursor: [UInt8] = [0, 0], _ vertical: [UInt8],
        offset: UInt8, underline: UInt8, _ blanking: [UInt8], mode: UInt8
    ) -> [UInt8] {
        horizontal + total + [0, maximum] + cursor + [0, 0, 0, 0] + vertical + [offset, underline] + blanking
            + [mode, 0xFF]
    }

    /// Mode `number`'s place in the table: text modes by scan lines, modes 0Fh and 10h by the memory.
    static func index(of mode: UInt8, lines: VideoTables.VGALines, isEGA: Bool, hasTwoPlanes: Bool) -> Int {
        switch (mode, lines) {
        case (0...3, .lines350): return 0x13 + Int(mode)
        case (0...1, .lines400): return isEGA ? 0x13 + Int(mode) : 0x17
        case (2...3, .lines400): return isEGA ? 0x13 + Int(mode) : 0x18
        case (7, .lines400): return isEGA ? 7 : 0x19
        case (0x0F...0x10, _) where hasTwoPlanes: return Int(mode)
        case (0x0F, _): return 0x11
        case (0x10, _): return 0x12
        case (0x11...0x13, _): return 0x1A + Int(mode) - 0x11
        default: return Int(mode)
        }
    }

    /// A place of the table that no mode uses.
    static let unused = VideoParameters(
        columns: 0, rows: 1, characterHeight: 0, pageSize: 0, sequencer: [0, 0, 0, 0], miscellaneous: 0,
        crtc: [UInt8](repeating: 0, count: 25), attributes: [UInt8](repeating: 0, count: 20),
        graphics: [UInt8](repeating: 0, count: 9))
}
