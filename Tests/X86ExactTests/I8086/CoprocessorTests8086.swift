import Core
import Testing
import X86
import X86Exact

@Suite struct CoprocessorTests8086 {
    private let double = TestCoprocessor()

    private func machine(_ code: [UInt8], _ model: ProcessorModel = .i8088) -> ExactTestMachine8086 {
        ExactTestMachine8086(model, coprocessor: double, code)
    }

    @Test(arguments: [ProcessorModel.i8086, .i8088])
    func `an ESC instruction is handed over with its code and addresses`(model: ProcessorModel) {
        double.transfer = .read(8)
        let m = machine([0x26, 0xDC, 0x47, 0x02, 0xF4], model)
        m.r.bx = 0x0010
        m.memory.writeBytes(FarPointer(0x4000, 0x0012), [1, 2, 3, 4, 5, 6, 7, 8, 9])
        m.run()
        #expect(
            double.instructions == [
                CoprocessorInstruction(
                    code: 0x447, start: FarPointer(0x1000, 0x0100), escape: FarPointer(0x1000, 0x0101),
                    operand: FarPointer(0x4000, 0x0012))
            ])
        #expect(Array(double.read.prefix(5)) == [0x0201, 0x0403, 0x0605, 0x0807, 0])
        #expect(m.r.ip == 0x0105)
    }

    @Test func `what the coprocessor writes comes to memory, or not`() {
        double.transfer = .write(4)
        double.written = [0x1234, 0x5678]
        let m = machine([0xD9, 0x1E, 0x00, 0x02, 0xD9, 0x1E, 0x00, 0x03, 0xF4])
        double.result = CoprocessorResult(storesOperand: true)
        m.step()
        #expect(m.memory.read16(FarPointer(0x3000, 0x0200)) == 0x1234)
        #expect(m.memory.read16(FarPointer(0x3000, 0x0202)) == 0x5678)
        double.result = CoprocessorResult(storesOperand: false)
        m.step()
        #expect(double.instructions.count == 2)
        #expect(m.memory.read16(FarPointer(0x3000, 0x0300)) == 0)
    }

    @Test func `it counts on beyond the segment and wraps at the top of memory`() {
        double.transfer = .read(4)
        let m = machine([0xD9, 0x06, 0xFF, 0xFF, 0xF4])
        m.memory.writeBytes(FarPointer(0x3FFF, 0x000F), [0x22, 0x33, 0x44, 0x55])
        m.run()
        #expect(Array(double.read.prefix(2)) == [0x3322, 0x5544])
        double.transfer = .read(10)
        let n = machine([0xDB, 0x2E, 0x0C, 0x00, 0xF4])
        n.r.ds = 0xFFFF
        n.memory.writeBytes(FarPointer(0xFFFF, 0x000C), [1, 2, 3, 4])
        n.memory.writeBytes(FarPointer(0x0000, 0x0000), [5, 6])
        n.run()
        #expect(Array(double.read.prefix(3)) == [0x0201, 0x0403, 0x0605])
    }

    /// Clocks to the end of an ESC with an operand and a read behind it.
    private func clocks(_ model: ProcessorModel, _ transfer: CoprocessorTransfer, offset: UInt8 = 0) -> Int64 {
        double.transfer = transfer
        let m = machine([0xDD, 0x06, offset, 0x02, 0xA1, 0x00, 0x04, 0xF4], model)
        m.step()
        m.step()
        return m.clocks
    }

    @Test func `the bus is the coprocessor's while it fetches the rest of the operand`() {
        let plain = ExactTestMachine8086(.i8088, [0xDD, 0x06, 0x00, 0x02, 0xA1, 0x00, 0x04, 0xF4])
        plain.step()
        plain.step()
        #expect(clocks(.i8088, .none) == plain.clocks)
        #expect(clocks(.i8088, .read(2)) == plain.clocks)
        #expect(clocks(.i8088, .read(10)) > plain.clocks)
        #expect(clocks(.i8088, .read(94)) - clocks(.i8088, .read(30)) == 64 * 4)
        #expect(clocks(.i8086, .read(94)) - clocks(.i8086, .read(30)) == 64 * 2)
        #expect(clocks(.i8086, .read(94), offset: 1) - clocks(.i8086, .read(30), offset: 1) == 64 * 4)
    }

    @Test func `WAIT looks every five clocks`() {
        let code: [UInt8] = [0xD8, 0xC0, 0x9B, 0xD8, 0xC0, 0xF4]
        var ends: Set<Int64> = []
        for clocks in 200..<215 as Range<Int64> {
            let other = TestCoprocessor(duration: Tick(clocks * ExactTestMachine8086.period))
            let m = ExactTestMachine8086(.i8088, coprocessor: other, code)
            m.run()
            #expect(other.times[1] >= other.times[0] + other.duration)
            #expect(m.cpu.instructionCount == 4)
            ends.insert((other.times[1] - other.times[0]).count / ExactTestMachine8086.period)
        }
        let sorted = ends.sorted()
        #expect((3...4).contains(sorted.count))
        #expect(zip(sorted, sorted.dropFirst()).allSatisfy { $1 - $0 == 5 })
    }

    private static let waits: [UInt8] = [
        0x26, 0xD8, 0xC0, 0x40, 0x2E, 0x9B, 0xD8, 0xC1, 0x9B, 0xF0, 0xDD, 0x06, 0x01, 0x02, 0xF0, 0x9B, 0x40, 0xF4,
    ]

    private func waiting(_ model: ProcessorModel) -> (ExactTestMachine8086, TestCoprocessor) {
        let other = TestCoprocessor(duration: Tick(3_456))
        other.transfer = .read(8)
        let m = ExactTestMachine8086(model, coprocessor: other, Self.waits)
        m.cpu.setRefresh(every: Tick(72 * ExactTestMachine8086.period))
        return (m, other)
    }

    @Test(arguments: [ProcessorModel.i8086, .i8088])
    func `a wait in many short runs is the same as in one`(model: ProcessorModel) {
        let (whole, first) = waiting(model)
        #expect(whole.run() == .halted)
        #expect(whole.cpu.instructionCount == 9)
        for slice in [1, 2, 3, 7, 20, 101] as [Int64] {
            let (parts, second) = waiting(model)
            while parts.run(clocks: slice) == .deadline {}
            #expect(parts.savedState == whole.savedState, "slices of \(slice)")
            #expect(first.times == second.times)
        }
    }

    @Test(arguments: [ProcessorModel.i8086, .i8088])
    func `saved and restored at every point, the wait goes on`(model: ProcessorModel) {
        let (whole, _) = waiting(model)
        whole.run()
        let (first, firstDouble) = waiting(model)
        var waits = 0
        while first.run(clocks: 1) == .deadline {
            let (second, secondDouble) = waiting(model)
            secondDouble.end = firstDouble.end
            let bytes = first.savedState
            #expect(second.restore(bytes))
            #expect(second.savedState == bytes)
            second.run()
            #expect(second.savedState == whole.savedState)
            if firstDouble.end > first.cpu.now { waits += 1 }
        }
        #expect(waits > 100)
        // Without a coprocessor there is nothing to wait for.
        let (part, _) = waiting(model)
        part.run(clocks: 100)
        #expect(!ExactTestMachine8086(model, Self.waits).restore(part.savedState))
    }

    @Test func `an interrupt is taken while WAIT waits, and it goes on afterwards`() {
        double.end = .never
        let m = machine([0xFB, 0x90, 0x9B, 0x40, 0xF4])
        #expect(m.run(clocks: 1_000) == .deadline)
        #expect(m.r.codePointer == FarPointer(0x1000, 0x0102))
        m.state.isInterruptRequested = true
        #expect(m.run() == .halted)
        #expect(m.handler == 0x20)
        #expect(m.stack(0) == 0x0102)
        #expect(m.cpu.instructionCount == 3)
        double.end = .zero
        m.r.codePointer = FarPointer(0x1000, 0x0102)
        m.state.isHalted = false
        m.run()
        #expect(m.r.ax == 1)
        #expect(m.cpu.instructionCount == 6)
    }

    @Test func `NMI, a trap, and an interrupt that waits behind STI are taken before a WAIT without end`() {
        double.end = .never
        let interrupted = machine([0xFB, 0x9B, 0xF4])
        interrupted.state.isInterruptRequested = true
        interrupted.run(clocks: 1_000)
        #expect(interrupted.handler == 0x20)
        #expect(interrupted.stack(0) == 0x0101)
        let error = machine([0x2E, 0x9B, 0xF4])
        error.run(clocks: 100)
        error.state.isNMIPending = true
        error.run(clocks: 1_000)
        #expect(error.handler == 2)
        #expect(error.stack(0) == 0x0100)
        let traced = machine([0x9B, 0xF4])
        traced.r.flags |= Flag.trap
        traced.run(clocks: 1_000)
        #expect(traced.handler == 1)
        #expect(traced.stack(0) == 0x0100)
    }

    @Test func `a fixed number of clocks leaves the coprocessor no time, and a wait without end still ends`() {
        let m = machine([0x9B, 0xF4])
        m.cpu.fixedInstructionClocks = 1
        #expect(!double.takesTime)
        double.end = .never
        #expect(m.run(clocks: 50) == .deadline)
        #expect(m.r.ip == 0x0100)
        double.end = .zero
        #expect(m.run() == .halted)
        m.cpu.fixedInstructionClocks = nil
        #expect(double.takesTime)
    }
}
