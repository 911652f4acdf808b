import BIOS
import Boards
import Core
import Fonts
import Testing
import X86

/// INT 10h AH=4Fh with a VGA of 1 MB behind it.
@Suite struct ExtensionTests {
    private static var configuration: BIOSConfiguration {
        var configuration = BIOSConfiguration()
        configuration.hasVideoExtension = true
        return configuration
    }

    private func make() -> (TestMachine, VGAAdapter) {
        let machine = TestMachine(ExtensionTests.configuration)
        let adapter = VGAAdapter(variant: .superVGA, memory: machine.memory)
        adapter.attach(to: machine.ports)
        machine.bios.powerOn(in: machine.context)
        return (machine, adapter)
    }

    @Test("the controller's block names the version, 1 MB and the modes")
    func controller() {
        let (machine, _) = make()
        (machine.cpu.es, machine.cpu.di) = (0x2000, 0xFF80)
        machine.int(0x10, ax: 0x4F00)
        #expect(machine.cpu.ax == 0x004F)
        let memory = machine.memory
        #expect(memory.readBytes(FarPointer(0x2000, 0xFF80), 6) == Array("VESA".utf8) + [2, 1])
        #expect(memory.read16(FarPointer(0x2000, 0xFF92)) == 16)
        let list = memory.readPointer(FarPointer(0x2000, 0xFF8E))
        let modes = (0..<8).map { memory.read16(list + $0 * 2) }
        #expect(modes == [0x100, 0x101, 0x102, 0x103, 0x104, 0x105, 0x108, 0xFFFF])
        // Without the board there is no such function.
        let plain = TestMachine()
        plain.int(0x10, ax: 0x4F00)
        #expect(plain.cpu.ax == 0x4F00)
    }

    @Test(
        "a mode is set as its block says",
        arguments: [
            (UInt16(0x100), 640, 400, 4), (0x101, 640, 480, 4), (0x102, 800, 600, 3), (0x103, 800, 600, 4),
            (0x104, 1_024, 768, 3), (0x105, 1_024, 768, 4),
        ])
    func modes(number: UInt16, width: Int, height: Int, model: UInt8) throws {
        let (machine, adapter) = make()
        (machine.cpu.es, machine.cpu.di, machine.cpu.cx) = (0x2000, 0, number)
        machine.int(0x10, ax: 0x4F01)
        #expect(machine.cpu.ax == 0x004F)
        func word(_ offset: Int) -> Int { Int(machine.memory.read16(FarPointer(0x2000, UInt16(offset)))) }
        #expect(word(0x12) == width && word(0x14) == height)
        #expect(word(0x10) == (model == 4 ? width : width / 8))
        #expect(machine.memory.read8(FarPointer(0x2000, 0x1B)) == model)
        machine.cpu.bx = number
        machine.int(0x10, ax: 0x4F02)
        #expect(machine.cpu.ax == 0x004F)
        let frame = try #require(adapter.still(at: .zero))
        #expect(frame.width == width && frame.height == height)
        machine.int(0x10, ax: 0x4F03)
        #expect(machine.cpu.bx == number)
        #expect(adapter.textScreen(at: .zero) == nil)
        // Pixels anywhere, by the BIOS, and read back.
        let black = frame.pixels[0]
        let places = [(0, 0), (width - 1, height - 1), (width / 2 + 3, height - 7)]
        for (count, (x, y)) in places.enumerated() {
            (machine.cpu.cx, machine.cpu.dx, machine.cpu.bx) = (UInt16(x), UInt16(y), 0)
            machine.int(0x10, ax: 0x0C0F)
            machine.int(0x10, ax: 0x0D00)
            #expect(machine.cpu.al == 0x0F)
            let drawn = try #require(adapter.still(at: .zero))
            #expect(drawn.color(x: x, y: y) == 0xFF_FFFF)
            #expect(drawn.pixels.count { $0 != black } == count + 1)
        }
        // A normal mode ends it.
        machine.int(0x10, ax: 0x0003)
        #expect(adapter.textScreen(at: .zero)?.columns == 80)
        machine.int(0x10, ax: 0x4F03)
        #expect(machine.cpu.bx == 3)
    }

