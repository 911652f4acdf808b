import X86

/// Tests in JSON: an array of objects.
///
/// Source: SingleStepTests/8088, /8086 and /80286, README and moo2json.py. The older suites call the position `test_num`,
/// the newer ones `idx`; the records of an 80286 have eight columns, those of the others eleven.
enum JSONTests {
    /// Where each test begins. The whole file is read past once, so that what is broken is known before anything runs.
    static func places(in reader: consuming JSONReader) throws(SuiteError) -> [UInt32] {
        var places: [UInt32] = []
        try reader.array { reader throws(SuiteError) in
            guard places.count < SuiteLimit.tests else { throw reader.error("there are too many tests") }
            places.append(UInt32(reader.nextPlace()))
            try reader.skipValue()
        }
        try reader.end()
        return places
    }

    /// The test at the reader's place; `position` is its number in the file.
    static func test(
        _ reader: inout JSONReader, position: Int, withClocks: Bool
    ) throws(SuiteError) -> CapturedTest {
        var test = CapturedTest()
        test.index = position
        var masks: (initial: UInt16, final: UInt16?) = (0, nil)
        let start = reader.nextPlace()
        try reader.object { reader, key throws(SuiteError) in
            switch key {
            case "name": test.name = try reader.string(limit: SuiteLimit.nameBytes)
            case "idx", "test_num": test.index = try reader.integer(0...Int(UInt32.max))
            case "bytes": test.bytes = try bytes(&reader, limit: SuiteLimit.instructionBytes)
            case "initial": masks.initial = try state(&reader, &test.initial)
            case "final": masks.final = try state(&reader, &test.final)
            case "exception": test.exception = try exception(&reader)
            case "cycles" where withClocks: test.clocks = try clocks(&reader)
            default: try reader.skipValue()
            }
        }
        guard masks.initial == CapturedState.allRegisters, let final = masks.final else {
            throw reader.error("test \(test.index) lacks a state or initial registers", at: start)
        }
        test.complete(finalMask: final)
        return test
    }

    private static func bytes(_ reader: inout JSONReader, limit: Int) throws(SuiteError) -> [UInt8] {
        var bytes: [UInt8] = []
        try reader.array { reader throws(SuiteError) in
            guard bytes.count < limit else { throw reader.error("there are more than \(limit) bytes") }
            bytes.append(UInt8(try reader.integer(0...255)))
        }
        return bytes
    }

    private static func exception(_ reader: inout JSONReader) throws(SuiteError) -> UInt8? {
        var vector: UInt8?
        try reader.object { reader, key throws(SuiteError) in
            if key == "number" { vector = UInt8(try reader.integer(0...255)) } else { try reader.skipValue() }
        }
        return vector
    }

    /// Returns which registers are listed, a bit each.
    private static func state(
        _ reader: inout JSONReader, _ state: inout CapturedState
    ) throws(SuiteError) -> UInt16 {
        var mask: UInt16 = 0
        var found = CapturedState()
        try reader.object { reader, key throws(SuiteError) in
            switch key {
            case "regs":
                try reader.object { reader, name throws(SuiteError) in
                    let place = reader.nextPlace()
                    guard let register = registers[name] else {
                        throw reader.error("there is no register \(name.debugDescription)", at: place)
                    }
                    found.registers[register] = UInt16(try reader.integer(0...0xFFFF))
                    mask |= 1 << UInt16(register)
                }
            case "ram": found.memory = try memory(&reader)
            case "queue": found.queue = try bytes(&reader, limit: SuiteLimit.queueBytes)
            default: try reader.skipValue()
            }
        }
        state = found
        return mask
    }

    private static let registers: [String: Int] = Dictionary(
        uniqueKeysWithValues: CapturedState.Register.allCases.map { ("\($0)", $0.rawValue) })

    private static func memory(_ reader: inout JSONReader) throws(SuiteError) -> [CapturedState.Byte] {
        var memory: [CapturedState.Byte] = []
        try reader.array { reader throws(SuiteError) in
            guard memory.count < SuiteLimit.memoryBytes else { throw reader.error("a test lists too much memory") }
            var pair = (address: 0, value: 0)
            var count = 0
            try reader.array { reader throws(SuiteError) in
                switch count {
                case 0: pair.address = try reader.integer(0...SuiteLimit.address - 1)
                case 1: pair.value = try reader.integer(0...255)
                default: throw reader.error("a byte of memory is an address and a value")
                }
                count += 1
            }
            guard count == 2 else { throw reader.error("a byte of memory is an address and a value") }
            memory.append(CapturedState.Byte(address: UInt32(pair.address), value: UInt8(pair.value)))
        }
        return memory
    }

