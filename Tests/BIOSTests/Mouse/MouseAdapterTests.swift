import BIOS
import Boards
import Chips
import Core
import TestSupport
import Testing
import X86

/// The cursor on the real adapters: after it has been there, everything is as before.
@Suite struct MouseAdapterTests {
    /// Modes of all adapters in which the driver draws pixels.
    static let modes: [(UInt8, VideoKind)] = [
        (0x04, .cga), (0x05, .cga), (0x06, .cga), (0x04, .tandy), (0x08, .tandy), (0x09, .tandy), (0x0A, .tandy),
        (0x08, .pcjr), (0x09, .pcjr), (0x0A, .pcjr), (0x06, .hercules), (0x05, .hercules), (0x04, .ega), (0x06, .ega),
        (0x0D, .ega), (0x0E, .ega), (0x0F, .ega), (0x10, .ega), (0x04, .vga), (0x06, .vga), (0x0D, .vga), (0x0E, .vga),
        (0x0F, .vga), (0x10, .vga), (0x11, .vga), (0x12, .vga), (0x13, .vga),
    ]

    private static func word(_ value: UInt16) -> [UInt8] { [UInt8(truncatingIfNeeded: value), UInt8(value >> 8)] }

    /// mov ax; mov bx; mov cx; mov dx; int.
    private static func call(_ number: UInt8, _ ax: UInt16, bx: UInt16 = 0, cx: UInt16 = 0, dx: UInt16 = 0) -> [UInt8] {
        [0xB8] + word(ax) + [0xBB] + word(bx) + [0xB9] + word(cx) + [0xBA] + word(dx) + [0xCD, number]
    }

    private func run(_ machine: ChipMachine, _ program: [UInt8]) {
        machine.load([0xFB] + program + [0xF4, 0xEB, 0xFD])
        machine.run(for: .milliseconds(300))
    }

    private func out(_ machine: ChipMachine, _ port: UInt16, _ values: UInt8...) {
        for (index, value) in values.enumerated() { machine.writePort8(port + UInt16(index), value, at: machine.now) }
    }

    private func isPlanar(_ mode: UInt8) -> Bool { (0x0D...0x12).contains(mode) }

    /// A machine in a mode with a picture of random bytes in every plane.
    private func machine(_ mode: UInt8, _ video: VideoKind) -> ChipMachine {
        var configuration = BIOSConfiguration.withMouse
        configuration.video = video
        let machine = ChipMachine(configuration)
        if video == .hercules {
            out(machine, 0x3BF, 3)
            out(machine, 0x3B8, mode == 6 ? 0x0A : 0x8A)
            machine.data.set(0x49, byte: mode)
        } else {
            run(machine, MouseAdapterTests.call(0x10, UInt16(mode)))
        }
        var random = SeededGenerator(seed: UInt64(mode))
        let usual: UInt32 =
            isPlanar(mode) || mode == 0x13 ? 0xA_0000 : video == .hercules && mode == 6 ? 0xB_0000 : 0xB_8000
        let place = pageOfPCjr(machine, mode)?.linear ?? usual
        let size: UInt32 = place == 0xA_0000 ? 0x1_0000 : video == .cga ? 0x4000 : 0x8000
        for plane in 0..<(isPlanar(mode) ? 4 : 1) {
            if isPlanar(mode) { out(machine, 0x3C4, 2, 1 << UInt8(plane)) }
            for offset in 0..<size {
                machine.memory.write8(place + offset, UInt8.random(in: 0...255, using: &random))
            }
        }
        if isPlanar(mode) { out(machine, 0x3C4, 2, 0x0F) }
        return machine
    }

    /// Registers as a program leaves them that copies with the latches, latches that are loaded, and for the EGA the spare
    /// byte as the driver will leave it.
    private func setUp(_ machine: ChipMachine, _ video: VideoKind) {
        out(machine, 0x3C4, 2, 0x0F)
        _ = machine.memory.read8(0xA_1234)
        out(machine, 0x3CE, 5, video == .vga ? 0x01 : 0x00)
        if video == .vga {
            out(machine, 0x3C4, 2, 0x05)
            for (index, value) in [(1, 0x0A), (3, 0x18), (4, 2), (8, 0x3C), (0, 0x0B)] as [(UInt8, UInt8)] {
                out(machine, 0x3CE, index, value)
            }
            out(machine, 0x3D4, 0x0E)
        } else {
            out(machine, 0x3CE, 5, 0x01)
            machine.memory.write8(0xA_FFFF, 0)
            out(machine, 0x3CE, 5, 0x00)
            out(machine, 0x3CE, 8)
        }
    }

    @Test("drawn, moved and hidden, the cursor leaves planes, registers and latches as they were", arguments: modes)
    func asBefore(mode: UInt8, video: VideoKind) {
        let machine = machine(mode, video)
        if isPlanar(mode) { setUp(machine, video) }
        let call = MouseAdapterTests.call
        run(machine, call(0x33, 0x0000, 0, 0, 0))
        let before = adapterState(machine, mode)
        let memory = pictures(machine, mode)
        run(machine, call(0x33, 0x0001, 0, 0, 0))
        #expect(pictures(machine, mode) != memory, "nothing was drawn")
        let places: [(UInt16, UInt16)] = [(0, 0), (639, 199), (317, 99), (301, 43), (5, 190), (719, 347), (640, 479)]
        for place in places { run(machine, call(0x33, 0x0004, 0, place.0, place.1)) }
        machine.mouse?.move(dx: -31, dy: -17, at: machine.now)
        machine.run(for: .milliseconds(50))
        run(machine, call(0x33, 0x0002, 0, 0, 0))
        #expect(pictures(machine, mode) == memory)
        #expect(adapterState(machine, mode) == before)
    }

