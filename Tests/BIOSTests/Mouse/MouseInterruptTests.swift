import BIOS
import Chips
import Core
import TestSupport
import Testing
import X86

@Suite struct MouseInterruptTests {
    /// Resets the driver, sets a handler for everything, and halts in a loop with BX=5AA5h. The handler at 150h stores its
    /// registers at 200h, counts its calls at 20Eh and the deepest nesting at 212h, and takes some 50 ms.
    private static let program: [UInt8] = {
        let start: [UInt8] = [
            0xB8, 0x00, 0x00, 0xCD, 0x33,  // mov ax, 0; int 33h
            0xB8, 0x13, 0x00, 0xBA, 0xFF, 0x7F, 0xCD, 0x33,  // mov ax, 13h; mov dx, 7FFFh; int 33h
            0xB8, 0x0C, 0x00, 0xB9, 0x7F, 0x00, 0xBA, 0x50, 0x01, 0x0E, 0x07, 0xCD, 0x33,  // handler 7Fh at cs:150h
            0xBB, 0xA5, 0x5A,  // mov bx, 5AA5h
            0xFB, 0xF4, 0x2E, 0x89, 0x1E, 0x14, 0x02, 0xEB, 0xF7,  // sti; hlt; mov cs:[214h], bx; jmp
        ]
        let handler: [UInt8] = [
            0x2E, 0xFF, 0x06, 0x10, 0x02,  // inc word cs:[210h]
            0x2E, 0xA3, 0x00, 0x02, 0x2E, 0x89, 0x1E, 0x02, 0x02, 0x2E, 0x89, 0x0E, 0x04, 0x02,  // ax, bx, cx
            0x2E, 0x89, 0x16, 0x06, 0x02, 0x2E, 0x89, 0x36, 0x08, 0x02, 0x2E, 0x89, 0x3E, 0x0A, 0x02,  // dx, si, di
            0x2E, 0x8C, 0x1E, 0x0C, 0x02, 0x2E, 0xFF, 0x06, 0x0E, 0x02,  // ds; inc word cs:[20Eh]
            0x2E, 0xA1, 0x10, 0x02, 0x2E, 0x3B, 0x06, 0x12, 0x02, 0x76, 0x04, 0x2E, 0xA3, 0x12, 0x02,  // deepest
            0x31, 0xC9, 0xE2, 0xFE,  // xor cx, cx; loop $
            0x2E, 0xFF, 0x0E, 0x10, 0x02, 0xCB,  // dec word cs:[210h]; retf
        ]
        return start + [UInt8](repeating: 0x90, count: 0x50 - start.count) + handler
    }()

    private func word(_ machine: ChipMachine, _ offset: UInt16) -> UInt16 {
        machine.memory.read16(FarPointer(0x1000, offset))
    }

    private func started(_ configuration: BIOSConfiguration) -> ChipMachine {
        let machine = ChipMachine(configuration)
        machine.load(MouseInterruptTests.program)
        machine.run(for: .milliseconds(100))
        return machine
    }

    @Test(
        "a handler is called at the event, with its registers, and what it interrupted goes on",
        arguments: [
            BIOSConfiguration.withMouse, .withSerialMouse,
        ])
    func handler(configuration: BIOSConfiguration) {
        let machine = started(configuration)
        machine.mouse?.move(dx: 16, dy: -32, at: machine.now)
        machine.run(for: .milliseconds(40))
        #expect(word(machine, 0x20E) == 1)
        let registers = (0..<7).map { word(machine, 0x200 + $0 * 2) }
        #expect(registers == [1, 0, 336, 80, 16, 0xFFE0, 0xF000])
        machine.run(for: .milliseconds(400))
        machine.mouse?.setButtons(2, at: machine.now)
        machine.run(for: .milliseconds(400))
        #expect([word(machine, 0x20E), word(machine, 0x200), word(machine, 0x202)] == [2, 0b1000, 2])
        #expect(word(machine, 0x214) == 0x5AA5 && word(machine, 0x210) == 0)
    }

