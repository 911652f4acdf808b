import Core
import Testing
import X86

@testable import DOS

@Suite struct DeviceTests {
    @Test func cookedConsoleReadHandsOutALineInParts() throws {
        let machine = try DOSMachine()
        machine.type("abc\r")
        machine.dos(0x3F00) {
            $0.bx = 0; $0.cx = 2; $0.dx = 0x4000
        }
        #expect(machine.cpu.ax == 2)
        machine.dos(0x3F00) {
            $0.bx = 0; $0.cx = 80; $0.dx = 0x4002
        }
        #expect(machine.cpu.ax == 3)
        #expect(machine.memory.readBytes(machine.data(), 5) == Array("abc\r\n".utf8))
        #expect(machine.text == "abc\r\n")
        #expect(
            machine.dos(0x3F00) {
                $0.bx = 0; $0.cx = 80; $0.dx = 0x4000
            } == .waiting)
    }

    @Test func aTerminalOfTheHostIsTheConsoleAndGivesAnEditedLine() throws {
        let machine = try DOSMachine(isStream: true, terminals: [.input, .output])
        machine.dos(0x4400) { $0.bx = 0 }
        #expect(machine.cpu.dx == 0x80D3)
        machine.dos(0x4400) { $0.bx = 1 }
        #expect(machine.cpu.dx == 0x80D3)
        machine.streams.supply(Array("abx\u{8}c\r\nnext".utf8))
        machine.dos(0x3F00) {
            $0.bx = 0; $0.cx = 512; $0.dx = 0x4000
        }
        #expect(machine.cpu.ax == 5)
        #expect(machine.memory.readBytes(machine.data(), 5) == Array("abc\r\n".utf8))
        #expect(machine.hostOutput == Array("abx\u{8} \u{8}c\r\n".utf8))
    }

    @Test func aTerminalWithRedirectedOutputGivesTheHostsLines() throws {
        let machine = try DOSMachine(isStream: true, terminals: [.input])
        machine.dos(0x4400) { $0.bx = 1 }
        #expect(machine.cpu.dx & 0x80 == 0)
        machine.streams.supply(Array("abc\r\nnext".utf8))
        machine.dos(0x3F00) {
            $0.bx = 0; $0.cx = 512; $0.dx = 0x4000
        }
        #expect(machine.cpu.ax == 5)
        #expect(machine.text.isEmpty)
    }

    @Test func controlZAtTheStartOfALineIsTheEnd() throws {
        let machine = try DOSMachine()
        machine.type("\u{1A}\r")
        machine.dos(0x3F00) {
            $0.bx = 0; $0.cx = 80; $0.dx = 0x4000
        }
        #expect(!machine.carry)
        #expect(machine.cpu.ax == 0)
    }

    @Test func rawConsoleReadTakesKeysAsTheyAre() throws {
        let machine = try DOSMachine()
        machine.dos(0x4400) { $0.bx = 0 }
        #expect(machine.cpu.dx == 0x80D3)
        machine.dos(0x4401) {
            $0.bx = 0; $0.dx = 0x00F3
        }
        machine.type("a\u{3}")
        machine.dos(0x3F00) {
            $0.bx = 0; $0.cx = 2; $0.dx = 0x4000
        }
        #expect(machine.memory.readBytes(machine.data(), 2) == [0x61, 3])
        #expect(machine.text.isEmpty)
    }

    @Test func consoleWritesAreExpandedWhenCooked() throws {
        let machine = try DOSMachine()
        machine.place("a\tb")
        machine.dos(0x4000) {
            $0.bx = 1; $0.cx = 3; $0.dx = 0x4000
        }
        #expect(machine.cpu.ax == 3)
        #expect(machine.text == "a       b")
    }

    @Test func printerWritesGoToINT17AndErrorsToINT24() throws {
        let machine = try DOSMachine()
        var printed: [UInt8] = []
        machine.handlers[0x17] = { cpu in
            printed.append(cpu.al)
            cpu.ah = 0x90
            return false
        }
        machine.place("xyz")
        machine.dos(0x4000) {
            $0.bx = 4; $0.cx = 3; $0.dx = 0x4000
        }
        #expect(machine.cpu.ax == 3)
        #expect(printed == Array("xyz".utf8))
        var flags: UInt8 = 0
        machine.handlers[0x17] = { cpu in
            cpu.ah = 0x01
            return false
        }
        machine.handlers[0x24] = { cpu in
            flags = cpu.ah
            #expect(cpu.di == 2)
            cpu.al = 3
            return false
        }
        machine.dos(0x4000) {
            $0.bx = 4; $0.cx = 3; $0.dx = 0x4000
        }
        #expect(flags & 0x80 != 0)
        #expect(machine.carry)
        #expect(machine.cpu.ax == 5)
    }

    @Test func auxiliaryReadsWaitForTheLineStatus() throws {
        let machine = try DOSMachine()
        var ready = false
        machine.handlers[0x14] = { cpu in
            cpu.ax = cpu.ah == 3 ? (ready ? 0x0100 : 0x0000) : 0x0055
            return false
        }
        #expect(machine.dos(0x0300) == .waiting)
        ready = true
        #expect(machine.resume() == .returned)
        #expect(machine.cpu.al == 0x55)
    }

    /// Calls a driver by its header, as a program does.
    private func request(_ machine: DOSMachine, _ device: CharacterDevice, _ packet: [UInt8]) -> DOSMachine.Stop {
        let place = machine.place(packet, at: 0x6000)
        machine.cpu.es = place.segment
        machine.cpu.bx = place.offset
        machine.context.push(machine.cpu.cs)
        machine.context.push(machine.cpu.ip)
        #expect(machine.enter(.deviceStrategy) == .returned)
        // PUSH AX; MOV AL, number; CALL FAR
        machine.context.push(machine.cpu.ax)
        machine.cpu.al = device.rawValue
        machine.context.push(DOSLayout.dataSegment)
        machine.context.push(0x0208)
        return machine.enter(.deviceInterrupt)
    }

    @Test func driversWorkWhenCalledByTheirHeaders() throws {
        let machine = try DOSMachine()
        machine.place("out", at: 0x6100)
        let segment = machine.psp.segment
        var packet: [UInt8] = [22, 0, 8, 0, 0] + [UInt8](repeating: 0, count: 9)
        packet += [0x00, 0x61, UInt8(truncatingIfNeeded: segment), UInt8(segment >> 8), 3, 0, 0, 0]
        #expect(request(machine, .con, packet) == .returned)
        #expect(machine.text == "out")
        #expect(machine.memory.read16(machine.data(0x6003)) == 0x0100)
        packet[2] = 5
        #expect(request(machine, .con, packet) == .returned)
        #expect(machine.memory.read16(machine.data(0x6003)) == 0x0300)
        packet[2] = 4
        #expect(request(machine, .con, packet) == .waiting)
        machine.type("key")
        #expect(machine.resume() == .returned)
        #expect(machine.memory.readBytes(machine.data(0x6100), 3) == Array("key".utf8))
        packet[2] = 99
        #expect(request(machine, .con, packet) == .returned)
        #expect(machine.memory.read16(machine.data(0x6003)) == 0x8103)
    }

    @Test func namesOfDevices() {
        #expect(CharacterDevice(name: Array("con".utf8)) == .con)
        #expect(CharacterDevice(name: Array("NUL.TXT".utf8)) == .nul)
        #expect(CharacterDevice(name: Array("LPT2:".utf8)) == .lpt2)
        #expect(CharacterDevice(name: Array("CONS".utf8)) == nil)
    }
}
