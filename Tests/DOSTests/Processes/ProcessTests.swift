import Core
import Testing
import X86

@testable import DOS

@Suite struct ProcessTests {
    /// Shrinks the caller to 64 KB and starts a child with the tail " X" and the FCBs at the end of the tail.
    static func start(_ name: String, _ machine: DOSMachine, mode: UInt16 = 0) throws -> DOSMachine.Stop {
        machine.dos(0x4A00) {
            $0.es = machine.psp.segment; $0.bx = 0x1000
        }
        machine.place(name, at: 0x5000)
        machine.place([2, 0x20, 0x58, 0x0D], at: 0x5100)
        machine.place([0] + Array("A          ".utf8), at: 0x5200)
        machine.place([9] + Array("B          ".utf8), at: 0x5220)
        let segment = machine.psp.segment
        machine.place(Array("A=B\0\0".utf8), at: 0x5400)
        let block: [UInt16] = [segment + 0x540, 0x5100, segment, 0x5200, segment, 0x5220, segment, 0, 0, 0, 0]
        machine.place(block.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }, at: 0x5300)
        return machine.dos(0x4B00 | mode) {
            $0.ds = segment; $0.es = segment; $0.dx = 0x5000; $0.bx = 0x5300
        }
    }

    /// An .EXE header with the image behind it.
    static func executable(
        pages: UInt16? = nil, relocations: [(offset: UInt16, segment: UInt16)] = [], header: UInt16? = nil,
        minimum: UInt16 = 0x10, maximum: UInt16 = 0xFFFF, signature: UInt16 = 0x5A4D, lastPage: UInt16? = nil,
        image: [UInt8]
    ) -> [UInt8] {
        let headerSize = header ?? UInt16((28 + relocations.count * 4 + 15) / 16)
        let total = Int(headerSize) * 16 + image.count
        let words: [UInt16] = [
            signature, lastPage ?? UInt16(total % 512), pages ?? UInt16((total + 511) / 512), UInt16(relocations.count),
            headerSize, minimum, maximum, 0x0002, 0x0100, 0, 0x0004, 0x0000, 0x001C, 0,
        ]
        var bytes = words.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        for relocation in relocations {
            for word in [relocation.offset, relocation.segment] {
                bytes += [UInt8(truncatingIfNeeded: word), UInt8(word >> 8)]
            }
        }
        bytes += [UInt8](repeating: 0, count: max(0, Int(headerSize) * 16 - bytes.count))
        return bytes + image
    }

    @Test func childGetsTailFCBsEnvironmentAndHandles() throws {
        let machine = try DOSMachine(files: ["CHILD.COM": [0xC3, 0x90]])
        let parent = machine.psp
        #expect(try ProcessTests.start("C:\\CHILD.COM", machine) == .transferred)
        let child = machine.psp
        #expect(child.segment != parent.segment)
        #expect(child.parent == parent.segment)
        #expect(machine.memory.readBytes(child.commandTail, 4) == [2, 0x20, 0x58, 0x0D])
        #expect(machine.memory.readBytes(child.firstFCB, 2) == [0, UInt8(ascii: "A")])
        #expect(machine.memory.readBytes(child.at(0x18), 5) == machine.memory.readBytes(parent.at(0x18), 5))
        #expect(machine.cpu.ax == 0xFF00)
        #expect(machine.cpu.ds == child.segment)
        #expect(machine.memory.read16(DOSLayout.currentDTA + 2) == child.segment)
        let environment = machine.memory.readBytes(FarPointer(child.environment, 0), 64)
        #expect(String(decoding: environment, as: UTF8.self).hasPrefix("A=B\0\0\u{1}\0C:\\CHILD.COM\0"))
        let name = machine.memory.readBytes(FarPointer(child.segment - 1, 8), 8)
        #expect(String(decoding: name, as: UTF8.self) == "CHILD\0\0\0")
    }

    @Test func parentGoesOnBehindItsCallWithTheReturnCode() throws {
        let machine = try DOSMachine(files: ["CHILD.COM": [0xC3]])
        let place = FarPointer(machine.psp.segment, 0x0234)
        machine.cpu.codePointer = place
        machine.dos(0x4A00) {
            $0.es = machine.psp.segment; $0.bx = 0x1000
        }
        machine.cpu.codePointer = place
        let parent = machine.psp.segment
        let stack = machine.cpu.stackPointer
        let vectors = (0x22...0x24).map { machine.memory.vector(UInt8($0)) }
        _ = try ProcessTests.start("C:\\CHILD.COM", machine)
        machine.dos(0x2523) {
            $0.ds = 0x1111; $0.dx = 0x2222
        }
        machine.dos(0x4800) { $0.bx = 0x10 }
        #expect(machine.dos(0x4C2A) == .transferred)
        #expect(machine.psp.segment == parent)
        #expect(machine.cpu.stackPointer == stack)
        #expect(machine.cpu.codePointer.segment == parent)
        #expect(!machine.carry)
        #expect(machine.memory.vector(0x23) == vectors[1])
        machine.dos(0x4D00)
        #expect(machine.cpu.ax == 0x002A)
        machine.dos(0x4D00)
        #expect(machine.cpu.ax == 0)
        // All that the child had is free again.
        let blocks = try machine.kernel.memoryChain(machine.memory).blocks()
        #expect(blocks.allSatisfy { [0, 8, parent].contains($0.owner) })
    }

    @Test func aProgramUnderADebuggersProcessEndsAtItsOwnTerminateAddress() throws {
        let machine = try DOSMachine()
        let debugger = machine.psp.segment
        machine.dos(0x2522) {
            $0.ds = 0x1234; $0.dx = 0x5678
        }
        let prefix = debugger + 0x800
        machine.dos(0x2600) { $0.dx = prefix }
        machine.dos(0x4800) { $0.bx = 0x10 }
        machine.cpu.codePointer = FarPointer(prefix, 0x106)
        machine.cpu.stackPointer = FarPointer(prefix, 0x200)
        #expect(machine.interrupt(0x20, .int20) == .transferred)
        #expect(machine.cpu.codePointer == FarPointer(0x1234, 0x5678))
        #expect(machine.cpu.stackPointer == FarPointer(prefix, 0x200))
        #expect(machine.psp.segment == debugger)
        // A CS without a PSP, from which MS-DOS would jump anywhere, ends the process.
        machine.cpu.codePointer = FarPointer(debugger + 0x20, 0)
        #expect(machine.interrupt(0x20, .int20) == .exited(0))
    }

    @Test func missingAndEmptyFilesAreErrors() throws {
        let machine = try DOSMachine(files: ["EMPTY.COM": [], "D\\X": [1]])
        let parent = machine.psp.segment
        for (name, error) in [
            ("C:\\NOSUCH.COM", UInt16(2)), ("C:\\NO\\X.COM", 3), ("C:\\EMPTY.COM", 0x0B), ("NUL", 2), ("C:\\D", 5),
        ] {
            #expect(try ProcessTests.start(name, machine) == .returned)
            #expect(machine.carry)
            #expect(machine.cpu.ax == error, "\(name)")
            #expect(machine.psp.segment == parent)
        }
    }

    @Test func executableIsRelocatedAndStarted() throws {
        var image = [UInt8](repeating: 0, count: 0x40)
        image[0x12] = 0x05
        let file = ProcessTests.executable(relocations: [(0x0002, 0x0001)], image: image)
        for signature in [UInt16(0x5A4D), 0x4D5A] {
            var file = file
            file[0] = UInt8(truncatingIfNeeded: signature)
            file[1] = UInt8(signature >> 8)
            let machine = try DOSMachine(files: ["A.EXE": file])
            #expect(try ProcessTests.start("C:\\A.EXE", machine) == .transferred)
            let base = machine.psp.segment + 0x10
            #expect(machine.cpu.codePointer == FarPointer(base, 0x0004))
            #expect(machine.cpu.stackPointer == FarPointer(base + 2, 0x0100))
            #expect(machine.memory.read16(FarPointer(base, 0x12)) == base + 5)
        }
    }

    @Test func maximumZeroLoadsHigh() throws {
        let image = [UInt8](repeating: 0x90, count: 512 - 32)
        let machine = try DOSMachine(
            files: ["HIGH.EXE": ProcessTests.executable(minimum: 0, maximum: 0, image: image)])
        #expect(try ProcessTests.start("C:\\HIGH.EXE", machine) == .transferred)
        #expect(machine.cpu.codePointer.segment == 0xA000 - 30)
    }

    @Test func appendedDataIsNotLoaded() throws {
        let image = [UInt8](repeating: 0x90, count: 480)
        let file = ProcessTests.executable(pages: 1, image: image) + [UInt8](repeating: 0xEE, count: 200_000)
        let machine = try DOSMachine(files: ["BIG.EXE": file])
        #expect(try ProcessTests.start("C:\\BIG.EXE", machine) == .transferred)
        #expect(machine.memory.read8(FarPointer(machine.psp.segment + 0x10, 479)) == 0x90)
        #expect(machine.memory.read8(FarPointer(machine.psp.segment + 0x10, 480)) == 0)
    }

    @Test func lyingHeadersAreRefused() throws {
        let image = [UInt8](repeating: 0x90, count: 64)
        for (file, error) in [
            (ProcessTests.executable(pages: 40, image: image), UInt16(0x0B)),
            (ProcessTests.executable(pages: 0xFFFF, image: image), 8),
            (ProcessTests.executable(pages: 1, header: 0x100, image: []), 0x0B),
            (ProcessTests.executable(minimum: 0xFFF0, image: image), 8),
            (ProcessTests.executable(relocations: [(0xFFFF, 0xFFFF)], image: image), 0x0B),
        ] {
            let machine = try DOSMachine(files: ["BAD.EXE": file])
            #expect(try ProcessTests.start("C:\\BAD.EXE", machine) == .returned)
            #expect(machine.carry)
            #expect(machine.cpu.ax == error)
        }
    }

    @Test func truncatedFilesNeverTrap() throws {
        let whole = ProcessTests.executable(
            relocations: [(0, 0), (4, 1)], image: [UInt8](repeating: 0x90, count: 600))
        for length in stride(from: 1, to: whole.count, by: 7) {
            let machine = try DOSMachine(files: ["CUT.EXE": Array(whole.prefix(length))])
            let result = try ProcessTests.start("C:\\CUT.EXE", machine)
            #expect(result == .transferred || machine.carry)
        }
    }

    @Test func aCOMThatFillsMemoryIsTooLarge() throws {
        let machine = try DOSMachine(files: ["BIG.COM": [UInt8](repeating: 0x90, count: 0xFF00)])
        #expect(try ProcessTests.start("C:\\BIG.COM", machine) == .returned)
        #expect(machine.cpu.ax == 8)
    }

    @Test func loadForADebuggerAnswersTheEntry() throws {
        let machine = try DOSMachine(files: ["CHILD.COM": [0xC3]])
        let block = FarPointer(machine.psp.segment, 0x5300)
        #expect(try ProcessTests.start("C:\\CHILD.COM", machine, mode: 1) == .returned)
        #expect(!machine.carry)
        let child = machine.psp.segment
        let stack = machine.memory.readPointer(block + 14)
        #expect(stack == FarPointer(child, 0xFFFC))
        #expect(machine.memory.read16(stack) == 0xFF00)
        #expect(machine.memory.readPointer(block + 18) == FarPointer(child, 0x100))
    }

    @Test func overlayIsLoadedWhereItIsToldTo() throws {
        let machine = try DOSMachine(
            files: [
                "O.BIN": [1, 2, 3],
                "O.EXE": ProcessTests.executable(relocations: [(0, 0)], image: [7, 0, 9, 0]),
            ])
        machine.dos(0x4A00) {
            $0.es = machine.psp.segment; $0.bx = 0x1000
        }
        let segment = machine.psp.segment
        machine.place([0x00, 0x60, 0x11, 0x00], at: 0x5300)
        for (name, expected) in [("O.BIN", [UInt8(1), 2, 3]), ("O.EXE", [0x18, 0, 9])] {
            machine.place("C:\\" + name, at: 0x5000)
            machine.dos(0x4B03) {
                $0.ds = segment; $0.es = segment; $0.dx = 0x5000; $0.bx = 0x5300
            }
            #expect(!machine.carry)
            #expect(machine.memory.readBytes(FarPointer(0x6000, 0), 3) == expected)
        }
    }

    @Test func residentProgramKeepsItsMemory() throws {
        let machine = try DOSMachine(files: ["TSR.COM": [0xC3]])
        _ = try ProcessTests.start("C:\\TSR.COM", machine)
        let resident = machine.psp
        #expect(machine.dos(0x3105) { $0.dx = 0x20 } == .transferred)
        machine.dos(0x4D00)
        #expect(machine.cpu.ax == 0x0305)
        let block = machine.kernel.memoryChain(machine.memory).block(of: resident.segment)
        #expect(block.owner == resident.segment)
        #expect(block.size == 0x20)
        #expect(resident.memoryEnd == resident.segment + 0x20)
    }

    @Test func prefixFunctions() throws {
        let machine = try DOSMachine()
        let own = machine.psp.segment
        machine.dos(0x5500) {
            $0.dx = 0x7000; $0.si = 0x7500
        }
        #expect(machine.psp.segment == 0x7000)
        #expect(machine.psp.parent == own)
        #expect(machine.psp.memoryEnd == 0x7500)
        machine.dos(0x5000) { $0.bx = own }
        machine.dos(0x6200)
        #expect(machine.cpu.bx == own)
        machine.dos(0x5100)
        #expect(machine.cpu.bx == own)
        machine.dos(0x2600) { $0.dx = 0x7100 }
        #expect(machine.memory.readBytes(FarPointer(0x7100, 0), 2) == [0xCD, 0x20])
        #expect(PSP(0x7100, machine.memory).parent == 0)
    }
}
