import Foundation
import Testing
import X86

@testable import ProcessorSuites

@Suite struct FileTests {
    /// Tests of both chips with everything that a file can hold.
    static let test286: CapturedTest = {
        var test = SuiteBuilder.moveImmediate()
        test.exception = 13
        test.initial.queue = []
        test.final.queue = []
        test.initial.memory.append(CapturedState.Byte(address: 0x10_0102, value: 0xEF))
        var records = [ClockRecord](repeating: ClockRecord(), count: 3)
        (records[0].isAddressLatched, records[0].bus, records[0].status, records[0].state) = (true, 0x10_0102, 13, 1)
        (records[1].data, records[1].status, records[1].state) = (0xBEEF, 15, 2)
        records[1].memoryCommand = .read
        (records[2].isLockHigh, records[2].isReadyHigh, records[2].status) = (false, true, 11)
        for clock in 0..<3 { records[clock].segment = 3 }
        test.clocks = SuiteBuilder.clocks(records, .i80286)
        return test
    }()

    private func expectSame(_ a: CapturedTest, _ b: CapturedTest, _ model: ProcessorModel) {
        #expect(a.index == b.index && a.name == b.name && a.bytes == b.bytes && a.exception == b.exception)
        for (x, y) in [(a.initial, b.initial), (a.final, b.final)] {
            #expect(x.registers == y.registers && x.queue == y.queue)
            #expect(x.memory.map(\.address) == y.memory.map(\.address))
            #expect(x.memory.map(\.value) == y.memory.map(\.value))
        }
        #expect(a.clocks.count == b.clocks.count)
        for clock in 0..<min(a.clocks.count, b.clocks.count) {
            var (x, y) = (a.clocks.record(clock, model), b.clocks.record(clock, model))
            (x.segment, y.segment) = model == .i80286 ? (0, 0) : (x.segment, y.segment)
            #expect(x == y)
        }
    }

    @Test(arguments: [ProcessorModel.i8086, .i80286])
    func `a test reads the same from MOO and JSON, plain and compressed`(_ model: ProcessorModel) throws {
        let test = model == .i80286 ? Self.test286 : SuiteBuilder.moveImmediate()
        let moo = SuiteBuilder.moo([test, test], model)
        let json = Array(SuiteBuilder.json([test, test], model).utf8)
        let old = Array(SuiteBuilder.json([test, test], model, isOld: true).utf8)
        for contents in [moo, json, old] {
            let unpacked = try SuiteFile.inflate(SuiteBuilder.gzip(contents), "x.gz")
            #expect(unpacked == contents)
            let file = try TestFile(path: "x", bytes: contents)
            #expect(file.count == 2)
            #expect(file.processor == (contents == moo ? model : nil))
            expectSame(try file.test(1), test, model)
            #expect(try file.test(0, withClocks: false).clocks.count == 0)
        }
    }

    @Test func `registers that a final state leaves out keep their values`() throws {
        let file = try TestFile(path: "x", bytes: SuiteBuilder.moo([SuiteBuilder.moveImmediate()]))
        let test = try file.test(0)
        #expect(test.final[.ax] == 0x1234)
        #expect(test.final[.bx] == 0x5678)
        #expect(test.final[.ip] == 0x103)
    }

    @Test func `gzip members one behind the other are one file`() throws {
        let file = try SuiteFile.inflate(SuiteBuilder.gzip([1, 2]) + SuiteBuilder.gzip([3]), "x")
        #expect(file == [1, 2, 3])
    }

    @Test func `JSON may have blanks, escapes, unknown members and any order`() throws {
        let text = """
            \u{FEFF} [ { "extra" : { "a" : [ 1 , -2.5e3 , null , true , false , "x\\"y" ] } , "idx" : 5,
              "final": {"ram":[],"regs":{"ax":1},"more":[[]]},
              "name":"a\\u00e9\\n\\\\b", "bytes":[144],
              "initial":{"regs":{"ax":0,"bx":0,"cx":0,"dx":0,"cs":0,"ss":0,"ds":0,"es":0,"sp":0,"bp":0,"si":0,"di":0,
                "ip":0,"flags":2},"ram":[[0,144]]} } ]
            """
        let test = try TestFile(path: "x", bytes: Array(text.utf8)).test(0)
        #expect(test.index == 5)
        #expect(test.name == "aé\n\\b")
        #expect(test.final[.ax] == 1)
        #expect(test.final[.flags] == 2)
    }

