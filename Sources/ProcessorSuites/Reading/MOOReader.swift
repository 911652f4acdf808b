import X86

/// Walks through the chunks of a file in the MOO format, version 1; every read is checked.
///
/// Source: SingleStepTests, the MOO format of the 8086 and 80286 suites. Chunks of a 4-letter tag and a length; unknown
/// tags are skipped.
struct MOOReader {
    let path: String
    private let bytes: [UInt8]
    var position: Int

    init(path: String, bytes: [UInt8], position: Int = 0) {
        self.path = path
        self.bytes = bytes
        self.position = position
    }

    private func error(_ reason: String) -> SuiteError { SuiteError(path, offset: position, reason) }

    // MARK: File

    /// Reads the file's header and returns its processor.
    mutating func header() throws(SuiteError) -> ProcessorModel {
        guard bytes.starts(with: Array("MOO ".utf8)) else {
            throw error("this is neither the MOO format nor a JSON array of tests")
        }
        let header = try chunk()
        guard header.end - position >= 12 else { throw error("the MOO chunk is too short") }
        let version = try byte()
        guard version == 1 else { throw error("version \(version) of the MOO format is not known") }
        position += 7
        var name = ""
        for _ in 0..<4 { name.unicodeScalars.append(Unicode.Scalar(try byte())) }
        guard let model = ProcessorModel(suiteName: name) else {
            throw error("no processor that Ochenta has is called \(name.trimmed.debugDescription)")
        }
        position = header.end
        return model
    }

    /// The processor, and where each TEST chunk begins.
    consuming func scan() throws(SuiteError) -> (ProcessorModel, [UInt32]) {
        let model = try header()
        var places: [UInt32] = []
        while position < bytes.count {
            let start = position
            let chunk = try chunk()
            if chunk.tag == Tag.test {
                guard places.count < SuiteLimit.tests else { throw error("there are too many tests") }
                places.append(UInt32(start))
            }
            position = chunk.end
        }
        return (model, places)
    }

    // MARK: Tests

    private enum Tag {
        static let test = tag("TEST")
        static let name = tag("NAME")
        static let bytes = tag("BYTS")
        static let initial = tag("INIT")
        static let final = tag("FINA")
        static let exception = tag("EXCP")
        static let cycles = tag("CYCL")
        static let registers = tag("REGS")
        static let memory = tag("RAM ")
        static let queue = tag("QUEU")

        private static func tag(_ text: StaticString) -> UInt32 {
            text.withUTF8Buffer { $0.reversed().reduce(0) { $0 << 8 | UInt32($1) } }
        }
    }

    /// The test whose TEST chunk begins at the position.
    mutating func test(withClocks: Bool) throws(SuiteError) -> CapturedTest {
        let end = try chunk().end
        var test = CapturedTest()
        test.index = Int(try word32())
        var masks: (initial: UInt16, final: UInt16?) = (0, nil)
        while position < end {
            let chunk = try chunk(within: end)
            switch chunk.tag {
            case Tag.name:
                test.name = String(decoding: try counted(chunk.end, limit: SuiteLimit.nameBytes), as: UTF8.self)
            case Tag.bytes: test.bytes = Array(try counted(chunk.end, limit: SuiteLimit.instructionBytes))
            case Tag.initial: masks.initial = try readState(&test.initial, end: chunk.end)
            case Tag.final: masks.final = try readState(&test.final, end: chunk.end)
            case Tag.exception: test.exception = try byte()
            case Tag.cycles:
                if withClocks { test.clocks = try clocks(chunk.end) }
            default: break
            }
            guard position <= chunk.end else { throw error("a chunk is too short for its contents") }
            position = chunk.end
        }
        guard masks.initial & CapturedState.allRegisters == CapturedState.allRegisters, let final = masks.final else {
            throw error("test \(test.index) lacks a state or initial registers")
        }
        test.complete(finalMask: final)
        return test
    }

    /// Reads the chunks of a state and returns which registers it lists.
    private mutating func readState(_ state: inout CapturedState, end: Int) throws(SuiteError) -> UInt16 {
        var mask: UInt16 = 0
        while position < end {
            let chunk = try chunk(within: end)
            switch chunk.tag {
            case Tag.registers:
                mask = try word16()
                for register in 0..<CapturedState.registerCount where mask >> UInt16(register) & 1 != 0 {
                    state.registers[register] = try word16()
                }
            case Tag.memory: state.memory = try memory(chunk.end)
            case Tag.queue: state.queue = Array(try counted(chunk.end, limit: SuiteLimit.queueBytes))
            default: break
            }
            guard position <= chunk.end else { throw error("a chunk is too short for its contents") }
            position = chunk.end
        }
        return mask
    }

    private mutating func memory(_ end: Int) throws(SuiteError) -> [CapturedState.Byte] {
        let count = Int(try word32())
        guard count <= (end - position) / 5, count <= SuiteLimit.memoryBytes else {
            throw error("\(count) bytes of memory do not fit in their chunk or in a test")
        }
        var memory: [CapturedState.Byte] = []
        memory.reserveCapacity(count)
        for _ in 0..<count {
            let address = try word32()
            guard address < SuiteLimit.address else { throw error("address \(address) is beyond 16 MB") }
            memory.append(CapturedState.Byte(address: address, value: try byte()))
        }
        return memory
    }

    private mutating func clocks(_ end: Int) throws(SuiteError) -> ClockList {
        let count = Int(try word32())
        guard count <= (end - position) / ClockList.recordSize, count <= SuiteLimit.clocks else {
            throw error("\(count) clocks do not fit in their chunk or in a test")
        }
        defer { position += count * ClockList.recordSize }
        return ClockList(bytes[position..<position + count * ClockList.recordSize])
    }

    // MARK: Parts

    private mutating func byte() throws(SuiteError) -> UInt8 {
        guard position < bytes.count else { throw error("the file ends early") }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func word16() throws(SuiteError) -> UInt16 {
        let low = try byte()
        return UInt16(low) | UInt16(try byte()) << 8
    }

    private mutating func word32() throws(SuiteError) -> UInt32 {
        let low = try word16()
        return UInt32(low) | UInt32(try word16()) << 16
    }

    /// A chunk's tag and where it ends; the position is at its contents.
    private mutating func chunk(within limit: Int? = nil) throws(SuiteError) -> (tag: UInt32, end: Int) {
        let start = position
        let tag = try word32()
        let length = Int(try word32())
        guard length <= (limit ?? bytes.count) - position else {
            position = start
            throw error("a chunk of \(length) bytes does not fit")
        }
        return (tag, position + length)
    }

    /// Bytes behind their count, up to `end`.
    private mutating func counted(_ end: Int, limit: Int) throws(SuiteError) -> ArraySlice<UInt8> {
        let count = Int(try word32())
        guard count <= end - position, count <= limit else {
            throw error("\(count) bytes do not fit in their chunk or in a test")
        }
        defer { position += count }
        return bytes[position..<position + count]
    }
}
