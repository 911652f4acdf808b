import Core

/// A chip whose outputs can be asked for their level at any time, besides driving lines.
public protocol LevelSource: AnyObject {
    /// The level of output `index` at `now`.
    func level(ofOutput index: Int, at now: Tick) -> Bool
}

/// Hears a counter's output late, but with the exact time of every edge: for sound.
public protocol WaveListener: AnyObject {
    /// From `now` on the output is high for `high` of every `period` clocks: 0 of 1 is low, 1 of 1 is high. Other values
    /// stand for a wave that nobody can hear. Reports come in the order of time; equal ones may follow each other.
    func waveDidChange(high: Int32, of period: Int32, at now: Tick)
}

/// Intel 8253 and 8254 programmable interval timers: three 16-bit down counters.
///
/// - In a PC: ports 40h-43h. Counter 0 drives IRQ 0, counter 1 the memory refresh, counter 2 the speaker.
/// - Clock: 1.193182 MHz (`ClockPeriod.timer`) on all three counters; counts change at whole multiples of its period.
/// - Ports: counters 0-2, control word, by address bits 1-0.
/// - Lines: the gates are lines 0-2 of this listener; `outputs` are OUT 0-2. An output moves at its
///   exact time only if its counter was given a slot; the others are right whenever they are asked for
///   (`level(ofOutput:at:)`) and after each access.
/// - Source: Intel 8254 data sheet (231164), Intel 8253 data sheet (231306): "Mode definitions".
/// - Assumption: a counter that was never loaded stands still; counts of 1 in modes 2 and 3, which are not allowed,
///   leave OUT low (mode 2) or give two clocks a period (mode 3); digits A-F in BCD counts count as their value.
public final class Intel8254: PortDevice, LineListener, EventClient, LevelSource, StateChunk {
    public enum Variant: Sendable {
        /// Without the read-back command; odd counts of mode 3 step by 1 and 3.
        case i8253
        case i8254
    }

    public let variant: Variant
    /// OUT 0-2.
    public let outputs: [Line]
    private let slots: [EventSlot?]
    private var counters: [Counter]
    private weak var waveListener: (any WaveListener)?
    private var heardOutput: Int?

    /// - Parameters:
    ///   - outputs: three lines.
    ///   - slots: three; one for each counter whose output somebody listens to, nil for the others.
    ///   - gates: the levels at power-on. In a PC the first two are tied high, the third is a bit of port 61h.
    public init(variant: Variant, outputs: [Line], slots: [EventSlot?], gates: [Bool] = [true, true, false]) {
        precondition(outputs.count == 3 && slots.count == 3 && gates.count == 3, "a timer has three counters")
        self.variant = variant
        self.outputs = outputs
        self.slots = slots
        counters = gates.map { Counter(gate: $0) }
        for slot in slots { slot?.connect(self) }
    }

    public func level(ofOutput index: Int, at now: Tick) -> Bool {
        guard counters.indices.contains(index) else { return false }
        return counter(index, at: now).output
    }

    /// Clocks of one period of counter `index` in modes 2 and 3; nil in other modes or while it stands.
    public func period(ofOutput index: Int) -> Int64? {
        guard counters.indices.contains(index) else { return nil }
        return counters[index].runningPeriod
    }

    /// When output `index` goes from low to high next, as far as the present mode and count say.
    public func nextRise(ofOutput index: Int, after now: Tick) -> Tick? {
        guard counters.indices.contains(index) else { return nil }
        var counter = counter(index, at: now)
        for _ in 0..<3 {
            guard let change = counter.nextChange() else { return nil }
            let wasHigh = counter.output
            counter.leap(to: change)
            if counter.output && !wasHigh { return Intel8254.time(of: change) }
        }
        return nil
    }

    /// How often output `index` has risen in modes 2 and 3 since power-on.
    public func rises(ofOutput index: Int, at now: Tick) -> Int64 {
        counters.indices.contains(index) ? counter(index, at: now).rises : 0
    }

    // MARK: Sound

    /// Lets `listener` hear the edges of output `index`, which needs no slot for it: they are told whenever the counter is
    /// brought to a later time, by an access, by its gate or by `catchUp(output:to:)`.
    public func connectWave(ofOutput index: Int, to listener: any WaveListener) {
        (heardOutput, waveListener) = (index, listener)
    }

    /// Brings counter `index` to `now`, telling who listens to its wave.
    public func catchUp(output index: Int, to now: Tick) {
        guard counters.indices.contains(index) else { return }
        advance(index, to: now)
        settle(index, at: now)
    }

