import BIOS
import Boards
import Core
import Testing
import X86

/// INT 10h with tables of the program's own behind the save pointer table.
@Suite struct SavePointerTests {
    private static let table = FarPointer(0x2000, 0x0000)

    /// A machine whose save pointer table is in RAM.
    private func make(_ video: VideoKind = .vga) -> TestMachine {
        let machine = TestMachine(BIOSConfiguration(video: video))
        let adapter = VGAAdapter(variant: video == .vga ? .vga : .ega(EGAFitting()), memory: machine.memory)
        adapter.attach(to: machine.ports)
        machine.int(0x10, ax: 0x0003)
        let memory = machine.memory
        memory.writeBytes(SavePointerTests.table, memory.readBytes(memory.readPointer(FarPointer(0x40, 0xA8)), 28))
        memory.writePointer(FarPointer(0x40, 0xA8), SavePointerTests.table)
        return machine
    }

    @Test("a mode is set by the parameter table that a program has put in")
    func parameters() {
        let machine = make()
        let memory = machine.memory
        let own = FarPointer(0x2100, 0x0000)
        memory.writeBytes(own, memory.readBytes(memory.readPointer(SavePointerTests.table), 0x1D * 64))
        // Mode 13h with 200 lines once each, and one row less.
        memory.write8(own + 0x1C * 64 + 1, 23)
        memory.write8(own + 0x1C * 64 + 10 + 9, 0x40)
        memory.writePointer(SavePointerTests.table, own)
        machine.int(0x10, ax: 0x0013)
        #expect(machine.data.byte(0x84) == 23)
        machine.ports.write8(0x3D4, 9, at: .zero)
        #expect(machine.ports.read8(0x3D5, at: .zero) == 0x40)
    }

    @Test("an entry of nonsense is taken as it is and harms nothing", arguments: [UInt8(0x00), 0xFF, 0x5A])
    func nonsense(value: UInt8) {
        let machine = make()
        let own = FarPointer(0x2100, 0x0000)
        machine.memory.writeBytes(own, [UInt8](repeating: value, count: 0x1D * 64))
        machine.memory.writePointer(SavePointerTests.table, own)
        for mode in UInt16(0)...0x13 {
            machine.int(0x10, ax: mode)
            machine.int(0x10, ax: 0x1112)
            machine.print("x\n")
            machine.int(0x10, ax: 0x0601)
        }
        #expect(machine.data.byte(0x49) == 0x13)
    }

    @Test("the dynamic save area follows the palette", arguments: [VideoKind.ega, .vga])
    func saveArea(video: VideoKind) {
        let machine = make(video)
        let area = FarPointer(0x2200, 0x0000)
        machine.memory.writePointer(SavePointerTests.table + 4, area)
        machine.int(0x10, ax: 0x0003)
        #expect(machine.memory.readBytes(area, 17) == [0, 1, 2, 3, 4, 5, 0x14, 7] + [UInt8](0x38...0x3F) + [0])
        machine.cpu.bx = 0x2B05
        machine.int(0x10, ax: 0x1000)
        machine.cpu.bx = 0x3700
        machine.int(0x10, ax: 0x1001)
        #expect(machine.memory.read8(area + 5) == 0x2B)
        #expect(machine.memory.read8(area + 16) == 0x37)
    }

    @Test("a font of the program's is loaded with the text modes that it names")
    func textFont() {
        let machine = make()
        let memory = machine.memory
        let (override, font) = (FarPointer(0x2300, 0x0000), FarPointer(0x2400, 0x0000))
        memory.writeBytes(font, (0..<(2 * 10)).map { UInt8(0x80 + $0) })
        // Ten lines, block 1, two characters from 41h, at most 36 rows, in mode 3 alone.
        memory.writeBytes(override, [10, 1, 2, 0, 0x41, 0])
        memory.writePointer(override + 6, font)
        memory.writeBytes(override + 10, [36, 0x03, 0xFF])
        memory.writePointer(SavePointerTests.table + 8, override)
        machine.int(0x10, ax: 0x0001)
        #expect(machine.data.word(0x85) == 16)
        machine.int(0x10, ax: 0x0003)
        #expect(machine.data.word(0x85) == 10)
        #expect(machine.data.byte(0x84) == 35)
        #expect(plane2(machine, 0x4000 + 0x42 * 32, 11) == Array(memory.readBytes(font + 10, 10)) + [0])
    }

    @Test("a font of the program's is used in the graphics modes that it names")
    func graphicsFont() {
        let machine = make()
        let memory = machine.memory
        let override = FarPointer(0x2300, 0x0000)
        memory.writeBytes(override, [60, 8, 0])
        memory.writePointer(override + 3, FarPointer(0x2500, 0x0010))
        memory.writeBytes(override + 7, [0x12, 0xFF])
        memory.writePointer(SavePointerTests.table + 12, override)
        machine.int(0x10, ax: 0x0012)
        #expect(memory.vector(0x43) == FarPointer(0x2500, 0x0010))
        #expect(machine.data.byte(0x84) == 59)
        #expect(machine.data.word(0x85) == 8)
        (machine.cpu.bx, machine.cpu.es, machine.cpu.di) = (0, 0x3000, 0)
        machine.int(0x10, ax: 0x1B00)
        #expect(memory.read8(FarPointer(0x3000, 0x32)) == 0b1000)
        machine.int(0x10, ax: 0x0010)
        #expect(machine.data.word(0x85) == 14)
    }

