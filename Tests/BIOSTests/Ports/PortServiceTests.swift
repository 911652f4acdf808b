import BIOS
import Core
import Testing
import X86

@Suite struct PortServiceTests {
    private final class Paper: PrinterSink {
        var bytes: [UInt8] = []
        func printByte(_ byte: UInt8, port: Int) { bytes.append(byte) }
    }

    @Test("without a printer INT 17h times out; with a sink it prints")
    func printer() {
        let machine = TestMachine()
        machine.cpu.dx = 0
        machine.int(0x17, ax: 0x0041)
        #expect(machine.cpu.ah & 0x01 != 0)
        let paper = Paper()
        machine.bios.printer = paper
        machine.int(0x17, ax: 0x0041)
        #expect(machine.cpu.ah == 0x90)
        machine.int(0x17, ax: 0x0200)
        #expect(machine.cpu.ah == 0x90)
        #expect(paper.bytes == [0x41])
        // LPT2 does not exist.
        machine.cpu.dx = 1
        machine.int(0x17, ax: 0x0042)
        #expect(machine.cpu.ax == 0x0042)
        #expect(paper.bytes == [0x41])
    }

    @Test("a serial port that is not there times out")
    func noSerialPort() {
        let machine = TestMachine()
        machine.cpu.dx = 0
        for function: UInt16 in [0x0141, 0x0200, 0x0300] {
            machine.int(0x14, ax: function)
            #expect(machine.cpu.ah == 0x80)
        }
    }

    @Test("a serial port is set up, sends when it is ready, and gives up after a second")
    func serialPort() {
        var configuration = BIOSConfiguration()
        configuration.serialPorts = [0x100]
        let machine = TestMachine(configuration)
        machine.cpu.dx = 0
        machine.device.values[0x105] = 0x60
        machine.device.values[0x106] = 0x30
        // 9,600 baud, 8 data bits.
        machine.int(0x14, ax: 0x00E3)
        #expect(machine.device.values(writtenTo: 0x103) == [0x80, 0x03])
        #expect(machine.device.values(writtenTo: 0x100) == [12])
        #expect(machine.cpu.ax == 0x6030)
        machine.int(0x14, ax: 0x0141)
        #expect(machine.device.values(writtenTo: 0x100).last == 0x41)
        #expect(machine.cpu.ah == 0x60)
        machine.device.values[0x106] = 0
        #expect(machine.int(0x14, ax: 0x0142).outcome == .wait)
        machine.clock.now += .seconds(1)
        #expect(machine.again().outcome == .done)
        #expect(machine.cpu.ah == 0xE0)
    }
}
