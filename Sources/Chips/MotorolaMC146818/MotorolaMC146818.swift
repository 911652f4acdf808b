import Core

/// Motorola MC146818 real-time clock with 64 bytes of battery-backed CMOS memory.
///
/// - In a PC: AT, ports 70h (index, and the NMI mask in bit 7) and 71h (data).
/// - Clock: 32,768 Hz. Seconds end at whole seconds after the divider's start, so time never drifts from the ticks.
/// - Lines: `interrupt` (IRQ 8), `nmiMask` (asserted: NMI is off).
/// - Source: Motorola MC146818 data sheet (ADI-856); IBM PC/AT Technical Reference, "Real-time clock/CMOS RAM".
/// - Assumption: bytes of the time read during the update have their old values until its end. Divider settings for
///   other crystals stop the clock, which would crawl.
/// - Not implemented: daylight saving (the DSE bit is kept), the square wave output (SQWE is kept), power failure.
public final class MotorolaMC146818: PortDevice, EventClient, StateChunk {
    public let interrupt: Line
    public let nmiMask: Line
    private let slot: EventSlot
    var state = State()

    private static let second = Tick.seconds(1)

    /// - Parameters:
    ///   - date: what the battery-backed clock says at tick 0.
    ///   - slot: the next moment at which the clock may interrupt.
    public init(date: ClockDate, interrupt: Line, nmiMask: Line, slot: EventSlot) {
        self.interrupt = interrupt
        self.nmiMask = nmiMask
        self.slot = slot
        slot.connect(self)
        state.setTime(date)
        arm()
    }

    // MARK: Memory for the machine's set-up

    /// Stores a byte of the CMOS memory (0Eh-3Fh) without the processor.
    public func store(_ value: UInt8, at index: Int) {
        guard (0x0E..<0x40).contains(index) else { return }
        state.cells[index] = value
    }

    public func stored(at index: Int) -> UInt8 { (0..<0x40).contains(index) ? state.cells[index] : 0xFF }

    /// Puts the sum of bytes 10h-2Dh into 2Eh (high) and 2Fh (low), where IBM's power-on test looks for it.
    public func updateChecksum() {
        let sum = state.cells[0x10...0x2D].reduce(UInt16(0)) { $0 &+ UInt16($1) }
        state.cells[0x2E] = UInt8(sum >> 8)
        state.cells[0x2F] = UInt8(truncatingIfNeeded: sum)
    }

    // MARK: Time

    /// Brings the clock to `now`. One step or many give the same.
    public func advance(to now: Tick) {
        state.advance(to: now)
        updateLine(at: now)
    }

    private func updateLine(at now: Tick) { interrupt.set(state.isInterrupting, at: now) }

    /// Arms the slot for the next moment at which the interrupt line may rise.
    private func arm() {
        guard state.isRunning else { return slot.disarm() }
        var deadline = state.origin + MotorolaMC146818.second * (state.secondsDone &+ State.longestSleep)
        if !state.isInterrupting {
            let watchesSeconds = !state.registerB.isDisjoint(with: [.updateInterrupt, .alarmInterrupt])
            if watchesSeconds && !state.registerB.contains(.set) {
                deadline = state.origin + MotorolaMC146818.second * (state.secondsDone &+ 1)
            }
            if state.registerB.contains(.periodicInterrupt), let shift = state.periodicShift {
                let cycle = (state.periodsDone &+ 1) << shift
                deadline = min(deadline, state.origin + State.crystal.time(ofCycle: cycle))
            }
        }
        if slot.deadline != deadline { slot.arm(at: deadline) }
    }

    public func eventDue(_ slot: EventSlot, at now: Tick) {
        advance(to: now)
        arm()
    }

    /// The RESET pin: interrupts are off and forgotten; time and memory stay.
    public func reset(at now: Tick) {
        advance(to: now)
        state.registerB.subtract([.periodicInterrupt, .alarmInterrupt, .updateInterrupt, .squareWave])
        state.registerC = []
        updateLine(at: now)
        arm()
    }

    // MARK: Ports

    public func readPort(_ port: UInt16, at now: Tick) -> UInt8 {
        guard port & 1 != 0 else { return 0xFF }
        advance(to: now)
        let value = state.cell(at: now)
        if state.index == 0x0C {
            state.registerC = []
            updateLine(at: now)
        }
        arm()
        return value
    }

    public func peekPort(_ port: UInt16, at now: Tick) -> UInt8 {
        guard port & 1 != 0 else { return 0xFF }
        var state = state
        state.advance(to: now)
        return state.cell(at: now)
    }

    public func writePort(_ port: UInt16, _ value: UInt8, at now: Tick) {
        if port & 1 == 0 {
            state.index = value & 0x3F
            state.isNMIMasked = value & 0x80 != 0
            nmiMask.set(state.isNMIMasked, at: now)
            return
        }
        advance(to: now)
        switch state.index {
        case 0x0A: writeRegisterA(value & 0x7F, at: now)
        case 0x0B:
            state.registerB = RegisterB(rawValue: value)
            if state.registerB.contains(.set) { state.registerB.remove(.updateInterrupt) }
        case 0x0C, 0x0D: break
        default: state.cells[Int(state.index & 0x3F)] = value
        }
        updateLine(at: now)
        arm()
    }

    private func writeRegisterA(_ value: UInt8, at now: Tick) {
        let wasRunning = state.isRunning
        state.registerA = value
        if state.isRunning && !wasRunning {
            // The first second after the divider is let go ends after half a second.
            state.origin = now - Tick(Tick.perSecond / 2)
            state.secondsDone = 0
        }
        state.periodsDone = state.periods(in: max(.zero, now - state.origin))
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("CMOS") }
    public var chunkVersion: UInt16 { 1 }

    public func transfer(_ coder: StateCoder) { state.transfer(coder) }

    public func stateDidRestore() {
        interrupt.restore(state.isInterrupting)
        nmiMask.restore(state.isNMIMasked)
    }
}
