import Boards
import Chips
import Core
import TestSupport

/// A Sound Blaster in an AT or XT without a processor: memory, DMA, interrupt lines, and a program's accesses.
final class SoundBlasterBench {
    let scheduler = Scheduler()
    let memory = GuestMemory(extendedKilobytes: 64)
    let ports = PortMap()
    let dma: DMABoard
    let card: SoundBlaster
    let lines: [SoundBlaster.Interrupt]
    let recorder = LineRecorder()
    private(set) var now = Tick.zero
    let base: UInt16

    init(_ settings: SoundBlasterSettings, isAT: Bool = true) {
        dma = DMABoard(isAT: isAT, memory: memory)
        dma.attach(to: ports)
        lines = [2, 3, 5, 7, 10].map { SoundBlaster.Interrupt(number: $0, line: Line()) }
        card = SoundBlaster(
            settings: settings, interrupts: lines, dma: dma, slot: scheduler.makeSlot("sound blaster"))
        card.attach(to: ports)
        base = settings.base
        for interrupt in lines { interrupt.line.connect(to: recorder, as: interrupt.number) }
        if isAT { openCascade() }
    }

    convenience init(_ model: SoundBlasterSettings.Model) { self.init(SoundBlasterSettings(model: model)) }

    /// The first controller's way to the bus, as the BIOS leaves it.
    private func openCascade() {
        out(0xD6, 0xC0)
        out(0xD4, 0x00)
    }

    func run(_ duration: Tick) {
        let end = now + duration
        while scheduler.nextDeadline <= end { scheduler.deliver(through: scheduler.nextDeadline) }
        now = end
    }

    func out(_ port: UInt16, _ bytes: UInt8...) { for byte in bytes { ports.write8(port, byte, at: now) } }
    func read(_ port: UInt16) -> UInt8 { ports.read8(port, at: now) }

    func send(_ bytes: UInt8...) {
        for byte in bytes {
            for _ in 0..<100_000 {
                if read(base + 0xC) & 0x80 == 0 { break }
                run(.microseconds(1))
            }
            out(base + 0xC, byte)
        }
    }

    func receive() -> UInt8? {
        for _ in 0..<1_000 {
            if read(base + 0xE) & 0x80 != 0 { return read(base + 0xA) }
            run(.microseconds(1))
        }
        return nil
    }

    @discardableResult func reset() -> UInt8? {
        out(base + 6, 1)
        run(.microseconds(3))
        out(base + 6, 0)
        return receive()
    }

    func mixer(_ register: UInt8) -> UInt8 {
        out(base + 4, register)
        return read(base + 5)
    }

    func setMixer(_ register: UInt8, _ value: UInt8) {
        out(base + 4, register)
        out(base + 5, value)
    }

    /// Programs 8-bit channel 0-3 for `count` bytes at an address below 1 MB.
    func program(channel: UInt8, address: Int, count: Int, mode: UInt8) {
        out(0x0A, 4 | channel)
        out(0x0C, 0)
        out(0x0B, mode | channel)
        out(UInt16(channel) * 2, UInt8(address & 0xFF), UInt8(address >> 8 & 0xFF))
        out(UInt16(channel) * 2 + 1, UInt8((count - 1) & 0xFF), UInt8((count - 1) >> 8))
        out([0x87, 0x83, 0x81, 0x82][Int(channel)], UInt8(address >> 16))
        out(0x0A, channel)
    }

    /// Programs channel 5-7 for `count` words.
    func programWide(channel: UInt8, address: Int, count: Int, mode: UInt8) {
        let (local, words) = (channel - 4, address >> 1)
        out(0xD4, 4 | local)
        out(0xD8, 0)
        out(0xD6, mode | local)
        out(0xC0 + UInt16(local) * 4, UInt8(words & 0xFF), UInt8(words >> 8 & 0xFF))
        out(0xC2 + UInt16(local) * 4, UInt8((count - 1) & 0xFF), UInt8((count - 1) >> 8))
        out([0x8F, 0x8B, 0x89, 0x8A][Int(local)], UInt8(address >> 16))
        out(0xD4, local)
    }

    func line(_ number: Int) -> Bool { lines.contains { $0.number == number && $0.line.isAsserted } }
    func rises(_ number: Int) -> Int { recorder.changes.count { $0.line == number && $0.isAsserted } }

    var chunks: [any StateChunk] { [scheduler] + dma.chunks + card.chunks }
    var state: [[UInt8]] { chunks.map { savedState($0) } }

    /// A bench in the same state, with the same memory.
    func copy(isAT: Bool = true) -> SoundBlasterBench? {
        let other = SoundBlasterBench(card.settings, isAT: isAT)
        _ = other.memory.physical.update(fromContentsOf: memory.physical)
        for (chunk, bytes) in zip(other.chunks, state) {
            let coder = StateCoder.loading(bytes)
            chunk.transfer(coder)
            guard coder.isComplete else { return nil }
        }
        for chunk in other.chunks { chunk.stateDidRestore() }
        other.now = now
        return other
    }
}
