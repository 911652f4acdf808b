import Chips
import Core
import TestSupport
import Testing

/// Blocks that software asks for.
@Suite struct Intel8237ServiceTests {
    private let chip = Intel8237(chunkID: ChunkID("DMA1"))

    private func write(_ port: UInt16, _ bytes: UInt8...) {
        for byte in bytes { chip.writePort(port, byte, at: .zero) }
    }
    private func read(_ port: UInt16) -> UInt8 { chip.readPort(port, at: .zero) }

    private func program(_ channel: UInt8, mode: UInt8, address: UInt16, count: UInt16) {
        write(0x0C, 0)
        write(0x0B, mode | channel)
        write(UInt16(channel) * 2, UInt8(address & 0xFF), UInt8(address >> 8))
        write(UInt16(channel) * 2 + 1, UInt8(count & 0xFF), UInt8(count >> 8))
    }

    private func word(_ port: UInt16) -> UInt16 {
        write(0x0C, 0)
        return UInt16(read(port)) | UInt16(read(port)) << 8
    }

    /// Channel and address of every transfer that software has asked for; of memory to memory the destination.
    private func run() -> [String] {
        var transfers: [String] = []
        while transfers.count < 200, let service = chip.nextService() {
            switch service.kind {
            case .device(let channel, let cycle): transfers.append("\(channel):\(cycle.address)")
            case .memory(let source, let destination): transfers.append("\(source)>\(destination.address)")
            }
        }
        return transfers
    }

    @Test("a request of software moves a block, masked or not, and its terminal count takes it back")
    func block() {
        program(2, mode: 0x84, address: 100, count: 2)
        #expect(chip.nextService() == nil)
        write(0x09, 0b110)
        #expect(chip.hasService)
        #expect(run() == ["2:100", "2:101", "2:102"])
        #expect(!chip.hasService && !chip.isInBlock)
        #expect(read(8) == 0b0000_0100)
        // With automatic start it begins again only when it is asked for again.
        program(2, mode: 0xB4, address: 100, count: 1)
        write(0x09, 0b110)
        #expect(run() == ["2:100", "2:99"])
        #expect(word(4) == 100 && word(5) == 1)
    }

    @Test("requests wait for block mode, and for the chip to be on", arguments: [UInt8(0x04), 0x44, 0xC0])
    func waits(mode: UInt8) {
        program(3, mode: mode, address: 0, count: 0)
        write(0x09, 0b111)
        #expect(!chip.hasService)
        #expect(read(8) == 0b1000_0000)
        write(0x0B, 0x87)
        #expect(chip.hasService)
        write(0x08, 0b100)
        #expect(!chip.hasService)
        write(0x08, 0)
        write(0x09, 0b011)
        #expect(!chip.hasService)
    }

    @Test("a request that is taken back ends the block")
    func takenBack() {
        program(1, mode: 0x84, address: 0, count: 9)
        write(0x09, 0b101)
        _ = chip.nextService()
        #expect(chip.isInBlock)
        write(0x09, 0b001)
        #expect(!chip.isInBlock && chip.nextService() == nil)
        #expect(word(3) == 8)
    }

    @Test("fixed priority begins with channel 0, rotating priority behind the channel served last")
    func priorities() {
        func order(_ command: UInt8) -> [String] {
            for channel in UInt8(0)...3 { program(channel, mode: 0x84, address: 7, count: 0) }
            write(0x08, command | 0b100)
            for channel in UInt8(0)...3 { write(0x09, 4 | channel) }
            write(0x08, command)
            return run().map { String($0.prefix(1)) }
        }
        #expect(order(0) == ["0", "1", "2", "3"])
        write(0x0F, 0)
        _ = chip.nextCycle(1)
        #expect(order(0) == ["0", "1", "2", "3"])
        write(0x0F, 0)
        _ = chip.nextCycle(1)
        #expect(order(0b1_0000) == ["2", "3", "0", "1"])
    }

