/// A file of captured single-instruction tests in the MOO format, version 1.
///
/// Source: SingleStepTests, the MOO format of the 8086 and 80286 suites. Chunks of a 4-letter tag and a length; unknown
/// tags are skipped.
public struct MOOFile: Sendable {
    public let path: String
    /// "8086" or "C286".
    public let processor: String
    public let tests: [MOOTest]

    /// Reads a file, gzip-compressed or plain.
    public init(path: String) throws(SuiteError) {
        try self.init(path: path, bytes: SuiteFile.readCompressed(path))
    }

    /// `bytes` is the decompressed contents; `path` is for messages.
    public init(path: String, bytes: [UInt8]) throws(SuiteError) {
        var reader = MOOReader(path: path, bytes: bytes)
        let header = try reader.chunk()
        guard header.tag == "MOO " else { throw reader.error("a MOO file begins with the chunk MOO") }
        guard header.end - reader.position >= 12 else { throw reader.error("the MOO chunk is too short") }
        let version = try reader.byte()
        guard version == 1 else { throw reader.error("version \(version) is not known") }
        reader.position += 7
        var processor = ""
        for _ in 0..<4 { processor.unicodeScalars.append(Unicode.Scalar(try reader.byte())) }
        self.path = path
        self.processor = processor.trimmed
        reader.position = header.end
        var tests: [MOOTest] = []
        while !reader.isAtEnd {
            let chunk = try reader.chunk()
            if chunk.tag == "TEST" { tests.append(try MOOTest(&reader, end: chunk.end)) }
            reader.position = chunk.end
        }
        self.tests = tests
    }
}

/// One captured test: the state before and after one instruction.
public struct MOOTest: Sendable {
    /// Position in the upstream file.
    public internal(set) var index = 0
    /// Disassembly.
    public internal(set) var name = ""
    public internal(set) var bytes: [UInt8] = []
    public internal(set) var initial = MOOState()
    /// Complete: registers that the file leaves out hold their initial values.
    public internal(set) var final = MOOState()
    /// The vector of the interrupt or exception that ran, if the suite says.
    public internal(set) var exception: UInt8?
    /// The number of recorded clocks.
    public internal(set) var clockCount = 0
    /// The recorded clocks as they stand in the file, 15 bytes each.
    public internal(set) var clockBytes: [UInt8] = []

    init(_ reader: inout MOOReader, end: Int) throws(SuiteError) {
        index = Int(try reader.word32())
        var finalMask: UInt16 = 0
        var hasInitial = false
        var hasFinal = false
        while reader.position < end {
            let chunk = try reader.chunk(within: end)
            switch chunk.tag {
            case "NAME":
                name = String(decoding: try reader.counted(chunk.end), as: UTF8.self)
            case "BYTS": bytes = Array(try reader.counted(chunk.end))
            case "INIT":
                hasInitial = try initial.read(&reader, end: chunk.end) == 0x3FFF
            case "FINA":
                finalMask = try final.read(&reader, end: chunk.end)
                hasFinal = true
            case "EXCP": exception = try reader.byte()
            case "CYCL":
                clockCount = Int(try reader.word32())
                guard clockCount <= (chunk.end - reader.position) / 15 else {
                    throw reader.error("\(clockCount) clocks do not fit in their chunk")
                }
                clockBytes = Array(try reader.raw(clockCount * 15, chunk.end))
            default: break
            }
            reader.position = chunk.end
        }
        guard hasInitial, hasFinal else { throw reader.error("test \(index) lacks a state or initial registers") }
        for register in 0..<MOOState.registerCount where finalMask >> UInt16(register) & 1 == 0 {
            final.registers[register] = initial.registers[register]
        }
    }
}

/// Registers and memory of a test.
public struct MOOState: Sendable {
    /// In the order of the file.
    public enum Register: Int, CaseIterable, Sendable {
        case ax, bx, cx, dx, cs, ss, ds, es, sp, bp, si, di, ip, flags
    }

    public struct Byte: Sendable {
        public let address: UInt32
        public let value: UInt8
    }

    static let registerCount = Register.allCases.count
    public internal(set) var registers = [UInt16](repeating: 0, count: registerCount)
    public internal(set) var memory: [Byte] = []

    public subscript(_ register: Register) -> UInt16 {
        get { registers[register.rawValue] }
        set { registers[register.rawValue] = newValue }
    }

    /// Reads the chunks of a state and returns which registers it lists.
    mutating func read(_ reader: inout MOOReader, end: Int) throws(SuiteError) -> UInt16 {
        var mask: UInt16 = 0
        while reader.position < end {
            let chunk = try reader.chunk(within: end)
            if chunk.tag == "REGS" {
                mask = try reader.word16()
                for register in 0..<MOOState.registerCount where mask >> UInt16(register) & 1 != 0 {
                    registers[register] = try reader.word16()
                }
            } else if chunk.tag == "RAM " {
                let count = Int(try reader.word32())
                guard count <= (chunk.end - reader.position) / 5 else {
                    throw reader.error("\(count) bytes of memory do not fit in their chunk")
                }
                memory.reserveCapacity(count)
                for _ in 0..<count {
                    let address = try reader.word32()
                    guard address < 0x100_0000 else { throw reader.error("address \(address) is beyond 16 MB") }
                    memory.append(Byte(address: address, value: try reader.byte()))
                }
            }
            reader.position = chunk.end
        }
        return mask
    }
}

/// Walks through the chunks of a file; every read is checked.
struct MOOReader {
    let path: String
    private let bytes: [UInt8]
    var position = 0

    init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }

    var isAtEnd: Bool { position >= bytes.count }

    func error(_ reason: String) -> SuiteError { SuiteError(path, offset: position, reason) }

    mutating func byte() throws(SuiteError) -> UInt8 {
        guard position < bytes.count else { throw error("the file ends early") }
        defer { position += 1 }
        return bytes[position]
    }

    mutating func word16() throws(SuiteError) -> UInt16 {
        let low = try byte()
        return UInt16(low) | UInt16(try byte()) << 8
    }

    mutating func word32() throws(SuiteError) -> UInt32 {
        let low = try word16()
        return UInt32(low) | UInt32(try word16()) << 16
    }

    /// A chunk's tag and where it ends; the position is at its contents.
    mutating func chunk(within limit: Int? = nil) throws(SuiteError) -> (tag: String, end: Int) {
        let start = position
        var tag = ""
        for _ in 0..<4 { tag.unicodeScalars.append(Unicode.Scalar(try byte())) }
        let length = Int(try word32())
        guard length <= (limit ?? bytes.count) - position else {
            position = start
            throw error("a chunk of \(length) bytes does not fit")
        }
        return (tag, position + length)
    }

    /// `count` bytes, up to `end`.
    mutating func raw(_ count: Int, _ end: Int) throws(SuiteError) -> ArraySlice<UInt8> {
        guard count <= end - position else { throw error("\(count) bytes do not fit in their chunk") }
        defer { position += count }
        return bytes[position..<position + count]
    }

    /// Bytes behind their count, up to `end`.
    mutating func counted(_ end: Int) throws(SuiteError) -> ArraySlice<UInt8> {
        let count = Int(try word32())
        guard count <= end - position else { throw error("\(count) bytes do not fit in their chunk") }
        defer { position += count }
        return bytes[position..<position + count]
    }
}

extension String {
    /// Without spaces and NULs at the end.
    var trimmed: String {
        var text = self
        while let last = text.unicodeScalars.last, last == " " || last == "\0" { text.unicodeScalars.removeLast() }
        return text
    }
}
