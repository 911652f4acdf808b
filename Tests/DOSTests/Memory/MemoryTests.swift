import Core
import Testing
import X86

@testable import DOS

@Suite struct MemoryTests {
    /// A machine whose first program has given back all but 64 KB.
    private func machine() throws -> DOSMachine {
        let machine = try DOSMachine()
        #expect(
            machine.dos(0x4A00) {
                $0.es = machine.psp.segment; $0.bx = 0x1000
            } == .returned)
        #expect(!machine.carry)
        return machine
    }

    @Test func allocatesFirstFitAndGivesBack() throws {
        let machine = try machine()
        machine.dos(0x4800) { $0.bx = 0x10 }
        #expect(!machine.carry)
        let block = machine.cpu.ax
        #expect(block == machine.psp.segment + 0x1001)
        #expect(machine.memory.read16(FarPointer(block - 1, 1)) == machine.psp.segment)
        machine.dos(0x4900) { $0.es = block }
        #expect(!machine.carry)
        #expect(machine.memory.read16(FarPointer(block - 1, 1)) == 0)
    }

    @Test func tooMuchAnswersTheLargestBlock() throws {
        let machine = try machine()
        machine.dos(0x4800) { $0.bx = 0xFFFF }
        #expect(machine.carry)
        #expect(machine.cpu.ax == 8)
        let largest = machine.cpu.bx
        #expect(UInt32(machine.psp.segment) + 0x1001 + UInt32(largest) == 0xA000)
        machine.dos(0x4800) { $0.bx = largest }
        #expect(!machine.carry)
        machine.dos(0x4800) { $0.bx = 1 }
        #expect(machine.carry)
    }

    @Test func bestAndLastFitChooseTheirBlocks() throws {
        let machine = try machine()
        func allocate(_ size: UInt16) -> UInt16 {
            machine.dos(0x4800) { $0.bx = size }
            return machine.cpu.ax
        }
        let large = allocate(0x100)
        _ = allocate(0x40)
        let small = allocate(0x20)
        _ = allocate(0x40)
        for block in [large, small] { machine.dos(0x4900) { $0.es = block } }
        machine.dos(0x5801) { $0.bx = 1 }
        #expect(allocate(0x1F) == small)
        machine.dos(0x5801) { $0.bx = 2 }
        #expect(allocate(0x10) == 0xA000 - 0x10)
        machine.dos(0x5800)
        #expect(machine.cpu.ax == 2)
        machine.dos(0x5801) { $0.bx = 0 }
        #expect(allocate(0x10) == large)
    }

    @Test func failedGrowthTakesAllThereIs() throws {
        let machine = try machine()
        machine.dos(0x4800) { $0.bx = 0x10 }
        let block = machine.cpu.ax
        machine.dos(0x4800) { $0.bx = 0x10 }
        machine.dos(0x4900) { $0.es = machine.cpu.ax }
        machine.dos(0x4A00) {
            $0.es = block; $0.bx = 0xF000
        }
        #expect(machine.carry)
        #expect(machine.cpu.ax == 8)
        #expect(machine.memory.read16(FarPointer(block - 1, 3)) == machine.cpu.bx)
    }

    @Test func destroyedChainIsError7AndBadBlockError9() throws {
        let machine = try machine()
        machine.dos(0x4900) { $0.es = 0x5000 }
        #expect(machine.carry)
        #expect(machine.cpu.ax == 9)
        machine.dos(0x4A00) {
            $0.es = 0x5000; $0.bx = 1
        }
        #expect(machine.cpu.ax == 7)
        machine.memory.write8(FarPointer(machine.psp.segment + 0x1000, 0), 0x55)
        machine.dos(0x4800) { $0.bx = 1 }
        #expect(machine.carry)
        #expect(machine.cpu.ax == 7)
        machine.dos(0x5900)
        #expect(machine.cpu.ax == 7)
        #expect(machine.cpu.bx == 0x0705)
        #expect(machine.cpu.ch == 5)
    }

    @Test func blocksThatPointBackwardsDoNotLoop() throws {
        let machine = try machine()
        machine.memory.write16(FarPointer(machine.psp.segment - 1, 3), 0xFFF0)
        machine.dos(0x4800) { $0.bx = 1 }
        #expect(machine.cpu.ax == 7)
    }
}