    @Test(
        "a handler that stays long is not entered again; what happened meanwhile comes after it",
        arguments: [
            BIOSConfiguration.withMouse, .withSerialMouse,
        ])
    func reentry(configuration: BIOSConfiguration) {
        let machine = started(configuration)
        for buttons in [1, 0, 2, 0, 1] as [UInt8] {
            machine.mouse?.setButtons(buttons, at: machine.now)
            machine.mouse?.move(dx: 3, dy: 0, at: machine.now)
            machine.run(for: .milliseconds(30))
        }
        machine.run(for: .seconds(2))
        #expect(word(machine, 0x212) == 1, "the deepest nesting")
        #expect(word(machine, 0x202) == 1)
        #expect((2...5).contains(word(machine, 0x20E)))
        // The keyboard has not suffered.
        machine.type(0x1E)
        #expect(machine.data.word(0x1A) != machine.data.word(0x1C))
    }

    @Test("a place in the picture is where the cursor goes, with mickeys for it")
    func absolute() {
        let machine = started(.withMouse)
        machine.pointer?.move(toX: 0x4000, y: 0x8000, at: machine.now)
        machine.run(for: .milliseconds(200))
        #expect([word(machine, 0x204), word(machine, 0x206), word(machine, 0x208)] == [160, 96, 0xFF60])
        machine.pointer?.move(toX: 0xFFFF, y: 0xFFFF, at: machine.now)
        machine.run(for: .milliseconds(200))
        #expect([word(machine, 0x204), word(machine, 0x206)] == [632, 192])
    }

    @Test(
        "a program that draws its own pointer on a picture has its range for the whole picture; one that shows it has not"
    )
    func ownRange() {
        let machine = started(.withMouse)
        let range: [UInt8] = [
            0xB8, 0x13, 0x00, 0xCD, 0x10, 0xB8, 0x07, 0x00, 0x31, 0xC9, 0xBA, 0x3F, 0x01, 0xCD, 0x33,  // 0 to 319
            0xB8, 0x0C, 0x00, 0xB9, 0x01, 0x00, 0xBA, 0x50, 0x01, 0x0E, 0x07, 0xCD, 0x33, 0xFB, 0xF4, 0xEB, 0xFD,
        ]
        machine.load(range)
        machine.run(for: .milliseconds(300))
        machine.pointer?.move(toX: 0xC000, y: 0x8000, at: machine.now)
        machine.run(for: .milliseconds(200))
        #expect(word(machine, 0x204) == 240)
        machine.load([0xB8, 0x01, 0x00, 0xCD, 0x33] + range.dropFirst(5))
        machine.run(for: .milliseconds(300))
        machine.pointer?.move(toX: 0x4000, y: 0x8000, at: machine.now)
        machine.run(for: .milliseconds(200))
        #expect(word(machine, 0x204) == 160)
    }

    @Test("the mouse is in use while it is shown, has a handler or is polled")
    func use() {
        let machine = TestMachine.withMouse()
        func isInUse(_ seconds: Int64 = 0) -> Bool {
            machine.bios.isMouseInUse(at: machine.context.now + .seconds(seconds))
        }
        #expect(!isInUse(), "a reset alone")
        machine.mouse(0x0001)
        #expect(isInUse(100))
        machine.mouse(0x0002)
        #expect(!isInUse())
        machine.mouse(0x000C, cx: 1, dx: 0x100)
        #expect(isInUse(100))
        machine.mouse(0x0000)
        #expect(!isInUse())
        machine.mouse(0x0003)
        #expect(isInUse(1) && !isInUse(3))
        machine.cpu.es = 0x3000
        machine.cpu.bx = 0x100
        machine.int(0x15, ax: 0xC207)
        #expect(isInUse(100))
    }

    @Test("a state in the middle of a packet or a handler goes on as the machine did", arguments: [0, 1, 2, 3, 8, 30])
    func roundTrip(milliseconds: Int64) {
        let (machine, other) = (started(.withMouse), started(.withMouse))
        machine.mouse?.move(dx: 40, dy: 8, at: machine.now)
        machine.run(for: .milliseconds(milliseconds))
        let processor = machine.processor?.registers.state.pointee
        let time = machine.now
        other.processor?.skip(to: time)
        if let processor { other.processor?.registers.state.pointee = processor }
        for (chunk, copy) in zip(machine.chunks, other.chunks) {
            #expect(restore(copy, from: savedState(chunk)) == nil)
        }
        for each in [machine, other] {
            each.mouse?.setButtons(1, at: each.now)
            each.run(for: .milliseconds(300))
        }
        for (chunk, copy) in zip(machine.chunks, other.chunks) {
            #expect(savedState(chunk) == savedState(copy), "\(chunk.chunkID)")
        }
    }