    // MARK: Clocks

    private static func clocks(_ reader: inout JSONReader) throws(SuiteError) -> ClockList {
        var bytes: [UInt8] = []
        var count = 0
        try reader.array { reader throws(SuiteError) in
            guard count < SuiteLimit.clocks else { throw reader.error("a test lists too many clocks") }
            bytes += try clock(&reader)
            count += 1
        }
        return ClockList(bytes[...])
    }

    /// A column of a clock: a number or a text.
    private enum Column {
        case number(Int)
        case text(String)

        var number: Int? { if case .number(let value) = self { value } else { nil } }
        var text: String? { if case .text(let value) = self { value } else { nil } }
    }

    private static func clock(_ reader: inout JSONReader) throws(SuiteError) -> [UInt8] {
        var columns: [Column] = []
        let start = reader.nextPlace()
        try reader.array { reader throws(SuiteError) in
            guard columns.count < 11 else { throw reader.error("a clock has more than 11 columns") }
            if reader.isString() {
                columns.append(.text(try reader.string(limit: 8)))
            } else {
                columns.append(.number(try reader.integer(0...0xFF_FFFF)))
            }
        }
        let bytes = columns.count == 8 ? record80286(columns) : record8086(columns)
        guard let bytes else { throw reader.error("this is not what a clock looks like", at: start) }
        return bytes
    }

    /// Pins, bus, segment, memory and I/O command, BHE#, data, bus status, T-state, queue operation and byte.
    private static func record8086(_ columns: [Column]) -> [UInt8]? {
        guard columns.count == 11, let pins = columns[0].number, let bus = columns[1].number,
            let segment = columns[2].text.flatMap(segments.firstIndex), let memory = command(columns[3]),
            let port = command(columns[4]), let bhe = columns[5].number, let data = columns[6].number,
            let status = columns[7].text.flatMap(ClockText.statuses8086.firstIndex),
            let state = columns[8].text.flatMap(states8086.firstIndex),
            let operation = columns[9].text.flatMap(operations.firstIndex), let byte = columns[10].number
        else { return nil }
        var record = ClockRecord()
        record.isAddressLatched = pins & 1 != 0
        record.bus = UInt32(truncatingIfNeeded: bus)
        record.segment = UInt8(segment)
        (record.memoryCommand, record.portCommand) = (memory, port)
        record.isBHEHigh = bhe & 1 != 0
        record.data = UInt16(truncatingIfNeeded: data)
        // A wait state is a T3.
        (record.status, record.state) = (UInt8(status), UInt8(min(state, 5) == 5 ? 3 : state))
        record.queueOperation = ClockRecord.QueueOperation(rawValue: UInt8(operation)) ?? .none
        record.queueByte = UInt8(truncatingIfNeeded: byte)
        return ClockList.encode(record, .i8086)
    }

    /// Pins, address, memory and I/O command, data, the bus status as a text and as a number, T-state.
    private static func record80286(_ columns: [Column]) -> [UInt8]? {
        guard let pins = columns[0].number, let bus = columns[1].number, let memory = columns[2].number,
            let port = columns[3].number, let data = columns[4].number, let status = columns[6].number,
            let state = columns[7].text.flatMap(states80286.firstIndex)
        else { return nil }
        var record = ClockRecord()
        record.isAddressLatched = pins & 1 != 0
        (record.isBHEHigh, record.isReadyHigh, record.isLockHigh) = (pins & 2 != 0, pins & 4 != 0, pins & 8 != 0)
        record.bus = UInt32(truncatingIfNeeded: bus)
        record.memoryCommand = .init(rawValue: UInt8(truncatingIfNeeded: memory))
        record.portCommand = .init(rawValue: UInt8(truncatingIfNeeded: port))
        record.data = UInt16(truncatingIfNeeded: data)
        (record.status, record.state) = (UInt8(truncatingIfNeeded: status), UInt8(state))
        return ClockList.encode(record, .i80286)
    }

    static let segments = ["ES", "SS", "CS", "DS", "--"]
    private static let states8086 = ["Ti", "T1", "T2", "T3", "T4", "Tw"]
    private static let states80286 = ["Ti", "Ts", "Tc"]
    private static let operations = ["-", "F", "E", "S"]

    /// Three letters of `RAW` or dashes.
    private static func command(_ column: Column) -> ClockRecord.Command? {
        guard let text = column.text, text.utf8.count == 3 else { return nil }
        var command: ClockRecord.Command = []
        for (letter, bit) in zip(text, [ClockRecord.Command.read, .advancedWrite, .write]) where letter != "-" {
            command.insert(bit)
        }
        return command
    }
}
