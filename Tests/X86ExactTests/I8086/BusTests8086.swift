import Core
import Testing
import X86
import X86Exact

@Suite struct BusTests8086 {
    static let models: [ProcessorModel] = [.i8086, .i8088]

    // MARK: Queue

    /// STOSB with a full queue behind it; it changes the NOP `distance` bytes on into INC AX.
    private func seesChange(_ model: ProcessorModel, distance: Int) -> Bool {
        // MUL CX gives the queue time to fill.
        var code: [UInt8] = [0xF7, 0xE1, 0xAA] + [UInt8](repeating: 0x90, count: 16) + [0xF4]
        let target = 3 + distance
        code[target] = 0x90
        let m = ExactTestMachine8086(model, code)
        m.r.es = 0x1000
        m.r.di = 0x0100 + UInt16(target)
        (m.r.ax, m.r.cx) = (0x40, 1)
        m.run()
        return m.r.ax == 0x41
    }

    @Test func `code that changes itself is too late for the bytes in the queue, 6 on an 8086, 4 on an 8088`() {
        // MUL leaves the queue full, and STOSB is the first byte of it. An 8088 fetches one in its place before the store;
        // an 8086 waits until there is room for two.
        for (model, stale) in [(ProcessorModel.i8086, 5), (.i8088, 4)] {
            #expect((0..<12).filter { !seesChange(model, distance: $0) } == Array(0..<stale), "\(model)")
        }
    }

    @Test func `an 8086 fetches words, an 8088 bytes`() {
        for model in Self.models {
            let m = ExactTestMachine8086(model, [0xF7, 0xE1, 0xF4])
            let fetches = m.traced().cycles(BusStatus8086.fetch).map(\.bus)
            #expect(Array(fetches.prefix(2)) == (model == .i8086 ? [0x1_0100, 0x1_0102] : [0x1_0100, 0x1_0101]))
        }
    }

    @Test func `a word is one cycle on an 8086 at an even address, two elsewhere`() {
        for (model, address, cycles): (ProcessorModel, UInt8, Int) in [
            (.i8086, 0x10, 1), (.i8086, 0x11, 2), (.i8088, 0x10, 2), (.i8088, 0x11, 2),
        ] {
            let m = ExactTestMachine8086(model, [0xA1, address, 0x00, 0xF4])
            m.memory.write16(FarPointer(0x3000, UInt16(address)), 0x1234)
            let reads = m.traced().cycles(BusStatus8086.readMemory)
            #expect(m.r.ax == 0x1234)
            #expect(reads.count == cycles)
        }
    }

    @Test func `loading the queue puts the next fetch behind it`() {
        let m = ExactTestMachine8086([0x90, 0x90, 0x90, 0x90, 0x90, 0xF4])
        m.cpu.loadPrefetchQueue([0x40, 0x40])
        #expect(m.cpu.prefetchQueue == [0x40, 0x40])
        let records = m.traced()
        #expect(records.cycles(BusStatus8086.fetch).first?.bus == 0x1_0102)
        #expect(m.r.ax == 2)
    }

    // MARK: Wait states

    @Test func `each wait state adds a clock to an access`() {
        func clocks(_ waits: UInt8) -> (total: Int, read: Int) {
            let m = ExactTestMachine8086(.i8088, [0xF7, 0xE1, 0xA0, 0x00, 0x00, 0xF7, 0xE1, 0xF4])
            m.cpu.setMemoryWaitStates(waits, in: 0x3_0000..<0x3_1000)
            let records = m.traced()
            let start = records.start(of: BusStatus8086.readMemory) ?? 0
            let end = records[start...].firstIndex { $0.state == 4 } ?? 0
            return (records.count, end - start + 1)
        }
        for waits in 0..<5 as Range<UInt8> {
            #expect(clocks(waits).read == 4 + Int(waits))
            #expect(clocks(waits).total == clocks(0).total + Int(waits))
        }
    }

