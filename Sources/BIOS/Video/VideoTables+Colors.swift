/// What the VGA's BIOS loads into the DAC.
extension VideoTables {
    /// Colours for a mode: 64 for most, 248 for 256-colour modes. Six bits of red, green and blue each.
    /// - Parameters:
    ///   - isHighResolution: 350 lines or more.
    ///   - isGray: as grays. Monochrome modes have none but those.
    static func dacColors(mode: UInt8, isHighResolution: Bool, isGray: Bool = false) -> [UInt8] {
        let numbers = UInt8(0)..<64
        switch mode {
        case 0x07, 0x0F: return numbers.flatMap { monochromeLevel($0) }
        case 0x13 where isGray:
            let hues = stride(from: 32 * 3, to: colors256.count, by: 3).flatMap {
                VideoService.gray(colors256[$0..<$0 + 3])
            }
            return grays16.flatMap { [$0, $0, $0] } + colors256[48..<96] + hues
        case 0x13: return colors256
        case _ where isHighResolution:
            return numbers.flatMap { isGray ? [UInt8](repeating: grays64[Int($0)], count: 3) : color64($0) }
        default:
            return numbers.flatMap { number in
                isGray
                    ? [UInt8](repeating: grays16[Int(number & 7 | number >> 1 & 8)], count: 3) : color16(number)
            }
        }
    }

    /// What IBM's BIOS takes for the colours on a monochrome display: not their sums.
    ///
    /// Source: the ROM of [IBM VGA].
    private static let grays16: [UInt8] = [
        0x00, 0x05, 0x11, 0x1C, 0x08, 0x0B, 0x14, 0x28, 0x0E, 0x18, 0x2D, 0x32, 0x20, 0x24, 0x38, 0x3F,
    ]
    private static let grays64: [UInt8] = [
        0x00, 0x05, 0x11, 0x1C, 0x08, 0x0B, 0x25, 0x28, 0x02, 0x07, 0x1B, 0x20, 0x0F, 0x14, 0x28, 0x2C,
        0x0C, 0x11, 0x25, 0x2A, 0x14, 0x1E, 0x32, 0x36, 0x0F, 0x13, 0x27, 0x2C, 0x1B, 0x20, 0x34, 0x39,
        0x06, 0x0B, 0x1F, 0x24, 0x13, 0x18, 0x2C, 0x30, 0x09, 0x0D, 0x21, 0x26, 0x15, 0x1A, 0x2E, 0x33,
        0x13, 0x17, 0x2B, 0x30, 0x1F, 0x24, 0x38, 0x3D, 0x0E, 0x18, 0x2D, 0x32, 0x20, 0x24, 0x38, 0x3F,
    ]

    /// Bits 3 and 4 are the MDA's video and intensity. Either alone is the same.
    ///
    /// Source: the ROM of [IBM VGA].
    private static func monochromeLevel(_ index: UInt8) -> [UInt8] {
        [UInt8](repeating: [0x00, 0x2A, 0x2A, 0x3F][Int(index >> 3 & 3)], count: 3)
    }

    /// The EGA's 64 colours: two bits of each component.
    private static func color64(_ index: UInt8) -> [UInt8] {
        func level(_ low: UInt8, _ high: UInt8) -> UInt8 { (index >> high & 1) * 0x2A + (index >> low & 1) * 0x15 }
        return [level(5, 2), level(4, 1), level(3, 0)]
    }

    /// The CGA's 16 colours, intensity in bit 4; dark yellow is brown.
    private static func color16(_ index: UInt8) -> [UInt8] {
        let bright = index >> 4 & 1
        if bright == 0 && index & 7 == 6 { return [0x2A, 0x15, 0x00] }
        return [2, 1, 0].map { (index >> $0 & 1) * 0x2A + bright * 0x15 }
    }

    /// 16 colours of the CGA, 16 grays, and 24 hues in three strengths and three saturations; the rest is black.
    private static let colors256: [UInt8] = {
        var colors = (UInt8(0)..<16).flatMap { color16($0 & 7 | $0 << 1 & 0x10) }
        for level: UInt8 in [0, 5, 8, 11, 14, 17, 20, 24, 28, 32, 36, 40, 45, 50, 56, 63] {
            colors += [level, level, level]
        }
        // Levels from the lowest to the highest of a hue, five of them.
        let groups: [[UInt8]] = [
            [0, 16, 31, 47, 63], [31, 39, 47, 55, 63], [45, 49, 54, 58, 63],
            [0, 7, 14, 21, 28], [14, 17, 21, 24, 28], [20, 22, 24, 26, 28],
            [0, 4, 8, 12, 16], [8, 10, 12, 14, 16], [11, 12, 13, 15, 16],
        ]
        for levels in groups {
            for hue in 0..<24 {
                // From blue by magenta, red, yellow, green and cyan back to blue: each quarter step moves one component.
                let (side, step) = (hue / 4, hue % 4)
                let (rising, falling) = (levels[step], levels[4 - step])
                let (low, high) = (levels[0], levels[4])
                let color: [UInt8] =
                    switch side {
                    case 0: [rising, low, high]
                    case 1: [high, low, falling]
                    case 2: [high, rising, low]
                    case 3: [falling, high, low]
                    case 4: [low, high, rising]
                    default: [low, falling, high]
                    }
                colors += color
            }
        }
        return colors + [UInt8](repeating: 0, count: 24)
    }()
}
