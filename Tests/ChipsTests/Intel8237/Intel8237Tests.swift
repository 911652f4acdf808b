import Chips
import Core
import TestSupport
import Testing

@Suite struct Intel8237Tests {
    private let chip = Intel8237(chunkID: ChunkID("DMA1"))

    private func write(_ port: UInt16, _ bytes: UInt8...) {
        for byte in bytes { chip.writePort(port, byte, at: .zero) }
    }
    private func read(_ port: UInt16) -> UInt8 { chip.readPort(port, at: .zero) }

    private func program(mode: UInt8, address: UInt16, count: UInt16) {
        write(0x0C, 0)
        write(0x0B, mode)
        write(0x04, UInt8(address & 0xFF), UInt8(address >> 8))
        write(0x05, UInt8(count & 0xFF), UInt8(count >> 8))
        write(0x0A, 2)
    }

    @Test("addresses and counts read back byte by byte by the flip-flop")
    func flipFlop() {
        program(mode: 0x46, address: 0x1234, count: 0x5678)
        #expect([read(4), read(4), read(5), read(5)] == [0x34, 0x12, 0x78, 0x56])
        _ = read(4)
        write(0x0C, 0)
        #expect(read(4) == 0x34)
    }

    @Test("count N makes N + 1 transfers, sets TC and masks the channel")
    func terminalCount() {
        program(mode: 0x46, address: 0x1000, count: 2)
        let cycles = (0..<3).map { _ in chip.nextCycle(2) }
        #expect(cycles.map { $0?.address } == [0x1000, 0x1001, 0x1002])
        #expect(cycles.map { $0?.isTerminalCount } == [false, false, true])
        #expect(cycles[0]?.direction == .toMemory)
        #expect(chip.nextCycle(2) == nil)
        #expect(read(8) == 0b0000_0100)
        #expect(read(8) == 0)
        #expect([read(5), read(5)] == [0xFF, 0xFF])
    }

    @Test("an automatic channel starts over, a decrementing one goes down")
    func automatic() {
        program(mode: 0x7A, address: 0x0001, count: 1)
        #expect((0..<4).map { _ in chip.nextCycle(2)?.address } == [0x0001, 0x0000, 0x0001, 0x0000])
        #expect(chip.nextCycle(2)?.direction == .fromMemory)
    }

    @Test("masks, the off bit and cascade mode stop a channel")
    func enabling() {
        program(mode: 0x46, address: 0, count: 9)
        #expect(chip.isEnabled(2))
        write(0x08, 0b100)
        #expect(!chip.isEnabled(2))
        write(0x08, 0)
        write(0x0F, 0b0100)
        #expect(!chip.isEnabled(2))
        #expect(chip.isEnabled(1))
        write(0x0E, 0)
        #expect(chip.isEnabled(2))
        write(0x0B, 0xC2)
        #expect(!chip.isEnabled(2))
        write(0x0D, 0)
        #expect(!chip.isEnabled(1))
    }

    @Test("status shows requests of devices and of software")
    func requests() {
        chip.lineDidChange(1, isAsserted: true, at: .zero)
        write(0x09, 0b110)
        #expect(read(8) == 0b0110_0000)
        chip.lineDidChange(1, isAsserted: false, at: .zero)
        #expect(read(8) == 0b0100_0000)
    }

    @Test("a line that is not asserted asks while the chip takes low for a request, and no device is served")
    func senses() {
        write(0x0F, 0)
        chip.lineDidChange(1, isAsserted: true, at: .zero)
        write(0x08, 0b0100_0000)
        #expect(read(8) == 0b1101_0000)
        #expect(!chip.isEnabled(1))
        write(0x08, 0b1000_0000)
        #expect(read(8) == 0b0010_0000)
        #expect(!chip.isEnabled(1))
    }

    @Test("refreshes passed at once are the same as one by one", arguments: [UInt8(0x58), 0x48, 0x78])
    func refreshes(mode: UInt8) {
        let other = Intel8237(chunkID: ChunkID("DMA1"))
        for chip in [chip, other] {
            for (port, bytes) in [(UInt16(0x0B), [mode]), (0, [0x34, 0x12]), (1, [0x63, 0x00]), (0x0A, [0])] {
                for byte in bytes { chip.writePort(port, byte, at: .zero) }
            }
        }
        for count in [1, 99, 100, 101, 250, 70_000] {
            for _ in 0..<count { _ = chip.nextCycle(0) }
            let peeked = other.peekPort(0, afterRefreshes: Int64(count))
            other.passRefreshes(Int64(count))
            #expect(other.peekPort(0, at: .zero) == peeked)
            for port: UInt16 in [0, 0, 1, 1, 8] {
                #expect(other.readPort(port, at: .zero) == chip.readPort(port, at: .zero), "\(count) at \(port)")
            }
            #expect(other.isRefreshing == (mode & 0x10 != 0 || count < 99))
        }
        write(0x08, 1)
        #expect(!chip.isRefreshing)
    }

    @Test("the AT's second chip has its ports two apart")
    func shifted() {
        let second = Intel8237(chunkID: ChunkID("DMA2"), addressShift: 1)
        second.writePort(0xC4, 0x11, at: .zero)
        second.writePort(0xC4, 0x22, at: .zero)
        #expect(second.readPort(0xC4, at: .zero) == 0x11)
        #expect(second.readPort(0xC5, at: .zero) == 0x22)
        second.writePort(0xD4, 0x01, at: .zero)
        #expect(second.isEnabled(1))
    }

    @Test("state survives a round trip")
    func roundTrip() {
        program(mode: 0x56, address: 0x4321, count: 100)
        _ = chip.nextCycle(2)
        let other = Intel8237(chunkID: ChunkID("DMA1"))
        #expect(restore(other, from: savedState(chip)) == nil)
        #expect(other.nextCycle(2) == chip.nextCycle(2))
        #expect(savedState(other) == savedState(chip))
    }
}
