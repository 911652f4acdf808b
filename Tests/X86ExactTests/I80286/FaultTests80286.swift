import Core
import Testing
import X86
import X86Exact

/// Exceptions of the 80286 in real mode, and its system instructions.
@Suite struct FaultTests80286 {
    /// The first byte of the faulting instruction is at 0100h.
    private func expectFault(_ code: [UInt8], _ vector: Int, _ prepare: (TestProcessor80286) -> Void = { _ in }) {
        let t = TestProcessor80286(code)
        prepare(t)
        t.run()
        #expect(t.handler == vector)
        #expect(t.stack(0) == 0x0100, "vector \(vector)")
        #expect(t.stack(1) == 0x1000)
    }

    @Test func `faults push the address of the first prefix`() {
        expectFault([0xF6, 0xF1], 0)
        expectFault([0xD4, 0x00], 0)
        expectFault([0x26, 0x62, 0x07], 5) { $0.r.ax = 5 }
        expectFault([0x26, 0x8D, 0xC0], 6)
        expectFault([0x0F, 0x0B], 6)
        expectFault([0xD9, 0x07], 7) { $0.state.msw |= 4 }
        expectFault([0x9B], 7) { $0.state.msw |= 10 }
        expectFault([0xA1, 0xFF, 0xFF], 13)
        expectFault([0x58], 13) { $0.r.sp = 0xFFFF }
        expectFault([0x26, 0x26, 0x26, 0x26, 0x26, 0x26, 0x81, 0x06, 0x00, 0x00, 0x01, 0x00], 13)
    }

    @Test func `an interrupt beyond the table raises vector 8`() {
        let t = TestProcessor80286([0xCD, 0x30])
        t.state.idtLimit = 0x3F
        t.run()
        #expect(t.handler == 8)
    }

    @Test func `a fault without room for its frame shuts the processor down`() {
        let t = TestProcessor80286([0x0F, 0x0B])
        t.r.sp = 1
        #expect(t.run() == .shutdown)
        #expect(t.run() == .shutdown)
        t.cpu.reset()
        #expect(t.r.cs == 0xF000 && t.r.ip == 0xFFF0)
    }

    @Test func `an instruction does not run over the end of its segment`() {
        let t = TestProcessor80286([])
        t.r.ip = 0xFFFE
        t.memory.writeBytes(FarPointer(0x1000, 0xFFFE), [0xB8, 0x34])
        t.run()
        #expect(t.handler == 13)
        #expect(t.stack(0) == 0xFFFE)
    }

    @Test func `the single-step trap follows each instruction`() {
        let t = TestProcessor80286([0x40, 0x40, 0xF4])
        t.r.flags |= Flag.trap
        t.run()
        #expect(t.handler == 1)
        #expect(t.stack(0) == 0x0101)
        #expect(t.r.ax == 1)
    }

    @Test func `MOV SS holds NMI back for one instruction`() {
        let t = TestProcessor80286([0x8E, 0xD0, 0x40, 0x40, 0xF4])
        t.r.ax = 0x2000
        t.state.isNMIPending = false
        t.step()
        t.state.isNMIPending = true
        t.run()
        #expect(t.handler == 2)
        #expect(t.stack(0) == 0x0103)
    }

    @Test func `descriptor tables are stored and loaded`() {
        let t = TestProcessor80286([
            0x0F, 0x01, 0x1E, 0x00, 0x00, 0x0F, 0x01, 0x0E, 0x10, 0x00, 0x0F, 0x01, 0xE0, 0xF4,
        ])
        t.memory.writeBytes(FarPointer(0x3000, 0), [0xFF, 0x01, 0x00, 0x10, 0x02, 0x00])
        t.run()
        #expect(t.state.idtLimit == 0x01FF)
        #expect(t.state.idtBase == 0x02_1000)
        #expect(t.memory.read16(FarPointer(0x3000, 0x10)) == 0x01FF)
        #expect(t.memory.read16(FarPointer(0x3000, 0x14)) == 0xFF02)
        #expect(t.r.ax == 0xFFF0)
    }

    @Test func `LMSW asks for protected mode in vain, CLTS clears TS`() {
        let t = TestProcessor80286([0x0F, 0x01, 0xF0, 0x0F, 0x06, 0xF4])
        t.r.ax = 0x000F
        t.run()
        #expect(t.state.hasRequestedProtectedMode)
        #expect(t.state.msw == 0xFFF6)
    }

    @Test func `LOADALL loads the registers from 800h`() {
        let t = TestProcessor80286([0x0F, 0x05])
        for offset in stride(from: UInt32(0x800), to: 0x866, by: 2) { t.memory.write8(offset, 0) }
        for (address, value) in [
            (0x81A, 0x0210), (0x822, 0x1000), (0x834, 0xABCD), (0x83E, 0x9301), (0x840, 0xFFFF), (0x85E, 0x03FF),
        ]
            as [(UInt32, UInt16)]
        {
            t.memory.write8(address, UInt8(truncatingIfNeeded: value))
            t.memory.write8(address + 1, UInt8(truncatingIfNeeded: value >> 8))
        }
        t.memory.write8(FarPointer(0x1000, 0x0210), 0xF4)
        t.run()
        #expect(t.r.ip == 0x0211)
        #expect(t.r.ax == 0xABCD)
        #expect(t.state.idtLimit == 0x03FF)
    }

    @Test func `a service trap in the ROM ends the run, elsewhere it is invalid`() {
        let t = TestProcessor80286([0x0F, 0xFF, 0x01, 0x02])
        t.run()
        #expect(t.handler == 6)
        let rom = TestProcessor80286([])
        let rawTrap = ServiceROM.trap(TrapNumber(service: 2, entry: 1))
        rom.memory.writeBytes(FarPointer(ServiceROM.segment, 0x0100), rawTrap + [0x40, 0xF4])
        rom.r.codePointer = FarPointer(ServiceROM.segment, 0x0100)
        #expect(rom.run() == .serviceTrap(TrapNumber(service: 2, entry: 1)))
        #expect(rom.r.ip == 0x0104)
        #expect(rom.run() == .halted)
        #expect(rom.r.ax == 1)
    }

    @Test func `a service sees what was written just before its trap`() {
        let t = TestProcessor80286([])
        let trap = ServiceROM.trap(TrapNumber(service: 2, entry: 1))
        t.memory.writeBytes(FarPointer(ServiceROM.segment, 0x0100), [0xA3, 0x01, 0x00] + trap)
        t.r.codePointer = FarPointer(ServiceROM.segment, 0x0100)
        t.r.ax = 0x1234
        #expect(t.run() == .serviceTrap(TrapNumber(service: 2, entry: 1)))
        #expect(t.memory.read16(FarPointer(0x3000, 1)) == 0x1234)
    }
}
