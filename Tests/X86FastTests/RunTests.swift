import Core
import Testing
import X86
import X86Fast

/// A memory board that remembers when it was accessed.
private final class Board: MemoryDevice {
    var reads: [Tick] = []
    var writes: [(UInt32, UInt8)] = []
    func readMemory(_ address: UInt32, at now: Tick) -> UInt8 {
        reads.append(now)
        return UInt8(truncatingIfNeeded: address)
    }
    func writeMemory(_ address: UInt32, _ value: UInt8, at now: Tick) { writes.append((address, value)) }
}

@Suite struct RunTests {
    @Test func `a run ends at the first boundary at or behind the deadline`() {
        let t = TestProcessor([0x40, 0x40, 0x40, 0x40, 0xF4])
        t.deadline = Tick(21)
        #expect(t.cpu.run() == .deadline)
        #expect(t.cpu.now == Tick(40))
        #expect(t.r.ax == 2)
        t.deadline = Tick(60)
        #expect(t.cpu.run() == .deadline)
        #expect(t.cpu.now == Tick(60))
        #expect(t.cpu.instructionCount == 3)
    }

    @Test func `many short runs take the same time as one`() {
        let code: [UInt8] = [0xB9, 0x64, 0x00, 0x01, 0x06, 0x10, 0x00, 0xF7, 0xE1, 0xE2, 0xF8, 0xF4]
        for model in ProcessorModel.allCases {
            let whole = TestProcessor(model, code)
            let parts = TestProcessor(model, code)
            #expect(whole.run() == .halted)
            while parts.run(clocks: 7) == .deadline {}
            #expect(whole.cpu.now == parts.cpu.now)
            #expect(whole.r.ax == parts.r.ax)
            #expect(whole.r.flags == parts.r.flags)
        }
    }

    @Test func `a trap stops in the service ROM only`() {
        let t = TestProcessor([])
        let rom = ServiceROM(memory: t.memory)
        t.r.codePointer = rom.installStub(TrapNumber(service: 0x21, entry: 0x07))
        let start = t.r.ip
        #expect(t.run() == .serviceTrap(TrapNumber(service: 0x21, entry: 0x07)))
        #expect(t.r.codePointer == FarPointer(ServiceROM.segment, start + 4))
        // In RAM it is POP CS, which does not stop.
        let u = TestProcessor([0x0F, 0xFF, 0x07, 0x21])
        if case .serviceTrap = u.step() { Issue.record("a trap outside the ROM") }
        #expect(u.r.cs == 0)
    }

    @Test func `a fixed number of clocks replaces the model's`() {
        let t = TestProcessor([0x40, 0xF7, 0xE1, 0x26, 0x8B, 0x07, 0xF4])
        t.cpu.fixedInstructionClocks = 3
        t.run()
        #expect(t.cpu.now == Tick(4 * 3 * 10))
        t.cpu.fixedInstructionClocks = nil
        t.r.ip = 0x0100
        t.state.isHalted = false
        let start = t.cpu.now
        t.step()
        #expect(t.cpu.now == start + Tick(20))
    }

    @Test func `a handler that faults itself ends a run, also with fixed clocks`() {
        let t = TestProcessor(.i80286, [0x0F, 0xFF])
        t.cpu.fixedInstructionClocks = 1
        // The handler of INT 6 is an invalid instruction.
        t.memory.writeBytes(FarPointer(0x5000, 6 * 16), [0x0F, 0xFF])
        t.run(clocks: 10)
        #expect(t.cpu.now >= Tick(100))
        #expect(t.cpu.now < Tick(200))
    }

    @Test func `an 8088 pays for every word, an 8086 for odd ones`() {
        for (model, address, clocks): (ProcessorModel, UInt8, Int64) in [
            (.i8086, 0x10, 14), (.i8086, 0x11, 18), (.i8088, 0x10, 22), (.i80286, 0x10, 5), (.i80286, 0x11, 7),
        ] {
            // MOV AX,[direct] by way of ModRM: 8 clocks and 6 for the address; on an 8088 2 bytes need 8 clocks.
            let t = TestProcessor(model, [0x8B, 0x06, address, 0x00, 0xF4])
            t.step()
            #expect(t.cpu.now == Tick(clocks * 10) + (model == .i8088 ? Tick(20) : .zero))
        }
    }

    @Test func `code that changes itself takes effect at once`() {
        // MOV BYTE [CS:0106h],40h; the NOP behind it becomes INC AX.
        let t = TestProcessor([0x2E, 0xC6, 0x06, 0x06, 0x01, 0x40, 0x90, 0xF4])
        t.run()
        #expect(t.r.ax == 1)
    }

    @Test func `addresses wrap at 1 MB with A20 off and go on with A20 on`() {
        for isOn in [false, true] {
            let t = TestProcessor(.i80286, extendedKilobytes: 64, [0xA0, 0x10, 0x05, 0xF4])
            t.memory.setA20(isOn)
            t.r.ds = 0xFFFF
            t.memory.physical[0x500] = 0x11
            t.memory.physical[0x10_0500] = 0x22
            t.run()
            #expect(t.r.al == (isOn ? 0x22 : 0x11))
        }
    }

    @Test func `device memory is read byte by byte at the time of the instruction`() {
        let t = TestProcessor([0x40, 0xA1, 0x10, 0x00, 0xA3, 0x12, 0x00, 0xF4])
        let board = Board()
        t.memory.route(0x3_0000..<0x3_1000, flags: .device, device: board)
        t.run()
        #expect(t.r.ax == 0x1110)
        #expect(board.reads == [Tick(20), Tick(20)])
        #expect(board.writes.map(\.0) == [0x3_0012, 0x3_0013])
        #expect(board.writes.map(\.1) == [0x10, 0x11])
    }

    @Test func `writes to protected pages are ignored, also by repeated instructions`() {
        let t = TestProcessor([0xC6, 0x06, 0x10, 0x00, 0x55, 0xF3, 0xAA, 0xF4])
        t.memory.route(0x3_0000..<0x3_1000, flags: .writeProtected)
        t.memory.route(0x4_0000..<0x4_1000, flags: .writeProtected)
        (t.r.cx, t.r.ax, t.r.di) = (0x20, 0x77, 0x0FF0)
        t.run()
        #expect(t.memory.physical[0x3_0010] == 0)
        #expect(t.memory.physical[0x4_0FFF] == 0)
        #expect(t.memory.physical[0x4_1000] == 0x77)
    }

    @Test func `the state round trip keeps everything`() {
        let t = TestProcessor(.i80286, [0x40, 0xF4])
        t.cpu.fixedInstructionClocks = 5
        t.run()
        let saver = StateCoder.saving()
        t.cpu.transfer(saver)
        let u = TestProcessor(.i80286, [])
        let loader = StateCoder.loading(saver.bytes)
        u.cpu.transfer(loader)
        u.cpu.stateDidRestore()
        #expect(loader.isComplete)
        let again = StateCoder.saving()
        u.cpu.transfer(again)
        #expect(again.bytes == saver.bytes)
        #expect(u.cpu.now == t.cpu.now)
        #expect(u.cpu.fixedInstructionClocks == 5)
    }
}