    @Test("a block is not interrupted, neither by another request nor by a device")
    func uninterrupted() {
        program(3, mode: 0x84, address: 0, count: 2)
        program(0, mode: 0x84, address: 50, count: 0)
        program(1, mode: 0x44, address: 9, count: 9)
        write(0x0F, 0b1101)
        write(0x09, 0b111)
        _ = chip.nextService()
        write(0x09, 0b100)
        _ = chip.nextCycle(1)
        #expect(run() == ["3:1", "3:2", "0:50"])
    }

    @Test("memory to memory: channel 0 reads, channel 1 writes and counts, the temporary register keeps the last byte")
    func memoryToMemory() {
        write(0x08, 0b01)
        program(0, mode: 0x88, address: 10, count: 0xFFFF)
        program(1, mode: 0xA4, address: 30, count: 2)
        write(0x09, 0b100)
        #expect(run() == ["10>30", "11>29", "12>28"])
        chip.latch(0x5A)
        #expect(read(13) == 0x5A)
        #expect(read(8) == 0b0000_0010)
        #expect(word(0) == 13 && word(1) == 0xFFFC && word(3) == 0xFFFF)
        #expect(!chip.hasService && !chip.isEnabled(1))
        write(0x0D, 0)
        #expect(read(13) == 0)
    }

    @Test("memory to memory: the source may stand still, and both may start over")
    func heldAndAutomatic() {
        write(0x08, 0b11)
        program(0, mode: 0x98, address: 10, count: 1)
        program(1, mode: 0x94, address: 30, count: 1)
        for _ in 0..<2 {
            write(0x09, 0b100)
            #expect(run() == ["10>30", "10>31"])
        }
        // A shorter source starts over by itself, and that is no terminal count.
        write(0x08, 0b01)
        program(1, mode: 0x84, address: 30, count: 4)
        _ = read(8)
        write(0x09, 0b100)
        #expect(run() == ["10>30", "11>31", "10>32", "11>33", "10>34"])
        #expect(read(8) == 0b0000_0010)
    }

    @Test("clocks: S1 for the first byte and for each page of 256, S3 not with compressed timing")
    func clocks() {
        func clocks() -> [Int] {
            program(2, mode: 0x84, address: 0xFE, count: 3)
            write(0x09, 0b110)
            return (0..<4).map { _ in chip.nextService()?.clocks ?? 0 }
        }
        #expect(clocks() == [4, 3, 4, 3])
        write(0x08, 0b1000)
        #expect(clocks() == [3, 2, 3, 2])
        write(0x08, 0b0001)
        write(0x09, 0b100)
        #expect(chip.nextService()?.clocks == 8)
    }

    @Test("a block under way survives a round trip")
    func roundTrip() {
        program(0, mode: 0x84, address: 1, count: 1)
        program(3, mode: 0x84, address: 5, count: 3)
        write(0x09, 0b111)
        _ = chip.nextService()
        write(0x09, 0b100)
        chip.latch(9)
        let other = Intel8237(chunkID: ChunkID("DMA1"))
        #expect(restore(other, from: savedState(chip)) == nil)
        while let service = chip.nextService() { #expect(other.nextService() == service) }
        #expect(other.nextService() == nil)
        #expect(savedState(other) == savedState(chip))
    }

    @Test("random registers trap nowhere, and every block comes to an end", arguments: UInt64(1)...20)
    func randomRegisters(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<300 {
            let word = random.next()
            let (port, value) = (UInt16(word & 15), UInt8(word >> 8 & 0xFF))
            switch word >> 20 & 7 {
            case 0...4: write(port, value)
            case 5: _ = read(port)
            case 6: chip.passRefreshes(Int64(truncatingIfNeeded: word >> 30))
            default:
                chip.lineDidChange(Int(value), isAsserted: value & 8 != 0, at: .zero)
                _ = chip.nextCycle(Int(port))
            }
            var left = 5 * 65_536
            while left > 0, chip.nextService() != nil { left -= 1 }
            #expect(left > 0)
        }
    }
}
