import Core
import Testing
import X86
import X86Exact

/// Bus cycles of the 80286, seen at the pins.
@Suite struct BusTests80286 {
    @Test func `an empty queue is filled by four fetches, and HLT ends with its bus cycle`() {
        let t = TestProcessor80286([0x90, 0xF4])
        #expect(t.run() == .halted)
        #expect(t.line == "FcFcFcFc...H")
        #expect(t.r.ip == 0x0102)
        #expect(t.state.isHalted)
    }

    @Test func `a write is posted: HLT goes on while it is on the bus`() {
        let t = TestProcessor80286([0x89, 0x07, 0xF4])
        t.r.ax = 0xBEEF
        t.run()
        #expect(t.line == "FcFcFcFc.Wc.H")
        #expect(t.memory.read16(FarPointer(0x3000, t.r.bx)) == 0xBEEF)
    }

    @Test func `a word at an odd address takes two cycles, low byte first`() {
        let t = TestProcessor80286([0xA1, 0x01, 0x00, 0xF4])
        t.memory.write16(FarPointer(0x3000, 1), 0x1234)
        t.run()
        #expect(t.line == "FcFcFcFcFcRcRc...H")
        #expect(t.r.ax == 0x1234)
        let reads = t.trace.records.filter { $0.state == 1 && $0.status == 5 }
        #expect(reads.map(\.bus) == [0x30001, 0x30002])
        #expect(reads.map(\.isBHEHigh) == [false, true])
    }

    @Test func `a fetch at an odd address brings one byte`() {
        let t = TestProcessor80286([0xEB, 0x01, 0x90, 0xF4])
        t.run()
        let fetches = t.trace.records.filter { $0.state == 1 && $0.status == 13 }
        #expect(fetches.map(\.bus).suffix(3) == [0x10103, 0x10104, 0x10106])
    }

    @Test func `the bus shows what is fetched, also when a jump has made it useless`() {
        let t = TestProcessor80286([0xF0, 0xE9, 0x1C, 0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99])
        t.memory.write8(FarPointer(0x1000, 0x0120), 0xF4)
        t.run()
        let records = t.trace.records
        let starts = records.indices.dropLast().filter { records[$0].state == 1 && records[$0].status == 13 }
        #expect(starts.map { records[$0].bus }.contains(0x10108))
        for start in starts {
            let address = records[start].bus
            let word = UInt16(t.memory.read8(address)) | UInt16(t.memory.read8(address + 1)) << 8
            #expect(records[start + 1].data == word, "\(hex(address))")
        }
    }

    @Test func `the first halt needs no interrupt to be found again`() {
        let t = TestProcessor80286([0xF4])
        #expect(t.run() == .halted)
        let now = t.cpu.now
        #expect(t.run() == .halted)
        #expect(t.cpu.now == now)
        t.cpu.skip(to: now + Tick(12_345))
        // By whole clocks, which keep their phase.
        let time = t.cpu.now - now
        #expect(time >= Tick(12_345))
        #expect(time < Tick(12_345) + t.cpu.clockPeriod)
        #expect(time.count % t.cpu.clockPeriod.count == 0)
    }

    @Test func `wait states lengthen each cycle by as many Tc`() {
        let t = TestProcessor80286([0x90, 0xF4])
        t.cpu.waitStates = (memory: 1, port: 0)
        t.run()
        #expect(t.line == "FccFccFcc...H")
        let slow = TestProcessor80286([0xE4, 0x60, 0xF4])
        slow.cpu.waitStates = (memory: 0, port: 3)
        slow.run()
        #expect(slow.line == "FcFcFcFc.Icccc...H")
    }

    @Test func `a bus of eight bits has wait states of its own, and takes a word as two bytes`() {
        // IN AL,60h, then IN AX,60h: 4 wait states, and 4 + Ts, Tc + 4.
        let ports = TestProcessor80286([0xE4, 0x60, 0xE5, 0x60, 0xF4])
        ports.cpu.narrowBus = NarrowBus80286(memory: 0xA_0000..<0xE_0000, waits: 4)
        ports.run()
        let inputs = ports.trace.records.filter { $0.portCommand == .read }.count
        #expect(inputs == 5 + 11)
        // The coprocessor's ports are beside the processor: IN AX,F8h.
        let coprocessor = TestProcessor80286([0xE5, 0xF8, 0xF4])
        coprocessor.cpu.narrowBus = NarrowBus80286(memory: 0xA_0000..<0xE_0000, waits: 4)
        coprocessor.run()
        #expect(coprocessor.trace.records.filter { $0.portCommand == .read }.count == 1)
        // MOV [0],AX at B8000h and at 20000h: a word is slow in the first place alone.
        for (segment, clocks) in [(UInt16(0xB800), 11), (0x2000, 1)] {
            let t = TestProcessor80286([0xA3, 0x00, 0x00, 0xF4])
            t.r.ds = segment
            t.cpu.narrowBus = NarrowBus80286(memory: 0xA_0000..<0xE_0000, waits: 4)
            t.run()
            #expect(t.trace.records.filter { $0.memoryCommand == .write }.count == clocks, "\(hex(UInt32(segment)))")
        }
    }

