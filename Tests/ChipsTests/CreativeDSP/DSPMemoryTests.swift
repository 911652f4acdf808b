import Chips
import Core
import TestSupport
import Testing

/// What version 4 shows of its RAM, and the reset that keeps it.
@Suite struct DSPMemoryTests {
    private func bench() -> DSPBench {
        let bench = DSPBench(.v405)
        bench.reset()
        return bench
    }

    private func ram(_ bench: DSPBench, _ address: UInt8) -> UInt8? {
        bench.send(0xF9, address)
        return bench.receive()
    }

    private func status(_ bench: DSPBench) -> [UInt8?] {
        bench.send(0xFB)
        let status = bench.receive()
        bench.send(0xFC)
        return [status, bench.receive()]
    }

    @Test("FBh: starts, speaker, timer and rate; FCh: queued blocks and automatic modes")
    func flags() {
        let bench = bench()
        #expect(status(bench) == [0, 0])
        bench.send(0xD1)
        #expect(status(bench) == [0x10, 0])
        bench.send(0x41, 0x56, 0x22)
        #expect(status(bench) == [0x90, 0])
        bench.send(0x41, 0xAC, 0x44)
        #expect(status(bench) == [0x10, 0])
        bench.send(0xC6, 0x00, 0x63, 0x00)
        #expect(status(bench) == [0x11, 0x04])
        bench.send(0xBE, 0x10, 0x63, 0x00)
        #expect(status(bench) == [0x19, 0x14])
        bench.send(0x14, 0x01, 0x00)
        #expect(status(bench) == [0x19, 0x16])
        bench.run(.milliseconds(20))
        #expect(status(bench) == [0x18, 0x10])
        bench.send(0xB8, 0x10, 0x01, 0x00)
        #expect(status(bench) == [0x18, 0x08])
        bench.run(.milliseconds(20))
        #expect(status(bench) == [0x10, 0])
        bench.send(0xB0, 0x10, 0x63, 0x00, 0x24, 0x63, 0x00)
        #expect(status(bench) == [0x16, 0])
        bench.send(0xD3, 0xD9, 0xDA)
        #expect(status(bench) == [0x06, 0])
    }

    @Test("F9h and FAh: what is kept where")
    func places() {
        let bench = bench()
        bench.send(0x48, 0x34, 0x12, 0xE4, 0x5E)
        #expect([ram(bench, 0x0E), ram(bench, 0x0F), ram(bench, 0x2A)] == [0x34, 0x12, 0x5E])
        #expect([ram(bench, 0x25), ram(bench, 0x26), ram(bench, 0x20), ram(bench, 0x30)] == [0xAA, 0x96, 0xF9, 0xF9])
        bench.send(0xC0, 0x30, 0x01, 0x00, 0xB0, 0x10, 0x02, 0x00)
        #expect([ram(bench, 0x2C), ram(bench, 0x2D)] == [0x30, 0x10])
        #expect([ram(bench, 0x0C), ram(bench, 0x0D), ram(bench, 0x0E), ram(bench, 0x0F)] == [2, 0, 1, 0])
        bench.send(0x75, 0x01, 0x00)
        #expect(ram(bench, 0x0B) == 4)
        bench.run(.milliseconds(5))
        bench.send(0xFA, 0x2A, 0x77, 0xE8)
        #expect(bench.receive() == 0x77)
        bench.send(0xFA, 0x23, 0x10, 0xD8)
        #expect(bench.receive() == 0xFF)
        bench.send(0xFA, 0x0E, 0x03, 0xFA, 0x0F, 0x00, 0xFA, 0x37, 0xF8, 0x91)
        let count = bench.reads.count
        bench.run(.milliseconds(5))
        #expect(bench.reads.count == count + 4)
        bench.send(0xFA, 0x0C, 0x78, 0xFA, 0x0D, 0x56, 0xFA, 0x25, 0x01, 0xFA, 0x26, 0x02)
        #expect([ram(bench, 0x0C), ram(bench, 0x0D), ram(bench, 0x25), ram(bench, 0x26)] == [0x78, 0x56, 1, 2])
    }

    @Test("4Ch puts its second byte into the mailbox; 4Dh reads one of four bytes of RAM")
    func storage() {
        let bench = bench()
        bench.send(0x4C, 0x01, 0x55)
        #expect(bench.receive() == 0x55)
        bench.send(0x4D, 0x01)
        #expect(bench.receive() == 0x00)
        bench.send(0xFA, 0x1D, 0x42, 0x4D, 0xFE)
        #expect(bench.receive() == 0x42)
    }

    @Test("F8h does not wait until the mailbox is empty")
    func mailbox() {
        let bench = bench()
        bench.send(0xE0, 0x0F, 0xF8)
        #expect([bench.receive(), bench.receive()] == [0x00, nil])
    }

    @Test("4Fh starts the repeating timer with two bytes and stops it with none")
    func timer() {
        let bench = bench()
        bench.send(0x4F, 0xF2, 0xF2, 0xFB)
        #expect(bench.receive() == 0x40)
        bench.send(0x4F, 0xFB)
        #expect(bench.receive() == 0x00)
        bench.send(0x4F, 0xF2, 0xF2, 0x4E, 0xF2, 0xF2, 0xFB)
        #expect(bench.receive() == 0x00)
        #expect(!bench.narrow.isAsserted)
    }

    @Test("a reset after a high-speed command or in a UART mode keeps what was set, the next one does not")
    func warmReset() {
        for (command, status) in [(0x90, 0x91), (0x98, 0x92), (0x34, 0x90), (0x37, 0x90)] as [(UInt8, UInt8)] {
            let bench = bench()
            bench.send(0xD1, 0x41, 0x56, 0x22, 0x48, 0x07, 0x00, command)
            #expect(bench.reset() == 0xAA)
            #expect([ram(bench, 0x0E), ram(bench, 0x37), ram(bench, 0x23)] == [0x07, 124, status], "\(command)")
            bench.send(0xD8)
            #expect(bench.receive() == 0xFF)
            #expect(bench.reset() == 0xAA)
            #expect([ram(bench, 0x0E), ram(bench, 0x0F), ram(bench, 0x37), ram(bench, 0x23)] == [0xFF, 0x07, 0x38, 0])
        }
        // The end of a single block and of the other MIDI modes takes the mark away.
        for bytes in [[0x91], [0x30, 0x30]] as [[UInt8]] {
            let bench = bench()
            bench.send(0x48, 0x07, 0x00, 0x91)
            bench.run(.milliseconds(5))
            for byte in bytes { bench.send(byte) }
            bench.run(.milliseconds(5))
            bench.reset()
            #expect(ram(bench, 0x0E) == 0xFF)
        }
    }
}
