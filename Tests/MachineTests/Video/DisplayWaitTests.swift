import Boards
import Core
import TestSupport
import Testing
import X86

@testable import Machine

/// What display memory costs on exact machines, against figures that were measured on real ones.
///
/// The program does what the video test of TOPBENCH does: 160 words from the display to memory, two characters with
/// attributes one by one, 160 words back. Source: [TOPBENCH] its database; the tolerance is that of its own machines among
/// each other, some 2 %.
@Suite struct DisplayWaitTests {
    /// At [40h] a pointer to memory, at [44h] one to the display; DS points to them.
    private static let program: [UInt8] = [
        0x8C, 0xDA,  // mov dx,ds
        0xC4, 0x3E, 0x40, 0x00,  // les di,[40h]
        0xC5, 0x36, 0x44, 0x00,  // lds si,[44h]
        0xB9, 0x40, 0x01, 0xD1, 0xE9, 0xFC,  // mov cx,320; shr cx,1; cld
        0xF3, 0xA5,  // rep movsw
        0x8E, 0xDA,  // mov ds,dx
        0xC4, 0x3E, 0x44, 0x00,  // les di,[44h]
        0xC5, 0x36, 0x40, 0x00,  // lds si,[40h]
        0xAC, 0xAB, 0xAC, 0xAB,  // lodsb; stosw; lodsb; stosw
        0x83, 0xEE, 0x02, 0x83, 0xEF, 0x04,  // sub si,2; sub di,4
        0xB9, 0x40, 0x01, 0xD1, 0xE9,  // mov cx,320; shr cx,1
        0xF3, 0xA5,  // rep movsw
        0x8E, 0xDA,  // mov ds,dx
        0xF4,  // hlt
    ]

    /// Microseconds that the program takes: the mean of 16 starts, as the clocks' phases are left to chance.
    private func microseconds(
        _ profile: MachineProfile, display: UInt16, at segment: UInt16 = 0x3000,
        mode: [(port: UInt16, value: UInt8)] = []
    ) throws -> Int {
        var profile = profile
        profile.engine = .exact
        var configuration = MachineConfiguration()
        configuration.profile = profile
        configuration.drives = [(letter: 2, volume: try drive())]
        configuration.isInteractive = true
        let machine = PersonalComputer(configuration)
        _ = machine.run(until: .milliseconds(300))
        for (port, value) in mode { machine.ports.write8(port, value, at: machine.now) }
        let (cpu, memory) = (machine.engine.registers, machine.memory)
        memory.writeBytes(FarPointer(segment, 0x100), Self.program)
        memory.write16(FarPointer(segment, 0x40), 0x200)
        memory.write16(FarPointer(segment, 0x42), segment)
        memory.write16(FarPointer(segment, 0x44), 0)
        memory.write16(FarPointer(segment, 0x46), display)
        var total: Int64 = 0
        for start in 0..<16 as Range<Int64> {
            machine.engine.skip(to: machine.now + Tick(100_000 + start * 1_013))
            (cpu.ds, cpu.es) = (segment, segment)
            cpu.codePointer = FarPointer(segment, 0x100)
            cpu.stackPointer = FarPointer(segment, 0x80)
            cpu.flags = 0x0002
            cpu.state.pointee.isHalted = false
            let begin = machine.now
            machine.bus.limit = begin + .seconds(1)
            var reason = machine.engine.run()
            while reason == .deadline, machine.now < begin + .seconds(1) {
                machine.scheduler.deliver(through: machine.now)
                reason = machine.engine.run()
            }
            #expect(reason == .halted)
            total += (machine.now - begin).count
        }
        return Int(total * 1_000_000 / (16 * Tick.perSecond))
    }

    private func isNear(_ value: Int, _ range: ClosedRange<Int>) -> Bool {
        range.lowerBound * 97 / 100...range.upperBound * 103 / 100 ~= value
    }

    private func xt(_ video: VideoKind) -> MachineProfile {
        var profile = MachineProfile.xt
        profile.video = video
        return profile
    }

    private func at(_ video: VideoKind, hertz: Int64) -> MachineProfile {
        var profile = MachineProfile.small
        profile.video = video
        profile.clockPeriod = Tick(Tick.perSecond / hertz)
        return profile
    }

    @Test(arguments: [
        (VideoKind.mda, UInt16(0xB000), 2_296...2_345), (.hercules, 0xB000, 2_287...2_287),
        (.cga, 0xB800, 2_648...2_684), (.ega, 0xB800, 3_121...3_121), (.vga, 0xB800, 2_744...2_744),
        (.tandy, 0xB800, 2_082...2_148),
    ]) func `a card in a PC or XT`(video: VideoKind, display: UInt16, measured: ClosedRange<Int>) throws {
        let time = try microseconds(xt(video), display: display)
        #expect(isNear(time, measured), "\(video): \(time), measured \(measured)")
    }

    @Test func `an EGA in an AT gives as many accesses at 6 and at 8 MHz`() throws {
        let slow = try microseconds(at(.ega, hertz: 6_000_000), display: 0xB800)
        let fast = try microseconds(at(.ega, hertz: 8_000_000), display: 0xB800)
        #expect(isNear(slow, 1_477...1_477), "\(slow)")
        #expect(isNear(fast, 1_470...1_470), "\(fast)")
    }

    @Test func `a VGA with an 80286 at 10 MHz`() throws {
        // IBM's own: PS/1 2011 1,116, PS/2 50Z 1,240, PS/2 30-286 1,291.
        let time = try microseconds(at(.vga, hertz: 10_000_000), display: 0xB800)
        #expect(isNear(time, 1_116...1_291), "\(time)")
    }

    @Test func `a PCjr waits for its program, too, in the memory that is shown`() throws {
        var profile = MachineProfile.xt
        (profile.family, profile.video, profile.conventionalKilobytes, profile.mouse) = (
            .pc, .pcjr, 512, MouseKind.none
        )
        let (shared, own) = (
            try microseconds(profile, display: 0xB800, at: 0x1800),
            try microseconds(profile, display: 0xB800, at: 0x3000)
        )
        #expect(isNear(shared, 3_373...3_373), "\(shared)")
        #expect(isNear(own, 2_578...2_578), "\(own)")
    }

    @Test func `more slots are the processor's with the EGA's bandwidth bit and with a VGA's screen off`() throws {
        // Index 1 of the sequencer: bit 1 of an EGA, bit 5 of a VGA.
        let ega = at(.ega, hertz: 8_000_000)
        let usual = try microseconds(ega, display: 0xB800)
        let more = try microseconds(ega, display: 0xB800, mode: [(0x3C4, 1), (0x3C5, 0x03)])
        #expect(more < usual * 4 / 5, "\(more), \(usual)")
        let vga = at(.vga, hertz: 8_000_000)
        let shown = try microseconds(vga, display: 0xB800)
        let dark = try microseconds(vga, display: 0xB800, mode: [(0x3C4, 1), (0x3C5, 0x20)])
        #expect(dark < shown, "\(dark), \(shown)")
    }
}
