import BIOS
import Core
import Testing
import X86

@Suite struct KeyboardInterruptTests {
    /// All keys in the buffer, as INT 16h AH=10h returns them.
    private func keys(_ machine: TestMachine, function: UInt16 = 0x1000) -> [UInt16] {
        var keys: [UInt16] = []
        while !machine.int(0x16, ax: function | 0x0100).zero {
            machine.int(0x16, ax: function)
            keys.append(machine.cpu.ax)
        }
        return keys
    }

    @Test(
        "keys give scan code and character with Shift, Ctrl and Alt",
        arguments: [
            // Scan code: plain, with Shift, Ctrl, Alt (INT 16h AH=10h); 0 for nothing.
            [UInt16(0x01), 0x011B, 0x011B, 0x011B, 0x0100], [0x02, 0x0231, 0x0221, 0, 0x7800],
            [0x03, 0x0332, 0x0340, 0x0300, 0x7900], [0x07, 0x0736, 0x075E, 0x071E, 0x7D00],
            [0x0C, 0x0C2D, 0x0C5F, 0x0C1F, 0x8200], [0x0E, 0x0E08, 0x0E08, 0x0E7F, 0x0E00],
            [0x0F, 0x0F09, 0x0F00, 0x9400, 0xA500], [0x10, 0x1071, 0x1051, 0x1011, 0x1000],
            [0x1A, 0x1A5B, 0x1A7B, 0x1A1B, 0x1A00], [0x1C, 0x1C0D, 0x1C0D, 0x1C0A, 0x1C00],
            [0x28, 0x2827, 0x2822, 0, 0x2800], [0x29, 0x2960, 0x297E, 0, 0x2900],
            [0x2B, 0x2B5C, 0x2B7C, 0x2B1C, 0x2B00],
            [0x32, 0x326D, 0x324D, 0x320D, 0x3200], [0x35, 0x352F, 0x353F, 0, 0x3500],
            [0x39, 0x3920, 0x3920, 0x3920, 0x3920], [0x3B, 0x3B00, 0x5400, 0x5E00, 0x6800],
            [0x44, 0x4400, 0x5D00, 0x6700, 0x7100], [0x57, 0x8500, 0x8700, 0x8900, 0x8B00],
            [0x4A, 0x4A2D, 0x4A2D, 0x8E00, 0x4A00], [0x47, 0x4700, 0x4737, 0x7700, 0],
            [0x4C, 0x4C00, 0x4C35, 0x8F00, 0], [0xE01C, 0xE00D, 0xE00D, 0xE00A, 0xA600],
            [0xE035, 0xE02F, 0xE02F, 0x9500, 0xA400], [0xE048, 0x48E0, 0x48E0, 0x8DE0, 0x9800],
            [0xE053, 0x53E0, 0x53E0, 0x93E0, 0xA300], [0xE04B, 0x4BE0, 0x4BE0, 0x73E0, 0x9B00],
        ])
    func translation(row: [UInt16]) {
        for (column, modifier) in [nil, UInt16(0x2A), 0x1D, 0x38].enumerated() {
            let machine = TestMachine()
            if let modifier { machine.press(modifier) }
            machine.type(row[0])
            // The digit under Alt is a character code in the making: take it away.
            machine.data.set(0x19, byte: 0)
            if let modifier { machine.release(modifier) }
            #expect(keys(machine) == (row[column + 1] == 0 ? [] : [row[column + 1]]), "column \(column)")
        }
    }

    @Test("the old calls hide new keys and rename grey ones")
    func oldCalls() {
        let machine = TestMachine()
        // F11, grey Up, keypad 5, keypad Enter, keypad /, a.
        machine.type(0x57, 0xE048, 0x4C, 0xE01C, 0xE035, 0x1E)
        #expect(keys(machine, function: 0x0000) == [0x4800, 0x1C0D, 0x352F, 0x1E61])
    }

