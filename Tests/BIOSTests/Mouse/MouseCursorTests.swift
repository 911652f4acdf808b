import BIOS
import Core
import Testing
import X86

@Suite struct MouseCursorTests {
    private func word(_ machine: TestMachine, _ row: Int, _ column: Int) -> UInt16 {
        machine.memory.read16(FarPointer(0xB800, UInt16((row * 80 + column) * 2)))
    }

    @Test("the text cursor is masks over a cell, and the cell comes back")
    func text() {
        let machine = TestMachine.withMouse()
        machine.int(0x10, ax: 0x0003)
        machine.print("Hello")
        machine.mouse(0x0000)
        machine.mouse(0x0004, cx: 8, dx: 0)
        #expect(word(machine, 0, 1) == 0x0765)
        machine.mouse(0x0001)
        #expect(word(machine, 0, 1) == 0x7065)
        machine.mouse(0x0004, cx: 16, dx: 0)
        #expect(word(machine, 0, 1) == 0x0765 && word(machine, 0, 2) == 0x706C)
        machine.mouse(0x000A, bx: 0, cx: 0xFF00, dx: 0x002A)
        #expect(word(machine, 0, 2) == 0x072A)
        machine.mouse(0x0002)
        #expect(word(machine, 0, 2) == 0x076C)
    }

    @Test("hiding twice needs showing twice, and showing twice is no more than once")
    func counter() {
        let machine = TestMachine.withMouse()
        let blank = word(machine, 12, 40)
        machine.mouse(0x0001)
        machine.mouse(0x0001)
        #expect(word(machine, 12, 40) == 0x7020)
        machine.mouse(0x0002)
        machine.mouse(0x0002)
        machine.mouse(0x0001)
        #expect(word(machine, 12, 40) == blank)
        machine.mouse(0x0001)
        #expect(word(machine, 12, 40) == 0x7020)
        machine.mouse(0x0000)
        #expect(word(machine, 12, 40) == blank)
    }

    @Test("INT 10h never sees or moves the cursor")
    func underBIOS() {
        let machine = TestMachine.withMouse()
        machine.mouse(0x0004, cx: 0, dx: 24 * 8)
        machine.mouse(0x0001)
        #expect(word(machine, 24, 0) == 0x7020)
        // A line is scrolled away from under it.
        machine.cpu.dx = 0x1800
        machine.int(0x10, ax: 0x0200)
        machine.print("AB\r\n")
        #expect(word(machine, 23, 0) == 0x0741 && word(machine, 24, 0) == 0x7020)
        machine.cpu.dx = 0x1800
        machine.cpu.bx = 0
        machine.int(0x10, ax: 0x0200)
        machine.int(0x10, ax: 0x0800)
        #expect(machine.cpu.ax == 0x0720)
        machine.mouse(0x0002)
        #expect(word(machine, 24, 0) == 0x0720)
    }

    @Test("what a program has written over the cursor stays")
    func writtenOver() {
        let machine = TestMachine.withMouse()
        machine.mouse(0x0004, cx: 0, dx: 0)
        machine.mouse(0x0001)
        machine.memory.write16(FarPointer(0xB800, 0), 0x1F58)
        machine.mouse(0x0002)
        #expect(word(machine, 0, 0) == 0x1F58)
    }

    @Test("inside the region of AX=0010h there is no cursor until it is shown again")
    func region() {
        let machine = TestMachine.withMouse()
        machine.mouse(0x0004, cx: 0, dx: 0)
        machine.mouse(0x0001)
        machine.mouse(0x0010, cx: 64, dx: 64, si: 128, di: 128)
        #expect(word(machine, 0, 0) == 0x7020)
        machine.mouse(0x0004, cx: 80, dx: 80)
        #expect(word(machine, 0, 0) == 0x0720 && word(machine, 10, 10) == 0x0720)
        machine.mouse(0x0004, cx: 136, dx: 80)
        #expect(word(machine, 10, 17) == 0x7020)
        machine.mouse(0x0004, cx: 80, dx: 80)
        machine.mouse(0x0001)
        #expect(word(machine, 10, 10) == 0x7020)
    }

    @Test("the cursor moves with the mouse and is on the page of AX=001Dh")
    func moving() {
        let machine = TestMachine.withMouse()
        machine.mouse(0x0004, cx: 0, dx: 0)
        machine.mouse(0x0001)
        machine.report(dx: 16, dy: 32)
        #expect(word(machine, 0, 0) == 0x0720 && word(machine, 2, 2) == 0x7020)
        machine.memory.write16(FarPointer(0xB800, 0x1000 + 324), 0x0741)
        machine.mouse(0x001D, bx: 1)
        #expect(word(machine, 2, 2) == 0x0720)
        #expect(machine.memory.read16(FarPointer(0xB800, 0x1000 + 324)) == 0x7041)
    }

