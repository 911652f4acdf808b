import Core
import Storage

/// The character devices of DOS, in the order of their numbers in the state; the chain has an order of its own.
enum CharacterDevice: UInt8, CaseIterable {
    case con, nul, aux, prn, clock, com1, com2, com3, com4, lpt1, lpt2, lpt3

    var name: String {
        switch self {
        case .con: "CON"
        case .nul: "NUL"
        case .aux: "AUX"
        case .prn: "PRN"
        case .clock: "CLOCK$"
        case .com1: "COM1"
        case .com2: "COM2"
        case .com3: "COM3"
        case .com4: "COM4"
        case .lpt1: "LPT1"
        case .lpt2: "LPT2"
        case .lpt3: "LPT3"
        }
    }

    /// The name in eight bytes.
    var paddedName: [UInt8] {
        let bytes = Array(name.utf8)
        return bytes + [UInt8](repeating: 0x20, count: 8 - bytes.count)
    }

    /// The device of this name (upper or lower case, an extension and a colon are ignored), or nil.
    init?(name: some Collection<UInt8>) {
        let end = [UInt8(ascii: "."), UInt8(ascii: ":"), 0x20]
        let upper = name.prefix { !end.contains($0) }.map(ShortName.uppercase)
        guard let device = CharacterDevice.allCases.first(where: { Array($0.name.utf8) == upper }) else { return nil }
        self = device
    }

    /// The device information word (IOCTL 4400h) of an open device.
    /// Source: Ralf Brown's interrupt list, INT 21h AX=4400h, table 01423.
    var deviceInfo: UInt16 {
        switch self {
        case .con: 0x80D3
        case .nul: 0x8084
        case .clock: 0x8088
        case .prn, .lpt1, .lpt2, .lpt3: 0xA0C0
        case .aux, .com1, .com2, .com3, .com4: 0x80C0
        }
    }

    /// The attribute word of the device's header. Source: Ralf Brown's interrupt list, INT 21h AH=52h, table 01647.
    var attributes: UInt16 {
        switch self {
        case .con: 0x8013
        case .nul: 0x8004
        case .clock: 0x8008
        case .prn, .lpt1, .lpt2, .lpt3: 0xA040
        case .aux, .com1, .com2, .com3, .com4: 0x8000
        }
    }

    /// Number of the port for INT 14h, from 0; nil if it is not a serial device.
    var serialPort: UInt16? {
        switch self {
        case .aux, .com1: 0
        case .com2: 1
        case .com3: 2
        case .com4: 3
        default: nil
        }
    }

    /// Number of the printer for INT 17h, from 0; nil if it is not a printer.
    var printerPort: UInt16? {
        switch self {
        case .prn, .lpt1: 0
        case .lpt2: 1
        case .lpt3: 2
        default: nil
        }
    }

    /// The order of the headers behind NUL, as in MS-DOS.
    static let chain: [CharacterDevice] = [
        .con, .aux, .prn, .clock, .com1, .lpt1, .lpt2, .lpt3, .com2, .com3, .com4,
    ]
}

/// What became of a transfer to or from a character device.
enum DeviceTransfer {
    /// So many bytes were transferred.
    case finished(UInt16)
    /// The function returns this result and runs again; `call.progress` holds its place.
    case pending(CallResult)
}
