import Core
import Testing
import X86

@testable import ProcessorSuites

/// Segments whose base, limit and access rights LOADALL has set, on both engines.
///
/// Source: [LOADALL].
@Suite struct LoadAllTests {
    /// A segment register with what lies beside it.
    private struct Segment {
        var selector: UInt16
        var base: UInt32
        var limit: UInt16 = 0xFFFF
        var access: UInt8 = 0x93
    }

    /// A machine whose code begins with LOADALL; `code` stands where that leads to, at offset 0200h of CS.
    private static func machine(
        _ chip: Chip, _ code: [UInt8], es: Segment? = nil, cs: Segment? = nil, ss: Segment? = nil, ds: Segment? = nil,
        prepare: (inout HandState) -> Void = { _ in }
    ) throws -> HandMachine {
        var state = HandState()
        prepare(&state)
        state.pokeWord(0, 0x0806, 0xFFF0)
        let cs = cs ?? Segment(selector: 0x1000, base: 0x1_0000)
        let ss = ss ?? Segment(selector: 0x2000, base: 0x2_0000)
        let ds = ds ?? Segment(selector: 0x3000, base: 0x3_0000)
        let es = es ?? Segment(selector: 0x4000, base: 0x4_0000)
        state.pokeWord(0, 0x0818, 0x0002, 0x0200, 0, ds.selector, ss.selector, cs.selector, es.selector)
        state.pokeWord(0, 0x0826, state.di, state.si, state.bp, state.sp, state.bx, state.dx, state.cx, state.ax)
        for (index, segment) in [es, cs, ss, ds].enumerated() {
            state.pokeWord(
                0, 0x0836 + 6 * UInt16(index), UInt16(truncatingIfNeeded: segment.base),
                UInt16(segment.access) << 8 | UInt16(segment.base >> 16), segment.limit)
        }
        state.pokeWord(0, 0x085A, 0, 0, 0x03FF)
        for (index, byte) in (code + [0xF4]).enumerated() {
            state.memory[(cs.base + 0x0200 + UInt32(index)) & 0xF_FFFF] = byte
        }
        return try HandMachine(chip, [0x0F, 0x05], state)
    }

    private static func word(_ t: HandMachine, _ address: Int) -> UInt16 {
        UInt16(t.machine.memory.physical[address]) | UInt16(t.machine.memory.physical[address + 1]) << 8
    }

    /// The vector of the handler that a machine has halted in.
    private static func handler(_ t: HandMachine) -> Int? {
        t.registers.cs == HandMachine.handlers ? Int(t.registers.ip) >> 4 : nil
    }

    private static let chips =
        Chip.i80286 + Chip.i80286.map { Chip(model: $0.model, engine: $0.engine, fixedClocks: 4) }

    @Test(arguments: chips, [UInt32(0x10_0000), 0x11_2344, 0x11_2345, 0x0A_0123])
    func `data is where the base says, whatever the selector`(chip: Chip, base: UInt32) throws {
        // MOV AX,[10]; MOV [21],AX; INC BYTE [30]; MOV BX,DS
        let code: [UInt8] = [0xA1, 0x10, 0, 0xA3, 0x21, 0, 0xFE, 0x06, 0x30, 0, 0x8C, 0xDB]
        let t = try LoadAllTests.machine(chip, code, ds: Segment(selector: 0x0123, base: base))
        defer { t.close() }
        let physical = t.machine.memory.physical
        (physical[Int(base) + 0x10], physical[Int(base) + 0x11], physical[Int(base) + 0x30]) = (0x34, 0x12, 0x7F)
        #expect(t.run() == .halted)
        #expect(LoadAllTests.handler(t) == nil)
        #expect(t.registers.ax == 0x1234)
        #expect(LoadAllTests.word(t, Int(base) + 0x21) == 0x1234)
        #expect(physical[Int(base) + 0x30] == 0x80)
        #expect(t.registers.bx == 0x0123)
    }