    @Test("80 by 60 characters")
    func text60() throws {
        let (machine, adapter) = make()
        machine.cpu.bx = 0x0108
        machine.int(0x10, ax: 0x4F02)
        #expect(machine.cpu.ax == 0x004F)
        (machine.cpu.bx, machine.cpu.dx) = (0, 0x3B00)
        machine.int(0x10, ax: 0x0200)
        machine.print("below")
        let screen = try #require(adapter.textScreen(at: .zero))
        #expect(screen.rows == 60)
        #expect(screen.line(59) == "below")
        let frame = try #require(adapter.still(at: .zero))
        #expect(frame.width == 640 && frame.height == 480)
        machine.int(0x10, ax: 0x4F03)
        #expect(machine.cpu.bx == 0x0108)
    }

    @Test("text is written, and scrolls through the banks", arguments: [UInt16(0x101), 0x102, 0x103, 0x104])
    func textInGraphics(mode: UInt16) throws {
        let (machine, adapter) = make()
        machine.cpu.bx = mode
        machine.int(0x10, ax: 0x4F02)
        let last = machine.data.byte(0x84)
        machine.cpu.bx = 0
        machine.cpu.dx = UInt16(last) << 8
        machine.int(0x10, ax: 0x0200)
        machine.cpu.bl = 0x0F
        machine.int(0x10, ax: 0x0E41)
        machine.int(0x10, ax: 0x0E0A)
        let frame = try #require(adapter.still(at: .zero))
        let top = (Int(last) - 1) * 16
        for line in 0..<16 {
            let bits = FontSet.cp437.x16.bytes[0x41 * 16 + line]
            let drawn = (0..<8).reduce(UInt8(0)) { bits, dot in
                bits << 1 | (frame.color(x: dot, y: top + line) == 0xFF_FFFF ? 1 : 0)
            }
            #expect(drawn == bits)
        }
        machine.cpu.dx = UInt16(last - 1) << 8
        machine.int(0x10, ax: 0x0200)
        machine.int(0x10, ax: 0x0800)
        #expect(machine.cpu.al == 0x41)
    }

    @Test("lines get longer and the picture moves, within memory")
    func scrolling() throws {
        let (machine, adapter) = make()
        machine.cpu.bx = 0x0101
        machine.int(0x10, ax: 0x4F02)
        (machine.cpu.bx, machine.cpu.cx) = (0, 797)
        machine.int(0x10, ax: 0x4F06)
        #expect(machine.cpu.ax == 0x004F)
        #expect(machine.cpu.cx == 800 && machine.cpu.bx == 800 && machine.cpu.dx == 1_310)
        (machine.cpu.cx, machine.cpu.dx, machine.cpu.bx) = (150, 600, 0)
        machine.int(0x10, ax: 0x0C0F)
        (machine.cpu.bx, machine.cpu.cx, machine.cpu.dx) = (0, 131, 590)
        machine.int(0x10, ax: 0x4F07)
        #expect(machine.cpu.ax == 0x004F)
        #expect(try #require(adapter.still(at: .zero)).color(x: 19, y: 10) == 0xFF_FFFF)
        (machine.cpu.bx, machine.cpu.cx, machine.cpu.dx) = (0, 161, 0)
        machine.int(0x10, ax: 0x4F07)
        #expect(machine.cpu.ax == 0x014F)
        machine.cpu.bx = 1
        machine.int(0x10, ax: 0x4F07)
        #expect(machine.cpu.cx == 131 && machine.cpu.dx == 590)
        (machine.cpu.bx, machine.cpu.cx) = (0, 8_000)
        machine.int(0x10, ax: 0x4F06)
        #expect(machine.cpu.ax == 0x014F)
        machine.cpu.bx = 1
        machine.int(0x10, ax: 0x4F06)
        #expect(machine.cpu.cx == 800)
    }

