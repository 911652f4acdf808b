import BIOS
import Core
import Testing
import X86

@Suite struct ModeTests {
    @Test("mode 1 has 40 columns, mode 7 is at B0000h")
    func modes() {
        let machine = TestMachine()
        machine.print("gone")
        machine.int(0x10, ax: 0x0001)
        #expect(machine.line(0, columns: 40).isEmpty)
        #expect(machine.data.word(0x4A) == 40)
        #expect(machine.device.register(0x3D4, 0x01) == 39)
        machine.int(0x10, ax: 0x0007)
        machine.print("mono")
        #expect(machine.line(0, base: 0xB_0000) == "mono")
        #expect(machine.device.register(0x3B4, 0x14) == 0x0F)
    }

    @Test("bit 7 of the mode keeps the memory")
    func keeping() {
        let machine = TestMachine()
        machine.print("kept")
        machine.int(0x10, ax: 0x0083)
        #expect(machine.line(0) == "kept")
        machine.int(0x10, ax: 0x0F00)
        #expect(machine.cpu.al == 0x83)
    }

    @Test("a mode that does not exist is reported once and changes nothing")
    func unknown() {
        let machine = TestMachine()
        machine.print("text")
        machine.int(0x10, ax: 0x0055)
        machine.int(0x10, ax: 0x0055)
        #expect(machine.line(0) == "text")
        #expect(machine.data.byte(0x49) == 3)
        #expect(machine.reports == [.unavailableVideoMode(0x55, caller: FarPointer(0x1234, 0x5678))])
    }

