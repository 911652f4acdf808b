import Core
import Foundation
import Machine
import Storage
import Testing

/// Option ROMs at C0000h on whole machines.
@Suite struct OptionROMTests {
    private func machine(_ rom: [UInt8], program: [UInt8], extension hasExtension: Bool = false) throws
        -> PersonalComputer
    {
        var configuration = MachineConfiguration()
        configuration.videoROM = rom
        configuration.profile.hasVideoExtension = hasExtension
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

    // MARK: The free VGA BIOS

    private static let image: [UInt8] =
        (try? Data(contentsOf: URL(filePath: "/usr/share/vgabios/vgabios.bin"))).map { Array($0) } ?? []

    @Test("the LGPL'd VGABIOS drives the VGA: text", .enabled(if: !image.isEmpty))
    func freeText() throws {
        // mov ax, 0003h; int 10h; mov ax, 1112h; mov bl, 0; int 10h; mov ah, 9; mov dx, 120h; int 21h; wait
        var program: [UInt8] = [
            0xB8, 0x03, 0x00, 0xCD, 0x10, 0xB8, 0x12, 0x11, 0xB3, 0x00, 0xCD, 0x10, 0xB4, 0x09, 0xBA, 0x20, 0x01, 0xCD,
            0x21, 0xB4, 0x00, 0xCD, 0x16,
        ]
        program += [UInt8](repeating: 0x90, count: 0x20 - program.count) + Array("through DOS$".utf8)
        let machine = try machine(Self.image, program: program)
        run(machine, for: .seconds(3))
        let screen = try #require(machine.textScreen())
        #expect(screen.rows == 50)
        #expect(screen.line(0) == "through DOS")
        let frame = try #require(machine.still())
        #expect(frame.height == 400)
        #expect((0..<90).contains { frame.color(x: $0, y: 3) != frame.color(x: 700, y: 3) })
    }

    @Test(
        "the LGPL'd VGABIOS drives the VGA: graphics", .enabled(if: !image.isEmpty),
        arguments: [(UInt8(0x13), 320, 200), (0x12, 640, 480), (0x10, 640, 350), (0x0D, 320, 200), (0x04, 320, 200)])
    func freeGraphics(mode: UInt8, width: Int, height: Int) throws {
        // mov ax, mode; int 10h; mov ax, 0C03h; mov bh, 0; mov cx, 100; mov dx, 50; int 10h; mov ah, 0Dh; int 10h;
        // mov [80h], al; mov ah, 0; int 16h
        let program: [UInt8] = [
            0xB8, mode, 0x00, 0xCD, 0x10, 0xB8, 0x03, 0x0C, 0xB7, 0x00, 0xB9, 100, 0x00, 0xBA, 50, 0x00, 0xCD, 0x10,
            0xB4,
            0x0D, 0xCD, 0x10, 0xA2, 0x80, 0x00, 0xB4, 0x00, 0xCD, 0x16,
        ]
        let machine = try machine(Self.image, program: program)
        run(machine, for: .seconds(3))
        let frame = try #require(machine.still()).reduced
        #expect(frame.width == width && frame.height == height)
        #expect(frame.pixels.count { $0 != 0 } == 1)
        #expect(frame.color(x: 100, y: 50) != 0)
    }

    @Test("the LGPL'd VGABIOS drives the display interface", .enabled(if: !image.isEmpty))
    func freeExtension() throws {
        // mov ax, 4F02h; mov bx, 103h; int 10h; mov ax, 4F05h; xor bx, bx; mov dx, 3; int 10h; mov ax, 0A000h;
        // mov es, ax; mov byte es:[10h], 0Fh; mov ah, 0; int 16h
        let program: [UInt8] = [
            0xB8, 0x02, 0x4F, 0xBB, 0x03, 0x01, 0xCD, 0x10, 0xB8, 0x05, 0x4F, 0x31, 0xDB, 0xBA, 0x03, 0x00, 0xCD, 0x10,
            0xB8, 0x00, 0xA0, 0x8E, 0xC0, 0x26, 0xC6, 0x06, 0x10, 0x00, 0x0F, 0xB4, 0x00, 0xCD, 0x16,
        ]
        let machine = try machine(Self.image, program: program, extension: true)
        run(machine, for: .seconds(3))
        let frame = try #require(machine.still())
        #expect(frame.width == 800 && frame.height == 600)
        let place = 3 * 65_536 + 16
        #expect(frame.color(x: place % 800, y: place / 800) == 0xFF_FFFF)
    }
}
