/// The modes of the VGA.
extension VideoParameters {
    private static let narrow: [UInt8] = [0x2D, 0x27, 0x28, 0x90, 0x2B, 0xA0]
    private static let narrowGraphics: [UInt8] = [0x2D, 0x27, 0x28, 0x90, 0x2B, 0x80]
    private static let wide: [UInt8] = [0x5F, 0x4F, 0x50, 0x82, 0x55, 0x81]
    private static let wideGraphics: [UInt8] = [0x5F, 0x4F, 0x50, 0x82, 0x54, 0x80]

    /// 400 lines, 350 lines and 480 lines: vertical total and overflow, retrace and display end, blanking.
    private static let lines400: (total: [UInt8], vertical: [UInt8], blanking: [UInt8]) = (
        [0xBF, 0x1F], [0x9C, 0x8E, 0x8F], [0x96, 0xB9]
    )
    private static let lines350: (total: [UInt8], vertical: [UInt8], blanking: [UInt8]) = (
        [0xBF, 0x1F], [0x83, 0x85, 0x5D], [0x63, 0xBA]
    )
    private static let lines480: (total: [UInt8], vertical: [UInt8], blanking: [UInt8]) = (
        [0x0B, 0x3E], [0xEA, 0x8C, 0xDF], [0xE7, 0x04]
    )

    private static func text(columns: UInt8, lines: VideoTables.VGALines, isMonochrome: Bool = false) -> VideoParameters
    {
        let timing = lines == .lines350 ? lines350 : lines400
        let height = lines.characterHeight
        let (maximum, cursor, polarity): (UInt8, UInt8, UInt8) =
            switch lines {
            case .lines200: (0xC7, 6, 0x63)
            case .lines350: (0x4D, 0x0B, 0xA3)
            case .lines400: (0x4F, 0x0D, 0x67)
            }
        // At 200 and 350 lines the colour characters are 8 dots wide.
        let clocking: UInt8 = (columns == 40 ? 8 : 0) | (lines == .lines400 || isMonochrome ? 0 : 1)
        let fast: UInt8 = isMonochrome ? 0x04 : 0
        let palette = isMonochrome ? Part.paletteMonochrome : lines == .lines200 ? Part.palette16 : Part.palette64
        let mode: UInt8 = isMonochrome ? 0x0E : clocking & 1 == 0 ? 0x0C : 0x08
        return VideoParameters(
            columns: columns, rows: 25, characterHeight: height, pageSize: columns == 40 ? 0x0800 : 0x1000,
            sequencer: [clocking, 3, 0, lines == .lines350 && isMonochrome ? 3 : 2],
            miscellaneous: (polarity | fast) & ~(isMonochrome ? 1 : 0),
            crtc: crtc(
                columns == 40 ? narrow : wide, timing.total, maximum, cursor: [cursor, cursor + 1], timing.vertical,
                offset: columns / 2, underline: isMonochrome ? height - 1 : 0x1F, timing.blanking, mode: 0xA3),
            attributes: palette + [mode, 0, 0x0F, clocking & 1 == 0 ? 8 : 0],
            graphics: Part.graphics(0x10, isMonochrome ? 0x0A : 0x0E, careAbout: 0))
    }

    private static func picture(
        columns: UInt8, rows: UInt8 = 25, height: UInt8 = 8, pageSize: UInt16, sequencer: [UInt8], misc: UInt8,
        horizontal: [UInt8], timing: (total: [UInt8], vertical: [UInt8], blanking: [UInt8]), maximum: UInt8,
        underline: UInt8 = 0, mode: UInt8, attributes: [UInt8], graphics: [UInt8]
    ) -> VideoParameters {
        VideoParameters(
            columns: columns, rows: rows, characterHeight: height, pageSize: pageSize, sequencer: sequencer,
            miscellaneous: misc,
            crtc: crtc(
                horizontal, timing.total, maximum, timing.vertical,
                offset: columns == 40 && underline != 0x40 ? 20 : 40,
                underline: underline, timing.blanking, mode: mode),
            attributes: attributes, graphics: graphics)
    }

    private static let planar = Part.graphics(0, 0x05, careAbout: 0x0F)
    private static let color16: [UInt8] = Part.palette16 + [1, 0, 0x0F, 0]
    private static let color64: [UInt8] = Part.palette64 + [1, 0, 0x0F, 0]

