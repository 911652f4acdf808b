import X86

/// One captured test: the state before and after one instruction, and what the pins showed in between.
public struct CapturedTest: Sendable {
    /// Position in the upstream file.
    public internal(set) var index = 0
    /// Disassembly.
    public internal(set) var name = ""
    public internal(set) var bytes: [UInt8] = []
    public internal(set) var initial = CapturedState()
    /// Complete: registers that the file leaves out hold their initial values.
    public internal(set) var final = CapturedState()
    /// The vector of the interrupt or exception that ran, if the suite says.
    public internal(set) var exception: UInt8?
    public internal(set) var clocks = ClockList()

    /// Fills the registers that the final state leaves out.
    mutating func complete(finalMask: UInt16) {
        for register in 0..<CapturedState.registerCount where finalMask >> UInt16(register) & 1 == 0 {
            final.registers[register] = initial.registers[register]
        }
    }
}

/// Registers, memory and prefetch queue of a test.
public struct CapturedState: Sendable {
    /// In the order of the MOO format.
    public enum Register: Int, CaseIterable, Sendable {
        case ax, bx, cx, dx, cs, ss, ds, es, sp, bp, si, di, ip, flags
    }

    /// A byte of memory.
    public struct Byte: Sendable {
        /// Physical, below 16 MB.
        public let address: UInt32
        public let value: UInt8
    }

    static let registerCount = Register.allCases.count
    static let allRegisters: UInt16 = 0x3FFF
    public internal(set) var registers = [UInt16](repeating: 0, count: registerCount)
    public internal(set) var memory: [Byte] = []
    /// The prefetch queue, oldest byte first.
    public internal(set) var queue: [UInt8] = []

    public subscript(_ register: Register) -> UInt16 {
        get { registers[register.rawValue] }
        set { registers[register.rawValue] = newValue }
    }
}

/// The clocks of a test, as the records of the MOO format, which are decoded when somebody looks.
///
/// Source: SingleStepTests, the MOO format, chunk CYCL: pins, address lines, segment, memory and I/O commands, BHE#, data,
/// bus status, T-state, queue operation, queue byte.
public struct ClockList: Sendable {
    static let recordSize = 15
    /// A slice of the file's bytes, or bytes of its own.
    private var bytes: ArraySlice<UInt8>

    public var count: Int { bytes.count / ClockList.recordSize }

    /// `bytes` is a whole number of records.
    init(_ bytes: ArraySlice<UInt8> = []) { self.bytes = bytes }

    /// The same clocks, without keeping the file they came from.
    var detached: ClockList { ClockList(Array(bytes)[...]) }

    /// The record of a clock; `model` says what the pins mean.
    func record(_ clock: Int, _ model: ProcessorModel) -> ClockRecord {
        let at = bytes.startIndex + clock * ClockList.recordSize
        func word(_ offset: Int) -> UInt16 { UInt16(bytes[at + offset]) | UInt16(bytes[at + offset + 1]) << 8 }
        var record = ClockRecord()
        let pins = bytes[at]
        record.isAddressLatched = pins & 1 != 0
        record.bus = UInt32(word(1)) | UInt32(word(3)) << 16
        record.memoryCommand = .init(rawValue: bytes[at + 6])
        record.portCommand = .init(rawValue: bytes[at + 7])
        record.data = word(9)
        record.status = bytes[at + 11]
        record.state = bytes[at + 12]
        if model == .i80286 {
            record.isBHEHigh = pins & 2 != 0
            record.isReadyHigh = pins & 4 != 0
            record.isLockHigh = pins & 8 != 0
        } else {
            record.segment = bytes[at + 5]
            record.isBHEHigh = bytes[at + 8] & 1 != 0
            record.queueOperation = ClockRecord.QueueOperation(rawValue: bytes[at + 13]) ?? .none
            record.queueByte = bytes[at + 14]
        }
        return record
    }

    /// The bytes of `record`: what `record(_:_:)` reads.
    static func encode(_ record: ClockRecord, _ model: ProcessorModel) -> [UInt8] {
        let is286 = model == .i80286
        var pins: UInt8 = record.isAddressLatched ? 1 : 0
        if is286 {
            pins |= (record.isBHEHigh ? 2 : 0) | (record.isReadyHigh ? 4 : 0) | (record.isLockHigh ? 8 : 0)
        }
        func byte(_ value: some BinaryInteger) -> UInt8 { UInt8(truncatingIfNeeded: value) }
        return [
            pins, byte(record.bus), byte(record.bus >> 8), byte(record.bus >> 16), byte(record.bus >> 24),
            record.segment, record.memoryCommand.rawValue, record.portCommand.rawValue,
            !is286 && record.isBHEHigh ? 1 : 0, byte(record.data), byte(record.data >> 8), record.status, record.state,
            record.queueOperation.rawValue, record.queueByte,
        ]
    }
}

/// What no test comes near; a file that exceeds it is a mistake or an attack.
enum SuiteLimit {
    /// Bytes of a file, before and after decompression.
    static let fileSize = 1 << 28
    /// Tests of a file.
    static let tests = 1 << 20
    static let memoryBytes = 0x1_0000
    static let clocks = 1 << 20
    static let instructionBytes = 64
    static let queueBytes = 16
    static let nameBytes = 4_096
    static let address = 0x100_0000
}