    /// In a mode of the CGA nobody has latches, but reads of an EGA, those of the test too, load them all the same.
    private func adapterState(_ machine: ChipMachine, _ mode: UInt8) -> [UInt8] {
        if mode == 6 { _ = machine.memory.read8(0xB_8000) }
        return savedState(machine.adapter)
    }

    /// The memory of the adapter: planes are in its state.
    private func pictures(_ machine: ChipMachine, _ mode: UInt8) -> [UInt8] {
        if isPlanar(mode) { return savedState(machine.adapter) }
        if let page = pageOfPCjr(machine, mode) { return machine.memory.readBytes(page, 0x8000) }
        return mode == 0x13
            ? machine.memory.readBytes(FarPointer(0xA000, 0), 64_000)
            : machine.memory.readBytes(FarPointer(0xB000, 0), 0xFFFF)
    }

    /// Where the PCjr has the modes for which its window is too small.
    private func pageOfPCjr(_ machine: ChipMachine, _ mode: UInt8) -> FarPointer? {
        guard machine.bios.configuration.video == .pcjr, mode >= 9 else { return nil }
        return FarPointer(UInt16(machine.memory.read8(0x48A) >> 3 & 7) * 0x400, 0)
    }

    // MARK: EGA Register Interface

    @Test(
        "the EGA's registers are those of the mode, and what a program says through INT 10h AH=F1h",
        arguments: [VideoKind.ega, .vga])
    func registerInterface(video: VideoKind) {
        let machine = machine(0x10, video)
        func read(_ group: UInt16, _ register: UInt16) -> UInt16 {
            run(machine, MouseAdapterTests.call(0x10, 0xF000, bx: register, dx: group))
            return (machine.processor?.registers.bx ?? 0) & 0xFF
        }
        #expect(
            [read(0x10, 8), read(0x08, 2), read(0x10, 5), read(0x00, 0x13), read(0x20, 0)] == [
                0xFF, 0x0F, 0, 40, video == .ega ? 0xA7 : 0xA3,
            ])
        // Write mode 2 and a bit mask, then a cursor: the registers stay.
        run(machine, MouseAdapterTests.call(0x10, 0xF100, bx: 0x0205, dx: 0x10))
        run(machine, MouseAdapterTests.call(0x10, 0xF100, bx: 0x8108, dx: 0x10))
        run(machine, MouseAdapterTests.call(0x33, 0x0000) + MouseAdapterTests.call(0x33, 0x0001))
        run(machine, MouseAdapterTests.call(0x33, 0x0002))
        #expect([read(0x10, 5), read(0x10, 8)] == [2, 0x81])
        _ = machine.memory.read8(0xA_2000)
        machine.memory.write8(0xA_2000, 0x05)
        out(machine, 0x3CE, 5, 0)
        out(machine, 0x3CE, 8, 0xFF)
        let colors = (UInt8(0)..<4).map { plane in
            out(machine, 0x3CE, 4, plane)
            return machine.memory.read8(0xA_2000) & 0x81
        }
        #expect(colors == [0x81, 0, 0x81, 0])
        // Back to the mode's own, and to a default of the program's.
        run(machine, MouseAdapterTests.call(0x10, 0xF600))
        #expect([read(0x10, 5), read(0x10, 8)] == [0, 0xFF])
        machine.memory.writeBytes(FarPointer(0x1000, 0x400), [0, 1, 2, 3, 0, 0, 5, 0x0F, 0x55])
        run(machine, MouseAdapterTests.call(0x10, 0xF700, bx: 0x400, dx: 0x10) + MouseAdapterTests.call(0x10, 0xF600))
        #expect([read(0x10, 1), read(0x10, 8), read(0x08, 4)] == [1, 0x55, 6])
    }

    @Test("sets and ranges of registers; lying counts are harmless")
    func registerRanges() {
        let machine = machine(0x0E, .ega)
        let call = MouseAdapterTests.call
        run(machine, call(0x10, 0xF200, 0x400, 0x0104, 0x08))
        #expect(machine.memory.readBytes(FarPointer(0x1000, 0x400), 4) == [1, 0x0F, 0, 6])
        machine.memory.writeBytes(FarPointer(0x1000, 0x410), [0x07, 0x03])
        run(machine, call(0x10, 0xF300, 0x410, 0x0702, 0x10))
        machine.memory.writeBytes(FarPointer(0x1000, 0x420), [0x10, 0, 7, 0, 0x18, 0, 1, 0, 0x28, 0, 0, 0, 9, 0, 9, 9])
        run(machine, call(0x10, 0xF400, 0x420, 4, 0))
        let answers = [0x423, 0x427, 0x42B, 0x42F].map { machine.memory.read8(FarPointer(0x1000, $0)) }
        #expect(answers == [7, 1, 0, 0])
        run(machine, call(0x10, 0xF300, 0xFFFF, 0xFFFF, 0x18) + call(0x10, 0xF200, 0xFFFF, 0xFFFF, 0x77))
        run(machine, call(0x10, 0xFA00, 0, 0, 0))
        let cpu = machine.processor?.registers
        #expect(machine.memory.readBytes(FarPointer(cpu?.es ?? 0, cpu?.bx ?? 0), 2) == [1, 0])
    }
}
