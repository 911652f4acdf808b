import BIOS
import Boards
import Core
import Testing
import X86

/// What IBM's BIOS of the VGA was seen to do, by INT10.COM of test-roms/video (docs/testing.md).
@Suite struct IBMReferenceTests {
    private func make() -> TestMachine {
        let machine = TestMachine()
        VGAAdapter(memory: machine.memory).attach(to: machine.ports)
        machine.int(0x10, ax: 0x0003)
        return machine
    }

    private func register(_ machine: TestMachine, _ port: UInt16, _ index: UInt8) -> UInt8 {
        machine.ports.write8(port, index, at: .zero)
        return machine.ports.read8(port + 1, at: .zero)
    }

    private func attribute(_ machine: TestMachine, _ index: UInt8) -> UInt8 {
        _ = machine.ports.read8(0x3DA, at: .zero)
        machine.ports.write8(0x3C0, index, at: .zero)
        let value = machine.ports.read8(0x3C1, at: .zero)
        _ = machine.ports.read8(0x3DA, at: .zero)
        machine.ports.write8(0x3C0, 0x20, at: .zero)
        return value
    }

    private func color(_ machine: TestMachine, _ index: UInt8) -> [UInt8] {
        machine.ports.write8(0x3C7, index, at: .zero)
        return (0..<3).map { _ in machine.ports.read8(0x3C9, at: .zero) }
    }

    /// AX, BX, CX, DX.
    private func call(_ machine: TestMachine, _ ax: UInt16, _ bx: UInt16 = 0, _ cx: UInt16 = 0, _ dx: UInt16 = 0) {
        (machine.cpu.bx, machine.cpu.cx, machine.cpu.dx) = (bx, cx, dx)
        machine.int(0x10, ax: ax)
    }

    @Test(
        "the data area after a mode: cursor, switches, page",
        arguments: [
            (UInt16(0x03), UInt16(0x0D0E), UInt8(0x60), UInt8(0x09)), (0x01, 0x0D0E, 0x60, 0x09),
            (0x07, 0x0D0E, 0x62, 0x0B), (0x12, 0, 0x60, 0x09), (0x13, 0, 0x60, 0x09), (0x04, 0, 0x60, 0x09),
        ])
    func dataArea(mode: UInt16, cursor: UInt16, info: UInt8, switches: UInt8) {
        let machine = make()
        call(machine, mode)
        #expect(machine.data.word(0x60) == cursor)
        #expect(machine.data.byte(0x87) == info)
        #expect(machine.data.byte(0x88) == switches)
        #expect(machine.data.byte(0x8A) == 0x0B)
        // INT 43h is the font of 8 lines in text.
        call(machine, 0x1130, 0x0100)
        let font = FarPointer(machine.cpu.es, machine.cpu.bp)
        call(machine, 0x1130, 0x0300)
        #expect((font == FarPointer(machine.cpu.es, machine.cpu.bp)) == (mode != 0x12))
    }

    @Test(
        "a font's height sets rows, page size, cursor and registers",
        arguments: [
            (UInt16(0x0A00), UInt8(39), UInt16(0x1A00), UInt16(0x0809), UInt8(0x49), UInt8(0x8F)),
            (0x1000, 24, 0x10A0, 0x0D0E, 0x4F, 0x8F), (0x0E00, 27, 0x1280, 0x0B0C, 0x4D, 0x87),
            (0x2000, 11, 0x0880, 0x1D1E, 0x5F, 0x7F), (0x0100, 0x8F, 0x5B00, 0xFF00, 0x40, 0x8F),
        ])
    func heights(bx: UInt16, lastRow: UInt8, size: UInt16, cursor: UInt16, maximum: UInt8, end: UInt8) {
        let machine = make()
        (machine.cpu.es, machine.cpu.bp) = (0x2000, 0)
        call(machine, 0x1110, bx, 4, 65)
        #expect(machine.data.byte(0x84) == lastRow)
        #expect(machine.data.word(0x4C) == size)
        #expect(machine.data.word(0x60) == cursor)
        #expect(UInt16(register(machine, 0x3D4, 0x0A)) << 8 | UInt16(register(machine, 0x3D4, 0x0B)) == cursor)
        #expect(register(machine, 0x3D4, 0x09) == maximum && register(machine, 0x3D4, 0x12) == end)
    }

