import Core
import Testing
import X86

@testable import ProcessorSuites

/// The forms of the 8086 and 8088 that the captured tests leave out, by hand: A5 from A4, the rest from the manual and, for
/// what is undocumented, from the neighbouring forms and the microcode.
@Suite struct UncoveredForm8086Tests {
    private static let prefixes: [(byte: UInt8, segment: UInt16)] = [
        (0x26, 0x4000), (0x2E, 0x1000), (0x36, 0x2000), (0x3E, 0x3000),
    ]

    // MARK: A5

    @Test(arguments: Chip.all, [UInt16(0), 1, 2, 3])
    func `MOVSW moves a word up or down`(chip: Chip, odd: UInt16) throws {
        let place = (si: 0x0300 + (odd & 1), di: 0x0400 + (odd >> 1))
        for isDown in [false, true] {
            try check(chip, [0xA5]) { state in
                (state.si, state.di) = place
                state.pokeWord(0x3000, place.si, 0xBEAD)
                if isDown { state.flags |= Flag.direction }
            } after: { state in
                state.pokeWord(0x4000, place.di, 0xBEAD)
                state.si = isDown ? place.si - 2 : place.si + 2
                state.di = isDown ? place.di - 2 : place.di + 2
            }
        }
    }

    @Test(arguments: Chip.all)
    func `a segment override of MOVSW is for the source`(chip: Chip) throws {
        for (prefix, segment) in Self.prefixes {
            for code in [[prefix, 0xA5], [0x3E, prefix, 0xA5], [0xF0, prefix, 0xA5], [prefix, 0xF0, 0xA5]] {
                try check(chip, code) { state in
                    state.pokeWord(segment, 0x0300, 0xBEAD)
                } after: { state in
                    state.pokeWord(0x4000, 0x0400, 0xBEAD)
                    (state.si, state.di) = (0x0302, 0x0402)
                }
            }
        }
    }

    @Test(arguments: Chip.original)
    func `the words of MOVSW wrap at the end of the segment`(chip: Chip) throws {
        try check(chip, [0xA5]) { state in
            state.si = 0xFFFF
            state.poke(0x3000, 0xFFFF, 0xAD, 0xBE)
        } after: { state in
            state.pokeWord(0x4000, 0x0400, 0xBEAD)
            (state.si, state.di) = (0x0001, 0x0402)
        }
        try check(chip, [0xA5]) { state in
            state.di = 0xFFFF
            state.pokeWord(0x3000, 0x0300, 0xBEAD)
        } after: { state in
            state.poke(0x4000, 0xFFFF, 0xAD, 0xBE)
            (state.si, state.di) = (0x0302, 0x0001)
        }
        try check(chip, [0xA5]) { state in
            (state.si, state.di) = (0x0000, 0x0001)
            state.flags |= Flag.direction
            state.pokeWord(0x3000, 0, 0xBEAD)
        } after: { state in
            state.pokeWord(0x4000, 1, 0xBEAD)
            (state.si, state.di) = (0xFFFE, 0xFFFF)
        }
    }

    @Test(arguments: Chip.all)
    func `REP MOVSW moves CX words`(chip: Chip) throws {
        for (prefix, si, di) in [(UInt8(0xF3), UInt16(0x0300), UInt16(0x0400)), (0xF2, 0x0301, 0x0405)] {
            try check(chip, [prefix, 0xA5]) { state in
                (state.cx, state.si, state.di) = (3, si, di)
                state.pokeWord(0x3000, si, 0x1122, 0x3344, 0x5566, 0x7788)
            } after: { state in
                state.pokeWord(0x4000, di, 0x1122, 0x3344, 0x5566)
                (state.cx, state.si, state.di) = (0, si + 6, di + 6)
            }
            try check(chip, [prefix, 0xA5]) { state in
                (state.cx, state.si, state.di) = (3, si, di)
                state.flags |= Flag.direction
                state.pokeWord(0x3000, si - 4, 0x1122, 0x3344, 0x5566)
            } after: { state in
                state.pokeWord(0x4000, di - 4, 0x1122, 0x3344, 0x5566)
                (state.cx, state.si, state.di) = (0, si - 6, di - 6)
            }
            try check(chip, [prefix, 0xA5]) {
                $0.cx = 0
            } after: { _ in
            }
        }
    }

