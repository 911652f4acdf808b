import Core
import Testing
import X86
import X86Fast

@Suite struct InterruptTests {
    static let interruptOn: UInt16 = 0x0200
    static let trapOn: UInt16 = 0x0100

    @Test func `a request is served at the next boundary when IF is set`() {
        let t = TestProcessor([0x90, 0x90, 0xF4])
        t.r.flags |= Self.interruptOn
        t.state.isInterruptRequested = true
        #expect(t.run() == .halted)
        #expect(t.handler == 0x20)
        #expect(t.stack(0) == 0x0100)
        #expect(t.stack(1) == 0x1000)
        #expect(t.stack(2) & Self.interruptOn != 0)
        #expect(t.r.flags & (Self.interruptOn | Self.trapOn) == 0)
    }

    @Test func `a request waits while IF is clear`() {
        let t = TestProcessor([0x90, 0xF4])
        t.state.isInterruptRequested = true
        #expect(t.run() == .halted)
        #expect(t.handler == nil)
        #expect(t.r.ip == 0x0102)
    }

    @Test func `an 8086 reads the vector before it pushes, an 80286 after`() {
        for model in [ProcessorModel.i8086, .i8088, .i80286] {
            let t = TestProcessor(model, [0xCD, 0x21])
            // The return address goes where vector 21h is.
            t.r.stackPointer = FarPointer(0, 0x84 + 6)
            t.run(clocks: 1)
            let old = FarPointer(0x5000, 0x21 * 16)
            #expect(t.r.codePointer == (model == .i80286 ? FarPointer(0x1000, 0x0102) : old), "\(model)")
        }
    }

    @Test func `STI holds a waiting request back for one instruction`() {
        let t = TestProcessor([0xFB, 0x40, 0x40, 0xF4])
        t.state.isInterruptRequested = true
        t.run()
        #expect(t.handler == 0x20)
        #expect(t.stack(0) == 0x0102)
        #expect(t.r.ax == 1)
    }

    @Test func `STI and CLI leave no gap`() {
        let t = TestProcessor([0xFB, 0xFA, 0x40, 0xF4])
        t.state.isInterruptRequested = true
        t.run()
        #expect(t.handler == nil)
    }

    @Test func `POPF takes a waiting request at once`() {
        let t = TestProcessor([0x9D, 0x40, 0xF4])
        t.state.isInterruptRequested = true
        t.memory.write16(t.r.stackPointer, Self.interruptOn)
        t.run()
        #expect(t.stack(0) == 0x0101)
        #expect(t.r.ax == 0)
    }

    @Test func `IRET takes a waiting request at once`() {
        let t = TestProcessor([0xCF])
        t.memory.writeBytes(t.r.stackPointer, [0x00, 0x02, 0x00, 0x10, 0x00, 0x02])
        t.memory.writeBytes(FarPointer(0x1000, 0x0200), [0x40, 0xF4])
        t.state.isInterruptRequested = true
        t.run()
        #expect(t.stack(0) == 0x0200)
        #expect(t.r.ax == 0)
    }

    @Test(arguments: [ProcessorModel.i8086, .i80286])
    func `MOV SS holds interrupts, NMI and trap back for one instruction`(model: ProcessorModel) {
        let t = TestProcessor(model, [0x8E, 0xD3, 0x40, 0x40, 0xF4])
        t.r.bx = 0x2000
        t.r.flags |= Self.interruptOn
        t.step()
        #expect(t.state.isShadowed)
        t.state.isInterruptRequested = true
        t.state.isNMIPending = true
        t.step()
        #expect(t.r.ax == 1)
        t.run()
        #expect(t.r.ax == 1)
        #expect(t.handler == 2)
    }

    @Test func `on an 8086 MOV to any segment register casts a shadow, on a 286 MOV SS only`() {
        for (model, isShadowed) in [(ProcessorModel.i8086, true), (.i80286, false)] {
            let t = TestProcessor(model, [0x8E, 0xDB, 0x90])
            t.step()
            #expect(t.state.isShadowed == isShadowed)
        }
    }

    @Test func `a shadow survives saving and loading`() {
        let t = TestProcessor([0x8E, 0xD3, 0x40, 0xF4])
        t.r.bx = 0x2000
        t.step()
        let saver = StateCoder.saving()
        t.cpu.transfer(saver)
        let u = TestProcessor([0x8E, 0xD3, 0x40, 0xF4])
        let loader = StateCoder.loading(saver.bytes)
        u.cpu.transfer(loader)
        #expect(loader.isComplete)
        u.cpu.stateDidRestore()
        u.state.isNMIPending = true
        u.run()
        #expect(u.r.ax == 1)
        #expect(u.handler == 2)
    }

