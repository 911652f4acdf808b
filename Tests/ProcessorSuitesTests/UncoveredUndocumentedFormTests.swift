import Core
import Testing
import X86

@testable import ProcessorSuites

/// Undocumented forms of the 8086 and 8088 that the captured tests leave out, and repeat prefixes where they do something
/// else than repeat.
@Suite struct UncoveredUndocumentedFormTests {
    // MARK: 8F, 8D, C4, C5

    @Test(arguments: Chip.original)
    func `8F is POP whatever its reg field says`(chip: Chip) throws {
        for reg in UInt8(1)...7 {
            try check(chip, [0x8F, reg << 3 | 0x07]) {
                $0.pokeWord(0x2000, 0x0100, 0xBEAD)
            } after: { state in
                state.pokeWord(0x3000, 0x5678, 0xBEAD)
                state.sp = 0x0102
            }
            for rm in 0..<8 {
                try check(chip, [0x8F, 0xC0 | reg << 3 | UInt8(rm)]) {
                    $0.pokeWord(0x2000, 0x0100, 0xBEAD)
                } after: { state in
                    state.sp = 0x0102
                    state[rm] = 0xBEAD
                }
            }
        }
    }

    /// What is loaded is left in an internal register from before.
    @Test(arguments: Chip.original)
    func `LEA, LES and LDS of a register change nothing but what they load`(chip: Chip) throws {
        for modRM in UInt8(0xC0)...0xFF {
            let reg = Int(modRM >> 3 & 7)
            try check(chip, [0x8D, modRM]) { state, got in state[reg] = got[reg] }
            try check(chip, [0xC4, modRM]) { state, got in (state[reg], state.es) = (got[reg], got.es) }
            try check(chip, [0xC5, modRM]) { state, got in (state[reg], state.ds) = (got[reg], got.ds) }
        }
    }

    // MARK: FE and FF

    @Test(arguments: Chip.original)
    func `FF with a register operand`(chip: Chip) throws {
        for rm in 0..<8 {
            func prepare(_ state: inout HandState) {
                state[rm] = 0x0480
                state.poke(0x1000, 0x0480, 0xF4)
            }
            let code: (UInt8) -> [UInt8] = { [0xFF, 0xC0 | $0 << 3 | UInt8(rm)] }
            try check(chip, code(2), prepare) { state in
                state.push(0x0102)
                state.ip = 0x0481
            }
            try check(chip, code(4), prepare) { $0.ip = 0x0481 }
            for reg in UInt8(6)...7 {
                // SP has been lowered when it is read.
                try check(chip, code(reg), prepare) { $0.push(rm == 4 ? 0x047E : 0x0480) }
            }
        }
    }

    @Test(arguments: Chip.original)
    func `FE with a low byte register is seen as a word and pushes bytes`(chip: Chip) throws {
        for rm in 0..<4 {
            func prepare(_ state: inout HandState) {
                state[rm] = 0x0480
                state.poke(0x1000, 0x0480, 0xF4)
            }
            let code: (UInt8) -> [UInt8] = { [0xFE, 0xC0 | $0 << 3 | UInt8(rm)] }
            try check(chip, code(2), prepare) { state in
                state.sp = 0x00FE
                state.poke(0x2000, 0x00FE, 0x02)
                state.ip = 0x0481
            }
            try check(chip, code(4), prepare) { $0.ip = 0x0481 }
            for reg in UInt8(6)...7 {
                try check(chip, code(reg), prepare) { state in
                    state.sp = 0x00FE
                    state.poke(0x2000, 0x00FE, 0x80)
                }
                try check(chip, [0xFE, 0xC4 | reg << 3 | UInt8(rm)], prepare) { state in
                    state.sp = 0x00FE
                    state.poke(0x2000, 0x00FE, 0x04)
                }
            }
        }
    }

    @Test(arguments: Chip.original)
    func `FE with memory reads and pushes bytes, and the upper half is FFh`(chip: Chip) throws {
        func prepare(_ state: inout HandState) {
            state.poke(0x3000, 0x5678, 0x34, 0x12, 0x56, 0x78)
            state.poke(0x1000, 0xFF34, 0xF4)
            state.poke(0xFF56, 0xFF34, 0xF4)
        }
        try check(chip, [0xFE, 0x17], prepare) { state in
            state.sp = 0x00FE
            state.poke(0x2000, 0x00FE, 0x02)
            state.ip = 0xFF35
        }
        try check(chip, [0xFE, 0x1F], prepare) { state in
            state.sp = 0x00FC
            state.poke(0x2000, 0x00FE, 0x00)
            state.poke(0x2000, 0x00FC, 0x02)
            (state.cs, state.ip) = (0xFF56, 0xFF35)
        }
        try check(chip, [0xFE, 0x27], prepare) { $0.ip = 0xFF35 }
        try check(chip, [0xFE, 0x2F], prepare) { ($0.cs, $0.ip) = (0xFF56, 0xFF35) }
        for modRM: UInt8 in [0x37, 0x3F] {
            try check(chip, [0xFE, modRM], prepare) { state in
                state.sp = 0x00FE
                state.poke(0x2000, 0x00FE, 0x34)
            }
        }
    }