    @Test("a saved state brings mode, bank and place back")
    func saving() throws {
        let (machine, adapter) = make()
        machine.cpu.bx = 0x0103
        machine.int(0x10, ax: 0x4F02)
        (machine.cpu.bx, machine.cpu.dx) = (0, 5)
        machine.int(0x10, ax: 0x4F05)
        machine.memory.write8(0xA_0000, 0x0F)
        (machine.cpu.bx, machine.cpu.cx, machine.cpu.dx) = (0, 0, 100)
        machine.int(0x10, ax: 0x4F07)
        let before = try #require(adapter.still(at: .zero))
        (machine.cpu.cx, machine.cpu.dx) = (0x0F, 0)
        machine.int(0x10, ax: 0x4F04)
        #expect(machine.cpu.bx >= 15)
        (machine.cpu.cx, machine.cpu.dx, machine.cpu.es, machine.cpu.bx) = (0x0F, 1, 0x7000, 0xFFF0)
        machine.int(0x10, ax: 0x4F04)
        machine.int(0x10, ax: 0x0083)
        (machine.cpu.cx, machine.cpu.dx, machine.cpu.es, machine.cpu.bx) = (0x0F, 2, 0x7000, 0xFFF0)
        machine.int(0x10, ax: 0x4F04)
        #expect(machine.cpu.ax == 0x004F)
        machine.cpu.bx = 0x0100
        machine.int(0x10, ax: 0x4F05)
        #expect(machine.cpu.dx == 5)
        let after = try #require(adapter.still(at: .zero))
        #expect(after.width == 800 && after.pixels == before.pixels)
    }

    @Test("the DAC has six bits, and there are 16 banks and one window")
    func limits() {
        let (machine, _) = make()
        machine.cpu.bx = 0x0800
        machine.int(0x10, ax: 0x4F08)
        #expect(machine.cpu.ax == 0x014F && machine.cpu.bh == 6)
        machine.cpu.bx = 0x0001
        machine.int(0x10, ax: 0x4F08)
        #expect(machine.cpu.ax == 0x004F && machine.cpu.bh == 6)
        machine.cpu.bx = 0x0101
        machine.int(0x10, ax: 0x4F02)
        for (bx, dx, ax) in [(UInt16(0), UInt16(15), UInt16(0x004F)), (0, 16, 0x014F), (1, 0, 0x014F)] {
            (machine.cpu.bx, machine.cpu.dx) = (bx, dx)
            machine.int(0x10, ax: 0x4F05)
            #expect(machine.cpu.ax == ax)
        }
        machine.cpu.bx = 0x0106
        machine.int(0x10, ax: 0x4F02)
        #expect(machine.cpu.ax == 0x014F)
        machine.int(0x10, ax: 0x4F0A)
        #expect(machine.cpu.ax == 0x4F0A)
    }

    @Test("a program draws through the window function", arguments: [MachineKind.at, .xt])
    func windowFunction(machine kind: MachineKind) throws {
        var configuration = BIOSConfiguration(machine: kind)
        configuration.hasVideoExtension = true
        let machine = ChipMachine(configuration)
        // mov ax, 4F01h; mov cx, 103h; mov di, 800h; int 10h; mov ax, 4F02h; mov bx, 103h; int 10h
        // xor bx, bx; mov dx, 7; call far [80Ch]; mov ax, 0A000h; mov es, ax; mov byte es:[1234h], 0Fh
        // mov bx, 100h; mov dx, 0; call far [80Ch]; mov es:[1235h], dl; cli; hlt
        machine.load([
            0xB8, 0x01, 0x4F, 0xB9, 0x03, 0x01, 0xBF, 0x00, 0x08, 0xCD, 0x10, 0xB8, 0x02, 0x4F, 0xBB, 0x03, 0x01,
            0xCD, 0x10, 0x31, 0xDB, 0xBA, 0x07, 0x00, 0xFF, 0x1E, 0x0C, 0x08, 0xB8, 0x00, 0xA0, 0x8E, 0xC0, 0x26,
            0xC6, 0x06, 0x34, 0x12, 0x0F, 0xBB, 0x00, 0x01, 0xBA, 0x00, 0x00, 0xFF, 0x1E, 0x0C, 0x08, 0x26, 0x88,
            0x16, 0x35, 0x12, 0xFA, 0xF4,
        ])
        machine.run(for: .milliseconds(500))
        let frame = try #require(machine.adapter.still(at: machine.now))
        let place = 7 * 65_536 + 0x1234
        #expect(frame.color(x: place % 800, y: place / 800) == 0xFF_FFFF)
        // Colour 7: the bank that was read.
        #expect(frame.color(x: place % 800 + 1, y: place / 800) == 0xAA_AAAA)
    }
}