    @Test("the hardware cursor is the CRTC's")
    func hardware() {
        let machine = TestMachine.withMouse()
        machine.mouse(0x000A, bx: 1, cx: 3, dx: 9)
        machine.mouse(0x0004, cx: 80, dx: 16)
        machine.mouse(0x0001)
        let registers = [0x0A, 0x0B, 0x0E, 0x0F].map { machine.device.register(0x3D4, $0) }
        #expect(registers == [3, 9, 0, 170])
        machine.mouse(0x0002)
        #expect(machine.device.register(0x3D4, 0x0A) == 0x20)
        #expect(word(machine, 2, 10) == 0x0720)
    }

    // MARK: Graphics

    private func graphics(_ mode: UInt8, _ video: VideoKind = .vga) -> TestMachine {
        let machine = TestMachine.withMouse(video: video)
        machine.data.set(0x49, byte: mode)
        // Chained planes.
        machine.device.setRegister(0x3C4, 4, 0x0E)
        machine.mouse(0x0021)
        machine.mouse(0x0013, dx: 0x7FFF)
        // One row: black, then white in the first half of the second byte, the rest as it is.
        machine.poke([0x00FF] + [UInt16](repeating: 0xFFFF, count: 15), at: FarPointer(0x3000, 0))
        machine.poke([0x00F0] + [UInt16](repeating: 0, count: 15), at: FarPointer(0x3000, 32))
        machine.cpu.es = 0x3000
        machine.mouse(0x0009, bx: 0, cx: 0, dx: 0)
        return machine
    }

    private func bytes(_ machine: TestMachine, _ segment: UInt16, _ offset: UInt16, _ count: Int) -> [UInt8] {
        machine.memory.readBytes(FarPointer(segment, offset), count)
    }

    @Test("CGA, two colours: rows by banks, and the picture comes back", arguments: [0, 1, 5])
    func mode6(row: UInt16) {
        let machine = graphics(0x06)
        for offset in UInt16(0)..<0x4000 { machine.memory.write8(FarPointer(0xB800, offset), 0x55) }
        machine.mouse(0x0004, cx: 16, dx: row)
        machine.mouse(0x0001)
        let place = (row & 1) * 0x2000 + (row >> 1) * 80
        #expect(bytes(machine, 0xB800, place + 1, 4) == [0x55, 0x00, 0xA5, 0x55])
        machine.mouse(0x0004, cx: 20, dx: row)
        #expect(bytes(machine, 0xB800, place + 1, 5) == [0x55, 0x50, 0x0A, 0x55, 0x55])
        machine.mouse(0x0002)
        #expect((UInt16(0)..<0x4000).allSatisfy { machine.memory.read8(FarPointer(0xB800, $0)) == 0x55 })
    }

    @Test("CGA, four colours: two bits a pixel, two points a pixel")
    func mode4() {
        let machine = graphics(0x04)
        for offset in UInt16(0)..<0x100 { machine.memory.write8(FarPointer(0xB800, offset), 0x1B) }
        machine.mouse(0x0004, cx: 8, dx: 0)
        machine.mouse(0x0001)
        #expect(bytes(machine, 0xB800, 0, 6) == [0x1B, 0x00, 0x00, 0xE4, 0x1B, 0x1B])
        machine.mouse(0x0002)
        #expect(bytes(machine, 0xB800, 0, 6) == [UInt8](repeating: 0x1B, count: 6))
    }

    @Test("Hercules: four banks of 90 bytes, at either page", arguments: [(UInt8(6), UInt16(0xB000)), (5, 0xB800)])
    func hercules(mode: UInt8, segment: UInt16) {
        let machine = graphics(mode, .hercules)
        machine.mouse(0x0004, cx: 712, dx: 7)
        machine.mouse(0x0001)
        // Row 7 is the second of the fourth bank; the right half is cut off.
        #expect(bytes(machine, segment, 0x6000 + 90 + 88, 3) == [0, 0, 0])
        machine.mouse(0x0004, cx: 0, dx: 7)
        #expect(bytes(machine, segment, 0x6000 + 90, 3) == [0x00, 0xF0, 0x00])
        machine.mouse(0x0002)
        #expect(bytes(machine, segment, 0x6000 + 90, 3) == [0, 0, 0])
    }

    @Test("PCjr and Tandy: sixteen colours in two or four banks, four colours in pairs of bytes")
    func sixteenColors() {
        let low = graphics(0x08, .tandy)
        for offset in UInt16(0)..<0x4000 { low.memory.write8(FarPointer(0xB800, offset), 0x31) }
        low.mouse(0x0004, cx: 32, dx: 3)
        low.mouse(0x0001)
        // A pixel has four points: the cursor begins at pixel 8, byte 4.
        #expect(bytes(low, 0xB800, 0x2000 + 80 + 3, 10) == [0x31, 0, 0, 0, 0, 0xCE, 0xCE, 0x31, 0x31, 0x31])
        low.mouse(0x0002)
        #expect((UInt16(0)..<0x4000).allSatisfy { low.memory.read8(FarPointer(0xB800, $0)) == 0x31 })

        let medium = graphics(0x09, .pcjr)
        // The window of the PCjr has only half of such a mode: its memory is page 6.
        medium.data.set(0x8A, byte: 0x36)
        medium.mouse(0x0004, cx: 16, dx: 7)
        medium.mouse(0x0001)
        #expect(bytes(medium, 0x1800, 0x6000 + 160 + 3, 8) == [0, 0, 0, 0, 0, 0xFF, 0xFF, 0])

        let high = graphics(0x0A, .tandy)
        for offset in UInt16(0)..<0x8000 {
            high.memory.write8(FarPointer(0xB800, offset), offset & 1 == 0 ? 0x55 : 0x33)
        }
        high.mouse(0x0004, cx: 20, dx: 2)
        high.mouse(0x0001)
        #expect(bytes(high, 0xB800, 0x4000 + 4, 6) == [0x50, 0x30, 0x0A, 0x0C, 0x55, 0x33])
        high.mouse(0x0002)
        #expect(bytes(high, 0xB800, 0x4000 + 4, 6) == [0x55, 0x33, 0x55, 0x33, 0x55, 0x33])
    }