    @Test(arguments: chips)
    func `address line 20 counts above 1 MB, and nothing answers where no memory is`(chip: Chip) throws {
        let t = try LoadAllTests.machine(chip, [0xA1, 0, 0], ds: Segment(selector: 0, base: 0x17_5000))
        defer { t.close() }
        #expect(t.run() == .halted)
        #expect(t.registers.ax == 0xFFFF)
        let u = try LoadAllTests.machine(chip, [0xA1, 0, 0], ds: Segment(selector: 0, base: 0x17_5000)) {
            $0.memory[0x7_5000] = 0xCD
            $0.memory[0x7_5001] = 0xAB
        }
        defer { u.close() }
        u.machine.memory.setA20(false)
        #expect(u.run() == .halted)
        #expect(u.registers.ax == 0xABCD)
    }

    @Test(arguments: chips)
    func `code runs where the base says until a far transfer`(chip: Chip) throws {
        // At the base: JMP +2; HLT HLT; INC AX; then a far jump to the same selector and offset 0300h.
        let code: [UInt8] = [0xEB, 0x02, 0xF4, 0xF4, 0x40, 0xEA, 0x00, 0x03, 0x00, 0x60]
        for base: UInt32 in [0x7_1000, 0x7_1003] {
            let t = try LoadAllTests.machine(chip, code, cs: Segment(selector: 0x6000, base: base)) {
                $0.poke(0x6000, 0x0300, 0x43, 0xF4)
            }
            defer { t.close() }
            #expect(t.run() == .halted)
            #expect(t.registers.ax == 0x1235)
            #expect(t.registers.bx == 0x5679)
            #expect(t.registers.codePointer == FarPointer(0x6000, 0x0302))
        }
    }

    @Test(arguments: chips)
    func `code runs in extended memory`(chip: Chip) throws {
        let t = try LoadAllTests.machine(chip, [], cs: Segment(selector: 0x6000, base: 0x11_8001))
        defer { t.close() }
        for (index, byte) in ([0x40, 0xBB, 0x78, 0x56, 0xE8, 0x01, 0x00, 0xF4, 0x43, 0xC3] as [UInt8]).enumerated() {
            t.machine.memory.physical[0x11_8201 + index] = byte
        }
        #expect(t.run() == .halted)
        #expect(t.registers.ax == 0x1235)
        #expect(t.registers.bx == 0x5679)
        #expect(t.registers.codePointer == FarPointer(0x6000, 0x0208))
    }

    @Test(arguments: chips)
    func `loading the segment register ends it, also with the same selector`(chip: Chip) throws {
        // MOV AX,DS; MOV DS,AX; MOV AX,[0]
        let far = Segment(selector: 0x3000, base: 0x10_0000, limit: 0x0010)
        for code: [UInt8] in [
            [0x8C, 0xD8, 0x8E, 0xD8, 0xA1, 0, 0x20], [0x1E, 0x1F, 0xA1, 0, 0x20],
            [0xC5, 0x1E, 0x04, 0x00, 0xA1, 0, 0x20],
        ] {
            let t = try LoadAllTests.machine(chip, code, ds: far) { $0.pokeWord(0x3000, 0x2000, 0x4321) }
            defer { t.close() }
            (t.machine.memory.physical[0x10_0006], t.machine.memory.physical[0x10_0007]) = (0x00, 0x30)
            #expect(t.run() == .halted)
            #expect(LoadAllTests.handler(t) == nil)
            #expect(t.registers.ax == 0x4321)
            #expect(!t.registers.state.pointee.caches.areLoaded)
        }
    }

