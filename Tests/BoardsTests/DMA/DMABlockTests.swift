import Boards
import Chips
import Core
import TestSupport
import Testing

/// Blocks that software asks for, and the refresh of memory, on the controllers of a PC without its processor.
@Suite struct DMABlockTests {
    private let memory = GuestMemory(extendedKilobytes: 64)
    private let ports = PortMap()
    private let scheduler = Scheduler()
    private let timer = Intel8254(
        variant: .i8253, outputs: [Line(), Line(), Line()], slots: [nil, nil, nil])

    private func makeBoard(isAT: Bool) -> DMABoard {
        let board = DMABoard(
            isAT: isAT, memory: memory, slot: scheduler.makeSlot("dma"), clockPeriod: ClockPeriod.ibmPC,
            refreshTimer: isAT ? nil : timer)
        board.attach(to: ports)
        ports.attach(timer, at: 0x40...0x43)
        return board
    }

    private func out(_ port: UInt16, _ bytes: UInt8..., at now: Tick = .zero) {
        for byte in bytes { ports.write8(port, byte, at: now) }
    }

    /// A byte channel.
    private func program(_ channel: UInt8, mode: UInt8, address: UInt16, count: UInt16) {
        out(0x0C, 0)
        out(0x0B, mode | channel)
        out(UInt16(channel) * 2, UInt8(address & 0xFF), UInt8(address >> 8))
        out(UInt16(channel) * 2 + 1, UInt8(count & 0xFF), UInt8(count >> 8))
    }

    /// Follows the blocks to their end, which it returns.
    private func run(_ board: DMABoard) -> Tick {
        var end = Tick.zero
        for _ in 0..<10_000 where scheduler.nextDeadline != .never {
            end = scheduler.nextDeadline
            scheduler.deliver(through: end)
            #expect(board.holdsBus == (scheduler.nextDeadline != .never))
        }
        return end
    }

    @Test("memory to memory on an XT: a page for both, ten clocks a byte")
    func memoryToMemory() {
        let board = makeBoard(isAT: false)
        for index in 0..<256 { memory.physical[0x3_1000 + index] = UInt8(255 - index) }
        out(0x83, 0x03)
        out(0x87, 0x05)
        out(0x08, 0b01)
        program(0, mode: 0x88, address: 0x1000, count: 255)
        program(1, mode: 0x84, address: 0x2000, count: 255)
        #expect(scheduler.nextDeadline == .never)
        out(0x09, 0b100, at: Tick(1_000))
        #expect(scheduler.nextDeadline == Tick(1_000) && !board.holdsBus)
        #expect(run(board) == Tick(1_000) + ClockPeriod.ibmPC * 2_560)
        #expect((0..<256).allSatisfy { memory.physical[0x3_2000 + $0] == UInt8(255 - $0) })
        #expect(memory.physical[0x3_2100] == 0)
        #expect(ports.read8(0x0D, at: .zero) == 0)
        #expect(ports.read8(0x08, at: .zero) == 0b0000_0010)
        // Filling: the source stands still.
        out(0x08, 0b11)
        program(0, mode: 0x88, address: 0x1002, count: 0)
        program(1, mode: 0xA4, address: 0x2003, count: 2)
        out(0x09, 0b100)
        _ = run(board)
        #expect((0x3_2000...0x3_2004).map { memory.physical[$0] } == [255, 253, 253, 253, 251])
    }

    @Test("an AT's channels have pages of their own, and memory above 1 MB")
    func pagesOfAT() {
        let board = makeBoard(isAT: true)
        out(0xD6, 0xC0)
        out(0xD4, 0)
        out(0x87, 0x02)
        out(0x83, 0x10)
        memory.physical[0x2_0010] = 0x77
        out(0x08, 0b01)
        program(0, mode: 0x88, address: 0x10, count: 0)
        program(1, mode: 0x84, address: 0x20, count: 0)
        out(0x09, 0b100)
        _ = run(board)
        #expect(memory.physical[0x10_0020] == 0x77)
        #expect(ports.read8(0x0D, at: .zero) == 0x77)
    }

    @Test("on a channel whose device has not asked the bus floats")
    func floating() {
        let board = makeBoard(isAT: false)
        out(0x82, 0x04)
        program(3, mode: 0x84, address: 0x10, count: 3)
        out(0x09, 0b111)
        // Four clocks for the first byte, three for the others, and a wait state each.
        #expect(run(board) == ClockPeriod.ibmPC * (5 + 3 * 4))
        #expect((0x4_000F...0x4_0014).map { memory.physical[$0] } == [0, 255, 255, 255, 255, 0])
        // From memory, and verifying, nothing changes but the channel.
        for mode: UInt8 in [0x88, 0x80, 0x8C] {
            program(3, mode: mode, address: 0x20, count: 3)
            out(0x09, 0b111)
            #expect(run(board) > .zero)
            #expect((0x4_0020...0x4_0023).allSatisfy { memory.physical[$0] == 0 })
            #expect(ports.read8(0x08, at: .zero) == 0b0000_1000)
        }
    }

