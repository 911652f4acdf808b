import BIOS
import Boards
import Core
import Fonts
import Testing
import X86

/// INT 10h with a real adapter behind it.
@Suite struct GraphicsTests {
    private func make(_ video: VideoKind) -> (TestMachine, VGAAdapter) {
        let machine = TestMachine(BIOSConfiguration(video: video))
        let adapter = VGAAdapter(variant: video == .vga ? .vga : .ega(EGAFitting()), memory: machine.memory)
        adapter.attach(to: machine.ports)
        machine.int(0x10, ax: 0x0003)
        return (machine, adapter)
    }

    private static let modes: [(mode: UInt8, width: Int, height: Int, colors: Int)] = [
        (0x04, 320, 200, 4), (0x06, 640, 200, 2), (0x0D, 320, 200, 16), (0x0E, 640, 200, 16), (0x10, 640, 350, 16),
        (0x11, 640, 480, 2), (0x12, 640, 480, 16), (0x13, 320, 200, 256),
    ]

    @Test("the screen has the size of its mode", arguments: modes)
    func size(mode: (mode: UInt8, width: Int, height: Int, colors: Int)) throws {
        let (machine, adapter) = make(.vga)
        machine.int(0x10, ax: UInt16(mode.mode))
        let frame = try #require(adapter.still(at: .zero)).reduced
        #expect(frame.width == mode.width && frame.height == mode.height)
        #expect(Set(frame.pixels).count == 1)
        #expect(machine.data.byte(0x49) == mode.mode)
        #expect(adapter.textScreen(at: .zero) == nil)
    }

    @Test("pixels are written, read and combined", arguments: modes)
    func pixels(mode: (mode: UInt8, width: Int, height: Int, colors: Int)) throws {
        let (machine, adapter) = make(.vga)
        machine.int(0x10, ax: UInt16(mode.mode))
        let black = try #require(adapter.still(at: .zero)).pixels[0]
        let places = [(0, 0), (1, 1), (mode.width - 1, mode.height - 1), (37, 99), (38, 99)]
        for (number, (x, y)) in places.enumerated() {
            let color = UInt8(truncatingIfNeeded: (number + 1) % mode.colors | (mode.colors == 2 ? 1 : 0))
            (machine.cpu.cx, machine.cpu.dx, machine.cpu.bx) = (UInt16(x), UInt16(y), 0)
            machine.int(0x10, ax: 0x0C00 | UInt16(color))
            machine.int(0x10, ax: 0x0D00)
            #expect(machine.cpu.al == color)
            let frame = try #require(adapter.still(at: .zero)).reduced
            #expect((frame.color(x: x, y: y) == black) == (color == 0))
        }
        #expect(try #require(adapter.still(at: .zero)).reduced.pixels.count { $0 != black } <= places.count)
        guard mode.mode != 0x13 else { return }
        // Bit 7: exclusive or.
        (machine.cpu.cx, machine.cpu.dx) = (1, 1)
        machine.int(0x10, ax: 0x0D00)
        machine.int(0x10, ax: 0x0C80 | UInt16(machine.cpu.al))
        machine.int(0x10, ax: 0x0D00)
        #expect(machine.cpu.al == 0)
    }

    @Test("characters are drawn from the font, read back and scrolled", arguments: modes)
    func characters(mode: (mode: UInt8, width: Int, height: Int, colors: Int)) throws {
        let (machine, adapter) = make(.vga)
        machine.int(0x10, ax: UInt16(mode.mode))
        (machine.cpu.dx, machine.cpu.bx) = (0x0205, 0)
        machine.int(0x10, ax: 0x0200)
        (machine.cpu.bx, machine.cpu.cx) = (0x0001, 2)
        machine.int(0x10, ax: 0x0941)
        machine.int(0x10, ax: 0x0800)
        #expect(machine.cpu.al == 0x41)
        let height = mode.height / (Int(machine.data.byte(0x84)) + 1)
        let frame = try #require(adapter.still(at: .zero)).reduced
        let font = height == 8 ? FontSet.cp437.x8 : height == 14 ? FontSet.cp437.x14 : FontSet.cp437.x16
        for line in 0..<height {
            let bits = font.bytes[0x41 * height + line]
            for dot in 0..<8 {
                let isSet = frame.color(x: 48 + dot, y: 2 * height + line) != frame.color(x: 0, y: 0)
                #expect(isSet == (bits >> UInt8(7 - dot) & 1 != 0))
            }
        }
        (machine.cpu.bx, machine.cpu.cx, machine.cpu.dx) = (0, 0, 0x1827)
        machine.int(0x10, ax: 0x0601)
        machine.cpu.dx = 0x0105
        machine.int(0x10, ax: 0x0200)
        machine.int(0x10, ax: 0x0800)
        #expect(machine.cpu.al == 0x41)
        // In the CGA's modes BH is the byte that fills. Source: [PCTR] BIOS listing, GRAPHICS_UP.
        machine.cpu.bx = mode.mode <= 6 ? 0xFF00 : 0x0100
        (machine.cpu.cx, machine.cpu.dx) = (0, 0)
        machine.int(0x10, ax: 0x0600)
        let filled = try #require(adapter.still(at: .zero)).reduced
        #expect(filled.color(x: 0, y: 0) != filled.color(x: 9, y: 0))
    }

