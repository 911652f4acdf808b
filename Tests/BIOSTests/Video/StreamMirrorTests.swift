import BIOS
import Core
import Testing
import X86

@Suite struct StreamMirrorTests {
    @Test("teletype output goes to standard output byte by byte, long lines included")
    func teletype() {
        let machine = TestMachine(withStreams: true)
        let text = "one\r\ntwo\r\n" + String(repeating: "x", count: 200) + "\r\n" + String(repeating: "\n", count: 40)
        machine.print(text)
        #expect(machine.sink.text == text)
    }

    @Test("without attached streams nothing is written to them")
    func detached() {
        let machine = TestMachine()
        machine.print("screen only")
        #expect(machine.sink.bytes.isEmpty)
    }

    @Test("text placed by cursor movement becomes lines")
    func placed() {
        let machine = TestMachine(withStreams: true)
        for (row, column, character) in [(2, 4, 0x41), (2, 5, 0x42), (2, 9, 0x43), (3, 0, 0x44), (1, 1, 0x45)] {
            machine.cpu.bx = 7
            machine.cpu.dx = UInt16(row << 8 | column)
            machine.int(0x10, ax: 0x0200)
            machine.cpu.cx = 1
            machine.int(0x10, ax: 0x0900 | UInt16(character))
        }
        #expect(machine.sink.text == "    AB   C\r\nD\r\n E")
    }

    @Test("clearing with blanks writes nothing")
    func blanks() {
        let machine = TestMachine(withStreams: true)
        (machine.cpu.bx, machine.cpu.cx) = (7, 2_000)
        machine.int(0x10, ax: 0x0920)
        #expect(machine.sink.bytes.isEmpty)
    }

    @Test("the BIOS offers teletype output to DOS")
    func protocolAccess() {
        let machine = TestMachine(withStreams: true)
        for byte in "dos".utf8 { machine.bios.teletype(byte, in: machine.context) }
        #expect(machine.sink.text == "dos")
        #expect(machine.line(0) == "dos")
    }
}
