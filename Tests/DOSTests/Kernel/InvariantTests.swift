import Core
import TestSupport
import Testing
import X86

@testable import DOS

/// A program that makes many calls, well formed but random: after each one DOS must be as DOS is between two calls.
@Suite struct InvariantTests {
    /// Functions that leave the program running and write nowhere but where the test lets them.
    private static let functions: [UInt8] = [
        0x02, 0x06, 0x0B, 0x0D, 0x0E, 0x0F, 0x10, 0x11, 0x12, 0x13, 0x14, 0x15, 0x16, 0x17, 0x19, 0x1A, 0x1B, 0x1C,
        0x1F,
        0x21, 0x22, 0x23, 0x24, 0x27, 0x28, 0x29, 0x2A, 0x2C, 0x2E, 0x2F, 0x30, 0x32, 0x33, 0x34, 0x35, 0x36, 0x37,
        0x38,
        0x39, 0x3A, 0x3B, 0x3C, 0x3D, 0x3E, 0x3F, 0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4A,
        0x4D,
        0x4E, 0x4F, 0x51, 0x52, 0x54, 0x56, 0x57, 0x58, 0x59, 0x5A, 0x5B, 0x5C, 0x60, 0x62, 0x65, 0x66, 0x67, 0x68,
        0x6C,
    ]
    /// Functions that answer in a segment register, and those that answer in SI or DI as well.
    private static let answersInSegments: Set<UInt8> = [
        0x1B, 0x1C, 0x1F, 0x2F, 0x32, 0x34, 0x35, 0x52, 0x59,
    ]
    private static let names = [
        "A.TXT", "B.COM", "NEW.TXT", "D", "D\\X.DAT", "C:\\D\\..\\A.TXT", "*.*", "?.TXT", "NUL", "CON", "", "Q:\\A",
        "..",
        "LONGERTHAN8.TXT", "C:A.TXT", "\\", "NEW.*", "D\\*.*",
    ]

