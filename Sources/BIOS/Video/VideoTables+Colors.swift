/// What the VGA's BIOS loads into the DAC.
extension VideoTables {
    /// Colours for a mode: 64 for most, 248 for 256-colour modes. Six bits of red, green and blue each.
    static func dacColors(mode: UInt8, isHighResolution: Bool) -> [UInt8] {
        switch mode {
        case 0x07, 0x0F: (UInt8(0)..<64).flatMap { monochromeLevel($0) }
        case 0x13: colors256
        case _ where isHighResolution: (UInt8(0)..<64).flatMap { color64($0) }
        default: (UInt8(0)..<64).flatMap { color16($0) }
        }
    }

    /// Bits 3 and 4 are the MDA's video and intensity. Intensity alone is dark.
    ///
    /// Assumption: as DOSBox has it for a plain VGA; that other BIOSes make it 2Ah is known. The DAC of an IBM PS/2 in mode
    /// 7, read back, would tell.
    private static func monochromeLevel(_ index: UInt8) -> [UInt8] {
        [UInt8](repeating: [0x00, 0x2A, 0x00, 0x3F][Int(index >> 3 & 3)], count: 3)
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
