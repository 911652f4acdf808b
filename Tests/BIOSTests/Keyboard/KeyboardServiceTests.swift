import BIOS
import Core
import Testing
import TestSupport
import X86

@Suite struct KeyboardServiceTests {
    @Test("a read waits, and takes the key when it comes")
    func read() {
        let machine = TestMachine()
        #expect(machine.int(0x16, ax: 0x0000).outcome == .wait)
        machine.data.set(0x1E, word: 0x1E61)
        machine.data.set(0x1C, word: 0x20)
        #expect(machine.again().outcome == .done)
        #expect(machine.cpu.ax == 0x1E61)
        #expect(machine.data.word(0x1A) == 0x20)
    }

    @Test("a look at an empty buffer sets ZF and counts as an idle poll")
    func look() {
        let machine = TestMachine()
        #expect(machine.int(0x16, ax: 0x0100).zero)
        #expect(machine.context.poll == .idle)
        machine.context.poll = .none
        machine.cpu.cx = 0x3B00
        machine.int(0x16, ax: 0x0500)
        #expect(machine.cpu.al == 0)
        #expect(!machine.int(0x16, ax: 0x0100).zero)
        #expect(machine.context.poll == .none)
        #expect(machine.cpu.ax == 0x3B00)
    }

    @Test("AH=05h fills the buffer with 15 keys")
    func store() {
        let machine = TestMachine()
        for count in 1...17 {
            machine.cpu.cx = UInt16(count)
            machine.int(0x16, ax: 0x0500)
            #expect(machine.cpu.al == (count <= 15 ? 0 : 1))
        }
        for count in 1...15 {
            machine.int(0x16, ax: 0x1000)
            #expect(machine.cpu.ax == UInt16(count))
        }
    }

    @Test("the repeat rate goes to the keyboard as F3h and a byte")
    func repeatRate() {
        let machine = TestMachine()
        machine.cpu.bx = 0x020A
        machine.int(0x16, ax: 0x0305)
        machine.key(0xFE)
        machine.key(0xFA)
        machine.key(0xFA)
        #expect(machine.device.values(writtenTo: 0x60) == [0xF3, 0xF3, 0x4A])
    }

    @Test("KEYB's question shows AH=10h and not AH=20h")
    func capabilities() {
        let machine = TestMachine()
        machine.int(0x16, ax: 0x9200)
        #expect(machine.cpu.ah == 0x80)
        machine.int(0x16, ax: 0xA200)
        #expect(machine.cpu.ah == 0xA2)
    }

    @Test("bytes of standard input are keys with scan codes; CR LF is one Enter")
    func streams() {
        let machine = TestMachine(withStreams: true)
        machine.streams.supply(Array("aZ \r\n1".utf8) + [0x81])
        var keys: [UInt16] = []
        for _ in 0..<6 {
            #expect(!machine.int(0x16, ax: 0x1100).zero)
            machine.int(0x16, ax: 0x0000)
            keys.append(machine.cpu.ax)
        }
        #expect(keys == [0x1E61, 0x2C5A, 0x3920, 0x1C0D, 0x0231, 0x0081])
        #expect(machine.int(0x16, ax: 0x0000).outcome == .hostInput)
    }

    @Test("keys of the keyboard come before standard input")
    func order() {
        let machine = TestMachine(withStreams: true)
        machine.streams.supply([0x61])
        machine.type(0x30)
        machine.int(0x16, ax: 0x0000)
        #expect(machine.cpu.ax == 0x3062)
        machine.int(0x16, ax: 0x0000)
        #expect(machine.cpu.ax == 0x1E61)
    }

    @Test("polling standard input stops time until a byte or the end is there")
    func polling() {
        let machine = TestMachine(withStreams: true)
        #expect(machine.int(0x16, ax: 0x0100).outcome == .hostInput)
        machine.streams.end()
        let result = machine.again()
        #expect(result.outcome == .done)
        #expect(result.zero)
        #expect(machine.reports == [.inputEnded(isWaiting: false)])
    }

    @Test("a wait at the end of standard input ends the machine, unless a script plays the keyboard")
    func ended() {
        let machine = TestMachine(withStreams: true)
        machine.streams.end()
        #expect(machine.int(0x16, ax: 0x0000).outcome == .exit(1))
        #expect(machine.reports == [.inputEnded(isWaiting: true)])
        machine.bios.endOfInputPolicy = .wait
        #expect(machine.again().outcome == .wait)
    }

    @Test("the state survives a round trip")
    func state() {
        let machine = TestMachine(withStreams: true)
        machine.streams.supply([0x0D])
        machine.int(0x16, ax: 0x0000)
        machine.press(0x3A)
        let saved = savedState(machine.bios)
        let other = TestMachine()
        #expect(restore(other.bios, from: saved) == nil)
        #expect(savedState(other.bios) == saved)
        // The LF behind the CR is still skipped, the LEDs are still being sent.
        other.streams.attach(other.sink)
        other.streams.supply([0x0A, 0x62])
        other.int(0x16, ax: 0x0000)
        #expect(other.cpu.ax == 0x3062)
        other.device.clearLog()
        other.key(0xFA)
        #expect(other.device.values(writtenTo: 0x60) == [0x04])
        #expect(restore(other.bios, from: Array(saved.dropLast())) != nil)
    }
}