    @Test("after each call InDOS, stack, memory chain, handles and process are in order", arguments: 0..<6)
    func calls(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed &+ 7_000)
        let machine = try DOSMachine(files: ["A.TXT": Array("one\r\ntwo\r\n".utf8), "B.COM": [0xC3]])
        let program = machine.psp.segment
        machine.dos(0x4A00) {
            $0.es = program
            $0.bx = 0x1000
        }
        var blocks: [UInt16] = []
        for step in 0..<600 {
            let function = InvariantTests.functions.randomElement(using: &random) ?? 0x30
            let before = prepare(machine, function, blocks, &random)
            let stop = machine.interrupt(0x21, .int21)
            let what = Comment("seed \(seed), step \(step), AH=\(hex(function)) AL=\(hex(UInt8(before.ax & 0xFF)))")
            if stop == .waiting || stop == .hostInput {
                // It waits for a key: the rest of this sequence would never run.
                machine.type("x\r")
                #expect(machine.resume() == .returned, what)
            } else {
                #expect(stop == .returned, what)
            }
            check(machine, before, function, program, what)
            if !machine.carry, function == 0x48 { blocks.append(machine.cpu.ax) }
            if !machine.carry, function == 0x49 { blocks.removeAll { $0 == before.es } }
        }
    }

    /// Sets registers and memory for one call; returns the registers.
    private func prepare(
        _ machine: DOSMachine, _ function: UInt8, _ blocks: [UInt16], _ random: inout SeededGenerator
    ) -> CallRegisters {
        let cpu = machine.cpu
        let segment = machine.psp.segment
        func place(_ offset: UInt16, _ name: String) { machine.place(name, at: offset) }
        place(0x4000, InvariantTests.names.randomElement(using: &random) ?? "")
        place(0x5000, InvariantTests.names.randomElement(using: &random) ?? "")
        // A file control block at 6000h, with a name that exists or not.
        let fcb = Array((["\u{0}A       TXT", "\u{3}NEW     TXT"].randomElement(using: &random) ?? "\u{0}").utf8)
        if UInt8.random(in: 0..<3, using: &random) == 0 {
            machine.place(fcb + [UInt8](repeating: 0, count: 25), at: 0x6000)
        }
        cpu.ax = UInt16(function) << 8 | UInt16.random(in: 0..<8, using: &random)
        cpu.bx = UInt16.random(in: 0..<24, using: &random)
        cpu.cx = UInt16.random(in: 0..<0x200, using: &random)
        cpu.dx = (0x0F...0x17).contains(function) || (0x21...0x29).contains(function) ? 0x6000 : 0x4000
        (cpu.si, cpu.di, cpu.bp) = (0x4000, 0x5000, UInt16.random(in: 0...0xFFFF, using: &random))
        (cpu.ds, cpu.es) = (segment, segment)
        switch function {
        case 0x1A: cpu.dx = 0x7000
        case 0x27, 0x28: cpu.cx = UInt16.random(in: 0..<4, using: &random)
        case 0x0E, 0x1C, 0x32, 0x36, 0x47: cpu.dx = UInt16.random(in: 0..<28, using: &random)
        case 0x38, 0x65: cpu.dx = 0x5000
        case 0x44: cpu.ax = 0x4400 | UInt16.random(in: 0..<16, using: &random)
        case 0x49, 0x4A: cpu.es = blocks.randomElement(using: &random) ?? 0x0001
        case 0x48: cpu.bx = UInt16.random(in: 0..<0x2000, using: &random)
        case 0x33 where cpu.al == 1: cpu.dl = 0
        case 0x58: cpu.bx = UInt16.random(in: 0..<3, using: &random)
        case 0x56: cpu.es = segment
        default: break
        }
        if function == 0x4A { cpu.bx = UInt16.random(in: 0..<0x2000, using: &random) }
        return CallRegisters(cpu)
    }

    private func check(
        _ machine: DOSMachine, _ before: CallRegisters, _ function: UInt8, _ program: UInt16, _ what: Comment
    ) {
        let memory = machine.memory
        #expect(memory.read8(DOSLayout.inDOS) == 0, what)
        #expect(memory.read8(DOSLayout.criticalErrorFlag) == 0, what)
        #expect(machine.kernel.state.suspended.isEmpty, what)
        #expect(machine.psp.segment == program, what)
        #expect(machine.cpu.bp == before.bp, what)
        if !InvariantTests.answersInSegments.contains(function) {
            #expect(machine.cpu.ds == before.ds, what)
            #expect(machine.cpu.es == before.es, what)
        }
        checkChain(memory, program, what)
        checkHandles(machine, program, what)
    }

    /// The blocks lie one behind the other and fill memory; the program still owns its own.
    private func checkChain(_ memory: GuestMemory, _ program: UInt16, _ what: Comment) {
        let chain = MemoryChain(first: memory.read16(DOSLayout.listOfLists + -2), memory: memory)
        guard let blocks = try? chain.blocks(), let last = blocks.last else {
            Issue.record("the chain is destroyed: \(what)")
            return
        }
        #expect(UInt32(last.header) + 1 + UInt32(last.size) == 0xA000, what)
        #expect(blocks.contains { $0.data == program && $0.owner == program }, what)
    }

    /// Every handle leads to an open entry of the system file table, which counts it.
    private func checkHandles(_ machine: DOSMachine, _ program: UInt16, _ what: Comment) {
        let kernel = machine.kernel
        var uses: [Int: UInt16] = [:]
        let table = machine.psp.handleTable
        for handle in 0..<Int(machine.psp.handleCount) {
            let entry = machine.memory.read8(table + handle)
            if entry != 0xFF { uses[Int(entry), default: 0] += 1 }
        }
        for (entry, count) in uses {
            guard kernel.state.files.indices.contains(entry) else {
                Issue.record("a handle leads to entry \(entry): \(what)")
                continue
            }
            #expect(kernel.state.files[entry].kind != .free, what)
            let references = machine.memory.read16(kernel.sft(entry) + SFTField.references)
            #expect(references >= count, "entry \(entry): \(references) references, \(count) handles; \(what)")
        }
    }
}
