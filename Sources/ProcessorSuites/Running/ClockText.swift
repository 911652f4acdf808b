import Core
import X86

/// The meaning of the pins in a clock record.
enum ClockText {
    /// What the bus does, by the name that the suites use.
    enum Status: String, Sendable {
        case inta = "INTA"
        case ioRead = "IOR"
        case ioWrite = "IOW"
        case memoryRead = "MEMR"
        case memoryWrite = "MEMW"
        case halt = "HALT"
        case code = "CODE"
        case passive = "PASV"

        var isTransfer: Bool { self == .ioRead || self == .ioWrite || self == .memoryRead || self == .memoryWrite }
    }

    /// By number, 8086 and 8088.
    private static let table8086: [Status] = [
        .inta, .ioRead, .ioWrite, .memoryRead, .memoryWrite, .halt, .code, .passive,
    ]
    static let statuses8086 = table8086.map(\.rawValue)

    static func status(_ record: ClockRecord, _ model: ProcessorModel) -> Status {
        guard model == .i80286 else { return table8086[Int(record.status & 7)] }
        switch record.status & 0x0F {
        case 0: return .inta
        case 4: return .halt
        case 5: return .memoryRead
        case 6: return .memoryWrite
        case 9: return .ioRead
        case 10: return .ioWrite
        case 13: return .code
        default: return .passive
        }
    }

    /// The halves of the data bus that take part in a bus cycle.
    enum Lanes: Sendable {
        case none, low, high, both

        /// From the record with the address.
        init(_ record: ClockRecord, _ model: ProcessorModel) {
            let isOdd = record.bus & 1 != 0
            if model == .i8088 {
                self = .low
            } else if record.isBHEHigh {
                self = isOdd ? .none : .low
            } else {
                self = isOdd ? .high : .both
            }
        }

        var mask: UInt16 {
            switch self {
            case .none: 0
            case .low: 0x00FF
            case .high: 0xFF00
            case .both: 0xFFFF
            }
        }
    }

    /// Whether data are valid in this clock.
    static func hasData(_ record: ClockRecord, _ model: ProcessorModel) -> Bool {
        let isLast = record.state == (model == .i80286 ? 2 : 3)
        return isLast && !(record.memoryCommand.isEmpty && record.portCommand.isEmpty)
    }

    // MARK: Texts

    /// The columns' heads, as wide as `columns` makes them.
    static func heading(_ model: ProcessorModel) -> String {
        model == .i80286 ? "T  status address data BHE LOCK" : "T  status seg address data BHE queue"
    }

    /// A record in columns: T-state, status, segment, address, data, BHE#, queue operation or LOCK#.
    static func columns(_ record: ClockRecord, _ lanes: Lanes, _ model: ProcessorModel) -> String {
        let names = model == .i80286 ? ["Ti", "Ts", "Tc"] : ["Ti", "T1", "T2", "T3", "T4"]
        let state = names.indices.contains(Int(record.state)) ? names[Int(record.state)] : "T?"
        let address = record.isAddressLatched ? String(hex(record.bus).suffix(6)) : ""
        let bhe = record.isAddressLatched ? (record.isBHEHigh ? "1" : "0") : ""
        var text = state + " " + pad(status(record, model).rawValue, 6) + " "
        if model != .i80286 {
            text += pad(segment(record), 3) + " "
        }
        text += pad(address, 7) + " " + pad(data(record, lanes, model), 4) + " " + pad(bhe, 3) + " "
        return text + pad(model == .i80286 ? (record.isLockHigh ? "1" : "0") : queue(record), 5)
    }

    private static func segment(_ record: ClockRecord) -> String {
        let names = ["ES", "SS", "CS", "DS"]
        return names.indices.contains(Int(record.segment)) ? names[Int(record.segment)] : ""
    }

    /// The valid digits, dots for the half that floats.
    private static func data(_ record: ClockRecord, _ lanes: Lanes, _ model: ProcessorModel) -> String {
        guard hasData(record, model) else { return "" }
        let digits = hex(record.data)
        switch lanes {
        case .both: return digits
        case .low: return ".." + digits.suffix(2)
        case .high: return digits.prefix(2) + ".."
        case .none: return "...."
        }
    }

    private static func queue(_ record: ClockRecord) -> String {
        switch record.queueOperation {
        case .none: ""
        case .firstByte: "F " + hex(record.queueByte)
        case .subsequentByte: "S " + hex(record.queueByte)
        case .flushed: "E"
        }
    }

    static func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}
