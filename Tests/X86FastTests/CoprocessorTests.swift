import Core
import Testing
import X86
import X86Fast

/// A coprocessor that does what the test says.
private final class Double: Coprocessor {
    var takesTime = true
    var transfer = CoprocessorTransfer.none
    var result = CoprocessorResult()
    var end = Tick.zero
    /// What each instruction adds to the time for which it is busy.
    var duration = Tick.zero
    private(set) var instructions: [CoprocessorInstruction] = []
    private(set) var times: [Tick] = []
    private(set) var read: [UInt16] = []
    var written: [UInt16] = []

    func transfer(of code: UInt16) -> CoprocessorTransfer { transfer }
    func waits(_ code: UInt16) -> Bool { code != 0x53E }
    func busyEnd(at now: Tick) -> Tick { end }

    func execute(
        _ instruction: CoprocessorInstruction, operand: inout CoprocessorOperand, at now: Tick
    ) -> CoprocessorResult {
        instructions.append(instruction)
        times.append(now)
        read = (0..<47).map { operand[$0] }
        for (index, word) in written.enumerated() { operand[index] = word }
        if duration > .zero { end = now + duration }
        return result
    }
}

@Suite struct CoprocessorTests {
    private let double = Double()

    private func processor(_ model: ProcessorModel, _ code: [UInt8]) -> TestProcessor {
        TestProcessor(model, coprocessor: double, code)
    }

