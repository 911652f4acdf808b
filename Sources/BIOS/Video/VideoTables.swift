/// Register values and tables of the text modes.
///
/// Sources: IBM PC Technical Reference, "Color/Graphics Monitor Adapter" and "Monochrome Display Adapter"; IBM PS/2
/// Hardware Interface Technical Reference, "Video subsystem", default register values; RBIL INT 10h, table 00041.
enum VideoTables {
    /// The 6845 registers 0 to 15 of the old adapters.
    struct CRTC6845 {
        static let columns40: [UInt8] = [
            0x38, 0x28, 0x2D, 0x0A, 0x1F, 0x06, 0x19, 0x1C, 0x02, 0x07, 0x06, 0x07, 0, 0, 0, 0,
        ]
        static let columns80: [UInt8] = [
            0x71, 0x50, 0x5A, 0x0A, 0x1F, 0x06, 0x19, 0x1C, 0x02, 0x07, 0x06, 0x07, 0, 0, 0, 0,
        ]
        static let graphics: [UInt8] = [
            0x38, 0x28, 0x2D, 0x0A, 0x7F, 0x06, 0x64, 0x70, 0x02, 0x01, 0x06, 0x07, 0, 0, 0, 0,
        ]
        /// Modes 9 and 0Ah of the PCjr.
        static let fourBanks: [UInt8] = [
            0x71, 0x50, 0x5A, 0x0A, 0x3F, 0x06, 0x32, 0x38, 0x02, 0x03, 0x06, 0x07, 0, 0, 0, 0,
        ]
        static let monochrome: [UInt8] = [
            0x61, 0x50, 0x52, 0x0F, 0x19, 0x06, 0x19, 0x19, 0x02, 0x0D, 0x0B, 0x0C, 0, 0, 0, 0,
        ]
    }

    /// Registers of the gate array of the PCjr and the Tandy 1000 in modes 0 to 0Ah; there is no mode 7.
    enum GateArray {
        /// Register 0 of the PCjr.
        static let control: [UInt8] = [0x0C, 0x08, 0x0D, 0x09, 0x0A, 0x0E, 0x0E, 0x09, 0x1A, 0x1B, 0x0B]
        static let secondPCjr: [UInt8] = [0x02, 0x02, 0x02, 0x02, 0, 0, 0x08, 0x02, 0, 0, 0]
        static let secondTandy: [UInt8] = [0, 0, 0, 0, 0, 0, 0, 0, 0x10, 0x10, 0x08]
        /// Four colours of the PCjr. Assumption: mode 0Ah begins with those of mode 4.
        static let fourColors: [UInt8] = [0, 3, 5, 7]
    }

    /// The mode register (3D8h, 3B8h) of modes 0 to 7.
    static let modeRegisters: [UInt8] = [0x2C, 0x28, 0x2D, 0x29, 0x2A, 0x2E, 0x1E, 0x29]

    /// The table of INT 1Dh: 6845 registers, page sizes, columns, mode registers.
    static let rom6845Parameters: [UInt8] =
        CRTC6845.columns40 + CRTC6845.columns80 + CRTC6845.graphics + CRTC6845.monochrome
        + [0x00, 0x08, 0x00, 0x10, 0x00, 0x40, 0x00, 0x40]
        + [40, 40, 80, 80, 40, 40, 80, 80] + modeRegisters

    /// Scan lines of the VGA's text modes.
    enum VGALines: UInt8 {
        case lines200, lines350, lines400

        var characterHeight: UInt8 {
            switch self {
            case .lines200: 8
            case .lines350: 14
            case .lines400: 16
            }
        }
        var count: Int {
            switch self {
            case .lines200: 200
            case .lines350: 350
            case .lines400: 400
            }
        }
    }

    static let vgaSequencer40: [UInt8] = [0x03, 0x08, 0x03, 0x00, 0x02]
    static let vgaSequencer80: [UInt8] = [0x03, 0x00, 0x03, 0x00, 0x02]
    /// At 200 and 350 lines the characters are 8 dots wide.
    static let vgaEightDots: UInt8 = 0x01

