import BIOS
import Core
import Testing
import X86

@Suite struct WholeMachineTests {
    private static let machines: [BIOSConfiguration] = [
        BIOSConfiguration(extendedKilobytes: 1_024), BIOSConfiguration(machine: .xt, video: .cga),
    ]

    private func word(_ machine: ChipMachine, _ offset: UInt16) -> UInt16 {
        machine.memory.read16(FarPointer(0x1000, offset))
    }

    private func byte(_ machine: ChipMachine, _ offset: UInt16) -> UInt8 {
        machine.memory.read8(FarPointer(0x1000, offset))
    }

    @Test("18.2 ticks a second reach the data area and INT 1Ch", arguments: MachineKind.allCases)
    func ticks(kind: MachineKind) {
        let machine = ChipMachine(BIOSConfiguration(machine: kind, video: kind == .at ? .vga : .cga))
        machine.load(Programs.timerHook)
        let start = machine.data.word(0x6C)
        machine.run(for: .seconds(10))
        // 10 s hold 182.06 periods.
        #expect((181...182).contains(machine.data.word(0x6C) &- start))
        #expect(word(machine, 0x200) == machine.data.word(0x6C) &- start)
    }

    @Test("at midnight the ticks start again and the flag is set")
    func midnight() {
        let machine = ChipMachine()
        machine.load(Programs.timerHook)
        machine.data.set(0x6C, word: 0x00AF)
        machine.data.set(0x6E, word: 0x0018)
        machine.run(for: .milliseconds(60))
        #expect(machine.data.word(0x6C) == 0)
        #expect(machine.data.word(0x6E) == 0)
        #expect(machine.data.byte(0x70) == 1)
    }

    @Test("the diskette motor goes off after its count")
    func motor() {
        let machine = ChipMachine()
        machine.load(Programs.timerHook)
        machine.data.set(0x3F, byte: 0x81)
        machine.data.set(0x40, byte: 3)
        machine.run(for: .milliseconds(120))
        #expect(machine.data.byte(0x3F) == 0x81)
        machine.run(for: .milliseconds(100))
        #expect(machine.data.byte(0x3F) == 0x80)
    }

    @Test("keys go from the keyboard through IRQ 1 to INT 16h, with INT 15h told of wait and arrival")
    func keyboard() {
        let machine = ChipMachine()
        machine.load(Programs.keys)
        machine.run(for: .milliseconds(20))
        #expect(byte(machine, 0x200) == 1)
        machine.type(0x1E, 0x02)
        machine.key(0x2A, isDown: true)
        machine.type(0x1E)
        machine.key(0x2A, isDown: false)
        machine.type(0xE048, 0x3B)
        let keys = (0..<6).map { word(machine, 0x210 + UInt16($0) * 2) }
        #expect(keys == [0x1E61, 0x0231, 0x1E41, 0x48E0, 0x3B00, 0x0000])
        #expect(byte(machine, 0x201) == 5)
        #expect(byte(machine, 0x200) == 6)
    }

    @Test("Caps Lock lights its LED by two acknowledged bytes")
    func lights() {
        let machine = ChipMachine()
        machine.load(Programs.keys)
        machine.run(for: .milliseconds(20))
        machine.type(0x3A, 0x1E)
        machine.run(for: .milliseconds(50))
        #expect(machine.atKeyboard?.lights == 0b100)
        #expect(machine.data.byte(0x97) & 0x47 == 0x04)
        #expect(word(machine, 0x210) == 0x1E41)
    }

    @Test("the XT's keyboard works through the 8255")
    func oldKeyboard() {
        let machine = ChipMachine(BIOSConfiguration(machine: .xt, video: .cga))
        // The program asks with AH=10h, which this BIOS lacks: patch it to AH=00h.
        var program = Programs.keys
        if let place = program.firstRange(of: [0xB4, 0x10]) { program[place.lowerBound + 1] = 0x00 }
        machine.load(program)
        machine.run(for: .milliseconds(20))
        machine.type(0x1E, 0x02, 0x48)
        #expect((0..<4).map { word(machine, 0x210 + UInt16($0) * 2) } == [0x1E61, 0x0231, 0x4800, 0x0000])
    }

