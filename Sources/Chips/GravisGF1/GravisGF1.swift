import Core

/// Advanced Gravis and Forte's GF1: a synthesizer of 14 to 32 voices that play samples out of memory of its own.
///
/// - In a PC: the Gravis UltraSound.
/// - Clock: 9.8784 MHz. A voice takes 16 clocks of it, so that 14 voices give 44,100 frames a second, 32 give 19,293.
/// - Ports, as `readPort` numbers them: 0 voice, 1 register, 2 and 3 data, 5 the byte of memory at registers 43h and 44h.
///   The AdLib's timer ports have functions of their own.
/// - Lines: `interrupt` is asserted while anything that may interrupt is pending and bit 2 of register 4Ch is set.
/// - Sound: the sum of all voices, steps of 16 bits at the end of each frame. What does not fit is cut off.
/// - Source: [GUSSDK] chapters 1.4, 2 and 3.11; [GUSNOTES] for reads of 3X4h, 4Ch, 8Eh and 2X8h, positions that wrap below 0,
///   voices that interrupt again after they have stopped, a register that says 16 bits of a channel of 8, a terminal count
///   that clears the bit by which the transfer began; [GUSLINUX] for recording; [GF1VOL] for the mantissa of volumes;
///   [GUSPAN] for the 16 positions.
/// - Assumption: all voices move at the end of a frame. The sum is not rounded before its end, a volume below 100h is
///   silence, a ramp of rate n steps when the number of frames is a multiple of 8^n. Pan is of constant power, as the
///   InterWave has it, which took the GF1's place. A transfer that is told to start while it is on goes on; a write to
///   register 42h moves it. Recordings from a card would disprove it.
/// - Not implemented: input for recording (it is silent), the emulation of an AdLib and a Sound Blaster by NMI, register
///   10h, the delay after which the chip overwrites what was written in the midst of its work.
public final class GravisGF1: StepSource, EventClient, StateChunk {
    /// 16 clocks: what a voice takes.
    static let slots = ClockRatio(hertz: 9_878_400, over: 16)
    /// The same, rounded.
    static let slotTime = Tick(4_082)
    static let timerUnits = (first: Tick.microseconds(80), second: Tick.microseconds(320))

    public let soundName = "gus"
    public let levels = LevelTrace()
    /// All of the chip's interrupts but those of the MIDI port, which is beside it.
    public let interrupt: Line
    public weak var bus: (any GravisGF1Bus)?
    let memory: Memory
    let slot: EventSlot
    let mix: UnsafeMutablePointer<Int32>
    /// What is on its way by DMA.
    let block: UnsafeMutableBufferPointer<UInt16>
    var state = State()

    /// - Parameter kilobytes: memory: 256, 512, 768 or 1,024.
    public init(kilobytes: Int = 1_024, interrupt: Line, slot: EventSlot) {
        memory = Memory(kilobytes: kilobytes)
        mix = .allocate(capacity: 2 * GravisGF1.mixFrames)
        mix.initialize(repeating: 0, count: 2 * GravisGF1.mixFrames)
        block = .allocate(capacity: Transfer.block)
        block.initialize(repeating: 0)
        self.interrupt = interrupt
        self.slot = slot
        slot.connect(self)
    }

    deinit {
        mix.deallocate()
        block.deallocate()
    }

    /// Voices that are served in a second.
    static let slotsPerSecond: Int64 = 617_400
    /// Frames a second, by the number of voices.
    public var framesPerSecond: Double { Double(GravisGF1.slotsPerSecond) / Double(state.voiceCount) }

    // MARK: Time

    /// Brings voices, timers and transfers to `now`. One step or many give the same.
    public func advance(to now: Tick) {
        while true {
            let due = min(state.memoryTransfer.due, state.recording.due)
            guard due <= now else { break }
            makeFrames(until: due)
            if state.memoryTransfer.due == due { transferBlock(.memory, at: due) }
            if state.recording.due == due { transferBlock(.recording, at: due) }
        }
        makeFrames(until: now)
        state.timers.first.advance(to: now, unit: GravisGF1.timerUnits.first)
        state.timers.second.advance(to: now, unit: GravisGF1.timerUnits.second)
    }

