import Boards
import Core
import TestSupport
import Testing

@Suite struct TandySoundTests {
    @Test func `DMA plays a block at clock / divider and interrupts at its end`() {
        let memory = GuestMemory(extendedKilobytes: 0)
        let dma = DMABoard(isAT: false, memory: memory)
        let scheduler = Scheduler()
        let sound = TandySound(channel: dma.channel(1), slot: scheduler.makeSlot("tandy"), interrupt: Line())
        sound.levels.isHeard = true
        for index in 0..<5 { memory.write8(UInt32(0x2_1000 + index), UInt8(index * 50 + 7)) }
        // Channel 1: single transfers from memory, address 21000h, five bytes.
        for (port, value): (UInt16, UInt8) in [
            (0x0C, 0), (0x0B, 0x49), (0x02, 0x00), (0x02, 0x10), (0x03, 4), (0x03, 0),
        ] {
            dma.first.writePort(port, value, at: .zero)
        }
        dma.writePort(0x83, 2, at: .zero)
        dma.first.writePort(0x0A, 0x01, at: .zero)
        // Divider 325: 11,014 Hz. A clock of 3.579545 MHz is 704 ticks.
        for (port, value): (UInt16, UInt8) in [(0xC6, 0x45), (0xC7, 0xE1), (0xC4, 0x1F)] {
            sound.writePort(port, value, at: .zero)
        }
        scheduler.deliver(through: .milliseconds(10))
        for index in 0..<5 {
            let change = sound.levels.take(before: .never)
            #expect(change?.time == Tick(704 * 325 * Int64(index + 1)))
            #expect(change?.left == Int16((index * 50 + 7) * 128))
        }
        #expect(sound.levels.take(before: .never) == nil)
        #expect(sound.interrupt.isAsserted && sound.readPort(0xC4, at: .zero) & 8 != 0)
        let other = TandySound(channel: nil, slot: Scheduler().makeSlot("tandy"), interrupt: Line())
        #expect(restore(other, from: savedState(sound)) == nil)
        #expect(savedState(other) == savedState(sound) && other.interrupt.isAsserted)
        sound.writePort(0xC4, 0x03, at: .milliseconds(10))
        #expect(!sound.interrupt.isAsserted && scheduler.nextDeadline == .never)
    }
}
