import X86

/// Random programs and interrupts, the same for a seed on every host (SplitMix64).
struct ProgramGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func word() -> UInt16 { UInt16(truncatingIfNeeded: next()) }

    mutating func bytes(_ count: Int) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(count + 7)
        while result.count < count {
            let word = next()
            for byte in 0..<8 { result.append(UInt8(truncatingIfNeeded: word >> (8 * UInt64(byte)))) }
        }
        return Array(result.prefix(count))
    }

    /// Random bytes make all instructions and addressing forms. Those that stop a program or throw it far away are made
    /// rarer, so that a program stays in its code for a while.
    mutating func code(_ count: Int) -> [UInt8] {
        var code = bytes(count)
        for index in code.indices {
            switch code[index] {
            case 0xF4, 0x9B: if next() % 16 != 0 { code[index] = UInt8(truncatingIfNeeded: next()) & 0x7F }
            case 0x9A, 0xEA, 0xCA, 0xCB, 0xCF, 0xCC, 0xCD, 0xCE, 0xC2, 0xC3, 0x62, 0x0F:
                if next() % 4 != 0 { code[index] = UInt8(truncatingIfNeeded: next()) & 0x3F }
            default: break
            }
        }
        return code
    }

    /// Registers at the start. One in four is near the end of its segment, where things go wrong; repeat counts begin small.
    mutating func startState(_ model: ProcessorModel) -> CPUState {
        var state = CPUState()
        state.reset(model)
        func value(_ generator: inout ProgramGenerator) -> UInt16 {
            generator.next() % 4 == 0 ? 0xFFF0 | generator.word() : generator.word()
        }
        (state.ax, state.bx, state.dx) = (value(&self), value(&self), value(&self))
        (state.bp, state.si, state.di) = (value(&self), value(&self), value(&self))
        state.cx = word() & 0x3F
        state.sp = value(&self)
        // Code, stack and data apart, and the vectors not in the way of the stack.
        (state.cs, state.ss) = (0x1000 | word() & 0x0FFF, 0x4000 | word() & 0x3FFF)
        (state.ds, state.es) = (0x8000 | word() & 0x3FFF, 0xC000 | word() & 0x3FFF)
        state.ip = word()
        state.flags = model.normalizedFlags(word() & ~Flag.trap)
        return state
    }
}
