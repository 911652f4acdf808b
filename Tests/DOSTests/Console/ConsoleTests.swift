import Core
import Testing
import X86

@testable import DOS

@Suite struct ConsoleTests {
    @Test func readingWithEchoWaitsForAKey() throws {
        let machine = try DOSMachine()
        #expect(machine.dos(0x0100) == .waiting)
        #expect(machine.memory.read8(DOSLayout.inDOS) == 1)
        #expect(machine.resume() == .waiting)
        machine.type("A")
        #expect(machine.resume() == .returned)
        #expect(machine.cpu.ax == 0x0141)
        #expect(machine.text == "A")
        #expect(machine.memory.read8(DOSLayout.inDOS) == 0)
    }

    @Test func aWaitKeepsTheCallersRegistersAndStack() throws {
        let machine = try DOSMachine()
        let stack = machine.cpu.stackPointer
        let before = CallRegisters(machine.cpu)
        #expect(
            machine.dos(0x0800) {
                $0.bx = 0x1234; $0.bp = 0x5678
            } == .waiting)
        machine.cpu.bx = 0
        machine.cpu.bp = 0
        machine.type("z")
        #expect(machine.resume() == .returned)
        #expect(machine.cpu.stackPointer == stack)
        #expect(machine.cpu.bx == 0x1234)
        #expect(machine.cpu.bp == 0x5678)
        #expect(machine.cpu.ds == before.ds)
    }

    @Test func functionKeyIsAZeroThenItsScanCode() throws {
        let machine = try DOSMachine()
        machine.press(0x3B00)
        machine.dos(0x0700)
        #expect(machine.cpu.al == 0)
        #expect(machine.dos(0x0B00) == .returned)
        #expect(machine.cpu.al == 0xFF)
        machine.dos(0x0700)
        #expect(machine.cpu.al == 0x3B)
    }

    @Test func rawInputSetsTheZeroFlag() throws {
        let machine = try DOSMachine()
        machine.dos(0x0600) { $0.dl = 0xFF }
        #expect(machine.zero)
        #expect(machine.context.poll == .idle)
        machine.type("q")
        machine.dos(0x0600) { $0.dl = 0xFF }
        #expect(!machine.zero)
        #expect(machine.cpu.al == UInt8(ascii: "q"))
    }

    @Test func stringOutputExpandsTabs() throws {
        let machine = try DOSMachine()
        machine.place("ab\tc\r\n\tx$")
        machine.dos(0x0900) { $0.dx = 0x4000 }
        #expect(machine.text == "ab      c\r\n        x")
        #expect(machine.cpu.al == UInt8(ascii: "$"))
    }

    @Test func lineInputEditsByBackspaceAndStoresCount() throws {
        let machine = try DOSMachine()
        machine.place([10, 0])
        machine.type("abx\u{8}c\r")
        #expect(machine.dos(0x0A00) { $0.dx = 0x4000 } == .returned)
        #expect(machine.memory.readBytes(machine.data(), 6) == [10, 3, 0x61, 0x62, 0x63, 0x0D])
        #expect(machine.text == "abx\u{8} \u{8}c\r")
    }

    @Test func lineInputStopsAtItsSizeWithABell() throws {
        let machine = try DOSMachine()
        machine.place([3, 0])
        machine.type("abc\r")
        machine.dos(0x0A00) { $0.dx = 0x4000 }
        #expect(machine.memory.readBytes(machine.data(), 5) == [3, 2, 0x61, 0x62, 0x0D])
        #expect(machine.text == "ab\u{7}\r")
    }

    @Test func flushThrowsTypedKeysAway() throws {
        let machine = try DOSMachine()
        machine.type("junk")
        #expect(machine.dos(0x0C08) == .waiting)
        machine.type("k")
        #expect(machine.resume() == .returned)
        #expect(machine.cpu.al == UInt8(ascii: "k"))
        machine.dos(0x0C00)
        #expect(machine.cpu.al == 0)
    }

    @Test func controlSHoldsTheOutputUntilAKey() throws {
        let machine = try DOSMachine()
        machine.type("\u{13}")
        machine.place(String(repeating: "x", count: 100) + "$")
        #expect(machine.dos(0x0900) { $0.dx = 0x4000 } == .waiting)
        #expect(machine.screen.count < 100)
        #expect(machine.resume() == .waiting)
        machine.type(" ")
        #expect(machine.resume() == .returned)
        #expect(machine.screen.count == 100)
    }

    @Test func controlPSendsTheOutputToThePrinterToo() throws {
        let machine = try DOSMachine()
        var printed: [UInt8] = []
        machine.handlers[0x17] = { cpu in
            printed.append(cpu.al)
            cpu.ah = 0x90
            return false
        }
        machine.type("\u{10}")
        machine.dos(0x0B00)
        machine.place("hi$")
        #expect(machine.dos(0x0900) { $0.dx = 0x4000 } == .returned)
        #expect(printed == Array("hi".utf8))
        #expect(machine.text == "hi")
    }

    @Test func theLineEditorGoesBackOverAWrappedRow() throws {
        let machine = try DOSMachine()
        var positions: [UInt16] = []
        machine.handlers[0x10] = { cpu in
            if cpu.ah == 0x02 {
                positions.append(cpu.dx)
                machine.memory.write16(FarPointer(0x40, 0x50), cpu.dx)
            }
            return false
        }
        machine.memory.write8(FarPointer(0x40, 0x4A), 80)
        machine.memory.write16(FarPointer(0x40, 0x50), 0x0500)
        machine.place([20, 0])
        machine.type("a\u{8}\r")
        #expect(machine.dos(0x0A00) { $0.dx = 0x4000 } == .returned)
        #expect(positions.first == 0x044F)
    }

    // MARK: Hooks

    @Test func hookedScreenInterruptSeesEveryCharacter() throws {
        let machine = try DOSMachine()
        var seen: [UInt8] = []
        machine.memory.setVector(0x29, FarPointer(0x3000, 0))
        machine.handlers[0x29] = { cpu in
            seen.append(cpu.al)
            return false
        }
        machine.place("abc$")
        #expect(machine.dos(0x0900) { $0.dx = 0x4000 } == .returned)
        #expect(seen == Array("abc".utf8))
        #expect(machine.screen.isEmpty)
    }

    @Test func hookedKeyboardInterruptGivesTheKeys() throws {
        let machine = try DOSMachine()
        machine.memory.setVector(0x16, FarPointer(0x3000, 0))
        var keys: [UInt16] = [0x1E61, 0x3B00, 0x2C1A]
        machine.handlers[0x16] = { cpu in
            let isEmpty = keys.isEmpty
            switch cpu.ah {
            case 0x01:
                cpu.flags = isEmpty ? cpu.flags | Flag.zero : cpu.flags & ~Flag.zero
                cpu.ax = keys.first ?? 0
            default: cpu.ax = isEmpty ? 0 : keys.removeFirst()
            }
            return false
        }
        var read: [UInt8] = []
        for _ in 0..<4 {
            #expect(machine.dos(0x0800) == .returned)
            read.append(machine.cpu.al)
        }
        #expect(read == [0x61, 0x00, 0x3B, 0x1A])
        #expect(machine.dos(0x0800) == .waiting)
    }

    @Test func idleInterruptIsPerformedWhileWaiting() throws {
        let machine = try DOSMachine()
        machine.memory.setVector(0x28, FarPointer(0x3000, 0))
        #expect(machine.dos(0x0800) == .waiting)
        #expect(machine.interrupts == [0x28])
        // The resident program may call DOS from there.
        machine.handlers[0x28] = { _ in
            machine.handlers[0x28] = nil
            machine.type("k")
            return false
        }
        #expect(machine.resume() == .returned)
        #expect(machine.cpu.al == UInt8(ascii: "k"))
    }

    // MARK: Host streams

    @Test func hostInputIsReadLikeARedirectedFile() throws {
        let machine = try DOSMachine(isStream: true)
        #expect(machine.dos(0x0100) == .hostInput)
        machine.streams.supply(Array("ab\r\ncd".utf8))
        #expect(machine.resume() == .returned)
        #expect(machine.cpu.al == UInt8(ascii: "a"))
        machine.place([80, 0])
        #expect(machine.dos(0x0A00) { $0.dx = 0x4000 } == .returned)
        #expect(machine.memory.readBytes(machine.data(), 4) == [80, 1, 0x62, 0x0D])
        #expect(machine.dos(0x0A00) { $0.dx = 0x4000 } == .hostInput)
        machine.streams.end()
        #expect(machine.resume() == .returned)
        #expect(machine.memory.readBytes(machine.data(), 5) == [80, 2, 0x63, 0x64, 0x0D])
        #expect(machine.hostText == "ab\rcd\r")
    }

    /// As FIND does, which goes back to the start of a line that its buffer cuts.
    @Test func hostInputCanBeReadAgain() throws {
        let machine = try DOSMachine(isStream: true)
        func seek(_ origin: UInt16, _ offset: Int32) -> UInt32? {
            let bits = UInt32(bitPattern: offset)
            machine.dos(0x4200 | origin) {
                $0.bx = 0
                ($0.cx, $0.dx) = (UInt16(bits >> 16), UInt16(truncatingIfNeeded: bits))
            }
            return machine.carry ? nil : UInt32(machine.cpu.dx) << 16 | UInt32(machine.cpu.ax)
        }
        func read(_ count: UInt16) -> [UInt8] {
            machine.dos(0x3F00) { ($0.bx, $0.cx, $0.dx) = (0, count, 0x4000) }
            return machine.memory.readBytes(machine.data(), Int(machine.cpu.ax))
        }
        machine.dos(0x4400) { $0.bx = 0 }
        #expect(machine.cpu.dx & 0x80 == 0)
        machine.streams.supply(Array("one\r\ntwo\r\nthree".utf8))
        #expect(read(7) == Array("one\r\ntw".utf8))
        #expect(seek(1, -2) == 5)
        #expect(read(5) == Array("two\r\n".utf8))
        #expect(seek(0, 1) == 1)
        #expect(read(2) == Array("ne".utf8))
        #expect(machine.dos(0x4202) { ($0.bx, $0.cx, $0.dx) = (0, 0, 0) } == .hostInput)
        machine.streams.end()
        #expect(machine.resume() == .returned)
        #expect(machine.cpu.ax == 15)
        #expect(read(5).isEmpty)
        #expect(seek(2, -5) == 10)
        #expect(read(9) == Array("three".utf8))
        #expect(seek(3, 0) == nil)
    }

    @Test func endOfInputNeverHangsAProgram() throws {
        let machine = try DOSMachine(isStream: true)
        machine.streams.end()
        machine.place([80, 0])
        machine.dos(0x0A00) { $0.dx = 0x4000 }
        #expect(machine.memory.readBytes(machine.data(), 3) == [80, 0, 0x0D])
        machine.dos(0x0A00) { $0.dx = 0x4000 }
        #expect(machine.memory.readBytes(machine.data(), 4) == [80, 1, 0x1A, 0x0D])
        var last = DOSMachine.Stop.returned
        for _ in 0..<1_000 where last == .returned { last = machine.dos(0x0A00) { $0.dx = 0x4000 } }
        #expect(machine.interrupts.contains(0x23))
        #expect(last == .exited(0))
    }

    @Test func characterReadsAtTheEndGiveControlZ() throws {
        let machine = try DOSMachine(isStream: true)
        machine.streams.end()
        machine.dos(0x0800)
        #expect(machine.cpu.al == 0x1A)
        machine.dos(0x0600) { $0.dl = 0xFF }
        #expect(machine.zero)
    }
}
