import Core
import Testing
import X86
import X86Exact

@Suite struct InterruptTests8086 {
    static let interruptOn: UInt16 = 0x0200
    static let trapOn: UInt16 = 0x0100

    @Test func `an interrupt is acknowledged by two cycles, the second of which brings the vector`() {
        for model in BusTests8086.models {
            let m = ExactTestMachine8086(model, [0x90, 0x90, 0xF4])
            m.r.flags |= Self.interruptOn
            m.state.isInterruptRequested = true
            let records = m.traced()
            #expect(m.handler == 0x20)
            #expect(m.stack(0) == 0x0100)
            #expect(m.stack(1) == 0x1000)
            #expect(m.stack(2) & Self.interruptOn != 0)
            #expect(m.r.flags & (Self.interruptOn | Self.trapOn) == 0)
            let starts = records.indices.filter {
                records[$0].isAddressLatched && records[$0].status == BusStatus8086.acknowledge
            }
            #expect(starts.count == 2)
            // An 8086 leaves the bus idle in between, an 8088 does not.
            #expect(starts.count == 2 && (starts[1] - starts[0] == 4) == (model == .i8088))
            #expect(m.acknowledgements == [Tick(Int64((starts.last ?? 0) + 3) * ExactTestMachine8086.period)])
            // The vector is read before anything is pushed.
            let read = records.start(of: BusStatus8086.readMemory) ?? 0
            let write = records.start(of: BusStatus8086.writeMemory) ?? 0
            #expect((starts.last ?? 0) < read && read < write)
            #expect(records[read].bus == 0x80)
        }
    }

    @Test func `HLT shows HALT for one clock and leaves the bus alone`() {
        for model in BusTests8086.models {
            let m = ExactTestMachine8086(model, [0xF4])
            let records = m.traced()
            #expect(m.state.isHalted)
            #expect(records.cycles(BusStatus8086.halt).count == 1)
            let halt = records.start(of: BusStatus8086.halt) ?? 0
            #expect(!records[halt...].contains { $0.status != 7 && $0.status != BusStatus8086.halt })
            #expect(m.run() == .halted)
        }
    }

    @Test func `HLT does not move time and is ended by a request`() {
        let m = ExactTestMachine8086([0xFB, 0xF4, 0x40])
        #expect(m.run() == .halted)
        let before = m.cpu.now
        #expect(m.run() == .halted)
        #expect(m.cpu.now == before)
        m.cpu.skip(to: before + Tick(5_000))
        #expect(m.cpu.now == before + Tick(5_000))
        m.cpu.skip(to: before)
        #expect(m.cpu.now == before + Tick(5_000))
        m.cpu.skip(to: before + Tick(5_003))
        #expect(m.cpu.now == before + Tick(5_010))
        m.state.isInterruptRequested = true
        m.run()
        #expect(m.handler == 0x20)
        #expect(m.stack(0) == 0x0102)
    }

    @Test func `NMI comes through with IF clear and ends HLT`() {
        let m = ExactTestMachine8086([0xF4])
        #expect(m.run() == .halted)
        m.state.isNMIPending = true
        #expect(m.run() == .halted)
        #expect(m.handler == 2)
        #expect(m.stack(0) == 0x0101)
        #expect(m.acknowledgements.isEmpty)
    }

    @Test func `STI holds a waiting request back for one instruction`() {
        let m = ExactTestMachine8086([0xFB, 0x40, 0x40, 0xF4])
        m.state.isInterruptRequested = true
        m.run()
        #expect(m.handler == 0x20)
        #expect(m.stack(0) == 0x0102)
        #expect(m.r.ax == 1)
    }

