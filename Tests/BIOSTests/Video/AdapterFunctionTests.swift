import BIOS
import Boards
import Core
import Testing
import X86

/// Functions of INT 10h that differ between adapters.
@Suite struct AdapterFunctionTests {
    private func makeEGA(_ fitting: EGAFitting) -> TestMachine {
        var configuration = BIOSConfiguration(video: .ega)
        configuration.hasMonochromeEGA = fitting.monitor == .monochrome
        let machine = TestMachine(configuration)
        VGAAdapter(variant: .ega(fitting), memory: machine.memory).attach(to: machine.ports)
        machine.bios.powerOn(in: machine.context)
        return machine
    }

    @Test("an EGA's memory is found, and its switches reported", arguments: [(64, UInt8(0)), (128, 1), (256, 3)])
    func memory(kilobytes: Int, code: UInt8) {
        let machine = makeEGA(EGAFitting(kilobytes: kilobytes))
        machine.cpu.bx = 0x0010
        machine.int(0x10, ax: 0x1200)
        #expect(machine.cpu.bl == code)
        #expect(machine.cpu.cl == 0b1001)
        #expect(machine.data.byte(0x87) == code << 5)
    }

    @Test(
        "an EGA with 64 KB has two planes in modes 0Fh and 10h: colours are bits 0 and 2, twice",
        arguments: [(64, UInt8(0x0F), UInt8(0x0C)), (128, 0x07, 0x06)])
    func twoPlanes(kilobytes: Int, seven: UInt8, six: UInt8) {
        let machine = makeEGA(EGAFitting(kilobytes: kilobytes))
        machine.int(0x10, ax: 0x0010)
        #expect(machine.data.byte(0x49) == 0x10)
        func pixel(_ x: UInt16, _ y: UInt16, _ color: UInt8) -> UInt8 {
            (machine.cpu.bx, machine.cpu.cx, machine.cpu.dx) = (0, x, y)
            machine.int(0x10, ax: 0x0C00 | UInt16(color))
            machine.int(0x10, ax: 0x0D00)
            return machine.cpu.al
        }
        // Even and odd bytes, and lines behind 16 KB.
        for (x, y) in [(UInt16(0), UInt16(0)), (8, 0), (639, 349), (320, 300), (9, 205)] {
            #expect(pixel(x, y, 7) == seven)
            #expect(pixel(x, y, 6) == six)
            #expect(pixel(x, y, 0x85) == 0x03)
            #expect(pixel(x, y, 0) == 0)
        }
    }

    @Test("characters and scrolling of an EGA with 64 KB", arguments: [UInt16(0x0F), 0x10])
    func twoPlanesText(mode: UInt16) {
        let machine = makeEGA(EGAFitting(kilobytes: 64, monitor: mode == 0x0F ? .monochrome : .enhancedColor))
        machine.int(0x10, ax: mode)
        func cursor(_ row: UInt16, _ column: UInt16) {
            (machine.cpu.bx, machine.cpu.dx) = (0, row << 8 | column)
            machine.int(0x10, ax: 0x0200)
        }
        func character(_ row: UInt16, _ column: UInt16) -> UInt8 {
            cursor(row, column)
            machine.int(0x10, ax: 0x0800)
            return machine.cpu.al
        }
        for column in [UInt16(4), 5, 79] {
            cursor(20, column)
            (machine.cpu.bx, machine.cpu.cx) = (5, 1)
            machine.int(0x10, ax: 0x0941 + column)
            #expect(character(20, column) == 0x41 + UInt8(column))
        }
        (machine.cpu.bx, machine.cpu.cx, machine.cpu.dx) = (0, 0, 0x184F)
        machine.int(0x10, ax: 0x0603)
        #expect([4, 5, 79].map { character(17, $0) } == [0x45, 0x46, 0x90])
        #expect(character(20, 4) == character(24, 40))
        // Exclusive or twice is nothing.
        for _ in 0..<2 {
            cursor(17, 5)
            (machine.cpu.bx, machine.cpu.cx) = (0x85, 1)
            machine.int(0x10, ax: 0x095A)
        }
        #expect(character(17, 5) == 0x46)
        // IBM's BIOS takes the fill as a mask of planes: 1 is plane 0, which has the even bytes.
        (machine.cpu.bx, machine.cpu.cx, machine.cpu.dx) = (0x0100, 0x0A0A, 0x0A0B)
        machine.int(0x10, ax: 0x0600)
        func color(_ x: UInt16) -> UInt8 {
            (machine.cpu.bx, machine.cpu.cx, machine.cpu.dx) = (0, x, 145)
            machine.int(0x10, ax: 0x0D00)
            return machine.cpu.al
        }
        #expect([80, 88, 96].map { color($0) } == [3, 0, 0])
    }