    @Test(arguments: ProcessorModel.allCases)
    func `an ESC instruction is handed over with its code and addresses`(model: ProcessorModel) {
        double.transfer = .read(8)
        let t = processor(model, [0x26, 0xDC, 0x47, 0x02, 0xF4])
        t.r.bx = 0x0010
        t.memory.writeBytes(FarPointer(0x4000, 0x0012), [1, 2, 3, 4, 5, 6, 7, 8, 9])
        t.run()
        #expect(
            double.instructions == [
                CoprocessorInstruction(
                    code: 0x447, start: FarPointer(0x1000, 0x0100), escape: FarPointer(0x1000, 0x0101),
                    operand: FarPointer(0x4000, 0x0012))
            ])
        #expect(Array(double.read.prefix(5)) == [0x0201, 0x0403, 0x0605, 0x0807, 0])
        #expect(t.r.ip == 0x0105)
    }

    @Test func `ERROR raises vector 16 at WAIT and ESC of an 80286, not at ESC forms that do not wait`() {
        let cases: [([UInt8], Int?)] = [
            ([0x9B], 16), ([0xD9, 0x06, 0, 0], 16), ([0xDC, 0xFE], 16), ([0xDD, 0x3E, 0, 0], nil),
        ]
        for (code, vector) in cases {
            let t = processor(.i80286, code + [0xF4])
            t.state.isErrorAsserted = true
            t.run()
            #expect(t.handler == vector, "\(code)")
            if vector != nil { #expect(t.stack(0) == 0x0100) }
            let original = processor(.i8086, [0x9B, 0xF4])
            original.state.isErrorAsserted = true
            original.run()
            #expect(original.handler == nil)
        }
        #expect(double.instructions.map(\.code) == [0x53E])
        // The time for which BUSY was on has passed.
        let t = processor(.i80286, [0x9B])
        t.state.isErrorAsserted = true
        double.end = Tick(5_000)
        t.run()
        #expect(t.handler == 16)
        #expect(t.cpu.now > Tick(5_000))
    }

    @Test func `what the coprocessor writes comes to memory, or not`() {
        double.transfer = .write(4)
        double.written = [0x1234, 0x5678]
        let t = processor(.i8086, [0xD9, 0x1E, 0x00, 0x02, 0xD9, 0x1E, 0x00, 0x03, 0xF4])
        double.result = CoprocessorResult(storesOperand: true)
        t.step()
        #expect(t.memory.read16(FarPointer(0x3000, 0x0200)) == 0x1234)
        #expect(t.memory.read16(FarPointer(0x3000, 0x0202)) == 0x5678)
        double.result = CoprocessorResult(storesOperand: false)
        t.step()
        #expect(t.memory.read16(FarPointer(0x3000, 0x0300)) == 0)
    }

    @Test func `AX takes what FSTSW AX gives`() {
        double.result = CoprocessorResult(accumulator: 0x4321)
        let t = processor(.i80286, [0xDF, 0xE0, 0xF4])
        t.run()
        #expect(t.r.ax == 0x4321)
    }

    @Test func `an 8087 counts on beyond the segment, an 80286 refuses`() {
        double.transfer = .read(4)
        let t = processor(.i8086, [0xD9, 0x06, 0xFE, 0xFF, 0xF4])
        t.memory.writeBytes(FarPointer(0x3FFF, 0x000E), [0x11, 0x22, 0x33, 0x44])
        t.run()
        #expect(Array(double.read.prefix(2)) == [0x2211, 0x4433])
        let u = processor(.i80286, [0xD9, 0x06, 0xFE, 0xFF, 0xF4])
        u.run()
        #expect(u.handler == 9)
        let v = processor(.i80286, [0xD9, 0x06, 0xFF, 0xFF, 0xF4])
        v.run()
        #expect(v.handler == 13)
        #expect(double.instructions.count == 1)
    }

    @Test func `the top of memory wraps for an 8087`() {
        double.transfer = .read(10)
        let t = processor(.i8086, [0xDB, 0x2E, 0x0C, 0x00, 0xF4])
        t.r.ds = 0xFFFF
        t.memory.writeBytes(FarPointer(0xFFFF, 0x000C), [1, 2, 3, 4])
        t.memory.writeBytes(FarPointer(0x0000, 0x0000), [5, 6])
        t.run()
        #expect(Array(double.read.prefix(3)) == [0x0201, 0x0403, 0x0605])
    }

    @Test func `EM and TS of an 80286 come before the coprocessor`() {
        for (msw, code) in [(UInt16(0xFFF4), UInt8(0xD8)), (0xFFF8, 0xD8), (0xFFFA, 0x9B)] {
            let t = processor(.i80286, [code, 0xC0, 0xF4])
            t.state.msw = msw
            t.run()
            #expect(t.handler == 7)
        }
        #expect(double.instructions == [])
    }

    @Test func `WAIT waits until the coprocessor is done`() {
        double.duration = Tick(5_000)
        let t = processor(.i8086, [0xD8, 0xC0, 0x9B, 0xD8, 0xC0, 0xF4])
        t.run()
        #expect(double.times == [.zero, Tick(5_000 + 40)])
        #expect(t.cpu.instructionCount == 4)
    }

    @Test func `an 80286 waits by itself, but not for instructions that do not wait`() {
        double.duration = Tick(5_000)
        let t = processor(.i80286, [0xD8, 0xC0, 0xD8, 0xC0, 0xF4])
        t.run()
        #expect(double.times == [.zero, Tick(90)])
        let other = Double()
        other.duration = Tick(5_000)
        let u = TestProcessor(.i80286, coprocessor: other, [0xD8, 0xC0, 0xDD, 0x3E, 0x00, 0x02, 0xF4])
        u.run()
        #expect(u.cpu.now < Tick(1_000))
        #expect(t.cpu.now > Tick(5_000))
    }

    @Test(arguments: [ProcessorModel.i8088, .i80286])
    func `a wait in many short runs takes the same time as in one`(model: ProcessorModel) {
        let code: [UInt8] = [0x26, 0xD8, 0xC0, 0x40, 0x2E, 0x9B, 0xD8, 0xC1, 0x9B, 0x40, 0xF4]
        let (first, second) = (Double(), Double())
        for double in [first, second] { double.duration = Tick(12_345) }
        let whole = TestProcessor(model, coprocessor: first, code)
        let parts = TestProcessor(model, coprocessor: second, code)
        #expect(whole.run() == .halted)
        while parts.run(clocks: 7) == .deadline {}
        #expect(whole.cpu.now == parts.cpu.now)
        #expect(whole.cpu.instructionCount == parts.cpu.instructionCount)
        #expect(first.times == second.times)
    }

    @Test func `an interrupt is taken while WAIT waits, and it goes on afterwards`() {
        double.end = .never
        let t = processor(.i80286, [0xFB, 0x90, 0x9B, 0x40, 0xF4])
        #expect(t.run(clocks: 1_000) == .deadline)
        #expect(t.r.codePointer == FarPointer(0x1000, 0x0102))
        #expect(t.cpu.instructionCount == 2)
        t.state.isInterruptRequested = true
        #expect(t.run() == .halted)
        #expect(t.handler == 0x20)
        #expect(t.stack(0) == 0x0102)
        double.end = .zero
        t.r.codePointer = FarPointer(0x1000, 0x0102)
        t.state.isHalted = false
        t.run()
        #expect(t.r.ax == 1)
    }

    @Test func `an interrupt that waits behind STI is taken before a WAIT without end`() {
        double.end = .never
        let t = processor(.i80286, [0xFB, 0x9B, 0xF4])
        t.state.isInterruptRequested = true
        t.run(clocks: 1_000)
        #expect(t.handler == 0x20)
        #expect(t.stack(0) == 0x0101)
    }

    @Test func `a fixed number of clocks leaves the coprocessor no time`() {
        let t = processor(.i8086, [0xF4])
        t.cpu.fixedInstructionClocks = 1
        #expect(!double.takesTime)
        t.cpu.fixedInstructionClocks = nil
        #expect(double.takesTime)
    }
}