    @Test("AH=0Bh works in all graphics modes, and on the border in text")
    func border() {
        let machine = make()
        call(machine, 0x0B00, 0x001C)
        call(machine, 0x0B00, 0x0101)
        #expect(machine.data.byte(0x66) == 0x3C && attribute(machine, 0x11) == 0x14 && attribute(machine, 0) == 0)
        call(machine, 0x0012)
        call(machine, 0x0B00, 0x001C)
        #expect((UInt8(0)...3).map { attribute(machine, $0) } == [0x14, 0x13, 0x15, 0x17])
        call(machine, 0x0B00, 0x0100)
        #expect((UInt8(0)...3).map { attribute(machine, $0) } == [0x14, 0x12, 0x14, 0x16])
        #expect(machine.data.byte(0x66) == 0x1C)
    }

    @Test("the palette stays as it is in mode 13h, and blinking for other values than 0 and 1")
    func palette() {
        let machine = make()
        call(machine, 0x1003, 0x0002)
        #expect(attribute(machine, 0x10) == 0x0C && machine.data.byte(0x65) == 0x29)
        call(machine, 0x1003, 0x0000)
        #expect(attribute(machine, 0x10) == 0x04 && machine.data.byte(0x65) == 0x09)
        call(machine, 0x0013)
        call(machine, 0x1000, 0x3F01)
        call(machine, 0x1001, 0x0500)
        #expect(attribute(machine, 1) == 1 && attribute(machine, 0x11) == 5)
    }

    @Test("without the default palette a mode keeps colours, but not how attributes work")
    func keptPalette() {
        let machine = make()
        call(machine, 0x1201, 0x0031)
        call(machine, 0x1000, 0x1103)
        call(machine, 0x1010, 0x0007, 0x0102, 0x0300)
        call(machine, 0x1003, 0x0000)
        call(machine, 0x0012)
        #expect(attribute(machine, 3) == 0x11 && color(machine, 7) == [3, 1, 2])
        #expect([0x10, 0x12, 0x13].map { attribute(machine, $0) } == [0x01, 0x0F, 0])
        call(machine, 0x0003)
        #expect([0x10, 0x12, 0x13].map { attribute(machine, $0) } == [0x0C, 0x0F, 8])
    }

    @Test("grays: sums for single colours, IBM's table for those of a mode")
    func grays() {
        let machine = make()
        call(machine, 0x1200, 0x0033)
        call(machine, 0x1010, 0x0005, 0x3F3F, 0x3F00)
        #expect(color(machine, 5) == [0x3F, 0x3F, 0x3F])
        call(machine, 0x1010, 0x0005, 0x1234, 0x3F00)
        #expect(color(machine, 5) == [0x23, 0x23, 0x23])
        call(machine, 0x0003)
        #expect([1, 2, 6, 0x3F].map { color(machine, $0)[0] } == [0x05, 0x11, 0x25, 0x3F])
        call(machine, 0x000D)
        #expect([1, 2, 6, 0x17].map { color(machine, $0)[0] } == [0x05, 0x11, 0x14, 0x3F])
        call(machine, 0x0013)
        #expect([1, 6, 16, 32, 40].map { color(machine, $0)[0] } == [0x05, 0x14, 0x00, 0x07, 0x13])
        call(machine, 0x1201, 0x0033)
        call(machine, 0x0007)
        #expect([0, 8, 0x10, 0x18].map { color(machine, $0)[0] } == [0, 0x2A, 0x2A, 0x3F])
    }

