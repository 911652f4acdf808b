import Core
import Testing
import X86

@testable import ProcessorSuites

/// The forms of the 80286 that the captured tests leave out, and what an 80186 has, for which there are none.
///
/// Source: [80286PRM]; what real mode refuses: its chapter on real-address mode. [LOADALL].
@Suite struct UncoveredForm80286Tests {
    // MARK: ENTER

    @Test(arguments: Chip.successors, [UInt8(0), 1, 2, 3, 31, 32, 33, 255])
    func `ENTER makes a frame with the frame pointers around it`(chip: Chip, level: UInt8) throws {
        try check(chip, [0xC8, 0x34, 0x02, level]) { state in
            state.sp = 0x1000
            for outer in UInt16(1)...31 { state.pokeWord(0x2000, 0x0200 - 2 * outer, 0xA000 + outer) }
        } after: { state in
            state.push(0x0200)
            let frame = state.sp
            let count = UInt16(level & 31)
            if count > 0 {
                for outer in 1..<count { state.push(0xA000 + outer) }
                state.push(frame)
            }
            state.bp = frame
            state.sp -= 0x0234
        }
    }

    @Test(arguments: Chip.i80286)
    func `ENTER faults where a word does not fit and changes no register`(chip: Chip) throws {
        // A frame pointer that is read at FFFFh.
        try checkFault(chip, [0xC8, 0x10, 0x00, 0x02], 13) { $0.bp = 0x0001 }
        try checkFault(chip, [0x26, 0xC8, 0x10, 0x00, 0x03], 13) { $0.bp = 0x0003 }
        // The last of four words is pushed to FFFFh.
        try checkFault(chip, [0xC8, 0x10, 0x00, 0x03], 13) { $0.sp = 0x0007 }
        // At level 0 there is only one word; the size is not looked at.
        try check(chip, [0xC8, 0x10, 0x00, 0x00]) {
            $0.sp = 0x0003
        } after: { state in
            state.push(0x0200)
            (state.bp, state.sp) = (0x0001, 0xFFF1)
        }
    }

    @Test(arguments: Chip.i80286)
    func `ENTER shuts the processor down when there is no room for the frame of its fault`(chip: Chip) throws {
        for (sp, level) in [(UInt16(1), UInt8(0)), (3, 1), (5, 2)] {
            var start = HandState()
            (start.sp, start.flags) = (sp, chip.model.normalizedFlags(0))
            let t = try HandMachine(chip, [0xC8, 0x10, 0x00, level], start)
            defer { t.close() }
            #expect(t.run() == .shutDown)
            #expect(t.registers.sp == sp)
            #expect(t.registers.bp == 0x0200)
        }
    }

    @Test(arguments: Chip.i80186)
    func `the stack of an 80186 wraps in ENTER`(chip: Chip) throws {
        try check(chip, [0xC8, 0x10, 0x00, 0x01]) {
            $0.sp = 0x0001
        } after: { state in
            state.push(0x0200, 0xFFFF)
            (state.bp, state.sp) = (0xFFFF, 0xFFED)
        }
    }

    // MARK: 0F

    @Test(arguments: Chip.i80286)
    func `0F 00, 02, 03 and what is not defined are invalid in real mode`(chip: Chip) throws {
        for second in UInt8(0)...255 where second != 1 && second != 5 && second != 6 {
            try checkFault(chip, [0x0F, second, 0x07], 6)
        }
        for modRM: UInt8 in [0x00, 0x07, 0x46, 0x86, 0xC0, 0xD8] {
            for reg in UInt8(0)..<8 {
                try checkFault(chip, [0x26, 0x0F, 0x00, modRM & 0xC7 | reg << 3, 0x10, 0x00], 6)
            }
            try checkFault(chip, [0xF0, 0x2E, 0x0F, 0x02, modRM, 0x10, 0x00], 6)
            try checkFault(chip, [0x0F, 0x03, modRM, 0x10, 0x00], 6)
        }
    }

    @Test(arguments: Chip.i80286)
    func `0F 01 has forms that are invalid`(chip: Chip) throws {
        for reg in UInt8(0)..<4 {
            for rm in UInt8(0)..<8 { try checkFault(chip, [0x36, 0x0F, 0x01, 0xC0 | reg << 3 | rm], 6) }
        }
        for reg: UInt8 in [5, 7] {
            for modRM: UInt8 in [0x07, 0x46, 0x80, 0xC1] {
                try checkFault(chip, [0x0F, 0x01, modRM | reg << 3, 0x10, 0x00], 6)
            }
        }
    }