    @Test("word channels move words; the first controller waits for the second's cascade")
    func words() {
        let board = makeBoard(isAT: true)
        out(0x8B, 0x02)
        out(0xD8, 0)
        out(0xD6, 0x85)
        out(0xC4, 0x00, 0x08)
        out(0xC6, 0x01, 0x00)
        out(0xD2, 0b101)
        _ = run(board)
        #expect((0x2_0FFF...0x2_1004).map { memory.physical[$0] } == [0, 255, 255, 255, 255, 0])
        #expect(ports.read8(0xD0, at: .zero) == 0b0000_0010)
        program(3, mode: 0x84, address: 0x10, count: 0)
        out(0x09, 0b111)
        #expect(scheduler.nextDeadline == .never)
        #expect(board.channel(1)?.isEnabled == false && board.channel(1)?.read() == nil)
        out(0x0F, 0)
        out(0xD6, 0xC0)
        out(0xD4, 0)
        #expect(board.channel(1)?.isEnabled == true)
        _ = run(board)
        #expect(memory.physical[0x10] == 0xFF)
    }

    @Test("of word channels a memory transfer carries the low bytes")
    func wordsToMemory() {
        let board = makeBoard(isAT: true)
        memory.physical[0x100] = 0x12
        memory.physical[0x101] = 0x34
        out(0xD0, 0b01)
        out(0xD6, 0x88)
        out(0xD6, 0x85)
        out(0xC0, 0x80, 0x00)
        out(0xC4, 0x90, 0x00)
        out(0xC6, 0x00, 0x00)
        out(0xD2, 0b100)
        _ = run(board)
        #expect(memory.physical[0x120] == 0x12 && memory.physical[0x121] == 0xFF)
    }

    @Test("the refresh of an XT moves channel 0 at every rise of the timer's output")
    func refresh() {
        let board = makeBoard(isAT: false)
        out(0x43, 0x54)
        out(0x41, 18)
        program(0, mode: 0x58, address: 0, count: 0xFFFF)
        func word(_ port: UInt16, _ now: Tick) -> Int {
            out(0x0C, 0, at: now)
            return Int(ports.read8(port, at: now)) | Int(ports.read8(port, at: now)) << 8
        }
        #expect(word(0, ClockPeriod.timer * 1_000) == 0)
        out(0x0A, 0, at: ClockPeriod.timer * 1_000)
        let clock: (Int64) -> Tick = { ClockPeriod.timer * ($0 * 18 + 10) }
        let start = word(0, clock(100))
        #expect(word(0, clock(101)) == start + 1)
        #expect(word(1, clock(101)) == 0xFFFF - start - 1)
        #expect(ports.peek8(0, at: clock(103)) == UInt8(start + 3))
        #expect(word(0, clock(350)) == start + 250)
        #expect(ports.read8(8, at: clock(351)) == 0)
        #expect(word(0, clock(100 + 0x1_0000)) == start)
        #expect(ports.read8(8, at: clock(100 + 0x1_0000)) == 1)
        // Another rate, and none; what was before counts as it was.
        let now = clock(200 + 0x1_0000)
        out(0x43, 0x54, at: now)
        out(0x41, 36, at: now)
        #expect(word(0, now) == start + 100)
        #expect(word(0, now + ClockPeriod.timer * 361) == start + 110)
        out(0x0A, 4, at: now + ClockPeriod.timer * 361)
        #expect(word(0, now + ClockPeriod.timer * 1_000) == start + 110)
        #expect(scheduler.nextDeadline == .never && !board.holdsBus)
    }

    @Test("a block in its middle survives a round trip")
    func roundTrip() {
        let board = makeBoard(isAT: false)
        out(0x08, 0b01)
        program(0, mode: 0x88, address: 0x1000, count: 999)
        program(1, mode: 0x84, address: 0x2000, count: 999)
        out(0x09, 0b100)
        for _ in 0..<20 { scheduler.deliver(through: scheduler.nextDeadline) }
        #expect(board.holdsBus)
        let chunks: [any StateChunk] = [scheduler] + board.chunks
        let otherScheduler = Scheduler()
        let other = DMABoard(isAT: false, memory: memory, slot: otherScheduler.makeSlot("dma"), refreshTimer: timer)
        for (chunk, copy) in zip(chunks, [otherScheduler] + other.chunks) {
            #expect(restore(copy, from: savedState(chunk)) == nil)
        }
        while board.holdsBus {
            #expect(otherScheduler.nextDeadline == scheduler.nextDeadline)
            scheduler.deliver(through: scheduler.nextDeadline)
            otherScheduler.deliver(through: otherScheduler.nextDeadline)
        }
        #expect(!other.holdsBus)
        for (chunk, copy) in zip(chunks, [otherScheduler] + other.chunks) {
            #expect(savedState(copy) == savedState(chunk))
        }
    }

    @Test("random accesses trap nowhere and time goes on", arguments: UInt64(1)...8)
    func randomAccesses(seed: UInt64) {
        for isAT in [false, true] {
            var random = SeededGenerator(seed: seed)
            let board = makeBoard(isAT: isAT)
            var now = Tick.zero
            for _ in 0..<400 {
                let word = random.next()
                let places: [UInt64] = [word & 15, 0x80 | word & 15, 0xC0 | word & 31, 0x40 | word & 3]
                let port = UInt16(places[Int(word >> 8 & 3)])
                if word >> 16 & 3 == 0 {
                    _ = ports.read8(port, at: now)
                } else {
                    ports.write8(port, UInt8(word >> 24 & 0xFF), at: now)
                }
                let end = now + Tick(Int64(word >> 40 & 0xFFFF))
                while scheduler.nextDeadline <= end {
                    let due = scheduler.nextDeadline
                    scheduler.deliver(through: due)
                    #expect(scheduler.nextDeadline > due)
                }
                now = end
                _ = board.channel(Int(word >> 32 & 7))?.read()
            }
        }
    }
}
