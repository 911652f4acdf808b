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
        if model == .i80286 && next() % 4 == 0 { loadCaches(&state) }
        return state
    }

    /// Segments as LOADALL can leave them: off their paragraphs or above 1 MB, short, growing down, read-only, invalid.
    private mutating func loadCaches(_ state: inout CPUState) {
        for (slot, selector) in [(9, state.es), (10, state.cs), (11, state.ss), (12, state.ds)] where next() % 2 == 0 {
            let (number, offset) = (next(), UInt32(truncatingIfNeeded: next()))
            var base = UInt32(selector) << 4 + offset & 0x3F
            var access: UInt16 = 0x93
            if slot != 10 {
                if number & 3 == 0 { base = 0x0F_8000 + offset & 0x03_FFFF }
                if number & 12 == 0 { access = [0x97, 0x91, 0x9B, 0x13][Int(number >> 4 & 3)] }
            }
            let limit = number & 0x100 == 0 ? 0xFFFF : word() | (slot == 10 ? 0xF000 : 0x8000)
            state.caches[slot] = DescriptorCache(
                selector: selector, UInt16(truncatingIfNeeded: base),
                access << 8 | UInt16(truncatingIfNeeded: base >> 16), limit: limit)
        }
    }
}