    public func catchUpSound(to now: Tick) {
        advance(to: now)
        settle(at: now)
    }

    public func eventDue(_ slot: EventSlot, at now: Tick) { catchUpSound(to: now) }

    /// Whether all is done that is due before `now`, nothing is due at a time that it cannot be due at, and the slot is armed
    /// for what comes next, as it is in a chip that was saved at `now`.
    public func isCaughtUp(at now: Tick) -> Bool {
        func isNear(_ due: Tick) -> Bool { due == .never || (due > now && due < now + .seconds(1)) }
        guard slot.deadline == nextEvent(after: now) else { return false }
        guard state.isRunning else { return true }
        return abs(GravisGF1.slots.cycles(at: max(now, .zero)) &- state.due) < 2 * GravisGF1.slotsPerSecond
            && isNear(state.memoryTransfer.due) && isNear(state.recording.due)
            && isNear(state.timers.first.due) && isNear(state.timers.second.due)
            && !misses(.memory) && !misses(.recording)
    }

    /// Sets the interrupt line, and the slot for what comes next.
    func settle(at now: Tick) {
        interrupt.set(isInterrupting, at: now)
        let next = nextEvent(after: now)
        if next == .never { slot.disarm() } else if slot.deadline != next { slot.arm(at: next) }
    }

    private func nextEvent(after now: Tick) -> Tick {
        guard state.isRunning else { return .never }
        var next = min(state.memoryTransfer.due, state.recording.due)
        // At each whole second, unheard too: so that nobody has to make up for hours.
        if isChanging { next = min(next, Tick((max(now, .zero).count / Tick.perSecond &+ 1) &* Tick.perSecond)) }
        if state.control.contains(.interrupts) {
            next = min(next, state.timers.first.nextInterrupt, state.timers.second.nextInterrupt)
            if let frames = framesToInterrupt {
                // A century is never.
                let slots = state.due &+ Int64(min(frames, 1 << 40) - 1) &* Int64(state.voiceCount)
                next = min(next, GravisGF1.slots.time(ofCycle: slots))
            }
        }
        return next
    }

    private var framesToInterrupt: Int? {
        var result = Int.max
        for index in 0..<state.voiceCount {
            if let frames = state.voices[index].wave.framesToInterrupt { result = min(result, frames) }
            if let frames = state.voices[index].ramp.framesToInterrupt(at: state.frame) { result = min(result, frames) }
        }
        return result == .max ? nil : result
    }

    // MARK: Interrupts

    var isInterrupting: Bool { state.control.contains(.interrupts) && pendingInterrupts != 0 }

    /// The interrupt status but for its bits 0 and 1, which are the MIDI port's: timers, voices, ramps, terminal count.
    private var pendingInterrupts: UInt8 {
        var bits: UInt8 = 0
        if state.timers.first.isPending { bits |= 0b0000_0100 }
        if state.timers.second.isPending { bits |= 0b0000_1000 }
        for index in 0..<32 {
            if state.voices[index].wave.isPending { bits |= 0b0010_0000 }
            if state.voices[index].ramp.isPending { bits |= 0b0100_0000 }
        }
        if state.memoryTransfer.isInterrupting || state.recording.isInterrupting { bits |= 0b1000_0000 }
        return bits
    }

    /// Port 2X6h, at `now`.
    public func interruptStatus(at now: Tick) -> UInt8 {
        advance(to: now)
        return pendingInterrupts
    }

    /// The board's switch between the sum and its output.
    public func setLineOut(_ isOn: Bool, at now: Tick) {
        catchUpSound(to: now)
        state.isLineOut = isOn
        showLevel(at: now)
    }
}
