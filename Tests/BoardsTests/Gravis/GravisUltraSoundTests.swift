import Boards
import Chips
import Core
import TestSupport
import Testing

private final class Cable: MIDIOutput {
    var bytes: [UInt8] = []
    func sendMIDI(_ byte: UInt8, at now: Tick) { bytes.append(byte) }
}

/// The card at 240h, with the DMA controllers of an AT.
private final class Slot: LineListener {
    let memory = GuestMemory(extendedKilobytes: 64)
    let ports = PortMap()
    let scheduler = Scheduler()
    let board: DMABoard
    let card: GravisUltraSound
    /// Which interrupts are asserted, by number.
    var asserted: Set<Int> = []
    var now = Tick.zero

    init(_ settings: GravisSettings = GravisSettings(), isSetUp: Bool = true) {
        let lines = GravisSettings.possibleInterrupts.map { (number: $0, line: Line()) }
        board = DMABoard(isAT: true, memory: memory)
        board.attach(to: ports)
        card = GravisUltraSound(
            settings: settings, interrupts: lines, dma: board,
            slots: (synthesizer: scheduler.makeSlot("gf1"), midi: scheduler.makeSlot("midi")))
        for (number, line) in lines { line.connect(to: self, as: number) }
        card.attach(to: ports)
        // The first DMA controller's way to the bus, as the BIOS leaves it.
        out(0xD6, 0xC0)
        out(0xD4, 0x00)
        if isSetUp { card.setUp(at: now) }
    }

    func lineDidChange(_ line: Int, isAsserted: Bool, at now: Tick) {
        if isAsserted { asserted.insert(line) } else { asserted.remove(line) }
    }

    func out(_ port: UInt16, _ bytes: UInt8...) { for byte in bytes { ports.write8(port, byte, at: now) } }
    func read(_ port: UInt16) -> UInt8 { ports.read8(port, at: now) }

    func set(_ register: UInt8, _ value: UInt8) {
        out(0x343, register)
        out(0x345, value)
    }

    func setWord(_ register: UInt8, _ value: UInt16) {
        out(0x343, register)
        ports.write16(0x344, value, at: now)
    }

    func run(until end: Tick) {
        scheduler.deliver(through: end)
        now = end
    }

    /// The channels that are requested, as the status registers of both controllers show them.
    var requested: Set<Int> {
        let bits = read(0x08) >> 4 | read(0xD0) & 0xF0
        return Set((0..<8).filter { bits >> $0 & 1 != 0 })
    }

    /// Both channels by their numbers in the latch; 0: none.
    func selectChannels(memory: UInt8, recording: UInt8, isShared: Bool = false) {
        out(0x240, 0x09)
        out(0x24B, memory | recording << 3 | (isShared ? 0x40 : 0))
    }

    /// Programs channel 1 or 3 for `count` bytes at 40000h and leaves it masked.
    func program(channel: UInt8, mode: UInt8, count: UInt16) {
        out(0x0A, 4 | channel)
        out(0x0C, 0)
        out(0x0B, mode | channel)
        out(UInt16(channel) << 1, 0, 0)
        out(UInt16(channel) << 1 | 1, UInt8(count - 1 & 0xFF), UInt8((count - 1) >> 8))
        out(channel == 1 ? 0x83 : 0x82, 4)
    }

    /// Lets timer 1 interrupt every 80 us.
    func startTimer() {
        set(0x4C, 7)
        set(0x46, 0xFF)
        set(0x45, 0x04)
        out(0x248, 4)
        out(0x249, 1)
    }
}

@Suite struct GravisUltraSoundTests {
    @Test("ULTRASND names port, channels and interrupts")
    func variable() {
        #expect(GravisSettings().variable == "240,3,3,11,11")
        #expect(GravisSettings(base: 0x220, irq: 5, dma: 7).variable == "220,7,7,5,5")
        #expect(GravisSettings().isPossible)
        #expect(!GravisSettings(base: 0x270).isPossible && !GravisSettings(irq: 10).isPossible)
        #expect(!GravisSettings(dma: 0).isPossible && !GravisSettings(kilobytes: 300).isPossible)
    }

