import Core
import TestSupport

@testable import Chips

/// A GF1 on a bench: what it reads and writes by DMA, its interrupts, and a clock that the test moves.
final class GF1Bench: GravisGF1Bus {
    /// Port 3X2h and on.
    enum Port {
        static let voice: UInt16 = 0, register: UInt16 = 1, low: UInt16 = 2, high: UInt16 = 3, memory: UInt16 = 5
    }

    let scheduler = Scheduler()
    let chip: GravisGF1
    let recorder = LineRecorder()
    private(set) var now = Tick.zero
    /// What DMA gives, in turn, and what it got.
    var given: [UInt16] = []
    private(set) var taken: [UInt16] = []
    /// Transfers until the terminal count; 0: the channel is off.
    var transfers = 0 { didSet { if oldValue == 0 && transfers > 0 { chip.channelsDidChange(at: now) } } }
    /// Of both paths.
    var isWideChannel = false
    private(set) var requestChanges = 0

    /// - Parameter isRunning: out of the reset, with the converter and the interrupts on.
    init(kilobytes: Int = 1_024, isRunning: Bool = true) {
        let line = Line()
        chip = GravisGF1(kilobytes: kilobytes, interrupt: line, slot: scheduler.makeSlot("gf1"))
        chip.bus = self
        chip.levels.isHeard = true
        line.connect(to: recorder, as: 0)
        guard isRunning else { return }
        for value: UInt8 in [1, 7] { set(0x4C, value) }
    }

    // MARK: The bus

    func transfersLeft(_ path: GravisGF1.DMAPath) -> Int { transfers }

    func readDMA(_ path: GravisGF1.DMAPath, into values: UnsafeMutableBufferPointer<UInt16>) -> Bool {
        for index in values.indices { values[index] = index < given.count ? given[index] : 0 }
        given.removeFirst(min(values.count, given.count))
        transfers -= values.count
        return transfers == 0
    }

    func writeDMA(_ path: GravisGF1.DMAPath, from values: UnsafeBufferPointer<UInt16>) -> Bool {
        taken += values
        transfers -= values.count
        return transfers == 0
    }

    func isWide(_ path: GravisGF1.DMAPath) -> Bool { isWideChannel }

    func requestsDidChange(at now: Tick) { requestChanges += 1 }

    // MARK: Registers

    /// Eight bits, as programs write them.
    func set(_ register: UInt8, _ value: UInt8, voice: Int? = nil) {
        select(register, voice)
        chip.write(Port.high, value, at: now)
    }

    /// Sixteen bits at once.
    func setWord(_ register: UInt8, _ value: UInt16, voice: Int? = nil) {
        select(register, voice)
        chip.writeData16(value, at: now)
    }

    func get(_ register: UInt8, voice: Int? = nil) -> UInt8 {
        select(register, voice)
        return chip.read(Port.high, at: now)
    }

    func getWord(_ register: UInt8, voice: Int? = nil) -> UInt16 {
        select(register, voice)
        return chip.readData16(at: now)
    }

    private func select(_ register: UInt8, _ voice: Int?) {
        if let voice { chip.write(Port.voice, UInt8(voice), at: now) }
        chip.write(Port.register, register, at: now)
    }

    func poke(_ address: Int, _ bytes: [UInt8]) {
        for (offset, byte) in bytes.enumerated() {
            place(address + offset)
            chip.write(Port.memory, byte, at: now)
        }
    }

    func peek(_ address: Int, _ count: Int = 1) -> [UInt8] {
        (0..<count).map {
            place(address + $0)
            return chip.read(Port.memory, at: now)
        }
    }

    private func place(_ address: Int) {
        setWord(0x43, UInt16(truncatingIfNeeded: address))
        set(0x44, UInt8(address >> 16))
    }

    /// One of the pairs of address registers: `high` and the next. In samples.
    func setAddress(_ high: UInt8, _ samples: Double, voice: Int) {
        let value = UInt32(samples * 512)
        setWord(high, UInt16(value >> 16), voice: voice)
        setWord(high + 1, UInt16(truncatingIfNeeded: value), voice: voice)
    }

    /// The position of a voice, in samples.
    func position(_ voice: Int) -> Double {
        Double(UInt32(getWord(0x8A, voice: voice)) << 16 | UInt32(getWord(0x8B, voice: voice))) / 512
    }

    /// Sets up a voice and starts it with `control`: at its loudest, on the left alone.
    func play(
        voice: Int = 0, begin: Double, start: Double, end: Double, step: Double, control: UInt8,
        volume: UInt16 = 0xFFF0, pan: UInt8 = 0
    ) {
        set(0x00, 3, voice: voice)
        setAddress(0x02, start, voice: voice)
        setAddress(0x04, end, voice: voice)
        setAddress(0x0A, begin, voice: voice)
        setWord(0x01, UInt16(step * 512) << 1, voice: voice)
        setWord(0x09, volume, voice: voice)
        set(0x0C, pan, voice: voice)
        set(0x00, control, voice: voice)
    }

    // MARK: Time

    func run(until end: Tick) {
        scheduler.deliver(through: end)
        now = max(now, end)
    }

    /// Runs until `count` more frames are over.
    func runFrames(_ count: Int, voices: Int = 14) {
        chip.advance(to: now)
        let due = chip.state.due + Int64(count - 1) * Int64(voices)
        run(until: GravisGF1.slots.time(ofCycle: due))
        chip.catchUpSound(to: now)
    }

    /// What the left side holds after each of `count` frames.
    func frames(_ count: Int) -> [Int] {
        (0..<count).map { _ in
            runFrames(1)
            return Int(chip.levels.left)
        }
    }

    /// All changes of the level so far.
    func drain() -> [LevelChange] {
        chip.catchUpSound(to: now)
        var changes: [LevelChange] = []
        while let change = chip.levels.take(before: .never) { changes.append(change) }
        return changes
    }
}

/// What the loudest voice makes of a sample of 16 bits: a mantissa of 511/512, rounded.
func loudest(_ sample: Int) -> Int { Int((Double(sample) * 511 / 512).rounded(.toNearestOrAwayFromZero)) }
