import BIOS
import Core
import Testing
import X86

@Suite struct SystemServiceTests {
    private func machine(extended: Int = 1_024) -> TestMachine {
        TestMachine(BIOSConfiguration(extendedKilobytes: extended))
    }

    @Test("an unknown function is reported once, wherever it is called from")
    func unknownFunctions() {
        let machine = machine()
        machine.int(0x16, ax: 0x5500)
        machine.int(0x16, ax: 0x5501)
        machine.int(0x10, ax: 0xFA00)
        #expect(machine.reports.count == 2)
    }

    @Test("AH=88h tells the extended memory")
    func size() {
        let machine = machine(extended: 3_072)
        #expect(!machine.int(0x15, ax: 0x8800).carry)
        #expect(machine.cpu.ax == 3_072)
    }

    /// Descriptors for AH=87h at 3000:0000.
    private func setDescriptors(_ machine: TestMachine, source: UInt32, target: UInt32, limit: UInt16 = 0xFFFF) {
        for (entry, base) in [(UInt16(0x10), source), (0x18, target)] {
            let place = FarPointer(0x3000, entry)
            machine.memory.write16(place, limit)
            machine.memory.write16(place + 2, UInt16(truncatingIfNeeded: base))
            machine.memory.write16(place + 4, UInt16(truncatingIfNeeded: base >> 16) & 0xFF | 0x9300)
        }
        (machine.cpu.es, machine.cpu.si) = (0x3000, 0)
    }

    @Test("AH=87h moves blocks to extended memory and back, and knows its end")
    func blockMove() {
        let machine = machine()
        machine.memory.writeBytes(FarPointer(0x2000, 0), (0..<256).map { UInt8($0) })
        setDescriptors(machine, source: 0x2_0000, target: 0x11_0100)
        machine.cpu.cx = 128
        let result = machine.int(0x15, ax: 0x8700)
        #expect(!result.carry && result.zero)
        #expect(machine.cpu.ah == 0)
        #expect(machine.memory.physical[0x11_01FF] == 0xFF)
        setDescriptors(machine, source: 0x11_0180, target: 0x4_0000)
        machine.cpu.cx = 4
        machine.int(0x15, ax: 0x8700)
        #expect(machine.memory.readBytes(FarPointer(0x4000, 0), 8) == [128, 129, 130, 131, 132, 133, 134, 135])
        // Behind the memory there is nothing.
        setDescriptors(machine, source: 0xFF_FFF8, target: 0x5_0000)
        machine.int(0x15, ax: 0x8700)
        #expect(machine.memory.readBytes(FarPointer(0x5000, 0), 8) == [UInt8](repeating: 0xFF, count: 8))
        setDescriptors(machine, source: 0x5_0000, target: 0xF0_0000)
        #expect(!machine.int(0x15, ax: 0x8700).carry)
        // A segment that is too small.
        setDescriptors(machine, source: 0x2_0000, target: 0x11_0000, limit: 6)
        #expect(machine.int(0x15, ax: 0x8700).carry)
        #expect(machine.cpu.ah == 0x02)
    }

    @Test("AH=84h reads the switches of a game port; without one all is zero")
    func joystick() {
        let machine = machine()
        machine.cpu.dx = 0
        #expect(!machine.int(0x15, ax: 0x8400).carry)
        #expect(machine.cpu.ax == 0)
        (machine.cpu.bx, machine.cpu.cx, machine.cpu.dx) = (5, 5, 1)
        #expect(!machine.int(0x15, ax: 0x8400).carry)
        #expect([machine.cpu.ax, machine.cpu.bx, machine.cpu.cx, machine.cpu.dx] == [0, 0, 0, 0])
        let port = TestPorts()
        port.values[0x201] = 0xB5
        machine.ports.attach(port, at: 0x201...0x201)
        #expect(!machine.int(0x15, ax: 0x8400).carry)
        #expect(machine.cpu.ax == 0x00B0)
        machine.cpu.dx = 2
        #expect(machine.int(0x15, ax: 0x8400).carry)
        #expect(machine.cpu.ah == 0x86)
    }

    @Test(
        "the BIOS of a PC and an XT tells of a game port in the equipment word, an AT's does not look",
        arguments: MachineKind.allCases)
    func equipment(kind: MachineKind) {
        var configuration = BIOSConfiguration(machine: kind)
        #expect(TestMachine(configuration).data.word(0x10) & 0x1000 == 0)
        configuration.hasGamePort = true
        #expect(TestMachine(configuration).data.word(0x10) & 0x1000 == (kind == .at ? 0 : 0x1000))
    }

