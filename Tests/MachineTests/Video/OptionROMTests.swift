import Core
import Foundation
import Machine
import Storage
import Testing

/// Option ROMs at C0000h on whole machines.
@Suite struct OptionROMTests {
    private func machine(_ rom: [UInt8], program: [UInt8]) throws
        -> PersonalComputer
    {
        var configuration = MachineConfiguration()
        configuration.videoROM = rom
        let volume = MemoryVolume(isReadOnly: false, clock: StoppedFileClock(), chunkID: ChunkID("VOLC"))
        try volume.load(["A.COM": program])
        configuration.drives = [(letter: 2, volume: volume)]
        configuration.startup = [.program(path: Array("C:\\A.COM".utf8), tail: [])]
        return PersonalComputer(configuration)
    }

    @discardableResult private func run(_ machine: PersonalComputer, for duration: Tick) -> MachineStop {
        let limit = machine.now + duration
        while machine.now < limit {
            switch machine.run(until: limit) {
            case .deadline, .waiting: break
            case let stop: return stop
            }
        }
        return .deadline
    }

    /// Writes 'A' and ends with the count of calls.
    private static let report: [UInt8] = [
        0xB8, 0x41, 0x0E, 0xCD, 0x10,  // mov ax, 0E41h; int 10h
        0xB8, 0x40, 0x00, 0x8E, 0xD8,  // mov ax, 40h; mov ds, ax
        0xA0, 0xF0, 0x00, 0xB4, 0x4C, 0xCD, 0x21,  // mov al, [0F0h]; mov ah, 4Ch; int 21h
    ]

    /// Counts its calls at 0040:00F0.
    private static func counting(isRight: Bool = true) -> [UInt8] {
        var rom: [UInt8] = [0x55, 0xAA, 1, 0x1E, 0xB8, 0x40, 0x00, 0x8E, 0xD8, 0xFF, 0x06, 0xF0, 0x00, 0x1F, 0xCB]
        rom += [UInt8](repeating: 0, count: 511 - rom.count)
        rom.append(0 &- rom.reduce(0, &+) &+ (isRight ? 0 : 1))
        return rom
    }

    @Test("a ROM with a right checksum is called once, before DOS starts", arguments: [true, false])
    func call(isRight: Bool) throws {
        let machine = try machine(Self.counting(isRight: isRight), program: Self.report)
        #expect(run(machine, for: .seconds(5)) == .exited(status: isRight ? 1 : 0))
    }

    @Test("ROMs follow each other in steps of 2 KB")
    func several() throws {
        let rom = Self.counting() + [UInt8](repeating: 0xFF, count: 1_536) + Self.counting()
        let machine = try machine(rom, program: Self.report)
        #expect(run(machine, for: .seconds(5)) == .exited(status: 2))
    }

    @Test("the ROM of test-roms writes its line with the machine's own INT 10h")
    func line() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../.build/test-roms/OPTION.BIN")
        guard let bytes = try? Data(contentsOf: file) else { return }
        let machine = try machine(Array(bytes), program: Self.report)
        #expect(run(machine, for: .seconds(5)) == .exited(status: 1))
        let screen = try #require(machine.textScreen())
        #expect(screen.line(0) == "Option ROM called")
        #expect(screen.line(1).hasPrefix("A"))
    }

    /// Takes INT 10h, and sets mode 7 through INT 42h with a monochrome display in the equipment word; then 0040:00F0 has the
    /// mode, with the VGA's bit for colour in bit 7, and all is as before.
    private static let otherAdapter: [UInt8] = {
        let code: [UInt8] = [
            0x1E, 0x31, 0xC0, 0x8E, 0xD8,  // push ds; xor ax, ax; mov ds, ax
            0xFF, 0x36, 0x40, 0x00, 0xFF, 0x36, 0x42, 0x00,  // push [40h]; push [42h]
            0xC7, 0x06, 0x40, 0x00, 0x40, 0x00, 0xC7, 0x06, 0x42, 0x00, 0x00, 0xC0,  // INT 10h: C000:0040
            0x80, 0x0E, 0x10, 0x04, 0x30,  // or byte [410h], 30h
            0xB8, 0x07, 0x00, 0xCD, 0x42,  // mov ax, 7; int 42h
            0xBA, 0xCC, 0x03, 0xEC, 0xD0, 0xC8, 0x24, 0x80,  // mov dx, 3CCh; in al, dx; ror al, 1; and al, 80h
            0x0A, 0x06, 0x49, 0x04, 0xA2, 0xF0, 0x04,  // or al, [449h]; mov [4F0h], al
        ]
        var rom: [UInt8] = [0x55, 0xAA, 1] + code
        rom += [UInt8](repeating: 0x90, count: 0x40 - rom.count) + [0xCF]
        rom[0x3E] = 0xEB
        rom[0x3F] = 0x01
        rom += [
            0x80, 0x26, 0x10, 0x04, 0xEF,  // and byte [410h], 0EFh
            0x8F, 0x06, 0x42, 0x00, 0x8F, 0x06, 0x40, 0x00,  // pop [42h]; pop [40h]
            0xB8, 0x03, 0x00, 0xCD, 0x10, 0x1F, 0xCB,  // mov ax, 3; int 10h; pop ds; retf
        ]
        rom += [UInt8](repeating: 0, count: 511 - rom.count)
        rom.append(0 &- rom.reduce(0, &+))
        return rom
    }()

    @Test("INT 42h is for an MDA or a CGA beside the adapter whose BIOS is in the ROM")
    func otherAdapter() throws {
        let machine = try machine(Self.otherAdapter, program: Self.report)
        #expect(run(machine, for: .seconds(5)) == .exited(status: 0x87))
    }

    @Test("nonsense of ROMs neither traps nor hangs the host", arguments: 0..<6)
    func nonsense(number: Int) throws {
        // Length 0, a length beyond the end, an illegal instruction, no return, a ROM that overwrites the stack, one byte.
        let code: [[UInt8]] = [
            [0x55, 0xAA, 0], [0x55, 0xAA, 255], [0x55, 0xAA, 1, 0x0F, 0x0F], [0x55, 0xAA, 1, 0xEB, 0xFE],
            [0x55, 0xAA, 1, 0x31, 0xE4, 0xC3], [0x55],
        ]
        var rom = code[number]
        rom += [UInt8](repeating: 0, count: max(511 - rom.count, 0))
        rom.append(0 &- rom.reduce(0, &+))
        let machine = try machine(rom, program: Self.report)
        run(machine, for: .milliseconds(500))
        #expect(machine.now > .zero)
    }

    /// Debian's, of the package vgabios. It has jumps of the 80386, from its first routines on.
    private static let image: [UInt8] =
        (try? Data(contentsOf: URL(filePath: "/usr/share/vgabios/vgabios.bin"))).map { Array($0) } ?? []

    @Test("the LGPL'd VGABIOS is called, and the machine says that it needs an 80386", .enabled(if: !image.isEmpty))
    func freeBIOS() throws {
        let machine = try machine(Self.image, program: Self.report)
        guard case .stopped(let reason) = run(machine, for: .seconds(5)) else {
            Issue.record("the machine goes on")
            return
        }
        #expect(reason.contains("80386") && reason.contains("C000:"))
    }
}