    @Test(arguments: chips)
    func `a violation raises vector 13 and changes nothing`(chip: Chip) throws {
        let short = Segment(selector: 0x3000, base: 0x3_0000, limit: 0x0FFF)
        let down = Segment(selector: 0x3000, base: 0x3_0000, limit: 0x0FFF, access: 0x97)
        let readOnly = Segment(selector: 0x3000, base: 0x3_0000, access: 0x91)
        let executeOnly = Segment(selector: 0x3000, base: 0x3_0000, access: 0x99)
        let invalid = Segment(selector: 0x3000, base: 0x3_0000, access: 0x13)
        let cases: [(Segment, [UInt8], isFault: Bool)] = [
            (short, [0xA1, 0xFE, 0x0F], false), (short, [0xA1, 0xFF, 0x0F], true),
            (short, [0xA0, 0xFF, 0x0F], false), (short, [0xA0, 0x00, 0x10], true),
            (short, [0x01, 0x06, 0xFF, 0x0F], true), (short, [0x00, 0x06, 0x00, 0x10], true),
            (short, [0xF6, 0x36, 0x00, 0x10], true), (short, [0xC5, 0x06, 0xFE, 0x0F], true),
            (down, [0xA1, 0x00, 0x10], false), (down, [0xA1, 0xFF, 0x0F], true), (down, [0xA1, 0xFF, 0xFF], true),
            (readOnly, [0xA1, 0, 0], false), (readOnly, [0xA3, 0, 0], true), (readOnly, [0x01, 0x06, 0, 0], true),
            (executeOnly, [0xA1, 0, 0], true), (executeOnly, [0xA2, 0, 0], true),
            (invalid, [0xA1, 0, 0], true), (invalid, [0x8C, 0xD8], false),
        ]
        for (segment, code, isFault) in cases {
            let t = try LoadAllTests.machine(chip, code, ds: segment)
            defer { t.close() }
            #expect(t.run() == .halted)
            #expect(LoadAllTests.handler(t) == (isFault ? 13 : nil), "\(segment) \(code)")
            guard isFault else { continue }
            #expect(t.state.memory.filter { $0.key >> 16 == 3 }.isEmpty)
            #expect(t.registers.ax == 0x1234)
            #expect(t.registers.ds == 0x3000)
            #expect([0, 2, 4].map { LoadAllTests.word(t, 0x2_00FA + $0) } == [0x0200, 0x1000, 0x0002])
        }
    }

    @Test(arguments: chips)
    func `a repeated instruction keeps the repeats before a violation`(chip: Chip) throws {
        // REP MOVSB and REP STOSW into a segment of 16 bytes.
        let es = Segment(selector: 0x4000, base: 0x10_0000, limit: 0x000F)
        let bytes = try LoadAllTests.machine(chip, [0xF3, 0xA4], es: es) { ($0.cx, $0.si, $0.di) = (8, 0x0100, 0x000C) }
        defer { bytes.close() }
        #expect(bytes.run() == .halted)
        #expect(LoadAllTests.handler(bytes) == 13)
        #expect([bytes.registers.cx, bytes.registers.si, bytes.registers.di] == [4, 0x0104, 0x0010])
        #expect(bytes.machine.memory.physical[0x10_000F] == 0xCC)
        #expect(bytes.machine.memory.physical[0x10_0010] == 0)
        let words = try LoadAllTests.machine(chip, [0xF3, 0xAB], es: es) { ($0.cx, $0.di) = (8, 0x000B) }
        defer { words.close() }
        #expect(words.run() == .halted)
        #expect(LoadAllTests.handler(words) == 13)
        #expect([words.registers.cx, words.registers.di] == [6, 0x000F])
    }

    @Test(arguments: chips)
    func `a block moves between extended memory and the first 640 KB`(chip: Chip) throws {
        let (es, ds) = (Segment(selector: 0, base: 0x11_0001), Segment(selector: 0x3000, base: 0x3_0000))
        let t = try LoadAllTests.machine(chip, [0xF3, 0xA5], es: es, ds: ds) { state in
            (state.cx, state.si, state.di) = (0x40, 0x0100, 0x2000)
            for index in UInt16(0)..<0x40 { state.pokeWord(0x3000, 0x0100 + 2 * index, 0x0101 &* index) }
        }
        defer { t.close() }
        #expect(t.run() == .halted)
        #expect((0..<0x40).allSatisfy { LoadAllTests.word(t, 0x11_2001 + 2 * $0) == 0x0101 &* UInt16($0) })
        #expect([t.registers.cx, t.registers.si, t.registers.di] == [0, 0x0180, 0x2080])
    }

