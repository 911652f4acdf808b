import Core
import Testing
import X86
import X86Fast

@Suite struct RepeatTests {
    @Test func `an interrupted repeat of an 8086 comes back to the last prefix only`() {
        // ES: REP MOVSB; the segment override is lost when REP is the last prefix.
        for (code, address): ([UInt8], UInt16) in [
            ([0x26, 0xF3, 0xA4, 0xF4], 0x0101), ([0xF3, 0x26, 0xA4, 0xF4], 0x0101), ([0xF3, 0xA4, 0xF4], 0x0100),
        ] {
            let t = TestProcessor(.i8086, code)
            t.r.flags |= 0x0200
            t.r.cx = 5
            t.step()
            #expect(t.state.isRepeating)
            #expect(t.r.ip == 0x0100)
            t.state.isInterruptRequested = true
            t.run()
            #expect(t.stack(0) == address)
        }
    }

    @Test func `an interrupted repeat of an 80286 comes back to the first prefix`() {
        let t = TestProcessor(.i80286, [0x26, 0xF3, 0xA4, 0xF4])
        t.r.flags |= 0x0200
        t.r.cx = 5
        t.step()
        t.state.isInterruptRequested = true
        t.run()
        #expect(t.stack(0) == 0x0100)
        #expect(t.r.cx == 4)
    }

    @Test(
        arguments: [
            [0xF3, 0xA4], [0xF3, 0xA5], [0xF3, 0xAA], [0xF3, 0xAB], [0xF3, 0xAC], [0xF2, 0xAE], [0xF3, 0xA6],
            [0x26, 0xF3, 0xA5],
        ] as [[UInt8]])
    func `a repeat takes the same time in one run or in many`(code: [UInt8]) {
        for model in ProcessorModel.allCases {
            let whole = TestProcessor(model, code + [0xF4])
            let parts = TestProcessor(model, code + [0xF4])
            for t in [whole, parts] {
                (t.r.cx, t.r.si, t.r.di, t.r.ax) = (100, 0x0101, 0x0202, 0x1234)
            }
            #expect(whole.run() == .halted)
            var runs = 0
            while parts.run(clocks: 37) == .deadline { runs += 1 }
            #expect(runs > 2)
            #expect(whole.cpu.now == parts.cpu.now)
            #expect(whole.r.cx == parts.r.cx)
            #expect(whole.cpu.instructionCount == 2)
            #expect(parts.cpu.instructionCount == 2)
        }
    }

    @Test func `an overlapping move repeats its beginning`() {
        let t = TestProcessor([0xF3, 0xA4, 0xF4])
        t.r.es = 0x3000
        (t.r.cx, t.r.si, t.r.di) = (8, 0, 2)
        t.memory.writeBytes(FarPointer(0x3000, 0), [1, 2])
        t.run()
        #expect(t.memory.readBytes(FarPointer(0x3000, 0), 10) == [1, 2, 1, 2, 1, 2, 1, 2, 1, 2])
    }

    @Test func `offsets wrap in a repeated move`() {
        let t = TestProcessor([0xF3, 0xA4, 0xF4])
        (t.r.cx, t.r.si, t.r.di) = (4, 0xFFFE, 0x10)
        t.memory.writeBytes(FarPointer(0x3000, 0xFFFE), [1, 2, 3, 4])
        t.run()
        #expect(t.memory.readBytes(FarPointer(0x4000, 0x10), 4) == [1, 2, 3, 4])
        #expect(t.r.si == 2)
    }

    @Test func `a repeat count of zero does nothing`() {
        let t = TestProcessor([0xF3, 0xAA, 0xF4])
        t.run()
        #expect(t.r.di == 0)
        #expect(t.r.cx == 0)
    }

    @Test func `repeated port input is stamped for each repeat`() {
        let t = TestProcessor(.i80186, [0xF3, 0x6C, 0xF4])
        t.r.cx = 3
        t.run()
        let times = t.accesses.map(\.time)
        #expect(times.count == 3)
        #expect(times[1] - times[0] == Tick(80))
        #expect(times[2] - times[1] == Tick(80))
    }
}
