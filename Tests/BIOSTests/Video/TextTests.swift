import BIOS
import Core
import Testing
import X86

@Suite struct TextTests {
    @Test("power-on leaves a cleared 80-column screen and IBM's data area", arguments: VideoKind.allCases)
    func powerOn(kind: VideoKind) {
        let machine = TestMachine(BIOSConfiguration(video: kind))
        let base: UInt32 = kind == .mda || kind == .hercules ? 0xB_0000 : 0xB_8000
        #expect(machine.cell(24, 79, base: base) == (0x20, 0x07))
        #expect(machine.data.byte(0x49) == (kind == .mda || kind == .hercules ? 7 : 3))
        #expect(machine.data.word(0x4A) == 80)
        #expect(machine.data.word(0x4C) == 0x1000)
        #expect(machine.data.word(0x63) == (kind == .mda || kind == .hercules ? 0x3B4 : 0x3D4))
        #expect(machine.data.byte(0x84) == (kind == .vga || kind == .ega ? 24 : 0))
        machine.int(0x10, ax: 0x0F00)
        #expect(machine.cpu.ax == (kind == .mda || kind == .hercules ? 0x5007 : 0x5003))
        #expect(machine.cpu.bh == 0)
    }

    @Test("teletype writes, wraps, obeys control characters and scrolls")
    func teletype() {
        let machine = TestMachine()
        machine.print("Hello\r\nx\u{8}y\n")
        #expect(machine.line(0) == "Hello")
        #expect(machine.line(1) == "y")
        machine.int(0x10, ax: 0x0300)
        #expect(machine.cpu.dx == 0x0201)
        #expect(machine.cpu.cx == 0x0D0E)
        // The CRTC's cursor follows.
        #expect(machine.device.register(0x3D4, 0x0E) == UInt8(161 >> 8))
        #expect(machine.device.register(0x3D4, 0x0F) == 161)
        machine.print("\r" + String(repeating: "-", count: 81))
        #expect(machine.line(2).count == 80)
        #expect(machine.line(3) == "-")
        // A scroll takes the attribute from the line that the cursor is on.
        machine.cpu.dx = 0x1800
        machine.int(0x10, ax: 0x0200)
        machine.cpu.bx = 0x001E
        machine.cpu.cx = 1
        machine.int(0x10, ax: 0x0941)
        machine.print("\n")
        #expect(machine.line(0) == "y")
        #expect(machine.cell(23, 0) == (0x41, 0x1E))
        #expect(machine.cell(24, 5) == (0x20, 0x1E))
        machine.int(0x10, ax: 0x0300)
        #expect(machine.cpu.dx == 0x1800)
    }

    @Test("teletype ignores BH and uses the active page")
    func activePage() {
        let machine = TestMachine()
        machine.cpu.bx = 0x7F00
        machine.int(0x10, ax: 0x0E5A)
        #expect(machine.line(0) == "Z")
    }

    @Test("a window scrolls inside its borders, both ways")
    func scroll() {
        let machine = TestMachine()
        for row in 0..<25 {
            machine.cpu.dx = UInt16(row) << 8
            machine.cpu.bx = 0
            machine.int(0x10, ax: 0x0200)
            machine.cpu.cx = 80
            machine.int(0x10, ax: 0x0A00 | UInt16(0x41 + row))
        }
        (machine.cpu.bx, machine.cpu.cx, machine.cpu.dx) = (0x4F00, 0x0A0A, 0x0C0B)
        machine.int(0x10, ax: 0x0601)
        #expect(machine.line(10) == "KKKKKKKKKKLL" + String(repeating: "K", count: 68))
        #expect(machine.cell(12, 10) == (0x20, 0x4F))
        #expect(machine.cell(12, 12).0 == 0x4D)
        (machine.cpu.bx, machine.cpu.cx, machine.cpu.dx) = (0x2000, 0x0A0A, 0x0C0B)
        machine.int(0x10, ax: 0x0702)
        #expect(machine.cell(10, 10) == (0x20, 0x20))
        #expect(machine.cell(11, 11) == (0x20, 0x20))
        #expect(machine.cell(12, 10).0 == 0x4C)
        // More lines than the window has clear it; a corner outside the screen is cut off.
        (machine.cpu.bx, machine.cpu.cx, machine.cpu.dx) = (0x0700, 0x1800, 0xFFFF)
        machine.int(0x10, ax: 0x0660)
        #expect(machine.line(24).isEmpty)
        #expect(machine.line(23).count == 80)
    }

