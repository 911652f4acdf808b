import Chips
import Core
import TestSupport

/// A DSP on a bench: memory that it reads and writes by DMA, its interrupts, and a clock that the test moves.
final class DSPBench: CreativeDSPBus, MIDIOutput {
    struct Access: Equatable {
        var value: UInt16
        var time: Tick
    }

    let scheduler = Scheduler()
    let dsp: CreativeDSP
    let narrow = Line()
    let wide = Line()
    let recorder = LineRecorder()
    private(set) var now = Tick.zero
    /// What DMA gives, byte by byte or word by word, over and over.
    var memory: [UInt16] = (0..<256).map { UInt16($0) }
    var position = 0
    var isChannelEnabled = true
    /// Channels that are given to the chip only for a number of accesses.
    var budget = Int.max
    private(set) var reads: [Access] = []
    private(set) var writes: [Access] = []
    private(set) var midi: [Access] = []
    private(set) var isRequested = false

    init(_ version: CreativeDSP.Version) {
        dsp = CreativeDSP(
            version: version, interrupt8: narrow, interrupt16: wide, slot: scheduler.makeSlot("dsp"))
        dsp.bus = self
        dsp.midiOutput = self
        dsp.levels.isHeard = true
        narrow.connect(to: recorder, as: 8)
        wide.connect(to: recorder, as: 16)
    }

    // MARK: The bus

    private func isAnswered() -> Bool {
        guard isChannelEnabled, budget > 0 else { return false }
        budget -= 1
        return true
    }

    func readDMA(isWide: Bool) -> UInt16? {
        guard isAnswered() else { return nil }
        let value = memory[position % memory.count]
        position += 1
        reads.append(Access(value: value, time: clock))
        return value
    }

    func writeDMA(_ value: UInt16, isWide: Bool) -> Bool {
        guard isAnswered() else { return false }
        writes.append(Access(value: value, time: clock))
        return true
    }

    func setDMARequest(_ isAsserted: Bool, isWide: Bool, at now: Tick) { isRequested = isAsserted }
    func sendMIDI(_ byte: UInt8, at now: Tick) { midi.append(Access(value: UInt16(byte), time: now)) }

    /// The deadline that is being delivered.
    private var clock = Tick.zero

    // MARK: The program

    /// Lets time pass, event by event.
    func run(to time: Tick) {
        while scheduler.nextDeadline <= time {
            clock = scheduler.nextDeadline
            scheduler.deliver(through: clock)
        }
        now = time
        clock = time
    }

    func run(_ duration: Tick) { run(to: now + duration) }

    func read(_ offset: UInt16) -> UInt8 { dsp.read(offset, at: now) }
    func write(_ offset: UInt16, _ value: UInt8) { dsp.write(offset, value, at: now) }

    /// Commands as programs send them: waits for the busy bit. Does nothing else while time passes.
    func send(_ bytes: UInt8...) {
        for byte in bytes {
            for _ in 0..<100_000 {
                if read(0xC) & 0x80 == 0 { break }
                run(.microseconds(1))
            }
            write(0xC, byte)
        }
    }

    /// The next byte from the chip, nil if none comes within a millisecond.
    func receive() -> UInt8? {
        for _ in 0..<1_000 {
            if read(0xE) & 0x80 != 0 { return read(0xA) }
            run(.microseconds(1))
        }
        return nil
    }

    @discardableResult func reset() -> UInt8? {
        write(6, 1)
        run(.microseconds(3))
        write(6, 0)
        return receive()
    }

    /// Times at which the line rose since `start`.
    func interrupts(_ line: Int = 8) -> [Tick] {
        recorder.changes.filter { $0.isAsserted && $0.line == line }.map(\.time)
    }

    func state() -> [UInt8] { savedState(dsp) + savedState(scheduler) }

    /// A bench with the same state and memory.
    func copy() -> DSPBench? {
        let other = DSPBench(dsp.version)
        other.now = now
        other.clock = clock
        (other.memory, other.position) = (memory, position)
        (other.isChannelEnabled, other.budget) = (isChannelEnabled, budget)
        guard restore(other.scheduler, from: savedState(scheduler)) == nil,
            restore(other.dsp, from: savedState(dsp)) == nil
        else { return nil }
        other.dsp.levels.isHeard = true
        return other
    }
}
