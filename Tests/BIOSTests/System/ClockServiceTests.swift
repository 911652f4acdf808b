import BIOS
import Core
import Testing
import X86

@Suite struct ClockServiceTests {
    @Test("power-on takes the ticks from the clock")
    func powerOn() {
        let machine = TestMachine()
        machine.int(0x1A, ax: 0x0000)
        // 12:34:56 is 45,296 s.
        let ticks = 45_296 * 1_193_182 / 65_536
        #expect(Int(machine.cpu.cx) << 16 | Int(machine.cpu.dx) == ticks)
        #expect(machine.cpu.al == 0)
    }

    @Test("ticks can be set, and reading them clears the midnight flag")
    func ticks() {
        let machine = TestMachine()
        (machine.cpu.cx, machine.cpu.dx) = (0x0012, 0x3456)
        machine.int(0x1A, ax: 0x0100)
        machine.data.set(0x70, byte: 1)
        machine.int(0x1A, ax: 0x0000)
        #expect((machine.cpu.cx, machine.cpu.dx, machine.cpu.al) == (0x0012, 0x3456, 1))
        machine.int(0x1A, ax: 0x0000)
        #expect(machine.cpu.al == 0)
    }

    @Test("time and date are read and set in BCD")
    func timeAndDate() {
        let machine = TestMachine()
        (machine.cpu.cx, machine.cpu.dx) = (0x2359, 0x5800)
        #expect(!machine.int(0x1A, ax: 0x0300).carry)
        (machine.cpu.cx, machine.cpu.dx) = (0, 0)
        #expect(!machine.int(0x1A, ax: 0x0200).carry)
        #expect((machine.cpu.cx, machine.cpu.dx) == (0x2359, 0x5800))
        (machine.cpu.cx, machine.cpu.dx) = (0x1990, 0x0102)
        #expect(!machine.int(0x1A, ax: 0x0500).carry)
        (machine.cpu.cx, machine.cpu.dx) = (0, 0)
        #expect(!machine.int(0x1A, ax: 0x0400).carry)
        #expect((machine.cpu.cx, machine.cpu.dx) == (0x1990, 0x0102))
    }

    @Test("a call during an update waits for its end; a clock that never ends fails")
    func update() {
        let machine = TestMachine()
        machine.device.updatingReads = 7
        let start = machine.clock.now
        #expect(!machine.int(0x1A, ax: 0x0200).carry)
        #expect(machine.cpu.ch == 0x12)
        #expect(machine.clock.now > start)
        machine.device.updatingReads = .max
        #expect(machine.int(0x1A, ax: 0x0200).carry)
    }

    @Test("an alarm is set once, until it is taken back")
    func alarm() {
        let machine = TestMachine()
        (machine.cpu.cx, machine.cpu.dx) = (0x0730, 0x1500)
        #expect(!machine.int(0x1A, ax: 0x0600).carry)
        #expect(machine.device.register(0x70, 0x05) == 0x07)
        #expect(machine.device.register(0x70, 0x0B) == 0x22)
        #expect(machine.int(0x1A, ax: 0x0600).carry)
        #expect(!machine.int(0x1A, ax: 0x0700).carry)
        #expect(machine.device.register(0x70, 0x0B) == 0x02)
    }

    @Test("a machine without a clock leaves the registers alone")
    func noClock() {
        let machine = TestMachine(BIOSConfiguration(machine: .xt, video: .cga))
        machine.cpu.cx = 0x7777
        machine.int(0x1A, ax: 0x0200)
        #expect(machine.cpu.ax == 0x0200)
        #expect(machine.cpu.cx == 0x7777)
    }
}