    @Test(arguments: chips)
    func `the stack is where its base says, in calls, interrupts and returns`(chip: Chip) throws {
        // CALL +1; HLT; INT 40h; RET. The handler of INT 40h halts.
        let t = try LoadAllTests.machine(
            chip, [0xE8, 0x01, 0x00, 0xF4, 0xCD, 0x40, 0xC3], ss: Segment(selector: 0x2000, base: 0x12_0000))
        defer { t.close() }
        #expect(t.run() == .halted)
        #expect(LoadAllTests.handler(t) == 0x40)
        #expect([0, 2, 4, 6].map { LoadAllTests.word(t, 0x12_00F8 + $0) } == [0x0206, 0x1000, 0x0002, 0x0203])
        #expect(t.registers.sp == 0x00F8)
    }

    @Test(arguments: chips)
    func `without room on a short stack the processor shuts down`(chip: Chip) throws {
        let ss = Segment(selector: 0x2000, base: 0x2_0000, limit: 0x00FC)
        let t = try LoadAllTests.machine(chip, [0x50], ss: ss)
        defer { t.close() }
        #expect(t.run() == .shutDown)
        #expect(t.registers.sp == 0x0100)
    }

    @Test(arguments: chips)
    func `code does not run beyond the limit of its segment`(chip: Chip) throws {
        let cs = Segment(selector: 0x6000, base: 0x6_0000, limit: 0x0202)
        let t = try LoadAllTests.machine(chip, [0x40, 0xB8, 0x01, 0x02], cs: cs)
        defer { t.close() }
        #expect(t.run() == .halted)
        #expect(LoadAllTests.handler(t) == 13)
        #expect(t.registers.ax == 0x1235)
        #expect(LoadAllTests.word(t, 0x2_00FA) == 0x0201)
    }

    @Test(arguments: chips)
    func `an instruction does not run over the end of its segment while another one is loaded`(chip: Chip) throws {
        for bytes: [UInt8] in [[0xB8, 0x34], [0x26, 0xB8], [0x0F, 0x01], [0xF3, 0xF3]] {
            let ds = Segment(selector: 0, base: 0x10_0000)
            let t = try LoadAllTests.machine(chip, [0xE9, 0xFB, 0xFD], ds: ds) { state in
                for (index, byte) in bytes.enumerated() { state.poke(0x1000, 0xFFFE + UInt16(index), byte) }
            }
            defer { t.close() }
            #expect(t.run() == .halted)
            #expect(LoadAllTests.handler(t) == 13)
            #expect(LoadAllTests.word(t, 0x2_00FA) == 0xFFFE)
        }
    }

    @Test(arguments: chips)
    func `what LOADALL has set is saved and restored`(chip: Chip) throws {
        let code: [UInt8] = [0x40, 0xA1, 0x10, 0x00, 0x43]
        let ds = Segment(selector: 0x0001, base: 0x11_0000, limit: 0x7FFF)
        let t = try LoadAllTests.machine(chip, code, ds: ds)
        defer { t.close() }
        t.machine.memory.physical[0x11_0010] = 0x99
        for _ in 0..<2 { _ = t.machine.step() }
        let saving = StateCoder.saving()
        t.machine.engine.transfer(saving)
        let u = try LoadAllTests.machine(chip, code)
        defer { u.close() }
        u.machine.memory.physical[0x11_0010] = 0x77
        let loading = StateCoder.loading(saving.bytes)
        u.machine.engine.transfer(loading)
        u.machine.engine.stateDidRestore()
        #expect(loading.failure == nil)
        #expect(u.run() == .halted)
        #expect(u.registers.ax == 0x0077)
        #expect(u.registers.bx == 0x5679)
        // A reset ends it.
        u.machine.engine.reset()
        #expect(!u.registers.state.pointee.caches.areLoaded)
        #expect(!u.machine.memory.isTranslated)
    }
}
