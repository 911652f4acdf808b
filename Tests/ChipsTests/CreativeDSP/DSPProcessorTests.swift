import Chips
import Core
import TestSupport
import Testing

/// Group 0 of version 4 with an empty socket for the signal processor.
@Suite struct DSPProcessorTests {
    private func bench() -> DSPBench {
        let bench = DSPBench(.v405)
        bench.reset()
        return bench
    }

    private func receive(_ bench: DSPBench) -> [UInt8] {
        var bytes: [UInt8] = []
        while let byte = bench.receive() { bytes.append(byte) }
        return bytes
    }

    @Test("0Ah gives the lock count and, as it runs into 08h, a register; 06h and 07h count, not below 0")
    func lock() {
        let bench = bench()
        bench.send(0x0A)
        #expect(receive(bench) == [0x00, 0xFF])
        bench.send(0x06, 0x06, 0x0A)
        #expect(receive(bench) == [0x02, 0xFF])
        bench.send(0x07, 0x07, 0x07, 0x0A)
        #expect(receive(bench) == [0x00, 0xFF])
        bench.send(0x06, 0xF9, 0x2B)
        #expect(receive(bench) == [0x01])
        bench.reset()
        bench.send(0x0A)
        #expect(receive(bench) == [0x00, 0xFF])
    }

    @Test("01h takes a program, says that it does not run, and keeps its number for 09h")
    func upload() {
        let bench = bench()
        bench.send(0x09)
        #expect(receive(bench) == [0x00, 0x00])
        bench.send(0x01)
        #expect(receive(bench) == [0x00])
        // Six bytes, E1h among them, the sum and the number.
        bench.send(9, 0, 1, 2, 0xE1, 4, 5, 6, 0xF3)
        #expect(receive(bench) == [])
        bench.send(0x00)
        #expect(receive(bench) == [0xFF])
        bench.send(0x34, 0x12, 0x09)
        #expect(receive(bench) == [0x34, 0x12])
        // While there is a lock, none.
        bench.send(0x06, 0x01)
        #expect(receive(bench) == [])
        bench.send(0xE1)
        #expect(receive(bench) == [4, 5])
    }

    @Test("a length below four wraps to one of 64 KB; a reset breaks it off")
    func longUpload() {
        let bench = bench()
        bench.send(0x01)
        #expect(receive(bench) == [0x00])
        bench.send(2, 0)
        for _ in 0..<0xFFFF { bench.send(0xE1) }
        #expect(receive(bench) == [])
        bench.send(0, 0)
        #expect(receive(bench) == [0xFF])
        #expect(bench.reset() == 0xAA)
        bench.send(0xE1)
        #expect(receive(bench) == [4, 5])
    }

    @Test("0Bh and 0Ch wait for the processor until a reset, not busy before the next byte", arguments: [0x0B, 0x0C])
    func waiting(_ command: UInt8) {
        let bench = bench()
        bench.send(command, 3)
        bench.run(.milliseconds(1) + Tick(1))
        #expect(bench.read(0xC) == 0x7F)
        bench.write(0xC, 0xF2)
        bench.run(.milliseconds(1))
        #expect(bench.read(0xC) == 0xFF)
        #expect(!bench.narrow.isAsserted)
        #expect(bench.reset() == 0xAA)
        bench.send(0xF2)
        #expect(bench.narrow.isAsserted)
    }
}
