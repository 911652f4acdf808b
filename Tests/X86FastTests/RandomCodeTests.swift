import Core
import Testing
import X86
import X86Fast

@Suite struct RandomCodeTests {
    /// SplitMix64: the same numbers on every host.
    struct Generator: RandomNumberGenerator {
        var seed: UInt64
        mutating func next() -> UInt64 {
            seed &+= 0x9E37_79B9_7F4A_7C15
            var x = (seed ^ (seed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            x = (x ^ (x >> 27)) &* 0x94D0_49BB_1331_11EB
            return x ^ (x >> 31)
        }
    }

    private func randomize(_ t: TestProcessor, seed: UInt64) {
        var random = Generator(seed: seed)
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
    }

    @Test func `garbage runs without a trap, and the same in one run or in many`() {
        for model in ProcessorModel.allCases {
            for seed in 0..<40 as Range<UInt64> {
                let whole = TestProcessor(model, extendedKilobytes: model == .i80286 ? 64 : 0, [])
                let parts = TestProcessor(model, extendedKilobytes: model == .i80286 ? 64 : 0, [])
                for t in [whole, parts] {
                    t.memory.setA20(seed & 1 != 0)
                    randomize(t, seed: seed)
                }
                whole.run(clocks: 5_000)
                let end = whole.deadline
                var slice: Int64 = 1
                while parts.cpu.now < end {
                    slice = slice * 7 % 101 + 1
                    parts.deadline = min(parts.cpu.now + Tick(slice * 10), end)
                    let reason = parts.cpu.run()
                    if reason != .deadline { break }
                }
                #expect(whole.cpu.now == parts.cpu.now, "\(model), seed \(seed)")
                #expect(whole.cpu.instructionCount == parts.cpu.instructionCount, "\(model), seed \(seed)")
                #expect(state(whole) == state(parts), "\(model), seed \(seed)")
            }
        }
    }

    private func state(_ t: TestProcessor) -> [UInt8] {
        let coder = StateCoder.saving()
        t.cpu.transfer(coder)
        t.memory.transfer(coder)
        return coder.bytes
    }
}
