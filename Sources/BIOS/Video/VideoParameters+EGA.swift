/// The modes of the EGA.
///
/// Source: [IBM EGA] the parameter table in its ROM.
extension VideoParameters {
    private static let lines200: (total: [UInt8], vertical: [UInt8], blanking: [UInt8]) = (
        [0x04, 0x11], [0xE1, 0x24, 0xC7], [0xE0, 0xF0]
    )
    private static let wide200: (total: [UInt8], vertical: [UInt8], blanking: [UInt8]) = (
        [0x04, 0x11], [0xE0, 0x23, 0xC7], [0xDF, 0xEF]
    )
    private static let lines350: (total: [UInt8], vertical: [UInt8], blanking: [UInt8]) = (
        [0x6C, 0x1F], [0x5E, 0x2B, 0x5D], [0x5E, 0x0A]
    )
    private static let picture350: (total: [UInt8], vertical: [UInt8], blanking: [UInt8]) = (
        [0x6C, 0x1F], [0x5E, 0x2B, 0x5D], [0x5F, 0x0A]
    )
    private static let monochrome: (total: [UInt8], vertical: [UInt8], blanking: [UInt8]) = (
        [0x70, 0x1F], [0x5E, 0x2E, 0x5D], [0x5E, 0x6E]
    )

    private static func mode(
        columns: UInt8, height: UInt8 = 8, pageSize: UInt16, sequencer: [UInt8], misc: UInt8, _ horizontal: [UInt8],
        _ timing: (total: [UInt8], vertical: [UInt8], blanking: [UInt8]), maximum: UInt8, cursor: [UInt8] = [0, 0],
        offset: UInt8? = nil, underline: UInt8 = 0, crtcMode: UInt8, attributes: [UInt8], graphics: [UInt8]
    ) -> VideoParameters {
        VideoParameters(
            columns: columns, rows: 25, characterHeight: height, pageSize: pageSize, sequencer: sequencer,
            miscellaneous: misc,
            crtc: crtc(
                horizontal, timing.total, maximum, cursor: cursor, timing.vertical,
                offset: offset ?? columns / 2, underline: underline, timing.blanking, mode: crtcMode),
            attributes: attributes, graphics: graphics)
    }