    @Test func `MOV SS holds interrupts, NMI and trap back for one instruction`() {
        let m = ExactTestMachine8086([0x8E, 0xD3, 0x40, 0x40, 0xF4])
        m.r.bx = 0x2000
        m.r.flags |= Self.interruptOn
        m.step()
        #expect(m.state.isShadowed)
        m.state.isInterruptRequested = true
        m.state.isNMIPending = true
        m.step()
        #expect(m.r.ax == 1)
        m.run()
        #expect(m.r.ax == 1)
        #expect(m.handler == 2)
    }

    @Test func `POPF that sets IF: the request waits for the opcode that has been taken already`() {
        let m = ExactTestMachine8086([0x9D, 0x40, 0x40, 0xF4])
        m.state.isInterruptRequested = true
        m.memory.write16(m.r.stackPointer, Self.interruptOn)
        m.run()
        #expect(m.stack(0) == 0x0102)
        #expect(m.r.ax == 1)
    }

    @Test func `the trap comes after the instruction that began with TF set`() {
        let m = ExactTestMachine8086([0x9D, 0x40, 0x40, 0xF4])
        m.memory.write16(m.r.stackPointer, Self.trapOn)
        m.run()
        #expect(m.handler == 1)
        #expect(m.stack(0) == 0x0102)
        #expect(m.r.ax == 1)
        #expect(m.r.flags & Self.trapOn == 0)
    }

    @Test func `a software interrupt is not traced into`() {
        let m = ExactTestMachine8086([0xCD, 0x30, 0x40])
        m.r.flags |= Self.trapOn
        m.run()
        #expect(m.handler == 0x30)
    }

    @Test func `each repeat of a string instruction is trapped`() {
        let m = ExactTestMachine8086([0xF3, 0xAA, 0xF4])
        m.r.flags |= Self.trapOn
        m.r.cx = 3
        m.run()
        #expect(m.handler == 1)
        #expect(m.r.cx == 2)
        #expect(m.stack(0) == 0x0100)
    }

    @Test func `the interrupt is entered, then the trap at the handler's first instruction`() {
        let m = ExactTestMachine8086([0x40, 0xF4])
        m.r.flags |= Self.trapOn | Self.interruptOn
        m.step()
        #expect(m.state.isTrapPending)
        m.state.isInterruptRequested = true
        m.run()
        #expect(m.handler == 1)
        #expect(m.stack(0) == 0x0200)
        #expect(m.stack(1) == 0x5000)
        #expect(m.stack(3) == 0x0101)
    }

    @Test func `an interrupted repeat comes back to the last prefix only`() {
        for (code, address): ([UInt8], UInt16) in [
            ([0x26, 0xF3, 0xA4, 0xF4], 0x0101), ([0xF3, 0x26, 0xA4, 0xF4], 0x0101), ([0xF3, 0xA4, 0xF4], 0x0100),
        ] {
            let m = ExactTestMachine8086(code)
            m.r.flags |= Self.interruptOn
            m.r.cx = 5
            m.step()
            #expect(m.state.isRepeating)
            #expect(m.r.ip == 0x0100)
            #expect(m.r.cx == 5)
            m.state.isInterruptRequested = true
            m.run()
            #expect(m.stack(0) == address)
            // One element has been moved.
            #expect(m.r.cx == 4 && m.r.si == 1 && m.r.di == 1)
        }
    }

    @Test func `an interrupt raised by a port access is served behind the instruction`() {
        let m = ExactTestMachine8086([0xE6, 0x20, 0x40, 0xF4])
        m.r.flags |= Self.interruptOn
        m.onAccess = { $0.state.isInterruptRequested = true }
        m.run()
        #expect(m.handler == 0x20)
        #expect(m.stack(0) == 0x0102)
    }

    @Test func `a deadline brought nearer by a port access ends the run`() {
        let m = ExactTestMachine8086([0xE6, 0x20, 0x40, 0x40, 0x40, 0xF4])
        m.onAccess = { $0.deadline = $0.cpu.now }
        #expect(m.run() == .deadline)
        #expect(m.r.ip == 0x0102)
    }
}
