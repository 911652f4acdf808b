/// Register values and tables of the old adapters, and what the VGA's BIOS says about itself.
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
        /// Register 1 of the PCjr: the bits of a pixel that reach the palette.
        static let paletteMask: [UInt8] = [0x0F, 0x0F, 0x0F, 0x0F, 0x03, 0x03, 0x01, 0x0F, 0x0F, 0x0F, 0x03]
        /// Two colours of the PCjr, sets 0 and 1, and four colours, sets 0 and 1. Modes begin with set 0 and with set 1.
        static let twoColors: [[UInt8]] = [[0, 15, 0, 0], [15, 0, 0, 0]]
        static let fourColors: [[UInt8]] = [[0, 2, 4, 6], [0, 3, 5, 15]]
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
    }

    /// The static functionality table of INT 10h AH=1Bh: what this BIOS does on a VGA.
    static let functionality: [UInt8] = [
        // Modes 0 to 7, 0Dh to 13h.
        0b1111_1111, 0b1110_0000, 0b0000_1111, 0, 0, 0, 0,
        // 200, 350 and 400 lines; 2 character blocks active, of 8.
        0b0000_0111, 2, 8,
        // All modes on any display, gray summing, font loading, default palette, cursor emulation, palettes, DAC, its pages.
        0b1111_1111,
        // Save and restore state, blinking, display combination code.
        0b0000_1110,
        // All parts of the save pointer tables.
        0, 0, 0b0011_1111, 0,
    ]

    /// The combinations of displays that AH=1Ah tells by their place, pairs of codes: 1 MDA, 2 CGA, 4 and 5 EGA in colour and
    /// monochrome, 6 PGC, 7 and 8 VGA in monochrome and colour.
    ///
    /// Source: the ROM of [IBM VGA].
    static let displayCombinations: [[UInt8]] = [
        [0, 0], [0, 1], [0, 2], [2, 1], [0, 4], [4, 1], [0, 5], [2, 5], [0, 6], [1, 6], [5, 6], [0, 8], [1, 8], [0, 7],
        [2, 7], [6, 7],
    ]
    static let colorVGA: UInt8 = 11
}
