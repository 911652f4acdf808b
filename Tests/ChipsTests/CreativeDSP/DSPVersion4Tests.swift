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
            // A carry is lost.
            (11_397, 64), (11_398, 48), (11_519, 49), (11_520, 65), (42_740, 240), (42_741, 224), (42_752, 240),
        ]
        for (hertz, code) in expected {
            let bench = bench(hertz: hertz)
            bench.send(0xF9, 0x37)
            #expect(bench.receive() == code, "\(hertz) Hz")
        }
        let byConstant = [
            (0, 21), (1, 22), (30, 24), (31, 24), (32, 25), (62, 28), (63, 29), (0x9C, 56), (178, 72), (179, 73),
            (183, 77),
            (0xC8, 200), (0xD3, 124), (0xE9, 244), (0xEB, 255), (0xFF, 255),
        ]
        for (constant, code) in byConstant {
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

    @Test("automatic words: no gaps without acknowledging; D5h, D6h, D9h, which 47h does not undo")
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
        #expect(bench.reads.count > count)
        bench.send(0xD9, 0x47)
        bench.run(.milliseconds(10))
        #expect(bench.reads.count < count + 50)
        #expect(bench.reads.count % 8 == 0)
        #expect(bench.scheduler.nextDeadline == .never)
    }

    @Test("B0h behind B0h behind B6h starts over: the automatic mode has been left")
    func wideSingleTwice() {
        let bench = bench()
        bench.send(0xB6, 0x10, 0x63, 0x00)
        bench.run(.microseconds(100))
        bench.send(0xB0, 0x10, 0x02, 0x00, 0xFC)
        #expect(bench.receive() == 0x08)
        bench.send(0xB0, 0x10, 0x04, 0x00)
        let count = bench.reads.count
        bench.run(.milliseconds(10))
        // The queued block is still there.
        #expect(bench.reads.count == count + 8)
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

    /// Command, arguments, answers of a chip that has just been reset.
    private static let table: [(ClosedRange<UInt8>, Int, [UInt8])] = [
        (0x00...0x00, 0, []), (0x02...0x02, 1, []), (0x03...0x03, 0, [0xFF]), (0x04...0x04, 1, []),
        (0x05...0x05, 2, []), (0x06...0x07, 0, []), (0x08...0x08, 0, [0xFF]), (0x09...0x09, 0, [0, 0]),
        (0x0A...0x0A, 0, [0, 0xFF]), (0x0D...0x0D, 0, []), (0x0E...0x0E, 2, []), (0x0F...0x0F, 1, [0xFF]),
        (0x10...0x13, 1, []), (0x14...0x17, 2, []), (0x18...0x1F, 0, []), (0x20...0x23, 0, [0x80]),
        (0x24...0x27, 2, []), (0x28...0x2F, 0, []), (0x38...0x40, 1, []), (0x41...0x42, 2, []), (0x43...0x47, 0, []),
        (0x48...0x48, 2, []), (0x49...0x4B, 0, []), (0x4C...0x4C, 2, [0x55]), (0x4D...0x4D, 1, [0]),
        (0x4E...0x4F, 2, []), (0x50...0x73, 0, []), (0x74...0x77, 2, []), (0x78...0x7F, 0, []), (0x80...0x8F, 2, []),
        (0x90...0xAF, 0, []), (0xB0...0xCF, 3, []), (0xD0...0xD7, 0, []), (0xD8...0xD8, 0, [0]), (0xD9...0xDF, 0, []),
        (0xE0...0xE0, 1, [0xAA]), (0xE1...0xE1, 0, [4, 5]), (0xE2...0xE2, 1, []),
        (0xE3...0xE3, 0, Array("COPYRIGHT (C) CREATIVE TECHNOLOGY LTD, 1992.".utf8) + [0]), (0xE4...0xE4, 1, []),
        (0xE5...0xE7, 0, []), (0xE8...0xE8, 0, [0]), (0xE9...0xF3, 0, []), (0xF4...0xF4, 0, [0x7D, 0x1B]),
        (0xF5...0xF7, 0, []), (0xF8...0xF8, 0, [0]), (0xF9...0xF9, 1, [0]), (0xFA...0xFA, 2, []),
        (0xFB...0xFC, 0, [0]), (0xFD...0xFD, 0, [0]), (0xFE...0xFF, 0, []),
    ]

    @Test("every code takes its bytes and gives its answers; 01h, 0Bh, 0Ch and 30h to 37h are tested by themselves")
    func commandTable() {
        for (codes, arguments, answers) in DSPVersion4Tests.table {
            for code in codes {
                let bench = DSPBench(.v405)
                bench.reset()
                bench.send(code)
                for _ in 0..<arguments { bench.send(0x55) }
                var received: [UInt8] = []
                while let byte = bench.receive() { received.append(byte) }
                #expect(received == answers, "\(code)")
                bench.send(0xE0, 0x5A)
                #expect([bench.receive(), bench.receive()] == [0xA5, nil], "\(code)")
            }
        }
    }

    @Test("44h and 46h hold DMA until 45h and 47h, also that of the next transfer, but not over a reset")
    func hold() {
        for (hold, command) in [(0x44, 0xC6), (0x46, 0xB6), (0x44, 0xC0), (0x46, 0xB0)] as [(UInt8, UInt8)] {
            let bench = bench()
            bench.send(command, 0x00, 0x63, 0x00)
            bench.run(.milliseconds(1))
            bench.send(hold)
            let count = bench.reads.count
            bench.run(.milliseconds(5))
            #expect(bench.reads.count == count && bench.recorder.changes.isEmpty, "\(command)")
            bench.send(command, 0x00, 0x63, 0x00)
            bench.run(.milliseconds(5))
            #expect(bench.reads.count == count)
            bench.send(hold + 1)
            bench.run(.milliseconds(3))
            #expect(bench.reads.count >= count + 100)
            bench.send(hold)
            bench.reset()
            bench.send(0x41, 0xAC, 0x44, command, 0x00, 0x63, 0x00)
            let before = bench.reads.count
            bench.run(.milliseconds(3))
            #expect(bench.reads.count >= before + 100)
        }
    }

    @Test("14h breaks off a single block, waits behind 24h and behind an automatic mode, which a pause does not end")
    func singleBlocks() {
        let bench = bench()
        bench.send(0x14, 0x63, 0x00)
        bench.run(.milliseconds(1))
        bench.send(0x14, 0x09, 0x00)
        bench.run(.milliseconds(5))
        #expect(bench.reads.count < 60 && bench.interrupts().count == 1)

        let base = bench.reads.count
        bench.send(0x48, 0x63, 0x00, 0x1C)
        bench.run(.milliseconds(1))
        bench.send(0xD0)
        var count = bench.reads.count
        bench.send(0x14, 0x09, 0x00, 0xC0, 0x00, 0x07, 0x00)
        bench.run(.milliseconds(5))
        #expect(bench.reads.count == count)
        bench.send(0xD4)
        bench.run(.milliseconds(5))
        #expect(bench.reads.count == base + 108)

        // A pause ends it for recording; it goes on in the automatic mode.
        count = bench.writes.count
        bench.send(0x2C, 0xD0, 0x24, 0x03, 0x00)
        bench.run(.milliseconds(5))
        #expect(bench.writes.count > count + 100)
        bench.send(0xDA)
        bench.run(.milliseconds(1))
        bench.send(0x24, 0x63, 0x00)
        count = bench.writes.count
        bench.send(0x24, 0x09, 0x00)
        bench.run(.milliseconds(5))
        #expect(bench.writes.count == count + 110)
    }

    @Test("older commands keep the form that Cxh has set, until 10h, 20h or a reset")
    func keptForm() {
        let bench = bench()
        bench.memory = [0x10, 0xF0]
        bench.send(0xC0, 0x30, 0x01, 0x00)
        bench.run(.milliseconds(1))
        bench.send(0x14, 0x01, 0x00)
        bench.run(.milliseconds(1))
        #expect(bench.dsp.levels.left == 0x1000 && bench.dsp.levels.right == -0x1000)
        bench.send(0x48, 0x01, 0x00, 0x91)
        bench.run(.milliseconds(1))
        #expect(bench.dsp.levels.left == 0x1000 && bench.dsp.levels.right == -0x1000)
        for command in [0x10, 0x20] as [UInt8] {
            bench.send(0xC0, 0x30, 0x01, 0x00)
            bench.run(.milliseconds(1))
            bench.send(command, command)
            _ = bench.receive()
            _ = bench.receive()
            bench.send(0x14, 0x01, 0x00)
            bench.run(.milliseconds(1))
            #expect(bench.dsp.levels.left == 0x7000 && bench.dsp.levels.right == 0x7000)
        }
    }

    @Test("at the end or pause of one half the other goes on at the idle rate, until something is started")
    func idleRate() {
        let bench = bench(hertz: 11_025)
        bench.send(0xBE, 0x10, 0xFF, 0x0F)
        bench.run(.milliseconds(10))
        #expect((105...115).contains(bench.writes.count))
        bench.send(0xC0, 0x00, 0x09, 0x00)
        bench.run(.milliseconds(2))
        var count = bench.writes.count
        bench.run(.milliseconds(10))
        #expect((430...450).contains(bench.writes.count - count))
        bench.send(0xC6, 0x00, 0xFF, 0x0F)
        count = bench.writes.count
        bench.run(.milliseconds(10))
        #expect((105...115).contains(bench.writes.count - count))
        bench.send(0xD0)
        count = bench.writes.count
        bench.run(.milliseconds(10))
        #expect((430...450).contains(bench.writes.count - count))
    }

    @Test("D0h and D5h keep the chip busy for 130 us")
    func pauseTime() {
        for command in [0xD0, 0xD5] as [UInt8] {
            let bench = bench()
            bench.send(0xC0, 0x00, 0xFF, 0x00, command, 0xF2)
            bench.run(.milliseconds(1))
            #expect(bench.interrupts().count == 1)
            bench.write(0xC, command)
            bench.run(.microseconds(125))
            #expect(bench.read(0xC) == 0xFF)
            bench.run(.microseconds(5) + Tick(1))
            #expect(bench.read(0xC) == 0x7F)
        }
    }
}
