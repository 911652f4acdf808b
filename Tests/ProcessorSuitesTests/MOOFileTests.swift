import ProcessorSuites
import Testing

@Suite struct MOOFileTests {
    // MARK: Building files

    static func word32(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    static func chunk(_ tag: String, _ contents: [UInt8]) -> [UInt8] {
        Array(tag.utf8) + word32(contents.count) + contents
    }
    static func counted(_ bytes: [UInt8]) -> [UInt8] { word32(bytes.count) + bytes }

    static let header = chunk("MOO ", [1, 0, 0, 0, 1, 0, 0, 0] + Array("8086".utf8))

    /// MOV AX,1234h with AX 0 before; `registers` are those of the file, by number.
    static func state(_ mask: UInt16, _ values: [UInt16], memory: [(Int, UInt8)]) -> [UInt8] {
        let words = ([mask] + values).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        let ram = word32(memory.count) + memory.flatMap { word32($0.0) + [$0.1] }
        return chunk("REGS", words) + chunk("RAM ", ram)
    }

    static func test() -> [UInt8] {
        let before = state(0x3FFF, (0..<14).map { UInt16($0) }, memory: [(0x40C, 0xB8), (0x40D, 0x34)])
        let after = state(0x1001, [0x1234, 15], memory: [])
        return chunk(
            "TEST",
            word32(77) + chunk("NAME", counted(Array("mov ax,1234h".utf8)))
                + chunk("BYTS", counted([0xB8, 0x34, 0x12]))
                + chunk("XYZ ", [1, 2, 3]) + chunk("INIT", before) + chunk("FINA", after) + chunk("CYCL", word32(0)))
    }

    // MARK: Tests

    @Test func `a test is read, and unlisted registers keep their values`() throws {
        let file = try MOOFile(path: "x", bytes: Self.header + Self.test())
        #expect(file.processor == "8086")
        let test = try #require(file.tests.first)
        #expect(test.index == 77)
        #expect(test.name == "mov ax,1234h")
        #expect(test.bytes == [0xB8, 0x34, 0x12])
        #expect(test.final[.ax] == 0x1234)
        #expect(test.final[.ip] == 15)
        #expect(test.final[.flags] == 13)
        #expect(test.initial.memory.map(\.address) == [0x40C, 0x40D])
    }

    @Test func `a file cut off anywhere is an error with its place, never a trap`() {
        let whole = Self.header + Self.test()
        for length in 0..<whole.count where length != Self.header.count {
            let error = #expect(throws: SuiteError.self) { try MOOFile(path: "cut", bytes: Array(whole[..<length])) }
            #expect(error?.path == "cut")
            #expect((error?.offset ?? -1) <= length)
        }
    }

    @Test func `damaged bytes are an error or another test, never a trap`() {
        let whole = Self.header + Self.test()
        for index in whole.indices {
            for value: UInt8 in [0x00, 0x7F, 0xFF] {
                var bytes = whole
                bytes[index] = value
                _ = try? MOOFile(path: "damaged", bytes: bytes)
            }
        }
    }

    @Test func `counts that do not fit are refused before anything is allocated`() {
        let huge = Self.chunk("TEST", Self.word32(0) + Self.chunk("INIT", Self.chunk("RAM ", Self.word32(0x7FFF_FFFF))))
        #expect(throws: SuiteError.self) { try MOOFile(path: "huge", bytes: Self.header + huge) }
    }

    @Test func `a missing suite is an error that names the file`() {
        let run = SuiteRun(directory: "/nowhere", model: .i8086)
        #expect(!run.isAvailable)
        let error = #expect(throws: SuiteError.self) { try run.run() }
        #expect(error?.path == "/nowhere/manifest.tsv")
    }
}
