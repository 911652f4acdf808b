import Core
import TestSupport
import Testing

@testable import Chips

/// The card's memory by port and by DMA.
@Suite struct GF1MemoryTests {
    @Test("programs find the card by its memory, once it is out of the reset")
    func detection() {
        let bench = GF1Bench(isRunning: false)
        func isFound() -> Bool {
            bench.poke(0, [0xAA, 0x55])
            return bench.peek(0, 2) == [0xAA, 0x55]
        }
        #expect(!isFound())
        bench.set(0x4C, 0)
        bench.run(until: .microseconds(50))
        bench.set(0x4C, 1)
        bench.run(until: .microseconds(100))
        #expect(isFound())
    }

    /// As the toolkit's text of Tran has it: write AAh at the beginning of each bank.
    @Test("programs find how much memory there is", arguments: [256, 512, 768, 1_024])
    func size(kilobytes: Int) {
        let bench = GF1Bench(kilobytes: kilobytes)
        let banks = (0..<4).prefix {
            bench.poke($0 << 18, [0xAA])
            return bench.peek($0 << 18) == [0xAA]
        }
        #expect(banks.count * 256 == kilobytes)
    }

    @Test("DMA fills memory from its address on, and interrupts at the terminal count")
    func upload() throws {
        let bench = GF1Bench()
        bench.given = (0..<100).map { UInt16($0) }
        bench.transfers = 100
        bench.setWord(0x42, 0x1234)
        bench.set(0x41, 0x21)
        bench.run(until: .milliseconds(1))
        #expect(bench.peek(0x1_2340, 100) == (0..<100).map { UInt8($0) })
        #expect(bench.peek(0x1_2340 - 1) + bench.peek(0x1_2340 + 100) == [0, 0])
        // A transfer takes 1.62 us.
        let end = try #require(bench.recorder.changes.first?.time)
        #expect(abs(end.count - 100 * 4_082) < 10)
        #expect(bench.chip.interruptStatus(at: bench.now) == 0x80)
        #expect(bench.get(0x41) == 0x60)
        #expect(bench.get(0x41) == 0x20)
        #expect(bench.recorder.changes.map(\.isAsserted) == [true, false])
    }

    /// Bits 19-18 of the address stay, and the rest is doubled.
    @Test("a wide channel moves words to a doubled address")
    func wide() {
        let bench = GF1Bench()
        bench.isWideChannel = true
        bench.given = [0x1234, 0x5678]
        bench.transfers = 2
        bench.setWord(0x42, 0x4010)
        bench.set(0x41, 0x05)
        bench.run(until: .milliseconds(1))
        #expect(bench.peek(0x4_0200, 4) == [0x34, 0x12, 0x78, 0x56])
        #expect(bench.recorder.changes.isEmpty)
        #expect(bench.get(0x41) == 0x44)
    }

    @Test("a channel of 8 bits moves bytes, whatever the register says")
    func narrow() {
        let bench = GF1Bench()
        bench.given = [0x12, 0x34, 0x56]
        bench.transfers = 3
        bench.setWord(0x42, 0x4010)
        bench.set(0x41, 0x05)
        bench.run(until: .milliseconds(1))
        #expect(bench.peek(0x4_0100, 4) == [0x12, 0x34, 0x56, 0])
        bench.transfers = 2
        bench.set(0x49, 0x85)
        bench.run(until: .milliseconds(2))
        #expect(bench.taken == [0x80, 0x80])
    }

    /// Programs write registers twice to be sure.
    @Test("a transfer that is told to start again goes on; one that begins takes the address of register 42h")
    func twice() {
        let bench = GF1Bench()
        bench.given = (1...64).map { UInt16($0) }
        bench.transfers = 64
        bench.setWord(0x42, 0x0010)
        bench.set(0x41, 0x01)
        bench.run(until: .microseconds(60))
        #expect((1..<64).contains(bench.transfers))
        bench.set(0x41, 0x01)
        bench.run(until: .milliseconds(1))
        #expect(bench.peek(0x100, 65) == (1...64).map { UInt8($0) } + [0])
        bench.given = [7, 8]
        bench.transfers = 2
        bench.set(0x41, 0x01)
        bench.run(until: .milliseconds(2))
        #expect(bench.peek(0x100, 3) == [7, 8, 3])
    }

