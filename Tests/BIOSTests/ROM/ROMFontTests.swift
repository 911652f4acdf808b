import Core
import Fonts
import Testing

@testable import BIOS

@Suite struct ROMFontTests {
    private func bytes(_ machine: TestMachine, at pointer: FarPointer, count: Int) -> [UInt8] {
        (0..<count).map { machine.memory.read8(pointer + $0) }
    }

    @Test(arguments: [VideoKind.mda, .cga, .vga]) func programsFindThe8x8CharactersWhereIBMHasThem(_ video: VideoKind) {
        let machine = TestMachine(BIOSConfiguration(machine: video == .vga ? .at : .xt, video: video))
        #expect(bytes(machine, at: FarPointer(0xF000, 0xFA6E), count: 1_024) == Array(Font.cp437x8.bytes.prefix(1_024)))
        let upper = machine.memory.vector(0x1F)
        #expect(bytes(machine, at: upper, count: 1_024) == Array(Font.cp437x8.bytes.suffix(1_024)))
    }

    @Test func theVGAsFontsAreInTheROM() {
        let machine = TestMachine(BIOSConfiguration())
        func font(_ number: UInt16) -> FarPointer {
            machine.cpu.bx = number << 8
            machine.int(0x10, ax: 0x1130)
            #expect(machine.cpu.cx == 16)
            #expect(machine.cpu.dl == 24)
            return FarPointer(machine.cpu.es, machine.cpu.bp)
        }
        #expect(bytes(machine, at: font(0), count: 1_024) == Array(Font.cp437x8.bytes.suffix(1_024)))
        // In text INT 43h has the font of 8 lines.
        #expect(bytes(machine, at: font(1), count: 2_048) == Font.cp437x8.bytes)
        #expect(bytes(machine, at: font(2), count: 3_584) == Font.cp437x14.bytes)
        #expect(bytes(machine, at: font(3), count: 2_048) == Font.cp437x8.bytes)
        #expect(bytes(machine, at: font(4), count: 1_024) == Array(Font.cp437x8.bytes.suffix(1_024)))
        #expect(bytes(machine, at: font(6), count: 4_096) == Font.cp437x16.bytes)
        // Lists of characters that differ with nine dots: none.
        #expect(bytes(machine, at: font(5), count: 1) == [0])
        #expect(bytes(machine, at: font(7), count: 1) == [0])
    }

    @Test func interrupt43hHasTheFontThatAProgramChooses() {
        let machine = TestMachine(BIOSConfiguration())
        for (function, font) in [(0x1122, Font.cp437x14), (0x1123, .cp437x8), (0x1124, .cp437x16)] as [(UInt16, Font)] {
            machine.cpu.bx = 0x0002
            machine.int(0x10, ax: function)
            #expect(bytes(machine, at: machine.memory.vector(0x43), count: font.bytes.count) == font.bytes)
        }
        machine.int(0x10, ax: 0x1123)
        machine.int(0x10, ax: 0x0012)
        #expect(bytes(machine, at: machine.memory.vector(0x43), count: 4_096) == Font.cp437x16.bytes)
    }

    @Test func aMachineCanHaveOtherFonts() throws {
        let font = try #require(Font(height: 8, bytes: (0..<2_048).map { UInt8(truncatingIfNeeded: $0 &* 7) }))
        var configuration = BIOSConfiguration()
        configuration.fonts = try #require(FontSet.cp437.replacing(font))
        let machine = TestMachine(configuration)
        #expect(bytes(machine, at: FarPointer(0xF000, 0xFA6E), count: 1_024) == Array(font.bytes.prefix(1_024)))
        #expect(bytes(machine, at: machine.memory.vector(0x43), count: 2_048) == font.bytes)
    }
}