    @Test("INT 15h AH=86h takes the time that was asked for")
    func wait() {
        let machine = ChipMachine()
        machine.load(Programs.wait)
        let start = machine.now
        machine.run(for: .seconds(2))
        let taken = machine.now - start
        // The clock's periods of 976 us are counted down; the first may be shorter.
        #expect((Tick.milliseconds(98)...(.milliseconds(103))).contains(taken), "\(taken)")
        #expect(word(machine, 0x200) & Flag.carry == 0)
        #expect(machine.data.byte(0xA0) == 0)
        #expect((machine.clock?.peekPort(0x71, at: machine.now)).map { $0 != 0xFF } == true)
    }

    @Test("INT 15h AH=83h sets the program's flag in time, while the program runs")
    func eventWait() {
        let machine = ChipMachine()
        machine.load(Programs.eventWait)
        let start = machine.now
        machine.run(for: .seconds(2))
        #expect((Tick.milliseconds(48)...(.milliseconds(53))).contains(machine.now - start))
        #expect(word(machine, 0x202) > 1_000)
        #expect(byte(machine, 0x200) == 0x80)
    }

    @Test("the alarm calls INT 4Ah once, at its time")
    func alarm() {
        let machine = ChipMachine()
        machine.load(Programs.alarm)
        machine.run(for: .milliseconds(1_900))
        #expect(byte(machine, 0x200) == 0)
        machine.run(for: .seconds(3))
        #expect(byte(machine, 0x200) == 1)
    }

    @Test("the clock can be read at any time")
    func clock() {
        let machine = ChipMachine()
        machine.load(Programs.timerHook)
        machine.run(for: .milliseconds(995))
        machine.load(Programs.clock)
        machine.run(for: .milliseconds(10))
        #expect(word(machine, 0x200) > 50)
        #expect(word(machine, 0x202) == 0)
    }

    @Test("Ctrl-Break calls INT 1Bh, and Pause stops the program until a key")
    func breakAndPause() {
        let machine = ChipMachine()
        machine.load(Programs.breakHook)
        machine.run(for: .milliseconds(20))
        machine.key(0x1D, isDown: true)
        machine.type(0xE11D)
        machine.key(0x1D, isDown: false)
        machine.run(for: .milliseconds(20))
        #expect(byte(machine, 0x200) == 1)
        #expect(machine.data.byte(0x71) == 0x80)
        machine.type(0xE11D)
        machine.run(for: .milliseconds(50))
        #expect(machine.data.byte(0x18) & 0x08 != 0)
        let count = word(machine, 0x202)
        machine.run(for: .milliseconds(200))
        #expect(word(machine, 0x202) == count)
        machine.type(0x39)
        machine.run(for: .milliseconds(20))
        #expect(machine.data.byte(0x18) & 0x08 == 0)
        #expect(word(machine, 0x202) != count)
        // The key that ended the pause is lost; what is there is the zero of Ctrl-Break.
        #expect(machine.data.word(0x1C) &- machine.data.word(0x1A) == 2)
    }

    @Test("print screen sends every line of the screen to the printer", arguments: [0, 1])
    func printScreen(index: Int) throws {
        final class Paper: PrinterSink {
            var bytes: [UInt8] = []
            func printByte(_ byte: UInt8, port: Int) { bytes.append(byte) }
        }
        let machine = ChipMachine(WholeMachineTests.machines[index])
        let paper = Paper()
        machine.bios.printer = paper
        machine.memory.writeBytes(FarPointer(0xB800, 160), [0x48, 7, 0x69, 7])
        machine.load(Programs.printScreen)
        machine.run(for: .seconds(5))
        let lines = String(decoding: paper.bytes, as: UTF8.self).split(
            separator: "\r\n", omittingEmptySubsequences: false)
        try #require(lines.count == 27)
        #expect(lines[2].hasPrefix("Hi  "))
        #expect(lines[1...25].allSatisfy { $0.count == 80 })
        #expect(machine.memory.read8(FarPointer(0x50, 0)) == 0)
    }