    @Test(arguments: Chip.all)
    func `REP MOVSW with a segment override, on either side of REP`(chip: Chip) throws {
        for (prefix, segment) in Self.prefixes {
            for code in [[prefix, 0xF3, 0xA5], [0xF3, prefix, 0xA5], [0xF0, prefix, 0xF3, 0xA5]] {
                try check(chip, code) { state in
                    state.cx = 2
                    state.pokeWord(segment, 0x0300, 0x1122, 0x3344)
                } after: { state in
                    state.pokeWord(0x4000, 0x0400, 0x1122, 0x3344)
                    (state.cx, state.si, state.di) = (0, 0x0304, 0x0404)
                }
            }
        }
    }

    @Test(arguments: Chip.all)
    func `REP MOVSW over its own source goes word by word`(chip: Chip) throws {
        try check(chip, [0xF3, 0xA5]) { state in
            (state.es, state.cx, state.di) = (0x3000, 3, 0x0302)
            state.pokeWord(0x3000, 0x0300, 0xBEAD)
        } after: { state in
            state.pokeWord(0x3000, 0x0302, 0xBEAD, 0xBEAD, 0xBEAD)
            (state.cx, state.si, state.di) = (0, 0x0306, 0x0308)
        }
        // Not a multiple of the size.
        try check(chip, [0xF3, 0xA5]) { state in
            (state.es, state.cx, state.di) = (0x3000, 2, 0x0301)
            state.poke(0x3000, 0x0300, 0x11, 0x22, 0x33, 0x44)
        } after: { state in
            state.poke(0x3000, 0x0301, 0x11, 0x22, 0x22, 0x44)
            (state.cx, state.si, state.di) = (0, 0x0304, 0x0305)
        }
    }

    @Test(arguments: Chip.original)
    func `REP MOVSW wraps at the end of the segment`(chip: Chip) throws {
        try check(chip, [0xF3, 0xA5]) { state in
            (state.cx, state.si, state.di) = (3, 0xFFFD, 0xFFFB)
            state.poke(0x3000, 0xFFFD, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66)
        } after: { state in
            state.poke(0x4000, 0xFFFB, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66)
            (state.cx, state.si, state.di) = (0, 0x0003, 0x0001)
        }
    }

    // MARK: 0F, 9B, F4

    @Test(arguments: Chip.original)
    func `POP CS loads CS and goes on at the next offset`(chip: Chip) throws {
        try check(chip, [0x0F]) { state in
            state.pokeWord(0x2000, 0x0100, 0x6000)
            state.poke(0x6000, 0x0101, 0xF4)
        } after: { state in
            (state.cs, state.sp) = (0x6000, 0x0102)
        }
    }

    @Test(arguments: Chip.original)
    func `POP CS holds interrupts back for one instruction, as the other POPs of a segment register do`(
        chip: Chip
    ) throws {
        var start = HandState()
        start.flags = chip.model.normalizedFlags(0)
        start.pokeWord(0x2000, 0x0100, 0x6000)
        start.poke(0x6000, 0x0101, 0x89, 0xD8, 0xF4)
        let t = try HandMachine(chip, [0x0F, 0x89, 0xD8], start)
        defer { t.close() }
        #expect(t.machine.step() == .instruction)
        t.registers.state.pointee.isNMIPending = true
        #expect(t.run() == .halted)
        start.ip = 0x0103
        (start.cs, start.ax, start.sp) = (0x6000, start.bx, 0x0102)
        start.enter(2, from: 0x0103)
        #expect(t.state == t.changed(start))
    }

