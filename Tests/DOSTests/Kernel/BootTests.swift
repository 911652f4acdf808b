import Core
import Testing
import X86

@testable import DOS

@Suite struct BootTests {
    @Test func firstProgramStandsAtItsEntry() throws {
        let machine = try DOSMachine()
        let psp = machine.psp
        #expect(machine.cpu.codePointer == FarPointer(psp.segment, 0x100))
        #expect(machine.cpu.stackPointer == FarPointer(psp.segment, 0xFFFE))
        #expect(machine.memory.read16(machine.cpu.stackPointer) == 0)
        #expect(machine.memory.readBytes(psp.at(0x100), 2) == [0xCD, 0x20])
        #expect(machine.memory.readBytes(psp.at(0), 2) == [0xCD, 0x20])
        #expect(psp.memoryEnd == 0xA000)
        #expect(machine.cpu.ax == 0)
    }

    @Test func allMemoryBelongsToTheFirstProgram() throws {
        let machine = try DOSMachine()
        #expect(machine.psp.environment == 0)
        let blocks = try machine.kernel.memoryChain(machine.memory).blocks()
        #expect(blocks.allSatisfy { [MemoryChain.system, machine.psp.segment].contains($0.owner) })
    }

    @Test func deviceChainEndsWithTheDrives() throws {
        let machine = try DOSMachine()
        var names: [String] = []
        var header = DOSLayout.listOfLists + 0x22
        for _ in 0..<20 where header.offset != 0xFFFF {
            names.append(String(decoding: machine.memory.readBytes(header + 10, 8), as: UTF8.self))
            header = machine.memory.readPointer(header)
        }
        #expect(header == FarPointer(0xFFFF, 0xFFFF))
        #expect(names.prefix(5) == ["NUL     ", "CON     ", "AUX     ", "PRN     ", "CLOCK$  "])
        #expect(names.count == 13)
    }

    @Test func endOfTheFirstProgramIsTheEnd() throws {
        #expect(try DOSMachine().dos(0x4C07) == .exited(7))
        #expect(try DOSMachine().interrupt(0x20, .int20) == .exited(0))
    }

    @Test func callFiveWorksLikeInterrupt21() throws {
        let machine = try DOSMachine()
        // As CALL 5 leaves the stack: near return, then the far return into the PSP.
        machine.context.push(0x0123)
        machine.context.push(machine.psp.segment)
        machine.context.push(0x000A)
        machine.cpu.cl = 2
        machine.cpu.dl = UInt8(ascii: "x")
        #expect(machine.psp.memory.readPointer(machine.psp.at(6)).offset == 0xFEF0)
        let gate = machine.memory.readPointer(machine.psp.at(6))
        #expect(ServiceROM.range.contains(gate.linear))
        machine.cpu.codePointer = gate
        let result = machine.enter(.callFive)
        #expect(result == .returned)
        #expect(machine.cpu.codePointer == FarPointer(machine.psp.segment, 0x0123))
        #expect(machine.text == "x")
    }

    @Test func unknownFunctionAnswersZeroInAL() throws {
        let machine = try DOSMachine()
        #expect(machine.dos(0xC1FF) == .returned)
        #expect(machine.cpu.ax == 0xC100)
        #expect(machine.kernel.takeNotices().count == 1)
    }
}