    @Test("the registers are those of the parameter table in the ROM", arguments: modes.map(\.mode) + [1, 3, 7, 0x0F])
    func parameters(mode: UInt8) {
        let (machine, _) = make(.vga)
        machine.int(0x10, ax: UInt16(mode))
        let memory = machine.memory
        let table = memory.readPointer(memory.readPointer(FarPointer(0x40, 0xA8)))
        let index: [UInt8: Int] = [
            1: 0x17, 3: 0x18, 7: 0x19, 0x0F: 0x11, 0x10: 0x12, 0x11: 0x1A, 0x12: 0x1B, 0x13: 0x1C,
        ]
        let entry = memory.readBytes(table + (index[mode] ?? Int(mode)) * 64, 64)
        func register(_ port: UInt16, _ index: Int) -> UInt8 {
            machine.ports.write8(port, UInt8(index), at: .zero)
            return machine.ports.read8(port + 1, at: .zero)
        }
        #expect(UInt16(entry[0]) == machine.data.word(0x4A) && entry[1] == machine.data.byte(0x84))
        // After a font has been loaded, IBM's BIOS leaves 3 in the memory mode register.
        let memoryMode = mode <= 3 || mode == 7 ? 3 : entry[8]
        #expect((1...4).map { register(0x3C4, $0) } == Array(entry[5..<8]) + [memoryMode])
        #expect(machine.ports.read8(0x3CC, at: .zero) == entry[9])
        let crtc: UInt16 = entry[9] & 1 != 0 ? 0x3D4 : 0x3B4
        #expect((0..<25).filter { ![0x0E, 0x0F].contains($0) }.allSatisfy { register(crtc, $0) == entry[10 + $0] })
        #expect((0..<9).map { register(0x3CE, $0) } == Array(entry[55..<64]))
    }

    @Test(
        "text is drawn with the font that the mode loads, also after a change of font",
        arguments: [VideoKind.vga, .ega])
    func text(video: VideoKind) throws {
        let (machine, adapter) = make(video)
        for (ax, height) in [(UInt16(0x0003), video == .vga ? 16 : 14), (0x1112, 8), (0x1111, 14)] {
            machine.int(0x10, ax: 0x0003)
            machine.cpu.bx = 0
            machine.int(0x10, ax: ax)
            machine.memory.write16(FarPointer(0xB800, 0), 0x0741)
            machine.memory.write16(FarPointer(0xB800, 2), 0x0741)
            let frame = try #require(adapter.still(at: .zero))
            let width = video == .vga ? 9 : 8
            #expect(frame.width == 80 * width)
            let font = height == 8 ? FontSet.cp437.x8 : height == 14 ? FontSet.cp437.x14 : FontSet.cp437.x16
            for line in 0..<height {
                var bits: UInt8 = 0
                for dot in 0..<8 {
                    let isSet = frame.color(x: width + dot, y: line) == 0xAA_AAAA
                    bits = bits << 1 | (isSet ? 1 : 0)
                }
                #expect(bits == font.bytes[0x41 * height + line])
            }
        }
    }

    @Test("the EGA has its own modes and no others")
    func ega() throws {
        let (machine, adapter) = make(.ega)
        machine.int(0x10, ax: 0x0010)
        #expect(try #require(adapter.still(at: .zero)).height == 350)
        machine.int(0x10, ax: 0x000D)
        let frame = try #require(adapter.still(at: .zero))
        #expect(frame.width == 320 && frame.height == 200)
        machine.int(0x10, ax: 0x0013)
        #expect(machine.data.byte(0x49) == 0x0D)
        #expect(machine.reports == [.unavailableVideoMode(0x13, caller: FarPointer(0x1234, 0x5678))])
    }
}