    // MARK: INT 15h AH=C2h

    /// INT 15h with AX and BX, results at 200h: AX, BX, CX, DX, FLAGS; then it halts.
    private func call(_ machine: ChipMachine, ax: UInt16, bx: UInt16) -> [UInt16] {
        func bytes(_ word: UInt16) -> [UInt8] { [UInt8(truncatingIfNeeded: word), UInt8(word >> 8)] }
        let results: [UInt8] = [
            0x0E, 0x07, 0xFB, 0xCD, 0x15,  // push cs; pop es; sti; int 15h
            0x2E, 0xA3, 0x00, 0x02, 0x2E, 0x89, 0x1E, 0x02, 0x02, 0x2E, 0x89, 0x0E, 0x04, 0x02,
            0x2E, 0x89, 0x16, 0x06, 0x02, 0x9C, 0x2E, 0x8F, 0x06, 0x08, 0x02,  // pushf; pop cs:[208h]
            0xF4, 0xEB, 0xFD,
        ]
        var program: [UInt8] = [0xB8]
        program += bytes(ax)
        program.append(0xBB)
        program += bytes(bx)
        machine.load(program + results)
        machine.run(for: .milliseconds(700))
        return (0..<5).map { word(machine, 0x200 + $0 * 2) }
    }

    @Test("the BIOS resets, asks and sets the mouse")
    func pointingDevice() {
        let machine = ChipMachine(.withMouse)
        var answer = call(machine, ax: 0xC201, bx: 0)
        #expect(answer[0] >> 8 == 0 && answer[1] == 0x00AA && answer[4] & 1 == 0)
        answer = call(machine, ax: 0xC203, bx: 0x0300)
        #expect(answer[0] >> 8 == 0)
        answer = call(machine, ax: 0xC202, bx: 0x0600)
        answer = call(machine, ax: 0xC206, bx: 0x0200)
        answer = call(machine, ax: 0xC206, bx: 0)
        #expect([answer[1] & 0xFF, answer[2] & 0xFF, answer[3] & 0xFF] == [0x10, 3, 200])
        answer = call(machine, ax: 0xC204, bx: 0xFFFF)
        #expect(answer[1] >> 8 == 0)
        #expect(call(machine, ax: 0xC200, bx: 0x0100)[0] >> 8 == 5, "no routine")
        #expect(call(machine, ax: 0xC203, bx: 0x0400)[0] >> 8 == 2)
        answer = call(machine, ax: 0xC20F, bx: 0)
        #expect(answer[0] >> 8 == 1 && answer[4] & 1 == 1)
        // The keyboard is as before.
        machine.type(0x1E)
        #expect(machine.data.word(0x1A) != machine.data.word(0x1C))
        #expect(call(ChipMachine(), ax: 0xC201, bx: 0)[0] >> 8 == 0x86)
    }

    @Test("a program's routine gets status, X and Y on its stack")
    func routine() {
        let machine = ChipMachine(.withMouse)
        // push bp; mov bp, sp; [bp+0Ch], [bp+0Ah], [bp+8], [bp+6] to 220h on; inc word [228h]; pop bp; retf
        var routine: [UInt8] = [0x55, 0x89, 0xE5]
        for index in UInt8(0)..<4 { routine += [0x8B, 0x46, 0x0C - 2 * index, 0x2E, 0xA3, 0x20 + 2 * index, 0x02] }
        routine += [0x2E, 0xFF, 0x06, 0x28, 0x02, 0x5D, 0xCB]
        machine.memory.writeBytes(FarPointer(0x1000, 0x180), routine)
        #expect(call(machine, ax: 0xC205, bx: 0x0300)[0] >> 8 == 0)
        #expect(call(machine, ax: 0xC207, bx: 0x0180)[0] >> 8 == 0)
        #expect(call(machine, ax: 0xC200, bx: 0x0100)[0] >> 8 == 0)
        machine.mouse?.move(dx: 5, dy: 3, at: machine.now)
        machine.mouse?.setButtons(1, at: machine.now)
        machine.run(for: .milliseconds(50))
        #expect((0..<5).map { word(machine, 0x220 + $0 * 2) } == [0x29, 5, 0xFD, 0, 1])
    }
}
