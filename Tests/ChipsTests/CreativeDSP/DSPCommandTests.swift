import Chips
import Core
import TestSupport
import Testing

@Suite struct DSPCommandTests {
    @Test("a reset answers AAh after 100 us, not before", arguments: CreativeDSP.Version.allCases)
    func reset(_ version: CreativeDSP.Version) {
        let bench = DSPBench(version)
        bench.write(6, 1)
        #expect(bench.read(0xC) & 0x80 != 0)
        bench.run(.microseconds(3))
        bench.write(6, 0)
        bench.run(to: .microseconds(103) - Tick(1))
        #expect(bench.read(0xE) & 0x80 == 0)
        bench.run(to: .microseconds(103))
        #expect(bench.read(0xE) & 0x80 != 0)
        #expect(bench.read(0xA) == 0xAA)
        #expect(bench.read(0xE) & 0x80 == 0)
        // The byte stays in the mailbox.
        #expect(bench.read(0xA) == 0xAA)
    }

    @Test("E1h gives the version", arguments: CreativeDSP.Version.allCases)
    func version(_ version: CreativeDSP.Version) {
        let bench = DSPBench(version)
        bench.reset()
        bench.send(0xE1)
        #expect([bench.receive(), bench.receive(), bench.receive()] == [version.major, version.minor, nil])
    }

    @Test("E0h inverts, E4h and E8h keep a byte from version 2.00 on", arguments: CreativeDSP.Version.allCases)
    func identification(_ version: CreativeDSP.Version) {
        let bench = DSPBench(version)
        bench.reset()
        if version == .v105 {
            // Its argument is a command, of a group that is not there.
            bench.send(0xE0, 0xAA)
            #expect(bench.receive() == nil)
            return
        }
        bench.send(0xE0, 0xC6)
        #expect(bench.receive() == 0x39)
        bench.send(0xE4, 0x5E, 0xE8)
        #expect(bench.receive() == 0x5E)
        // The byte survives a reset.
        bench.reset()
        bench.send(0xE8)
        #expect(bench.receive() == 0x5E)
    }

    @Test("the copyright string is in version 4 only", arguments: CreativeDSP.Version.allCases)
    func copyright(_ version: CreativeDSP.Version) {
        let bench = DSPBench(version)
        bench.reset()
        bench.send(0xE3)
        if version == .v405 {
            var text = ""
            while let byte = bench.receive(), byte != 0 { text += String(UnicodeScalar(byte)) }
            #expect(text == "COPYRIGHT (C) CREATIVE TECHNOLOGY LTD, 1992.")
            #expect(bench.receive() == nil)
        }
    }

    @Test("E2h sends bytes by DMA that depend on all before", arguments: [CreativeDSP.Version.v200, .v302, .v405])
    func dmaIdentification(_ version: CreativeDSP.Version) {
        let bench = DSPBench(version)
        bench.reset()
        // Keys 96h, A5h, 69h, 5Ah: AAh + (00h ^ 96h) = 40h, + (FFh ^ A5h) = 9Ah, + (01h ^ 69h) = 02h, + 5Ah = 5Ch.
        bench.send(0xE2, 0x00, 0xE2, 0xFF, 0xE2, 0x01, 0xE2, 0x00)
        #expect(bench.writes.map(\.value) == [0x40, 0x9A, 0x02, 0x5C])
        #expect(bench.read(0xE) & 0x80 == 0)
        bench.reset()
        bench.send(0xE2, 0x00)
        #expect(bench.writes.last?.value == 0x40)
    }

    @Test("E2h waits for a channel, or to be read")
    func dmaIdentificationWaits() {
        let bench = DSPBench(.v405)
        bench.reset()
        bench.isChannelEnabled = false
        bench.send(0xE2, 0x00)
        #expect(bench.isRequested)
        bench.run(.milliseconds(5))
        #expect(bench.writes.isEmpty)
        bench.isChannelEnabled = true
        bench.run(.milliseconds(1))
        #expect(bench.writes.map(\.value) == [0x40])
        #expect(!bench.isRequested)
        bench.isChannelEnabled = false
        bench.send(0xE2, 0xFF)
        #expect(bench.read(0xA) == 0x9A)
        #expect(!bench.isRequested)
        bench.send(0xE1)
        #expect(bench.receive() == 4)
    }

    @Test("F2h raises the interrupt, 2xEh takes it back; F3h and 2xFh likewise in version 4")
    func interruptRequest() {
        for version in CreativeDSP.Version.allCases {
            let bench = DSPBench(version)
            bench.reset()
            bench.send(0xF2)
            #expect(bench.narrow.isAsserted && !bench.wide.isAsserted)
            _ = bench.read(0xF)
            #expect(bench.narrow.isAsserted)
            _ = bench.read(0xE)
            #expect(!bench.narrow.isAsserted)
            guard version == .v405 else { continue }
            bench.send(0xF3)
            _ = bench.read(0xE)
            #expect(bench.wide.isAsserted && !bench.narrow.isAsserted)
            _ = bench.read(0xF)
            #expect(!bench.wide.isAsserted)
        }
    }

