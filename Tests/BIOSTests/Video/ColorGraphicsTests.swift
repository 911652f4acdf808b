import BIOS
import Core
import Fonts
import Testing
import X86

@Suite struct ColorGraphicsTests {
    private func machine(_ video: VideoKind, mode: UInt8) -> TestMachine {
        let machine = TestMachine(BIOSConfiguration(machine: .xt, video: video))
        machine.device.clearLog()
        machine.int(0x10, ax: UInt16(mode))
        return machine
    }

    private func pixel(_ machine: TestMachine, _ x: Int, _ y: Int, _ color: UInt8) {
        (machine.cpu.cx, machine.cpu.dx) = (UInt16(x), UInt16(y))
        machine.int(0x10, ax: 0x0C00 | UInt16(color))
    }

    private func color(_ machine: TestMachine, _ x: Int, _ y: Int) -> UInt8 {
        (machine.cpu.cx, machine.cpu.dx) = (UInt16(x), UInt16(y))
        machine.int(0x10, ax: 0x0D00)
        return machine.cpu.al
    }

    @Test("the CGA's modes set the 6845, mode and colour registers, and clear the memory")
    func modes() {
        for (mode, columns, register, color): (UInt8, UInt16, UInt8, UInt8) in [
            (4, 40, 0x2A, 0x30), (5, 40, 0x2E, 0x30), (6, 80, 0x1E, 0x3F),
        ] {
            let machine = machine(.cga, mode: mode)
            #expect(machine.device.register(0x3D4, 0) == 0x38 && machine.device.register(0x3D4, 9) == 1)
            #expect(machine.device.register(0x3D4, 4) == 0x7F && machine.device.register(0x3D4, 6) == 0x64)
            #expect(machine.device.values(writtenTo: 0x3D8).last == register)
            #expect(machine.device.values(writtenTo: 0x3D9) == [color])
            #expect(machine.memory.read8(0xB_8000) == 0 && machine.memory.read8(0xB_BFFF) == 0)
            machine.int(0x10, ax: 0x0F00)
            #expect(machine.cpu.ax == columns << 8 | UInt16(mode))
            machine.int(0x10, ax: 0x0003)
            #expect(machine.line(0).isEmpty && machine.cell(0, 0) == (0x20, 7))
        }
    }

    @Test(
        "pixels lie where the adapters have them",
        arguments: [
            (VideoKind.cga, UInt8(4), 319, 199, UInt8(2), 0x3F3F, UInt8(0b10)),
            (.cga, 5, 0, 1, 3, 0x2000, 0b1100_0000), (.cga, 6, 639, 2, 1, 80 + 79, 1),
            (.tandy, 8, 1, 2, 13, 80, 0x0D), (.tandy, 9, 2, 3, 7, 0x6001, 0x70), (.pcjr, 10, 8, 4, 1, 160 + 2, 0x80),
            (.pcjr, 10, 8, 4, 2, 160 + 3, 0x80),
        ])
    func pixels(video: VideoKind, mode: UInt8, x: Int, y: Int, value: UInt8, offset: Int, byte: UInt8) {
        let machine = machine(video, mode: mode)
        // The PCjr's BIOS goes to pages 6 and 7 themselves.
        let base: UInt32 = video == .pcjr && mode >= 9 ? 0x1_8000 : 0xB_8000
        pixel(machine, x, y, value)
        #expect(machine.memory.read8(base + UInt32(offset)) == byte)
        #expect(color(machine, x, y) == value)
        #expect(color(machine, x ^ 1, y) == 0)
        pixel(machine, x, y, 0x80 | value)
        #expect(color(machine, x, y) == 0 && machine.memory.read8(base + UInt32(offset)) == 0)
    }

    @Test(
        "characters are drawn with the ROM's font and that of INT 1Fh, and read back",
        arguments: [
            (VideoKind.cga, UInt8(4), UInt8(3)), (.cga, 6, 1), (.tandy, 8, 15), (.tandy, 9, 14), (.pcjr, 10, 2),
        ])
    func characters(video: VideoKind, mode: UInt8, ink: UInt8) {
        let machine = machine(video, mode: mode)
        machine.cpu.dx = 0x0302
        machine.int(0x10, ax: 0x0200)
        (machine.cpu.bx, machine.cpu.cx) = (UInt16(ink), 2)
        machine.int(0x10, ax: 0x0941)
        for row in 0..<8 {
            for column in 0..<8 {
                let isSet = Font.cp437x8.row(row, of: 0x41) >> UInt8(7 - column) & 1 != 0
                #expect(color(machine, 16 + column, 24 + row) == (isSet ? ink : 0))
                #expect(color(machine, 24 + column, 24 + row) == (isSet ? ink : 0))
            }
        }
        machine.int(0x10, ax: 0x0800)
        #expect(machine.cpu.al == 0x41)
        machine.cpu.bx = UInt16(ink)
        machine.int(0x10, ax: 0x0EE1)
        machine.int(0x10, ax: 0x0300)
        #expect(machine.cpu.dx == 0x0303)
        machine.cpu.dx = 0x0302
        machine.int(0x10, ax: 0x0200)
        machine.int(0x10, ax: 0x0800)
        #expect(machine.cpu.al == 0xE1)
        // By exclusive or it goes away.
        (machine.cpu.bx, machine.cpu.cx) = (UInt16(0x80 | ink), 1)
        machine.int(0x10, ax: 0x0AE1)
        machine.int(0x10, ax: 0x0800)
        #expect(machine.cpu.al == 0)
    }