    @Test(arguments: Chip.i80286, [UInt16(0x5678), 0x5679])
    func `SGDT, SIDT, LGDT and LIDT`(chip: Chip, bx: UInt16) throws {
        func prepare(_ state: inout HandState) {
            state.bx = bx
            (state.gdtBase, state.gdtLimit) = (0x12_3456, 0x789A)
            (state.idtBase, state.idtLimit) = (0x01_0002, 0x03FE)
        }
        try check(chip, [0x0F, 0x01, 0x07], prepare) { $0.pokeWord(0x3000, bx, 0x789A, 0x3456, 0xFF12) }
        try check(chip, [0x26, 0x0F, 0x01, 0x0F], prepare) { $0.pokeWord(0x4000, bx, 0x03FE, 0x0002, 0xFF01) }
        // The top byte of what is loaded does not count.
        for (modRM, isInterrupt) in [(UInt8(0x17), false), (0x1F, true)] {
            try check(chip, [0x36, 0x0F, 0x01, modRM]) { state in
                prepare(&state)
                state.pokeWord(0x2000, bx, 0x0FED, 0xCBA9, 0x5508)
            } after: { state in
                if isInterrupt {
                    (state.idtBase, state.idtLimit) = (0x08_CBA9, 0x0FED)
                } else {
                    (state.gdtBase, state.gdtLimit) = (0x08_CBA9, 0x0FED)
                }
            }
        }
    }

    @Test(arguments: Chip.i80286)
    func `SMSW, LMSW and CLTS`(chip: Chip) throws {
        for rm in 0..<8 {
            let modRM = UInt8(rm)
            try check(chip, [0x0F, 0x01, 0xE0 | modRM]) {
                $0.msw = 0xFFFA
            } after: {
                $0[rm] = 0xFFFA
            }
            try check(chip, [0x0F, 0x01, 0xF0 | modRM]) {
                $0[rm] = 0x55DC
            } after: {
                $0.msw = 0xFFFC
            }
        }
        try check(chip, [0x0F, 0x01, 0x27]) {
            $0.msw = 0xFFFA
        } after: {
            $0.pokeWord(0x3000, 0x5678, 0xFFFA)
        }
        try check(chip, [0x26, 0x0F, 0x01, 0x67, 0x01]) {
            $0.msw = 0xFFF6
        } after: {
            $0.pokeWord(0x4000, 0x5679, 0xFFF6)
        }
        try check(chip, [0x0F, 0x01, 0x37]) { state in
            state.msw = 0xFFFC
            state.pokeWord(0x3000, 0x5678, 0xFFF2)
        } after: {
            $0.msw = 0xFFF2
        }
        for msw: UInt16 in [0xFFF0, 0xFFF8, 0xFFFE] {
            try check(chip, [0x0F, 0x06]) {
                $0.msw = msw
            } after: {
                $0.msw = msw & ~8
            }
        }
    }

    @Test(arguments: Chip.i80286)
    func `LOADALL loads everything from 800h`(chip: Chip) throws {
        for flags: UInt16 in [0x0000, 0x0CD5, 0xF2D7] {
            try check(chip, [0x0F, 0x05]) { state in
                state.pokeWord(0, 0x0806, 0xFFFC)
                state.pokeWord(0, 0x0818, flags, 0x0210, 0x1111, 0x6100, 0x6200, 0x6300, 0x6400)
                state.pokeWord(0, 0x0826, 0x0D01, 0x0502, 0x0B03, 0x0304, 0x0B05, 0x0D06, 0x0C07, 0x0A08)
                for (index, base) in [UInt32(0x6_4000), 0x6_3000, 0x6_2000, 0x6_1000].enumerated() {
                    state.pokeWord(
                        0, 0x0836 + 6 * UInt16(index), UInt16(truncatingIfNeeded: base), 0x9300 | UInt16(base >> 16),
                        0xFFFF)
                }
                state.pokeWord(0, 0x084E, 0x3456, 0xFF12, 0x0987)
                state.pokeWord(0, 0x085A, 0x0002, 0xFF01, 0x03F7)
                state.poke(0x6300, 0x0210, 0xF4)
            } after: { state in
                (state.ds, state.ss, state.cs, state.es) = (0x6100, 0x6200, 0x6300, 0x6400)
                (state.di, state.si, state.bp, state.sp) = (0x0D01, 0x0502, 0x0B03, 0x0304)
                (state.bx, state.dx, state.cx, state.ax) = (0x0B05, 0x0D06, 0x0C07, 0x0A08)
                (state.msw, state.ip, state.flags) = (0xFFFC, 0x0211, flags & 0x0FD5 | 2)
                (state.gdtBase, state.gdtLimit) = (0x12_3456, 0x0987)
                (state.idtBase, state.idtLimit) = (0x01_0002, 0x03F7)
            }
        }
    }