    @Test func `a byte of shared memory ends with its slot, a word with two`() {
        // Slots every 20 clocks; the narrow bus alone has 4 wait states.
        let slots = MemorySlots(
            ClockRatio(hertz: Tick.perSecond, over: 20 * TestProcessor80286.clockPeriod.count), least: Tick(0))
        for (opcode, width) in [(UInt8(0xA2), Int64(1)), (0xA3, 2)] {
            let shared = SharedMemory(slots)
            let t = TestProcessor80286([opcode, 0x00, 0x00, 0xF4])
            t.r.ds = 0xB800
            t.cpu.narrowBus = NarrowBus80286(memory: 0xA_0000..<0xE_0000, waits: 4)
            t.cpu.setSharedMemory(shared, in: 0xB_8000..<0xC_0000)
            t.run()
            let records = t.trace.records
            let first = records.firstIndex { $0.memoryCommand == .write } ?? 0
            let count = Int64(records.filter { $0.memoryCommand == .write }.count)
            // From the first Tc to the slot: 20 clocks for each byte, less what had passed of the first 20.
            #expect(count == width * 20 - Int64(first) % 20, "\(width): \(count) from \(first)")
        }
    }

    @Test func `refresh holds the bus for eight clocks behind a cycle`() {
        let code: [UInt8] = [0xB9, 0x00, 0x02, 0xC7, 0x06, 0x00, 0x00, 0x00, 0x00, 0xE2, 0xF8, 0xF4]
        func clocks(_ period: Int64?) -> Int64 {
            let t = TestProcessor80286(code)
            t.cpu.waitStates = (memory: 1, port: 1)
            t.cpu.setRefresh(every: period.map { TestProcessor80286.clockPeriod * $0 })
            #expect(t.run() == .halted)
            return t.clock
        }
        // MOV [0],0 with a loop is limited by the bus. 8 clocks of 150 are 5.3 %; some find the bus idle.
        let (with, without) = (clocks(150), clocks(nil))
        #expect(with > without * 1_02 / 100 && with < without * 1_06 / 100, "\(with) of \(without)")
    }

    @Test func `while the bus is held nothing begins on it`() {
        let t = TestProcessor80286([UInt8](repeating: 0x90, count: 60) + [0xF4])
        t.cpu.setRefresh(every: TestProcessor80286.clockPeriod * 1_000, from: TestProcessor80286.clockPeriod * 6)
        t.run()
        // NOPs take three clocks, fetches of two bytes two: the bus has pauses, but no other of eight clocks before HLT.
        let longest = t.line.split(separator: "H")[0].split { $0 != "." }.map(\.count).max() ?? 0
        #expect(longest >= 8, "\(t.line)")
    }

    @Test func `a port access carries the clock of its last Tc`() {
        let t = TestProcessor80286([0xE4, 0x60, 0xF4])
        t.portValue = 0x12
        t.run()
        let place = t.trace.records.firstIndex { $0.state == 2 && $0.portCommand == .read }
        #expect(t.accesses.map(\.clock) == [Int64(place ?? -1)])
        #expect(t.r.ax & 0xFF == 0x12)
    }

    @Test func `a word at an odd port is two accesses of a byte`() {
        let t = TestProcessor80286([0xEF, 0xF4])
        t.r.dx = 0x0301
        t.r.ax = 0xABCD
        t.run()
        #expect(t.accesses.map(\.port) == [0x0301, 0x0302])
        #expect(t.accesses.map(\.value) == [0xCD, 0xAB])
    }

    @Test func `XCHG with memory locks the bus for its read`() {
        let t = TestProcessor80286([0x87, 0x07, 0xF4])
        t.run()
        let locked = t.trace.records.filter { !$0.isLockHigh }
        #expect(locked.count == 2)
        #expect(locked.first?.status == 5)
    }

    @Test func `an interrupt is acknowledged in two cycles, the first one locked`() {
        let t = TestProcessor80286([0x90, 0x90, 0xF4])
        t.r.flags |= Flag.interrupt
        t.step()
        t.state.isInterruptRequested = true
        t.run()
        #expect(t.handler == 0x20)
        #expect(t.acknowledgements == 1)
        let cycles = t.trace.records.filter { $0.state == 1 && $0.status == 0 }
        #expect(cycles.map(\.isLockHigh) == [false, true])
        #expect(t.line.contains("Ac...Ac"))
        #expect(t.stack(0) == 0x0101)
        #expect(t.r.flags & Flag.interrupt == 0)
    }

    @Test func `an interrupt ends HLT`() {
        let t = TestProcessor80286([0xFB, 0xF4])
        #expect(t.run() == .halted)
        t.state.isInterruptRequested = true
        #expect(t.run() == .halted)
        #expect(t.handler == 0x20)
        #expect(t.stack(0) == 0x0102)
    }

    @Test func `the prefetch queue can be loaded and is shown`() {
        let t = TestProcessor80286([0x00])
        t.r.ip = 0x0200
        t.cpu.loadPrefetchQueue([0x40, 0x40, 0xF4])
        #expect(t.cpu.prefetchQueue == [0x40, 0x40, 0xF4])
        t.run()
        #expect(t.r.ax == 2)
        #expect(t.r.ip == 0x0203)
    }

    @Test func `bytes in the queue are executed as they were fetched`() {
        // MOV BYTE [CS:0107h], 40h changes the next instruction, which has been fetched.
        let t = TestProcessor80286([0x2E, 0xC6, 0x06, 0x06, 0x01, 0x40, 0x90, 0xF4])
        t.run()
        #expect(t.memory.read8(FarPointer(0x1000, 0x0106)) == 0x40)
        #expect(t.r.ax == 0)
    }

    @Test func `instructions can take a fixed time`() {
        let t = TestProcessor80286([0x40, 0xA1, 0x00, 0x00, 0x40, 0xF4])
        t.cpu.fixedInstructionClocks = 3
        t.run()
        #expect(t.clock == 12)
    }
}