    @Test("Caps Lock shifts letters only, Num Lock the keypad only, and both set the LEDs")
    func locks() {
        let machine = TestMachine()
        machine.type(0x3A, 0x1E, 0x02)
        #expect(machine.data.byte(0x17) == 0x40)
        #expect(machine.device.values(writtenTo: 0x60).first == 0xED)
        // The keyboard acknowledges the command, then the LEDs.
        machine.key(0xFA)
        #expect(machine.device.values(writtenTo: 0x60) == [0xED, 0x04])
        #expect(machine.data.byte(0x97) == 0x44)
        machine.key(0xFA)
        #expect(machine.data.byte(0x97) == 0x14)
        machine.type(0x45, 0x47)
        machine.press(0x2A)
        machine.type(0x47, 0x1E)
        machine.release(0x2A)
        machine.type(0x3A)
        #expect(machine.data.byte(0x17) == 0x20)
        #expect(keys(machine) == [0x1E41, 0x0231, 0x4737, 0x4700, 0x1E61])
    }

    @Test("a held lock key toggles once")
    func heldLock() {
        let machine = TestMachine()
        for _ in 0..<5 { machine.press(0x46) }
        #expect(machine.data.byte(0x17) == 0x10)
        #expect(machine.data.byte(0x18) == 0x10)
        machine.release(0x46)
        #expect(machine.data.byte(0x18) == 0)
    }

    @Test("Insert toggles its flag and is a key; with Shift it is the digit 0")
    func insert() {
        let machine = TestMachine()
        machine.type(0x52)
        #expect(machine.data.byte(0x17) == 0x80)
        machine.press(0x36)
        machine.type(0x52)
        machine.release(0x36)
        #expect(machine.data.byte(0x17) == 0x80)
        #expect(keys(machine) == [0x5200, 0x5230])
    }

    @Test("both Ctrl and both Alt keys are told apart")
    func sides() {
        let machine = TestMachine()
        machine.press(0xE01D)
        #expect(machine.data.byte(0x17) == 0x04)
        #expect(machine.data.byte(0x96) & 0x0C == 0x04)
        machine.press(0x38)
        machine.int(0x16, ax: 0x1200)
        #expect(machine.cpu.ax == 0x060C)
        machine.press(0x1D)
        machine.release(0xE01D)
        #expect(machine.data.byte(0x17) == 0x0C)
        machine.release(0x1D)
        #expect(machine.data.byte(0x17) == 0x08)
    }

    @Test("digits of the keypad with Alt make any character")
    func altDigits() {
        let machine = TestMachine()
        machine.press(0x38)
        machine.type(0x4F, 0x52, 0x51)
        machine.release(0x38)
        #expect(keys(machine, function: 0) == [0x0067])
        #expect(machine.data.byte(0x19) == 0)
    }

    @Test("Ctrl-Break empties the buffer and calls INT 1Bh before the interrupt ends, then leaves a zero")
    func ctrlBreak() {
        let machine = TestMachine()
        machine.type(0x1E)
        machine.press(0x1D)
        machine.key(0xE0)
        machine.device.clearLog()
        let outcome = machine.key(0x46)
        guard case .callInterrupt(0x1B, let back) = outcome else {
            Issue.record("\(outcome)")
            return
        }
        #expect(machine.device.values(writtenTo: 0x20).isEmpty)
        #expect(machine.data.byte(0x71) == 0x80)
        #expect(machine.data.word(0x1A) == machine.data.word(0x1C))
        #expect(machine.memory.readBytes(back, 4) == ServiceROM.trap(TrapNumber(service: 1, entry: 0xE5)))
        let next = machine.bios.handle(0xE5, in: machine.context)
        #expect(machine.device.values(writtenTo: 0x20) == [0x20])
        guard case .callInterrupt(0x15, _) = next else {
            Issue.record("\(next)")
            return
        }
        #expect(keys(machine) == [0x0000])
    }