    @Test("choices that there are not leave AL=0", arguments: [UInt16(0x30), 0x31, 0x33, 0x34])
    func choices(function: UInt16) {
        let machine = make()
        let before = [0x87, 0x88, 0x89].map { machine.data.byte($0) }
        call(machine, 0x1203, function)
        #expect(machine.cpu.al == 0)
        #expect([0x87, 0x88, 0x89].map { machine.data.byte($0) } == before)
        call(machine, 0x1200, 0x0037)
        #expect(machine.cpu.al == 0)
    }

    @Test("the static table and the sizes of saved states")
    func tables() {
        let machine = make()
        (machine.cpu.es, machine.cpu.di) = (0x2000, 0)
        call(machine, 0x1B00)
        let table = machine.memory.readPointer(FarPointer(0x2000, 0))
        #expect(
            machine.memory.readBytes(table, 16) == [
                0xFF, 0xE0, 0x0F, 0, 0, 0, 0, 7, 2, 8, 0xFF, 0x0E, 0, 0, 0x3F, 0,
            ])
        let sizes = (UInt16(1)...7).map { parts -> UInt16 in
            call(machine, 0x1C00, 0, parts)
            return machine.cpu.bx
        }
        #expect(sizes == [2, 2, 3, 0x0D, 0x0E, 0x0E, 0x0F])
        call(machine, 0x1C00, 0, 8)
        #expect(machine.cpu.al == 0)
    }

    @Test("a pair of displays is told by its place in the table, the active one first")
    func combination() {
        let machine = make()
        call(machine, 0x1A01, 0x0801)
        #expect(machine.data.byte(0x8A) == 12)
        call(machine, 0x1A00)
        #expect(machine.cpu.bx == 0x0108)
        // The monochrome one, by the equipment word.
        machine.data.set(0x10, byte: machine.data.byte(0x10) | 0x30)
        call(machine, 0x1A00)
        #expect(machine.cpu.bx == 0x0801)
        call(machine, 0x1A01, 0x0303)
        call(machine, 0x1A00)
        #expect(machine.cpu.bx == 0xFFFF)
    }

    @Test("characters in a row: beyond the last column they go on a line of pixels lower")
    func overflow() {
        let machine = make()
        call(machine, 0x0012)
        call(machine, 0x0200, 0, 0, 0x014F)
        call(machine, 0x09DB, 7, 2)
        func pixel(_ x: UInt16, _ y: UInt16) -> UInt8 {
            call(machine, 0x0D00, 0, x, y)
            return machine.cpu.al
        }
        #expect(pixel(639, 16) == 7 && pixel(0, 16) == 0 && pixel(0, 17) == 7 && pixel(0, 32) == 7 && pixel(0, 33) == 0)
    }

    @Test("mode 11h draws cells in all planes, and mode 13h with a background")
    func cells() {
        let machine = make()
        func pixel(_ x: UInt16, _ y: UInt16) -> UInt8 {
            call(machine, 0x0D00, 0, x, y)
            return machine.cpu.al
        }
        call(machine, 0x0011)
        call(machine, 0x09DB, 2, 1)
        #expect(pixel(0, 0) == 0x0F)
        call(machine, 0x0013)
        call(machine, 0x0920, 0x2A07, 1)
        #expect(pixel(0, 0) == 0x2A)
        call(machine, 0x0006)
        call(machine, 0x09DB, 0x0E, 1)
        #expect(pixel(0, 0) == 1)
    }

    @Test("strings: none of no characters; a new line has the attribute that was at its end")
    func strings() {
        let machine = make()
        machine.memory.writeBytes(FarPointer(0x2000, 0), Array("AB".utf8))
        (machine.cpu.es, machine.cpu.bp) = (0x2000, 0)
        call(machine, 0x1301, 7, 0, 0x0909)
        #expect(machine.data.word(0x50) == 0)
        machine.memory.write16(FarPointer(0xB800, 24 * 160), 0x1E20)
        call(machine, 0x1301, 0x4F, 2, 0x184E)
        #expect(machine.memory.read16(FarPointer(0xB800, 24 * 160)) == 0x1E20)
        #expect(machine.memory.read16(FarPointer(0xB800, 23 * 160 + 158)) == 0x4F42)
    }
}