    @Test(arguments: [
        ("", 0, "the file is empty"),
        ("ZOO", 0, "this is neither the MOO format nor a JSON array of tests"),
        ("[", 1, "the file ends early"),
        ("[{}] x", 5, "something follows the end of the contents"),
        ("[{} {}]", 4, "a comma or ']' is expected here"),
        ("[{\"a\" 1}]", 6, "a colon is missing"),
        ("[{\"a\":\"b]", 9, "the file ends early"),
        ("[nil]", 1, "a value is expected here"),
    ])
    func `a broken file is refused with the place`(_ text: String, _ offset: Int, _ reason: String) {
        let error = #expect(throws: SuiteError.self) { try TestFile(path: "f", bytes: Array(text.utf8)) }
        #expect(error?.description == "f: at byte \(offset): \(reason)")
    }

    @Test(arguments: [
        ("\"idx\":-1", "-1 is not between 0 and 4294967295"), ("\"idx\":1.5", "a whole number is expected here"),
        ("\"idx\":99999999999999999999", "the number is too long"), ("\"bytes\":[256]", "256 is not between 0 and 255"),
        ("\"initial\":{\"regs\":{\"zx\":1}}", "there is no register \"zx\""),
        ("\"initial\":{\"ram\":[[1]]}", "a byte of memory is an address and a value"),
        ("\"initial\":{\"ram\":[[16777216,1]]}", "16777216 is not between 0 and 16777215"),
        ("\"cycles\":[[0,1]]", "this is not what a clock looks like"),
        (
            "\"cycles\":[[0,0,\"XX\",\"---\",\"---\",0,0,\"PASV\",\"T1\",\"-\",0]]",
            "this is not what a clock looks like"
        ),
        ("\"name\":\"x\"", "test 0 lacks a state or initial registers"),
        ("\"name\":7", "a text is expected here"),
    ])
    func `a broken test is refused with the reason`(_ member: String, _ reason: String) throws {
        let file = try TestFile(path: "f", bytes: Array("[{\(member)}]".utf8))
        let error = #expect(throws: SuiteError.self) { try file.test(0) }
        #expect(error?.reason == reason)
        #expect((error?.offset ?? 0) > 0)
    }

    @Test func `deep nesting is refused before the stack is used up`() {
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        let error = #expect(throws: SuiteError.self) { try TestFile(path: "deep", bytes: deep) }
        #expect(error?.reason == "the nesting is deeper than 32")
    }

    @Test func `counts that do not fit are refused before anything is allocated`() throws {
        let huge = SuiteBuilder.word32(0x7FFF_FFFF)
        for (tag, contents) in [
            ("INIT", SuiteBuilder.chunk("RAM ", huge)), ("INIT", SuiteBuilder.chunk("QUEU", huge)), ("CYCL", huge),
            ("NAME", huge), ("BYTS", huge),
        ] {
            let test = SuiteBuilder.chunk("TEST", SuiteBuilder.word32(0) + SuiteBuilder.chunk(tag, contents))
            let file = try TestFile(path: "huge", bytes: SuiteBuilder.header() + test)
            let error = #expect(throws: SuiteError.self) { try file.test(0) }
            #expect(error?.reason.contains("2147483647") == true)
        }
    }

    @Test func `compressed data that end early or are damaged name the place`() {
        let whole = SuiteBuilder.gzip([UInt8](repeating: 5, count: 100))
        let cut = #expect(throws: SuiteError.self) { try SuiteFile.inflate(Array(whole.dropLast(40)), "c.gz") }
        #expect(cut?.description == "c.gz: at byte 83: the compressed data are cut off")
        var damaged = whole
        damaged[whole.count - 6] ^= 1
        let error = #expect(throws: SuiteError.self) { try SuiteFile.inflate(damaged, "d.gz") }
        #expect(error?.reason == "the compressed data are damaged")
    }

    @Test func `an unknown processor or version is refused`() {
        for header in [SuiteBuilder.header("V20 "), SuiteBuilder.chunk("MOO ", [2] + [UInt8](repeating: 0, count: 11))]
        {
            #expect(throws: SuiteError.self) { try TestFile(path: "x", bytes: header) }
        }
    }
}
