import Core
import Testing
import X86
import X86Fast

@Suite struct ModelTests {
    @Test func `PUSH SP pushes the new value before the 80286`() {
        for (model, value): (ProcessorModel, UInt16) in [
            (.i8088, 0x00FE), (.i8086, 0x00FE), (.i80186, 0x00FE), (.i80286, 0x0100),
        ] {
            let t = TestProcessor(model, [0x54, 0xF4])
            t.run()
            #expect(t.stack(0) == value)
        }
    }

    @Test func `the top bits of FLAGS tell the 80286 from the others`() {
        for (model, value): (ProcessorModel, UInt16) in [(.i8086, 0xF002), (.i80186, 0xF002), (.i80286, 0x0002)] {
            let t = TestProcessor(model, [0xB8, 0x00, 0x70, 0x50, 0x9D, 0x9C, 0xF4])
            t.run()
            #expect(t.stack(0) == value)
        }
    }

    @Test func `shift counts have 8 bits on an 8086 and 5 on its successors`() {
        for (model, value): (ProcessorModel, UInt16) in [(.i8086, 0), (.i80186, 2), (.i80286, 2)] {
            let t = TestProcessor(model, [0xD3, 0xE0, 0xF4])
            (t.r.ax, t.r.cx) = (1, 33)
            t.run()
            #expect(t.r.ax == value)
        }
    }

    @Test func `a divide error returns behind the instruction before the 80286`() {
        for (model, address): (ProcessorModel, UInt16) in [(.i8086, 0x0102), (.i80286, 0x0100)] {
            let t = TestProcessor(model, [0xF6, 0xF3])
            t.run()
            #expect(t.handler == 0)
            #expect(t.stack(0) == address)
        }
    }

    @Test func `60 to 6F are jumps on an 8086`() {
        let t = TestProcessor(.i8086, [0x65, 0x01, 0x40, 0xF4])
        t.run()
        #expect(t.r.ax == 0)
    }

    @Test(
        arguments: [
            [0x0F, 0xFF], [0x63, 0xC0], [0x64, 0x90], [0x8E, 0xC8], [0xC6, 0xC8], [0x8D, 0xC0], [0xFE, 0xD0],
            [0xFF, 0xF8],
        ] as [[UInt8]])
    func `the successors raise the invalid opcode exception`(code: [UInt8]) {
        for model in [ProcessorModel.i80186, .i80286] {
            let t = TestProcessor(model, code + [0xF4])
            t.run()
            #expect(t.handler == 6)
            #expect(t.stack(0) == 0x0100)
        }
    }

    @Test func `0F is POP CS on an 8086`() {
        let t = TestProcessor(.i8086, [0x0F])
        t.memory.write16(t.r.stackPointer, 0x6000)
        t.memory.write8(FarPointer(0x6000, 0x0101), 0xF4)
        #expect(t.run() == .halted)
        #expect(t.r.cs == 0x6000)
    }

    @Test func `SALC makes AL from the carry`() {
        let t = TestProcessor(.i8086, [0xF9, 0xD6, 0xF4])
        t.run()
        #expect(t.r.al == 0xFF)
    }

    @Test func `an 80286 faults on a word at FFFFh and starts again after the handler`() {
        let t = TestProcessor(.i80286, [0x01, 0x07, 0xF4])
        (t.r.ax, t.r.bx) = (0x1234, 0xFFFF)
        t.run()
        #expect(t.handler == 13)
        #expect(t.stack(0) == 0x0100)
        #expect((t.r.ax, t.r.bx) == (0x1234, 0xFFFF))
    }

    @Test func `an 8086 wraps a word at FFFFh`() {
        let t = TestProcessor(.i8086, [0x89, 0x07, 0xF4])
        (t.r.ax, t.r.bx) = (0x1234, 0xFFFF)
        t.run()
        #expect(t.memory.read8(FarPointer(0x3000, 0xFFFF)) == 0x34)
        #expect(t.memory.read8(FarPointer(0x3000, 0)) == 0x12)
    }

