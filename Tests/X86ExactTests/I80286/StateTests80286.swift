import Core
import TestSupport
import Testing
import X86
import X86Exact

/// Saved states, runs in slices, and code that makes no sense.
@Suite struct StateTests80286 {
    private func state(_ t: TestProcessor80286) -> [UInt8] { savedState(t.cpu) + savedState(t.memory) }

    private func randomize(_ t: TestProcessor80286, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for address in stride(from: 0, to: t.memory.physical.count - 8, by: 8) where address & 0xFFF < 0x200 {
            let word = random.next()
            for byte in 0..<8 {
                t.memory.physical[address + byte] = UInt8(truncatingIfNeeded: word >> (8 * UInt64(byte)))
            }
        }
        let words = UnsafeMutableRawPointer(t.r.state).assumingMemoryBound(to: UInt16.self)
        for slot in 0..<13 where slot != 8 {
            // Edges of segments are where things go wrong.
            let value = UInt16(truncatingIfNeeded: random.next())
            words[slot] = random.next() % 4 == 0 ? 0xFFF0 | value : value
        }
        t.r.ip = UInt16(truncatingIfNeeded: random.next())
        t.r.flags = UInt16(truncatingIfNeeded: random.next())
        t.memory.setA20(seed & 1 != 0)
    }

    @Test func `garbage runs without a trap, and the same in one run, in slices, and restored at each slice`() {
        for seed in 0..<40 as Range<UInt64> {
            let whole = TestProcessor80286([])
            var parts = TestProcessor80286([])
            randomize(whole, seed: seed)
            randomize(parts, seed: seed)
            if seed % 2 != 0 {
                whole.cpu.setRefresh(every: Tick(900))
                parts.cpu.setRefresh(every: Tick(900))
            }
            whole.run(clocks: 5_000)
            let end = whole.deadline
            var slice: Int64 = 1
            while parts.cpu.now < end {
                slice = slice * 7 % 101 + 1
                parts.deadline = min(parts.cpu.now + Tick(slice * 10), end)
                if parts.cpu.run() != .deadline { break }
                if slice % 5 == 0 {
                    let copy = TestProcessor80286([])
                    #expect(restore(copy.memory, from: savedState(parts.memory)) == nil)
                    #expect(restore(copy.cpu, from: savedState(parts.cpu)) == nil)
                    parts = copy
                }
            }
            #expect(whole.cpu.now == parts.cpu.now, "seed \(seed)")
            #expect(whole.cpu.instructionCount == parts.cpu.instructionCount, "seed \(seed)")
            let isSame = state(whole) == state(parts)
            #expect(isSame, "seed \(seed)")
        }
    }

    @Test func `a state with a half-decoded instruction in the queue goes on where it was`() {
        let code: [UInt8] = [
            0xF3, 0xA5, 0xB9, 0x05, 0x00, 0x81, 0x47, 0x11, 0x34, 0x12, 0xF7, 0xE3, 0x8B, 0x47, 0x11, 0xE2, 0xF4, 0xF4,
        ]
        let whole = TestProcessor80286(code)
        whole.r.cx = 9
        whole.run()
        for steps in 1..<30 {
            let first = TestProcessor80286(code)
            first.r.cx = 9
            for _ in 0..<steps { first.step() }
            let second = TestProcessor80286([])
            #expect(restore(second.memory, from: savedState(first.memory)) == nil)
            #expect(restore(second.cpu, from: savedState(first.cpu)) == nil)
            second.run()
            #expect(second.cpu.now == whole.cpu.now, "after \(steps) steps")
            let isSame = state(second) == state(whole)
            #expect(isSame, "after \(steps) steps")
        }
    }

    @Test func `a refresh that is overdue by hours is refused`() throws {
        let t = TestProcessor80286([0xF4])
        let next: Int64 = 0x12_3456_789A
        t.cpu.setRefresh(every: Tick(90_000), from: Tick(next))
        let bytes = savedState(t.cpu)
        let pattern = (0..<8).map { UInt8(truncatingIfNeeded: next >> ($0 * 8)) }
        let place = try #require(
            (0...bytes.count - 8).first { Array(bytes[$0..<$0 + 8]) == pattern })
        for (value, isGood) in [(Int64(0), true), (-91_000_000, false), (.min, false), (.max, true)] {
            var changed = bytes
            for index in 0..<8 { changed[place + index] = UInt8(truncatingIfNeeded: value >> (index * 8)) }
            let failure = restore(TestProcessor80286([0xF4]).cpu, from: changed)
            #expect((failure == nil) == isGood, "\(value)")
        }
    }

    @Test func `damaged states are refused or harmless`() {
        var random = SeededGenerator(seed: 286)
        let t = TestProcessor80286([0xF3, 0xA5, 0x81, 0x47, 0x11, 0x34, 0x12, 0xEB, 0xF7])
        t.r.cx = 9
        for _ in 0..<7 { t.step() }
        let good = savedState(t.cpu)
        for _ in 0..<400 {
            var bytes = good
            for _ in 0..<4 {
                bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: random.next())
            }
            let copy = TestProcessor80286([0x90, 0xEB, 0xFD])
            // The time is left as it was: a far deadline would take long.
            if restore(copy.cpu, from: bytes) == nil && copy.cpu.now < Tick(1 << 40) && copy.cpu.now > Tick(-1) {
                copy.run(clocks: 300)
            }
        }
    }

    @Test func `a suspended repetition takes no other time`() {
        let whole = TestProcessor80286([0xF3, 0xA4, 0xF4])
        let parts = TestProcessor80286([0xF3, 0xA4, 0xF4])
        for t in [whole, parts] { t.r.cx = 20 }
        whole.run()
        while parts.step() == .deadline {}
        #expect(parts.cpu.now == whole.cpu.now)
        #expect(parts.cpu.instructionCount == whole.cpu.instructionCount)
        #expect(parts.line == whole.line)
    }

    @Test func `a nearer deadline set by a port access ends the run`() {
        let t = TestProcessor80286([0xE4, 0x60, 0x40, 0x40, 0xF4])
        t.onAccess = { $0.deadline = $0.cpu.now }
        #expect(t.run() == .deadline)
        #expect(t.r.ip == 0x0102)
    }
}
