import Core

/// A mode of the VESA BIOS extension.
///
/// Source: [RBIL] INT 10h AX=4F02h, table 00083 for the numbers.
struct ExtendedMode: Equatable {
    enum Layout: UInt8 {
        /// Values are the memory models of AX=4F01h.
        case text = 0
        case planar = 3
        case packed = 4
    }

    /// As VESA numbers it, 100h and up.
    let number: UInt16
    /// Dots, or characters of a text mode.
    let width: Int
    let height: Int
    let layout: Layout

    static let all = [
        ExtendedMode(number: 0x100, width: 640, height: 400, layout: .packed),
        ExtendedMode(number: 0x101, width: 640, height: 480, layout: .packed),
        ExtendedMode(number: 0x102, width: 800, height: 600, layout: .planar),
        ExtendedMode(number: 0x103, width: 800, height: 600, layout: .packed),
        ExtendedMode(number: 0x104, width: 1_024, height: 768, layout: .planar),
        ExtendedMode(number: 0x105, width: 1_024, height: 768, layout: .packed),
        ExtendedMode(number: 0x108, width: 80, height: 60, layout: .text),
    ]

    /// Memory of the board.
    static let kilobytes = 1_024

    init(number: UInt16, width: Int, height: Int, layout: Layout) {
        (self.number, self.width, self.height, self.layout) = (number, width, height, layout)
    }

    init?(number: UInt16) {
        guard let mode = ExtendedMode.all.first(where: { $0.number == number }) else { return nil }
        self = mode
    }

    /// By what stands in the data area. Nil for other modes. 80 by 60 characters is mode 3 with more rows.
    init?(_ data: BIOSDataArea) {
        let number = data[.videoMode] & 0x7F
        let isText60 = number == 3 && data[.lastRow] == 59
        guard
            let mode = ExtendedMode.all.first(where: {
                $0.layout == .text ? isText60 : $0.dataAreaNumber == number
            })
        else { return nil }
        self = mode
    }

    /// The mode at 0040:0049: 6Ah is VESA's own number of 102h, the others are of this BIOS.
    var dataAreaNumber: UInt8 {
        switch number {
        case 0x102: 0x6A
        case 0x108: 3
        default: UInt8(truncatingIfNeeded: 0x70 + number & 0x0F)
        }
    }

    /// Of a character: graphics have the font of 16 lines.
    var characterHeight: Int { layout == .text ? 8 : 16 }
    var columns: Int { layout == .text ? width : width / 8 }
    var rows: Int { layout == .text ? height : height / characterHeight }

    /// Bytes of a line at first.
    var bytesPerLine: Int {
        switch layout {
        case .text: width * 2
        case .planar: width / 8
        case .packed: width
        }
    }

    /// Pictures beyond the first that fit into memory.
    var furtherPages: UInt8 {
        let memory: Int
        switch layout {
        case .text: memory = 0x8000
        case .planar: memory = ExtendedMode.kilobytes * 256
        case .packed: memory = ExtendedMode.kilobytes * 1_024
        }
        return UInt8(clamping: memory / (bytesPerLine * height) - 1)
    }

    /// The 256 bytes of AX=4F01h. Window A is the only one, of 64 KB in steps of 64 KB.
    ///
    /// Source: [RBIL] INT 10h AX=4F01h, table 00079.
    func information(windowFunction: FarPointer) -> [UInt8] {
        func word(_ value: Int) -> [UInt8] {
            [UInt8(truncatingIfNeeded: value), UInt8(truncatingIfNeeded: value >> 8)]
        }
        // Supported, all fields, text output, colour; graphics.
        let attributes = 0b0_1111 | (layout == .text ? 0 : 0b1_0000)
        let isText = layout == .text
        let window: [UInt8] =
            [0b0111, 0] + (isText ? word(32) + word(32) + word(0xB800) : word(64) + word(64) + word(0xA000))
        let function = word(Int(windowFunction.offset)) + word(Int(windowFunction.segment))
        let geometry = word(bytesPerLine) + word(width) + word(height) + [8, UInt8(characterHeight)]
        let planes: UInt8 = layout == .packed ? 1 : 4
        let bits: UInt8 = layout == .packed ? 8 : 4
        let memory: [UInt8] = [planes, bits, 1, layout.rawValue, 0, furtherPages, 1]
        let bytes = word(attributes) + window + word(0) + (isText ? [0, 0, 0, 0] : function) + geometry + memory
        return bytes + [UInt8](repeating: 0, count: 256 - bytes.count)
    }
}