    /// Where they go is left in internal registers from before.
    @Test(arguments: Chip.original)
    func `far transfers by a register are no trap and leave the registers alone`(chip: Chip) throws {
        for (opcode, reg) in [(UInt8(0xFF), UInt8(3)), (0xFF, 5), (0xFE, 3), (0xFE, 5)] {
            for rm in UInt8(0)..<8 {
                var start = HandState()
                start.flags = chip.model.normalizedFlags(Flag.arithmetic)
                let t = try HandMachine(chip, [opcode, 0xC0 | reg << 3 | rm], start)
                defer { t.close() }
                #expect(t.machine.step() == .instruction)
                let got = t.state
                #expect(got.cs != HandMachine.handlers)
                (start.cs, start.ip, start.memory) = (got.cs, got.ip, got.memory)
                if reg == 3 { start.sp = got.sp }
                #expect(got == start)
            }
        }
    }

    // MARK: REP

    /// A repeat prefix and a negative product share a flag in the microcode, so the product is negated.
    @Test(arguments: Chip.original)
    func `REP negates the product of MUL and IMUL`(chip: Chip) throws {
        let undefined = Flag.sign | Flag.zero | Flag.auxiliary | Flag.parity
        func wanted(_ state: inout HandState, _ got: HandState, isWide: Bool) {
            let wide: UInt16 = isWide ? Flag.carry | Flag.overflow : 0
            state.flags = state.flags & ~Flag.arithmetic | got.flags & undefined | wide
        }
        for (prefix, al, bl, unsigned, signed) in [
            (UInt8(0xF3), UInt8(3), UInt8(5), UInt16(0xFFF1), UInt16(0xFFF1)), (0xF2, 0xFD, 5, 0xFB0F, 0x000F),
            (0xF3, 0xFD, 0xFB, 0x07F1, 0xFFF1), (0xF2, 0, 9, 0, 0), (0xF3, 0x80, 0x80, 0xC000, 0xC000),
        ] {
            for (modRM, product) in [(UInt8(0xE3), unsigned), (0xEB, signed)] {
                try check(chip, [prefix, 0xF6, modRM]) { state in
                    (state.ax, state.bx) = (0x7700 | UInt16(al), 0x6600 | UInt16(bl))
                } after: { state, got in
                    state.ax = product
                    let extended = UInt16(bitPattern: Int16(Int8(truncatingIfNeeded: product)))
                    wanted(&state, got, isWide: modRM == 0xE3 ? product > 0xFF : product != extended)
                }
            }
        }
        try check(chip, [0xF3, 0xF7, 0xE3]) {
            ($0.ax, $0.bx) = (0x1000, 0x0020)
        } after: { state, got in
            (state.dx, state.ax) = (0xFFFE, 0x0000)
            wanted(&state, got, isWide: true)
        }
        try check(chip, [0xF3, 0xF7, 0xEB]) {
            ($0.ax, $0.bx) = (0xFFFF, 0x0020)
        } after: { state, got in
            (state.dx, state.ax) = (0x0000, 0x0020)
            wanted(&state, got, isWide: false)
        }
    }

    @Test(arguments: Chip.successors)
    func `REP does not change a product of the successors`(chip: Chip) throws {
        try check(chip, [0xF3, 0xF6, 0xE3]) {
            ($0.ax, $0.bx) = (3, 5)
        } after: { state, got in
            (state.ax, state.flags) = (15, got.flags)
        }
    }

    /// An 8086 asks for interrupts before it looks at CX, and so comes back to REP once more when a trap follows the last
    /// element (the microcode's routines of the string instructions, RPTI). Where the comparison ends a repetition, it does
    /// so before.
    @Test(
        arguments: Chip.all + [
            Chip(model: .i8086, engine: .fast, fixedClocks: 1), Chip(model: .i8086, engine: .exact, fixedClocks: 1),
            Chip(model: .i80186, engine: .fast, fixedClocks: 1),
        ])
    func `each element of a repeated instruction is followed by a trap`(chip: Chip) throws {
        for opcode: UInt8 in [0xA4, 0xA5, 0xAA, 0xAB, 0xAC, 0xAD, 0xA6, 0xA7, 0xAE, 0xAF] {
            var start = HandState()
            start.flags = chip.model.normalizedFlags(Flag.trap)
            (start.cx, start.ax) = (3, 0xCCCC)
            let isComparison = opcode & 0xF6 == 0xA6
            var seen = try traps(chip, [0xF3, opcode, 0x90, 0x90], start, count: 5)
            var wanted = [[0x0100, 2], [0x0100, 1], [0x0102, 0], [0x0103, 0], [0x0104, 0]] as [[UInt16]]
            if chip.model.isOriginal {
                wanted.insert([0x0100, 0], at: 2)
                wanted.removeLast()
            }
            #expect(seen == wanted, "\(hex(opcode))")
            guard isComparison else { continue }
            seen = try traps(chip, [0xF2, opcode, 0x90, 0x90], start, count: 2)
            #expect(seen == [[0x0102, 2], [0x0103, 2]], "\(hex(opcode))")
        }
    }

    /// The return address and CX of the first traps.
    private func traps(_ chip: Chip, _ code: [UInt8], _ start: HandState, count: Int) throws -> [[UInt16]] {
        let t = try HandMachine(chip, code, start)
        defer { t.close() }
        var seen: [[UInt16]] = []
        while seen.count < count {
            #expect(t.run() == .halted)
            let r = t.registers
            guard r.cs == HandMachine.handlers, r.ip == 0x0011 else { break }
            func stack(_ index: UInt16) -> UInt16 { t.machine.memory.read16(FarPointer(r.ss, r.sp &+ 2 &* index)) }
            seen.append([stack(0), r.cx])
            (r.ip, r.cs, r.flags) = (stack(0), stack(1), stack(2))
            r.sp &+= 6
            r.state.pointee.isHalted = false
        }
        return seen
    }
}