    /// Bytes of plane 2, read as a program does.
    private func plane2(_ machine: TestMachine, _ offset: UInt32, _ count: Int) -> [UInt8] {
        for (index, value) in [(UInt8(4), UInt8(2)), (5, 0), (6, 4)] {
            machine.ports.write8(0x3CE, index, at: .zero)
            machine.ports.write8(0x3CF, value, at: .zero)
        }
        return (0..<count).map { machine.memory.read8(0xA_0000 + offset + UInt32($0)) }
    }

    /// The secondary table in RAM, with the ROM's list of displays.
    private func makeSecondary(_ machine: TestMachine) -> FarPointer {
        let table = FarPointer(0x2300, 0x0000)
        let memory = machine.memory
        memory.writeBytes(table, memory.readBytes(memory.readPointer(SavePointerTests.table + 16), 26))
        memory.writePointer(SavePointerTests.table + 16, table)
        return table
    }

    private func flags(_ machine: TestMachine) -> UInt8 {
        (machine.cpu.bx, machine.cpu.es, machine.cpu.di) = (0, 0x3000, 0)
        machine.int(0x10, ax: 0x1B00)
        return machine.memory.read8(FarPointer(0x3000, 0x32))
    }

    @Test("a second font of the mode's height goes into its block, and is that of attribute bit 3")
    func secondFont() {
        let machine = make()
        let memory = machine.memory
        let entry = FarPointer(0x2400, 0x0000)
        memory.writePointer(makeSecondary(machine) + 6, entry)
        // Height, block 5, nothing, the font, the modes.
        memory.writeBytes(entry, [16, 5, 0, 0x00, 0x00, 0x00, 0x25, 3, 0xFF])
        memory.writeBytes(FarPointer(0x2500, 0), (0..<4_096).map { UInt8(truncatingIfNeeded: $0 &* 5) })
        machine.int(0x10, ax: 0x0003)
        func fonts() -> UInt8 {
            machine.ports.write8(0x3C4, 3, at: .zero)
            return machine.ports.read8(0x3C5, at: .zero)
        }
        #expect(fonts() == 0b10_0100)
        #expect(flags(machine) == 1)
        // Block 5 is at 4000h + 2000h of plane 2.
        for (port, index, value) in [(0x3C4, 4, 7), (0x3CE, 5, 0), (0x3CE, 6, 4), (0x3CE, 4, 2)]
            as [(UInt16, UInt8, UInt8)]
        {
            machine.ports.write8(port, index, at: .zero)
            machine.ports.write8(port + 1, value, at: .zero)
        }
        #expect(memory.read8(0xA_6000 + 0x41 * 32 + 3) == UInt8(truncatingIfNeeded: (0x41 * 16 + 3) * 5))
        // Another height and another mode have none.
        machine.int(0x10, ax: 0x0001)
        #expect(fonts() == 0)
    }

    @Test("colours and the underline of a mode are the program's", arguments: [false, true])
    func colors(keepsColors: Bool) {
        let machine = make()
        let memory = machine.memory
        let entry = FarPointer(0x2400, 0x0000)
        memory.writePointer(makeSecondary(machine) + 10, entry)
        // Underline, three bytes, two palette registers from 3, three colours from 62 (of which two count), modes.
        memory.writeBytes(
            entry,
            [1, 0, 0, 0, 2, 0, 3, 0, 0x00, 0x01, 0x00, 0x24, 2, 0, 62, 0, 0x00, 0x02, 0x00, 0x24, 3, 0xFF])
        memory.writeBytes(FarPointer(0x2400, 0x100), [0x22, 0x33, 0x11])
        memory.writeBytes(FarPointer(0x2400, 0x200), [1, 2, 3, 4, 5, 6, 7, 8, 9])
        machine.cpu.bx = 0x31
        if keepsColors { machine.int(0x10, ax: 0x1201) }
        machine.int(0x10, ax: 0x0003)
        func attribute(_ index: UInt16) -> UInt8 {
            machine.cpu.bx = index
            machine.int(0x10, ax: 0x1007)
            return machine.cpu.bh
        }
        #expect([3, 4, 5].map { attribute($0) } == (keepsColors ? [3, 4, 5] : [0x22, 0x33, 5]))
        machine.cpu.bx = 63
        machine.int(0x10, ax: 0x1015)
        #expect((machine.cpu.dh == 4) == !keepsColors)
        machine.ports.write8(0x3D4, 0x14, at: .zero)
        #expect(machine.ports.read8(0x3D5, at: .zero) == 15)
        #expect(flags(machine) == 0x10)
    }

    @Test("another table of displays is looked into; nonsense in it is harmless")
    func displays() {
        let machine = make()
        let table = makeSecondary(machine)
        machine.memory.writeBytes(FarPointer(0x2400, 0), [2, 1, 8, 0, 0, 0, 0, 8])
        machine.memory.writePointer(table + 2, FarPointer(0x2400, 0))
        #expect(flags(machine) == 0x20)
        machine.cpu.bx = 0x0800
        machine.int(0x10, ax: 0x1A01)
        #expect(machine.data.byte(0x8A) == 1)
        machine.int(0x10, ax: 0x1A00)
        #expect(machine.cpu.bx == 0x0008)
        for pointer in [2, 6, 10] { machine.memory.writePointer(table + pointer, FarPointer(0xFFFF, 0xFFF0)) }
        machine.memory.writeBytes(FarPointer(0xFFFF, 0xFFF0), [UInt8](repeating: 3, count: 64))
        for mode in UInt16(0)...0x13 { machine.int(0x10, ax: mode) }
        machine.int(0x10, ax: 0x1A00)
        #expect(machine.data.byte(0x49) == 0x13)
    }
}