    private static let text40 = mode(
        columns: 40, pageSize: 0x0800, sequencer: [0x0B, 3, 0, 3], misc: 0x23, [0x37, 0x27, 0x2D, 0x37, 0x31, 0x15],
        lines200, maximum: 7, cursor: [6, 7], underline: 8, crtcMode: 0xA3,
        attributes: Part.palette16 + [8, 0, 0x0F, 0], graphics: Part.graphics(0x10, 0x0E, careAbout: 0))
    private static let text80 = mode(
        columns: 80, pageSize: 0x1000, sequencer: [0x01, 3, 0, 3], misc: 0x23, [0x70, 0x4F, 0x5C, 0x2F, 0x5F, 0x07],
        lines200, maximum: 7, cursor: [6, 7], underline: 8, crtcMode: 0xA3,
        attributes: Part.palette16 + [8, 0, 0x0F, 0], graphics: Part.graphics(0x10, 0x0E, careAbout: 0))
    private static let text40High = mode(
        columns: 40, height: 14, pageSize: 0x0800, sequencer: [0x0B, 3, 0, 3], misc: 0xA7,
        [0x2D, 0x27, 0x2B, 0x2D, 0x28, 0x6D], lines350, maximum: 0x0D, cursor: [6, 7], underline: 0x0F,
        crtcMode: 0xA3, attributes: Part.palette64 + [8, 0, 0x0F, 0],
        graphics: Part.graphics(0x10, 0x0E, careAbout: 0))
    private static let text80High = mode(
        columns: 80, height: 14, pageSize: 0x1000, sequencer: [0x01, 3, 0, 3], misc: 0xA7,
        [0x5B, 0x4F, 0x53, 0x37, 0x51, 0x5B], lines350, maximum: 0x0D, cursor: [6, 7], underline: 0x0F,
        crtcMode: 0xA3, attributes: Part.palette64 + [8, 0, 0x0F, 0],
        graphics: Part.graphics(0x10, 0x0E, careAbout: 0))
    private static let mode4 = mode(
        columns: 40, pageSize: 0x4000, sequencer: [0x0B, 3, 0, 2], misc: 0x23, [0x37, 0x27, 0x2D, 0x37, 0x30, 0x14],
        lines200, maximum: 1, crtcMode: 0xA2, attributes: Part.paletteFour + [1, 0, 3, 0],
        graphics: Part.graphics(0x30, 0x0F, careAbout: 0))
    private static let mode6 = mode(
        columns: 80, pageSize: 0x4000, sequencer: [1, 1, 0, 6], misc: 0x23, [0x70, 0x4F, 0x59, 0x2D, 0x5E, 0x06],
        wide200, maximum: 1, crtcMode: 0xC2, attributes: Part.paletteTwo(0x17) + [1, 0, 1, 0],
        graphics: Part.graphics(0, 0x0D, careAbout: 0))
    private static let mode7 = mode(
        columns: 80, height: 14, pageSize: 0x1000, sequencer: [0, 3, 0, 3], misc: 0xA6,
        [0x60, 0x4F, 0x56, 0x3A, 0x51, 0x60], monochrome, maximum: 0x0D, cursor: [0x0B, 0x0C], underline: 0x0D,
        crtcMode: 0xA3, attributes: Part.paletteMonochrome + [0x0E, 0, 0x0F, 8],
        graphics: Part.graphics(0x10, 0x0A, careAbout: 0))
    private static let modeD = mode(
        columns: 40, pageSize: 0x2000, sequencer: [0x0B, 15, 0, 6], misc: 0x23, [0x37, 0x27, 0x2D, 0x37, 0x30, 0x14],
        lines200, maximum: 0, crtcMode: 0xE3, attributes: Part.palette16 + [1, 0, 0x0F, 0],
        graphics: Part.graphics(0, 5, careAbout: 0x0F))
    private static let modeE = mode(
        columns: 80, pageSize: 0x4000, sequencer: [1, 15, 0, 6], misc: 0x23, [0x70, 0x4F, 0x59, 0x2D, 0x5E, 0x06],
        wide200, maximum: 0, crtcMode: 0xE3, attributes: Part.palette16 + [1, 0, 0x0F, 0],
        graphics: Part.graphics(0, 5, careAbout: 0x0F))
    private static let modeF = mode(
        columns: 80, height: 14, pageSize: 0x8000, sequencer: [1, 15, 0, 6], misc: 0xA2,
        [0x60, 0x4F, 0x56, 0x3A, 0x50, 0x60], monochrome, maximum: 0, underline: 0x0D, crtcMode: 0xE3,
        attributes: Part.paletteMonochromeGraphics + [0x0B, 0, 5, 0], graphics: Part.graphics(0, 5, careAbout: 0x0F))
    private static let mode10 = mode(
        columns: 80, height: 14, pageSize: 0x8000, sequencer: [1, 15, 0, 6], misc: 0xA7,
        [0x5B, 0x4F, 0x53, 0x37, 0x52, 0x00], picture350, maximum: 0, underline: 0x0F, crtcMode: 0xE3,
        attributes: Part.palette64 + [1, 0, 0x0F, 0], graphics: Part.graphics(0, 5, careAbout: 0x0F))

    // With 64 KB: planes 0 and 1, 2 and 3 follow each other.
    private static let modeFSmall = mode(
        columns: 80, height: 14, pageSize: 0x8000, sequencer: [5, 15, 0, 0], misc: 0xA2,
        [0x60, 0x4F, 0x56, 0x1A, 0x50, 0xE0], monochrome, maximum: 0, offset: 20, underline: 0x0D, crtcMode: 0x8B,
        attributes: Part.paletteMonochromeGraphics + [0x0B, 0, 5, 0],
        graphics: Part.graphics(0x10, 7, careAbout: 0x0F))
    private static let mode10Small = mode(
        columns: 80, height: 14, pageSize: 0x8000, sequencer: [5, 15, 0, 0], misc: 0xA7,
        [0x5B, 0x4F, 0x53, 0x17, 0x50, 0xBA], picture350, maximum: 0, offset: 20, underline: 0x0F, crtcMode: 0x8B,
        attributes: Part.paletteFourSmall + [1, 0, 5, 0], graphics: Part.graphics(0x10, 7, careAbout: 0x0F))

    /// The table, 17h entries.
    static let ega: [VideoParameters] =
        [text40, text40, text80, text80, mode4, mode4, mode6, mode7]
        + [VideoParameters](repeating: unused, count: 5) + [modeD, modeE, modeFSmall, mode10Small, modeF, mode10]
        + [text40High, text40High, text80High, text80High]
}
