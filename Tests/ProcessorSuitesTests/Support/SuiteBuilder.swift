import Foundation
import X86

@testable import ProcessorSuites

/// Makes files of captured tests in every format.
enum SuiteBuilder {
    // MARK: MOO

    static func word16(_ value: UInt16) -> [UInt8] { [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)] }
    static func word32(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
    static func chunk(_ tag: String, _ contents: [UInt8]) -> [UInt8] {
        Array(tag.utf8) + word32(contents.count) + contents
    }
    static func counted(_ bytes: [UInt8]) -> [UInt8] { word32(bytes.count) + bytes }

    static func header(_ processor: String = "8086", count: Int = 1) -> [UInt8] {
        chunk("MOO ", [1, 0, 0, 0] + word32(count) + Array(processor.utf8))
    }

    static func moo(_ tests: [CapturedTest], _ model: ProcessorModel = .i8086) -> [UInt8] {
        header(model == .i80286 ? "C286" : model.name, count: tests.count)
            + tests.flatMap { moo($0, model) }
    }

    static func moo(_ test: CapturedTest, _ model: ProcessorModel) -> [UInt8] {
        let cycles = (0..<test.clocks.count).flatMap { ClockList.encode(test.clocks.record($0, model), model) }
        var parts = word32(test.index) + chunk("NAME", counted(Array(test.name.utf8)))
        parts += chunk("BYTS", counted(test.bytes)) + chunk("GMET", [UInt8](repeating: 7, count: 10))
        parts += chunk("INIT", state(test.initial, mask: 0x3FFF))
        parts += chunk("FINA", state(test.final, mask: changed(test)))
        parts += chunk("CYCL", word32(test.clocks.count) + cycles)
        if let vector = test.exception { parts += chunk("EXCP", [vector, 0, 0, 0, 0]) }
        return chunk("TEST", parts)
    }

    private static func changed(_ test: CapturedTest) -> UInt16 {
        (0..<14).reduce(0) { mask, number in
            test.initial.registers[number] == test.final.registers[number] ? mask : mask | 1 << UInt16(number)
        }
    }

    private static func state(_ state: CapturedState, mask: UInt16) -> [UInt8] {
        let registers = (0..<14).filter { mask >> UInt16($0) & 1 != 0 }.flatMap { word16(state.registers[$0]) }
        let memory = state.memory.flatMap { word32(Int($0.address)) + [$0.value] }
        return chunk("REGS", word16(mask) + registers) + chunk("RAM ", word32(state.memory.count) + memory)
            + chunk("QUEU", counted(state.queue))
    }

    // MARK: JSON

    /// The upstream layout; `isOld` names the position as the older suites do.
    static func json(_ tests: [CapturedTest], _ model: ProcessorModel, isOld: Bool = false) -> String {
        "[\n" + tests.map { json($0, model, isOld: isOld) }.joined(separator: ",\n") + "\n]\n"
    }

    private static func json(_ test: CapturedTest, _ model: ProcessorModel, isOld: Bool) -> String {
        var members = [
            "\"name\": \"\(test.name)\"", "\"bytes\": \(test.bytes)",
            "\"initial\": \(json(test.initial, mask: 0x3FFF))", "\"final\": \(json(test.final, mask: changed(test)))",
        ]
        let clocks = (0..<test.clocks.count).map { json(test.clocks.record($0, model), model) }
        members.append("\"cycles\": [\n  \(clocks.joined(separator: ",\n  "))\n]")
        if let vector = test.exception { members.append("\"exception\": {\"number\": \(vector), \"flag_address\": 4}") }
        members += [
            "\"\(isOld ? "test_hash" : "hash")\": \"0538\"", "\"\(isOld ? "test_num" : "idx")\": \(test.index)",
        ]
        return "{" + members.joined(separator: ", ") + "}"
    }

    private static func json(_ state: CapturedState, mask: UInt16) -> String {
        let registers = CapturedState.Register.allCases.filter { mask >> UInt16($0.rawValue) & 1 != 0 }
            .map { "\"\($0)\": \(state[$0])" }
        let memory = state.memory.map { "[\($0.address), \($0.value)]" }
        return "{\"regs\": {\(registers.joined(separator: ", "))}, \"ram\": [\(memory.joined(separator: ", "))], "
            + "\"queue\": \(state.queue)}"
    }

    private static func json(_ record: ClockRecord, _ model: ProcessorModel) -> String {
        let status = ClockText.status(record, model).rawValue
        let ale = record.isAddressLatched ? 1 : 0
        if model == .i80286 {
            let pins = ale | (record.isBHEHigh ? 2 : 0) | (record.isReadyHigh ? 4 : 0) | (record.isLockHigh ? 8 : 0)
            let state = ["Ti", "Ts", "Tc"][Int(record.state)]
            return "[\(pins), \(record.bus), \(record.memoryCommand.rawValue), \(record.portCommand.rawValue), "
                + "\(record.data), \"\(status)\", \(record.status), \"\(state)\"]"
        }
        func letters(_ command: ClockRecord.Command) -> String {
            (command.contains(.read) ? "R" : "-") + (command.contains(.advancedWrite) ? "A" : "-")
                + (command.contains(.write) ? "W" : "-")
        }
        let segment = ["ES", "SS", "CS", "DS", "--"][Int(record.segment)]
        let state = ["Ti", "T1", "T2", "T3", "T4"][Int(record.state)]
        let operation = ["-", "F", "E", "S"][Int(record.queueOperation.rawValue)]
        return "[\(ale), \(record.bus), \"\(segment)\", \"\(letters(record.memoryCommand))\", "
            + "\"\(letters(record.portCommand))\", \(record.isBHEHigh ? 1 : 0), \(record.data), \"\(status)\", "
            + "\"\(state)\", \"\(operation)\", \(record.queueByte)]"
    }

    // MARK: gzip

    /// A gzip file with the contents in stored blocks (RFC 1951, 3.2.4).
    static func gzip(_ contents: [UInt8]) -> [UInt8] {
        var file: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
        var rest = contents[...]
        repeat {
            let block = rest.prefix(0xFFFF)
            rest = rest.dropFirst(block.count)
            let count = UInt16(block.count)
            file += [rest.isEmpty ? 1 : 0] + word16(count) + word16(~count) + block
        } while !rest.isEmpty
        return file + word32(Int(crc32(contents))) + word32(contents.count)
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { crc, byte in
            (0..<8).reduce(crc ^ UInt32(byte)) { crc, _ in crc & 1 != 0 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
        }
    }

    // MARK: Tests

    /// MOV AX,1234h at 0:100h, with the clocks of a full queue.
    static func moveImmediate() -> CapturedTest {
        var test = CapturedTest()
        test.index = 77
        test.name = "mov ax, 1234h"
        test.bytes = [0xB8, 0x34, 0x12]
        test.initial[.ip] = 0x100
        test.initial[.sp] = 0x80
        test.initial[.bx] = 0x5678
        test.initial[.flags] = 0xF002
        test.initial.queue = [0xB8, 0x34, 0x12, 0x90, 0x90, 0x90]
        test.initial.memory = test.initial.queue.enumerated().map {
            CapturedState.Byte(address: UInt32(0x100 + $0.offset), value: $0.element)
        }
        test.final = test.initial
        test.final[.ax] = 0x1234
        test.final[.ip] = 0x103
        test.final.queue = [0x90, 0x90]
        test.clocks = clocks(moveRecords)
        return test
    }

    static func clocks(_ records: [ClockRecord], _ model: ProcessorModel = .i8086) -> ClockList {
        ClockList(records.flatMap { ClockList.encode($0, model) }[...])
    }

    /// First byte, two more bytes, and a code fetch that has begun.
    static let moveRecords: [ClockRecord] = {
        var records = [ClockRecord](repeating: ClockRecord(), count: 6)
        for (clock, byte, operation) in [
            (0, 0xB8, ClockRecord.QueueOperation.firstByte), (1, 0x34, .subsequentByte), (2, 0x12, .subsequentByte),
        ] {
            records[clock].queueOperation = operation
            records[clock].queueByte = UInt8(byte)
        }
        records[3].isAddressLatched = true
        records[3].bus = 0x106
        records[3].isBHEHigh = false
        for clock in 3..<6 {
            records[clock].state = UInt8(clock - 2)
            records[clock].status = clock < 5 ? 6 : 7
            if clock > 3 { records[clock].segment = 2 }
            if clock > 3 { records[clock].memoryCommand = .read }
        }
        records[5].data = 0x9090
        return records
    }()
}

/// A directory that is removed when the test is over.
final class TestDirectory {
    let path: String

    init() throws {
        // Letters only: a name with 8086 in it would say which processor the tests are of.
        let name = String((0..<24).map { _ in Character(UnicodeScalar(UInt8.random(in: 0x61...0x7A))) })
        let url = FileManager.default.temporaryDirectory.appending(path: "ochenta-suites-\(name)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        path = url.path
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult func write(_ name: String, _ bytes: [UInt8]) throws -> String {
        let url = URL(filePath: path).appending(path: name)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: url)
        return url.path
    }

    @discardableResult func write(_ name: String, _ text: String) throws -> String {
        try write(name, Array(text.utf8))
    }
}