    /// Tells every edge up to clock `target`, except those of an ultrasonic wave, whose mean was told when it began.
    private func followWave(_ index: Int, to target: Int64, _ listener: any WaveListener) {
        counters[index].skipRepetitions(to: target)
        while counters[index].cycle < target, !counters[index].isUltrasonic {
            let counter = counters[index]
            // The clock that loads the count may begin an ultrasonic wave without an edge.
            let next = counter.isLoadPending ? counter.cycle &+ 1 : counter.nextChange()
            guard let next, next <= target else { break }
            counters[index].leap(to: next)
            tellWave(index, listener, at: Intel8254.time(of: next))
        }
    }

    private func tellWave(_ index: Int, _ listener: any WaveListener, at now: Tick) {
        let (high, period) = counters[index].mean
        listener.waveDidChange(high: high, of: period, at: now)
    }

    // MARK: Time

    /// Brings all counters to `now`. One step or many give the same.
    public func advance(to now: Tick) {
        for index in counters.indices {
            advance(index, to: now)
            settle(index, at: now)
        }
    }

    public func eventDue(_ slot: EventSlot, at now: Tick) {
        guard let index = slots.firstIndex(where: { $0 === slot }) else { return }
        advance(index, to: now)
        settle(index, at: now)
    }

    private static func cycle(at now: Tick) -> Int64 { now.count / ClockPeriod.timer.count }
    private static func time(of cycle: Int64) -> Tick { ClockPeriod.timer * cycle }

    /// A copy of a counter as it is at `now`.
    private func counter(_ index: Int, at now: Tick) -> Counter {
        var counter = counters[index]
        counter.leap(to: Intel8254.cycle(at: now))
        return counter
    }

    private func advance(_ index: Int, to now: Tick) {
        let target = Intel8254.cycle(at: now)
        if index == heardOutput, let waveListener { followWave(index, to: target, waveListener) }
        // An armed counter never falls so far behind, unless a state lies.
        if slots[index] != nil && target &- counters[index].cycle < 1 << 22 {
            // Whoever listens hears every edge, at its own time.
            while let change = counters[index].nextChange(), change <= target {
                counters[index].leap(to: change)
                outputs[index].set(counters[index].output, at: Intel8254.time(of: change))
            }
        }
        counters[index].leap(to: target)
    }

    /// Puts the output on its line and arms the slot for the next edge.
    private func settle(_ index: Int, at now: Tick) {
        outputs[index].set(counters[index].output, at: now)
        if index == heardOutput, let waveListener { tellWave(index, waveListener, at: now) }
        guard let slot = slots[index] else { return }
        guard let change = counters[index].nextChange() else { return slot.disarm() }
        let time = Intel8254.time(of: change)
        if slot.deadline != time { slot.arm(at: time) }
    }

    private func change(_ index: Int, at now: Tick, _ body: (inout Counter) -> Void) {
        advance(index, to: now)
        body(&counters[index])
        settle(index, at: now)
    }

    // MARK: Gates

    public func lineDidChange(_ line: Int, isAsserted: Bool, at now: Tick) {
        guard counters.indices.contains(line) else { return }
        change(line, at: now) { $0.setGate(isAsserted) }
    }

    // MARK: Ports

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 {
        let index = Int(port & 3)
        guard index < 3 else { return 0xFF }
        var value: UInt8 = 0
        change(index, at: now) { value = $0.read(variant: variant) }
        return value
    }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        let index = Int(port & 3)
        guard index < 3 else { return 0xFF }
        var counter = counter(index, at: now)
        return counter.read(variant: variant)
    }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        let index = Int(port & 3)
        if index < 3 { return change(index, at: now) { $0.write(value) } }
        let selected = Int(value >> 6)
        if selected == 3 {
            if variant == .i8254 { readBack(value, at: now) }
        } else if value & 0b0011_0000 == 0 {
            change(selected, at: now) { $0.latchCount(variant: variant) }
        } else {
            change(selected, at: now) { $0.control(value, variant: variant) }
        }
    }

    /// The 8254's read-back command: bit 5 clear latches counts, bit 4 clear latches status, bits 3-1 choose counters.
    private func readBack(_ command: UInt8, at now: Tick) {
        for index in 0..<3 where command & UInt8(0b10) << UInt8(index) != 0 {
            change(index, at: now) {
                if command & 0b0010_0000 == 0 { $0.latchCount(variant: variant) }
                if command & 0b0001_0000 == 0 { $0.latchStatus() }
            }
        }
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("PIT ") }
    public var chunkVersion: UInt16 { 2 }

    public func transfer(_ coder: StateCoder) {
        for index in counters.indices { coder.field("counter \(index)", &counters[index]) }
    }

    public func stateDidRestore() {
        for index in counters.indices { outputs[index].restore(counters[index].output) }
    }
}