    @Test(
        "a mode that the adapter has not is left alone",
        arguments: [(0x13, .ega), (0x0D, .cga), (0x06, .mda), (0x09, .cga)] as [(UInt8, VideoKind)])
    func foreignModes(mode: UInt8, video: VideoKind) {
        let machine = graphics(mode, video)
        let before =
            machine.memory.readBytes(FarPointer(0xA000, 0), 0xFFFF)
            + machine.memory.readBytes(FarPointer(0xB000, 0), 0xFFFF)
        machine.mouse(0x0001)
        let after =
            machine.memory.readBytes(FarPointer(0xA000, 0), 0xFFFF)
            + machine.memory.readBytes(FarPointer(0xB000, 0), 0xFFFF)
        #expect(before == after)
    }

    @Test("256 colours: white is 15; unchained planes are left alone")
    func mode13() {
        let machine = graphics(0x13)
        machine.memory.fill(0xA_0000..<0xA_1000, with: 0)
        machine.memory.write8(FarPointer(0xA000, 325), 0x22)
        machine.memory.write8(FarPointer(0xA000, 336), 0x33)
        machine.mouse(0x0004, cx: 10, dx: 1)
        machine.mouse(0x0001)
        #expect(bytes(machine, 0xA000, 325, 13) == [0, 0, 0, 0, 0, 0, 0, 0, 15, 15, 15, 0x3C, 0])
        machine.mouse(0x0002)
        #expect(bytes(machine, 0xA000, 325, 13) == [0x22, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x33, 0])
        machine.device.setRegister(0x3C4, 4, 0x06)
        machine.mouse(0x0001)
        #expect(bytes(machine, 0xA000, 325, 13) == [0x22, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x33, 0])
    }

    @Test("planes: each is read and written by itself, and the registers are as they were")
    func planes() {
        let machine = graphics(0x12)
        let before: [UInt8: UInt8] = [1: 0x0F, 3: 0x18, 4: 2, 5: 0x4A, 8: 0x3C]
        for (index, value) in before { machine.device.setRegister(0x3CE, index, value) }
        machine.device.setRegister(0x3C4, 2, 0x05)
        machine.context.out(0x3CE, 8)
        machine.context.out(0x3C4, 2)
        machine.device.values[0x3CE] = 8
        machine.device.values[0x3C4] = 2
        machine.mouse(0x0004, cx: 8, dx: 0)
        machine.device.clearLog()
        machine.mouse(0x0001)
        for (index, value) in before { #expect(machine.device.register(0x3CE, index) == value) }
        #expect(machine.device.register(0x3C4, 2) == 0x05)
        #expect(machine.context.in(0x3CF) == 0x3C && machine.context.in(0x3C5) == 0x05)
        let masks = machine.device.writes.filter { $0.port == 0x3C5 }.map(\.value)
        // The cursor; the spare byte takes the latches, and gets its own value back.
        #expect(masks == [1, 2, 4, 8, 1, 2, 4, 8, 1, 2, 4, 8, 5])
        // The test's memory has one plane, over which all four went: an even number of XORs.
        machine.mouse(0x0002)
        #expect(machine.device.register(0x3CE, 8) == 0x3C)
    }

    @Test("the usual arrow is drawn at a reset, and cut off at the edges")
    func arrow() {
        let machine = TestMachine.withMouse()
        machine.data.set(0x49, byte: 0x13)
        machine.device.setRegister(0x3C4, 4, 0x0E)
        for offset in UInt16(0)..<64_000 { machine.memory.write8(FarPointer(0xA000, offset), 1) }
        machine.mouse(0x0021)
        for place in [(0, 0), (638, 199), (630, 100), (300, 190)] as [(UInt16, UInt16)] {
            machine.mouse(0x0004, cx: place.0, dx: place.1)
            machine.mouse(0x0001)
            #expect(machine.memory.read8(FarPointer(0xA000, place.1 * 320 + place.0 / 2)) == 0)
            machine.mouse(0x0002)
            #expect((UInt16(0)..<64_000).allSatisfy { machine.memory.read8(FarPointer(0xA000, $0)) == 1 })
        }
    }
}
