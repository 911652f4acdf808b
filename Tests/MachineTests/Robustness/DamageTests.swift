import Core
import Machine
import Storage
import TestSupport
import Testing

/// Programs that destroy what DOS and the BIOS rely on. Each ends, is stopped, or runs to its limit.
@Suite struct DamageTests {
    /// Runs for half a second of emulated time.
    private func run(_ program: (inout Assembly) -> Void) throws -> ScenarioRun {
        var scenario = Scenario("damage", program)
        scenario.files["CHILD.COM"] = [0xB8, 5, 0x4C, 0xCD, 0x21]
        scenario.limit = .milliseconds(500)
        let run = try ScenarioRun(scenario)
        run.runToEnd()
        _ = run.machine.stateHash()
        return run
    }

    @Test("CLI and HLT stop the machine, and the reason says where")
    func halt() throws {
        let run = try run { $0.code(0xFA, 0xF4) }
        guard case .stopped(let reason) = run.ending else { return #expect(run.ending == .exited(status: 0)) }
        #expect(reason.contains("interrupts off"))
    }

    @Test("an endless loop with interrupts off runs to the limit and not beyond it")
    func loop() throws {
        let run = try run { $0.code(0xFA, 0xEB, 0xFE) }
        #expect(run.ending == nil)
        #expect(run.machine.now >= .milliseconds(500))
        #expect(run.machine.now < .milliseconds(501))
    }

    @Test("after its memory blocks are destroyed a program gets error 7, and its end is an end")
    func memoryBlocks() throws {
        let run = try run { a in
            // mov ax,cs; dec ax; mov es,ax; mov byte es:[0],0
            a.code(0x8C, 0xC8, 0x48, 0x8E, 0xC0, 0x26, 0xC6, 0x06, 0, 0, 0)
            a.mov(.bx, 1)
            a.dos(0x48)
            a.code(0x88, 0xC3)  // mov bl,al
            a.code(0x8C, 0xC8, 0x8E, 0xC0)
            a.code(0x53)
            a.mov(.bx, 100)
            a.dos(0x4A)
            a.code(0x5B, 0x88, 0xC7)  // pop bx; mov bh,al
            a.code(0x53)
            a.mov(.bx, "block")
            a.mov(.ax, 0x4B00)
            a.mov(.dx, "name")
            a.interrupt(0x21)
            a.code(0x5B, 0x00, 0xD8, 0x00, 0xF8)  // pop bx; add al,bl; add al,bh
            a.movAH(0x4C)
            a.interrupt(0x21)
            a.text("name", "C:\\CHILD.COM\0")
            a.space("block", 22)
        }
        // 7 of AH=48h and of AH=4Ah; 5 of AH=4Bh, which knows no number 7.
        #expect(run.ending == .exited(status: 7 + 7 + 5))
    }

    @Test("the whole chain of memory, the file tables and the directories overwritten", arguments: [0x00, 0xFF, 0x41])
    func tables(_ value: UInt8) throws {
        for (segment, count) in [(UInt16(0x04D0), 0x100), (0x0280, 0x2500), (0x0080, 0x1000), (0x0040, 0x100)] {
            _ = try run { a in
                a.mov(.ax, segment)
                a.code(0x8E, 0xC0, 0x31, 0xFF, 0xB0, value)  // mov es,ax; xor di,di; mov al,value
                a.mov(.cx, UInt16(count))
                a.code(0xFC, 0xF3, 0xAA)
                for function: UInt8 in [0x48, 0x3D, 0x3F, 0x40, 0x4E, 0x4F, 0x47, 0x19, 0x36, 0x52, 0x3B, 0x0F, 0x11] {
                    a.mov(.bx, 1)
                    a.mov(.cx, 5)
                    a.code(0x0E, 0x1F)
                    a.dos(function, "name")
                }
                a.mov(.bx, "block")
                a.mov(.dx, "name")
                a.mov(.ax, 0x4B00)
                a.interrupt(0x21)
                a.exit(0)
                a.text("name", "C:\\CHILD.COM\0")
                a.space("block", 22)
            }
        }
    }

    @Test("interrupt vectors overwritten", arguments: [0x0000, 0xFFFF, 0xF000, 0x1234])
    func vectors(_ value: UInt16) throws {
        for number in 0...0x2F {
            _ = try run { a in
                a.code(0x31, 0xC0, 0x8E, 0xC0)  // xor ax,ax; mov es,ax
                a.code(0x26, 0xC7, 0x06, UInt8(number * 4 % 256), 0)
                a.code(UInt8(truncatingIfNeeded: value), UInt8(value >> 8))
                a.code(0x26, 0xC7, 0x06, UInt8(number * 4 % 256) + 2, 0)
                a.code(UInt8(truncatingIfNeeded: value), UInt8(value >> 8))
                a.dos(0x09, "text")
                a.dos(0x0B)
                a.mov(.cx, 0x4000)
                a.label("loop")
                a.jump(0xE2, "loop")
                a.exit(0)
                a.text("text", "text$")
            }
        }
    }

    @Test("a PSP overwritten: handle table, parent, return address, environment, all of it")
    func prefix() throws {
        let fields: [(offset: Int, count: Int)] = [(0x34, 4), (0x32, 2), (0x16, 2), (0x0A, 12), (0x2C, 2), (0, 0x5C)]
        for (offset, count) in fields {
            for value: UInt8 in [0, 0xFF, 0x80, 0x13] {
                _ = try run { a in
                    a.mov(.di, UInt16(offset))
                    a.mov(.cx, UInt16(count))
                    a.code(0xB0, value, 0xFC, 0xF3, 0xAA)
                    a.mov(.bx, 0x20)
                    a.dos(0x4A)
                    a.dos(0x3D, "name")
                    a.dos(0x45)
                    a.mov(.bx, 60)
                    a.dos(0x67)
                    a.mov(.bx, "block")
                    a.mov(.dx, "name")
                    a.mov(.ax, 0x4B00)
                    a.interrupt(0x21)
                    a.dos(0x4D)
                    a.exit(0)
                    a.text("name", "C:\\CHILD.COM\0")
                    a.space("block", 22)
                }
            }
        }
    }

    @Test("stacks at the ends of segments", arguments: [0x0000, 0x0001, 0x0002, 0x0010, 0xFFFF])
    func stacks(_ pointer: UInt16) throws {
        for segment: UInt16 in [0x9000, 0xFFFF, 0xF000, 0x0000] {
            for function: UInt8 in [0x09, 0x0B, 0x30, 0x4E, 0x48] {
                _ = try run { a in
                    a.mov(.ax, segment)
                    a.code(0xFA, 0x8E, 0xD0)
                    a.mov(.sp, pointer)
                    a.code(0xFB)
                    a.dos(function, "name")
                    a.movAH(0)
                    a.interrupt(0x16)
                    a.exit(0)
                    a.text("name", "C:\\*.COM\0$")
                }
            }
        }
    }

    @Test("a transfer area at the end of memory and of a segment")
    func transferArea() throws {
        for (segment, offset) in [(UInt16(0xFFFF), UInt16(0xFFF0)), (0xFFFF, 0), (0x9FFF, 0xFFFF), (0xF000, 0xFFFE)] {
            let run = try run { a in
                a.mov(.ax, segment)
                a.code(0x8E, 0xD8)
                a.mov(.dx, offset)
                a.dos(0x1A)
                a.code(0x0E, 0x1F)
                a.mov(.cx, 0x37)
                a.dos(0x4E, "pattern")
                a.dos(0x4F)
                a.dos(0x4F)
                a.dos(0x16, "fcb")
                a.dos(0x11, "fcb")
                a.dos(0x15, "fcb")
                a.dos(0x14, "fcb")
                a.mov(.cx, 0xFFFF)
                a.dos(0x28, "fcb")
                a.mov(.cx, 0xFFFF)
                a.dos(0x27, "fcb")
                a.exit(0)
                a.text("pattern", "C:\\*.*\0")
                a.data("fcb", [0] + Array("NEW     DAT".utf8) + [UInt8](repeating: 0, count: 25))
            }
            #expect(run.ending == .exited(status: 0))
        }
    }

    @Test("executables that claim too much do not start; the interpreter goes on")
    func executables() throws {
        let header: [UInt16] = [0x5A4D, 0, 3, 1, 2, 0, 0xFFFF, 0, 0x100, 0, 0, 0, 28, 0]
        for (field, value) in [(2, 0xFFFF), (3, 0xFFFF), (4, 0xFFFF), (5, 0xFFFF), (12, 0xFFFF), (2, 0), (4, 0)] {
            var words = header
            words[field] = UInt16(value)
            let file = words.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
            var scenario = Scenario("executable")
            scenario.files["A.EXE"] = file + [UInt8](repeating: 0xCC, count: 100)
            scenario.startup = [.line(Array("C:\\A.EXE".utf8)), .line(Array("ECHO on".utf8))]
            scenario.standardInput = []
            scenario.limit = .seconds(2)
            let run = try ScenarioRun(scenario)
            run.runToEnd()
            #expect(run.ending != nil, "field \(field): \(run.result.screen)")
        }
    }
}
