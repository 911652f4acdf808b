import Core
import Testing

@testable import Machine

/// Blocks of the DMA controller in whole machines.
@Suite struct DMATests {
    /// Fills 64 KB from memory to memory, and then sleeps.
    private static func machine(_ profile: MachineProfile) throws -> SoundRun {
        try SoundRun(SoundConfiguration(), rate: nil, profile: profile) { program in
            for (port, value): (UInt16, UInt8) in [
                (0x0A, 4), (0x0A, 5), (0x83, 5), (0x87, 5), (0x08, 3), (0x0C, 0), (0x0B, 0x88), (0x0B, 0x85), (0x00, 0),
                (0x00, 0), (0x02, 1), (0x02, 0), (0x03, 0xFE), (0x03, 0xFF), (0x09, 4),
            ] {
                program.out(at: port, value)
            }
            program.sleep()
        }
    }

    @Test("a block holds the processor, can be saved in its middle, and takes its clocks", arguments: [true, false])
    func block(isAT: Bool) throws {
        let profile: MachineProfile = isAT ? .small : .xt
        let machine = try Self.machine(profile).machine
        while !machine.board.dma.holdsBus, machine.now < .seconds(2) {
            _ = machine.run(until: machine.now + .milliseconds(1))
        }
        let begin = machine.now
        let count = machine.engine.instructionCount
        _ = machine.run(until: begin + .milliseconds(60))
        #expect(machine.board.dma.holdsBus && machine.engine.instructionCount == count)
        let other = try Self.machine(profile).machine
        try other.restoreState(machine.saveState())
        while machine.board.dma.holdsBus, machine.now < .seconds(3) {
            _ = machine.run(until: machine.now + .milliseconds(1))
        }
        // 65,535 bytes of ten clocks, at 4.77 or 4 MHz.
        let length = isAT ? 65_535 * 10 * Tick.perSecond / 4_000_000 : 65_535 * 10 * 528
        #expect(abs((machine.now - begin).count - length) < Tick.milliseconds(2).count)
        _ = other.run(until: machine.now)
        _ = machine.run(until: machine.now + .milliseconds(100))
        _ = other.run(until: machine.now)
        #expect(other.stateHash() == machine.stateHash())
    }
}
