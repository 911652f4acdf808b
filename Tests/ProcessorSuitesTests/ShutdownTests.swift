import Core
import Testing
import X86

@testable import ProcessorSuites

/// What shuts an 80286 down in real mode, and what ends that, on both engines.
///
/// Source: [80286DS] real address mode addressing interrupts, shutdown.
@Suite struct ShutdownTests {
    private static let chips =
        Chip.i80286 + Chip.i80286.map { Chip(model: $0.model, engine: $0.engine, fixedClocks: 4) }

    private static func machine(
        _ chip: Chip, _ code: [UInt8], _ prepare: (inout HandState) -> Void
    ) throws -> HandMachine {
        var state = HandState()
        prepare(&state)
        state.flags = chip.model.normalizedFlags(state.flags)
        return try HandMachine(chip, code, state)
    }

    @Test(arguments: chips)
    func `an interrupt from outside beyond the table raises vector 8 before the next instruction`(chip: Chip) throws {
        let t = try ShutdownTests.machine(chip, [0x40, 0x43]) { ($0.idtLimit, $0.flags) = (0x0023, Flag.interrupt) }
        defer { t.close() }
        t.machine.vector = 0x20
        _ = t.machine.step()
        t.registers.state.pointee.isInterruptRequested = true
        #expect(t.run() == .halted)
        #expect(t.registers.codePointer == FarPointer(HandMachine.handlers, 0x81))
        #expect([0, 1].map { t.machine.memory.physical[0x2_00FA + $0] } == [0x01, 0x01])
        #expect(t.registers.bx == 0x5678)
    }

    @Test(arguments: chips)
    func `vectors 8 and 13 beyond the table shut it down`(chip: Chip) throws {
        // A word at FFFFh; INT 20h; an invalid opcode, for which vector 8 is beyond the table too.
        for (code, limit, end) in [
            ([0xA1, 0xFF, 0xFF], 0x0036, .shutDown), ([0xA1, 0xFF, 0xFF], 0x0037, .halted),
            ([0xCD, 0x20], 0x0022, .shutDown), ([0xCD, 0x20], 0x0023, .halted), ([0xCD, 0x08], 0x0022, .shutDown),
            ([0x63, 0xC0], 0x001A, .shutDown), ([0x63, 0xC0], 0x001B, .halted),
        ] as [([UInt8], UInt16, ComparedProcessor.Step)] {
            let t = try ShutdownTests.machine(chip, code) { $0.idtLimit = limit }
            defer { t.close() }
            #expect(t.run() == end, "\(code) \(limit)")
            guard end == .shutDown else { continue }
            #expect(t.registers.codePointer == FarPointer(0x1000, 0x0100))
            #expect(t.registers.sp == 0x0100)
            #expect(t.run() == .shutDown)
        }
    }

    @Test(arguments: chips)
    func `a push around the end of the stack with an odd SP shuts it down`(chip: Chip) throws {
        for (code, sp, end) in [
            ([0x50], 1, .shutDown), ([0x50], 3, .halted), ([0x50], 0, .halted),
            ([0xE8, 0, 0], 1, .shutDown), ([0xE8, 0, 0], 3, .halted),
            ([0xCD, 0x40], 1, .shutDown), ([0xCD, 0x40], 3, .shutDown), ([0xCD, 0x40], 5, .shutDown),
            ([0xCD, 0x40], 7, .halted), ([0xCD, 0x40], 2, .halted),
        ] as [([UInt8], UInt16, ComparedProcessor.Step)] {
            let t = try ShutdownTests.machine(chip, code) { $0.sp = sp }
            defer { t.close() }
            #expect(t.run() == end, "\(code) \(sp)")
            if end == .shutDown { #expect(t.registers.sp == sp) }
        }
    }

    @Test(arguments: chips)
    func `NMI ends it where its vector is in the table and the stack has room`(chip: Chip) throws {
        // INT 20h, with vector 8 beyond the table.
        for (limit, sp, end) in [
            (0x000F, 0x0100, .halted), (0x000F, 0x0006, .halted), (0x000E, 0x0100, .shutDown),
            (0x000F, 0x0005, .shutDown), (0x0022, 0x0004, .shutDown),
        ] as [(UInt16, UInt16, ComparedProcessor.Step)] {
            let t = try ShutdownTests.machine(chip, [0xCD, 0x20]) { ($0.idtLimit, $0.sp) = (limit, sp) }
            defer { t.close() }
            #expect(t.run() == .shutDown)
            // Not an interrupt from outside.
            t.registers.flags |= Flag.interrupt
            t.registers.state.pointee.isInterruptRequested = true
            #expect(t.run() == .shutDown)
            t.registers.flags &= ~Flag.interrupt
            t.registers.state.pointee.isInterruptRequested = false
            t.registers.state.pointee.isNMIPending = true
            #expect(t.run() == end)
            if end == .halted { #expect(t.registers.codePointer == FarPointer(HandMachine.handlers, 0x21)) }
            t.machine.engine.reset()
            #expect(t.registers.codePointer == FarPointer(0xF000, 0xFFF0))
            #expect(!t.registers.state.pointee.isShutDown)
        }
    }
}
