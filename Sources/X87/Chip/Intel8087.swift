import Core
import X86

/// Intel 8087 and 80287: the numeric coprocessors of the 8086 and of the 80286.
///
/// - In a PC: beside the processor. 8087: its INT output is the PC's NMI. 80287: its ERROR output goes to a latch that
///   holds the processor's BUSY input and requests IRQ 13.
/// - Clock: the processor's (8087); two thirds of an AT's processor clock (80287).
/// - Lines: `error` (INT, or ERROR). As a listener: line 0 holds BUSY, line 1 is RESET.
/// - Arithmetic is our own, on integers, so that every host gives the same bits.
/// - Exact: add, subtract, multiply, divide, square root, remainder, conversions, comparisons. The transcendental
///   functions are within 0.5001 units of the last place, which is better than the chips are.
/// - Differences of the two: interrupt mask with FENI and FDISI (8087), FSETPM and FSTSW AX (80287), whether the
///   instruction pointer counts prefixes (80287), the control word after FINIT.
/// - Not implemented: what the chips do with opcodes that the manuals do not name, beyond the aliases below; they do
///   nothing here. An instruction works when it begins, and only BUSY and the error line know its duration; the 8087's
///   behaviour when a program does not wait for it is therefore better than that of the chip.
/// - Source: [80287PRM] (80287 part); [8087].
public final class Intel8087: Coprocessor, LineListener, EventClient, StateChunk {
    public enum Model: UInt8, Sendable { case i8087, i80287 }

    public let model: Model
    /// Ticks of one clock of the coprocessor.
    public let clockPeriod: Tick
    public let error: Line
    public var takesTime = true
    private let slot: EventSlot
    var state: State

    /// Lines that the chip listens to.
    public enum Input {
        public static let busyHold = 0
        public static let reset = 1
    }

    /// - Parameter slot: the end of an instruction that has met an error.
    public init(model: Model, clockPeriod: Tick, error: Line, slot: EventSlot) {
        self.model = model
        self.clockPeriod = clockPeriod
        self.error = error
        self.slot = slot
        state = State()
        state.initialize(model)
        slot.connect(self)
    }

    var is8087: Bool { model == .i8087 }

    // MARK: BUSY and the error line

    public func busyEnd(at now: Tick) -> Tick {
        // An 8087 stays busy as long as an error waits for its handler, and an 80287 is held by the board from the
        // moment at which the error shows.
        if state.isBusyHeld || slot.isArmed || is8087 && state.hasError { return .never }
        return state.busyEnd
    }

    private var showsError: Bool { state.hasError && !(is8087 && state.control.isInterruptMasked) }

    /// Brings the error line up to date; an error shows when the instruction is complete.
    func updateError(at now: Tick) {
        guard showsError else {
            slot.disarm()
            return error.set(false, at: now)
        }
        if state.busyEnd <= now {
            slot.disarm()
            error.set(true, at: now)
        } else if !error.isAsserted {
            slot.arm(at: state.busyEnd)
        }
    }

    public func eventDue(_ slot: EventSlot, at now: Tick) { error.set(showsError, at: now) }

    public func lineDidChange(_ line: Int, isAsserted: Bool, at now: Tick) {
        switch line {
        case Input.busyHold: state.isBusyHeld = isAsserted
        default:
            guard isAsserted else { return }
            let isHeld = state.isBusyHeld
            state = State()
            state.initialize(model)
            state.isBusyHeld = isHeld
            updateError(at: now)
        }
    }

    // MARK: State

    public var chunkID: ChunkID { ChunkID("NPX ") }
    public var chunkVersion: UInt16 { 1 }
    public func transfer(_ coder: StateCoder) { state.transfer(coder) }
    public func stateDidRestore() { error.restore(showsError && !slot.isArmed) }

    // MARK: Instructions

    public func execute(
        _ instruction: CoprocessorInstruction, operand: inout CoprocessorOperand, at now: Tick
    ) -> CoprocessorResult {
        let code = instruction.code & 0x7FF
        let isMemory = code & 0xC0 != 0xC0
        var result = CoprocessorResult()
        if let control = ControlInstruction(code) {
            result = execute(control, &operand, at: now)
        } else {
            state.note(instruction, code: code, isMemory: isMemory, countsPrefixes: !is8087)
            if isMemory {
                result.storesOperand = executeMemory(code, &operand)
            } else {
                executeRegister(code)
            }
        }
        state.updateSummary()
        occupy(code, at: now)
        updateError(at: now)
        return result
    }

    /// Makes the chip busy for the time of an instruction. Those that only manage it are done at once, as far as BUSY
    /// tells, and the 8087's initialisation breaks off what is being done.
    private func occupy(_ code: UInt16, at now: Tick) {
        switch ControlInstruction(code) {
        case nil, .loadEnvironment, .storeEnvironment, .restore, .save:
            let begin = max(now, state.busyEnd)
            state.busyEnd = takesTime ? begin + clockPeriod * Int64(NumericClocks.clocks(of: code)) : now
        case .initialize: state.busyEnd = now
        default: break
        }
    }

    /// Instructions that do not wait: an 80286 passes them on while the coprocessor is busy.
    public func waits(_ code: UInt16) -> Bool {
        switch ControlInstruction(code & 0x7FF) {
        case nil, .loadControl, .loadEnvironment, .restore: true
        default: false
        }
    }

    public func transfer(of code: UInt16) -> CoprocessorTransfer { Intel8087.transfer(of: code) }

    static func transfer(of code: UInt16) -> CoprocessorTransfer {
        guard code & 0xC0 != 0xC0 else { return .none }
        let field = Int(code >> 3 & 7)
        switch code >> 8 & 7 {
        case 0, 2: return .read(4)
        case 4: return .read(8)
        case 6: return .read(2)
        case 1: return [.read(4), .none, .write(4), .write(4), .read(14), .read(2), .write(14), .write(2)][field]
        case 3: return [.read(4), .none, .write(4), .write(4), .none, .read(10), .none, .write(10)][field]
        case 5: return [.read(8), .none, .write(8), .write(8), .read(94), .none, .write(94), .write(2)][field]
        default: return [.read(2), .none, .write(2), .write(2), .read(10), .read(8), .write(10), .write(8)][field]
        }
    }
}