    @Test func `NMI comes through with IF clear and ends HLT`() {
        let t = TestProcessor([0xF4])
        #expect(t.run() == .halted)
        t.state.isNMIPending = true
        #expect(t.run() == .halted)
        #expect(t.handler == 2)
        #expect(t.stack(0) == 0x0101)
    }

    @Test func `HLT does not move time and is ended by a request`() {
        let t = TestProcessor([0xFB, 0xF4, 0x40])
        #expect(t.run() == .halted)
        let before = t.cpu.now
        #expect(t.run() == .halted)
        #expect(t.cpu.now == before)
        t.cpu.skip(to: before + Tick(5_000))
        #expect(t.cpu.now == before + Tick(5_000))
        t.cpu.skip(to: before)
        #expect(t.cpu.now == before + Tick(5_000))
        t.state.isInterruptRequested = true
        t.run()
        #expect(t.handler == 0x20)
        #expect(t.acknowledgements == [before + Tick(5_000)])
    }

    // MARK: Single step

    @Test func `the trap comes after the instruction that began with TF set`() {
        // POPF sets TF; the trap is behind the INC that follows.
        let t = TestProcessor([0x9D, 0x40, 0x40, 0xF4])
        t.memory.write16(t.r.stackPointer, Self.trapOn)
        t.run()
        #expect(t.handler == 1)
        #expect(t.stack(0) == 0x0102)
        #expect(t.r.ax == 1)
        #expect(t.stack(2) & Self.trapOn != 0)
        #expect(t.r.flags & Self.trapOn == 0)
    }

    @Test func `the instruction that clears TF is still trapped`() {
        let t = TestProcessor([0x9D, 0x40, 0xF4])
        t.r.flags |= Self.trapOn
        t.memory.write16(t.r.stackPointer, 0x0002)
        t.run()
        #expect(t.handler == 1)
        #expect(t.stack(0) == 0x0101)
        #expect(t.stack(2) & Self.trapOn == 0)
    }

    @Test func `a software interrupt is not traced into`() {
        let t = TestProcessor([0xCD, 0x30, 0x40])
        t.r.flags |= Self.trapOn
        t.run()
        #expect(t.handler == 0x30)
    }

    @Test func `each repeat of a string instruction is trapped`() {
        let t = TestProcessor([0xF3, 0xAA, 0xF4])
        t.r.flags |= Self.trapOn
        t.r.cx = 3
        t.run()
        #expect(t.handler == 1)
        #expect(t.r.cx == 2)
        #expect(t.stack(0) == 0x0100)
    }

    @Test func `an 8086 enters the interrupt, then traps at the handler's first instruction`() {
        let t = TestProcessor([0x40, 0xF4])
        t.r.flags |= Self.trapOn | Self.interruptOn
        t.step()
        #expect(t.state.isTrapPending)
        t.state.isInterruptRequested = true
        t.run()
        #expect(t.handler == 1)
        #expect(t.stack(0) == 0x0200)
        #expect(t.stack(1) == 0x5000)
        #expect(t.stack(3) == 0x0101)
    }

    @Test func `an 80286 traps first, and the interrupt waits for the handler`() {
        let t = TestProcessor(.i80286, [0x40, 0xF4])
        t.r.flags |= Self.trapOn | Self.interruptOn
        t.step()
        t.state.isInterruptRequested = true
        t.run()
        #expect(t.handler == 1)
        #expect(t.stack(0) == 0x0101)
        #expect(t.acknowledgements.isEmpty)
    }

    // MARK: Ports

    @Test func `an interrupt raised by a port access is served behind the instruction`() {
        let t = TestProcessor([0xE6, 0x20, 0x40, 0xF4])
        t.r.flags |= Self.interruptOn
        t.onAccess = { $0.state.isInterruptRequested = true }
        t.run()
        #expect(t.handler == 0x20)
        #expect(t.stack(0) == 0x0102)
    }

    @Test func `a deadline brought nearer by a port access ends the run`() {
        let t = TestProcessor([0xE6, 0x20, 0x40, 0x40, 0x40, 0xF4])
        t.onAccess = { $0.deadline = $0.cpu.now + Tick(1) }
        #expect(t.run() == .deadline)
        #expect(t.r.ip == 0x0102)
    }

    @Test func `port accesses carry the time at which their instruction began`() {
        // MOV AX,imm 4 clocks; OUT imm 10; IN AL,DX 8, with clocks of 10 ticks.
        let t = TestProcessor([0xB8, 0x34, 0x12, 0xE6, 0x20, 0xEC, 0xE6, 0x21, 0xF4])
        t.run()
        #expect(t.accesses.map(\.time) == [Tick(40), Tick(140), Tick(220)])
        #expect(t.cpu.now == Tick(340))
    }
}