    @Test("the interrupt that is set up is driven", arguments: GravisSettings.possibleInterrupts)
    func interrupt(number: Int) {
        let slot = Slot(GravisSettings(irq: number))
        slot.startTimer()
        slot.run(until: .microseconds(80))
        #expect(slot.asserted == [number])
        #expect(slot.read(0x246) == 0x04)
        slot.set(0x45, 0)
        #expect(slot.asserted.isEmpty)
        #expect(slot.read(0x246) == 0)
    }

    @Test("a latch takes a value only right after mix control, and drives only when it is switched on")
    func latches() {
        let slot = Slot(isSetUp: false)
        slot.out(0x343, 0x4C)
        slot.out(0x345, 1)
        slot.startTimer()
        slot.run(until: .microseconds(100))
        slot.out(0x240, 0x48)
        slot.out(0x342, 0)
        slot.out(0x24B, 0x02)
        #expect(slot.asserted.isEmpty)
        slot.out(0x240, 0x48)
        slot.out(0x24B, 0x02, 0x03)
        #expect(slot.asserted == [5])
        // Without bit 6 the other latch takes it.
        slot.out(0x240, 0x08)
        slot.out(0x24B, 0x03)
        #expect(slot.asserted == [5])
        slot.out(0x240, 0x00)
        #expect(slot.asserted.isEmpty)
    }

    @Test("the MIDI port has an interrupt of its own, or the GF1's", arguments: [(0x1D, 3), (0x45, 11), (0x05, 0)])
    func midiInterrupt(latch: Int, number: Int) {
        let slot = Slot()
        slot.out(0x240, 0x48)
        slot.out(0x24B, UInt8(latch))
        slot.out(0x340, 0x20)
        #expect(slot.asserted == (number == 0 ? [] : [number]))
        #expect(slot.read(0x246) == 0x01)
        // Combined by mix control.
        slot.out(0x240, 0x18)
        #expect(slot.asserted == [11])
    }

    @Test("MIDI bytes go out, and come back if mix control says so")
    func midi() {
        let slot = Slot()
        let cable = Cable()
        slot.card.midi.output = cable
        slot.out(0x340, 0x03, 0x00)
        slot.out(0x341, 0x90)
        #expect(cable.bytes == [0x90])
        slot.run(until: .milliseconds(1))
        #expect(slot.read(0x340) == 0x02)
        slot.out(0x240, 0x29)
        slot.out(0x341, 0x3C)
        slot.run(until: .milliseconds(2))
        #expect(slot.read(0x340) == 0x03)
        #expect(slot.read(0x341) == 0x3C)
        // The jumper register takes the port away.
        slot.out(0x24F, 6)
        slot.out(0x24B, 0x04)
        #expect(slot.read(0x24B) == 0x04)
        #expect(slot.read(0x340) == 0xFF)
    }