    @Test("the memory's port shows what a transfer has brought, before anybody else has looked")
    func port() {
        let bench = GF1Bench()
        bench.given = [0x5A]
        bench.transfers = 1
        bench.poke(0x20, [0])
        bench.setWord(0x42, 2)
        bench.set(0x41, 0x01)
        #expect(bench.chip.read(GF1Bench.Port.memory, at: .microseconds(1)) == 0)
        #expect(bench.chip.read(GF1Bench.Port.memory, at: .microseconds(2)) == 0x5A)
    }

    @Test(
        "the sign is inverted in bytes or in words",
        arguments: [
            (0x81, [0x81, 0x82, 0x83, 0x84]), (0xC1, [0x01, 0x82, 0x03, 0x84]), (0x41, [1, 2, 3, 4]),
        ] as [(UInt8, [UInt8])])
    func signs(control: UInt8, expected: [UInt8]) {
        let bench = GF1Bench()
        bench.given = [1, 2, 3, 4]
        bench.transfers = 4
        bench.set(0x41, control)
        bench.run(until: .milliseconds(1))
        #expect(bench.peek(0, 4) == expected)
    }

    @Test("memory goes back to the computer")
    func download() {
        let bench = GF1Bench()
        bench.poke(0x40, [9, 8, 7, 6])
        bench.transfers = 4
        bench.setWord(0x42, 4)
        bench.set(0x41, 0x83)
        bench.run(until: .milliseconds(1))
        #expect(bench.taken == [0x89, 0x88, 0x87, 0x86])
        bench.isWideChannel = true
        bench.transfers = 2
        bench.setWord(0x42, 2)
        bench.poke(0x40, [1, 2, 3, 4])
        bench.set(0x41, 0x07)
        bench.run(until: .milliseconds(2))
        #expect(bench.taken.suffix(2) == [0x0201, 0x0403])
    }

    @Test("a channel that is switched on later is served then without being asked before, and a divided rate is slower")
    func late() {
        let bench = GF1Bench()
        bench.given = [UInt16](repeating: 5, count: 64)
        bench.set(0x41, 0x19)
        #expect(bench.chip.isRequesting(.memory) && bench.requestChanges == 1)
        #expect(bench.scheduler.nextDeadline == .never)
        bench.run(until: .milliseconds(10))
        bench.transfers = 64
        bench.run(until: .milliseconds(10) + .microseconds(150))
        #expect(bench.transfers < 64 && bench.transfers > 0)
        bench.run(until: .milliseconds(11))
        #expect(bench.transfers == 0)
        #expect(bench.peek(0, 65) == [UInt8](repeating: 5, count: 64) + [0])
    }

    @Test("a transfer stays in its 256 KB")
    func wraps() {
        let bench = GF1Bench()
        bench.given = [UInt16](1...20)
        bench.transfers = 20
        bench.setWord(0x42, 0x7FFF)
        bench.set(0x41, 0x01)
        bench.run(until: .milliseconds(1))
        #expect(bench.peek(0x7_FFF0) == [1])
        #expect(bench.peek(0x4_0000, 4) == [17, 18, 19, 20])
    }

    /// 9,878,400 / (16 (n + 2)) samples a second.
    @Test(
        "recording gives silence at its rate: bytes of one side or of both in turn, signed or not, by twos in a wide channel",
        arguments: [(0x21, 0), (0xA1, 0x80), (0x23, 0), (0xA3, 0x80), (0xA5, 0x8080), (0x27, 0), (0xA7, 0x8080)]
            as [(Int, UInt16)], [0, 12, 29, 255])
    func recording(_ kind: (control: Int, value: UInt16), rate: Int) throws {
        let (control, value) = kind
        let bench = GF1Bench()
        bench.isWideChannel = control & 4 != 0
        bench.transfers = 441
        bench.set(0x48, UInt8(rate))
        bench.set(0x49, UInt8(control))
        bench.run(until: .milliseconds(400))
        #expect(bench.taken == [UInt16](repeating: value, count: 441))
        let samples = 441.0 * (control & 4 != 0 ? 2 : 1) / (control & 2 != 0 ? 2 : 1)
        let end = try #require(bench.recorder.changes.first?.time)
        let expected = samples / (9_878_400 / Double(16 * (rate + 2)))
        #expect(abs(Double(end.count) / Double(Tick.perSecond) / expected - 1) < 0.000_2)
        #expect(bench.chip.interruptStatus(at: bench.now) == 0x80 && !bench.chip.isRequesting(.recording))
        #expect(bench.get(0x49) & 0x40 != 0)
        #expect(bench.get(0x49) & 0x41 == 0)
        #expect(bench.chip.interruptStatus(at: bench.now) == 0)
    }
}