    private static let mode4 = picture(
        columns: 40, pageSize: 0x4000, sequencer: [9, 3, 0, 2], misc: 0x63, horizontal: narrowGraphics,
        timing: lines400,
        maximum: 0xC1, mode: 0xA2, attributes: Part.paletteFour + [1, 0, 3, 0],
        graphics: Part.graphics(0x30, 0x0F, careAbout: 0))
    private static let mode6 = picture(
        columns: 80, pageSize: 0x4000, sequencer: [1, 1, 0, 6], misc: 0x63, horizontal: wideGraphics, timing: lines400,
        maximum: 0xC1, mode: 0xC2, attributes: Part.paletteTwo(0x17) + [1, 0, 1, 0],
        graphics: Part.graphics(0, 0x0D, careAbout: 0))
    private static let modeD = picture(
        columns: 40, pageSize: 0x2000, sequencer: [9, 15, 0, 6], misc: 0x63, horizontal: narrowGraphics,
        timing: lines400, maximum: 0xC0, mode: 0xE3, attributes: color16, graphics: planar)
    private static let modeE = picture(
        columns: 80, pageSize: 0x4000, sequencer: [1, 15, 0, 6], misc: 0x63, horizontal: wideGraphics, timing: lines400,
        maximum: 0xC0, mode: 0xE3, attributes: color16, graphics: planar)
    private static let modeF = picture(
        columns: 80, height: 14, pageSize: 0x8000, sequencer: [1, 15, 0, 6], misc: 0xA2, horizontal: wideGraphics,
        timing: lines350, maximum: 0x40, underline: 0x0F, mode: 0xE3,
        attributes: Part.paletteMonochromeGraphics + [0x0B, 0, 5, 0], graphics: Part.graphics(0, 5, careAbout: 5))
    private static let mode10 = picture(
        columns: 80, height: 14, pageSize: 0x8000, sequencer: [1, 15, 0, 6], misc: 0xA3, horizontal: wideGraphics,
        timing: lines350, maximum: 0x40, underline: 0x0F, mode: 0xE3, attributes: color64, graphics: planar)
    private static let mode11 = picture(
        columns: 80, rows: 30, height: 16, pageSize: 0xA000, sequencer: [1, 15, 0, 6], misc: 0xE3,
        horizontal: wideGraphics, timing: lines480, maximum: 0x40, mode: 0xC3,
        attributes: Part.paletteTwo(0x3F) + [1, 0, 0x0F, 0], graphics: Part.graphics(0, 5, careAbout: 1))
    private static let mode12 = picture(
        columns: 80, rows: 30, height: 16, pageSize: 0xA000, sequencer: [1, 15, 0, 6], misc: 0xE3,
        horizontal: wideGraphics, timing: lines480, maximum: 0x40, mode: 0xE3, attributes: color64, graphics: planar)
    private static let mode13 = picture(
        columns: 40, pageSize: 0x2000, sequencer: [1, 15, 0, 14], misc: 0x63, horizontal: wideGraphics,
        timing: lines400,
        maximum: 0x41, underline: 0x40, mode: 0xA3, attributes: [UInt8](0...15) + [0x41, 0, 0x0F, 0],
        graphics: Part.graphics(0x40, 5, careAbout: 0x0F))

    /// 60 rows of 80 characters on 480 lines: not in the table, for VESA's mode 108h.
    static let text60 = VideoParameters(
        columns: 80, rows: 60, characterHeight: 8, pageSize: 80 * 60 * 2 + 256, sequencer: [1, 3, 0, 2],
        miscellaneous: 0xE3,
        crtc: crtc(
            wide, lines480.total, 0x47, cursor: [6, 7], lines480.vertical, offset: 40, underline: 0x1F,
            lines480.blanking, mode: 0xA3),
        attributes: Part.palette64 + [8, 0, 0x0F, 0], graphics: Part.graphics(0x10, 0x0E, careAbout: 0))

    /// The table, 1Dh entries.
    static let vga: [VideoParameters] = {
        func texts(_ lines: VideoTables.VGALines) -> [VideoParameters] {
            [40, 40, 80, 80].map { text(columns: $0, lines: lines) }
        }
        let monochrome350 = text(columns: 80, lines: .lines350, isMonochrome: true)
        return texts(.lines200) + [mode4, mode4, mode6, monochrome350] + [VideoParameters](repeating: unused, count: 5)
            + [modeD, modeE, modeF, mode10, modeF, mode10] + texts(.lines350)
            + [
                text(columns: 40, lines: .lines400), text(columns: 80, lines: .lines400),
                text(columns: 80, lines: .lines400, isMonochrome: true), mode11, mode12, mode13,
            ]
    }()
}