    @Test("a second answer waits until the first is read, and so do commands")
    func fullMailbox() {
        let bench = DSPBench(.v201)
        bench.reset()
        bench.send(0xE1)
        bench.run(.milliseconds(1))
        #expect(bench.read(0xC) & 0x80 == 0)
        bench.write(0xC, 0xF2)
        bench.run(.milliseconds(1))
        #expect(bench.read(0xC) & 0x80 != 0)
        #expect(!bench.narrow.isAsserted)
        #expect(bench.read(0xA) == 2)
        #expect(bench.narrow.isAsserted)
        #expect(bench.read(0xA) == 1)
    }

    @Test("the busy bit follows each byte, and toggles by itself in version 4")
    func busyBit() {
        let old = DSPBench(.v201)
        old.reset()
        old.run(.milliseconds(1))
        #expect(old.read(0xC) == 0x7F)
        old.write(0xC, 0x40)
        #expect(old.read(0xC) == 0xFF)
        old.run(.microseconds(20))
        #expect(old.read(0xC) == 0x7F)
        old.write(0xC, 0x9C)
        old.run(.microseconds(4))
        #expect(old.read(0xC) == 0x7F)

        let new = DSPBench(.v405)
        new.reset()
        var busy = 0
        for _ in 0..<800 {
            new.run(Tick(1_260))
            busy += new.read(0xC) == 0xFF ? 1 : 0
        }
        #expect(busy == 300)
    }

    @Test("the speaker: D1h, D3h, D8h", arguments: CreativeDSP.Version.allCases)
    func speaker(_ version: CreativeDSP.Version) {
        let bench = DSPBench(version)
        bench.reset()
        bench.send(0x10, 0xC0)
        #expect(bench.dsp.levels.left == (version == .v405 ? 0x4000 : 0))
        bench.send(0xD1, 0x10, 0xC0)
        #expect(bench.dsp.levels.left == 0x4000)
        guard version != .v105 else { return }
        bench.send(0xD8)
        #expect(bench.receive() == 0xFF)
        bench.send(0xD3, 0xD8)
        bench.run(.milliseconds(20))
        #expect(bench.receive() == 0)
        #expect(bench.dsp.levels.left == (version == .v405 ? 0x4000 : 0))
    }

    @Test("switching the speaker takes 13 ms in version 2, in which the chip hears one byte at most")
    func speakerTime() {
        let bench = DSPBench(.v201)
        bench.reset()
        bench.send(0xD1, 0xF2)
        let start = bench.now
        bench.run(.milliseconds(13))
        #expect(!bench.narrow.isAsserted)
        bench.run(.milliseconds(1))
        #expect(bench.narrow.isAsserted)
        #expect(bench.interrupts().first.map { ($0 - start).count / 2_520 } ?? 0 > 13_000)
    }

    @Test("20h samples the input", arguments: CreativeDSP.Version.allCases)
    func directInput(_ version: CreativeDSP.Version) {
        let bench = DSPBench(version)
        bench.reset()
        bench.send(0x20)
        #expect(bench.receive() == 0x80)
        bench.dsp.setInput(left: -0x8000, right: 0, at: bench.now)
        bench.send(0x20)
        #expect(bench.receive() == 0)
    }

    @Test("08h hangs versions 1 to 3 until a reset")
    func halt() {
        let bench = DSPBench(.v302)
        bench.reset()
        bench.write(0xC, 0x08)
        bench.run(.milliseconds(10))
        #expect(bench.read(0xC) == 0xFF)
        bench.write(0xC, 0xF2)
        #expect(!bench.narrow.isAsserted)
        #expect(bench.reset() == 0xAA)
        bench.send(0xF2)
        #expect(bench.narrow.isAsserted)
    }

    @Test("odds and ends: F8h, F4h, F9h, FAh, FDh, 04h")
    func oddCommands() {
        let bench = DSPBench(.v405)
        bench.reset()
        bench.send(0xF8)
        #expect(bench.receive() == 0)
        bench.send(0xF4)
        #expect([bench.receive(), bench.receive()] == [0x7D, 0x1B])
        bench.send(0xF9, 0x0E)
        #expect(bench.receive() == 0xFF)
        bench.send(0xF9, 0x37)
        #expect(bench.receive() == 0x38)
        bench.send(0xFA, 0x60, 0x12, 0xF9, 0x60)
        #expect(bench.receive() == 0x12)
        bench.send(0xFD)
        #expect(bench.receive() == 0xF9)
        let old = DSPBench(.v302)
        old.reset()
        old.send(0xA8, 0xD1, 0x04)
        #expect(old.receive() == 3)
        old.send(0xF8)
        #expect(old.receive() == 0)
    }
}