    /// The CRTC registers 0 to 18h. Horizontal timing by columns, vertical timing by lines.
    static func vgaCRTC(columns: UInt8, lines: VGALines, isMonochrome: Bool) -> [UInt8] {
        var horizontal: [UInt8] =
            columns == 40
            ? [0x2D, 0x27, 0x28, 0x90, 0x2B, 0xA0] : [0x5F, 0x4F, 0x50, 0x82, 0x55, 0x81]
        let underline: UInt8
        let vertical: [UInt8]
        let maximum: UInt8
        switch lines {
        case .lines200:
            (maximum, underline) = (0xC7, 0x1F)
            vertical = [0x9C, 0x8E, 0x8F, 0x96, 0xB9]
        case .lines350:
            (maximum, underline) = (0x4D, isMonochrome ? 0x0D : 0x1F)
            vertical = [0x83, 0x85, 0x5D, 0x63, 0xBA]
        case .lines400:
            (maximum, underline) = (0x4F, isMonochrome ? 0x0F : 0x1F)
            vertical = [0x9C, 0x8E, 0x8F, 0x96, 0xB9]
        }
        let height = lines.characterHeight
        horizontal += [0xBF, 0x1F, 0x00, maximum]
        let cursorStart: UInt8 = height == 8 ? 6 : height == 14 ? 0x0B : 0x0D
        horizontal += [cursorStart, cursorStart + 1, 0, 0, 0, 0]
        return horizontal + [vertical[0], vertical[1], vertical[2], columns / 2, underline, vertical[3], vertical[4]]
            + [0xA3, 0xFF]
    }

    /// The miscellaneous output register.
    static func vgaMiscellaneous(lines: VGALines, isMonochrome: Bool) -> UInt8 {
        let color: UInt8 = isMonochrome ? 0 : 1
        return switch lines {
        case .lines200: 0x62 | color
        case .lines350: 0xA2 | color
        case .lines400: 0x66 | color
        }
    }

    static let vgaGraphicsColor: [UInt8] = [0, 0, 0, 0, 0, 0x10, 0x0E, 0x00, 0xFF]
    static let vgaGraphicsMonochrome: [UInt8] = [0, 0, 0, 0, 0, 0x10, 0x0A, 0x00, 0xFF]

    static let vgaAttributeColor: [UInt8] = [
        0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x14, 0x07, 0x38, 0x39, 0x3A, 0x3B, 0x3C, 0x3D, 0x3E, 0x3F,
        0x0C, 0x00, 0x0F, 0x08, 0x00,
    ]
    static let vgaAttributeMonochrome: [UInt8] = [
        0x00, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x08, 0x10, 0x18, 0x18, 0x18, 0x18, 0x18, 0x18, 0x18,
        0x0E, 0x00, 0x0F, 0x08, 0x00,
    ]

    /// Entry `index` (0 to 63) of the DAC in text modes: the EGA's colours, 6 bits of red, green and blue.
    static func vgaColor(_ index: UInt8, isMonochrome: Bool) -> (red: UInt8, green: UInt8, blue: UInt8) {
        if isMonochrome {
            // Bits 3 and 4 of the attribute's colour are the MDA's video and intensity.
            let level: UInt8 = [0x00, 0x2A, 0x15, 0x3F][Int(index >> 3 & 3)]
            return (level, level, level)
        }
        func level(_ low: UInt8, _ high: UInt8) -> UInt8 {
            (index >> high & 1) * 0x2A + (index >> low & 1) * 0x15
        }
        return (level(5, 2), level(4, 1), level(3, 0))
    }

    /// The static functionality table of INT 10h AH=1Bh: what this BIOS does on a VGA.
    static let functionality: [UInt8] = [
        // Modes 0 to 3 and 7; no graphics modes yet.
        0b1000_1111, 0, 0, 0, 0, 0, 0,
        // 200, 350 and 400 lines; 8 character blocks, 2 active.
        0b0000_0111, 8, 2,
        // All modes on any display, gray summing, font loading, default palette, cursor emulation, palette, DAC.
        0b0111_1111,
        // Save and restore state, blinking, display combination code.
        0b0000_1110,
        0, 0, 0, 0,
    ]
}