    @Test("print screen without a printer ends with an error mark")
    func printScreenFailure() {
        let machine = ChipMachine()
        machine.load(Programs.printScreen)
        machine.run(for: .seconds(1))
        #expect(machine.memory.read8(FarPointer(0x50, 0)) == 0xFF)
    }

    @Test("an interrupt that nobody expects is masked and noted", arguments: [0, 1])
    func unexpected(index: Int) {
        let machine = ChipMachine(WholeMachineTests.machines[index])
        machine.load(Programs.timerHook)
        machine.run(for: .milliseconds(1))
        machine.ports.write8(0x21, machine.ports.read8(0x21, at: machine.now) & ~0x20, at: machine.now)
        machine.spareRequest.set(true, at: machine.now)
        machine.run(for: .milliseconds(200))
        #expect(machine.data.byte(0x6B) == 0x20)
        #expect(machine.ports.read8(0x21, at: machine.now) & 0x20 != 0)
        // The timer goes on.
        #expect(word(machine, 0x200) >= 2)
    }

    @Test("a machine that starts at the reset vector powers on and boots", arguments: [0, 1])
    func reset(index: Int) {
        final class Handler: BootHandler {
            var stack: FarPointer?
            func boot(in context: ServiceContext) -> ServiceOutcome {
                stack = context.cpu.stackPointer
                return .exit(42)
            }
        }
        let machine = ChipMachine(WholeMachineTests.machines[index])
        let handler = Handler()
        machine.bios.bootHandler = handler
        machine.data.set(0x10, word: 0)
        machine.processor?.registers.codePointer = FarPointer(0xFFFF, 0)
        machine.run(for: .milliseconds(100))
        #expect(machine.exitStatus == 42)
        // IP, CS and FLAGS lie on IBM's power-on stack.
        #expect(handler.stack == FarPointer(0x30, 0xFA))
        #expect(machine.data.word(0x10) != 0)
    }

    @Test("the adapter shows what teletype output writes", arguments: [0, 1])
    func screen(index: Int) {
        let machine = ChipMachine(WholeMachineTests.machines[index])
        // mov ax, 0E41h; int 10h; mov ax, 0E0Ah; int 10h; mov ax, 0E42h; int 10h; cli; hlt
        machine.load([
            0xB8, 0x41, 0x0E, 0xCD, 0x10, 0xB8, 0x0A, 0x0E, 0xCD, 0x10, 0xB8, 0x42, 0x0E, 0xCD, 0x10, 0xFA, 0xF4,
        ])
        machine.run(for: .milliseconds(100))
        #expect(machine.screenLine(0) == "A")
        #expect(machine.screenLine(1) == " B")
        let screen = machine.adapter.textScreen(at: machine.now)
        #expect(screen?.cursor.map { [$0.column, $0.row] } == [2, 1])
    }

    @Test("43 and 50 lines, 40 columns and 200 scan lines show on the adapter")
    func geometry() {
        let machine = ChipMachine()
        func call(_ ax: UInt16, bl: UInt8 = 0) -> String {
            // mov ax, ...; mov bx, ...; int 10h; cli; hlt
            machine.load([
                0xB8, UInt8(truncatingIfNeeded: ax), UInt8(ax >> 8), 0xBB, bl, 0x00, 0xCD, 0x10, 0xFA, 0xF4,
            ])
            machine.run(for: .milliseconds(100))
            let screen = machine.adapter.textScreen(at: machine.now)
            return screen.map { "\($0.columns)x\($0.rows)" } ?? "none"
        }
        #expect(call(0x0003) == "80x25")
        #expect(call(0x1112) == "80x50")
        #expect(call(0x0001) == "40x25")
        #expect(call(0x1201, bl: 0x30) == "40x25")
        #expect(call(0x0003) == "80x25")
        #expect(call(0x1112) == "80x43")
        #expect(call(0x1200, bl: 0x30) == "80x43")
        #expect(call(0x0003) == "80x25")
        #expect(call(0x0007) == "80x25")
    }
}