    @Test("the CGA's 6845 and mode register are programmed")
    func cga() {
        let machine = TestMachine(BIOSConfiguration(machine: .xt, video: .cga))
        machine.int(0x10, ax: 0x0001)
        #expect(
            (UInt8(0)...11).map { machine.device.register(0x3D4, $0) } == [
                0x38, 0x28, 0x2D, 0x0A, 0x1F, 0x06, 0x19, 0x1C, 0x02, 0x07, 0x06, 0x07,
            ])
        #expect(machine.device.values[0x3D8] == 0x28)
        #expect(machine.data.byte(0x65) == 0x28)
        // INT 10h AH=1Ah does not exist here: AL stays.
        machine.int(0x10, ax: 0x1A00)
        #expect(machine.cpu.ax == 0x1A00)
    }

    @Test("fonts change the rows: 8 lines give 50, 14 lines give 28, and 350 lines give 43")
    func rows() {
        let machine = TestMachine()
        machine.int(0x10, ax: 0x1112)
        #expect(machine.data.byte(0x84) == 49)
        #expect(machine.data.word(0x85) == 8)
        #expect(machine.device.register(0x3D4, 0x09).map { $0 & 0x1F } == 7)
        #expect(machine.device.register(0x3D4, 0x12) == UInt8(truncatingIfNeeded: 399))
        machine.cpu.dx = 0x3100
        machine.int(0x10, ax: 0x0200)
        machine.print("last")
        #expect(machine.line(49) == "last")
        machine.int(0x10, ax: 0x1111)
        #expect(machine.data.byte(0x84) == 27)
        machine.int(0x10, ax: 0x1114)
        #expect(machine.data.byte(0x84) == 24)
        // IBM's BIOS leaves 256 bytes between pages after every change of the font.
        #expect(machine.data.word(0x4C) == 0x10A0)
        machine.cpu.bx = 0x0030
        machine.int(0x10, ax: 0x1201)
        #expect(machine.cpu.al == 0x12)
        machine.int(0x10, ax: 0x0003)
        #expect(machine.data.word(0x85) == 14)
        machine.int(0x10, ax: 0x1112)
        #expect(machine.data.byte(0x84) == 42)
    }

    @Test("font information tells height and rows of the screen")
    func fontInformation() {
        let machine = TestMachine()
        machine.cpu.bx = 0x0600
        machine.int(0x10, ax: 0x1130)
        #expect(machine.cpu.cx == 16)
        #expect(machine.cpu.dl == 24)
        #expect(machine.reports.isEmpty)
    }

    @Test(
        "the cursor is scaled to the height of the characters",
        arguments: [
            (UInt16(0x0607), UInt8(0x0D), UInt8(0x0E)), (0x0007, 0x00, 0x0F), (0x2000, 0x1E, 0x00),
            (0x0407, 0x08, 0x0F), (0x0707, 0x0E, 0x0E), (0x0000, 0x00, 0x00), (0x0003, 0x00, 0x03),
            (0x0206, 0x02, 0x0F), (0x0506, 0x0D, 0x0E), (0x0305, 0x0C, 0x0E), (0x0D0E, 0x0D, 0x0E),
            (0x080F, 0x08, 0x0F), (0x0706, 0x06, 0x0F), (0x0602, 0x02, 0x0F), (0x6607, 0x66, 0x07),
            (0x2607, 0x1E, 0x00), (0x1F1F, 0x0E, 0x0E), (0x0F00, 0x0F, 0x00),
        ])
    func cursorShape(shape: UInt16, first: UInt8, last: UInt8) {
        let machine = TestMachine()
        machine.cpu.cx = shape
        machine.int(0x10, ax: 0x0100)
        #expect(machine.device.register(0x3D4, 0x0A) == first)
        #expect(machine.device.register(0x3D4, 0x0B) == last)
        machine.int(0x10, ax: 0x0300)
        #expect(machine.cpu.cx == shape)
    }

    @Test("palette and DAC calls reach the ports and read back")
    func palette() {
        let machine = TestMachine()
        #expect(machine.device.attributes[6] == 0x14)
        #expect(Array(machine.device.dac[(7 * 3)..<(8 * 3)]) == [0x2A, 0x2A, 0x2A])
        #expect(Array(machine.device.dac[(0x14 * 3)..<(0x15 * 3)]) == [0x2A, 0x15, 0x00])
        machine.cpu.bx = 0x3A05
        machine.int(0x10, ax: 0x1000)
        #expect(machine.device.attributes[5] == 0x3A)
        machine.cpu.bx = 0x0005
        machine.int(0x10, ax: 0x1007)
        #expect(machine.cpu.bh == 0x3A)
        machine.cpu.bx = 0
        machine.int(0x10, ax: 0x1003)
        #expect(machine.device.attributes[0x10].map { $0 & 0x08 } == 0)
        #expect(machine.data.byte(0x65) & 0x20 == 0)
        (machine.cpu.bx, machine.cpu.cx, machine.cpu.dx) = (0x0021, 0x0B16, 0x2C00)
        machine.int(0x10, ax: 0x1010)
        machine.cpu.bx = 0x0021
        machine.int(0x10, ax: 0x1015)
        #expect(machine.cpu.dh == 0x2C)
        #expect(machine.cpu.cx == 0x0B16)
    }

    @Test("a VGA is found by AH=1Ah, 12h and 1Bh")
    func identity() {
        let machine = TestMachine()
        machine.int(0x10, ax: 0x1A00)
        #expect(machine.cpu.al == 0x1A)
        #expect(machine.cpu.bx == 0x0008)
        machine.cpu.bx = 0x0010
        machine.int(0x10, ax: 0x1200)
        #expect(machine.cpu.bx == 0x0003)
        #expect(machine.cpu.cl == 0x09)
        (machine.cpu.bx, machine.cpu.es, machine.cpu.di) = (0, 0x2000, 0)
        machine.int(0x10, ax: 0x1B00)
        #expect(machine.cpu.al == 0x1B)
        #expect(machine.memory.read8(FarPointer(0x2000, 0x04)) == 3)
        #expect(machine.memory.read8(FarPointer(0x2000, 0x22)) == 25)
        let table = machine.memory.readPointer(FarPointer(0x2000, 0))
        #expect(machine.memory.read8(table) == 0xFF)
    }

    @Test("a saved video state comes back")
    func saveState() {
        let machine = TestMachine()
        machine.cpu.cx = 7
        machine.int(0x10, ax: 0x1C00)
        #expect(machine.cpu.al == 0x1C)
        #expect(machine.cpu.bx > 10)
        (machine.cpu.cx, machine.cpu.es, machine.cpu.bx) = (7, 0x2000, 0)
        machine.cpu.dx = 0x0102
        machine.cpu.bx = 0
        machine.int(0x10, ax: 0x0200)
        machine.int(0x10, ax: 0x1C01)
        machine.int(0x10, ax: 0x0001)
        #expect(machine.data.word(0x4A) == 40)
        (machine.cpu.cx, machine.cpu.es, machine.cpu.bx) = (7, 0x2000, 0)
        machine.int(0x10, ax: 0x1C02)
        #expect(machine.data.word(0x4A) == 80)
        #expect(machine.data.word(0x50) == 0x0102)
        #expect(machine.device.register(0x3D4, 0x01) == 79)
    }
}