    // MARK: Invalid opcodes

    @Test(arguments: Chip.successors)
    func `ARPL and 64 to 67 are invalid`(chip: Chip) throws {
        for opcode: UInt8 in 0x63...0x67 {
            for modRM: UInt8 in [0x07, 0x46, 0xC8] {
                try checkFault(chip, [opcode, modRM, 0x10], 6)
                try checkFault(chip, [0x26, 0xF3, opcode, modRM, 0x10], 6)
            }
        }
    }

    @Test(arguments: Chip.successors)
    func `forms that an 8086 has are invalid`(chip: Chip) throws {
        for reg in UInt8(1)...7 {
            for modRM in [reg << 3 | 0x07, 0xC0 | reg << 3] {
                for opcode: UInt8 in [0x8F, 0xC6, 0xC7] { try checkFault(chip, [0x26, opcode, modRM, 0, 0], 6) }
                if reg > 1 { try checkFault(chip, [0x26, 0xFE, modRM], 6) }
            }
        }
        for code: [UInt8] in [
            [0x62, 0xC1], [0x8D, 0xC1], [0xC4, 0xC1], [0xC5, 0xC1], [0xFF, 0xD8], [0xFF, 0xE8], [0xFF, 0xF8],
            [0xFF, 0x3F], [0x8E, 0xC8], [0x8C, 0xE0], [0x8E, 0xF8],
        ] {
            try checkFault(chip, code, 6)
            try checkFault(chip, [0x2E] + code, 6)
        }
    }

    @Test(arguments: Chip.i80186)
    func `0F, F1 and D6 are invalid on an 80186`(chip: Chip) throws {
        for code: [UInt8] in [[0x0F], [0x0F, 0x05], [0xF1], [0xD6], [0x26, 0x0F, 0x01, 0xE0]] {
            try checkFault(chip, code, 6)
        }
    }

    @Test(arguments: Chip.i80286)
    func `F1 is a prefix without effect, and a fault pushes its address`(chip: Chip) throws {
        try check(chip, [0xF1, 0x89, 0xD8]) { $0.ax = $0.bx }
        try checkFault(chip, [0xF1, 0x8D, 0xC1], 6)
    }

    // MARK: Coprocessor

    @Test(arguments: Chip.successors)
    func `ESC without a coprocessor does nothing`(chip: Chip) throws {
        for opcode: UInt8 in 0xD8...0xDF {
            for modRM in stride(from: UInt8(0x07), through: 0x3F, by: 8) {
                try check(chip, [opcode, modRM]) { _ in }
                try check(chip, [0x26, opcode, modRM | 0x40, 0x12]) { _ in }
                try check(chip, [opcode, modRM | 0xC0]) { _ in }
            }
        }
    }

    @Test(arguments: Chip.i80286)
    func `ESC with EM or TS, and WAIT with TS and MP, raise vector 7`(chip: Chip) throws {
        for msw: UInt16 in [0xFFF4, 0xFFF8, 0xFFFC, 0xFFFE] {
            for opcode: UInt8 in 0xD8...0xDF {
                try checkFault(chip, [opcode, 0x07], 7) { $0.msw = msw }
                try checkFault(chip, [0x26, 0xF0, opcode, 0xC1], 7) { $0.msw = msw }
            }
        }
        for opcode: UInt8 in 0xD8...0xDF {
            try check(chip, [opcode, 0x07]) {
                $0.msw = 0xFFF2
            } after: { _ in
            }
        }
        for msw: UInt16 in [0xFFFA, 0xFFFE] {
            try checkFault(chip, [0x9B], 7) { $0.msw = msw }
            try checkFault(chip, [0x36, 0x9B], 7) { $0.msw = msw }
        }
        for msw: UInt16 in [0xFFF2, 0xFFF8, 0xFFF4] {
            try check(chip, [0x9B]) {
                $0.msw = msw
            } after: { _ in
            }
        }
    }

    // MARK: Vectors 8 and 13

    @Test(arguments: Chip.i80286)
    func `INT beyond the limit of the table raises vector 8`(chip: Chip) throws {
        for (limit, vector) in [(UInt16(0x3F), UInt8(0x10)), (0x3E, 0x0F), (0x3C, 0x0F), (0x23, 0xFF)] {
            try checkFault(chip, [0xCD, vector], 8) { $0.idtLimit = limit }
            try checkFault(chip, [0x26, 0xCD, vector], 8) { $0.idtLimit = limit }
        }
        try check(chip, [0xCD, 0x0F]) {
            $0.idtLimit = 0x3F
        } after: {
            $0.enter(0x0F, from: 0x0102)
        }
    }