    @Test(
        "the switches of an EGA are those of its monitor",
        arguments: [(EGAFitting.Monitor.color, UInt8(0xF8)), (.enhancedColor, 0xF9), (.monochrome, 0xFB)])
    func switches(monitor: EGAFitting.Monitor, expected: UInt8) {
        let machine = makeEGA(EGAFitting(monitor: monitor))
        #expect(machine.data.byte(0x88) == expected)
        #expect(machine.data.byte(0x49) == (monitor == .monochrome ? 7 : 3))
        #expect(machine.data.byte(0x85) == (monitor == .color ? 8 : 14))
    }

    @Test("an EGA with a monitor of 200 lines has characters of 8, with 25 rows")
    func colorMonitor() {
        let machine = makeEGA(EGAFitting(monitor: .color))
        #expect(machine.data.word(0x85) == 8)
        #expect(machine.data.byte(0x84) == 24)
        machine.cpu.bx = 0
        machine.int(0x10, ax: 0x1112)
        #expect(machine.data.byte(0x84) == 24)
    }

    @Test("the EGA's cursor ends a line later, and an underline goes down to lines 11 and 12")
    func cursorEGA() {
        let machine = TestMachine(BIOSConfiguration(video: .ega))
        func shape(_ cx: UInt16) -> [UInt8?] {
            machine.cpu.cx = cx
            machine.int(0x10, ax: 0x0100)
            return [machine.device.register(0x3D4, 10), machine.device.register(0x3D4, 11)]
        }
        #expect(shape(0x0607) == [11, 13])
        #expect(shape(0x0004) == [0, 5])
        #expect(shape(0x2000) == [0x1E, 0])
        #expect(shape(0x0003) == [0, 4])
        #expect(shape(0x030E) == [3, 0])
        #expect(shape(0x0D00) == [0x12, 1])
        // A cursor that would end 16 lines after its first.
        #expect(shape(0x1423) == [0x19, 0])
        // Without the emulation: lines as they are.
        machine.memory.write8(FarPointer(0x40, 0x87), machine.data.byte(0x87) | 1)
        #expect(shape(0x060D) == [6, 0x0D])
    }

    @Test("bit 7 of the mode keeps the picture of a PCjr, and is none on a CGA", arguments: [VideoKind.pcjr, .cga])
    func keeping(video: VideoKind) {
        let machine = TestMachine(BIOSConfiguration(machine: .pc, video: video))
        machine.int(0x10, ax: 0x0004)
        machine.memory.write8(0xB_8000, 0xA5)
        machine.int(0x10, ax: 0x0085)
        #expect(machine.data.byte(0x49) == (video == .cga ? 4 : 5))
        #expect(machine.memory.read8(0xB_8000) == 0xA5)
        machine.int(0x10, ax: 0x0004)
        #expect(machine.memory.read8(0xB_8000) == 0)
    }

    @Test("AL=21h to 24h choose the font of graphics modes, and the rows")
    func graphicsFonts() {
        let machine = TestMachine()
        machine.int(0x10, ax: 0x0012)
        (machine.cpu.bx, machine.cpu.cx, machine.cpu.dx) = (0, 12, 40)
        (machine.cpu.es, machine.cpu.bp) = (0x2345, 0x0678)
        machine.int(0x10, ax: 0x1121)
        #expect(machine.memory.vector(0x43) == FarPointer(0x2345, 0x0678))
        #expect(machine.data.word(0x85) == 12)
        #expect(machine.data.byte(0x84) == 39)
        for (function, height, code, rows) in [(UInt16(0x22), UInt16(14), UInt16(2), UInt8(24)), (0x23, 8, 3, 42)] {
            machine.cpu.bx = code
            machine.int(0x10, ax: 0x1100 | function)
            #expect(machine.data.word(0x85) == height)
            #expect(machine.data.byte(0x84) == rows)
        }
    }

    @Test("the alternate print screen is put into vector 5")
    func printScreen() {
        let machine = TestMachine()
        let own = machine.memory.vector(0x05)
        machine.memory.setVector(0x05, FarPointer(0x2000, 0))
        machine.cpu.bx = 0x0020
        machine.int(0x10, ax: 0x1200)
        #expect(machine.memory.vector(0x05) == own)
    }

    @Test("a display is put away and comes back with its data")
    func switching() {
        let machine = TestMachine()
        (machine.cpu.bx, machine.cpu.es, machine.cpu.dx) = (0x0035, 0x2000, 0)
        machine.int(0x10, ax: 0x1202)
        #expect(machine.cpu.al == 0x12)
        #expect(machine.device.values[0x3C2].map { $0 & 2 } == 0)
        machine.memory.write8(FarPointer(0x40, 0x49), 0x13)
        (machine.cpu.bx, machine.cpu.es, machine.cpu.dx) = (0x0035, 0x2000, 0)
        machine.int(0x10, ax: 0x1203)
        #expect(machine.data.byte(0x49) == 3)
        #expect(machine.device.values[0x3C2].map { $0 & 2 } == 2)
        machine.int(0x10, ax: 0x1204)
        #expect(machine.cpu.al == 0)
    }