    @Test("windows scroll by lines of characters, and teletype scrolls at the bottom")
    func scrolling() {
        let machine = machine(.cga, mode: 4)
        for row in 0..<25 { pixel(machine, 8, row * 8, UInt8(row % 3 + 1)) }
        (machine.cpu.cx, machine.cpu.dx, machine.cpu.bx) = (0x0101, 0x0B02, 0xFF00)
        machine.int(0x10, ax: 0x0602)
        #expect(color(machine, 8, 8) == UInt8(3 % 3 + 1))
        #expect(color(machine, 8, 0) == 1 && color(machine, 8, 12 * 8) == 1)
        #expect(color(machine, 8, 10 * 8) == 3 && color(machine, 23, 11 * 8 + 7) == 3)
        #expect(color(machine, 7, 10 * 8) == 0 && color(machine, 24, 10 * 8) == 0)
        (machine.cpu.bx, machine.cpu.dx) = (0, 0x1800)
        machine.int(0x10, ax: 0x0200)
        machine.int(0x10, ax: 0x0E0A)
        #expect(color(machine, 8, 23 * 8) == UInt8(24 % 3 + 1) && color(machine, 8, 24 * 8) == 0)
    }

    @Test("palette and background of the CGA")
    func palette() {
        let machine = machine(.cga, mode: 4)
        machine.cpu.bx = 0x0005
        machine.int(0x10, ax: 0x0B00)
        machine.cpu.bx = 0x0100
        machine.int(0x10, ax: 0x0B00)
        #expect(machine.device.values(writtenTo: 0x3D9) == [0x30, 0x25, 0x05])
    }

    @Test("the gate array's registers in modes of the PCjr and the Tandy")
    func gateArray() {
        let tandy = machine(.tandy, mode: 9)
        #expect(tandy.device.values(writtenTo: 0x3D8).last == 0x0B)
        #expect(tandy.device.values(writtenTo: 0x3DF) == [0xF6])
        #expect(
            zip(tandy.device.values(writtenTo: 0x3DA), tandy.device.values(writtenTo: 0x3DE)).contains {
                $0 == (3, 0x10)
            })
        tandy.device.clearLog()
        (tandy.cpu.bl, tandy.cpu.bh) = (4, 9)
        tandy.int(0x10, ax: 0x1000)
        #expect(tandy.device.values(writtenTo: 0x3DA) == [0x14] && tandy.device.values(writtenTo: 0x3DE) == [9])
        let junior = machine(.pcjr, mode: 8)
        #expect(Array(junior.device.values(writtenTo: 0x3DA).prefix(2)) == [0, 0x1A])
        (junior.cpu.bl, junior.cpu.bh) = (2, 5)
        junior.int(0x10, ax: 0x0583)
        #expect(junior.device.values(writtenTo: 0x3DF).last == 0x55)
        junior.int(0x10, ax: 0x0580)
        #expect(junior.cpu.bx == 0x0502)
    }

    /// What has been written to the PCjr's gate array: the last value of each register.
    private func array(_ machine: TestMachine) -> [UInt8: UInt8] {
        let values = machine.device.values(writtenTo: 0x3DA)
        var registers: [UInt8: UInt8] = [:]
        for index in stride(from: 0, to: values.count - 1, by: 2) { registers[values[index]] = values[index + 1] }
        return registers
    }

    @Test(
        "the PCjr's palette and its mask by mode, and the other set of AH=0Bh",
        arguments: [
            (UInt8(4), UInt8(3), [UInt8(0), 3, 5, 15], [UInt8(2), 4, 6]), (6, 1, [0, 15, 0, 0], [15, 0, 0]),
            (0x0A, 3, [0, 3, 5, 15], [2, 4, 6]), (9, 15, [0, 1, 2, 3], [1, 2, 3]),
        ])
    func juniorPalette(mode: UInt8, mask: UInt8, colors: [UInt8], other: [UInt8]) {
        let junior = machine(.pcjr, mode: mode)
        #expect(array(junior)[1] == mask)
        #expect((0..<4).map { array(junior)[0x10 + $0] } == colors)
        junior.device.clearLog()
        junior.cpu.bx = 0x0100
        junior.int(0x10, ax: 0x0B00)
        #expect((1..<4).map { array(junior)[0x10 + $0] } == other)
    }

    @Test("bit 7 of a mode keeps the PCjr's memory")
    func juniorKeepsMemory() {
        let junior = machine(.pcjr, mode: 9)
        junior.memory.write8(0x1_8123, 0x5A)
        junior.int(0x10, ax: 0x0089)
        #expect(junior.memory.read8(0x1_8123) == 0x5A)
        junior.int(0x10, ax: 0x0009)
        #expect(junior.memory.read8(0x1_8123) == 0)
    }

    @Test("programs tell a PCjr and a Tandy 1000 by bytes of the ROM")
    func identity() {
        let tandy = TestMachine(BIOSConfiguration(machine: .xt, video: .tandy))
        #expect(tandy.memory.read8(0xF_FFFE) == 0xFF && tandy.memory.read8(0xF_C000) == 0x21)
        let junior = TestMachine(BIOSConfiguration(machine: .pc, video: .pcjr))
        #expect(junior.memory.read8(0xF_FFFE) == 0xFD && junior.memory.read8(0xF_C000) != 0x21)
    }

    @Test("monochrome adapters have no graphics modes")
    func monochrome() {
        let machine = machine(.hercules, mode: 4)
        #expect(machine.data.byte(0x49) == 7)
    }
}