    @Test("pages have their own cells and cursors")
    func pages() {
        let machine = TestMachine()
        (machine.cpu.bx, machine.cpu.dx) = (0x0200, 0x0305)
        machine.int(0x10, ax: 0x0200)
        (machine.cpu.bx, machine.cpu.cx) = (0x021F, 2)
        machine.int(0x10, ax: 0x0958)
        #expect(machine.memory.read16(FarPointer(0xBA00, (3 * 80 + 6) * 2)) == 0x1F58)
        machine.cpu.bx = 0x0200
        machine.int(0x10, ax: 0x0800)
        #expect(machine.cpu.ax == 0x1F58)
        machine.int(0x10, ax: 0x0502)
        #expect(machine.data.byte(0x62) == 2)
        #expect(machine.data.word(0x4E) == 0x2000)
        #expect(machine.device.register(0x3D4, 0x0C) == 0x10)
        // Cursor address: 1000h + 3 * 80 + 5.
        #expect(machine.device.register(0x3D4, 0x0E) == 0x10)
        #expect(machine.device.register(0x3D4, 0x0F) == 0xF5)
    }

    @Test("strings are written with and without attributes and cursor movement", arguments: UInt8(0)...3)
    func strings(mode: UInt8) {
        let machine = TestMachine()
        let hasAttributes = mode & 2 != 0
        let text: [UInt8] = hasAttributes ? [0x41, 0x12, 0x0D, 0x0A, 0x42, 0x13] : [0x41, 0x0D, 0x0A, 0x42]
        machine.memory.writeBytes(FarPointer(0x2000, 0x10), text)
        (machine.cpu.es, machine.cpu.bp, machine.cpu.cx) = (0x2000, 0x10, 4)
        (machine.cpu.dx, machine.cpu.bx) = (0x0504, 0x0030)
        machine.int(0x10, ax: 0x1300 | UInt16(mode))
        #expect(machine.cell(5, 4) == (0x41, hasAttributes ? 0x12 : 0x30))
        #expect(machine.cell(6, 0) == (0x42, hasAttributes ? 0x13 : 0x30))
        machine.int(0x10, ax: 0x0300)
        #expect(machine.cpu.dx == (mode & 1 == 0 ? 0x0000 : 0x0601))
    }

    @Test("a bell sounds for half a second of emulated time and is silent again")
    func bell() {
        let machine = TestMachine()
        let start = machine.clock.now
        machine.int(0x10, ax: 0x0E07)
        #expect(machine.device.values(writtenTo: 0x61).first.map { $0 & 3 } == 3)
        #expect(machine.device.values[0x61].map { $0 & 3 } == 0)
        #expect((Tick.milliseconds(480)...(.milliseconds(482))).contains(machine.clock.now - start))
    }

    @Test("garbage in the data area keeps writes inside the video memory")
    func hostileData() {
        let machine = TestMachine()
        machine.data.set(0x4A, word: 0xFFFF)
        machine.data.set(0x4C, word: 0xFFFF)
        machine.data.set(0x84, byte: 0xFF)
        machine.data.set(0x62, byte: 0xFF)
        machine.data.set(0x50, word: 0xFFFF)
        let rom = machine.memory.readBytes(FarPointer(0xC000, 0), 0x1000)
        for function in UInt16(0)...0x1F {
            for sub in [UInt16(0), 1, 3, 0x10, 0x30, 0xFF] {
                (machine.cpu.bx, machine.cpu.cx, machine.cpu.dx) = (0xFFFF, 0xFFFF, 0xFFFF)
                (machine.cpu.es, machine.cpu.di, machine.cpu.bp) = (0x3000, 0xFFF0, 0xFFF0)
                machine.int(0x10, ax: function << 8 | sub)
            }
        }
        #expect(machine.memory.readBytes(FarPointer(0xC000, 0), 0x1000) == rom)
    }
}
