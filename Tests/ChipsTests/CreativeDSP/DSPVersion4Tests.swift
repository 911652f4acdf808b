import Chips
import Core
import TestSupport
import Testing

@Suite struct DSPVersion4Tests {
    private func bench(hertz: UInt16 = 44_100) -> DSPBench {
        let bench = DSPBench(.v405)
        bench.reset()
        bench.send(0x41, UInt8(hertz >> 8), UInt8(hertz & 0xFF))
        return bench
    }

    /// The clock of rate code `code`.
    private func clock(_ code: Int64) -> ClockRatio { ClockRatio(hertz: code * 46_615_120, over: 262_144) }

    @Test("rates: 41h in steps of 178 Hz within its range, 40h by the table")
    func rates() {
        let expected: [(UInt16, UInt8)] = [
            (44_100, 248), (22_050, 124), (11_025, 62), (8_000, 45), (48_000, 255), (1_000, 28), (0, 28), (45_311, 254),
        ]
        for (hertz, code) in expected {
            let bench = bench(hertz: hertz)
            bench.send(0xF9, 0x37)
            #expect(bench.receive() == code, "\(hertz) Hz")
        }
        for (constant, code) in [(0, 21), (1, 22), (0x9C, 56), (0xD3, 124), (0xE9, 244), (0xEB, 255), (0xFF, 255)] {
            let bench = bench()
            bench.send(0x40, UInt8(constant), 0xF9, 0x37)
            #expect(bench.receive() == UInt8(code), "constant \(constant)")
        }
    }

    @Test("B0h, B6h: words, signed, in stereo; the interrupt of the 16-bit half")
    func wideStereo() {
        let bench = bench()
        bench.memory = [0x8000, 0x7FFF, 0x0001, 0xFFFF]
        bench.send(0xB0, 0x30, 0x03, 0x00)
        let start = bench.now
        bench.run(.milliseconds(1))
        #expect(bench.reads.count == 4)
        #expect(bench.interrupts(16) == [start + clock(248).time(ofCycle: 2)])
        #expect(bench.interrupts(8).isEmpty)
        #expect(bench.dsp.levels.left == 1 && bench.dsp.levels.right == -1)
        #expect(bench.dsp.levels.take(before: bench.now)?.time == start + clock(248).time(ofCycle: 1))
    }

    @Test("signed and unsigned, bytes and words, mono and stereo")
    func formats() {
        let cases: [(UInt8, UInt8, [UInt16], Int16, Int16)] = [
            (0xC0, 0x00, [0xFF], 0x7F00, 0x7F00), (0xC0, 0x10, [0xFF], -0x100, -0x100),
            (0xC0, 0x20, [0x00, 0xFF], -0x8000, 0x7F00), (0xC0, 0x30, [0x00, 0xFF], 0, -0x100),
            (0xB0, 0x00, [0x8001], 1, 1), (0xB0, 0x10, [0x8001], -0x7FFF, -0x7FFF),
            (0xB0, 0x20, [0, 0xFFFF], -0x8000, 0x7FFF), (0xB0, 0x30, [5, 6], 5, 6),
        ]
        for (command, mode, memory, left, right) in cases {
            let bench = bench()
            bench.memory = memory
            bench.send(command, mode, UInt8(memory.count - 1), 0)
            bench.run(.milliseconds(1))
            #expect(bench.dsp.levels.left == left && bench.dsp.levels.right == right, "\(command) \(mode)")
            #expect((command == 0xC0 ? bench.narrow : bench.wide).isAsserted)
        }
    }

    @Test("an odd length in stereo ends in the middle of a pair, and goes on behind it in automatic mode")
    func oddLength() {
        let bench = bench()
        bench.memory = [1, 2, 3]
        bench.send(0xB6, 0x30, 0x02, 0x00)
        let start = bench.now
        bench.run(to: start + clock(248).time(ofCycle: 3))
        #expect(bench.reads.map(\.value) == [1, 2, 3, 1, 2, 3])
        #expect(bench.interrupts(16) == [start + clock(248).time(ofCycle: 2)])
        #expect(bench.dsp.levels.left == 2 && bench.dsp.levels.right == 3)
    }

    @Test("automatic words: no gaps without acknowledging; D5h, D6h, D9h, 47h")
    func wideAutomatic() {
        let bench = bench()
        bench.send(0xB6, 0x10, 0x07, 0x00)
        let start = bench.now
        bench.run(to: start + clock(248).time(ofCycle: 100))
        #expect(bench.reads.map(\.time) == (1...100).map { start + clock(248).time(ofCycle: $0) })
        bench.send(0xD5)
        let count = bench.reads.count
        bench.run(.milliseconds(10))
        #expect(bench.reads.count == count)
        bench.send(0xD6)
        bench.run(.microseconds(200))
        bench.send(0xD9, 0x47)
        bench.run(.milliseconds(10))
        #expect(bench.reads.count > count + 100)
        bench.send(0xD9)
        bench.run(.milliseconds(10))
        #expect(bench.reads.count % 8 == 0)
        #expect(bench.scheduler.nextDeadline == .never)
    }

    @Test("B0h during B6h plays one more block and ends")
    func wideSingleDuringAutomatic() {
        let bench = bench()
        bench.send(0xB6, 0x10, 0x07, 0x00)
        bench.run(.microseconds(100))
        bench.send(0xB0, 0x10, 0x02, 0x00)
        bench.run(.milliseconds(10))
        #expect(bench.reads.count == 11)
    }

    @Test("both halves at once: 8 bits out, 16 bits in")
    func duplex() {
        let bench = bench()
        bench.dsp.setInput(left: 0x1234, right: 0x4321, at: bench.now)
        bench.send(0xC6, 0x00, 0x0F, 0x00)
        bench.send(0xBE, 0x30, 0x07, 0x00)
        bench.run(.milliseconds(5))
        #expect(bench.reads.count > 200)
        #expect(bench.writes.prefix(4).map(\.value) == [0x1234, 0x4321, 0x1234, 0x4321])
        #expect(bench.narrow.isAsserted && bench.wide.isAsserted)
        bench.send(0xD0)
        let (reads, writes) = (bench.reads.count, bench.writes.count)
        bench.run(.milliseconds(5))
        #expect(bench.reads.count == reads && bench.writes.count > writes)
    }

    @Test("high-speed commands leave the chip listening")
    func highSpeed() {
        let bench = bench()
        bench.send(0x48, 0xFF, 0x00, 0x90)
        bench.run(.milliseconds(1))
        bench.send(0xE1)
        #expect(bench.receive() == 4)
        bench.send(0xD0)
        let count = bench.reads.count
        bench.run(.milliseconds(5))
        #expect(bench.reads.count == count)
    }
}
