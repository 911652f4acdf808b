import Core
import Storage
import Testing
import X86

@testable import DOS

/// INT 21h AH=44h, the functions on drives, and errors of drives.
@Suite struct IOControlTests {
    @Test("device information of a file, of NUL and of CON")
    func information() throws {
        let machine = try DOSMachine(files: ["FILE.TXT": [1]])
        let file = try machine.handle(0x3D02, "FILE.TXT")
        #expect(machine.call(0x4400) { $0.bx = file }.ax == 0x0042)
        #expect(machine.cpu.dx == 0x0042)
        #expect(machine.write(file, [1]).ax == 1)
        #expect(machine.call(0x4400) { $0.bx = file }.ax == 0x0002)
        let null = try machine.handle(0x3D02, "NUL")
        #expect(machine.call(0x4400) { $0.bx = null }.ax == 0x80C4)
        #expect(machine.call(0x4400) { $0.bx = 1 }.ax == 0x80D3)
        #expect(machine.call(0x4400) { $0.bx = 99 }.error == 6)
    }

    @Test("a device is made raw; its high byte cannot be set, and a file has no such bits")
    func setting() throws {
        let machine = try DOSMachine(files: ["FILE.TXT": [1]])
        #expect(machine.call(0x4401) { ($0.bx, $0.dx) = (1, 0x00F3) }.error == nil)
        #expect(machine.call(0x4400) { $0.bx = 1 }.ax == 0x80F3)
        #expect(machine.call(0x4401) { ($0.bx, $0.dx) = (1, 0x0100) }.error == 0x0D)
        let file = try machine.handle(0x3D00, "FILE.TXT")
        #expect(machine.call(0x4401) { ($0.bx, $0.dx) = (file, 0) }.error == 1)
    }

    @Test("whether input and output are ready")
    func status() throws {
        let machine = try DOSMachine(files: ["FILE.TXT": [1]])
        let file = try machine.handle(0x3D00, "FILE.TXT")
        #expect(machine.call(0x4406) { $0.bx = file }.ax & 0xFF == 0xFF)
        #expect(machine.read(file, 5) == [1])
        #expect(machine.call(0x4406) { $0.bx = file }.ax & 0xFF == 0)
        #expect(machine.call(0x4407) { $0.bx = file }.ax & 0xFF == 0xFF)
        #expect(machine.call(0x4406) { $0.bx = 0 }.ax & 0xFF == 0)
        machine.type("x")
        #expect(machine.call(0x4406) { $0.bx = 0 }.ax & 0xFF == 0xFF)
    }

    @Test("drives: fixed or removable, local, one letter each; no drive Q")
    func drives() throws {
        let machine = try DOSMachine()
        #expect(machine.call(0x4408) { $0.bx = 3 }.ax == 1)
        #expect(machine.call(0x4408) { $0.bx = 17 }.error == 0x0F)
        #expect(machine.call(0x4409) { $0.bx = 3 }.error == nil)
        #expect(machine.cpu.dx & 0x1000 == 0)
        #expect(machine.call(0x440E) { $0.bx = 0 }.ax & 0xFF == 0)
        #expect(machine.call(0x440E) { $0.bx = 17 }.error == 0x0F)
        #expect(machine.call(0x4412).error == 1)
        #expect(machine.call(0x5C00) { $0.bx = 0 }.error == 1)
        #expect(machine.call(0x5C00) { $0.bx = 99 }.error == 6)
    }

    @Test("space and parameter blocks of a drive; FFh without one")
    func space() throws {
        let machine = try DOSMachine()
        machine.call(0x3600) { $0.dx = 3 }
        let bytes = Int(machine.cpu.ax) * Int(machine.cpu.cx) * Int(machine.cpu.dx)
        #expect(bytes == 8 << 20)
        #expect(machine.call(0x3600) { $0.dx = 17 }.ax == 0xFFFF)
        #expect(machine.call(0x1C00) { $0.dx = 17 }.ax & 0xFF == 0xFF)
        #expect(machine.call(0x3200) { $0.dx = 17 }.ax & 0xFF == 0xFF)
        #expect(machine.call(0x3200) { $0.dx = 3 }.ax & 0xFF == 0)
        let block = FarPointer(machine.cpu.ds, machine.cpu.bx)
        #expect(machine.memory.read8(block) == 2)
        #expect(machine.memory.read16(block + 2) == 512)
        #expect(machine.call(0x1C00) { $0.dx = 3 }.ax & 0xFF == 1)
        #expect(machine.memory.read8(FarPointer(machine.cpu.ds, machine.cpu.bx)) == 0xF8)
    }

    @Test("the current drive is set only to one that exists")
    func currentDrive() throws {
        let machine = try DOSMachine { $0.drives.append((3, MemoryVolume(clock: StoppedFileClock()))) }
        #expect(machine.call(0x0E00) { $0.dx = 3 }.ax & 0xFF == 26)
        #expect(machine.call(0x1900).ax & 0xFF == 3)
        #expect(machine.call(0x0E00) { $0.dx = 9 }.ax & 0xFF == 26)
        #expect(machine.call(0x1900).ax & 0xFF == 3)
    }

    @Test("writing to a protected drive calls INT 24h with that drive", arguments: [0x3C, 0x39, 0x41, 0x16, 0x13])
    func protected(_ function: UInt16) throws {
        let volume = MemoryVolume(isReadOnly: true, clock: StoppedFileClock(), chunkID: ChunkID("VOLD"))
        try volume.load(["X.TXT": [1]])
        let machine = try DOSMachine { $0.drives.append((3, volume)) }
        var seen: [UInt16] = []
        machine.handlers[0x24] = { cpu in
            seen = [cpu.ax, cpu.di & 0xFF]
            cpu.al = 3
            return false
        }
        let isBlock = function < 0x20
        if isBlock {
            machine.place(
                [4] + Array((function == 0x13 ? "X       TXT" : "NEW     TXT").utf8) + [UInt8](repeating: 0, count: 25))
        }
        let path = function == 0x41 ? "D:X.TXT" : "D:NEW.TXT"
        let answer = isBlock ? machine.call(function << 8) { $0.dx = 0x4000 } : machine.call(function << 8, path)
        // A drive, write, data area, retry and fail allowed; drive D; write-protected.
        #expect(seen.count == 2)
        #expect(seen.first.map { $0 & 0xFF } == 3)
        #expect(seen.first.map { $0 >> 8 & 0x81 } == 1)
        #expect(seen.last == 0)
        #expect(isBlock ? answer.ax & 0xFF == 0xFF : answer.error == 5)
        #expect(machine.call(0x5900).ax == 0x53)
    }
}
