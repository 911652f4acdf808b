import Chips
import Core
import TestSupport
import Testing

@Suite struct DSPMIDITests {
    @Test("38h sends a byte, 320 us after the last at the earliest", arguments: CreativeDSP.Version.allCases)
    func output(_ version: CreativeDSP.Version) {
        let bench = DSPBench(version)
        bench.reset()
        bench.send(0x38, 0x90, 0x38, 0x40, 0x38, 0x7F)
        bench.run(.milliseconds(2))
        #expect(bench.midi.map(\.value) == [0x90, 0x40, 0x7F])
        let times = bench.midi.map(\.time)
        #expect(zip(times, times.dropFirst()).allSatisfy { $1 - $0 == .microseconds(320) })
    }

    @Test("UART mode sends all bytes until a reset, which keeps the rate and the speaker")
    func uart() {
        let bench = DSPBench(.v201)
        bench.reset()
        bench.send(0xD1)
        bench.run(.milliseconds(14))
        bench.send(0x34, 0xE1, 0xF2)
        bench.run(.milliseconds(1))
        #expect(bench.midi.map(\.value) == [0xE1, 0xF2])
        #expect(!bench.narrow.isAsserted)
        #expect(bench.reset() == 0xAA)
        bench.send(0xD8)
        #expect(bench.receive() == 0xFF)
    }

    @Test("input by interrupts, with time stamps in milliseconds")
    func input() {
        let bench = DSPBench(.v201)
        bench.reset()
        bench.dsp.receiveMIDI(0x01, at: bench.now)
        #expect(bench.receive() == nil)
        bench.send(0x33)
        bench.run(.milliseconds(300))
        bench.dsp.receiveMIDI(0x90, at: bench.now)
        #expect(bench.interrupts().count == 1)
        #expect((0..<4).map { _ in bench.read(0xA) } == [0x2C, 0x01, 0x00, 0x90])
        // A byte ends the mode and is no command.
        bench.send(0xE1)
        #expect(bench.receive() == nil)
        bench.send(0xE1)
        #expect(bench.receive() == 2)
    }

    @Test("64 bytes wait at most")
    func overflow() {
        let bench = DSPBench(.v405)
        bench.reset()
        bench.send(0x30)
        for byte in 0..<200 { bench.dsp.receiveMIDI(UInt8(byte), at: bench.now) }
        var received: [UInt8] = []
        while let byte = bench.receive() { received.append(byte) }
        #expect(received == Array(0..<64))
    }

    @Test(
        "input that waits behind the mailbox is lost with the end of the mode", arguments: CreativeDSP.Version.allCases)
    func lostInput(_ version: CreativeDSP.Version) {
        let bench = DSPBench(version)
        bench.reset()
        bench.send(0x30)
        for byte in 1...3 { bench.dsp.receiveMIDI(UInt8(byte), at: bench.now) }
        bench.send(0x00)
        #expect([bench.receive(), bench.receive()] == [1, nil])
    }
}
