import Core

extension ShortName {
    /// Eleven blanks: what an entry for a root directory is called.
    public static let blank = ShortName(padded: [UInt8](repeating: UInt8(ascii: " "), count: 11))

    /// Whether a drive can hold a file of this name: upper case, allowed characters only, blanks only as padding, and
    /// not the name of a DOS device.
    public var isStorable: Bool {
        let (name, suffix) = (bytes[0..<8], bytes[8..<11])
        guard name.first != UInt8(ascii: " ") else { return false }
        return ShortName.isPlain(name) && ShortName.isPlain(suffix) && !isDevice
    }

    private static func isPlain(_ part: ArraySlice<UInt8>) -> Bool {
        var isPadding = false
        for byte in part {
            if byte == UInt8(ascii: " ") {
                isPadding = true
            } else if isPadding || !isAllowed(byte) || uppercase(byte) != byte {
                return false
            }
        }
        return true
    }

    /// Whether DOS takes this name for a character device. The extension does not matter: `NUL.TXT` is NUL.
    /// Source: MS-DOS 5 resident devices; EMM386 and HIMEM for the last two.
    public var isDevice: Bool { ShortName.devices.contains(Array(bytes[0..<8])) }

    private static let devices: Set<[UInt8]> = {
        let names = [
            "CON", "PRN", "AUX", "NUL", "CLOCK$", "COM1", "COM2", "COM3", "COM4", "LPT1", "LPT2", "LPT3", "LPT4",
            "EMMXXXX0", "XMSXXXX0",
        ]
        return Set(names.map { Array($0.utf8) + [UInt8](repeating: UInt8(ascii: " "), count: 8 - $0.utf8.count) })
    }()

    /// The letter whose upper case is `byte`, where there is exactly one that every reader would expect; else `byte`.
    /// `uppercase(lowercase(x)) == x` for every byte.
    public static func lowercase(_ byte: UInt8) -> UInt8 {
        switch byte {
        case 0x41...0x5A: byte + 0x20
        case 0x80: 0x87  // C with cedilla
        case 0x8E: 0x84  // A with diaeresis
        case 0x8F: 0x86  // A with ring
        case 0x92: 0x91  // AE
        case 0x99: 0x94  // O with diaeresis
        case 0x9A: 0x81  // U with diaeresis
        case 0xA5: 0xA4  // N with tilde
        default: byte
        }
    }
}
