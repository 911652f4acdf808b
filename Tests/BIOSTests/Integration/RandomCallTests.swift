import BIOS
import Boards
import Core
import Testing
import X86

@Suite struct RandomCallTests {
    @Test(
        "service calls with random registers and a random data area never trap", arguments: VideoKind.allCases,
        [false, true])
    func randomCalls(kind: VideoKind, hasExtension: Bool) {
        var configuration = BIOSConfiguration(
            machine: kind == .cga ? .xt : .at, video: kind, extendedKilobytes: 1_024)
        configuration.hasVideoExtension = hasExtension && kind == .vga
        let machine = TestMachine(configuration)
        // Once with ports that are latches, once with a board.
        let adapter = hasExtension && kind == .vga ? VGAAdapter(variant: .superVGA, memory: machine.memory) : nil
        adapter?.attach(to: machine.ports)
        defer { withExtendedLifetime(adapter) {} }
        var seed = UInt64(kind.rawValue) &+ (hasExtension ? 101 : 1)
        func next() -> UInt16 {
            seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt16(truncatingIfNeeded: seed >> 40)
        }
        let cpu = machine.cpu
        let entries: [UInt8] = [0x09, 0x10, 0x10, 0x13, 0x14, 0x15, 0x16, 0x17, 0x1A, 0xE1, 0xE2, 0xE3, 0xE4, 0xE5]
        for count in 0..<4_000 {
            if count % 8 == 0 { machine.data.set(0x10 + next() % 0xA0, word: next()) }
            (cpu.ax, cpu.bx, cpu.cx, cpu.dx) = (next(), next(), next() & 0x0FFF, next())
            if count % 2 == 0 { cpu.ax = cpu.ax & 0x1FFF }
            if hasExtension, count % 8 == 3 { cpu.ax = 0x4F00 | cpu.ax & 0x0F }
            (cpu.si, cpu.di, cpu.bp, cpu.sp) = (next(), next(), next(), next())
            (cpu.ds, cpu.es, cpu.ss) = (next() & 0x7FFF, next() & 0x7FFF, next() & 0x7FFF)
            cpu.flags = next() & 0x0FD5
            machine.context.begin(trapAt: FarPointer(0xF000, next()))
            _ = machine.bios.handle(entries[Int(next()) % entries.count], in: machine.context)
            machine.clock.now += machine.context.cost + .milliseconds(1)
            machine.context.cost = .zero
        }
        #expect(machine.memory.read8(FarPointer(0xF000, 0xFFF0)) == 0xEA)
    }
}