    @Test(arguments: Chip.all)
    func `WAIT goes on when there is no coprocessor`(chip: Chip) throws {
        try check(chip, [0x9B]) { _ in }
        try check(chip, [0x26, 0x9B]) { _ in }
    }

    @Test(arguments: Chip.all)
    func `HLT is ended by a request with IF set and by NMI`(chip: Chip) throws {
        for (isNMI, isEnabled) in [(false, true), (false, false), (true, true), (true, false)] {
            var start = HandState()
            start.flags = chip.model.normalizedFlags(isEnabled ? Flag.interrupt : 0)
            let t = try HandMachine(chip, [0xF4], start)
            defer { t.close() }
            #expect(t.machine.step() == .instruction || t.registers.state.pointee.isHalted)
            #expect(t.machine.step() == .halted)
            var wanted = start
            wanted.ip = 0x0101
            #expect(t.state == wanted)
            t.machine.vector = 0x42
            if isNMI {
                t.registers.state.pointee.isNMIPending = true
            } else {
                t.registers.state.pointee.isInterruptRequested = true
            }
            #expect(t.run() == .halted)
            if isNMI || isEnabled { wanted.enter(isNMI ? 2 : 0x42, from: 0x0101) }
            #expect(t.state == t.changed(wanted))
        }
    }

    // MARK: Prefixes

    @Test(arguments: Chip.all)
    func `the last segment override counts`(chip: Chip) throws {
        for (prefix, segment) in Self.prefixes {
            for code in [[prefix], [0x26, 0x2E, prefix], [0x36, 0x3E, 0xF3, prefix], [prefix, 0xF2, 0xF0]] {
                try check(chip, code + [0x8B, 0x07]) { state in
                    for (index, other) in Self.prefixes.enumerated() {
                        state.pokeWord(other.segment, state.bx, 0x1111 * UInt16(index + 1))
                    }
                } after: { state in
                    state.ax = 0x1111 * UInt16((Self.prefixes.firstIndex { $0.segment == segment } ?? 0) + 1)
                }
            }
        }
    }

    @Test(arguments: Chip.all)
    func `prefixes are without effect where they do not apply`(chip: Chip) throws {
        // F1 is LOCK on an 8086, without effect on an 80286.
        let all: [UInt8] = [0x26, 0x2E, 0x36, 0x3E, 0xF0, 0xF2, 0xF3] + (chip.model == .i80186 ? [] : [0xF1])
        for prefix in all {
            try check(chip, [prefix, 0x89, 0xD8]) { $0.ax = $0.bx }
            try check(chip, [prefix, 0x90]) { _ in }
            try check(chip, [prefix, 0x01, 0xD8]) {
                ($0.ax, $0.flags) = (0, 0)
            } after: { state in
                state.ax = state.bx
                state.flags = chip.model.normalizedFlags(Flag.parity)
            }
        }
        try check(chip, all + [0x89, 0xD8]) { $0.ax = $0.bx }
        try check(chip, Array(all.reversed()) + [0x89, 0xD8]) { $0.ax = $0.bx }
    }

    @Test(arguments: Chip.original)
    func `any number of prefixes is one instruction`(chip: Chip) throws {
        try check(chip, [UInt8](repeating: 0x36, count: 40) + [0x89, 0x07]) { state in
            state.pokeWord(0x2000, state.bx, state.ax)
        }
    }

    @Test(arguments: Chip.all)
    func `LOCK changes nothing in what an instruction does`(chip: Chip) throws {
        try check(chip, [0xF0, 0x87, 0x07]) {
            $0.pokeWord(0x3000, 0x5678, 0xBEAD)
        } after: { state in
            state.pokeWord(0x3000, 0x5678, 0x1234)
            state.ax = 0xBEAD
        }
        try check(chip, [0xF0, 0xF6, 0x17]) {
            $0.poke(0x3000, 0x5678, 0x5A)
        } after: {
            $0.poke(0x3000, 0x5678, 0xA5)
        }
        try check(chip, [0xF0, 0xEB, 0x00]) { _ in }
    }
}
