import Core
import Testing
import X86
import X86Exact

@Suite struct CoprocessorTests80286 {
    private let double = TestCoprocessor()

    private func processor(_ code: [UInt8]) -> TestProcessor80286 { TestProcessor80286(coprocessor: double, code) }

    @Test func `an ESC instruction is handed over, and its operand goes through the data port`() {
        double.transfer = .read(8)
        let t = processor([0x26, 0xDC, 0x47, 0x02, 0xF4])
        t.r.bx = 0x0011
        t.memory.writeBytes(FarPointer(0x4000, 0x0013), [1, 2, 3, 4, 5, 6, 7, 8, 9])
        t.run()
        #expect(
            double.instructions == [
                CoprocessorInstruction(
                    code: 0x447, start: FarPointer(0x1000, 0x0100), escape: FarPointer(0x1000, 0x0101),
                    operand: FarPointer(0x4000, 0x0013))
            ])
        #expect(Array(double.read.prefix(5)) == [0x0201, 0x0403, 0x0605, 0x0807, 0])
        #expect(t.accesses.map(\.port) == [0xF8, 0xFC, 0xFC, 0xFC, 0xFC, 0xFA, 0xFA, 0xFA, 0xFA])
        #expect(t.accesses.suffix(4).map(\.value) == [0x0201, 0x0403, 0x0605, 0x0807])
        #expect(t.r.ip == 0x0105)
    }

    @Test func `what the coprocessor writes comes to memory, or not`() {
        double.transfer = .write(4)
        double.written = [0x1234, 0x5678]
        let t = processor([0xD9, 0x1E, 0x01, 0x02, 0xD9, 0x1E, 0x00, 0x03, 0xF4])
        double.result = CoprocessorResult(storesOperand: true)
        t.step()
        double.result = CoprocessorResult(storesOperand: false)
        t.run()
        #expect(t.memory.read16(FarPointer(0x3000, 0x0201)) == 0x1234)
        #expect(t.memory.read16(FarPointer(0x3000, 0x0203)) == 0x5678)
        #expect(t.memory.read16(FarPointer(0x3000, 0x0300)) == 0)
    }

    @Test func `AX takes what FSTSW AX gives`() {
        double.result = CoprocessorResult(accumulator: 0x4321)
        let t = processor([0xDF, 0xE0, 0xF4])
        t.run()
        #expect(t.r.ax == 0x4321)
    }

    @Test func `operands over the end of the segment are refused`() {
        double.transfer = .read(4)
        for (low, vector) in [(UInt8(0xFC), nil), (0xFD, 9), (0xFE, 9), (0xFF, 13)] as [(UInt8, Int?)] {
            let t = processor([0xD9, 0x06, low, 0xFF, 0xF4])
            t.run()
            #expect(t.handler == vector)
            if vector != nil { #expect(t.stack(0) == 0x0100) }
        }
        #expect(double.instructions.count == 1)
    }

    @Test func `ERROR raises vector 16 at WAIT and ESC, not at ESC forms that do not wait`() {
        let cases: [([UInt8], Int?)] = [
            ([0x9B], 16), ([0xD9, 0x06, 0, 0], 16), ([0xDC, 0xFE], 16), ([0xDD, 0x3E, 0, 0], nil),
        ]
        for (code, vector) in cases {
            let t = processor(code + [0xF4])
            t.state.isErrorAsserted = true
            t.run()
            #expect(t.handler == vector, "\(code)")
            if vector != nil { #expect(t.stack(0) == 0x0100) }
        }
        #expect(double.instructions.map(\.code) == [0x53E])
        // No coprocessor, nothing on the pin that matters.
        let t = TestProcessor80286([0x9B, 0xF4])
        t.state.isErrorAsserted = true
        t.run()
        #expect(t.handler == nil)
    }

    @Test func `EM and TS come before the coprocessor`() {
        for (msw, code) in [(UInt16(0xFFF4), UInt8(0xD8)), (0xFFF8, 0xD8), (0xFFFA, 0x9B)] {
            let t = processor([code, 0xC0, 0xF4])
            t.state.msw = msw
            t.run()
            #expect(t.handler == 7)
        }
        #expect(double.instructions == [])
    }

    @Test func `ESC waits by itself, but not for instructions that do not wait`() {
        double.duration = Tick(5_000)
        let t = processor([0xD8, 0xC0, 0xD8, 0xC0, 0xF4])
        t.run()
        #expect(double.times[1] > double.times[0] + double.duration)
        #expect(double.times[1] < double.times[0] + double.duration + Tick(300))
        let other = TestCoprocessor(duration: Tick(5_000))
        let u = TestProcessor80286(coprocessor: other, [0xD8, 0xC0, 0xDD, 0x3E, 0x00, 0x02, 0xF4])
        u.run()
        #expect(u.cpu.now < Tick(1_500))
    }

    @Test func `WAIT of a coprocessor that is not busy takes its usual clocks`() {
        let code: [UInt8] = [0x9B, 0x40, 0x9B, 0xF4]
        let (with, without) = (processor(code), TestProcessor80286(code))
        with.run()
        without.run()
        #expect(with.clock == without.clock)
    }

    private static let waits: [UInt8] = [
        0x26, 0xD8, 0xC0, 0x40, 0x2E, 0x9B, 0xD8, 0xC1, 0xF0, 0xDD, 0x06, 0x01, 0x02, 0x9B, 0xD9, 0xC9, 0x40, 0x40,
        0x40, 0x40, 0xF4,
    ]

    private func waiting() -> (TestProcessor80286, TestCoprocessor) {
        let other = TestCoprocessor(duration: Tick(3_456))
        other.transfer = .read(8)
        return (TestProcessor80286(coprocessor: other, Self.waits), other)
    }

    private func state(_ t: TestProcessor80286) -> [UInt8] {
        let coder = StateCoder.saving()
        t.cpu.transfer(coder)
        return coder.bytes
    }

    @Test func `a wait in many short runs is the same as in one`() {
        let (whole, first) = waiting()
        #expect(whole.run() == .halted)
        #expect(whole.cpu.instructionCount == 12)
        for slice in [1, 2, 3, 7, 20, 101] as [Int64] {
            let (parts, second) = waiting()
            while parts.run(clocks: slice) == .deadline {}
            #expect(state(parts) == state(whole), "slices of \(slice)")
            #expect(first.times == second.times)
            #expect(parts.accesses == whole.accesses)
        }
    }

    @Test func `saved and restored at every point, the wait goes on`() {
        let (whole, _) = waiting()
        whole.run()
        let (first, firstDouble) = waiting()
        var waits = 0
        while first.run(clocks: 1) == .deadline {
            let (second, secondDouble) = waiting()
            secondDouble.end = firstDouble.end
            let bytes = state(first)
            let coder = StateCoder.loading(bytes)
            second.cpu.transfer(coder)
            #expect(coder.isComplete)
            second.cpu.stateDidRestore()
            #expect(state(second) == bytes)
            second.run()
            #expect(state(second) == state(whole))
            if firstDouble.end > first.cpu.now { waits += 1 }
        }
        #expect(waits > 100)
    }

    @Test func `an interrupt is taken while WAIT waits, and it goes on afterwards`() {
        double.end = .never
        let t = processor([0xFB, 0x90, 0x9B, 0x40, 0xF4])
        #expect(t.run(clocks: 1_000) == .deadline)
        #expect(t.r.codePointer == FarPointer(0x1000, 0x0102))
        t.state.isInterruptRequested = true
        #expect(t.run() == .halted)
        #expect(t.handler == 0x20)
        #expect(t.stack(0) == 0x0102)
        #expect(t.cpu.instructionCount == 3)
        double.end = .zero
        t.r.codePointer = FarPointer(0x1000, 0x0102)
        t.state.isHalted = false
        t.run()
        #expect(t.r.ax == 1)
        #expect(t.cpu.instructionCount == 6)
    }

    @Test func `NMI and an interrupt behind STI are taken before an ESC that waits without end`() {
        double.end = .never
        let interrupted = processor([0xFB, 0x2E, 0xD8, 0xC0, 0xF4])
        interrupted.state.isInterruptRequested = true
        interrupted.run(clocks: 1_000)
        #expect(interrupted.handler == 0x20)
        #expect(interrupted.stack(0) == 0x0101)
        let error = processor([0xD8, 0xC0, 0xF4])
        error.run(clocks: 100)
        error.state.isNMIPending = true
        error.run(clocks: 1_000)
        #expect(error.handler == 2)
        #expect(error.stack(0) == 0x0100)
        #expect(double.instructions == [])
    }

    @Test func `a fixed number of clocks leaves the coprocessor no time, and a wait without end still ends`() {
        let t = processor([0x9B, 0xF4])
        t.cpu.fixedInstructionClocks = 1
        #expect(!double.takesTime)
        double.end = .never
        #expect(t.run(clocks: 50) == .deadline)
        #expect(t.r.ip == 0x0100)
        double.end = .zero
        #expect(t.run() == .halted)
        t.cpu.fixedInstructionClocks = nil
        #expect(double.takesTime)
    }
}