    @Test func `an access to shared memory ends at its slot`() {
        let period = ExactTestMachine8086.period
        var waits: Set<Int> = []
        for phase in 0..<8 as Range<Int64> {
            let m = ExactTestMachine8086(.i8088, [0xF7, 0xE1, 0xA0, 0x00, 0x00, 0xF7, 0xE1, 0xF4])
            let shared = SharedMemory(
                MemorySlots(
                    ClockRatio(hertz: Tick.perSecond, over: 8 * period), phase: Tick(phase * period),
                    least: Tick(2 * period)))
            m.cpu.setSharedMemory(shared, in: 0x3_0000..<0x3_1000)
            let records = m.traced()
            let start = records.start(of: BusStatus8086.readMemory) ?? 0
            let end = records[start...].firstIndex { $0.state == 4 } ?? 0
            waits.insert(end - start + 1 - 4)
        }
        #expect(waits == Set(2...9))
    }

    @Test func `ports have wait states of their own`() {
        let m = ExactTestMachine8086(.i8088, [0xE4, 0x40, 0xE4, 0x60, 0xF4])
        m.cpu.setPortWaitStates(3, in: 0x60..<0x80)
        m.run()
        #expect(m.accesses.map(\.port) == [0x40, 0x60])
        let n = ExactTestMachine8086(.i8088, [0xE4, 0x40, 0xE4, 0x60, 0xF4])
        n.run()
        #expect(m.accesses[0].time == n.accesses[0].time)
        #expect(m.accesses[1].time == n.accesses[1].time + Tick(3 * ExactTestMachine8086.period))
    }

    @Test func `a port access carries the tick of its T3`() {
        let m = ExactTestMachine8086([0xE6, 0x20, 0xF4])
        let records = m.traced()
        let start = records.firstIndex { $0.isAddressLatched && $0.status == 2 } ?? 0
        // The first record is that of clock 1.
        #expect(m.accesses.map(\.time) == [Tick(Int64(start + 1 + 2) * ExactTestMachine8086.period)])
    }

    // MARK: Others on the bus

    @Test func `a transfer of others delays an access that comes meanwhile, and nothing else`() {
        func clocks(_ request: Bool) -> Int64 {
            let m = ExactTestMachine8086(.i8088, [UInt8](repeating: 0x90, count: 40) + [0xF4])
            if request { m.cpu.requestBus(clocks: 4) }
            m.run()
            return m.clocks
        }
        // The fetches of a row of NOPs follow each other without a gap.
        let delay = clocks(true) - clocks(false)
        #expect((1...7).contains(delay), "\(delay)")
    }

    @Test func `refresh takes bus time from a program that is limited by the bus`() {
        func clocks(_ period: Tick?) -> Int64 {
            let m = ExactTestMachine8086(.i8088, [0xB9, 0x00, 0x04, 0x90, 0x90, 0x90, 0x90, 0xE2, 0xFA, 0xF4])
            m.cpu.setRefresh(every: period)
            m.run()
            return m.clocks
        }
        let (with, without) = (clocks(Tick(72 * ExactTestMachine8086.period)), clocks(nil))
        // 4 clocks in 72 and the wait for T3: about 5 to 9 %.
        #expect(with > without * 103 / 100 && with < without * 112 / 100, "\(with) of \(without)")
    }

    @Test func `memory devices are read at the tick of the transfer`() {
        final class Board: MemoryDevice {
            var times: [Tick] = []
            func readMemory(_ address: UInt32, at now: Tick) -> UInt8 {
                times.append(now)
                return 0x55
            }
            func writeMemory(_ address: UInt32, _ value: UInt8, at now: Tick) {}
        }
        let m = ExactTestMachine8086([0xA0, 0x10, 0x00, 0xF4])
        let board = Board()
        m.memory.route(0x3_0000..<0x3_1000, flags: .device, device: board)
        let records = m.traced()
        let start = records.start(of: BusStatus8086.readMemory) ?? 0
        #expect(board.times == [Tick(Int64(start + 3) * ExactTestMachine8086.period)])
        #expect(m.r.al == 0x55)
    }
}
