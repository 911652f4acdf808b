import Core

/// Disney Sound Source: a FIFO of 16 bytes on a parallel port, which a clock of its own plays at 7 kHz.
///
/// - Lines: select (pin 17; control bit 3, inverted) is its power, and its rising edge takes the data byte: programs
///   write 0Ch and 04h to the control register. ACK (status bit 6) is high while the FIFO is full.
/// - Sound: a byte of 0 to 255 as a level of 0 to 32,640 at each clock of 7 kHz; an empty FIFO leaves the last level.
/// - Detection: programs send bytes until bit 6 of the status is set, and wait for it to clear.
/// - Source: [DSS]: power, strobe, FIFO, full line.
/// - Assumption: the clock is exactly 7,000 Hz and runs through from power-on; without power the level is 0 and the FIFO
///   empty once a clock has passed. Recordings would disprove it.
/// - Not implemented: interrupts by ACK; the filter of its loudspeaker.
public final class DisneySoundSource: ParallelAttachment, StepSource, StateChunk {
    public static let capacity = 16
    private static let clock = ClockRatio(hertz: 7_000)

    public let levels = LevelTrace()
    private var fifo: [UInt8] = []
    private var data: UInt8 = 0
    private var isSelected = true
    /// Clocks that have passed.
    private var cycle: Int64 = 0
    /// Those of them since the power went, 2 at most: a whole clock has passed with the second.
    private var clocksWithoutPower: Int64 = 0

    public init() {}

    public var soundName: String { "disney" }

    public func dataDidChange(to data: UInt8, at now: Tick) { self.data = data }

    public func controlDidChange(to control: UInt8, at now: Tick) {
        catchUpSound(to: now)
        let wasSelected = isSelected
        isSelected = control & 0b1000 != 0
        if !isSelected { clocksWithoutPower = 0 }
        if wasSelected && !isSelected && fifo.count < DisneySoundSource.capacity { fifo.append(data) }
    }

    public func status(at now: Tick) -> UInt8 {
        let passed = max(0, clocks(at: now) &- cycle)
        return Int64(fifo.count) - passed >= Int64(DisneySoundSource.capacity) ? 0b0111_1000 : 0b0011_1000
    }

    private func clocks(at now: Tick) -> Int64 { now.count > 0 ? DisneySoundSource.clock.cycles(at: now) : 0 }

    public func catchUpSound(to now: Tick) {
        let target = clocks(at: now)
        guard target > cycle else { return }
        // A strobe is without power too, for less than a clock: one clock of it plays on.
        let limit = isSelected ? min(target, cycle &+ 1 &- min(clocksWithoutPower, 1)) : target
        let count = Int(min(Int64(fifo.count), limit &- cycle))
        for index in 0..<count { show(fifo[index], at: cycle &+ Int64(index) &+ 1) }
        fifo.removeFirst(count)
        if limit < target {
            fifo.removeAll(keepingCapacity: true)
            show(0, at: limit &+ 1)
        }
        if isSelected { clocksWithoutPower = min(clocksWithoutPower &+ (target &- cycle), 2) }
        cycle = target
    }

    private func show(_ byte: UInt8, at cycle: Int64) {
        let level = Int16(byte) << 7
        levels.set(left: level, right: level, at: DisneySoundSource.clock.time(ofCycle: cycle))
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("DSS ") }
    public var chunkVersion: UInt16 { 2 }

    public func transfer(_ coder: StateCoder) {
        coder.field("fifo", &fifo, limit: DisneySoundSource.capacity)
        coder.field("data", &data)
        coder.field("isSelected", &isSelected)
        coder.field("cycle", &cycle)
        coder.field("clocksWithoutPower", &clocksWithoutPower)
        clocksWithoutPower = min(max(clocksWithoutPower, 0), 2)
        if !(0...1 << 40).contains(cycle) {
            coder.fail("clock out of range")
            cycle = 0
        }
        levels.transfer(coder)
    }

    public func stateDidRestore() {}
}