    @Test("AH=86h waits for the clock's interrupt and gives back its wait flag")
    func wait() {
        let machine = machine()
        (machine.cpu.cx, machine.cpu.dx) = (0x0001, 0x0002)
        #expect(machine.int(0x15, ax: 0x8600).outcome == .wait)
        #expect(machine.data.word(0x9E) == 1)
        #expect(machine.data.word(0x9C) == 2)
        #expect(machine.device.register(0x70, 0x0B) == 0x42)
        #expect(machine.device.values[0xA1].map { $0 & 1 } == 0)
        // Another wait is refused meanwhile; the stack of the first one stays.
        let (stack, trap) = (machine.cpu.stackPointer, machine.context.trapAddress)
        #expect(machine.int(0x15, ax: 0x8600).carry)
        #expect(machine.cpu.ah == 0x83)
        #expect(machine.cpu.stackPointer == stack)
        machine.data.set(0xA0, byte: 0x80)
        machine.context.begin(trapAt: trap)
        let result = machine.again()
        #expect(result.outcome == .done && !result.carry)
        #expect(machine.data.byte(0xA0) == 0)
    }

    @Test("AH=83h registers a flag and AL=01h forgets it")
    func eventWait() {
        let machine = machine()
        (machine.cpu.es, machine.cpu.bx, machine.cpu.cx, machine.cpu.dx) = (0x3000, 0x20, 0, 5_000)
        #expect(!machine.int(0x15, ax: 0x8300).carry)
        #expect(machine.data.word(0x98) == 0x20)
        #expect(machine.data.word(0x9A) == 0x3000)
        #expect(machine.int(0x15, ax: 0x8300).carry)
        #expect(!machine.int(0x15, ax: 0x8301).carry)
        #expect(machine.device.register(0x70, 0x0B) == 0x02)
        #expect(!machine.int(0x15, ax: 0x8300).carry)
    }

    @Test("AH=C0h points to the configuration table of an AT")
    func configurationTable() {
        let machine = machine()
        #expect(!machine.int(0x15, ax: 0xC000).carry)
        let table = machine.memory.readBytes(FarPointer(machine.cpu.es, machine.cpu.bx), 10)
        #expect(table == [0x08, 0x00, 0xFC, 0x01, 0x00, 0x70, 0, 0, 0, 0])
    }

    @Test("hooks of multitasking systems succeed; what is missing fails with 86h")
    func others() {
        let machine = machine()
        for function: UInt16 in [0x8000, 0x8100, 0x8200, 0x8500, 0x9002, 0x9102] {
            #expect(!machine.int(0x15, ax: function).carry)
            #expect(machine.cpu.ah == 0)
        }
        for function: UInt16 in [0x0000, 0x4900, 0x8900, 0xC100, 0xC200, 0xD800, 0xE801] {
            #expect(machine.int(0x15, ax: function).carry)
            #expect(machine.cpu.ah == 0x86)
        }
        #expect(machine.int(0x15, ax: 0x4F1E).carry)
        #expect(machine.cpu.ax == 0x4F1E)
        machine.cpu.dx = 1
        #expect(!machine.int(0x15, ax: 0x8400).carry)
        #expect(machine.cpu.bx == 0)
    }

    @Test("AH=24h drives A20 through the 8042")
    func addressLine() {
        let machine = machine()
        machine.int(0x15, ax: 0x2401)
        #expect(machine.device.values(writtenTo: 0x60) == [0xDF])
        machine.memory.setA20(true)
        machine.int(0x15, ax: 0x2402)
        #expect(machine.cpu.ax == 0x0001)
        machine.int(0x15, ax: 0x2400)
        #expect(machine.device.values(writtenTo: 0x60) == [0xDF, 0xDD])
    }

    @Test("the PC and the XT have none of this", arguments: [(MachineKind.pc, UInt8(0x80)), (.xt, 0x86)])
    func oldMachines(kind: MachineKind, status: UInt8) {
        let machine = TestMachine(BIOSConfiguration(machine: kind, video: .cga))
        for function: UInt16 in [0x8800, 0x8600, 0xC000] {
            #expect(machine.int(0x15, ax: function).carry)
            #expect(machine.cpu.ah == status)
        }
    }
}