    @Test(arguments: Chip.i80286)
    func `the table that LIDT has loaded is used`(chip: Chip) throws {
        func prepare(_ state: inout HandState) {
            state.pokeWord(0x3000, 0x5678, 0x000F, 0x0008, 0x0006)
            state.pokeWord(0x6000, 0x0008 + 4 * 3, 0x0770, 0x5000)
        }
        // INT 10h is beyond the limit, and so is vector 8.
        try check(
            chip, [0x0F, 0x01, 0x1F, 0xCD, 0x10], prepare,
            after: { ($0.idtBase, $0.idtLimit, $0.ip) = (0x6_0008, 0x000F, 0x0103) }, end: .shutDown)
        try check(chip, [0x0F, 0x01, 0x1F, 0xCD, 0x03], prepare) { state in
            (state.idtBase, state.idtLimit) = (0x6_0008, 0x000F)
            state.enter(0x77, from: 0x0105)
        }
    }

    @Test(arguments: Chip.i80286)
    func `a word at FFFFh raises vector 13`(chip: Chip) throws {
        for code: [UInt8] in [
            [0xA1, 0xFF, 0xFF], [0xA3, 0xFF, 0xFF], [0x8B, 0x07], [0x89, 0x07], [0x26, 0x01, 0x07], [0xC4, 0x07],
            [0xC5, 0x47, 0xFE], [0x62, 0x07], [0xFF, 0x17], [0xFF, 0x1F], [0xFF, 0x6F, 0xFE], [0xFF, 0x37],
            [0x0F, 0x01, 0x27], [0x0F, 0x01, 0x37], [0x0F, 0x01, 0x17], [0x0F, 0x01, 0x1F], [0x36, 0x0F, 0x01, 0x07],
            [0x0F, 0x01, 0x0F], [0x0F, 0x01, 0x57, 0xFE], [0x0F, 0x01, 0x5F, 0xFC], [0xD9, 0x07], [0xDD, 0x1F],
        ] {
            try checkFault(chip, code, 13) { $0.bx = 0xFFFF }
        }
    }

    // MARK: 80186

    @Test(arguments: Chip.successors)
    func `BOUND is silent inside its bounds and raises vector 5 outside`(chip: Chip) throws {
        func bounds(_ ax: UInt16) -> (inout HandState) -> Void {
            { state in
                state.ax = ax
                state.pokeWord(0x3000, 0x5678, 0xFFFE, 0x0005)
            }
        }
        for ax: UInt16 in [0xFFFE, 0xFFFF, 0, 5] { try check(chip, [0x62, 0x07], bounds(ax)) { _ in } }
        for ax: UInt16 in [0xFFFD, 0x8000, 6, 0x7FFF] {
            try checkFault(chip, [0x62, 0x07], 5, bounds(ax))
            try checkFault(chip, [0x3E, 0x62, 0x07], 5, bounds(ax))
        }
    }

    @Test(arguments: Chip.successors)
    func `shift counts have five bits`(chip: Chip) throws {
        for code: [UInt8] in [[0xD3, 0xE0], [0xC1, 0xE0, 0x21], [0xC1, 0xE0, 0xE1]] {
            try check(chip, code) {
                $0.cx = 0x0021
            } after: { state, got in
                state.ax = 0x2468
                state.flags = state.flags & ~Flag.arithmetic | got.flags & Flag.auxiliary
            }
        }
        for code: [UInt8] in [
            [0xD3, 0xE0], [0xD2, 0xC8], [0xC1, 0xE8, 0x20], [0xC0, 0xD0, 0x40], [0xC1, 0xF8, 0x00],
        ] {
            try check(chip, code) {
                $0.cx = 0x0020
            } after: { _ in
            }
        }
    }

    @Test(arguments: Chip.successors)
    func `PUSH of an immediate operand`(chip: Chip) throws {
        try check(chip, [0x68, 0xAD, 0xBE]) { $0.push(0xBEAD) }
        try check(chip, [0x6A, 0x7F]) { $0.push(0x007F) }
        try check(chip, [0x6A, 0x80]) { $0.push(0xFF80) }
    }

    @Test(arguments: Chip.successors)
    func `LEAVE takes a frame down`(chip: Chip) throws {
        try check(chip, [0xC9]) {
            $0.pokeWord(0x2000, 0x0200, 0xBEAD)
        } after: {
            ($0.sp, $0.bp) = (0x0202, 0xBEAD)
        }
    }
}