    @Test func `an 80286 refuses an instruction of more than 10 bytes`() {
        let prefixes: [UInt8] = [0x26, 0x26, 0x26, 0x26, 0x26]
        let long = TestProcessor(.i80286, prefixes + [0x81, 0x06, 0, 0, 1, 0, 0xF4])
        long.run()
        #expect(long.handler == 13)
        let fitting = TestProcessor(.i80286, prefixes + [0x83, 0x06, 0, 0, 1, 0xF4])
        fitting.run()
        #expect(fitting.handler == nil)
    }

    @Test func `an 80286 refuses an instruction across the end of the segment`() {
        let t = TestProcessor(.i80286, [])
        t.memory.writeBytes(FarPointer(0x1000, 0xFFFE), [0xB8, 0x34])
        t.memory.writeBytes(FarPointer(0x1000, 0x0000), [0x12, 0xF4])
        t.r.ip = 0xFFFE
        t.run()
        #expect(t.handler == 13)
        #expect(t.stack(0) == 0xFFFE)
    }

    @Test func `an 8086 wraps an instruction at the end of the segment`() {
        let t = TestProcessor(.i8086, [])
        t.memory.writeBytes(FarPointer(0x1000, 0xFFFE), [0xB8, 0x34])
        t.memory.writeBytes(FarPointer(0x1000, 0x0000), [0x12, 0xF4])
        t.r.ip = 0xFFFE
        t.run()
        #expect(t.r.ax == 0x1234)
    }

    @Test func `a fault without room on the stack shuts an 80286 down until reset`() {
        let t = TestProcessor(.i80286, [0x54])
        t.r.sp = 1
        #expect(t.run() == .shutdown)
        #expect(t.run() == .shutdown)
        t.cpu.reset()
        #expect((t.r.cs, t.r.ip) == (0xF000, 0xFFF0))
    }

    @Test func `LMSW notes a request for protected mode and stays in real mode`() {
        let t = TestProcessor(.i80286, [0x0F, 0x01, 0xF0, 0xF4])
        t.r.ax = 1
        t.run()
        #expect(t.state.hasRequestedProtectedMode)
        #expect(t.state.msw & 1 == 0)
    }

    @Test func `LIDT moves the interrupt table, and its limit counts`() {
        let t = TestProcessor(.i80286, [0x0F, 0x01, 0x1E, 0x00, 0x00, 0xCD, 0x03, 0xF4])
        t.memory.writeBytes(FarPointer(0x3000, 0), [0xFF, 0x03, 0x00, 0x00, 0x06, 0x00])
        t.memory.writePointer(FarPointer(0x6000, 0x000C), FarPointer(0x5000, 0x0770))
        t.run()
        #expect(t.handler == 0x77)
    }

    @Test func `without a coprocessor ESC does nothing, or faults when MSW says so`() {
        let plain = TestProcessor(.i80286, [0xD8, 0x07, 0xF4])
        #expect(plain.run() == .halted)
        #expect(plain.handler == nil)
        let emulated = TestProcessor(.i80286, [0xD8, 0x07, 0xF4])
        emulated.state.msw |= 4
        emulated.run()
        #expect(emulated.handler == 7)
    }

    @Test func `ENTER builds a frame with the outer frame pointers, LEAVE removes it`() {
        let t = TestProcessor(.i80186, [0xC8, 0x10, 0x00, 0x02, 0xC9, 0xF4])
        t.r.bp = 0x0200
        t.memory.write16(FarPointer(0x2000, 0x01FE), 0xABCD)
        t.step()
        #expect(t.r.bp == 0x00FE)
        #expect(t.r.sp == 0x00FE - 4 - 0x10)
        #expect(t.memory.read16(FarPointer(0x2000, 0x00FE)) == 0x0200)
        #expect(t.memory.read16(FarPointer(0x2000, 0x00FC)) == 0xABCD)
        #expect(t.memory.read16(FarPointer(0x2000, 0x00FA)) == 0x00FE)
        t.step()
        #expect((t.r.bp, t.r.sp) == (0x0200, 0x0100))
    }
}