    @Test("PrtSc calls INT 5, SysReq INT 15h AH=85h, a stored key INT 15h AX=9102h")
    func callOuts() {
        let machine = TestMachine()
        machine.key(0xE0)
        guard case .callInterrupt(0x05, _) = machine.key(0x37) else {
            Issue.record("no INT 5")
            return
        }
        guard case .callInterrupt(0x15, _) = machine.key(0x54) else {
            Issue.record("no INT 15h")
            return
        }
        #expect(machine.cpu.ax == 0x8500)
        #expect(machine.key(0x54) == .done)
        machine.key(0xD4)
        #expect(machine.cpu.ax == 0x8501)
        machine.key(0x1E)
        #expect(machine.cpu.ax == 0x9102)
    }

    @Test("Pause waits until a key, which is lost")
    func pause() {
        let machine = TestMachine()
        for code: UInt8 in [0xE1, 0x1D] { #expect(machine.key(code) == .done) }
        #expect(machine.key(0x45) == .resume)
        #expect(machine.data.byte(0x18) == 0x08)
        #expect(machine.bios.handle(0xE2, in: machine.context) == .wait)
        // The sequence of the key itself does not end it.
        for code: UInt8 in [0xE1, 0x9D, 0xC5] { machine.key(code) }
        #expect(machine.bios.handle(0xE2, in: machine.context) == .wait)
        machine.key(0x1E)
        #expect(machine.bios.handle(0xE2, in: machine.context) == .done)
        #expect(keys(machine).isEmpty)
    }

    @Test("Ctrl-Alt-Del goes to the reset vector with the warm start mark")
    func restart() {
        let machine = TestMachine()
        machine.press(0x1D)
        machine.press(0x38)
        #expect(machine.key(0x53) == .resume)
        #expect(machine.cpu.codePointer == FarPointer(0xFFFF, 0))
        #expect(machine.data.word(0x72) == 0x1234)
        #expect(machine.reports == [.restart])
    }

    @Test("a sixteenth key does not fit and rings")
    func full() {
        let machine = TestMachine()
        for _ in 0..<15 { machine.type(0x1E) }
        machine.device.clearLog()
        #expect(machine.key(0x1F) == .resume)
        #expect(machine.device.values(writtenTo: 0x61).last.map { $0 & 3 } == 3)
        #expect(keys(machine).count == 15)
    }

    @Test("a scan code that INT 15h AH=4Fh has kept is not translated")
    func intercepted() {
        let machine = TestMachine()
        #expect(machine.key(0x1E, isKept: true) == .done)
        #expect(machine.device.values(writtenTo: 0x20) == [0x20])
        #expect(keys(machine).isEmpty)
    }

    @Test("the PC's 83 keys: Shift-PrtSc, Ctrl-Num Lock, Ctrl-Scroll Lock, and no new words")
    func oldKeyboard() {
        let machine = TestMachine(BIOSConfiguration(machine: .pc, video: .cga))
        machine.type(0x1E, 0x57, 0x48)
        #expect(machine.data.byte(0x96) == 0)
        machine.press(0x38)
        machine.type(0x1C)
        machine.release(0x38)
        #expect(keys(machine, function: 0) == [0x1E61, 0x4800])
        machine.press(0x2A)
        guard case .callInterrupt(0x05, let back) = machine.key(0x37) else {
            Issue.record("no INT 5")
            return
        }
        // pop ax; iret
        #expect(machine.memory.readBytes(back, 2) == [0x58, 0xCF])
        machine.release(0x2A)
        machine.press(0x1D)
        #expect(machine.key(0x45) == .resume)
        machine.key(0x1E)
        guard case .callInterrupt(0x1B, _) = machine.key(0x46) else {
            Issue.record("no INT 1Bh")
            return
        }
    }

    @Test("random bytes from the keyboard port never upset the data area")
    func hostile() {
        let machine = TestMachine()
        var seed: UInt32 = 1
        for _ in 0..<20_000 {
            seed = seed &* 1_664_525 &+ 1_013_904_223
            let stack = machine.cpu.stackPointer
            machine.key(UInt8(truncatingIfNeeded: seed >> 24))
            machine.cpu.stackPointer = stack
        }
        let head = machine.data.word(0x1A)
        #expect((UInt16(0x1E)..<0x3E).contains(head))
    }
}