    @Test("DMA fills the card's memory through the channel of the latch", arguments: [1, 3, 5, 7])
    func dma(channel: Int) throws {
        let slot = Slot(GravisSettings(dma: channel))
        for index in 0..<1_000 { slot.memory.physical[0x4_0000 + index] = UInt8(truncatingIfNeeded: index * 7) }
        let isWide = channel > 3
        let number = UInt16(channel & 3)
        let (shift, base): (UInt16, UInt16) = isWide ? (1, 0xC0) : (0, 0)
        let count: UInt16 = isWide ? 499 : 999
        let page: UInt16 = try #require([1: 0x83, 3: 0x82, 5: 0x8B, 7: 0x8A][channel])
        slot.out(base + (10 << shift), 4 | UInt8(number))
        slot.out(base + (11 << shift), 0x48 | UInt8(number))
        slot.out(base + (number << (1 + shift)), 0, 0)
        slot.out(base + ((number << 1 | 1) << shift), UInt8(count & 0xFF), UInt8(count >> 8))
        slot.out(page, 4)
        slot.out(base + (10 << shift), UInt8(number))
        // As the toolkit translates 4_0800h for a wide channel: bits 17-1 are halved.
        slot.setWord(0x42, isWide ? 0x4040 : 0x4080)
        slot.set(0x4C, 7)
        slot.set(0x41, isWide ? 0x25 : 0x21)
        slot.run(until: .milliseconds(3))
        #expect(slot.asserted == [11])
        slot.out(0x343, 0x41)
        #expect(slot.read(0x345) & 0x40 != 0)
        #expect(slot.asserted.isEmpty)
        let bytes = (0..<1_000).map { index -> UInt8 in
            slot.setWord(0x43, UInt16(0x0800 + index))
            slot.set(0x44, 4)
            return slot.read(0x347)
        }
        let isEqual = bytes == (0..<1_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        #expect(isEqual)
    }

    @Test("a request stands until the terminal count, on the channel that the latches say")
    func requests() {
        let slot = Slot()
        slot.set(0x4C, 7)
        #expect(slot.requested == [])
        slot.set(0x41, 0x21)
        #expect(slot.requested == [3])
        slot.selectChannels(memory: 1, recording: 3)
        #expect(slot.requested == [1])
        slot.set(0x49, 0x21)
        #expect(slot.requested == [1, 5])
        // One channel for both has the request of either.
        slot.selectChannels(memory: 5, recording: 0, isShared: true)
        #expect(slot.requested == [7])
        slot.set(0x41, 0)
        #expect(slot.requested == [7])
        slot.out(0x240, 0x01)
        #expect(slot.requested == [])
        slot.out(0x240, 0x09)
        #expect(slot.requested == [7])
        slot.set(0x49, 0)
        #expect(slot.requested == [])
        slot.selectChannels(memory: 0, recording: 2)
        slot.set(0x41, 0x21)
        slot.set(0x49, 0x21)
        #expect(slot.requested == [3])
        slot.set(0x4C, 0)
        #expect(slot.requested == [])
    }

    /// What makes a channel answer that was masked, a cascade, or not the one that is chosen.
    @Test(
        "a transfer waits for its channel without asking again and again",
        arguments: [
            [(0x0A, 3)], [(0x0E, 0)], [(0x0F, 0)], [(0x0B, 0xCB), (0x0A, 3), (0x0B, 0x4B)],
            [(0x08, 4), (0x0A, 3), (0x08, 0)], [(0x240, 0x01), (0x0A, 3), (0x240, 0x09)],
        ] as [[(UInt16, UInt8)]])
    func waits(writes: [(UInt16, UInt8)]) {
        let slot = Slot()
        for index in 0..<100 { slot.memory.physical[0x4_0000 + index] = UInt8(index + 1) }
        slot.set(0x4C, 7)
        slot.program(channel: 3, mode: 0x48, count: 100)
        slot.setWord(0x42, 0)
        slot.set(0x41, 0x21)
        for (index, (port, value)) in writes.enumerated() {
            #expect(slot.scheduler.nextDeadline == .never)
            slot.run(until: .milliseconds(Int64(index + 1)))
            slot.out(port, value)
        }
        #expect(slot.scheduler.nextDeadline != .never)
        slot.run(until: slot.now + .milliseconds(1))
        #expect(slot.asserted == [11] && slot.read(0x08) == 0x08)
        slot.setWord(0x43, 99)
        #expect(slot.read(0x347) == 100)
    }

    @Test("a card that is restored while it waits goes on when its channel opens")
    func restoredWaiting() {
        let (slot, other) = (Slot(), Slot(isSetUp: false))
        slot.set(0x4C, 7)
        slot.program(channel: 3, mode: 0x48, count: 100)
        slot.set(0x41, 0x21)
        let parts = { (slot: Slot) in [slot.scheduler] + slot.board.chunks + slot.card.chunks }
        for (chunk, copy) in zip(parts(slot), parts(other)) { #expect(restore(copy, from: savedState(chunk)) == nil) }
        #expect(other.card.synthesizer.isCaughtUp(at: .zero))
        #expect(other.requested == [3])
        other.out(0x0A, 3)
        other.run(until: .milliseconds(1))
        #expect(other.asserted == [11] && other.requested == [])
    }

    @Test("recording fills the computer's memory through its own channel or the common one", arguments: [true, false])
    func recording(isShared: Bool) throws {
        let slot = Slot()
        slot.selectChannels(memory: 2, recording: isShared ? 0 : 1, isShared: isShared)
        slot.set(0x4C, 7)
        let channel: UInt8 = isShared ? 3 : 1
        for index in 0..<300 { slot.memory.physical[0x4_0000 + index] = 0x11 }
        slot.program(channel: channel, mode: 0x44, count: 256)
        slot.out(0x0A, channel)
        // 22,050 samples a second, two sides, unsigned.
        slot.set(0x48, 26)
        slot.set(0x49, 0xA3)
        slot.run(until: .microseconds(5_800))
        #expect(slot.asserted == [] && slot.requested == [Int(channel)])
        slot.run(until: .microseconds(5_810))
        #expect(slot.asserted == [11] && slot.requested == [])
        let memory = (0..<300).map { slot.memory.physical[0x4_0000 + $0] }
        #expect(memory.prefix(256).allSatisfy { $0 == 0x80 } && memory.suffix(44).allSatisfy { $0 == 0x11 })
        #expect(slot.read(0x246) == 0x80)
        slot.out(0x343, 0x41)
        #expect(slot.read(0x345) & 0x40 == 0 && slot.asserted == [11])
        slot.out(0x343, 0x49)
        #expect(slot.read(0x345) == 0xE2 && slot.asserted == [] && slot.read(0x246) == 0)
        #expect(slot.read(0x345) == 0xA2)
    }

    @Test("line out can be switched off")
    func lineOut() {
        let slot = Slot()
        slot.set(0x4C, 3)
        slot.setWord(0x43, 0)
        slot.out(0x347, 100)
        slot.setWord(0x09, 0xFFF0)
        slot.run(until: .milliseconds(1))
        #expect(slot.read(0x246) == 0)
        #expect(slot.card.synthesizer.levels.left > 1_000)
        slot.out(0x240, 0x0B)
        #expect(slot.card.synthesizer.levels.left == 0)
        slot.out(0x240, 0x09)
        #expect(slot.card.synthesizer.levels.left > 1_000)
    }

    @Test("a restored card drives what the saved one drove")
    func state() {
        let slot = Slot()
        slot.startTimer()
        slot.out(0x240, 0x29)
        slot.run(until: .microseconds(200))
        let other = Slot(isSetUp: false)
        for (chunk, copy) in zip(slot.card.chunks, other.card.chunks) {
            #expect(restore(copy, from: savedState(chunk)) == nil)
        }
        other.now = slot.now
        other.set(0x45, 0)
        #expect(other.asserted.isEmpty)
        other.out(0x341, 1)
        other.run(until: .milliseconds(1))
        #expect(other.read(0x340) == 0x03)
        let state = slot.card.chunks.map { savedState($0) }
        slot.set(0x45, 0)
        for (chunk, bytes) in zip(slot.card.chunks, state) { #expect(restore(chunk, from: bytes) == nil) }
        #expect(slot.read(0x246) == 0x04)
    }

    @Test("random accesses harm nobody", arguments: soundSeeds(4))
    func random(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let slot = Slot()
        for _ in 0..<4_000 {
            let port =
                UInt16.random(in: 0...15, using: &random) | [0x240, 0x340][Int.random(in: 0...1, using: &random)]
            let value = UInt16.random(in: 0...65_535, using: &random)
            switch Int.random(in: 0...4, using: &random) {
            case 0: _ = slot.read(port)
            case 1: _ = slot.ports.read16(port, at: slot.now)
            case 2: slot.ports.write16(port, value, at: slot.now)
            case 3: slot.out(UInt16.random(in: 0...0xDF, using: &random), UInt8(value & 0xFF))
            default: slot.out(port, UInt8(value & 0xFF))
            }
            slot.run(until: slot.now + Tick(Int64.random(in: 0...500_000, using: &random)))
        }
        for chunk in slot.card.chunks { #expect(restore(chunk, from: savedState(chunk)) == nil) }
    }
}