    @Test(
        "the state table tells colours, pages and lines of the mode",
        arguments: [
            (UInt16(0x03), UInt16(16), UInt8(8), UInt8(2)), (0x04, 4, 1, 0), (0x0D, 16, 8, 0), (0x10, 16, 2, 1),
            (0x12, 16, 1, 3), (0x13, 256, 1, 0),
        ])
    func stateTable(mode: UInt16, colors: UInt16, pages: UInt8, lines: UInt8) {
        let machine = TestMachine()
        machine.int(0x10, ax: mode)
        // Fonts 5 and 2.
        machine.cpu.bx = 0x0019
        machine.int(0x10, ax: 0x1103)
        (machine.cpu.bx, machine.cpu.es, machine.cpu.di) = (0, 0x2000, 0xFFE0)
        machine.int(0x10, ax: 0x1B00)
        func place(_ offset: UInt16) -> FarPointer { FarPointer(0x2000, 0xFFE0 &+ offset) }
        #expect(machine.memory.read16(place(0x27)) == colors)
        #expect(machine.memory.read8(place(0x29)) == pages)
        #expect(machine.memory.read8(place(0x2A)) == lines)
        #expect(machine.memory.read8(place(0x2B)) == 5)
        #expect(machine.memory.read8(place(0x2C)) == 2)
        #expect(machine.memory.read8(place(0x31)) == 3)
    }

    @Test("a saved DAC comes back with its mask, page and colours")
    func savedDAC() {
        let machine = TestMachine()
        VGAAdapter(memory: machine.memory).attach(to: machine.ports)
        machine.int(0x10, ax: 0x0013)
        (machine.cpu.bx, machine.cpu.cx, machine.cpu.dx) = (0x00C8, 0x0102, 0x0300)
        machine.int(0x10, ax: 0x1010)
        machine.cpu.bx = 0x007F
        machine.int(0x10, ax: 0x1018)
        (machine.cpu.cx, machine.cpu.es, machine.cpu.bx) = (4, 0x2000, 0)
        machine.int(0x10, ax: 0x1C01)
        machine.int(0x10, ax: 0x0003)
        (machine.cpu.cx, machine.cpu.es, machine.cpu.bx) = (4, 0x2000, 0)
        machine.int(0x10, ax: 0x1C02)
        machine.int(0x10, ax: 0x1019)
        #expect(machine.cpu.bl == 0x7F)
        machine.cpu.bx = 0x00C8
        machine.int(0x10, ax: 0x1015)
        #expect(machine.cpu.dh == 3 && machine.cpu.cx == 0x0102)
    }

    @Test(
        "a light pen's place is worked out from the 6845's latch",
        arguments: [(UInt16(3), UInt16(0x0305)), (6, 0x010A)])
    func lightPen(mode: UInt16, place: UInt16) {
        let machine = TestMachine(BIOSConfiguration(machine: .xt, video: .cga))
        machine.int(0x10, ax: mode)
        // Text: row 3, column 5. Graphics: lines 8 and 9, sixteen-dot column 5.
        let address: UInt16 = mode == 3 ? 3 * 80 + 5 + 5 : 4 * 40 + 5 + 3
        machine.device.setRegister(0x3D4, 0x10, UInt8(address >> 8))
        machine.device.setRegister(0x3D4, 0x11, UInt8(truncatingIfNeeded: address))
        machine.device.values[0x3DA] = 0b0110
        machine.int(0x10, ax: 0x0400)
        #expect(machine.cpu.ah == 0)
        machine.device.values[0x3DA] = 0b0010
        machine.int(0x10, ax: 0x0400)
        #expect(machine.cpu.ah == 1)
        #expect(machine.cpu.dx == place)
        #expect(machine.cpu.ch == (mode == 3 ? 24 : 8))
        #expect(machine.cpu.bx == (mode == 3 ? 40 : 80))
        #expect(machine.device.values(writtenTo: 0x3DB).count == 1)
    }

    @Test("fonts, strings and saved states at the end of a segment go round in it")
    func segmentEnds() {
        let machine = TestMachine()
        VGAAdapter(memory: machine.memory).attach(to: machine.ports)
        machine.int(0x10, ax: 0x0003)
        (machine.cpu.bx, machine.cpu.cx, machine.cpu.dx) = (0xFF07, 0xFFFF, 0xFFFE)
        (machine.cpu.es, machine.cpu.bp) = (0xFFFF, 0xFFFF)
        machine.int(0x10, ax: 0x1100)
        (machine.cpu.bx, machine.cpu.cx, machine.cpu.dx) = (0x2000, 0x0100, 0)
        machine.int(0x10, ax: 0x1110)
        (machine.cpu.cx, machine.cpu.bx, machine.cpu.es) = (7, 0xFFF0, 0x7000)
        machine.int(0x10, ax: 0x1C01)
        machine.int(0x10, ax: 0x1C02)
        (machine.cpu.bx, machine.cpu.cx, machine.cpu.dx) = (0x0007, 0x0200, 0xFFFF)
        machine.int(0x10, ax: 0x1303)
        machine.int(0x10, ax: 0x0003)
        #expect(machine.data.word(0x4A) == 80)
    }
}
