import Core
import Testing
import X86
import X86Exact

@Suite struct StateTests8086 {
    /// A loop with everything that uses the bus: words at odd addresses, a call, a repeat, a division, ports.
    static let program: [UInt8] = [
        0xB9, 0x08, 0x00,  // mov cx,8
        0x51,  // push cx
        0x01, 0x0E, 0x11, 0x00,  // add [11h],cx
        0xE8, 0x0F, 0x00,  // call +15
        0xF3, 0xA4,  // rep movsb
        0xE6, 0x42,  // out 42h,al
        0x59,  // pop cx
        0xE2, 0xF1,  // loop -15
        0xF4,  // hlt
        0x90, 0x90, 0x90, 0x90, 0x90, 0x90, 0x90,
        0xB8, 0x35, 0x12,  // mov ax,1235h
        0xB3, 0x77,  // mov bl,77h
        0xF6, 0xF3,  // div bl
        0xC3,  // ret
    ]

    private func machine(_ model: ProcessorModel) -> ExactTestMachine8086 {
        let m = ExactTestMachine8086(model, Self.program)
        m.cpu.setRefresh(every: Tick(72 * ExactTestMachine8086.period))
        return m
    }

    @Test func `many short runs are the same as one`() {
        for model in BusTests8086.models {
            let whole = machine(model)
            #expect(whole.run() == .halted)
            for slice in [1, 2, 3, 7, 20, 101] as [Int64] {
                let parts = machine(model)
                while parts.run(clocks: slice) == .deadline {}
                #expect(parts.savedState == whole.savedState, "\(model), slices of \(slice)")
                #expect(parts.accesses == whole.accesses)
            }
        }
    }

    @Test func `a machine that is saved and restored at every boundary goes on unchanged`() {
        for model in BusTests8086.models {
            let whole = machine(model)
            #expect(whole.run() == .halted)
            let first = machine(model)
            var boundaries = 0
            var queueLengths: Set<Int> = []
            while first.step() == .deadline {
                boundaries += 1
                queueLengths.insert(first.cpu.prefetchQueue.count)
                let second = machine(model)
                let bytes = first.savedState
                for index in first.memory.physical.indices where first.memory.physical[index] != 0 {
                    second.memory.physical[index] = first.memory.physical[index]
                }
                #expect(second.restore(bytes))
                #expect(second.savedState == bytes)
                second.run()
                #expect(second.savedState == whole.savedState)
            }
            #expect(boundaries > 60)
            #expect(queueLengths.count > 3)
        }
    }

    @Test func `a state that cannot be is refused, and damage never traps`() {
        let m = machine(.i8086)
        m.run(clocks: 100)
        let bytes = m.savedState
        for index in bytes.indices {
            for value: UInt8 in [0x01, 0x7F, 0xFF] where bytes[index] != value {
                var damaged = bytes
                damaged[index] = value
                let n = machine(.i8086)
                if n.restore(damaged) { n.run(clocks: 300) }
            }
        }
        #expect(!machine(.i8086).restore(Array(bytes.dropLast())))
    }

    @Test func `a service that sets CS IP makes the processor fetch there`() {
        let m = ExactTestMachine8086([0x40, 0x40, 0x40, 0x40, 0x40, 0x40, 0xF4])
        m.step()
        m.memory.writeBytes(FarPointer(0x1800, 0x0000), [0x4B, 0xF4])
        m.r.codePointer = FarPointer(0x1800, 0x0000)
        m.run()
        #expect(m.r.ax == 1)
        #expect(m.r.bx == 0xFFFF)
        #expect(m.r.codePointer == FarPointer(0x1800, 2))
    }

    @Test func `a trap stops in the service ROM only`() {
        let m = ExactTestMachine8086([])
        let rom = ServiceROM(memory: m.memory)
        m.r.codePointer = rom.installStub(TrapNumber(service: 0x21, entry: 0x07))
        let start = m.r.ip
        #expect(m.run() == .serviceTrap(TrapNumber(service: 0x21, entry: 0x07)))
        #expect(m.r.codePointer == FarPointer(ServiceROM.segment, start + 4))
        m.r.codePointer = FarPointer(ServiceROM.segment, start + 8)
        m.memory.writeBytes(m.r.stackPointer, [0x00, 0x00, 0x00, 0x50, 0x02, 0xF0])
        #expect(m.run() == .halted)
        // In RAM it is POP CS, which does not stop.
        let n = ExactTestMachine8086([0x0F, 0xFF, 0x07, 0x21])
        if case .serviceTrap = n.step() { Issue.record("a trap outside the ROM") }
        #expect(n.r.cs == 0)
    }

    @Test func `a fixed number of clocks replaces the chip's`() {
        let m = ExactTestMachine8086([0x40, 0xF7, 0xE1, 0x26, 0x8B, 0x07, 0xF4])
        m.cpu.fixedInstructionClocks = 3
        m.run()
        #expect(m.cpu.now == Tick(4 * 3 * ExactTestMachine8086.period))
        m.cpu.fixedInstructionClocks = nil
        #expect(m.cpu.fixedInstructionClocks == nil)
    }

    @Test func `a segment full of prefixes does not keep the machine from going on`() {
        for prefix: UInt8 in [0x26, 0xF0, 0xF3] {
            let m = ExactTestMachine8086([])
            for offset in 0..<0x1_0000 { m.memory.write8(FarPointer(0x1000, UInt16(offset)), prefix) }
            #expect(m.run(clocks: 10_000) == .deadline)
            #expect(m.clocks >= 10_000 && m.clocks < 10_200)
            #expect(m.run(clocks: 10_000) == .deadline)
        }
    }

    @Test func `garbage runs without a trap, and the same in one run or in many`() {
        for model in BusTests8086.models {
            for seed in 0..<30 as Range<UInt64> {
                let whole = garbage(model, seed)
                let parts = garbage(model, seed)
                whole.run(clocks: 5_000)
                let end = whole.deadline
                var slice: Int64 = 1
                while parts.cpu.now < end {
                    slice = slice * 7 % 101 + 1
                    parts.deadline = min(parts.cpu.now + Tick(slice * ExactTestMachine8086.period), end)
                    if parts.cpu.run() != .deadline { break }
                }
                #expect(whole.savedState == parts.savedState, "\(model), seed \(seed)")
            }
        }
    }

    /// SplitMix64 over memory and registers.
    private func garbage(_ model: ProcessorModel, _ seed: UInt64) -> ExactTestMachine8086 {
        var state = seed
        func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var x = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
            return x ^ (x >> 31)
        }
        let m = ExactTestMachine8086(model, [])
        for address in stride(from: 0, to: 0x10_0000, by: 8) where address & 0xFFF < 0x200 {
            let word = next()
            for byte in 0..<8 {
                m.memory.physical[address + byte] = UInt8(truncatingIfNeeded: word >> (8 * UInt64(byte)))
            }
        }
        let words = UnsafeMutableRawPointer(m.r.state).assumingMemoryBound(to: UInt16.self)
        for slot in 0..<13 where slot != 8 {
            let value = UInt16(truncatingIfNeeded: next())
            words[slot] = next() % 4 == 0 ? 0xFFF0 | value : value
        }
        m.r.ip = UInt16(truncatingIfNeeded: next())
        m.r.flags = UInt16(truncatingIfNeeded: next())
        return m
    }
}
